import zipfile

import pytest

from assistant.errors import DocumentError
from assistant.parsing import parse_file, read_file
from assistant.parsing.formats import archive

from .wordfiles import paragraph, part, run, table, write_docx


def text_of(tmp_path, body, **parts):
    return read_file(write_docx(tmp_path / "x.docx", body, **parts))


def test_paragraphs_and_soft_breaks_are_lines(tmp_path):
    body = paragraph("第一段") + paragraph(inner=run("上") + "<w:r><w:br/></w:r>" + run("下")) + paragraph()
    assert text_of(tmp_path, body) == "第一段\n上\n下\n\n"


def test_a_tab_does_not_make_a_table_row(tmp_path):
    body = paragraph(inner=run("第一章") + "<w:r><w:tab/></w:r>" + run("总则"))
    assert text_of(tmp_path, body) == "第一章 总则\n"


def test_changes_are_read_as_accepted(tmp_path):
    inner = (
        run("由")
        + f"<w:del>{run('原')}<w:r><w:delText>甲</w:delText></w:r></w:del>"
        + f"<w:ins>{run('乙')}</w:ins><w:moveFrom>{run('丙')}</w:moveFrom><w:moveTo>{run('丁')}</w:moveTo>"
        + run("负责")
    )
    assert text_of(tmp_path, paragraph(inner=inner)) == "由乙丁负责\n"


def test_a_deleted_paragraph_mark_joins_the_paragraphs(tmp_path):
    body = paragraph("前半，", properties="<w:rPr><w:del/></w:rPr>") + paragraph("后半。")
    assert text_of(tmp_path, body) == "前半，后半。\n"


def test_codes_hidden_text_and_symbols_are_left_out(tmp_path):
    inner = (
        run("见")
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>'
        + run("码")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("附件1")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>'
        + '<w:r><w:sym w:font="Wingdings" w:char="F06C"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        + "<w:r><w:noBreakHyphen/></w:r>"
    )
    assert text_of(tmp_path, paragraph(inner=inner)) == "见附件1显-\n"


def test_content_controls_links_and_tags_are_transparent(tmp_path):
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('乙')}</w:sdtContent></w:sdt>"
    inner = f"<w:hyperlink>{run('甲')}</w:hyperlink>{control}"
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(inner=inner)}</w:sdtContent></w:sdt>"
    assert text_of(tmp_path, body) == "甲乙\n"


def box(*lines):
    content = f"<w:txbxContent>{''.join(paragraph(line) for line in lines)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{content}</v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_text_boxes_stand_once_where_they_are_anchored(tmp_path):
    body = (
        paragraph("一")
        + paragraph(inner=box("专栏1", "内容") + run("二"))
        + paragraph(inner=run("三") + box("专栏2"))
    )
    assert text_of(tmp_path, body) == "一\n专栏1\n内容\n二\n三\n专栏2\n"


def test_headers_footers_and_notes_are_other_parts(tmp_path):
    extra = {
        f"word/{name}.xml": part(tag, paragraph("页眉"))
        for name, tag in (("header1", "hdr"), ("footnotes", "footnotes"))
    }
    assert text_of(tmp_path, paragraph("正文"), extra=extra) == "正文\n"


def test_tables_are_rows_of_cells_in_place(tmp_path):
    grid = table(
        [[("序号", 1, None), ("牵头单位", 1, None)], [("1", 1, None), ("市教育局\n市财政局", 1, None)]]
    )
    body = paragraph("前") + grid + paragraph("后")
    assert text_of(tmp_path, body) == "前\n序号\t牵头单位\n1\t市教育局 市财政局\n后\n"


def test_cells_merged_down_are_empty_before_and_repeated_behind(tmp_path):
    grid = table(
        [
            [("任务", 1, "restart"), ("甲", 1, None), ("市教育局", 1, "restart")],
            [("", 1, "continue"), ("乙", 1, None), ("", 1, "continue")],
            [("", 1, "continue"), ("丙", 1, None), ("市民政局", 1, "restart")],
        ]
    )
    assert text_of(tmp_path, grid) == "任务\t甲\t市教育局\n\t乙\t市教育局\n\t丙\t市民政局\n"


def test_cells_merged_across_keep_the_columns(tmp_path):
    grid = table(
        [
            [("任务", 1, "restart"), ("责任分工", 2, None)],
            [("", 1, "continue"), ("牵头单位", 1, None), ("配合单位", 1, None)],
            [("总则", 3, None)],
            [("建设", 1, None), ("市教育局", 1, None), ("市财政局", 1, None)],
        ]
    )
    assert text_of(tmp_path, grid).split("\n") == [
        "任务\t责任分工\t",
        "\t牵头单位\t配合单位",
        "总则\t\t",
        "建设\t市教育局\t市财政局",
        "",
    ]


def test_a_table_of_one_column_is_a_box_of_paragraphs(tmp_path):
    grid = table([[("专栏1 重点工程", 1, None)], [("1.甲工程。\n2.乙工程。", 1, None)]])
    assert text_of(tmp_path, grid) == "　　专栏1 重点工程\n　　1.甲工程。\n　　2.乙工程。\n"
    plain = table([[("1.甲。\n2.乙。", 1, None)]])
    assert text_of(tmp_path, plain) == "1.甲。\n2.乙。\n"


def test_the_entries_of_a_box_are_no_clauses(tmp_path):
    box = table([[("专栏1 重点工程", 1, None)], [("1.甲工程。建设。\n2.乙工程。建设。", 1, None)]])
    clauses = [
        paragraph(line) for line in ("一、任务", "（一）产业", "1.农业。加快发展。", "2.工业。加快发展。")
    ]
    path = write_docx(tmp_path / "x.docx", "".join([*clauses[:3], box, clauses[3]]))
    found = [(clause.label, clause.heading) for clause in parse_file(path).clauses]
    assert found == [("一", "任务"), ("一（一）", "产业"), ("一（一）1", "农业"), ("一（一）2", "工业")]


def test_strict_documents_have_another_namespace(tmp_path):
    path = write_docx(tmp_path / "x.docx", "")
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(
            "word/document.xml",
            f'<document xmlns="{strict}"><body><p><r><t>正文</t></r></p></body></document>',
        )
    assert read_file(path) == "正文\n"


def rewritten(path, name, data):
    """The same docx with one part replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    parts[name] = data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each, content in parts.items():
            new.writestr(each, content)
    return path


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip", b"PK\x03\x04" + b"\x00" * 40],
    ids=["empty", "text", "torn"],
)
def test_a_damaged_file(tmp_path, data):
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="已损坏或格式不符"):
        read_file(path)


def test_a_torn_part(tmp_path):
    path = write_docx(tmp_path / "x.docx", paragraph("正文" * 500))
    data = bytearray(path.read_bytes())
    at = data.index(b"word/document.xml") + 60
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="已损坏"):
        read_file(path)


@pytest.mark.parametrize("data", ["<w:document", "", "<a/>"])
def test_a_part_that_is_no_word_xml(tmp_path, data):
    path = rewritten(write_docx(tmp_path / "x.docx", ""), "word/document.xml", data)
    with pytest.raises(DocumentError, match="已损坏"):
        read_file(path)


def test_a_missing_part(tmp_path):
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(DocumentError, match="没有 Word 正文"):
        read_file(path)


def test_entities_are_refused(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    body = part("document", "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body>")
    for entity in (f'SYSTEM "{secret.as_uri()}"', '"展开"'):
        data = body.replace("<w:document", f"<!DOCTYPE d [<!ENTITY x {entity}>]><w:document", 1)
        path = rewritten(write_docx(tmp_path / "x.docx", ""), "word/document.xml", data)
        with pytest.raises(DocumentError, match="DTD"):
            read_file(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = rewritten(write_docx(tmp_path / "x.docx", ""), "word/document.xml", b" " * (8 * 2**20))
    with pytest.raises(DocumentError, match="压缩炸弹"):
        read_file(path)


def test_what_is_unpacked_is_limited_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 2000)
    path = write_docx(tmp_path / "x.docx", paragraph("正文" * 1000))
    with pytest.raises(DocumentError, match="压缩炸弹"):
        read_file(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILE", 100)
    path = write_docx(tmp_path / "x.docx", paragraph("正文"))
    with pytest.raises(DocumentError, match="文件过大"):
        read_file(path)


def test_tables_nested_without_end(tmp_path):
    body = paragraph("底")
    for _ in range(20):
        body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
    with pytest.raises(DocumentError, match="嵌套"):
        text_of(tmp_path, body)


def test_a_document_without_text(tmp_path):
    with pytest.raises(DocumentError, match="没有内容"):
        text_of(tmp_path, paragraph())


def test_word_documents_of_python_docx(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("关于做好有关工作的通知")
    for item in ("开展排查", "抓好整改"):
        document.add_paragraph(item, style="List Number")
    document.save(tmp_path / "x.docx")
    assert read_file(tmp_path / "x.docx") == "关于做好有关工作的通知\n1. 开展排查\n2. 抓好整改\n"
