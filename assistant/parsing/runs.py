"""Runs of numerals: which of them count on, in text that lost its line breaks, and boxes (专栏)."""

import re
from collections.abc import Sequence

from assistant.parsing.layout import Line
from assistant.parsing.numerals import (
    LAW_STYLES,
    RANKS,
    SPACES,
    Marker,
    decimal_markers,
    glued_law_markers,
    glued_markers,
)

_BOX = re.compile(
    rf"专[{SPACES}]?栏[{SPACES}]?(?:[\d一二三四五六七八九十]{{0,3}})(?:[{SPACES}：:].{{0,60}})?"
)
_HEADING_GAP = 48  # longest heading between a numeral and the glued numeral below it
_AHEAD = 4000  # how far a better candidate for the same number is looked for


def counted(text: str, inner: Sequence[Marker], strong: Sequence[Marker]) -> list[Marker]:
    """Numerals inside lines that belong to a counted run (1 followed by 2, or n by n + 1).

    Numerals behind a sentence end or white space are trusted more than those glued to a word: a glued
    one counts only where it continues a run or stands right behind the heading of the level above, and
    no better one with the same number follows.
    """
    decimals = _successors(text, list(decimal_markers(text)))
    trusted = [m for m in inner if m.style not in ("decimal", "bare")]
    taken = {m.start for m in trusted} | {m.start for m in strong}
    glued = [m for m in (*glued_markers(text), *glued_law_markers(text)) if m.start not in taken]
    run = _Run(text, _values(trusted), _values([*trusted, *glued]))
    for marker, behind_break in sorted(
        [(m, True) for m in trusted] + [(m, False) for m in glued] + [(m, True) for m in strong],
        key=lambda pair: pair[0].start,
    ):
        run.add(marker, behind_break=behind_break)
    strong_starts = {m.start for m in strong}
    kept = [m for m in run.kept if m.start not in strong_starts]
    decimal_starts = {m.start for m in decimals}
    return decimals + [m for m in kept if m.start not in decimal_starts]


_Values = dict[str, list[tuple[int, int]]]  # style → (start, value) in order


def _values(markers: Sequence[Marker]) -> _Values:
    values: _Values = {}
    for marker in markers:
        values.setdefault(marker.style, []).append((marker.start, marker.value))
    return values


class _Run:
    """The last number of every style, and the numerals accepted so far."""

    def __init__(self, text: str, trusted: _Values, all_values: _Values) -> None:
        self.text = text
        self.trusted = trusted
        self.all_values = all_values
        self.kept: list[Marker] = []
        self.last: dict[str, int] = {}

    def add(self, marker: Marker, *, behind_break: bool) -> None:
        if not (self._trusted(marker) if behind_break else self._glued(marker)):
            return
        self.kept.append(marker)
        self.last[marker.style] = marker.value

    def _trusted(self, marker: Marker) -> bool:
        last = self.last.get(marker.style, 0)
        if marker.strong or marker.value == last + 1:
            return True
        if 0 < last < marker.value <= last + 3 and self._ahead(marker, marker.value + 1):
            return True  # the source dropped a number
        if marker.value != 1:
            return False
        return marker.style in LAW_STYLES or self._ahead(marker, 2) or self._behind_heading(marker)

    def _glued(self, marker: Marker) -> bool:
        last = self.last.get(marker.style, 0)
        if self._ahead(marker, marker.value, before=marker.value + 1):
            return False
        if marker.style in LAW_STYLES:
            return marker.value == last + 1 or (marker.value == 1 and marker.style == "节")
        if marker.value == 1:
            opens = not self.kept and marker.style == "cn" and self._ahead(marker, 2, glued=True)
            return opens or self._behind_heading(marker)
        if last == 0 or marker.value != last + 1:
            return False
        if marker.style == "cn":
            return (
                self.text[marker.start - 1] not in "、第"
                and self.text[marker.end : marker.end + 1] not in "、"
            )
        return True

    def _behind_heading(self, marker: Marker) -> bool:
        """Whether only the heading of a higher level lies between the last numeral and this one."""
        if not self.kept:
            return False
        previous = self.kept[-1]
        gap = self.text[previous.end : marker.start]
        higher = RANKS.get(previous.style, 0) < RANKS.get(marker.style, 99)
        return higher and 2 <= len(gap) <= _HEADING_GAP and re.search("[。；：]", gap) is None

    def _ahead(self, marker: Marker, value: int, before: int = 0, *, glued: bool = False) -> bool:
        """Whether ``value`` follows before ``before`` does; behind a break unless ``glued``."""
        values = self.all_values if glued else self.trusted
        for start, other in values.get(marker.style, ()):
            if start <= marker.start:
                continue
            if start > marker.start + _AHEAD:
                return False
            if other == value:
                return True
            if other == before:
                return False
        return False


def _successors(text: str, markers: Sequence[Marker]) -> list[Marker]:
    """Decimal headings that follow each other: 1, 1.1, 1.2, 2, 2.1, 2.1.1 …; at least six of them."""
    kept: list[Marker] = []
    for marker in markers:
        last = kept[-1].decimal if kept else ()
        if marker.decimal in _next(last) or (kept and marker.decimal == (1,) and len(kept) > 3):
            kept.append(marker)
    return kept if len([m for m in kept if len(m.decimal) > 1]) >= 4 else []


def _next(last: tuple[int, ...]) -> set[tuple[int, ...]]:
    following = {(*last, 1)}
    for depth in range(len(last)):
        following.add((*last[:depth], last[depth] + 1))
    return following


def outside_boxes(text: str, lines: Sequence[Line], markers: list[Marker]) -> list[Marker]:
    """The numerals without those that count the entries of a box (专栏)."""
    boxes = [
        line.start
        for line in lines
        if line.end - line.start < 80 and _BOX.fullmatch(text[line.start : line.end])
    ]
    dropped: set[int] = set()
    for box in boxes:
        dropped.update(_box_entries(text, box, markers))
    return [m for m in markers if m.start not in dropped] if dropped else markers


_ATTACHMENT_LIST = re.compile(rf"(?:^|[\n。）)〕{SPACES}])附[{SPACES}]?件[{SPACES}]?[：:][{SPACES}\n]*")


def outside_attachment_lists(text: str, markers: list[Marker]) -> list[Marker]:
    """The numerals without those that count the attachments named before the signature."""
    dropped: set[int] = set()
    for match in _ATTACHMENT_LIST.finditer(text):
        previous = None
        for marker in (m for m in markers if m.start >= match.end()):
            if previous is None and marker.start != match.end():
                break
            between = text[previous.end : marker.start] if previous else ""
            counts_on = marker.value == (previous.value + 1 if previous else 1)
            if not counts_on or len(between) > 150 or "。" in between:
                break
            if previous is not None and marker.style != previous.style:
                break
            dropped.add(marker.start)
            previous = marker
    return [m for m in markers if m.start not in dropped] if dropped else markers


def _box_entries(text: str, box: int, markers: Sequence[Marker]) -> list[int]:
    """Starts of the numerals 1, 2, 3 … that follow a box heading."""
    following = [m for m in markers if m.start > box][:60]
    if not following or following[0].value != 1 or RANKS.get(following[0].style, 0) < RANKS["arabic"]:
        return []
    first = following[0]
    before = [m for m in markers if m.start < box and m.style == first.style]
    real = before[-1] if before else None
    entries = [first.start]
    for marker, previous in zip(following[1:], following, strict=False):
        counts_on = marker.style == first.style and marker.value == previous.value + 1
        if not counts_on or (real is not None and _is_next(text, marker, real, first)):
            break
        entries.append(marker.start)
    return entries


def _is_next(text: str, marker: Marker, real: Marker, entry: Marker) -> bool:
    """Whether a numeral continues the clauses around the box: their number and their indentation."""
    indents = [_indent(text, m) for m in (marker, real, entry)]
    return marker.value == real.value + 1 and indents[0] == indents[1] != indents[2]


def _indent(text: str, marker: Marker) -> str:
    return text[text.rfind("\n", 0, marker.start) + 1 : marker.start]


def repeat_start(text: str, markers: Sequence[Marker]) -> int:
    """Where a second copy of the whole document starts (exports print some twice); else ``len(text)``."""
    half = len(markers) // 2
    if len(markers) < 8 or len(markers) % 2:
        return len(text)
    first, second = markers[0], markers[half]
    pairs = zip(markers[:half], markers[half:], strict=True)
    same = sum(_sample(text, a) == _sample(text, b) for a, b in pairs)
    if first.item != second.item or same < half * 0.8:
        return len(text)
    opening = text.strip()[:24]
    again = text.find(opening, markers[half - 1].end, second.start + len(opening))
    return again if again >= 0 else second.start


def _sample(text: str, marker: Marker) -> str:
    return text[marker.start : marker.start + 16]
