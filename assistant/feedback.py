"""What users said of answers: one JSON line each, kept until a person reads them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.datatypes import Answer, Question, Status
from assistant.errors import DataFileError, UsageError, ZhengceError
from assistant.journal import append_line

Judgement = Literal["helpful", "wrong"]
_TEXTS = ("time", "question", "document", "answer", "status", "fingerprint", "reason")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One judgement of one answer.

    Attributes:
        time: When it was given, ISO 8601 with time zone.
        question: The question as asked.
        history: Earlier user turns, oldest first.
        document: Document the question was restricted to, "" for all.
        answer: Text of the answer.
        status: Status of the answer.
        labels: Labels of the cited clauses, in order of importance.
        fingerprint: State of the index that answered.
        verdict: What the user thought of it.
        reason: The user's own words, may be "".
    """

    time: str
    question: str
    history: tuple[str, ...]
    document: str
    answer: str
    status: Status
    labels: tuple[str, ...]
    fingerprint: str
    verdict: Judgement
    reason: str = ""

    @classmethod
    def of(cls, question: Question, answer: Answer, verdict: Judgement, reason: str = "") -> "Feedback":
        """A judgement, given now, of the answer to a question."""
        return cls(
            time=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
            question=question.text,
            history=question.history,
            document=question.document,
            answer=answer.text,
            status=answer.status,
            labels=tuple(dict.fromkeys(each.label for each in answer.citations if each.label)),
            fingerprint=answer.index_fingerprint,
            verdict=verdict,
            reason=reason.strip(),
        )


class FeedbackLog:
    """An append-only file of judgements; safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, feedback: Feedback) -> None:
        """Write one judgement through to the disk.

        Raises:
            UsageError: The verdict is none of the two.
            ZhengceError: The file cannot be written.
        """
        if feedback.verdict not in get_args(Judgement):
            raise UsageError(f"评价只能是 helpful 或 wrong，实际是“{feedback.verdict}”。")
        try:
            append_line(self._path, json.dumps(asdict(feedback), ensure_ascii=False))
        except OSError as error:
            raise ZhengceError(f"无法保存评价到 {self._path}：{error.strerror}。请检查目录权限。") from error

    def read(self) -> tuple[Feedback, ...]:
        """All judgements, oldest first; none while the file does not exist.

        Raises:
            DataFileError: A line is no judgement.
        """
        try:
            # Not splitlines: a question may hold U+2028 and its like.
            lines = self._path.read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return ()
        return tuple(self._parsed(number, line) for number, line in enumerate(lines, 1) if line.strip())

    def _parsed(self, number: int, line: str) -> Feedback:
        try:
            return _feedback(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise DataFileError(
                f"评价文件 {self._path} 第 {number} 行无法读取：{error}。请修正或删除这一行。"
            ) from error


def _feedback(record: Mapping[str, Any]) -> Feedback:
    lists: dict[str, Any] = {name: tuple(map(str, record[name])) for name in ("history", "labels")}
    texts: dict[str, Any] = {name: str(record[name]) for name in _TEXTS}
    if record["verdict"] not in get_args(Judgement):
        raise ValueError(f"verdict {record['verdict']}")
    return Feedback(**texts, **lists, verdict=record["verdict"])
