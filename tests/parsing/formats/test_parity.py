"""The same plan in every format gives the same clauses and duties."""

import html
import os
from collections import Counter
from pathlib import Path

import pytest

from assistant.parsing import parse_file

from .pages import draw, sheets, sheets_as_ofd, write_ofd, write_pdf
from .plan import CLAUSES, DUTIES, NUMBER, TABLE, TITLE, as_text, paragraphs, rows
from .wordfiles import W, plan_numbering, write_plan


def clauses(document):
    return [(c.part, c.label, c.heading) for c in document.clauses]


def duties(document):
    return [("".join(d.path), d.unit, d.role) for d in document.duties]


def check(document):
    assert clauses(document) == CLAUSES
    assert duties(document) == DUTIES
    assert document.metadata.title.value == TITLE
    assert document.metadata.doc_number.value == NUMBER
    assert document.metadata.date.value == "2024-06-18"
    assert [document.text[d.start : d.end] for d in document.duties] == [d.unit for d in document.duties]


def write_text(path):
    path.write_text(as_text(), encoding="utf-8")
    return path


def write_page(path):
    lines = "".join(
        f"<p style='text-indent:2em'>{html.escape(numeral + text)}</p>\n" for _, numeral, text in paragraphs()
    )
    table = "".join(
        "<tr>" + "".join(f"<td rowspan={span}><p>{text}</p></td>" for text, span in row) + "</tr>"
        for row in rows()
    )
    path.write_text(
        "<html><head><meta charset='gb2312'><title>云桥市人民政府</title><style>p {color: red}</style></head>"
        "<body>"
        "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/zw'>政务公开</a></li></ul></div>"
        f"<div class='content'>{lines}<table>{table}</table></div>"
        "<div class='footer'>主办：云桥市人民政府办公室，版权所有，备案号2024。</div>"
        "<script>var a = '一、';</script></body></html>",
        encoding="gb18030",
    )
    return path


def test_text(tmp_path):
    check(parse_file(write_text(tmp_path / "plan.txt")))


def test_docx_with_typed_numerals(tmp_path):
    check(parse_file(write_plan(tmp_path / "plan.docx")))


@pytest.mark.parametrize("kind", ["japaneseCounting", "chineseCounting", "chineseCountingThousand"])
def test_docx_with_automatic_numerals(tmp_path, kind):
    check(parse_file(write_plan(tmp_path / "plan.docx", kind=kind)))


def test_docx_of_python_docx_with_numbered_headings(tmp_path):
    check(parse_file(write_with_python_docx(tmp_path / "plan.docx")))


def write_with_python_docx(path):
    """The plan with headings whose styles carry the numbering, the table's cells merged by the library."""
    docx = pytest.importorskip("docx")
    from docx.oxml import parse_xml

    document = docx.Document()
    root = document.part.numbering_part.element
    definition = plan_numbering("japaneseCounting").split("</w:abstractNum>")
    for index, piece in enumerate((definition[0] + "</w:abstractNum>", definition[1])):
        piece = piece.replace('="7"', '="77"').replace('numId="3"', 'numId="33"')
        element = parse_xml(piece.replace(" ", f' xmlns:w="{W}" ', 1))
        root.insert(0, element) if index == 0 else root.append(element)
    for level in range(4):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        numbered = properties.get_or_add_numPr()
        numbered.get_or_add_numId().val = 33
        numbered.get_or_add_ilvl().val = level
    for level, _, text in paragraphs():
        document.add_paragraph(text, style=None if level is None else f"Heading {level + 1}")
    table = document.add_table(len(TABLE), len(TABLE[0]))
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            text, _, span = cell.partition("|")
            if text:
                table.cell(row, column).text = text
            if span:
                table.cell(row, column).merge(table.cell(row + int(span) - 1, column))
    document.save(path)
    return path


def test_web_page(tmp_path):
    check(parse_file(write_page(tmp_path / "plan.html")))


def test_pdf(tmp_path):
    pytest.importorskip("reportlab", reason="reportlab makes the PDF of the test")
    check(parse_file(write_pdf(tmp_path / "plan.pdf", sheets())))


def test_ofd(tmp_path):
    check(parse_file(write_ofd(tmp_path / "plan.ofd", sheets_as_ofd(sheets()))))


def chinese_font():
    """A font file with Chinese characters and the index of its simplified face, or a skip."""
    for name in ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"):
        for file in Path("/usr/share/fonts").rglob(name):
            return str(file), 2
    pytest.skip("no Chinese font to draw the picture of the test with")


def scanned(path, pages):
    """Pages drawn as pictures and read back by OCR."""
    pytest.importorskip("rapidocr", reason='needs pip install "zhengce[ocr]"')
    pictures = [draw(sheet, *chinese_font(), scale=1.6) for sheet in pages]
    pictures[0].save(path, save_all=True, append_images=pictures[1:])
    return parse_file(path)


def agreement(wanted, found):
    """F1 of two bags."""
    wanted, found = Counter(wanted), Counter(found)
    return 2 * (wanted & found).total() / (wanted.total() + found.total())


def test_scan_of_the_first_page_and_of_the_table(tmp_path):
    first, *_, table = sheets()
    document = scanned(tmp_path / "plan.tif", [first, table])
    printed = [label for _, label, _ in CLAUSES][:6]
    assert agreement(printed, [c.label for c in document.clauses]) >= 0.95
    assert document.metadata.doc_number.value == NUMBER
    units = [unit for label, unit, _ in DUTIES if not label]
    assert agreement(units, [d.unit for d in document.duties]) >= 0.95


@pytest.mark.skipif("ZHENGCE_SLOW_TESTS" not in os.environ, reason="10 s of OCR: set ZHENGCE_SLOW_TESTS=1")
def test_scan(tmp_path):
    document = scanned(tmp_path / "plan.tif", sheets())
    assert agreement([label for _, label, _ in CLAUSES], [c.label for c in document.clauses]) >= 0.95
    assert agreement([unit for _, unit, _ in DUTIES], [d.unit for d in document.duties]) >= 0.9
    assert document.metadata.doc_number.value == NUMBER
