from dataclasses import replace

import pytest

from assistant.datatypes import Answer, AnswerUnit, Citation, Question
from assistant.evaluation.judging import Judgement, Tally, gold_clause, judge, tally
from assistant.evaluation.questions import Gold


def same_unit(one, other):
    return one.removeprefix("市") == other.removeprefix("市")


def cited(*path, file="a.txt"):
    return Citation("a", "方案", "", file, "", path, "", "原文", 0, 2)


def unit(name, label="二（三）1", canonical=""):
    return AnswerUnit(name, canonical or name, "responsible", label, "a")


def gold(kind, **fields):
    return Gold("q1", kind, Question("问"), **fields)


def answer(*, citations=(), units=(), text="", status="answered", verdict=None):
    return Answer("问", status, text, "fact", tuple(citations), tuple(units), verdict)


def fault(gold, answer):
    judgement = judge(gold, answer, same_unit)
    assert judgement.right == (judgement.reason == "")
    assert (judgement.id, judgement.type) == ("q1", "abstain" if gold.abstain else gold.type)
    return judgement.reason


WAGES = cited("二", "（三）", "1")
OWNER = gold("owner", clauses=("二（三）1",), units=("人社局", "总工会"))


def test_an_owner_answer_needs_the_clause_and_every_unit():
    right = answer(citations=[WAGES], units=[unit("人社局"), unit("市总工会")])
    assert fault(OWNER, right) == ""
    assert fault(OWNER, replace(right, units=right.units[:1])) == "缺单位：总工会"
    assert fault(OWNER, replace(right, citations=(cited("三"), cited("一")))) == "条款不对：三、一"
    assert fault(OWNER, replace(right, citations=())) == "条款不对："


def test_a_unit_counts_by_its_printed_or_its_canonical_name():
    assert (
        fault(OWNER, answer(citations=[WAGES], units=[unit("人社局"), unit("工会", canonical="总工会")]))
        == ""
    )
    assert (
        fault(OWNER, answer(citations=[WAGES], units=[unit("人社局"), unit("总工会", canonical="市工会")]))
        == ""
    )


def test_an_owner_answer_may_name_one_unit_more_or_three_with_several_gold_clauses():
    extra = [unit("公安局"), unit("财政局"), unit("教育局"), unit("科技局")]
    both = [unit("人社局"), unit("总工会")]
    assert fault(OWNER, answer(citations=[WAGES], units=both + extra[:1])) == ""
    assert fault(OWNER, answer(citations=[WAGES], units=both + extra[:2])) == "多单位：公安局、财政局"
    several = replace(OWNER, clauses=("二（三）1", "三"))
    assert fault(several, answer(citations=[WAGES], units=both + extra[:3])) == ""
    assert (
        fault(several, answer(citations=[WAGES], units=both + extra))
        == "多单位：公安局、财政局、教育局、科技局"
    )


def test_the_clause_must_be_among_the_first_three_citations():
    others = [cited("三"), cited("一"), cited("四")]
    units = [unit("人社局"), unit("总工会")]
    assert fault(OWNER, answer(citations=[*others[:2], WAGES], units=units)) == ""
    assert fault(OWNER, answer(citations=[*others, WAGES], units=units)) == "条款不对：三、一、四"


def test_a_sub_clause_of_the_gold_clause_counts_its_parent_does_not():
    section = gold("fact", clauses=("二（三）",))
    assert fault(section, answer(citations=[WAGES])) == ""
    assert fault(section, answer(citations=[cited("二")])) == "条款不对：二"
    # 一（一） is no sub-clause of 一（一）1's namesake: prefixes are of whole path items.
    assert fault(gold("fact", clauses=("二（三",)), answer(citations=[WAGES])) != ""


def test_with_a_gold_file_the_clause_of_another_file_does_not_count():
    of_file = gold("fact", clauses=("二（三）1",), file="b.txt")
    assert fault(of_file, answer(citations=[WAGES])) == "条款不对：二（三）1"
    assert fault(of_file, answer(citations=[cited("二", "（三）", "1", file="b.txt")])) == ""


def test_a_narrow_owner_question_needs_its_unit_in_the_text_only():
    narrow = gold(
        "owner", clauses=("二（三）1",), units=("劳动监察大队",), must=(("劳动监察",),), narrow=True
    )
    assert fault(narrow, answer(citations=[WAGES], text="由劳动监察部门负责")) == ""
    assert fault(narrow, answer(citations=[WAGES], text="由人社局负责")) == "缺内容：劳动监察"


@pytest.mark.parametrize(("verdict", "reason"), [("no", ""), ("yes", "判断应为 no"), (None, "判断应为 no")])
def test_a_yes_or_no_question_needs_its_verdict(verdict, reason):
    asked = gold("owner", clauses=("二（三）1",), units=("人社局",), verdict="no")
    assert fault(asked, answer(citations=[WAGES], verdict=verdict)) == reason
    assert fault(gold("compare", verdict="no"), answer(verdict=verdict)) == reason


@pytest.mark.parametrize("kind", ["reverse", "duties"])
def test_a_list_of_duties_needs_exactly_the_gold_clauses(kind):
    listed = gold(kind, clauses=("二（三）1", "三"), unit="人社局")
    assert fault(listed, answer(citations=[WAGES, cited("三")])) == ""
    assert fault(listed, answer(citations=[WAGES])) == "条款集合不等：多  缺 三"
    assert fault(listed, answer(citations=[WAGES, cited("三"), cited("一")])) == "条款集合不等：多 一 缺 "
    # The clauses of the asked unit serve as well, whatever else is cited.
    units = [unit("市人社局"), unit("人社局", "三"), unit("公安局", "一")]
    assert fault(listed, answer(citations=[WAGES], units=units)) == ""
    assert fault(listed, answer(citations=[WAGES], units=units[:1])) != ""
    assert (
        fault(replace(listed, must=(("共2项",),)), answer(citations=[WAGES, cited("三")])) == "缺内容：共2项"
    )


@pytest.mark.parametrize("kind", ["benefit", "fact", "deadline", "clause"])
def test_a_passage_needs_its_clause_its_content_and_brevity(kind):
    asked = gold(kind, clauses=("二（三）1",), must=(("1.5万元", "15000元"), ("每月",)))
    right = answer(citations=[WAGES], text="每 月\n补助15000元")
    assert fault(asked, right) == ""
    assert fault(asked, replace(right, text="补助2万元")) == "缺内容：1.5万元/15000元；每月"
    assert fault(asked, replace(right, citations=(cited("三"),))) == "条款不对：三"
    assert fault(asked, replace(right, text=f"每月1.5万元{'字' * 992}")) == ""
    assert fault(asked, replace(right, text=f"每月1.5万元{'字' * 994}")) == "过长：1001 字"


@pytest.mark.parametrize("kind", ["list", "meta", "compare"])
def test_lists_facts_about_the_document_and_comparisons_need_their_content_only(kind):
    asked = gold(kind, clauses=("二",), must=(("甲",), ("乙",)))
    assert fault(asked, answer(text="甲和乙")) == ""
    assert fault(asked, answer(text="甲")) == "缺内容：乙"


def test_a_term_needs_all_gold_clauses_and_at_most_as_many_others():
    asked = gold("term", clauses=("一", "二"))
    assert fault(asked, answer(citations=[cited("一"), cited("二"), cited("三"), cited("四")])) == ""
    five = [cited("一"), cited("二"), cited("三"), cited("四"), cited("五")]
    assert fault(asked, answer(citations=five)) == "词语条款不全"
    assert fault(asked, answer(citations=five[:1])) == "词语条款不全"


def test_what_the_document_does_not_say_must_be_refused_without_units():
    asked = gold("fact", clauses=(), abstain=True)
    assert fault(asked, answer(status="no_evidence", text="文件没有规定")) == ""
    assert fault(asked, answer(status="chat")) == ""
    assert fault(asked, answer(text="50元")) == "应当拒答"
    assert fault(asked, answer(status="no_evidence", units=[unit("人社局")])) == "应当拒答"


def test_refusing_what_the_document_says_is_wrong():
    refused = answer(status="no_evidence", citations=[WAGES], units=[unit("人社局"), unit("总工会")])
    assert fault(OWNER, refused) == "误拒"


def test_counts_by_type_and_altogether():
    judgements = [
        Judgement("1", "owner", True),
        Judgement("2", "owner", False, "误拒"),
        Judgement("3", "fact", True),
    ]
    assert tally(judgements) == {"owner": Tally(1, 2), "fact": Tally(1, 1), "all": Tally(2, 3)}
    assert tally(judgements)["all"].accuracy == pytest.approx(2 / 3)
    assert tally([]) == {}
    assert Tally(0, 0).accuracy == 0.0


def test_the_gold_clause_of_a_citation_is_the_innermost():
    asked = gold("fact", clauses=("二", "二（三）", "三"))
    assert gold_clause(asked, cited("二", "（三）", "1")) == "二（三）"
    assert gold_clause(asked, cited("二", "（一）")) == "二"
    assert gold_clause(asked, cited("四")) == ""
    assert gold_clause(replace(asked, file="b.txt"), cited("三")) == ""
