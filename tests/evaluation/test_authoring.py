import json
from types import SimpleNamespace

import pytest

from assistant.errors import UnknownDocumentError, UsageError
from assistant.evaluation import authoring
from policies import assistant


@pytest.fixture
def opened(monkeypatch):
    monkeypatch.setattr(
        authoring, "Assistant", SimpleNamespace(open=lambda settings: assistant("elderly", "parking"))
    )


def proposed(output=None, lines=(), **options):
    shown, waiting = [], iter(lines)
    authoring.propose_questions(None, output, read=lambda prompt: next(waiting), show=shown.append, **options)
    return shown


def test_candidates_can_be_listed_as_questions(opened):
    records = [json.loads(line) for line in proposed(document="elderly", types=["duties"], count=2)]
    assert [(each["type"], each["file"]) for each in records] == [("duties", "elderly.txt")] * 2
    assert {json.loads(line)["file"] for line in proposed(types=["fact", "deadline"])} == {
        "elderly.txt",
        "parking.txt",
    }


def test_accepted_questions_are_written_and_counted(opened, tmp_path):
    output = tmp_path / "new.jsonl"
    shown = proposed(output, ["a", "q"], document="elderly", types=["owner"])
    assert shown[-1] == f"\n接受 1，不要 0，未处理 4。已接受的题在 {output}。"
    assert json.loads(output.read_text(encoding="utf-8"))["paths"] == [["二", "（一）", "1"]]


def test_accepted_questions_are_answered_right_or_wrong_by_the_evaluation(opened, tmp_path):
    from assistant.evaluation.running import run_set

    output = tmp_path / "new.jsonl"
    proposed(output, ["a"] * 5, document="elderly", types=["owner"])
    result = run_set(assistant("elderly", "parking"), output)
    assert result.accuracy == 1.0
    assert len(result.judgements) == 5


def test_unknown_types_and_documents_are_named(opened):
    with pytest.raises(UsageError, match="没有题型 诗歌。可选：owner、reverse"):
        proposed(types=["诗歌"])
    with pytest.raises(UnknownDocumentError, match="没有这个文件：none"):
        proposed(document="none")
