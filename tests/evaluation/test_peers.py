from dataclasses import replace

import pytest

from assistant.datatypes import Question
from assistant.evaluation.questions import Gold
from policies import document

from .fixtures import script

compare, worker = script("peers/compare.py"), script("peers/worker.py")
GOLD = [("a", 10, 20), ("b", 0, 5)]


@pytest.mark.parametrize(
    ("passage", "relevant"),
    [
        (["a", [[0, 11]]], True),
        (["a", [[0, 10]]], False),
        (["a", [[20, 30]]], False),
        (["a", [[19, 30]]], True),
        (["a", [[0, 5], [15, 16]]], True),
        (["b", [[10, 20]]], False),
        (["b", [[4, 9]]], True),
        (["c", [[0, 99]]], False),
    ],
)
def test_a_hit_overlaps_a_gold_clause(passage, relevant):
    assert compare.relevance([passage], GOLD) == [relevant]


def test_the_gold_share_is_what_stands_in_the_first_characters():
    # 4 characters elsewhere, then 6 of 10 of the clause before the budget of 10 ends.
    passages = [["c", [[0, 4]]], ["a", [[10, 20]]], ["b", [[0, 5]]]]
    assert compare.gold_share(passages, GOLD[:1], budget=10) == pytest.approx(6 / 10)
    assert compare.gold_share(passages, GOLD[:1], budget=14) == 1.0
    assert compare.gold_share(passages, GOLD[:1], budget=4) == 0.0
    # Of several gold clauses the best found counts; overlapping passages do not count twice.
    assert compare.gold_share(passages, GOLD, budget=19) == 1.0
    assert compare.gold_share([["a", [[10, 15]]], ["a", [[10, 15]]]], GOLD[:1], budget=10) == 0.5
    # Of a clause longer than the budget, the share of what the budget could hold.
    assert compare.gold_share([["a", [[0, 5]]]], [("a", 0, 100)], budget=5) == 1.0


def test_questions_are_gathered_with_the_places_of_their_gold_clauses():
    elderly = document("elderly")
    plain = Gold("q1", "fact", Question("互助养老点补多少"), clauses=("二（一）1",))
    golds = [
        plain,
        replace(plain, id="abstain", abstain=True),
        replace(plain, id="listed", type="reverse"),
        replace(plain, id="none", clauses=()),
        replace(plain, id="turn", question=Question("那多少", ("养老点",))),
        replace(plain, id="lost", clauses=("九",)),
        replace(plain, id="elsewhere", file="other.txt"),
    ]
    found = compare.gather("demo", [elderly], golds)
    ((name, question, ((where, start, end),)),) = found.questions
    assert (name, question, where) == ("q1", "互助养老点补多少", "elderly")
    assert elderly.text[start:end].startswith("1. 建设互助养老点。")
    assert elderly.text[start:end].rstrip().endswith("（县民政局牵头，县财政局、县自然资源局配合）")
    assert found.left_out == {
        "题型不靠检索": 2,
        "没有标准条款": 1,
        "追问": 1,
        "标准条款没有解析出来": 2,
    }


def test_systems_are_measured_on_the_same_questions():
    collection = compare.Collection(
        "demo", {"a": "字" * 40}, (("q1", "甲", (("a", 0, 10),)), ("q2", "乙", (("a", 20, 30),))), {}
    )
    costs = {"passages": 2, "mean_characters": 20.0, "load_s": 1.0, "build_s": 2.0, "peak_mb": 100.4}
    first, second = ["a", [[0, 20]]], ["a", [[20, 40]]]
    outcomes = {
        "zhengce default": {**costs, "query_ms": [1.0, 3.0], "results": [[first, second], [second, first]]},
        "txtai default": {**costs, "query_ms": [1.0, 2.0], "results": [[second, first], [second]]},
    }
    record = compare.collection_record(collection, outcomes)
    ours, theirs = record["systems"].values()
    assert [ours[name]["value"] for name in compare.MEASURES] == [1.0] * 5
    assert theirs["Success@1"]["value"] == 0.5
    assert theirs["RR@10"]["value"] == pytest.approx((1 / 2 + 1) / 2)
    assert (ours["characters@5"], theirs["characters@5"]) == (40.0, 30.0)
    assert theirs["ours_at_1"]["difference"]["value"] == 0.5
    assert theirs["ours_at_1"]["p_value"] == 1.0  # one flip
    assert "ours_at_1" not in ours
    assert compare.table(record).splitlines()[4] == (
        "| 本项目 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 40 | 2 | 2.0 | 2.0 | 100 |"
    )


def test_pieces_are_found_in_order():
    assert worker.located("甲乙甲丙", ["甲", "甲", "丙"]) == [(0, 1), (2, 3), (3, 4)]
    with pytest.raises(ValueError, match="substring not found"):
        worker.located("甲乙", ["乙", "甲"])


def test_a_segmented_text_leads_back_to_the_original():
    text = "提高技术工人\n收入水平。"
    spaced, places = worker.segmented(text)
    words = spaced.split()
    assert "".join(words) == text.replace("\n", "")
    assert {"提高", "收入水平"} <= set(words)
    assert len(places) == len(spaced)
    for index, character in enumerate(spaced):
        if character != " ":
            assert text[places[index]] == character
