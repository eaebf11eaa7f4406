"""Question sets in the contract's format (JSON Lines)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.datatypes import Question
from assistant.errors import DataFileError


@dataclass(frozen=True, slots=True)
class Gold:
    """One line of a question set: the question and what a right answer holds.

    Attributes:
        clauses: Labels of the gold clauses, those of ``also`` included.
        also: Those of them that may be cited and need not be.
    """

    id: str
    type: str
    question: Question
    clauses: tuple[str, ...] = ()
    file: str = ""
    units: tuple[str, ...] = ()
    unit: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    verdict: str = ""
    narrow: bool = False
    abstain: bool = False
    counted: bool = False
    also: tuple[str, ...] = ()


def read_questions(path: Path) -> list[dict[str, Any]]:
    """Records of a JSON Lines file.

    Raises:
        DataFileError: A line that is no JSON object with a text ``q``, or whose ``history`` or
            ``document`` is of another kind than the contract's.
    """
    try:
        # Not splitlines: JSON may hold U+2028 and its like inside a string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"问题文件无法读取：{path}（{error}）。应为 UTF-8 编码的 JSON Lines。") from error
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataFileError(f"{path} 第 {number} 行不是 JSON：{error}。") from error
        if not isinstance(record, dict) or not isinstance(record.get("q"), str):
            raise DataFileError(f"{path} 第 {number} 行：应为含有字符串 “q” 的 JSON 对象。")
        if not _well_formed(record):
            raise DataFileError(f"{path} 第 {number} 行：“history”应为字符串的数组，“document”应为字符串。")
        records.append(record)
    return records


def _well_formed(record: dict[str, Any]) -> bool:
    history = record.get("history") or []
    turns = isinstance(history, list) and all(isinstance(turn, str) for turn in history)
    return turns and isinstance(record.get("document") or "", str)


def to_question(record: dict[str, Any]) -> Question:
    """The question of a record."""
    return Question(record["q"], tuple(record.get("history") or ()), str(record.get("document") or ""))


def to_gold(record: dict[str, Any]) -> Gold:
    """A record of a question set with gold."""
    paths = ["".join(path) for path in record.get("paths", [])]
    return Gold(
        id=str(record.get("id", "")),
        type=str(record.get("as_type") or record.get("type", "")),
        question=to_question(record),
        clauses=tuple([*record.get("clauses", []), *record.get("also", []), *paths]),
        file=str(record.get("file", "")),
        units=tuple(record.get("units", [])),
        unit=str(record.get("unit", "")),
        must=tuple(tuple(group) for group in record.get("must", [])),
        verdict=str(record.get("verdict") or ""),
        narrow=bool(record.get("narrow")),
        abstain=bool(record.get("abstain")),
        counted=bool(record.get("count")),
        also=tuple(record.get("also", [])),
    )
