import copy

import pytest

from assistant.conversation import Reader, is_elliptic, resolve
from assistant.datatypes import Plan, Question, Term
from policies import ask, assistant, plan

CORPUS, ELDERLY = ("corpus",), ("elderly",)


@pytest.mark.parametrize(
    ("question", "history", "intent", "units"),
    [
        ("那教育局呢？", ["人社局有哪些任务"], "duties", ("教育局",)),
        ("换成商务局，又是哪条？", ["科技局负责哪几条？"], "duties", ("商务局",)),
        ("那卫健委呢", ["教育局要负责哪几条？", "科技局呢"], "duties", ("卫健委",)),
        ("教育局呢", ["人社局管不管农民工融入城市"], "owner", ("教育局",)),
    ],
)
def test_another_unit_takes_the_place_of_the_unit_before(question, history, intent, units):
    found = plan(CORPUS, question, *history)
    assert (found.intent, found.units) == (intent, units)


@pytest.mark.parametrize(
    ("question", "history", "path"),
    [
        ("这条归谁负责", ["二（二）2讲的是什么？"], ("二", "（二）", "2")),
        ("这一条的责任单位有哪些", ["维护农民工合法权益有哪些措施？"], ("二", "（三）", "1")),
        ("下一条呢", ["二（一）1讲什么"], ("二", "（一）", "2")),
        ("上一条呢", ["二（一）3讲什么"], ("二", "（一）", "2")),
        ("下一条呢", ["二（一）1讲什么", "下一条呢"], ("二", "（一）", "3")),
        ("那第4条呢", ["二（一）3的责任单位有哪些"], ("二", "（一）", "4")),
        ("那财政局呢？", ["教育局管不管农民工融入城市那条？"], ("二", "（三）", "3")),
    ],
)
def test_the_clause_of_the_turn_before(question, history, path):
    assert plan(CORPUS, question, *history).references == (path,)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("下一条呢", ["二（一）5讲什么"]),  # the last of its section
        ("上一条呢", ["二（一）1讲什么"]),
        ("那第9条呢", ["二（一）3讲什么"]),
        ("这条归谁负责", ["你好"]),
        ("这条归谁负责", []),
        ("下一条呢", []),
    ],
)
def test_no_clause_where_there_is_none_to_point_at(question, history):
    assert plan(CORPUS, question, *history).references == ()


@pytest.mark.parametrize("question", ["它俩一起负责哪几条", "这两家都负责的有哪些", "他们俩共同的任务有哪些"])
def test_two_units_named_before_are_taken_together(question):
    found = plan(CORPUS, question, "人社局有哪些任务", "教育局呢")
    assert (found.intent, found.relation, sorted(found.units)) == ("duties", "and", ["人社局", "教育局"])
    assert found.notes == (f"指{'和'.join(found.units)}",)


def test_one_unit_alone_is_no_pair():
    assert plan(CORPUS, "它俩一起负责哪几条", "人社局有哪些任务").units != ("人社局", "人社局")


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("农民工融入城市这项工作由哪些单位负责？", ["文号是多少"]),
        ("提高技术工人收入水平的责任单位是哪些单位？", ["人社局有哪些任务"]),
        ("二（三）1归谁管", ["二（一）1归谁管"]),
        ("市人大社建委负责哪几条任务，请全部列出", ["科技局负责哪几条"]),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question, history):
    assert plan(CORPUS, question, *history) == plan(CORPUS, question)


@pytest.mark.parametrize(("question", "word"), [("入党呢", "派遣工"), ("其中多少花在一线？", "教育经费")])
def test_the_matter_of_the_turn_before_stays_in_the_background(question, word):
    history = {"派遣工": "派遣工能加入工会吗", "教育经费": "试点企业要提多少职工教育经费？"}[word]
    before = {term.text: term.weight for term in plan(CORPUS, history).terms}
    after = {term.text: term.weight for term in plan(CORPUS, question, history).terms}
    assert after[word] == pytest.approx(0.4 * before[word])


@pytest.mark.parametrize(
    ("question", "history", "label"),
    [
        ("入党有没有机会？", ["我是劳务派遣工，能加入工会吗？"], "二（三）4"),
        ("这条归谁负责", ["二（二）2讲的是什么？"], "二（二）2"),
        ("孩子念书有照顾没？", ["引进的高技能领军人才住房怎么解决？", "落户呢？"], "二（一）3"),
    ],
)
def test_answers_to_follow_ups_cite_the_clause(question, history, label):
    assert ask(CORPUS, question, *history).citations[0].label == label


def test_follow_ups_on_the_county_plan():
    first = ask(ELDERLY, "县卫健局呢", "县财政局是不是互助养老点的责任单位？")
    assert (first.verdict, first.citations[0].label) == ("no", "二（一）1")
    second = ask(ELDERLY, "那县残联呢", "县人社局负责哪些任务")
    assert [unit.label for unit in second.units] == ["二（一）2"]
    third = ask(ELDERLY, "下一条呢", "二（二）2讲的是什么")
    assert [each.label for each in third.citations] == ["二（二）3"]


def test_small_talk_between_turns_is_small_talk():
    assert ask(CORPUS, "谢谢", "人社局有哪些任务").status == "chat"
    assert ask(CORPUS, "人社局有哪些任务", "你好").status == "answered"


@pytest.mark.parametrize(
    ("question", "elliptic"),
    [
        ("那教育局呢", True),
        ("还有呢", True),
        ("它归谁管", True),
        ("住房呢？", True),
        ("落户条件", True),  # too short to stand alone
        ("提高技术工人收入水平的责任单位有哪些", False),
        ("农民工想在城里安家落户有什么政策支持", False),
    ],
)
def test_is_elliptic(question, elliptic):
    assert is_elliptic(Plan(question, "benefit")) is elliptic


def test_a_short_question_of_many_words_stands_alone():
    terms = tuple(Term(text, 1.0) for text in "甲乙丙丁")
    assert is_elliptic(Plan("甲乙丙丁", "benefit", terms[:3]))
    assert not is_elliptic(Plan("甲乙丙丁", "benefit", terms))


PLANS = {
    "一2归谁管": Plan("一2归谁管", "owner", references=(("一", "2"),), topical=False),
    "下一条呢": Plan("下一条呢", "clause", topical=False),
    "教育局负责哪些": Plan("教育局负责哪些", "duties", units=("教育局",), topical=False),
    "那人社局呢": Plan("那人社局呢", "duties", units=("人社局",), topical=False),
}


def resolved(question, *history, counted=lambda *_: (), shown=lambda *_: ()):
    def focus(plan, prior):
        return ("d", plan.references[-1]) if plan.references else prior

    return resolve(question, history, Reader(PLANS.__getitem__, focus, counted, shown))


def test_without_history_a_plan_is_unchanged():
    assert resolved("那人社局呢") == (PLANS["那人社局呢"], None)


def test_completing_leaves_the_plans_of_the_turns_as_they_were():
    before = copy.deepcopy(PLANS)
    resolved("下一条呢", "一2归谁管", "那人社局呢")
    assert before == PLANS


def test_counting_on_asks_for_the_neighbour_in_the_same_section():
    asked = []

    def counted(document, section, ordinal):
        asked.append((document, section, ordinal))
        return ("一", str(ordinal))

    found, focus = resolved("下一条呢", "一2归谁管", counted=counted)
    assert asked == [("d", ("一",), 3)]
    # The question is the one of the turn before, the clause its neighbour.
    assert (found.intent, found.references) == ("owner", (("一", "3"),))
    assert focus == ("d", ("一", "2"))


def test_history_is_not_changed():
    history = ("人社局有哪些任务",)
    question = Question("教育局呢", history)
    assistant("corpus").ask(question)
    assert question == Question("教育局呢", ("人社局有哪些任务",))
