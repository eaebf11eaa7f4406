import json

import pytest

from assistant.errors import DataFileError, ZhengceError
from assistant.evaluation.candidates import Candidate
from assistant.evaluation.reviewing import QuestionFile, Review, review

PATHS = {"a.txt": {("一",), ("二",), ("二", "（一）")}}
CANDIDATES = [
    Candidate(f"c{number}", "fact", f"问{number}", paths=(("一",),), evidence="原文")
    for number in range(1, 5)
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new.jsonl"


def session(path, lines, candidates=CANDIDATES, paths=PATHS):
    """A person who enters these lines and goes away."""
    waiting = iter(lines)
    shown = []

    def read(prompt):
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    result = review(candidates, QuestionFile(path), paths=paths, read=read, show=shown.append)
    assert list(waiting) == []
    return result, shown


def written(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_decisions_are_kept_and_the_rest_comes_again(path):
    result, shown = session(path, ["a", "r", "s", "q"])
    assert result == Review(accepted=1, rejected=1, left=2)
    assert [each["id"] for each in written(path)] == ["c1"]
    assert written(path.with_name("new.rejected.jsonl")) == [{"id": "c2", "q": "问2"}]
    assert "\n[1/4] fact　c1" in shown
    assert "依据：原文" in shown
    # The second session begins where the first one left off, skipped questions included.
    result, shown = session(path, ["a", "a"])
    assert shown[0] == "\n[1/2] fact　c3"
    assert result == Review(2, 0, 0)
    assert [each["id"] for each in written(path)] == ["c1", "c3", "c4"]
    assert session(path, []) == (Review(0, 0, 0), [])


def test_a_person_who_goes_away_loses_no_decision(path):
    assert session(path, ["a", "e"])[0] == Review(1, 0, 3)
    assert [each["id"] for each in written(path)] == ["c1"]


def test_an_unknown_key_asks_again(path):
    assert session(path, ["", "x", "A", "q"])[0] == Review(1, 0, 3)


def test_the_question_can_be_edited(path):
    session(path, ["e", "怎么补？", "a", "e", "", "a"])
    assert [each["q"] for each in written(path)] == ["怎么补？", "问2"]


def test_gold_can_be_edited_field_by_field(path):
    session(path, ["g", "owner", "二（一） 一", "人社局、总工会", "甲/乙；丙", "", "yes", "a"])
    assert written(path) == [
        {
            "id": "c1",
            "type": "owner",
            "q": "问1",
            "clauses": ["二（一）", "一"],
            "units": ["人社局", "总工会"],
            "must": [["甲", "乙"], ["丙"]],
            "verdict": "yes",
        }
    ]


def test_clauses_that_do_not_exist_are_named_and_left_out(path):
    _, shown = session(path, ["g", "", "二 九", "", "", "", "", "a"])
    assert "没有这些条款：九，已略去。" in shown
    assert written(path)[0]["clauses"] == ["二"]


def test_a_dash_clears_a_field(path):
    _, shown = session(path, ["g", "", "-", "", "", "", "", "a", "q"])
    assert "还没有标准答案，请先用 g 填写。" in shown
    assert not path.exists()


def test_a_question_to_be_refused_needs_no_further_gold(path):
    session(path, ["g", "abstain", "a"])
    assert written(path) == [{"id": "c1", "type": "abstain", "q": "问1", "clauses": [], "abstain": True}]


def test_with_several_documents_the_file_is_asked_for(path):
    paths = {**PATHS, "b.txt": {("甲",)}}
    session(path, ["g", "", "b.txt", "甲", "", "", "", "", "a"], paths=paths)
    assert (written(path)[0]["file"], written(path)[0]["paths"]) == ("b.txt", [["甲"]])


def test_a_file_without_a_last_line_end_is_continued_on_a_line_of_its_own(path):
    path.write_text('{"id": "mine", "q": "自己写的"}', encoding="utf-8")
    session(path, ["a"])
    assert [each["id"] for each in written(path)] == ["mine", "c1"]


def test_a_file_that_is_no_question_file_is_left_alone(path):
    path.write_text("笔记\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="第 1 行不是 JSON"):
        QuestionFile(path)


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(ZhengceError, match=r"无法写入 .*new\.jsonl"):
        session(tmp_path / "none" / "new.jsonl", ["a"])
