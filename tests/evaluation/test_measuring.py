import pytest

from assistant.datatypes import Answer, AnswerUnit, Citation, Question
from assistant.evaluation.judging import Judgement
from assistant.evaluation.measuring import Measurement, UnitCounts, measure
from assistant.evaluation.questions import Gold

TEXTS = {"a": "第一句原文。第二句原文。"}
RIGHT = Judgement("q", "owner", True)


def same_unit(one, other):
    """市人社局 = 人社局; 人社部门 is any of them."""
    cores = {name.removeprefix("市").removeprefix("省") for name in (one, other)}
    return len(cores) == 1 or (one != other and "人社部门" in (one, other) and "人社局" in cores)


def cited(*path, quote="第一句原文。", start=0, end=6, file="a.txt"):
    return Citation("a", "方案", "", file, "", path, "", quote, start, end)


def unit(name, label="一"):
    return AnswerUnit(name, name, "responsible", label, "a")


def counted(gold, answer):
    return measure(gold, answer, RIGHT, same_unit=same_unit, text_of=TEXTS.__getitem__)


def gold(**fields):
    return Gold("q", "owner", Question("问"), **fields)


def answer(*, citations=(), units=(), status="answered", verdict=None):
    return Answer("问", status, "答", "owner", tuple(citations), tuple(units), verdict)


def test_cited_clauses_count_once_in_order_of_first_citation():
    asked = gold(clauses=("二", "三", "五"))
    given = answer(citations=[cited("一"), cited("二", "1"), cited("一"), cited("二", "2"), cited("三")])
    found = counted(asked, given)
    assert found.cited == (False, True, True, True)
    assert (found.clauses_found, found.clauses_wanted) == (2, 3)


def test_a_clause_that_only_may_be_cited_is_not_missed():
    asked = gold(clauses=("二", "三"), also=("三",))
    assert counted(asked, answer(citations=[cited("三")])).cited == (True,)
    found = counted(asked, answer(citations=[cited("二")]))
    assert (found.clauses_found, found.clauses_wanted) == (1, 1)


def test_a_question_without_gold_clauses_or_to_be_refused_is_not_measured_for_clauses():
    assert counted(gold(), answer(citations=[cited("一")])).cited is None
    refused = counted(gold(clauses=("一",), abstain=True), answer(citations=[cited("一")]))
    assert (refused.cited, refused.clauses_wanted) == (None, 0)


def test_a_quotation_is_verbatim_when_it_is_the_text_at_its_place():
    given = answer(
        citations=[cited("一"), cited("一", quote="第二句原文。"), cited("一", quote="第一句原文")]
    )
    found = counted(gold(), given)
    assert (found.quotes, found.verbatim) == (3, 1)


def test_units_are_paired_one_to_one():
    asked = gold(units=("市人社局", "公安局", "教育局"))
    given = answer(units=[unit("人社局"), unit("公安局", "二"), unit("人社局", "三"), unit("财政局")])
    assert counted(asked, given).units == UnitCounts(given=3, wanted=3, matched=2)


def test_units_are_paired_so_that_most_fit():
    # 人社部门 fits both gold units, 市人社局 one: pairing the first with the first would lose one.
    asked = gold(units=("市人社局", "人社部门"))
    given = answer(units=[unit("人社部门"), unit("省人社局")])
    assert counted(asked, given).units.matched == 1  # 省人社局 and 人社部门 denote one unit: named once
    apart = answer(units=[unit("人社部门")])
    assert counted(gold(units=("省人社局",)), apart).units == UnitCounts(1, 1, 1)


@pytest.mark.parametrize("fields", [{"narrow": True}, {"verdict": "yes"}, {"abstain": True}])
def test_units_count_only_where_gold_lists_them_all(fields):
    assert counted(gold(units=("公安局",), **fields), answer(units=[unit("公安局")])).units is None


def test_verdicts_and_documents():
    assert counted(gold(verdict="no"), answer(verdict="no")).verdict_right is True
    assert counted(gold(verdict="no"), answer()).verdict_right is False
    assert counted(gold(), answer(verdict="no")).verdict_right is None
    of_file = gold(file="a.txt")
    assert counted(of_file, answer(citations=[cited("一"), cited("一", file="b.txt")])).document_right is True
    assert (
        counted(of_file, answer(citations=[cited("一", file="b.txt"), cited("一")])).document_right is False
    )
    assert counted(of_file, answer()).document_right is False
    assert counted(gold(), answer(citations=[cited("一")])).document_right is None


def test_a_question_that_failed_has_nothing_of_what_it_has_gold_for():
    asked = gold(clauses=("一",), units=("公安局",), file="a.txt")
    assert counted(asked, None) == Measurement(
        judgement=RIGHT,
        status="failed",
        abstain=False,
        cited=(),
        clauses_found=0,
        clauses_wanted=1,
        quotes=0,
        verbatim=0,
        units=UnitCounts(0, 1, 0),
        verdict_right=None,
        document_right=False,
    )
    assert counted(gold(verdict="yes"), None).verdict_right is False
