import pytest

from assistant.parsing.numerals import cn_value, line_markers


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("一百零二", 102),
        ("一百一十", 110),
        ("一〇七", 107),
        ("12", 12),
        ("１２", 12),
        ("二十-", 21),
    ],
)
def test_value_of_a_numeral(printed, value):
    assert cn_value(printed) == value


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("一、总体要求", "一"),
        ("　　（一）指导思想。", "（一）"),
        ("(一) 指导思想", "（一）"),
        ("1.支持企业", "1"),
        ("1．支持企业", "1"),
        ("1、支持企业", "1"),
        ("１．支持企业", "1"),
        ("（1）支持企业", "（1）"),
        ("(1)支持企业", "（1）"),
        ("①支持企业", "①"),
        ("⑴支持企业", "（1）"),
        ("## 第一章　总则", "第一章"),
        ("第　三　章 服务", "第三章"),
        ("第十二条 本办法", "第十二条"),
        ("第一百零二条　本法", "第一百零二条"),
        ("第二十-条 本法", "第二十一条"),
        ("第九条认定省级企业", "第九条"),
        ("4.2021年启动试点。", "4"),
        ("8.5G网络建设。", "8"),
        ("第三条之一 本法", "第三条之一"),
        ("2.1　组织机构", "2.1"),
        ("3.2.1　预警分级", "3.2.1"),
        ("（三）项目建设", "（三）"),
        ("四、项目制培训", "四"),
    ],
)
def test_items(line, item):
    assert [m.item for m in line_markers(line)] == [item]


@pytest.mark.parametrize(
    "line",
    [
        "第七条所称费用",
        "第七条规定的费用",
        "（二）款的资助",
        "（二）项所列",
        "1.5亿元",
        "2020年工作",
        "——目标",
        "一是提升",
        "专栏1 重点工程",
        "3.5%左右",
    ],
)
def test_what_opens_no_clause(line):
    assert [m.item for m in line_markers(line) if m.style not in ("bare", "decimal")] == []
