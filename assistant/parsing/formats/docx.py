"""Word documents (docx): text in reading order, with automatic numbering and tables in place.

Left out: headers, footers, notes, comments, deleted and hidden text, field codes. Kept where they stand:
inserted text, content controls, text boxes. Tags are compared by their local names, because transitional
and strict documents use different namespaces.
"""

import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import DocumentError
from assistant.parsing.formats.archive import Archive, attribute, child, local
from assistant.parsing.formats.grid import Cell, table_lines
from assistant.parsing.formats.numbering import Numbering, read_numbering

WANTED = "Word 文档（docx）"
_DEEP = 12  # tables inside tables beyond which a document is refused
_WIDE = 1000  # columns a cell may cover
_MARKUP = frozenset(
    (
        "del",
        "moveFrom",
        "instrText",
        "delInstrText",
        "delText",
        "rPr",
        "pPr",
        "rt",
        "sectPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sdtPr",
        "sdtEndPr",
        "txbxContent",
    )
)
_BLOCKS = frozenset(
    ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)  # transparent around paragraphs and tables
_OFF = ("0", "false", "off", "none")


def read_docx(path: Path) -> str:
    """Text of a Word document.

    Raises:
        DocumentError: The file is damaged or hostile.
    """
    with Archive(path, wanted=WANTED) as archive:
        main = _main_part(archive)
        related = _relations(archive, main)
        styles, numbering = (
            archive.xml(part) if part in archive else None
            for part in (
                related.get("styles", "word/styles.xml"),
                related.get("numbering", "word/numbering.xml"),
            )
        )
        root = archive.xml(main)
        body = child(root, "body")
        if body is None:
            raise archive.damaged("没有正文")
        lines = _Reader(path.name, read_numbering(numbering, styles)).blocks(body)
    return "".join(line + "\n" for line in lines)


def _main_part(archive: Archive) -> str:
    for kind, target in _targets(archive, "_rels/.rels", ""):
        if kind == "officeDocument" and target in archive:
            return target
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise archive.damaged("包内没有 Word 正文")


def _relations(archive: Archive, part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    return dict(_targets(archive, f"{folder}/_rels/{name}.rels", folder))


def _targets(archive: Archive, part: str, folder: str) -> list[tuple[str, str]]:
    if part not in archive:
        return []
    found = []
    for element in archive.xml(part):
        target = attribute(element, "Target")
        if attribute(element, "TargetMode") != "External" and target:
            kind = attribute(element, "Type").rpartition("/")[2]
            joined = target if target.startswith("/") else posixpath.join(folder, target)
            found.append((kind, posixpath.normpath(joined).lstrip("/")))
    return found


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read: its text so far and the lines of boxes anchored in it."""

    pieces: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _Reader:
    """Walks a document once; counters and open fields carry over from paragraph to paragraph."""

    def __init__(self, name: str, numbering: Numbering) -> None:
        self._name = name
        self._numbering = numbering
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._carried = ""  # text of a paragraph whose mark is deleted: it runs on into the next
        self._depth = 0

    def blocks(self, parent: Any) -> list[str]:
        """Lines of the paragraphs and tables below an element."""
        lines: list[str] = []
        for element in parent:
            name = local(element)
            if name == "p":
                lines += self._paragraph(element)
            elif name == "tbl":
                lines += self._table(element)
            elif name in _BLOCKS:
                lines += self.blocks(element)
            elif name == "AlternateContent":
                lines += self.blocks(_alternative(element))
        return lines

    def _paragraph(self, element: Any) -> list[str]:
        paragraph = _Paragraph()
        self._inline(element, paragraph)
        text = self._carried + paragraph.text
        self._carried = ""
        properties = child(element, "pPr")
        mark = child(properties, "rPr") if properties is not None else None
        if mark is not None and (child(mark, "del") is not None or child(mark, "moveFrom") is not None):
            self._carried = text
            return paragraph.before + paragraph.after
        label = self._numbering.label(properties)
        own = (label + text).split("\n") if text.strip() else [""]
        return paragraph.before + own + paragraph.after

    def _inline(self, parent: Any, paragraph: _Paragraph) -> None:
        for element in parent:
            name = local(element)
            if name == "fldChar":
                self._field(attribute(element, "fldCharType"))
            elif name == "AlternateContent":
                self._inline(_alternative(element), paragraph)
            elif name in ("drawing", "pict", "object"):
                self._boxes(element, paragraph)
            elif name in _MARKUP or (name == "r" and _hidden(element)):
                continue
            elif all(self._fields):
                piece = _piece(element, name)
                if piece is None:
                    self._inline(element, paragraph)
                else:
                    paragraph.pieces.append(piece)
            elif len(element):
                self._inline(element, paragraph)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _boxes(self, drawing: Any, paragraph: _Paragraph) -> None:
        """Text boxes stand before the paragraph that anchors them, unless its text has begun."""
        stack = [drawing]
        while stack:
            element = stack.pop()
            if local(element) == "txbxContent":
                self._enter()
                lines = [line for line in self.blocks(element) if line.strip()]
                self._depth -= 1
                (paragraph.after if paragraph.text.strip() else paragraph.before).extend(lines)
            elif local(element) == "AlternateContent":
                stack.append(_alternative(element))
            else:
                stack.extend(reversed(element))

    def _table(self, table: Any) -> list[str]:
        self._enter()
        rows: list[list[Cell]] = []
        open_cells: dict[
            int, tuple[int, int]
        ] = {}  # column → row and place of the cell merged down from there
        for element in _rows(table):
            rows.append(self._row(element, rows, open_cells))
        self._depth -= 1
        return table_lines(rows)

    def _row(
        self, element: Any, rows: list[list[Cell]], open_cells: dict[int, tuple[int, int]]
    ) -> list[Cell]:
        properties = child(element, "trPr")
        column = _count(child(properties, "gridBefore")) if properties is not None else 0
        row = [Cell((), columns=column)] if column else []
        for cell in _cells(element):
            settings = child(cell, "tcPr")
            merge = child(settings, "vMerge") if settings is not None else None
            span = max(1, _count(child(settings, "gridSpan"))) if settings is not None else 1
            lines = tuple(line for line in self.blocks(cell) if line.strip())
            if merge is not None and attribute(merge, "val") != "restart" and column in open_cells:
                _extend(rows, open_cells[column])
            else:
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = (len(rows), len(row))
                row.append(Cell(lines, span, 1, any(local(each) == "tbl" for each in cell)))
            column += span
        return row

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _DEEP:
            raise DocumentError(
                f"文件结构异常：{self._name} 的表格或文本框嵌套超过 {_DEEP} 层。"
                "需要正常排版的公文；请用原软件另存后再试。"
            )


def _extend(rows: list[list[Cell]], place: tuple[int, int]) -> None:
    row, index = place
    cell = rows[row][index]
    rows[row][index] = Cell(cell.lines, cell.columns, cell.rows + 1, cell.nested)


def _rows(table: Any) -> list[Any]:
    return _below(table, "tr")


def _cells(row: Any) -> list[Any]:
    return _below(row, "tc")


def _below(parent: Any, name: str) -> list[Any]:
    """Rows or cells of an element, also inside content controls; deleted rows are left out."""
    found: list[Any] = []
    for element in parent:
        if local(element) == name:
            properties = child(element, "trPr")
            if properties is None or child(properties, "del") is None:
                found.append(element)
        elif local(element) in _BLOCKS:
            found += _below(element, name)
    return found


def _alternative(element: Any) -> Any:
    """The branch of alternative content that holds text: the newer form, else the older."""
    choices = [each for each in element if local(each) in ("Choice", "Fallback")]
    for choice in choices:
        if any(local(each) in ("t", "txbxContent") for each in choice.iter()):
            return choice
    return choices[0] if choices else ()


def _hidden(run: Any) -> bool:
    properties = child(run, "rPr")
    vanish = child(properties, "vanish") if properties is not None else None
    return vanish is not None and attribute(vanish, "val") not in _OFF


def _piece(element: Any, name: str) -> str | None:
    """The text of an inline element; None for one that only contains others."""
    if name == "t":
        return " ".join((element.text or "").replace("\n", " ").replace("\t", " ").split("\r"))
    if name in ("br", "cr"):
        return "\n"
    if name in ("tab", "ptab"):
        return " "  # a tab would turn the line into a table row
    if name == "noBreakHyphen":
        return "-"
    return None if len(element) else ""


def _count(element: Any) -> int:
    if element is None:
        return 0
    value = attribute(element, "val")
    return min(int(value), _WIDE) if value.isdecimal() else 0
