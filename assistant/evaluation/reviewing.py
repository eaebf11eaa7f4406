"""A person accepts, edits or rejects candidates in the terminal; every decision is kept at once."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath

from assistant.datatypes import Path
from assistant.errors import ZhengceError
from assistant.evaluation.candidates import KINDS, Candidate, describe
from assistant.evaluation.questions import read_questions

_CHOICES = "a 接受　e 改问题　g 改标准　r 不要　s 以后再说　q 退出"
_CLEAR = "-"


@dataclass(frozen=True, slots=True)
class Review:
    """What a session came to."""

    accepted: int
    rejected: int
    left: int


class QuestionFile:
    """The accepted questions and, in a file beside it, the ids of the rejected ones.

    Raises:
        DataFileError: A file that is there and is no question file.
    """

    def __init__(self, path: FilePath) -> None:
        self.path = path
        self.rejections = path.with_name(f"{path.stem}.rejected.jsonl")
        self.decided = {
            str(record.get("id"))
            for file in (path, self.rejections)
            if file.exists()
            for record in read_questions(file)
        }

    def accept(self, candidate: Candidate) -> None:
        """Append a question."""
        self._append(self.path, json.dumps(candidate.record(), ensure_ascii=False))
        self.decided.add(candidate.id)

    def reject(self, candidate: Candidate) -> None:
        """Remember not to propose it again."""
        self._append(
            self.rejections, json.dumps({"id": candidate.id, "q": candidate.question}, ensure_ascii=False)
        )
        self.decided.add(candidate.id)

    def _append(self, path: FilePath, line: str) -> None:
        try:
            # A file that a person edited may lack its last line end.
            broken = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
            with path.open("a", encoding="utf-8") as stream:
                stream.write(f"\n{line}\n" if broken else f"{line}\n")
        except OSError as error:
            raise ZhengceError(
                f"无法写入 {path}：{error.strerror}。请检查目录是否存在、是否可写。"
            ) from error


def review(
    candidates: Sequence[Candidate],
    file: QuestionFile,
    *,
    paths: Mapping[str, Collection[Path]],
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> Review:
    """Go through the candidates that are not decided yet.

    Args:
        candidates: In the order to be shown.
        file: Where decisions go; those of earlier sessions are skipped.
        paths: Clause paths by source file: gold must name clauses that exist.
        read: Asks the person with a prompt; raises EOFError when they are gone.
        show: Shows a line.
    """
    waiting = [each for each in candidates if each.id not in file.decided]
    accepted = rejected = 0
    for number, candidate in enumerate(waiting, 1):
        show(f"\n[{number}/{len(waiting)}] {candidate.type}　{candidate.id}")
        try:
            decision, candidate = _decide(candidate, paths, read, show)
        except EOFError:
            decision = "q"
        if decision == "q":
            break
        if decision == "a":
            file.accept(candidate)
            accepted += 1
        elif decision == "r":
            file.reject(candidate)
            rejected += 1
    return Review(accepted, rejected, len(waiting) - accepted - rejected)


def _decide(
    candidate: Candidate,
    paths: Mapping[str, Collection[Path]],
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> tuple[str, Candidate]:
    """The decision on a candidate, and the candidate as edited."""
    while True:
        show(f"问题：{'　→　'.join((*candidate.history, candidate.question))}")
        show(f"标准：{describe(candidate)}")
        if candidate.evidence:
            show(f"依据：{candidate.evidence}")
        choice = read(f"{_CHOICES}：").strip().lower()
        if choice == "e":
            candidate = replace(candidate, question=_kept(read("新的问题（回车不改）："), candidate.question))
        elif choice == "g":
            candidate = _edited(candidate, paths, read, show)
        elif choice == "a" and candidate.fault:
            show(candidate.fault + "。")
        elif choice in ("a", "r", "s", "q"):
            return choice, candidate


def _kept(entered: str, before: str) -> str:
    """What was entered; what was there before for nothing, nothing for a dash."""
    entered = entered.strip()
    return "" if entered == _CLEAR else entered or before


def _edited(
    candidate: Candidate,
    paths: Mapping[str, Collection[Path]],
    read: Callable[[str], str],
    show: Callable[[str], None],
) -> Candidate:
    show("回车不改，- 清空。")
    kind = _kept(read(f"题型（{'、'.join(KINDS)}）[{candidate.type}]："), candidate.type)
    if kind == "abstain":
        return replace(candidate, type=kind, paths=(), units=(), unit="", must=(), verdict="")
    file = candidate.file
    if len(paths) > 1:
        file = _kept(read(f"文件名 [{file}]："), file)
    labels = _kept(read(f"条款，用空格隔开 [{' '.join(candidate.labels)}]："), " ".join(candidate.labels))
    found, unknown = _paths_of(labels.split(), paths.get(file or next(iter(paths), ""), ()))
    if unknown:
        show(f"没有这些条款：{'、'.join(unknown)}，已略去。")
    units = _kept(read(f"责任单位，用顿号隔开 [{'、'.join(candidate.units)}]："), "、".join(candidate.units))
    must = "；".join("/".join(group) for group in candidate.must)
    must = _kept(read(f"答案必须有的词，组之间用；同组任一用/ [{must}]："), must)
    return replace(
        candidate,
        type=kind,
        file=file,
        paths=found,
        units=tuple(filter(None, units.split("、"))),
        unit=_kept(read(f"所问单位（任务题）[{candidate.unit}]："), candidate.unit),
        must=tuple(tuple(group.split("/")) for group in must.replace(";", "；").split("；") if group),
        verdict=_kept(read(f"是非判断 yes/no [{candidate.verdict}]："), candidate.verdict),
    )


def _paths_of(labels: Sequence[str], known: Collection[Path]) -> tuple[tuple[Path, ...], list[str]]:
    by_label = {"".join(path): path for path in known}
    return (
        tuple(by_label[label] for label in labels if label in by_label),
        [label for label in labels if label not in by_label],
    )
