"""An answer as a Word document to file or submit, in the typography of official documents (GB/T 9704)."""

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.citations import document_name, shown
from assistant.datatypes import ROLE_NAMES, Answer, AnswerUnit, Citation, Document
from assistant.text import printable

_TITLE = "政策查询答复单"
# Fonts that GB/T 9704 names, and what a computer without them shows instead.
_FALLBACKS = {
    "方正小标宋简体": "华文中宋,宋体,SimSun,Noto Serif CJK SC",
    "仿宋_GB2312": "仿宋,FangSong,华文仿宋,Noto Serif CJK SC",
    "楷体_GB2312": "楷体,KaiTi,华文楷体,Noto Serif CJK SC",
    "黑体": "SimHei,Noto Sans CJK SC",
    "宋体": "SimSun,Noto Serif CJK SC",
}
_HEADLINE, _BODY, _QUOTE, _HEADING, _NUMBER = _FALLBACKS
_LATIN = "Times New Roman"
_SIZE_TWO, _SIZE_THREE, _SIZE_FOUR = 22.0, 16.0, 14.0  # 二号, 三号, 四号 in points
_LINE = 28.0  # points from line to line: 22 lines on a page
_MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # millimetres
_TYPE_AREA = 156  # millimetres from margin to margin
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITEM = re.compile(r"^(?:- |(\d+\. ))")
_CLOSING = "出处："
_NOTE = "引文由程序从所收录文件中逐字摘取，并与原文核对；引用前请以正式印发的文件为准。"


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of an answer's Markdown: a paragraph, a quotation, or the cells of a table."""

    text: str = ""
    quoted: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


def answer_docx(
    answer: Answer,
    documents: Mapping[str, Document],
    fingerprint: str,
    *,
    at: datetime.datetime | None = None,
) -> bytes:
    """An answer as the bytes of a .docx file: question, answer, quoted clauses, units, where it comes from.

    Args:
        answer: The answer.
        documents: The documents cited, by id.
        fingerprint: Of the index that was asked.
        at: When it was asked; now if not given.
    """
    import docx

    when = at or datetime.datetime.now().astimezone()
    document = docx.Document()
    _set_up(document)
    _describe(document, answer, when)
    _paragraph(document, _TITLE, font=_HEADLINE, size=_SIZE_TWO, centred=True)
    _section(document, "一、问题")
    _paragraph(document, answer.question)
    _section(document, "二、答复")
    for block in _blocks(answer.text):
        _add_block(document, block)
    _section(document, "三、引用条款")
    _add_citations(document, answer.citations, documents)
    _section(document, "四、责任单位")
    _add_units(document, answer.units, documents)
    _section(document, "五、说明")
    _paragraph(document, _NOTE)
    _paragraph(document, f"索引编号：{fingerprint}")
    _paragraph(document, f"查询时间：{when.year}年{when.month}月{when.day}日 {when:%H:%M}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: Any) -> None:
    """Page, margins, page numbers, fonts and line spacing."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(25)
    style = document.styles["Normal"]
    style.font.size = Pt(_SIZE_THREE)
    _set_font(style, _BODY)
    # Without the language, punctuation is drawn in the middle of its square.
    style.element.rPr.append(_element("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}))
    style.paragraph_format.line_spacing = Pt(_LINE)
    style.paragraph_format.space_after = Pt(0)
    document.settings.odd_and_even_pages_header_footer = True
    _add_page_number(section.footer, right=True)
    _add_page_number(section.even_page_footer, right=False)
    _name_fallbacks(document)


def _describe(document: Any, answer: Answer, when: datetime.datetime) -> None:
    properties = document.core_properties
    properties.title = printable(answer.question)[:200]
    properties.author = properties.last_modified_by = "政策问答助手"
    properties.comments = ""
    # The file format keeps UTC without a zone.
    properties.created = properties.modified = when.astimezone(datetime.UTC).replace(tzinfo=None)


def _set_font(styled: Any, name: str) -> None:
    """Set the Chinese font of a run or a style; Latin letters and digits keep theirs."""
    from docx.oxml.ns import qn

    styled.font.name = _LATIN
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _name_fallbacks(document: Any) -> None:
    """Name in the font table what stands in for a font that a computer does not have."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from lxml import etree

    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for name, others in _FALLBACKS.items():
        font = _element("w:font", {"w:name": name})
        font.extend((_element("w:altName", {"w:val": others}), _element("w:charset", {"w:val": "86"})))
        table.append(font)
    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)


def _element(name: str, attributes: Mapping[str, str] | None = None) -> Any:
    """An element of WordprocessingML: ``_element("w:lang", {"w:val": "zh-CN"})``."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(qn(key), value)
    return element


def _add_page_number(footer: Any, *, right: bool) -> None:
    """「— 1 —」 in 四号, one character in from the outer edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    inset = "right_indent" if right else "left_indent"
    setattr(paragraph.paragraph_format, inset, Pt(_SIZE_FOUR))
    _add_run(paragraph, "— ", font=_NUMBER, size=_SIZE_FOUR)
    number = _add_run(paragraph, "", font=_NUMBER, size=_SIZE_FOUR)
    instruction = _element("w:instrText")
    instruction.text = " PAGE "
    begin, end = (_element("w:fldChar", {"w:fldCharType": kind}) for kind in ("begin", "end"))
    number._r.extend((begin, instruction, end))
    _add_run(paragraph, " —", font=_NUMBER, size=_SIZE_FOUR)


def _add_run(
    paragraph: Any, text: str, *, font: str = _BODY, size: float = _SIZE_THREE, bold: bool = False
) -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(printable(text))
    run.font.size = Pt(size)
    run.bold = bold or None
    _set_font(run, font)
    return run


def _paragraph(
    document: Any,
    text: str,
    *,
    font: str = _BODY,
    size: float = _SIZE_THREE,
    centred: bool = False,
    together: bool = False,
) -> None:
    """A paragraph, its first line two characters in; ``**…**`` is bold."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(_LINE)
        paragraph.paragraph_format.line_spacing = Pt(_LINE + 6)
    else:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    paragraph.paragraph_format.keep_with_next = together or None
    for position, piece in enumerate(_BOLD.split(text)):
        if piece:
            _add_run(paragraph, piece, font=font, size=size, bold=position % 2 == 1)


def _section(document: Any, text: str) -> None:
    _paragraph(document, text, font=_HEADING, together=True)


def _add_block(document: Any, block: _Block) -> None:
    if block.rows:
        _add_table(document, block.rows)
    else:
        _paragraph(document, block.text, font=_QUOTE if block.quoted else _BODY)


def _blocks(markdown: str) -> Iterator[_Block]:
    """The Markdown that answers are written in; the line of sources is left to the section of citations."""
    rows: list[tuple[str, ...]] = []
    for line in [*markdown.splitlines(), ""]:
        text = line.strip()
        if text.startswith("|"):
            cells = tuple(cell.strip() for cell in text.strip("|").split("|"))
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
            continue
        if rows:
            yield _Block(rows=tuple(rows))
            rows = []
        if not text or text.startswith(_CLOSING):
            continue
        if text.startswith(">"):
            yield _Block(text.lstrip("> "), quoted=True)
        else:
            yield _Block(_ITEM.sub(lambda match: match[1] or "· ", text).lstrip("# "))


def _add_citations(document: Any, citations: Sequence[Citation], documents: Mapping[str, Document]) -> None:
    """The quotations, those of one clause under one name."""
    if not citations:
        _paragraph(document, "没有引用条款。")
    by_name: dict[str, list[Citation]] = {}
    for citation in citations:
        cited = documents.get(citation.document)
        name = _dated_name(citation, cited.metadata.date.value if cited else "")
        place = " ".join(filter(None, (citation.part, citation.label, citation.heading)))
        by_name.setdefault(f"{name}{place}", []).append(citation)
    for number, (name, quoted) in enumerate(by_name.items(), 1):
        _paragraph(document, f"（{number}）{name}", together=True)
        for citation in quoted:
            _paragraph(document, f"“{shown(citation.quote)}”", font=_QUOTE)


def _dated_name(citation: Citation, date: str) -> str:
    """「《文件名》（文号，2023年5月30日）」."""
    printed = re.sub(r"^(\d+)-0?(\d+)-0?(\d+)$", r"\1年\2月\3日", date)
    return document_name(
        citation.title or citation.file, "，".join(filter(None, (citation.doc_number, printed)))
    )


def _add_units(document: Any, units: Sequence[AnswerUnit], documents: Mapping[str, Document]) -> None:
    if not units:
        _paragraph(document, "没有列出责任单位。")
        return
    titles = [_title_of(documents.get(unit.document), unit.document) for unit in units]
    rows = [["序号", "单位", "角色", "条款"]]
    rows += [
        [str(number), shown(unit.name), ROLE_NAMES[unit.role], unit.label]
        for number, unit in enumerate(units, 1)
    ]
    if len(set(titles)) > 1:
        rows = [[*row, title] for row, title in zip(rows, ["文件", *titles], strict=True)]
    _add_table(document, rows)


def _title_of(document: Document | None, identifier: str) -> str:
    return document.metadata.title.value or document.file if document else identifier


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    """A ruled table whose first row is its header and comes again on every page; columns fit their texts."""
    from docx.shared import Mm, Pt

    columns = max(map(len, rows))
    filled = [[*cells, *[""] * (columns - len(cells))] for cells in rows]
    # A long text wraps; a column of short ones must not.
    weights = [max(3, min(16, max(len(cells[at]) for cells in filled))) for at in range(columns)]
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    widths = [Mm(_TYPE_AREA * weight / sum(weights)) for weight in weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, cells in enumerate(filled):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(_SIZE_FOUR + 6)
            font = _HEADING if number == 0 else _BODY
            _add_run(paragraph, _BOLD.sub(r"\1", text), font=font, size=_SIZE_FOUR)
        if number == 0:
            row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
