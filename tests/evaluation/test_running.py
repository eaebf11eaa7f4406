import json
from types import SimpleNamespace

import pytest

from assistant.datatypes import Answer
from assistant.errors import DataFileError
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


@pytest.fixture
def opened(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "Assistant", SimpleNamespace(open=lambda settings: FixedAssistant()))


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


def test_the_report_as_json(questions, opened):
    lines = []
    assert running.evaluate(None, [questions], as_json=True, emit=lines.append) == 0
    (record,) = json.loads(lines[0])
    assert len(lines) == 1
    assert {name: record[name] for name in ("set", "accuracy", "false_refusals")} == {
        "set": "demo",
        "accuracy": 0.5,
        "false_refusals": {"count": 1, "answerable": 3},
    }
    assert record["types"]["meta"] == {"right": 1, "total": 2, "accuracy": 0.5}
    assert record["types"]["all"] == {"right": 2, "total": 4, "accuracy": 0.5}
    assert record["latency_ms"] == {"p50": 10.0, "p95": 10.0}
    assert [each["id"] for each in record["wrong"]] == ["m2", "f1"]


def test_the_report_for_people(questions, opened):
    lines = []
    running.evaluate(None, [questions], as_json=False, emit=lines.append)
    report = lines[0].splitlines()
    assert report[0] == "demo：50.0%"
    assert "  误拒 1/3　每题 10.0 ms（p95 10.0 ms）" in report
    assert report[-2:] == ["  ✗ m2（meta）缺内容：方案", "  ✗ f1（fact）误拒"]


@pytest.mark.parametrize(("baseline", "code"), [(0.5, 0), (0.25, 0), (0.75, 1)])
def test_a_set_that_got_worse_than_the_baseline_fails(questions, opened, tmp_path, baseline, code):
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "baseline.json").write_text(json.dumps({"demo": baseline, "other": 1.0}))
    assert running.evaluate(None, [questions], as_json=True, emit=lambda line: None) == code


def test_without_questions_there_is_nothing_to_measure(opened, tmp_path):
    with pytest.raises(DataFileError, match="没有问题文件"):
        running.evaluate(None, [], as_json=True, emit=lambda line: None)
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(DataFileError, match=r"问题文件是空的：.*empty\.jsonl"):
        running.evaluate(None, [tmp_path / "empty.jsonl"], as_json=True, emit=lambda line: None)


@pytest.mark.parametrize("content", ["{", "[]", '{"demo": "high"}', '{"demo": null}'])
def test_a_malformed_baseline_is_named(tmp_path, content):
    (tmp_path / "baseline.json").write_text(content)
    with pytest.raises(DataFileError, match=r"基线文件无法读取：.*baseline\.json"):
        running.read_baseline(tmp_path / "baseline.json")
    assert running.read_baseline(tmp_path / "missing.json") == {}
