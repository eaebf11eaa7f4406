import io

import pytest
from openpyxl import load_workbook

from assistant.datatypes import DutyRow
from assistant.errors import ZhengceError
from assistant.spreadsheet import duties_workbook, safe_cell, write_duties

ROW = DutyRow(
    document="bicycles",
    title="关于推进公共自行车便民服务的实施方案",
    doc_number="云政办发〔2022〕15号",
    part="",
    path=("二", "（一）", "1"),
    heading="优化站点布局",
    unit="住建局",
    canonical="市住建局",
    role="lead",
    deadlines=("2023年底前", "9月30日前"),
    quote="（牵头单位：住建局）",
    start=10,
    end=20,
)


def variant(**changes):
    return DutyRow(**{name: changes.get(name, getattr(ROW, name)) for name in DutyRow.__dataclass_fields__})


def read(content):
    sheet = load_workbook(io.BytesIO(content)).active
    return sheet, [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_ledger_by_value():
    rows = [
        ROW,
        variant(role="responsible", deadlines=(), unit="公安局", canonical="市公安局"),
        variant(role="support"),
    ]
    sheet, cells = read(duties_workbook(rows))
    assert sheet.title == "责任台账"
    assert cells == [
        ["文件", "文号", "条款", "标题", "责任单位", "单位全称", "角色", "完成时限", "原文标注"],
        [
            "关于推进公共自行车便民服务的实施方案",
            "云政办发〔2022〕15号",
            "二（一）1",
            "优化站点布局",
            "住建局",
            "市住建局",
            "牵头",
            "2023年底前、9月30日前",
            "（牵头单位：住建局）",
        ],
        [*cells[1][:4], "公安局", "市公安局", "责任", None, "（牵头单位：住建局）"],
        [*cells[1][:6], "配合", *cells[1][7:]],
    ]
    assert sheet.auto_filter.ref == "A1:I4"
    assert sheet.freeze_panes == "A2"


def test_an_empty_ledger_is_a_header():
    assert len(read(duties_workbook([]))[1]) == 1


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("1=1", "1=1"),
        ("人社局", "人社局"),
        ("", ""),
        # What no workbook can hold: a form feed of the printed page, other control characters.
        ("人社\x0c局\x00", "人社局"),
        ("\x0b=1", "'=1"),
    ],
)
def test_cells_that_a_spreadsheet_would_take_for_formulas(value, safe):
    assert safe_cell(value) == safe


def test_no_cell_of_a_hostile_document_is_a_formula():
    hostile = variant(
        **dict.fromkeys(
            ("title", "doc_number", "heading", "unit", "canonical", "quote"), "=cmd|'/c calc'!A0"
        ),
        deadlines=("=1+1",),
        path=("=2",),
    )
    sheet, cells = read(duties_workbook([hostile]))
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert [value for value in cells[1] if value.startswith("=")] == []
    assert cells[1][0] == "'=cmd|'/c calc'!A0"


def test_a_page_break_inside_an_annotation_does_not_stop_the_export():
    _, cells = read(duties_workbook([variant(quote="（牵头单位：\x0c住建局）")]))
    assert cells[1][8] == "（牵头单位：住建局）"


def test_the_file_holds_the_workbook(tmp_path):
    write_duties(tmp_path / "台账.xlsx", [ROW])
    assert read((tmp_path / "台账.xlsx").read_bytes())[1][1][4] == "住建局"
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(ZhengceError, match=r"无法写入 .*没有/台账\.xlsx"):
        write_duties(tmp_path / "没有" / "台账.xlsx", [ROW])
