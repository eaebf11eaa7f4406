"""Excel workbooks: the responsibility ledger, and sheets of text in general."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.contract import write_bytes
from assistant.datatypes import ROLE_NAMES, DutyRow
from assistant.text import printable

_HEADER = ("文件", "文号", "条款", "标题", "责任单位", "单位全称", "角色", "完成时限", "原文标注")
_WIDTHS = (40, 22, 12, 36, 22, 22, 8, 16, 60)
# A cell that starts with one of these is read as a formula by Excel and by the tools that import CSV.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_duties(path: Path, rows: Sequence[DutyRow]) -> None:
    """Write the ledger to ``path``, one row per unit and clause.

    Raises:
        ZhengceError: The file cannot be written.
    """
    write_bytes(path, duties_workbook(rows))


def duties_workbook(rows: Sequence[DutyRow]) -> bytes:
    """The ledger as the bytes of an .xlsx file."""
    return workbook_bytes("责任台账", _HEADER, _WIDTHS, map(_cells, rows))


def workbook_bytes(
    title: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> bytes:
    """One sheet of text as the bytes of an .xlsx file: bold header that stays in view, wrapped cells, filter.

    Args:
        title: Name of the sheet.
        header: First row.
        widths: Of the columns, in characters.
        rows: Further rows; their texts are made safe.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    sheet.append(list(header))
    for row in rows:
        sheet.append([safe_cell(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def safe_cell(value: str) -> str:
    """A text that a cell can hold and no spreadsheet takes for a formula: ``=1+1`` → ``'=1+1``."""
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cells(row: DutyRow) -> tuple[str, ...]:
    return (
        row.title,
        row.doc_number,
        "".join(row.path),
        row.heading,
        row.unit,
        row.canonical,
        ROLE_NAMES[row.role],
        "、".join(row.deadlines),
        row.quote,
    )
