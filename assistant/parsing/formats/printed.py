"""Printed pages (PDF, OFD, scans): glyphs with positions → lines → the paragraphs that were set in them.

Coordinates run from the top left corner of the page, x to the right and y down, in any unit. A glyph's size
is the width of a Chinese character in its font (one em).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

PAGE_NUMBER = re.compile(
    r"[—–―─\-－·~\s]*(?:\d{1,4}|[ivxlIVXL]{1,6})[—–―─\-－·~\s]*"
    r"|(?:第\s*\d{1,4}\s*页)?[\s，,/]*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|Page\s*\d+(?:\s*of\s*\d+)?",
    re.IGNORECASE,
)
_EDGE = 0.12  # share of the page height at the top and the bottom where headers and footers stand
_CLOSING = "。；！？：;!?:"
_BRACKETS = "）)〕】]"
_LEAST_WIDTH = 0.6  # of the page: a line that ends before is not full, however short the others are
_NUMERAL = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十百]{1,5}[编章节条]|[①-⑳])"
)
_RADICALS = {
    ord(radical): character
    for radical, character in zip(
        "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "民母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """Text at a place: one character, or a line as OCR finds it."""

    text: str
    x0: float
    x1: float
    y: float  # base line
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line without outer white space, or a table row.

    Attributes:
        row: Whether it is a row of cells; rows are never joined with lines.
        follows: Whether no rule stands above it: it may be the rest of a row of the page before.
        cut: Whether no rule stands below it.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    row: bool = False
    follows: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size and its lines from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Margins:
    """Edges of the running text and the habits of the document.

    Attributes:
        left: Where most long lines begin.
        right: Where most long lines end.
        indents: Whether paragraphs begin with an indent.
        flush_numerals: Whether numbered paragraphs begin at the left edge.
    """

    left: float
    right: float
    indents: bool = False
    flush_numerals: bool = False

    def is_full(self, line: Line) -> bool:
        """Whether a line reaches the right edge, but for what may not begin or end a line."""
        return self.right - line.x1 < 2.1 * line.size and line.x1 - line.x0 > 8 * line.size

    def is_indented(self, line: Line) -> bool:
        """Whether a line begins behind the left edge."""
        return line.x0 - self.left > 1.2 * line.size


def clean(text: str) -> str:
    """Characters as they are read: radicals that fonts give for whole characters, soft hyphens.

    ⼀、⼯作 (U+2F00 block) → 一、工作; no other character changes.
    """
    if any("\u2e80" <= c <= "\u2fdf" for c in text):
        import unicodedata

        text = "".join(
            unicodedata.normalize("NFKC", c) if "\u2f00" <= c <= "\u2fdf" else c for c in text
        ).translate(_RADICALS)
    return text.replace("\u00ad", "-").replace("\ufeff", "")


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines of glyphs, from top to bottom, each from left to right."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: (each.y, each.x0)):
        if rows and glyph.y - rows[-1][0].y < 0.45 * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = (_line(sorted(row, key=lambda each: each.x0)) for row in rows)
    return [line for line in lines if line is not None]


def _line(row: Sequence[Glyph]) -> Line | None:
    shown = [glyph for glyph in row if glyph.text.strip()]
    if not shown:
        return None
    wide = [glyph.size for glyph in shown if glyph.text[0] > "\u2e7f"]
    size = median(wide or [glyph.size for glyph in shown])
    text, end = "", shown[0].x0
    for glyph in row:
        text += _gap(text, glyph, glyph.x0 - end, size) + glyph.text
        end = max(end, glyph.x1)
    return Line(clean(text).strip(), shown[0].x0, shown[-1].x1, shown[0].y, size)


def _gap(text: str, glyph: Glyph, gap: float, size: float) -> str:
    """The blank that an empty place stands for: between words, or between columns of a heading."""
    if not text or text[-1].isspace() or glyph.text[0].isspace():
        return ""
    latin = text[-1] < "\u2000" and glyph.text[0] < "\u2000"
    if gap > (0.2 if latin else 1.4) * size:
        return " " if latin else "\u3000"
    return ""


def paragraphs(pages: Sequence[Page]) -> list[str]:
    """The paragraphs of a document: furniture removed, lines joined where they are full.

    A paragraph goes on where the line before reaches the right margin and the next is not indented; also
    from one page to the next.
    """
    pages = without_furniture(pages)
    document = _habits([line for page in pages for line in page.lines])
    made: list[str] = []
    previous: Line | None = None
    head = ""  # of the table that the last lines belong to
    for page in pages:
        margins = document
        if len(page.lines) >= 10:  # pages may be shifted against each other
            own = _margins(page.lines)
            margins = replace(document, left=own.left, right=own.right)
        margins = replace(margins, right=max(margins.right, _LEAST_WIDTH * page.width))
        pitch = _pitch(page.lines)
        for index, line in enumerate(page.lines):
            first = index == 0
            gap = line.y - previous.y if previous is not None and not first else 0.0
            if previous is None or not (previous.row and line.row):
                head = line.text
            elif first and line.text == head:
                continue  # the head of a table printed again
            if first and previous is not None and previous.cut and line.follows:
                made[-1] = _row_joined(made[-1], line.text)
            elif previous is not None and _goes_on(previous, line, margins, wide=gap > 1.7 * pitch > 0):
                made[-1] = _joined(made[-1], line.text)
            else:
                made.append(line.text)
            previous = line
    return made


def _row_joined(text: str, more: str) -> str:
    """A row and its rest on the next page, cell by cell; merged cells that were repeated are not doubled."""
    cells, rest = text.split("\t"), more.split("\t")
    if len(cells) != len(rest):
        return f"{text}\n{more}"
    return "\t".join(a if a == b else a + b for a, b in zip(cells, rest, strict=True))


def _goes_on(previous: Line, line: Line, margins: _Margins, *, wide: bool) -> bool:
    """Whether a line continues the paragraph of the line before."""
    if previous.row or line.row or wide or _other_type(previous, line) or margins.is_indented(line):
        return False
    numbered = _NUMERAL.match(line.text) is not None
    closed = previous.text[-1] in _CLOSING
    if margins.is_full(previous):
        ended = closed or previous.text[-1] in _BRACKETS
        return not (numbered and ended and margins.flush_numerals)
    # Ragged lines: where paragraphs begin with an indent, one that does not is no beginning.
    long = previous.x1 - previous.x0 > 0.7 * (margins.right - margins.left)
    return margins.indents and long and not closed and not numbered


def _other_type(one: Line, other: Line) -> bool:
    """Whether two lines are set in type of different size; digits alone tell too little about it."""
    if one.text.isascii() or other.text.isascii():
        return False
    return abs(one.size - other.size) > 0.15 * max(one.size, other.size)


def _joined(text: str, more: str) -> str:
    word = text[-1:].isascii() and more[:1].isascii() and text[-1:].isalpha() and more[:1].isalpha()
    return f"{text} {more}" if word else text + more


def _margins(lines: Sequence[Line]) -> _Margins:
    """Edges of the running text: where most of the long lines of the usual size begin and end."""
    running = [line for line in lines if not line.row]
    if not running:
        return _Margins(0.0, 0.0)
    size = median(line.size for line in running)
    usual = [line for line in running if abs(line.size - size) < 0.15 * size] or running
    longest = max(line.x1 - line.x0 for line in usual)
    long = [line for line in usual if line.x1 - line.x0 > 0.6 * longest]
    starts, ends = sorted(line.x0 for line in long), sorted(line.x1 for line in long)
    left, right = starts[len(starts) // 10], ends[min(len(ends) - 1, len(ends) * 8 // 10)]
    indented = sum(1 for line in long if 1.4 < (line.x0 - left) / size < 2.8)
    return _Margins(left, right, indents=indented >= max(2, 0.1 * len(long)))


def _habits(lines: Sequence[Line]) -> _Margins:
    """Margins of a whole document, with its habit of setting numerals."""
    margins = _margins(lines)
    flush = sum(
        1
        for before, line in pairwise(lines)
        if not (before.row or line.row or margins.is_indented(line) or margins.is_full(before))
        and _NUMERAL.match(line.text)
    )
    return replace(margins, flush_numerals=flush >= 2 or not margins.indents)


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance of base lines; 0 where there are too few lines to tell."""
    steps = [b.y - a.y for a, b in pairwise(lines) if not a.row and not b.row]
    return median(steps) if len(steps) >= 4 else 0.0


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Pages without page numbers and without what is repeated at their edges."""
    counts = Counter(key for page in pages for key in {_key(page, line) for line in _edges(page)})
    limit = max(2, 0.4 * len(pages)) if len(pages) > 2 else len(pages) + 1
    made = []
    for page in pages:
        gone = {
            id(line)
            for line in _edges(page)
            if PAGE_NUMBER.fullmatch(line.text) or counts[_key(page, line)] >= limit
        }
        made.append(replace(page, lines=tuple(line for line in page.lines if id(line) not in gone)))
    return made


def _edges(page: Page) -> list[Line]:
    """Lines in the top and bottom margin."""
    return [
        line
        for line in (*page.lines[:3], *page.lines[-3:])
        if not line.row and not _EDGE * page.height < line.y < (1 - _EDGE) * page.height
    ]


def _key(page: Page, line: Line) -> tuple[str, int]:
    return re.sub(r"[\d\s]", "", line.text), round(20 * line.y / page.height)
