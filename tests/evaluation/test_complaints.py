import pytest

from assistant.datatypes import Answer, Question
from assistant.errors import DataFileError, UnknownDocumentError
from assistant.evaluation.complaints import complaints
from assistant.feedback import Feedback, FeedbackLog


def feedback(question, verdict="wrong", **fields):
    plain = {
        "time": "2024-03-05T10:00:00+08:00",
        "history": (),
        "document": "",
        "answer": "县民政局",
        "status": "answered",
        "labels": ("二（一）1",),
        "fingerprint": "abc",
        "reason": "",
    }
    return Feedback(question=question, verdict=verdict, **{**plain, **fields})


@pytest.fixture
def log(tmp_path):
    def log(*entries):
        path = tmp_path / "feedback.jsonl"
        for entry in entries:
            FeedbackLog(path).append(entry)
        return path

    return log


def ask(question):
    if question.document == "gone":
        raise UnknownDocumentError("索引中没有这个文件：gone。")
    intent = {"几条？": "count", "你好": "chat"}.get(question.text, "owner")
    return Answer(question.text, "answered", f"关于“{question.text}”的回答", intent)


def test_what_was_marked_as_wrong_becomes_a_question_without_gold(log):
    path = log(
        feedback("谁管养老点？", reason="漏了财政局", history=("上一问",), document="elderly"),
        feedback("谁管巡访？", verdict="helpful"),
    )
    (found,) = complaints(path, ask)
    assert (found.question, found.history, found.document, found.type) == (
        "谁管养老点？",
        ("上一问",),
        "elderly",
        "owner",
    )
    assert found.evidence.splitlines() == [
        "当时的回答（answered，引用 二（一）1）：县民政局",
        "用户说：漏了财政局",
        "现在的回答：answered：关于“谁管养老点？”的回答",
    ]
    assert found.fault == "还没有标准答案，请先用 g 填写"


def test_types_follow_what_the_question_is_understood_as(log):
    path = log(feedback("几条？"), feedback("你好"), feedback("谁管？", document="gone"))
    found = complaints(path, ask)
    assert [each.type for each in found] == ["list", "abstain", "fact"]
    assert found[2].evidence.endswith("现在的回答：（索引中没有这个文件：gone。）")


def test_the_same_question_is_one_candidate_with_the_last_judgement(log):
    path = log(
        feedback("谁管？", reason="一"), feedback("谁管？", reason="二"), feedback("谁管？", document="a")
    )
    found = complaints(path, ask)
    assert len(found) == len({each.id for each in found}) == 2
    assert "用户说：二" in found[0].evidence


def test_line_separators_inside_a_question_do_not_end_the_judgement(log):
    (found,) = complaints(log(feedback("谁管\u2028养老点？", reason="甲\x85乙")), ask)
    assert found.question == "谁管\u2028养老点？"
    assert "用户说：甲\x85乙" in found.evidence


def test_a_missing_or_broken_feedback_file_is_an_error(tmp_path):
    with pytest.raises(DataFileError, match=r"没有反馈文件：.*none\.jsonl"):
        complaints(tmp_path / "none.jsonl", ask)
    (tmp_path / "broken.jsonl").write_text("{}\n")
    with pytest.raises(DataFileError, match="第 1 行无法读取"):
        complaints(tmp_path / "broken.jsonl", ask)


def test_a_candidate_asks_as_the_user_did(log):
    asked = []
    complaints(log(feedback("谁管？", history=("甲",), document="a")), lambda q: asked.append(q) or ask(q))
    assert asked == [Question("谁管？", ("甲",), "a")]
