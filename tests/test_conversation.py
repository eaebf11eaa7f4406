import copy

import pytest

from assistant.conversation import Reader, is_elliptic, resolve
from assistant.datatypes import Plan, Question, Term
from policies import ask, assistant, plan
from policypairs import ask_cities, cities

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

    return resolve(
        question,
        history,
        Reader(PLANS.__getitem__, focus, counted, shown, lambda term: True, lambda focus: ()),
    )


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


# More of the same


@pytest.mark.parametrize(
    "words", ["还有吗", "还有别的吗", "还有呢？", "继续", "接着说", "还有没有其他规定", "就这些吗"]
)
def test_more_gives_clauses_that_were_not_shown(words):
    first = ask(CORPUS, "技术工人有什么培训")
    second = ask(CORPUS, words, "技术工人有什么培训")
    shown = {each.label for each in first.citations}
    assert second.status == "answered"
    assert {each.label for each in second.citations}.isdisjoint(shown)
    assert second.text.startswith("（接着上一问“技术工人有什么培训”）\n\n")


def test_more_and_more_comes_to_an_end():
    history = ["快递员有社会保险补贴吗"]
    shown = [each.label for each in ask_cities(*history).citations]
    for _ in range(9):
        answer = ask_cities("还有吗", *history)
        labels = {(each.document, each.label) for each in answer.citations}
        assert labels.isdisjoint(shown)
        shown += labels
        history.append("还有吗")
        if answer.status != "answered":
            break
    assert answer.status == "no_evidence"
    assert answer.text.endswith("没有找到别的相关条款了。")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("县民政局有哪些任务", "上一个回答已经列全，没有别的了。"),
        ("重点任务有哪几条", "上一个回答已经列全，没有别的了。"),
        ("文号是多少", "上一个回答已经列全，没有别的了。"),
        ("哪几条提到了扶手", "上一个回答已经列全，没有别的了。"),
        ("二（二）3讲什么", "这已经是这一部分的最后一条。"),
    ],
)
def test_after_a_complete_answer_there_is_no_more(before, said):
    answer = ask(ELDERLY, "还有吗", before)
    assert (answer.status, answer.citations, answer.units) == ("no_evidence", (), ())
    assert answer.text.endswith(said)


def test_going_on_after_a_clause_gives_the_next_one():
    assert [each.label for each in ask(ELDERLY, "继续", "二（二）1讲什么").citations] == ["二（二）2"]
    assert [each.label for each in ask(ELDERLY, "继续", "二（二）1讲什么", "继续").citations] == ["二（二）3"]


def test_another_deadline_is_one_that_was_not_shown():
    first = ask(ELDERLY, "进展情况最晚哪天报")
    second = ask(ELDERLY, "还有别的期限吗", "进展情况最晚哪天报")
    assert [each.label for each in first.citations] == ["三"]
    assert [each.label for each in second.citations] == ["一", "二（一）1"]
    assert ask(CORPUS, "还有别的期限吗", "落实措施最晚哪天报").text.endswith("文件里没有别的期限了。")


def test_more_of_a_named_matter_leaves_out_the_clauses_shown():
    history = ["给老人家里装扶手有补贴吗"]
    assert ask(ELDERLY, *history).citations[0].label == "二（一）2"
    answer = ask(ELDERLY, "还有别的补助吗", *history)
    assert answer.citations[0].label == "二（一）1"
    assert "每个补助8万元" in answer.text


@pytest.mark.parametrize("history", [[], ["你好"], ["谢谢", "你好"]])
def test_more_of_nothing(history):
    answer = ask(ELDERLY, "还有吗", *history)
    assert (answer.status, answer.citations) == ("chat", ())
    assert answer.text.startswith("前面还没有问过问题")


def test_small_talk_between_does_not_make_forget():
    assert (
        plan(CORPUS, "还有吗", "技术工人有什么培训", "谢谢").terms == plan(CORPUS, "技术工人有什么培训").terms
    )


# Another subject


def cities_plan(question, *history):
    return cities().considered(Question(question, history))[0]


@pytest.mark.parametrize("words", ["汾羊市呢", "那汾羊市呢？", "换成汾羊市", "要是汾羊市呢"])
def test_another_place_takes_the_place_of_the_one_before(words):
    found = cities_plan(words, "太禾市的补贴标准是多少")
    assert (found.question, found.expects) == ("汾羊市的补贴标准是多少", "money")
    answer = ask_cities(words, "太禾市的补贴标准是多少")
    assert answer.text.startswith("（按“汾羊市的补贴标准是多少”理解）\n\n金额：**3600元**")
    assert {each.document for each in answer.citations} == {"fenyang"}


def test_two_places_named_before_are_compared():
    answer = ask_cities("两个比一比", "太禾市的补贴标准是多少", "汾羊市呢")
    assert answer.text.startswith("（比较太禾市和汾羊市，接上一问“汾羊市的补贴标准是多少”）")
    assert "| 比例 | 按实际缴费额的60% | 按最低缴费额的50% |" in answer.text


@pytest.mark.parametrize(
    ("words", "before", "meant"),
    [
        ("那农民工呢", "技术工人有什么培训", "农民工有什么培训"),
        ("换成农民工", "领军人才的住房怎么解决", "农民工的住房怎么解决"),
        ("农民工呢？", "劳务派遣工能入党吗", "农民工能入党吗"),
    ],
)
def test_another_group_takes_the_place_of_the_one_before(words, before, meant):
    found = plan(CORPUS, words, before)
    assert found.question == meant
    assert found.notes[-1] == f"按“{meant}”理解"


@pytest.mark.parametrize("words", ["换成教育局", "换教育局呢", "那教育局呢", "教育局呢"])
def test_another_unit_however_it_is_said(words):
    answer = ask(CORPUS, words, "科技局负责哪些")
    assert [unit.label for unit in answer.units] == ["二（一）3", "二（二）2", "二（三）3"]


def test_unit_after_unit_is_asked_about_the_same_clause():
    history = ["技术工人涨工资归谁管"]
    for unit, verdict in (("人社局管吗", "yes"), ("总工会呢", "yes"), ("那教育局呢", "no")):
        answer = ask(CORPUS, unit, *history)
        assert (answer.verdict, answer.citations[0].label) == (verdict, "二（二）1")
        history.append(unit)


def test_another_clause_by_number_is_asked_the_same():
    answer = ask(ELDERLY, "那二（一）2呢", "二（一）1归谁管")
    assert answer.intent == "owner"
    assert [unit.name for unit in answer.units] == ["县民政局", "县残联", "县住建局"]


@pytest.mark.parametrize("topic", ["换个话题，文号是多少", "文号是多少"])
def test_a_new_topic_is_a_new_topic(topic):
    answer = ask(CORPUS, topic, "农民工欠薪归谁管")
    assert (answer.intent, answer.status) == ("meta", "answered")
    assert "吕产改办发〔2023〕6号" in answer.text


def test_how_a_follow_up_was_understood_is_said_in_answers_and_refusals():
    assert ask(CORPUS, "归谁管", "职工教育经费提多少").text.startswith("（接上一问“职工教育经费提多少”理解）")
    refused = ask(CORPUS, "要交多少钱", "技术工人有什么培训")
    assert refused.status == "no_evidence"
    assert refused.text.startswith("（接上一问“技术工人有什么培训”理解）\n\n文件有相关内容")


def test_of_a_word_that_no_document_has_the_earlier_matter_says_nothing():
    answer = ask(CORPUS, "樱花节呢", "农民工欠薪归谁管")
    assert (answer.status, answer.citations) == ("no_evidence", ())
    assert answer.text.startswith("不在文件范围")


def test_a_place_is_not_answered_from_another():
    answer = ask_cities("汾羊市的职业伤害保障怎么缴费")
    assert "taihe" not in {each.document for each in answer.citations}


def test_a_question_that_stands_alone_says_nothing_of_earlier_ones():
    question = "二（三）1的责任单位是哪些单位？"
    assert ask(CORPUS, question, "文号是多少").text == ask(CORPUS, question).text


def test_they_are_the_units_of_the_clause_before():
    answer = ask(ELDERLY, "他们还负责什么", "给老人家里装扶手归谁管", "这条谁负责")
    assert answer.text.startswith("（指二（一）2的责任单位县民政局、县残联、县住建局）")
    assert {unit.label for unit in answer.units} == {"二（一）1", "二（一）2", "二（二）1", "二（二）2"}


def test_articles_count_on_across_chapters():
    assert [each.label for each in ask(("parking",), "下一条呢", "第四条讲什么").citations] == [
        "第三章第五条"
    ]
    assert [each.label for each in ask(("parking",), "继续", "第二条讲什么").citations] == ["第二章第三条"]
    assert ask(("parking",), "继续", "第六条讲什么").text.endswith("这已经是这一部分的最后一条。")


def test_an_article_is_looked_for_where_there_are_articles():
    answer = ask(("elderly", "parking"), "第三条讲什么")
    assert [(each.document, each.label) for each in answer.citations] == [("parking", "第二章第三条")]


def test_the_place_of_the_turn_before_holds_on():
    answer = ask_cities("那快递员呢", "太禾市的补贴对象")
    assert {each.document for each in answer.citations} == {"taihe"}


def test_a_place_alone_narrows_the_question_before():
    answer = ask_cities("汾羊市的", "骑手驿站归谁管")
    assert answer.text.startswith("（接上一问“骑手驿站归谁管”，只看汾羊市）")
    assert {each.document for each in answer.citations} == {"fenyang"}


def test_no_value_of_the_matter_before_is_given_for_another():
    answer = ask(ELDERLY, "居家改造呢", "互助养老点补助多少钱")
    assert answer.text.startswith("（接上一问“互助养老点补助多少钱”理解）")
    assert "金额：" not in answer.text
    assert "二（一）2" in {each.label for each in answer.citations}


def test_a_new_topic_forgets_the_one_before():
    question = "文化活动有哪些"
    assert plan(CORPUS, f"换个话题，{question}", "农民工欠薪归谁管").terms == plan(CORPUS, question).terms
