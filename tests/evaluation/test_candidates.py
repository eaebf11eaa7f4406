import pytest

from assistant.datatypes import Question
from assistant.evaluation.candidates import Candidate, describe, evenly, of_types
from assistant.evaluation.questions import Gold, to_gold

OWNER = Candidate("o1", "owner", "谁管？", paths=(("二", "（三）", "1"),), units=("人社局", "总工会"))


def test_a_candidate_becomes_a_question_of_the_contract():
    assert OWNER.record() == {
        "id": "o1",
        "type": "owner",
        "q": "谁管？",
        "clauses": ["二（三）1"],
        "units": ["人社局", "总工会"],
    }
    assert to_gold(OWNER.record()) == Gold(
        "o1", "owner", Question("谁管？"), clauses=("二（三）1",), units=("人社局", "总工会")
    )


def test_with_several_documents_the_file_and_the_paths_are_written():
    found = Candidate(
        "d1", "duties", "有哪些任务？", paths=(("一",), ("二", "1")), file="a.txt", unit="人社局"
    )
    assert found.record() == {
        "id": "d1",
        "type": "duties",
        "q": "有哪些任务？",
        "file": "a.txt",
        "paths": [["一"], ["二", "1"]],
        "unit": "人社局",
    }
    assert to_gold(found.record()).clauses == ("一", "二1")


def test_a_question_to_be_refused_says_so():
    found = Candidate("a1", "abstain", "发多少钱？", history=("上一问",), document="a")
    assert found.record() == {
        "id": "a1",
        "type": "abstain",
        "q": "发多少钱？",
        "clauses": [],
        "history": ["上一问"],
        "document": "a",
        "abstain": True,
    }
    assert describe(found) == "应当拒答"
    assert describe(OWNER) == "条款 二（三）1　单位 人社局、总工会"


@pytest.mark.parametrize(
    ("kind", "fields", "fault"),
    [
        ("owner", {}, "还没有标准答案"),
        ("owner", {"paths": (("一",),)}, "还没有标准答案"),
        ("owner", {"units": ("人社局",)}, ""),
        ("owner", {"verdict": "no"}, ""),
        ("duties", {"unit": "人社局"}, "还没有标准答案"),
        ("duties", {"paths": (("一",),)}, ""),
        ("meta", {"paths": (("一",),)}, "还没有标准答案"),
        ("meta", {"must": (("6号",),)}, ""),
        ("fact", {}, "还没有标准答案"),
        ("fact", {"must": (("50%",),)}, ""),
        ("fact", {"paths": (("一",),)}, ""),
        ("abstain", {}, ""),
        ("all", {"paths": (("一",),)}, "题型“all”不认识"),
    ],
)
def test_gold_must_suffice_to_judge_by(kind, fields, fault):
    found = Candidate("c", kind, "问", **fields).fault
    assert found.startswith(fault)
    assert bool(found) == bool(fault)


def test_a_sample_is_spread_over_each_type():
    found = [Candidate(f"{kind}{n}", kind, "问") for kind in ("owner", "fact") for n in range(10)]
    assert [each.id for each in evenly(found, 2)] == ["owner0", "owner5", "fact0", "fact5"]
    assert [each.id for each in evenly(found[:3], 4)] == ["owner0", "owner1", "owner2"]
    assert evenly(found, None) == found
    assert of_types(found, ["fact"]) == found[10:]
    assert of_types(found, []) == found
