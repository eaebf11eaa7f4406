import datetime
import io
import re
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from assistant.datatypes import Answer, Citation
from assistant.export import answer_docx
from policies import ask, document
from policypairs import ask_cities, cities, city

AT = datetime.datetime(2026, 3, 5, 14, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def exported(answer, *documents):
    content = answer_docx(answer, {each.id: each for each in documents}, "abc123", at=AT)
    return docx.Document(io.BytesIO(content))


def texts(opened):
    return [paragraph.text for paragraph in opened.paragraphs]


@pytest.fixture(scope="module")
def owner():
    return exported(ask(("elderly",), "互助养老点归谁管？"), document("elderly"))


def test_the_paragraphs_by_value(owner):
    assert texts(owner) == [
        "政策查询答复单",
        "一、问题",
        "互助养老点归谁管？",
        "二、答复",
        "二（一）1 建设互助养老点",
        "牵头单位：县民政局；配合单位：县财政局、县自然资源局（共 3 个）。文件规定列第一位的单位牵头。",
        "1. 建设互助养老点。利用闲置校舍和村委会旧址改建互助养老点，每个补助8万元。"
        "（二（一）1 建设互助养老点）",
        "（县民政局牵头，县财政局、县自然资源局配合）（二（一）1 建设互助养老点）",
        "三、引用条款",
        "（1）《关于提升农村养老服务水平的实施方案》（临政办发〔2024〕11号，2024年3月5日）"
        "二（一）1 建设互助养老点",
        "“1. 建设互助养老点。利用闲置校舍和村委会旧址改建互助养老点，每个补助8万元。”",
        "“（县民政局牵头，县财政局、县自然资源局配合）”",
        "四、责任单位",
        "五、说明",
        "引文由程序从所收录文件中逐字摘取，并与原文核对；引用前请以正式印发的文件为准。",
        "索引编号：abc123",
        "查询时间：2026年3月5日 14:07",
    ]


def test_the_units_table_by_value(owner):
    (table,) = owner.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "单位", "角色", "条款"],
        ["1", "县民政局", "牵头", "二（一）1"],
        ["2", "县财政局", "配合", "二（一）1"],
        ["3", "县自然资源局", "配合", "二（一）1"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_several_documents_have_their_names_in_the_tables():
    answer = ask_cities("太禾市和汾羊市的补贴标准有什么不同")
    compared, units = exported(answer, city("taihe"), city("fenyang")).tables
    assert [cell.text for cell in compared.rows[3].cells] == [
        "比例",
        "按实际缴费额的60%",
        "按最低缴费额的50%",
    ]
    assert [cell.text for cell in units.rows[0].cells] == ["序号", "单位", "角色", "条款", "文件"]
    assert [cell.text for cell in units.rows[4].cells] == [
        *["4", "市人社局", "责任", "一（二）", "汾羊市灵活就业人员参保办法"]
    ]


def font(run):
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size


def test_the_typography_of_official_documents(owner):
    section = owner.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    paragraphs = {paragraph.text: paragraph for paragraph in owner.paragraphs}
    assert font(paragraphs["政策查询答复单"].runs[0]) == ("方正小标宋简体", Pt(22))
    assert paragraphs["政策查询答复单"].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert font(paragraphs["一、问题"].runs[0]) == ("黑体", Pt(16))
    body = paragraphs["互助养老点归谁管？"]
    assert font(body.runs[0]) == ("仿宋_GB2312", Pt(16))
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert font(paragraphs["“（县民政局牵头，县财政局、县自然资源局配合）”"].runs[0]) == (
        "楷体_GB2312",
        Pt(16),
    )
    assert owner.styles["Normal"].paragraph_format.line_spacing == Pt(28)
    assert paragraphs["二（一）1 建设互助养老点"].runs[0].bold


def test_page_numbers_stand_at_the_outer_edge(owner):
    section = owner.sections[0]
    assert owner.settings.odd_and_even_pages_header_footer
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side
        assert paragraph._p.findtext(f".//{qn('w:instrText')}") == " PAGE "
        assert paragraph.text == "—  —"


def test_fonts_name_what_stands_in_for_them():
    content = answer_docx(Answer("问", "answered", "答", "fact"), {}, "x")
    table = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    for name, stand_in in (("方正小标宋简体", "宋体"), ("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体")):
        found = re.search(rf'<w:font w:name="{name}"><w:altName w:val="([^"]+)"/>', table)
        assert stand_in in found[1].split(",")


def test_an_answer_without_evidence():
    opened = exported(ask(("elderly",), "公园里的樱花什么时候开"), document("elderly"))
    assert "没有引用条款。" in texts(opened)
    assert "没有列出责任单位。" in texts(opened)
    assert opened.tables == []


def test_control_characters_and_half_surrogates_do_no_harm():
    citation = Citation("d", "标\x0b题", "", "f", "", ("一",), "甲\ufffe", "引\x00文\x0c", 0, 4)
    answer = Answer("问\x00题\x1b[31m", "answered", "答\x08案\ud800", "fact", citations=(citation,))
    found = texts(exported(answer))
    assert found[2] == "问题[31m"
    assert found[4] == "答案\ufffd"
    assert found[6:8] == ["（1）《标题》一 甲", "“引文”"]


def test_markdown_becomes_paragraphs():
    text = "（指二（一）2）\n\n**头**：\n\n1. 甲\n2. 乙\n\n- 丙\n\n> 引文\n\n出处：《文件》"
    found = texts(exported(Answer("问", "answered", text, "list")))
    assert found[4:10] == ["（指二（一）2）", "头：", "1. 甲", "2. 乙", "· 丙", "引文"]
    assert not any(line.startswith("出处") for line in found)


def test_who_made_it_and_when(owner):
    properties = owner.core_properties
    assert (properties.author, properties.title) == ("政策问答助手", "互助养老点归谁管？")
    assert properties.created.replace(tzinfo=None) == datetime.datetime(2026, 3, 5, 6, 7)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_opens_it(tmp_path):
    answer = ask_cities("太禾市和汾羊市的补贴标准有什么不同")
    (tmp_path / "a.docx").write_bytes(answer_docx(answer, cities().retriever.documents, "abc123"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "a.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "a.txt").read_text(encoding="utf-8-sig")
    assert "政策查询答复单" in text
    assert "每人每年不超过4800元" in text
    assert "索引编号：abc123" in text
