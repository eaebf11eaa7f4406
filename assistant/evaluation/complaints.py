"""Candidate questions from what users marked as wrong."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from assistant.datatypes import Answer, Intent, Question
from assistant.errors import DataFileError, UnknownDocumentError
from assistant.evaluation.candidates import Candidate
from assistant.feedback import Feedback, FeedbackLog

# What a question was understood as, where the types of questions have another name.
_TYPES: dict[Intent, str] = {"count": "list", "chat": "abstain"}


def complaints(path: Path, ask: Callable[[Question], Answer]) -> list[Candidate]:
    """One candidate for each question marked as wrong, without gold: that is for a person to say.

    Args:
        path: The feedback file.
        ask: Answers a question today, so that the person sees whether it is still wrong.

    Raises:
        DataFileError: No such file, or a line that is no judgement.
    """
    if not path.is_file():
        raise DataFileError(f"没有反馈文件：{path}。请给出网页保存的反馈文件（JSON Lines）。")
    wrong = [each for each in FeedbackLog(path).read() if each.verdict == "wrong"]
    found = {candidate.id: candidate for candidate in (_candidate(each, ask) for each in wrong)}
    return list(found.values())


def _candidate(feedback: Feedback, ask: Callable[[Question], Answer]) -> Candidate:
    asked = "\n".join((*feedback.history, feedback.question, feedback.document))
    try:
        answer = ask(Question(feedback.question, feedback.history, feedback.document))
        kind, now = _TYPES.get(answer.intent, answer.intent), f"{answer.status}：{answer.text}"
    except UnknownDocumentError as error:
        kind, now = "fact", f"（{error}）"
    shown = [
        f"当时的回答（{feedback.status}，引用 {'、'.join(feedback.labels) or '无'}）：{feedback.answer}",
        f"用户说：{feedback.reason or '（没有写理由）'}",
        f"现在的回答：{now}",
    ]
    return Candidate(
        id=f"feedback-{hashlib.sha256(asked.encode()).hexdigest()[:10]}",
        type=kind,
        question=feedback.question,
        history=feedback.history,
        document=feedback.document,
        evidence="\n".join(shown),
    )
