import json
from types import SimpleNamespace

import pytest

from assistant.datatypes import Answer
from assistant.errors import DataFileError, UnknownDocumentError
from assistant.evaluation import running
from assistant.evaluation.judging import Judgement, Tally

RECORDS = [
    {"id": "m1", "q": "文号", "type": "meta", "must": [["6号"]]},
    {"id": "m2", "q": "标题", "type": "meta", "must": [["方案"]]},
    {"id": "n1", "q": "补贴", "type": "fact", "abstain": True},
    {"id": "f1", "q": "期限", "type": "fact", "must": [["6月"]]},
]


class FixedAssistant:
    """Answers known in advance: 文号 right, 标题 wrong, 补贴 refused rightly, 期限 refused wrongly."""

    lexicon = SimpleNamespace(same_unit=str.__eq__)

    def ask(self, question):
        status = "no_evidence" if question.text in ("补贴", "期限") else "answered"
        text = {"文号": "〔2023〕6号", "标题": "通知"}.get(question.text, "文件没有规定")
        return Answer(question.text, status, text, "fact", elapsed_ms=len(question.text) * 5.0)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "demo.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in RECORDS), encoding="utf-8")
    return path


def test_a_set_is_asked_and_judged_in_order(questions):
    result = running.run_set(FixedAssistant(), questions)
    assert result.name == "demo"
    assert result.judgements == (
        Judgement("m1", "meta", True),
        Judgement("m2", "meta", False, "缺内容：方案"),
        Judgement("n1", "abstain", True),
        Judgement("f1", "fact", False, "误拒"),
    )
    assert result.accuracy == 0.5
    assert result.refused == Tally(1, 3)
    assert result.milliseconds == (10.0, 10.0, 10.0, 10.0)


def test_a_question_that_fails_counts_as_wrong(questions):
    class Failing(FixedAssistant):
        def ask(self, question):
            if question.text in ("标题", "补贴"):
                raise UnknownDocumentError("索引中没有这个文件：甲。")
            return super().ask(question)

    result = running.run_set(Failing(), questions)
    assert [each.status for each in result.measurements] == ["answered", "failed", "failed", "no_evidence"]
    assert result.judgements[1] == Judgement("m2", "meta", False, "运行失败：索引中没有这个文件：甲。")
    assert result.judgements[2] == Judgement("n1", "abstain", False, "运行失败：索引中没有这个文件：甲。")
    assert (result.accuracy, result.refused, result.answered_falsely) == (0.25, Tally(1, 3), Tally(0, 1))
    assert result.milliseconds == (10.0, 10.0)


def test_questions_without_an_id_of_their_own_get_one(tmp_path):
    path = tmp_path / "demo.jsonl"
    records = [{"id": "a", "q": "甲"}, {"q": "乙"}, {"id": "a", "q": "丙"}, {"id": 4, "q": "丁"}]
    path.write_text("\n".join(json.dumps(record) for record in records))
    assert [gold.id for gold in running.read_golds(path)] == ["a#1", "#2", "a#3", "4"]


def test_a_false_answer_is_a_question_to_be_refused_that_was_not(tmp_path):
    path = tmp_path / "demo.jsonl"
    records = [{"id": name, "q": name, "type": "fact", "abstain": True} for name in ("文号", "补贴", "期限")]
    path.write_text("\n".join(json.dumps(record) for record in records))
    result = running.run_set(FixedAssistant(), path)
    assert (result.answered_falsely, result.refused) == (Tally(1, 3), Tally(0, 0))


def test_without_questions_there_is_nothing_to_measure(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataFileError, match="没有问题文件"):
        running.question_files([])
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataFileError, match=r"问题文件是空的：.*empty\.jsonl"):
        running.read_golds(tmp_path / "empty.jsonl")


def test_question_files_are_those_given_or_all_of_the_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "eval" / "questions"
    folder.mkdir(parents=True)
    for name in ("b.jsonl", "a.jsonl", "notes.txt"):
        (folder / name).touch()
    assert [path.name for path in running.question_files([])] == ["a.jsonl", "b.jsonl"]
    assert running.question_files([folder / "b.jsonl"]) == [folder / "b.jsonl"]
