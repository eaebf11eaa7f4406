import pytest

from assistant.figures import figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每个站点补助1.5万元", [("money", "1.5万元")]),
        ("一次性奖励五千元", [("money", "五千元")]),
        ("占比达到55%以上，提高3个百分点", [("percent", "55%"), ("percent", "3个百分点")]),
        ("百分之六十的站点", [("percent", "百分之六十")]),
        ("2024年10月底前建成", [("date", "2024年10月底")]),
        ("自2024年7月1日起施行，有效期5年", [("date", "2024年7月1日"), ("duration", "5年")]),
        ("于11月20日前报送", [("date", "11月20日")]),
        ("年底前完成", [("date", "年底")]),
        ("3个工作日内办结，两个月内公示", [("duration", "3个工作日"), ("duration", "两个月")]),
        ("每周巡查不少于 2 次", [("count", "2次")]),
        ("培训150人次，藏书1,200册", [("count", "150人次"), ("count", "1,200册")]),
        ("改造500余户、三类小区", [("count", "500余户"), ("count", "三类")]),
    ],
)
def test_figures_as_printed(text, expected):
    assert [(each.kind, each.text) for each in figures(text)] == expected


@pytest.mark.parametrize("text", ["第三条", "第十二次会议", "一个平台", "每年、每半年", "第三年", "上半年度"])
def test_ordinals_and_rhythms_are_no_figures(text):
    assert figures(text) == []


def test_offsets_are_those_of_the_text():
    text = "首批 20 个，每个补助8 万元。"
    assert [text[each.start : each.end] for each in figures(text)] == ["20 个", "8 万元"]
