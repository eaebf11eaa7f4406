import pytest

from assistant.differences import DeadlineChange, Edit, FigureChange, deadline_changes, edits, figure_changes
from policies import segmenter


def changed(old, new):
    return edits(old, new, segmenter().pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("每户补助2000元。", "每户补助3000元。", [Edit("每户补助", "2000元", "3000元")]),
        ("安装扶手，按期完成。", "安装扶手、护栏，按期完成。", [Edit("安装扶手", "", "、护栏")]),
        ("由市县共同负担。", "由市负担。", [Edit("由", "市县共同", "市")]),
        ("占60%，占70%", "占65%，占75%", [Edit("占", "60%", "65%"), Edit("占", "70%", "75%")]),
        ("没有变化", "没有变化", []),
        ("", "新增内容", [Edit("", "", "新增内容")]),
    ],
)
def test_changed_words_with_what_stands_before_them(old, new, expected):
    assert list(changed(old, new)) == expected


def test_the_edits_lead_from_one_text_to_the_other():
    old = "各社区每月给独居老人打一次电话，登记在册。"
    new = "各村（社区）每周给独居、空巢老人打两次电话，并登记。"
    rest, rebuilt = old, ""
    for each in changed(old, new):
        at = rest.index(each.old) if each.old else rest.index(each.before[-2:]) + 2 if each.before else 0
        rebuilt += rest[:at] + each.new
        rest = rest[at + len(each.old) :]
    assert rebuilt + rest == new


def test_long_contexts_are_cut_but_not_inside_a_figure():
    old = "在全市范围内分三批推进2022年6月底前完成首批房屋改造500户"
    (edit,) = changed(old, old.replace("500户", "800户"))
    assert edit == Edit("…2022年6月底前完成首批房屋改造", "500户", "800户")


def test_a_figure_is_known_by_the_words_around_it():
    old = "每个站点补助5万元，每名护理员奖励1万元。"
    new = "每名护理员奖励2万元，每个站点补助6万元，每户减免3万元。"
    assert figure_changes(old, new) == (
        FigureChange("money", "5万元", "6万元", "每个站点补助"),
        FigureChange("money", "1万元", "2万元", "每名护理员奖励"),
        FigureChange("money", "", "3万元", "每户减免"),
    )


def test_a_figure_that_only_moved_did_not_change():
    assert figure_changes("补助5万元，占60%。", "占60%，补助5万元。") == ()


def test_a_figure_that_stands_once_less_went():
    assert figure_changes("甲补5万元，乙补5万元。", "乙补5万元。") == (
        FigureChange("money", "5万元", "", "乙补"),
    )


def test_deadlines_in_printed_order():
    assert deadline_changes(["6月底前", "9月底前"], ["6月底前", "10月底前"]) == (
        DeadlineChange("9月底前", "10月底前"),
    )
    assert deadline_changes([], ["年底前"]) == (DeadlineChange("", "年底前"),)
    assert deadline_changes(["年底前", "6月底前"], ["7月底前"]) == (
        DeadlineChange("年底前", "7月底前"),
        DeadlineChange("6月底前", ""),
    )
