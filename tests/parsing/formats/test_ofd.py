import pytest

from assistant.errors import DocumentError
from assistant.parsing import read_file
from assistant.parsing.formats import ofd

from .pages import MM, OFD, ofd_page, ofd_parts, path_object, text_object, write_ofd


def text_of(tmp_path, *pages, extra="", **parts):
    return read_file(write_ofd(tmp_path / "x.ofd", {**ofd_parts(list(pages), extra=extra), **parts}))


def test_text_is_read_by_place_not_by_order(tmp_path):
    page = ofd_page(
        text_object(79, 300, 16, "二、重点任务")
        + text_object(200, 200, 16, "总体要求")
        + text_object(79, 200, 16, "一、")
    )
    assert text_of(tmp_path, page) == "一、　总体要求\n二、重点任务\n"


def test_objects_in_blocks_layers_and_several_codes(tmp_path):
    two = (
        '<ofd:TextObject ID="9" Font="2" Size="5" Boundary="20 50 100 8">'
        '<ofd:TextCode X="0" Y="5" DeltaX="5">第一</ofd:TextCode>'
        '<ofd:TextCode X="10" DeltaX="g 2 5">条　总</ofd:TextCode></ofd:TextObject>'
    )
    page = ofd_page(f"<ofd:PageBlock>{two}</ofd:PageBlock>").replace(
        "</ofd:Content>", f'<ofd:Layer ID="5">{text_object(79, 300, 16, "乙")}</ofd:Layer></ofd:Content>'
    )
    assert text_of(tmp_path, page) == "第一条　总\n乙\n"


def test_transformed_text(tmp_path):
    scaled = text_object(79, 200, 16, "甲乙").replace('ID="1"', 'ID="1" CTM="2 0 0 2 0 0"')
    slanted = text_object(79, 300, 16, "水印").replace('ID="1"', 'ID="1" CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = text_object(79, 400, 16, "隐藏", extra='Visible="false"')
    assert text_of(tmp_path, ofd_page(scaled + slanted + hidden)) == "甲乙\n"


def test_templates_are_left_out(tmp_path):
    template = '<ofd:TemplatePage ID="4" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    page = ofd_page(text_object(79, 200, 16, "正文"), template="4")
    letterhead = ofd_page(text_object(79, 50, 16, "底纹"))
    parts = {"Doc_0/Tpls/Tpl_0/Content.xml": letterhead}
    assert text_of(tmp_path, page, extra=template, **parts) == "正文\n"


def test_tables(tmp_path):
    rules = [(80, y, 320, y) for y in (100, 130, 160)] + [(x, 100, x, 160) for x in (80, 200, 320)]
    words = ((90, 120, "任务"), (210, 120, "牵头单位"), (90, 150, "建设"), (210, 150, "市教育局"))
    page = ofd_page(
        "".join(path_object(*rule) for rule in rules) + "".join(text_object(x, y, 14, t) for x, y, t in words)
    )
    assert text_of(tmp_path, page) == "任务\t牵头单位\n建设\t市教育局\n"


def test_a_box_drawn_as_one_closed_path(tmp_path):
    box = (
        f'<ofd:PathObject ID="3" Boundary="{80 * MM} {100 * MM} {240 * MM} {60 * MM}"><ofd:AbbreviatedData>'
        f"M 0 0 L {240 * MM} 0 L {240 * MM} {60 * MM} L 0 {60 * MM} C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    page = ofd_page(
        box
        + path_object(200, 100, 200, 160)
        + text_object(90, 120, 14, "任务")
        + text_object(210, 120, 14, "单位")
    )
    assert text_of(tmp_path, page) == "任务\t单位\n"


def test_locations_from_the_root(tmp_path):
    parts = ofd_parts([ofd_page(text_object(79, 200, 16, "正文"))])
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace('"Pages/', '"/Doc_0/Pages/')
    parts["OFD.xml"] = parts["OFD.xml"].replace("Doc_0/Document", "/Doc_0/Document")
    assert read_file(write_ofd(tmp_path / "x.ofd", parts)) == "正文\n"


@pytest.mark.parametrize("left_out", ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_a_missing_part(tmp_path, left_out):
    parts = ofd_parts([ofd_page(text_object(79, 200, 16, "正文"))])
    del parts[left_out]
    with pytest.raises(DocumentError, match="缺少部件"):
        read_file(write_ofd(tmp_path / "x.ofd", parts))


def test_a_file_without_pages(tmp_path):
    with pytest.raises(DocumentError, match="没有页面"):
        text_of(tmp_path)


def test_a_scan(tmp_path):
    with pytest.raises(DocumentError, match="扫描件"):
        text_of(tmp_path, ofd_page('<ofd:ImageObject ID="2" ResourceID="7" Boundary="0 0 210 297"/>'))


def test_an_encrypted_file(tmp_path):
    page = ofd_page(text_object(79, 200, 16, "正文"))
    with pytest.raises(DocumentError, match="文件已加密"):
        text_of(tmp_path, page, **{"Doc_0/Encryptions.xml": "<a/>"})


def test_too_many_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(ofd, "MAX_PAGES", 1)
    with pytest.raises(DocumentError, match="页数过多"):
        text_of(tmp_path, ofd_page(""), ofd_page(""))


def test_no_zip_and_no_entities(tmp_path):
    path = tmp_path / "x.ofd"
    path.write_bytes(b"OFD")
    with pytest.raises(DocumentError, match="已损坏或格式不符"):
        read_file(path)
    parts = ofd_parts([ofd_page("")])
    parts["OFD.xml"] = f'<!DOCTYPE a [<!ENTITY x "y">]><ofd:OFD xmlns:ofd="{OFD}">&x;</ofd:OFD>'
    with pytest.raises(DocumentError, match="DTD"):
        read_file(write_ofd(path, parts))


@pytest.mark.parametrize(
    "bad",
    [
        'Boundary="x y"',
        'Boundary="nan 1e999 5 5"',
        'Boundary="0 0 1 1" CTM="0 0 0 0 0 0"',
        'Boundary="0 0 1 1" Size=""',
    ],
)
def test_broken_numbers_do_no_harm(tmp_path, bad):
    broken = (
        f'<ofd:TextObject {bad}><ofd:TextCode X="-" Y="" DeltaX="g g 9999999999 1 g -1 2 nan">甲乙'
        "</ofd:TextCode></ofd:TextObject>"
    )
    data = "<ofd:AbbreviatedData>L 1 Z M 1 2 A 1 B 9 C C</ofd:AbbreviatedData>"
    path = f'<ofd:PathObject Boundary="0 0 5 5">{data}</ofd:PathObject>'
    assert "正文" in text_of(tmp_path, ofd_page(broken + path + text_object(79, 200, 16, "正文")))
