"""Questions that a person has yet to accept: the value, its JSON form, and its gold."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from assistant.datatypes import Path
from assistant.evaluation.report import TYPES

#: Question types that a candidate can have.
KINDS = tuple(name for name in TYPES if name != "all")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with proposed gold, and what a person needs to judge it.

    Attributes:
        id: The same in every run.
        type: One of ``KINDS``.
        paths: Of the gold clauses.
        file: Source file of the gold clauses; "" where the index has one document only.
        units: Gold units as printed.
        unit: The unit that a question on its duties asks about.
        must: Of each group one string must stand in the answer.
        evidence: Shown to the person, not written.
    """

    id: str
    type: str
    question: str
    paths: tuple[Path, ...] = ()
    file: str = ""
    units: tuple[str, ...] = ()
    unit: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    verdict: str = ""
    history: tuple[str, ...] = ()
    document: str = ""
    evidence: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the gold clauses."""
        return tuple("".join(path) for path in self.paths)

    @property
    def fault(self) -> str:
        """What the gold lacks to be judged by, "" if nothing."""
        if self.type not in KINDS:
            return f"题型“{self.type}”不认识，应为 {'、'.join(KINDS)} 之一"
        given = {
            "owner": self.units or self.verdict,
            "reverse": self.paths,
            "duties": self.paths,
            "term": self.paths,
            "list": self.must,
            "meta": self.must,
            "compare": self.must or self.verdict,
            "abstain": True,
        }
        if not given.get(self.type, self.paths or self.must):
            return "还没有标准答案，请先用 g 填写"
        return ""

    def record(self) -> dict[str, Any]:
        """The contract's form: ``file`` with ``paths``, or ``clauses`` where there is one document."""
        clauses: dict[str, Any] = (
            {"file": self.file, "paths": [list(path) for path in self.paths]}
            if self.file
            else {"clauses": list(self.labels)}
        )
        optional = {
            "history": list(self.history),
            "document": self.document,
            "units": list(self.units),
            "unit": self.unit,
            "must": [list(group) for group in self.must],
            "verdict": self.verdict,
            "abstain": self.type == "abstain",
        }
        record = {"id": self.id, "type": self.type, "q": self.question, **clauses}
        return record | {name: value for name, value in optional.items() if value}


def describe(candidate: Candidate) -> str:
    """The gold in one line for a person."""
    parts = [
        ("文件", candidate.file),
        ("条款", "、".join(candidate.labels)),
        ("单位", "、".join(candidate.units)),
        ("所问单位", candidate.unit),
        ("必含", "；".join("/".join(group) for group in candidate.must)),
        ("判断", candidate.verdict),
    ]
    shown = [f"{name} {value}" for name, value in parts if value]
    return "　".join(["应当拒答"] if candidate.type == "abstain" else shown) or "（空）"


def evenly(candidates: list[Candidate], count: int | None) -> list[Candidate]:
    """At most so many of each type, spread over its candidates."""
    if count is None:
        return candidates
    kept: list[Candidate] = []
    for kind in dict.fromkeys(each.type for each in candidates):
        group = [each for each in candidates if each.type == kind]
        step = max(1.0, len(group) / count)
        kept += [group[int(number * step)] for number in range(min(count, len(group)))]
    return kept


def of_types(candidates: list[Candidate], types: Collection[str]) -> list[Candidate]:
    """The candidates of some types; of all without any."""
    return [each for each in candidates if not types or each.type in types]
