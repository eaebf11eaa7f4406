import pytest

from assistant.datatypes import Document
from assistant.differences import DeadlineChange, Edit, FigureChange
from assistant.parsing import parse_text
from assistant.revisions import FieldChange, Reviser, UnitChange
from assistant.units import UnitLexicon
from policies import segmenter
from policypairs import care


@pytest.fixture(scope="module")
def reviser():
    return Reviser(UnitLexicon.load(), segmenter().pieces)


@pytest.fixture(scope="module")
def revision(reviser):
    return reviser.compare(care("old"), care("new"))


def change(revision, label):
    return next(each for each in revision.clauses if each.new and each.new.label == label)


def test_every_clause_by_what_became_of_it(revision):
    assert [
        (each.kind, each.placement, each.old.label if each.old else "", each.new.label if each.new else "")
        for each in revision.clauses
    ] == [
        ("unchanged", "same", "", ""),
        ("changed", "same", "一", "一"),
        ("unchanged", "same", "二", "二"),
        ("changed", "renumbered", "二（二）", "二（一）"),
        ("changed", "renumbered", "二（一）", "二（二）"),
        ("unchanged", "same", "二（三）", "二（三）"),
        ("removed", "same", "二（四）", ""),
        ("added", "same", "", "二（四）"),
        ("changed", "moved", "三（一）", "二（五）"),
        ("changed", "same", "三", "三"),
        ("unchanged", "renumbered", "三（二）", "三（一）"),
    ]


def test_facts_about_the_document(revision):
    assert revision.facts == (
        FieldChange("标题", "白石市推进居家养老服务实施方案", "白石市推进居家养老服务实施方案（修订）"),
        FieldChange("文号", "白政办发〔2021〕12号", "白政办发〔2024〕5号"),
        FieldChange("日期", "2021-04-06", "2024-02-18"),
    )


def test_one_clause_by_value(revision):
    found = change(revision, "二（一）")
    assert found.edits == (
        Edit("为高龄", "", "、失能"),
        Edit("每户补贴不超过", "2000元", "3000元"),
        Edit("", "2022年6月底", "2025年6月底"),
        Edit("2022年6月底前完成首批", "500户", "800户"),
    )
    assert found.units == (
        UnitChange("市住建局", "support", "lead"),
        UnitChange("市民政局", "lead", "support"),
    )
    assert found.deadlines == (DeadlineChange("2022年6月底前", "2025年6月底前"),)
    # The date is told as a deadline and not once more as a figure.
    assert found.figures == (
        FigureChange("money", "2000元", "3000元", "每户补贴不超过"),
        FigureChange("count", "500户", "800户", "2022年6月底前完成首批"),
    )


def test_units_that_came_and_went(revision):
    assert change(revision, "二（二）").units == (UnitChange("市市场监管局", None, "responsible"),)
    assert change(revision, "二（四）").units == (
        UnitChange("市大数据局", None, "responsible"),
        UnitChange("市民政局", None, "responsible"),
    )
    (removed,) = revision.of_kind("removed")
    assert removed.units == (UnitChange("市民政局", "responsible", None),)


def test_a_unit_printed_in_another_way_is_the_same_unit(reviser):
    old = parse_text("一、清扫道路。每天清扫两次。（责任单位：市人社局、城管局）\n")
    new = parse_text("一、清扫道路。每天清扫两次。（责任单位：人力资源社会保障局、市城管局）\n")
    assert reviser.compare(old, new).clauses[1].kind == "unchanged"


def test_a_renamed_unit_is_told_with_its_former_name(reviser):
    old = parse_text("一、帮扶农户。每月走访农户。（责任单位：市扶贫办）\n")
    new = parse_text("一、帮扶农户。每月走访农户。（责任单位：市乡村振兴局）\n")
    assert reviser.compare(old, new).clauses[1].units == (
        UnitChange("市乡村振兴局", "responsible", "responsible", "市扶贫办"),
    )


@pytest.mark.parametrize("name", ["old", "new"])
def test_a_document_does_not_differ_from_itself(reviser, name):
    revision = reviser.compare(care(name), care(name))
    assert revision.facts == ()
    assert {(each.kind, each.placement) for each in revision.clauses} == {("unchanged", "same")}


def test_a_clause_taken_out_renumbers_those_behind_it(reviser):
    text = "一、甲任务。修建道路。\n\n二、乙任务。培训护士。\n\n三、丙任务。种植树木。\n"
    shorter = "一、甲任务。修建道路。\n\n二、丙任务。种植树木。\n"
    found = reviser.compare(parse_text(text), parse_text(shorter)).clauses[1:]
    assert [(each.kind, each.placement, (each.new or each.old).label) for each in found] == [
        ("unchanged", "same", "一"),
        ("removed", "same", "二"),
        ("unchanged", "renumbered", "二"),
    ]


def test_an_added_clause_names_the_clause_its_text_comes_from(reviser):
    old = parse_text("一、道路管护。每天清扫主干道两次，每季度修剪行道树一遍，及时清运树枝。\n")
    new = parse_text("一、道路管护。每天清扫主干道两次。\n\n二、树木。每季度修剪行道树一遍，及时清运树枝。\n")
    (added,) = reviser.compare(old, new).of_kind("added")
    assert added.kin.label == "一"


def test_documents_without_clauses(reviser):
    found = reviser.compare(Document("a", "a.txt", "旧的一段话。"), Document("b", "b.txt", "新的一段话。"))
    assert [(each.kind, each.old_text, each.new_text) for each in found.clauses] == [
        ("changed", "旧的一段话。", "新的一段话。")
    ]
