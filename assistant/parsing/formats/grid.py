"""Tables → lines: one row a line, cells separated by tabs, merged cells as the duty parser expects them.

A cell merged over several rows is printed in the first. In the rows below, it is left empty where it stands
before the row's own cells (序号, 任务) and repeated where it stands behind them (责任单位): a row then
reads complete, and no numeral is printed twice at the start of a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_LAYOUT_CELL = 600  # characters and
_LAYOUT_LINES = 6  # paragraphs of a cell above which, holding most of the text, it is page layout


BOX_INDENT = "\u3000\u3000"
"""Stands before the lines of a framed box, so that its 1. 2. 3. are told from those of the clauses around."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its paragraphs and how many columns and rows it covers."""

    lines: tuple[str, ...]
    columns: int = 1
    rows: int = 1
    nested: bool = False

    @property
    def text(self) -> str:
        """The paragraphs on one line."""
        return " ".join(line for line in (each.replace("\t", " ").strip() for each in self.lines) if line)


@dataclass(frozen=True, slots=True)
class _Slot:
    cell: Cell
    own: bool  # printed in this row, not merged from above
    first: bool  # the leftmost column of its cell


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The lines of a table, from its rows of cells in reading order."""
    if _is_layout(rows):
        lines = [line for row in rows for cell in row for line in cell.lines]
        return [BOX_INDENT + line for line in lines] if is_box(lines) else lines
    grid = _grid(rows)
    width = max((len(row) for row in grid), default=0)
    lines = []
    for slots in grid:
        lines += _row_lines(slots, width)
    return lines


def is_box(lines: Sequence[str]) -> bool:
    """Whether the lines of a frame are a box (专栏)."""
    return bool(lines) and lines[0].lstrip().startswith("专栏")


def _is_layout(rows: Sequence[Sequence[Cell]]) -> bool:
    cells = [cell for row in rows for cell in row]
    if all(len(row) <= 1 for row in rows) or any(cell.nested for cell in cells):
        return True
    sizes = [sum(map(len, cell.lines)) for cell in cells]
    biggest = max(range(len(cells)), key=sizes.__getitem__)
    return (
        sizes[biggest] >= _LAYOUT_CELL
        and len(cells[biggest].lines) >= _LAYOUT_LINES
        and sizes[biggest] > 0.7 * sum(sizes)
    )


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[_Slot | None]]:
    """Cells on a grid: spans fill the columns to the right and the rows below."""
    grid: list[list[_Slot | None]] = []
    hanging: dict[int, tuple[int, _Slot]] = {}  # column → rows left, what hangs into them
    for row in rows:
        slots: list[_Slot | None] = []
        following: dict[int, tuple[int, _Slot]] = {}
        queue = list(row)
        while queue or any(column >= len(slots) for column in hanging):
            column = len(slots)
            if column in hanging:
                left, slot = hanging.pop(column)
                slots.append(slot)
                if left > 1:
                    following[column] = (left - 1, slot)
                continue
            if not queue:
                slots.append(None)
                continue
            cell = queue.pop(0)
            for offset in range(max(1, cell.columns)):
                slots.append(_Slot(cell, own=True, first=offset == 0))
                if cell.rows > 1:
                    following[column + offset] = (
                        cell.rows - 1,
                        _Slot(cell, own=False, first=offset == 0),
                    )
        hanging = following
        grid.append(slots)
    return grid


def _row_lines(slots: Sequence[_Slot | None], width: int) -> list[str]:
    own = [slot for slot in slots if slot is not None and slot.own and slot.first]
    if not any(slot.cell.text for slot in own):
        return []
    if len(own) == 1 and own[0].cell.columns >= width and len(own[0].cell.lines) > 1:
        return list(own[0].cell.lines)  # a box across the table, with paragraphs of its own
    texts, begun = [], False
    for slot in slots:
        begun = begun or (slot is not None and slot.own)
        printed = slot is not None and slot.first and (slot.own or begun)
        texts.append(slot.cell.text if slot is not None and printed else "")
    return ["\t".join(texts + [""] * (width - len(texts)))]
