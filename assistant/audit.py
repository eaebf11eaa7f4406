"""What was answered and why: one JSON line for each answer, enough to ask again and compare.

    state/audit/2024-05-06.jsonl      the answers of one day, UTC
    state/audit/2024-05-06-2.jsonl    the same day once a file has grown too large

The records hold what people asked: the folder is for the operator only, its files may be read by their owner
alone, and old ones are removed by age and by size. ``ZHENGCE_AUDIT=off`` keeps none.
"""

import json
import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.contract import answer_record
from assistant.datatypes import Answer, Hit, Plan, Question
from assistant.errors import DataFileError, UnknownDocumentError
from assistant.journal import append_line
from assistant.pipeline import Assistant

FOLDER = "audit"
#: The version of the records; another one is another program's.
FORMAT_VERSION = 1
_MEGABYTE = 1 << 20
_FILES = 10  # as many as the space allowed is shared by, so that removing one frees a tenth
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-(\d+))?\.jsonl")
# Elapsed time differs each time; the question is what is asked again.
_COMPARED = ("status", "text", "intent", "citations", "units", "verdict", "retrieval_mode", "answer_mode")
logger = logging.getLogger(__name__)


class AuditLog:
    """The records of one installation; safe to use from several threads and processes.

    Args:
        folder: Where the files lie; made with the first record.
        days: Age from which records are removed.
        megabytes: Space they may take; the oldest go first.
    """

    def __init__(self, folder: Path, *, days: int, megabytes: int) -> None:
        self._folder = folder
        self._days = days
        self._bytes = megabytes * _MEGABYTE
        self._lock = threading.Lock()
        self._trouble = ""

    def record(self, question: Question, plan: Plan, hits: Sequence[Hit], answer: Answer) -> None:
        """Write one record. What cannot be written is logged once, and the answer goes out all the same."""
        now = datetime.now(UTC)
        line = json.dumps(audit_record(now, question, plan, hits, answer), ensure_ascii=False)
        try:
            with self._lock:
                append_line(self._file(now.date()), line)
        except OSError as error:
            if str(error) != self._trouble:
                logger.error("answers are not recorded: %s", error)  # noqa: TRY400 - the reason is in the error
            self._trouble = str(error)
            return
        self._trouble = ""

    def _file(self, day: date) -> Path:
        """The file to write to; a new one is the occasion to remove old ones."""
        names = [name for name in self._names() if name[0] == day]
        number = names[-1][1] if names else 1
        path = self._path(day, number)
        if names and path.stat().st_size * _FILES < self._bytes:
            return path
        self._prune(day)
        return self._path(day, number + 1 if names else 1)

    def _prune(self, today: date) -> None:
        """Remove what is too old, then the oldest until a new file has room."""
        paths = [self._path(*name) for name in self._names()]
        oldest = today - timedelta(days=self._days)
        room = self._bytes * (_FILES - 1) // _FILES
        sizes = {path: path.stat().st_size for path in paths}
        for (day, _), path in zip(self._names(), paths, strict=True):
            if day < oldest or sum(sizes.values()) > room:
                path.unlink(missing_ok=True)
                del sizes[path]

    def _names(self) -> list[tuple[date, int]]:
        """Day and number of the files, oldest first."""
        found = []
        for path in self._folder.glob("*.jsonl"):
            if parts := _NAME.fullmatch(path.name):
                found.append((date.fromisoformat(parts[1]), int(parts[2] or 1)))
        return sorted(found)

    def _path(self, day: date, number: int) -> Path:
        return self._folder / (f"{day}.jsonl" if number == 1 else f"{day}-{number}.jsonl")


def audit_record(
    time: datetime, question: Question, plan: Plan, hits: Sequence[Hit], answer: Answer
) -> dict[str, Any]:
    """One record: what was asked, of which index, how it was understood, what was found, what was said."""
    return {
        "format": FORMAT_VERSION,
        "time": time.isoformat(timespec="milliseconds"),
        "version": __version__,
        "question": asdict(question),
        "index_fingerprint": answer.index_fingerprint,
        "plan": asdict(plan),
        "hits": [_hit_record(hit) for hit in hits],
        "answer": answer_record(answer),
    }


def _hit_record(hit: Hit) -> dict[str, Any]:
    scores = {name: round(getattr(hit, name), 6) for name in ("score", "coverage", "evidence")}
    return {"document": hit.document, "part": hit.part, "path": list(hit.path), **scores}


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of a file, oldest first.

    Raises:
        DataFileError: The file cannot be read, or a line is no record of this version.
    """
    try:
        # Not splitlines: a question may hold U+2028 and its like.
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"无法读取审计记录 {path}：{error}。请检查文件是否存在、是否完整。") from error
    return [_parsed(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _parsed(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(line)
        if record["format"] != FORMAT_VERSION:
            raise ValueError(f"format {record['format']}")
        _question(record)
        _ = [record[name] for name in ("time", "version", "index_fingerprint", "plan", "hits", "answer")]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataFileError(
            f"审计记录 {path} 第 {number} 行无法使用：{type(error).__name__} {error}。"
            "需要本程序写出的记录；请去掉这一行再试。"
        ) from error
    return record


def _question(record: Mapping[str, Any]) -> Question:
    asked = record["question"]
    return Question(str(asked["text"]), tuple(map(str, asked["history"])), str(asked["document"]))


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was recorded; values as JSON would show them."""

    name: str
    recorded: Any
    now: Any


def replay(record: Mapping[str, Any], assistant: Assistant) -> list[Difference]:
    """Ask a recorded question again; what differs, the index first.

    Raises:
        UnknownDocumentError: The question was restricted to a document that the index no longer holds.
    """
    question = _question(record)
    plan, hits, answer = stages_of(assistant, question)
    fresh = audit_record(datetime.now(UTC), question, plan, hits, answer)
    fresh = json.loads(json.dumps(fresh))  # tuples become lists, as in the file
    pairs = [(name, record[name], fresh[name]) for name in ("version", "index_fingerprint", "plan", "hits")]
    pairs += [(name, record["answer"].get(name), fresh["answer"][name]) for name in _COMPARED]
    return [Difference(*each) for each in pairs if each[1] != each[2]]


def replay_all(records: Sequence[Mapping[str, Any]], assistant: Assistant) -> list[list[Difference]]:
    """The differences of each record.

    A question that the index can no longer be asked (its document is gone) differs in its answer.
    """
    found = []
    for record in records:
        try:
            found.append(replay(record, assistant))
        except UnknownDocumentError as error:
            found.append([Difference("status", record["answer"].get("status"), str(error))])
    return found


def stages_of(assistant: Assistant, question: Question) -> tuple[Plan, Sequence[Hit], Answer]:
    """The plan, the clauses found and the answer to a question."""
    stages: Iterator[Any] = assistant.stages(question)
    plan, hits = next(stages), next(stages)
    return plan, hits, next(stage for stage in stages if isinstance(stage, Answer))


_NAMES = {
    "version": "程序版本",
    "index_fingerprint": "索引编号",
    "plan": "对问题的理解",
    "hits": "找到的条款和得分",
    "status": "回答状态",
    "text": "回答文字",
    "intent": "问题类型",
    "citations": "引文",
    "units": "责任单位",
    "verdict": "是非结论",
    "retrieval_mode": "检索方式",
    "answer_mode": "回答方式",
}


def difference_lines(record: Mapping[str, Any], differences: Sequence[Difference]) -> list[str]:
    """A replayed record for people: the question, then what differs and how."""
    head = f"{record['time']}　{record['question']['text']}"
    if not differences:
        return [f"{head}　——与记录相同"]
    lines = [f"{head}　——有 {len(differences)} 处不同"]
    for each in differences:
        lines.append(f"  {_NAMES[each.name]}：")
        lines += [f"    记录：{_brief(each.recorded)}", f"    现在：{_brief(each.now)}"]
    return lines


def replay_record(record: Mapping[str, Any], differences: Sequence[Difference]) -> dict[str, Any]:
    """A replayed record for programs."""
    return {
        "time": record["time"],
        "question": record["question"],
        "differences": [asdict(each) for each in differences],
    }


def changes_answer(differences: Sequence[Difference]) -> bool:
    """Whether the answer itself is another one, not only the index or the scores behind it."""
    return any(each.name in _COMPARED for each in differences)


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= 300 else f"{text[:300]}……（共 {len(text)} 字）"
