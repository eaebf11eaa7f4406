import pytest

from assistant.changelines import arrow, change_lines, clause_title, former_place, unit_changes
from assistant.datatypes import Clause
from assistant.differences import DeadlineChange, Edit, FigureChange
from assistant.revisions import ClauseChange, UnitChange

OLD, NEW = Clause("", ("二", "（一）"), "站点", 0, 1), Clause("附件1", ("三",), "站点", 0, 1)


def test_a_clause_by_its_part_label_and_heading():
    assert clause_title(NEW) == "附件1 三 站点"
    assert clause_title(OLD) == "二（一） 站点"
    assert clause_title(None) == "文件开头和落款"


@pytest.mark.parametrize(
    ("placement", "expected"),
    [("same", ""), ("renumbered", "（原编号 二（一））"), ("moved", "（原在 二（一））")],
)
def test_where_a_clause_was(placement, expected):
    assert former_place(ClauseChange("changed", placement, OLD, NEW, "", "")) == expected


def test_one_line_for_each_aspect_that_changed():
    change = ClauseChange(
        "changed",
        "same",
        OLD,
        NEW,
        "旧",
        "新",
        edits=(Edit("每户", "5元", "6元"), Edit("", "甲", ""), Edit("乙", "", "丙"), Edit("", "", "丁")),
        deadlines=(DeadlineChange("", "年底前"),),
        figures=(FigureChange("money", "5元", "6元", "每户"), FigureChange("count", "3个", "", "")),
    )
    assert change_lines(change) == [
        "文字：每户“5元”改为“6元”；“甲”删去；“乙”后增加“丙”；增加“丁”",
        "期限：（无） → 年底前",
        "数字：金额 （每户）5元 → 6元；数量 3个 → （无）",
    ]


def test_units_that_came_went_and_changed():
    changes = (
        UnitChange("审计局", None, "lead"),
        UnitChange("财政局", "support", None),
        UnitChange("住建局", "support", "lead"),
        UnitChange("乡村振兴局", "lead", "responsible", "扶贫办"),
    )
    assert unit_changes(changes) == (
        "增加审计局（牵头）；去掉财政局（原配合）；住建局由配合改为牵头；乡村振兴局（原名扶贫办）由牵头改为责任"
    )


def test_an_arrow_says_what_is_missing():
    assert (arrow("", "甲"), arrow("甲", "")) == ("（无） → 甲", "甲 → （无）")
