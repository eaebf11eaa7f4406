"""The page as printed: lines, hard wraps, lost line breaks, page numbers, tables of contents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.numerals import CN, SPACES, Marker, decimal_markers, glued_markers

_LINE = re.compile(rf"[^\n{SPACES}](?:[^\n]*[^\n{SPACES}])?")
_PAGE_NUMBER = re.compile(
    r"[—–\-－─·\s]{1,6}\d{1,4}[—–\-－─·\s]{1,6}|第\s?\d{1,4}\s?页(?:\s?共\s?\d{1,4}\s?页)?|\d{1,3}"
)
_COMMENT = re.compile(r"<!--.{0,80}-->")
_CONTENTS = re.compile(r"(?:#+\s*)?目[\s\u3000]{0,6}[录次][:：]?")
_LEADER = re.compile(r"[\s\u3000.．…·—\-]{2,}\d{0,4}$|[…·.]{2,}.*$|\d{1,3}$")
_LONG_LINE = 150  # mean characters a line above which line breaks must have been lost
TERMINAL = "。；！？;!?：:"
CLOSED = TERMINAL + '）)〕】］]”"’'
DATE = rf"(?:\d{{4}}|[{CN}]{{4}})\s?年\s?(?:\d{{1,2}}|[{CN}]{{1,3}})\s?月\s?(?:\d{{1,2}}|[{CN}]{{1,3}})\s?日"


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line without its outer white space, as offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What the parser knows about the page.

    Attributes:
        lines: Printed lines that hold something, in order.
        wrapped: Whether a paragraph runs over several printed lines (PDF, OCR).
        width: The usual length of a full line of wrapped text.
        flat: Whether line breaks between clauses were lost.
    """

    lines: tuple[Line, ...]
    wrapped: bool
    width: int
    flat: bool


def split_lines(text: str) -> tuple[Line, ...]:
    """Lines with content; page numbers and comments are left out."""
    found = []
    for match in _LINE.finditer(text):
        printed = match[0]
        if len(printed) < 90 and (_PAGE_NUMBER.fullmatch(printed) or _COMMENT.fullmatch(printed)):
            continue
        found.append(Line(match.start(), match.end()))
    return tuple(found)


def read_layout(text: str, strong: Sequence[Marker], inner: Sequence[Marker]) -> Layout:
    """Classify the page from its lines and from where numerals stand."""
    lines = split_lines(text)
    wrapped, width = _wrapping(text, lines)
    major = ("章", "条", "cn", "cn_bracket")
    at_start = sum(1 for m in strong if m.style in major)
    inside = sum(1 for m in inner if m.style in major and _follows_break(text, m.start))
    flat = inside >= 3 and inside > at_start
    if not flat and lines and len(text) / len(lines) > _LONG_LINE:
        counted = sum(1 for m in inner if m.style == "arabic" and _follows_break(text, m.start))
        glued = sum(1 for m in glued_markers(text) if m.style in major)
        decimal = sum(1 for m in decimal_markers(text) if m.style == "decimal")
        flat = inside + counted + glued >= 4 or decimal >= 6
    if wrapped:
        flat = inside >= 3 and inside > 2 * at_start
    return Layout(lines, wrapped, width, flat)


def _wrapping(text: str, lines: Sequence[Line]) -> tuple[bool, int]:
    lengths = sorted(line.end - line.start for line in lines)
    if len(lengths) < 12:
        return False, 0
    width = lengths[int(len(lengths) * 0.85)]
    if not 18 <= width <= 60:
        return False, width
    full = [line for line in lines if line.end - line.start >= width - 4]
    open_ended = sum(1 for line in full if text[line.end - 1] not in CLOSED)
    return len(full) >= len(lines) * 0.3 and open_ended > len(full) * 0.6, width


def _follows_break(text: str, position: int) -> bool:
    before = text[max(0, position - 3) : position]
    return before[-1:] in SPACES or before.rstrip(SPACES)[-1:] in "。）)〕】"


def is_contents_line(text: str, line: Line) -> bool:
    """Whether the line is the heading of a table of contents."""
    return line.end - line.start < 12 and _CONTENTS.fullmatch(text[line.start : line.end]) is not None


def contents_span(text: str, lines: Sequence[Line], markers: Sequence[Marker]) -> tuple[int, int]:
    """The table of contents as ``[start, end)``; empty when there is none.

    It ends where its first entry is printed again. Without the word 目录 a run of at least four
    bare headings that is printed twice is taken for one.
    """
    start = next((line.start for line in lines if is_contents_line(text, line)), -1)
    entries = [m for m in markers if m.start >= max(start, 0)]
    if not entries:
        return 0, 0
    first = entries[0]
    again = _printed_again(text, entries)
    if start >= 0:
        return (start, again.start) if again is not None else (0, 0)
    if again is None:
        return 0, 0
    between = [m for m in entries if m.start < again.start]
    gaps = [b.start - a.end for a, b in zip(between, [*between[1:], again], strict=True)]
    if len(between) >= 4 and max(gaps) < 90 and "。" not in text[first.start : again.start]:
        return first.start, again.start
    return 0, 0


def _printed_again(text: str, entries: Sequence[Marker]) -> Marker | None:
    first = entries[0]
    title = _entry_title(text, first)
    if not title:
        return None
    for marker in entries[1:]:
        same = marker.style in (first.style, "bare", "arabic") and marker.item == first.item
        if same and _entry_title(text, marker).startswith(title):
            return marker
    return None


def _entry_title(text: str, marker: Marker) -> str:
    line = text[marker.end : marker.end + 60].lstrip(SPACES + "\n").split("\n", 1)[0]
    return re.sub(rf"[{SPACES}]", "", _LEADER.sub("", line.strip(SPACES)))[:8]


def contents_titles(text: str, entries: Sequence[Marker], stop: int) -> dict[str, str]:
    """Headings that the table of contents prints, by path item; the first of several wins."""
    titles: dict[str, str] = {}
    for index, marker in enumerate(entries):
        end = entries[index + 1].start if index + 1 < len(entries) else stop
        title = _LEADER.sub("", text[marker.end : end].split("\n", 1)[0].strip(SPACES))
        if title and len(title) <= 40:
            titles.setdefault(marker.item, title.strip(SPACES))
    return titles
