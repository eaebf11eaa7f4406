from dataclasses import replace

import pytest

from assistant.answering.library import Library
from assistant.answering.support import (
    PRACTICAL_KINDS,
    asks_for_several,
    has_object,
    is_supported,
    valued_sentences,
)
from assistant.datatypes import Hit, Plan, Term
from assistant.values import KIND_NAMES
from policies import assistant, document


@pytest.fixture(scope="module")
def library():
    opened = assistant("elderly")
    return Library(opened.retriever, opened.ledger, opened.lexicon)


def hit(path, evidence=1.0):
    return Hit("elderly", "", path, 1.0, 1.0, evidence)


def test_the_best_hit_alone_must_reach_the_threshold(library):
    threshold = library.retriever.model.threshold
    assert is_supported(library, [hit(("一",), threshold), hit(("二",), 0.0)])
    assert not is_supported(library, [hit(("一",), threshold - 1e-6), hit(("二",), 1.0)])
    assert not is_supported(library, [])


FIRST, SECOND = hit(("二", "（一）", "1")), hit(("二", "（一）", "2"))


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("money", ["互助养老点", "补助"], ["利用闲置校舍和村委会旧址改建互助养老点，每个补助8万元。"]),
        ("money", ["扶手"], ["为失能老人家庭安装扶手和呼叫器，每户改造费用不超过3000元。"]),
        ("percent", ["互助养老点", "补助"], []),
        # No sentence has a word of the question: a number is not the number asked for.
        ("money", ["食堂"], []),
        (None, ["互助养老点"], []),
    ],
)
def test_sentences_that_give_the_value_asked_for(library, kind, words, expected):
    plan = Plan("", "fact", tuple(Term(word, 1.0) for word in words), expects=kind)
    found = valued_sentences(plan, library, [FIRST, SECOND])
    assert [document("elderly").text[start:end] for _, (start, end) in found] == expected


def found_texts(library, words, kind):
    plan = Plan("", "fact", tuple(Term(word, 1.0) for word in words), expects=kind)
    return [
        document("elderly").text[start:end] for _, (start, end) in valued_sentences(plan, library, [FIRST])
    ]


def test_a_sentence_that_covers_less_than_seven_tenths_of_the_best_does_not_count(library):
    # The money stands in the sentence before the one that has all the words.
    assert found_texts(library, ["首批", "建成", "10月底"], "money") == []


def test_a_sentence_is_read_with_the_one_before_it(library):
    # 首批20个 stands alone with one word of three; the sentence before it has the other two.
    assert found_texts(library, ["互助养老点", "补助", "首批"], "count") == ["首批20个于2024年10月底前建成。"]


def several(question):
    terms = tuple(Term(word, 1.0) for word in ("互助养老点", "补助", "首批"))
    return Plan(question, "fact", terms, expects="count")


def test_of_several_values_asked_for_the_less_fitting_ones_count_too(library):
    # 补助8万元 has one word of the three that its neighbour has together with it.
    terms = tuple(Term(word, 1.0) for word in ("首批", "建成", "互助养老点"))
    plan = Plan("首批几个互助养老点，补助多少，几月建成", "fact", terms, expects="money")
    found = valued_sentences(plan, library, [FIRST])
    assert [document("elderly").text[start:end] for _, (start, end) in found] == [
        "利用闲置校舍和村委会旧址改建互助养老点，每个补助8万元。"
    ]
    assert valued_sentences(replace(plan, question="互助养老点补多少"), library, [FIRST]) == []
    assert not asks_for_several(several("首批建几个"))


@pytest.mark.parametrize(
    ("question", "word", "expected"),
    [
        ("互助养老点每个多少补助", "补助", True),
        # Half of a word (护理假 → 护理) is not the thing.
        ("失能老人能领多少护理津贴", "护理津贴", False),
        # Nothing stands behind the question word.
        ("扶手改造补多少", "扶手", True),
        # 旧校舍 is in 闲置校舍和村委会旧址 by none of its ways; 闲校舍 is, with something between.
        ("能改多少旧校舍", "旧校舍", False),
        ("能改多少闲校舍", "闲校舍", True),
    ],
)
def test_the_thing_whose_value_is_asked_must_stand_in_the_clause(library, question, word, expected):
    plan = Plan(question, "fact", (Term(word, 1.0),), expects="amount")
    assert has_object(plan, library, FIRST) is expected


def test_every_practical_kind_has_a_name():
    assert set(KIND_NAMES) >= PRACTICAL_KINDS
