"""Duties in tables: rows of tab-separated cells, and tables flattened to one cell a line.

A row with fewer cells than the head lacks those on its left, which a row span of an earlier row covers;
cells are therefore counted from the right. ``/`` and dashes stand for none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.datatypes import Role
from assistant.parsing.layout import Line
from assistant.parsing.unitlists import split_units
from assistant.parsing.unitnames import Unit, certainly_unit

_HEAD = re.compile(
    r"(?:市|省|县|区|委|局|[\u4e00-\u9fff]{1,4}内)?(?:(?P<lead>牵头(?:[（(]?责任[）)]?)?|主责|主要责任)|(?P<support>配合|参与|参加|协助|协同)"
    r"|(?P<responsible>责任|负责|落实|实施|承办|完成))(?:单位|部门|处室|科室|机构)(?:[（(](?:单位|部门)[）)])?"
)
_OTHER_HEAD = re.compile(
    r"序号|编号|项目|工作(?:任务|事项|内容|目标|措施|举措)|主要(?:内容|任务|举措|措施)|重点(?:任务|工作|内容)|任务(?:名称|内容)?|内容|完成(?:时间|时限|期限)|时间(?:节点|安排|进度|要求)?|进度(?:安排)?"
    r"|(?:具体)?(?:措施|举措|要求|目标|任务|内容)|备注|责任人|推广范围|改革举措|目标任务|类别|指标|时限(?:要求)?"
)


@dataclass(frozen=True, slots=True)
class TableEntry:
    """The unit cells of one row: their span and one list of units a column."""

    start: int
    end: int
    lists: tuple[tuple[Unit, ...], ...]


def table_entries(text: str, lines: Sequence[Line]) -> Iterator[TableEntry]:
    """Rows that name units, in order."""
    if "\t" in text:
        yield from _tabbed(text, lines)
    yield from _one_cell_a_line(text, lines)


def _role(cell: str) -> Role | None:
    match = _HEAD.fullmatch(re.sub(r"\s", "", cell))
    if match is None:
        return None
    return "lead" if match["lead"] else "support" if match["support"] else "responsible"


def _tabbed(text: str, lines: Sequence[Line]) -> Iterator[TableEntry]:
    roles: list[Role | None] = []
    for line in (_with_empty_cells(text, each) for each in lines):
        if "\t" not in text[line.start : line.end]:
            roles = []
            continue
        cells = _cells(text, line)
        heads = [_role(text[s:e]) for s, e in cells]
        if any(heads):
            roles = heads
            continue
        if roles:
            entry = _row(text, cells, roles)
            if entry is not None:
                yield entry


def _with_empty_cells(text: str, line: Line) -> Line:
    """The line with the tabs behind it, which part empty cells; lines come without outer white space."""
    end = line.end
    while text[end : end + 1] == "\t":
        end += 1
    return Line(line.start, end)


def _cells(text: str, line: Line) -> list[tuple[int, int]]:
    cells, start = [], line.start
    for match in re.finditer("\t", text[line.start : line.end]):
        cells.append((start, line.start + match.start()))
        start = line.start + match.end()
    return [*cells, (start, line.end)]


def _row(text: str, cells: Sequence[tuple[int, int]], roles: Sequence[Role | None]) -> TableEntry | None:
    found = []
    shift = len(roles) - len(cells)
    for index, (start, end) in enumerate(cells):
        column = index + shift
        role = roles[column] if 0 <= column < len(roles) else None
        if role is not None:
            units = tuple(split_units(text, start, end, default=role))
            if units:
                found.append((start, end, units))
    if not found:
        return None
    return TableEntry(found[0][0], found[-1][1], tuple(units for _, _, units in found))


def _one_cell_a_line(text: str, lines: Sequence[Line]) -> Iterator[TableEntry]:
    roles: list[Role] = []
    turn = 0
    for index, line in enumerate(lines):
        printed = text[line.start : line.end]
        role = _role(printed) if len(printed) <= 16 else None
        if role is not None and _beside_head(text, lines, index):
            roles = [role] if not roles or turn else [*roles, role]
            turn = 0
            continue
        if not roles or len(printed) > 400:
            continue
        units = tuple(split_units(text, line.start, line.end, default=roles[turn % len(roles)], strict=True))
        if units and _is_list(printed, units):
            yield TableEntry(line.start, line.end, (units,))
            turn += 1


def is_head(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether a line belongs to the head of a table: a row of column names, or one of several in a row."""
    line = lines[index]
    printed = text[line.start : line.end]
    cells = [re.sub(r"\s", "", cell) for cell in printed.split("\t")]
    if len(cells) > 2:
        return sum(1 for c in cells if _OTHER_HEAD.fullmatch(c) or _HEAD.fullmatch(c)) >= 2
    named = len(printed) <= 16 and (_OTHER_HEAD.fullmatch(cells[0]) or _HEAD.fullmatch(cells[0]))
    return bool(named) and _beside_head(text, lines, index)


def _beside_head(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether a neighbouring line is the head of another column."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(lines):
            printed = re.sub(r"\s", "", text[lines[other].start : lines[other].end])
            if _OTHER_HEAD.fullmatch(printed) or _HEAD.fullmatch(printed):
                return True
    return False


def _is_list(printed: str, units: Sequence[Unit]) -> bool:
    """Whether a line is nothing but names of units."""
    return re.search(r"[。；：]", printed) is None and all(certainly_unit(u.name) for u in units)
