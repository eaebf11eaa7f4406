"""Running question sets and judging every answer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.datatypes import Answer
from assistant.errors import DataFileError, ZhengceError
from assistant.evaluation.judging import Judgement, Tally, judge, tally
from assistant.evaluation.measuring import Measurement, measure
from assistant.evaluation.questions import Gold, read_questions, to_gold
from assistant.pipeline import Assistant

DEFAULT_FOLDER = Path("eval/questions")


@dataclass(frozen=True, slots=True)
class SetResult:
    """One question set, run.

    Attributes:
        name: File name without suffix.
        measurements: In the order of the set.
        milliseconds: Time of each answer; questions that failed have none.
    """

    name: str
    measurements: tuple[Measurement, ...]
    milliseconds: tuple[float, ...]

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Right or wrong, in the order of the set."""
        return tuple(each.judgement for each in self.measurements)

    @property
    def outcomes(self) -> dict[str, bool]:
        """Whether each question was right, by id."""
        return {each.id: each.right for each in self.judgements}

    @property
    def accuracy(self) -> float:
        """Share of all questions answered right."""
        return tally(self.judgements)["all"].accuracy

    @property
    def refused(self) -> Tally:
        """Answerable questions refused, of how many."""
        statuses = [each.status for each in self.measurements if not each.abstain]
        return Tally(sum(status in ("no_evidence", "chat") for status in statuses), len(statuses))

    @property
    def answered_falsely(self) -> Tally:
        """Questions to be refused that were not, of how many."""
        wrong = [
            not each.judgement.right and each.status != "failed" for each in self.measurements if each.abstain
        ]
        return Tally(sum(wrong), len(wrong))


def question_files(paths: Sequence[Path]) -> list[Path]:
    """The given question files, or those of ``eval/questions``.

    Raises:
        DataFileError: None given, none there.
    """
    chosen = list(paths) or sorted(DEFAULT_FOLDER.glob("*.jsonl"))
    if not chosen:
        raise DataFileError(f"没有问题文件。请给出 .jsonl 文件，或放进 {DEFAULT_FOLDER}。")
    return chosen


def read_golds(path: Path) -> list[Gold]:
    """The questions of a set, each with an id of its own.

    Raises:
        DataFileError: A malformed or empty file.
    """
    golds = [to_gold(record) for record in read_questions(path)]
    if not golds:
        raise DataFileError(f"问题文件是空的：{path}。")
    seen = Counter(gold.id for gold in golds)
    return [
        gold if gold.id and seen[gold.id] == 1 else replace(gold, id=f"{gold.id}#{number}")
        for number, gold in enumerate(golds, 1)
    ]


def run_set(assistant: Assistant, path: Path) -> SetResult:
    """Ask every question of a set and judge the answers; a question that fails counts as wrong."""
    return run_golds(assistant, path.stem, read_golds(path))


def run_golds(assistant: Assistant, name: str, golds: Iterable[Gold]) -> SetResult:
    """Ask questions and judge the answers."""
    measurements, milliseconds = [], []
    for gold in golds:
        answer, fault = _ask(assistant, gold)
        judgement = (
            judge(gold, answer, assistant.lexicon.same_unit)
            if answer
            else Judgement(gold.id, "abstain" if gold.abstain else gold.type, False, fault)
        )
        measurements.append(
            measure(
                gold,
                answer,
                judgement,
                same_unit=assistant.lexicon.same_unit,
                text_of=lambda name: assistant.index.document(name).text,
            )
        )
        if answer:
            milliseconds.append(answer.elapsed_ms)
    return SetResult(name, tuple(measurements), tuple(milliseconds))


def _ask(assistant: Assistant, gold: Gold) -> tuple[Answer | None, str]:
    try:
        return assistant.ask(gold.question), ""
    except ZhengceError as error:
        return None, f"运行失败：{error}"
