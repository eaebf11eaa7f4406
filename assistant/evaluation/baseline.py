"""Runs to compare with: the accepted baseline, and the saved output of another run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import DataFileError
from assistant.evaluation.significance import Paired, compare

BASELINE = Path("eval/baseline.json")
Outcomes = Mapping[str, bool]  # whether each question was right, by id
# A drop is more than noise when so many losses among the flips have less than this chance (one-sided).
_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accuracy a set once had.

    Attributes:
        outcomes: Question by question; None for a bare figure, which is a floor.
    """

    accuracy: float
    outcomes: Outcomes | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A set against its baseline.

    Attributes:
        paired: Question by question; None against a bare figure or another set of questions.
        worse: Fewer right answers than chance explains; against a bare figure, any fewer.
    """

    baseline: float
    paired: Paired | None
    worse: bool


def read_baseline(path: Path = BASELINE) -> dict[str, Baseline]:
    """Baselines by set name; none without a file.

    A value is the accuracy, or ``{"accuracy": …, "questions": {id: right}}``.

    Raises:
        DataFileError: The file is of another form.
    """
    if not path.exists():
        return {}
    try:
        return {name: _baseline(value) for name, value in json.loads(_text(path)).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataFileError(
            f"基线文件无法读取：{path}（{error}）。应为“题集名: 准确率”的 JSON 对象，"
            "可用 python eval/accuracy.py 重新生成。"
        ) from error


def _baseline(value: Any) -> Baseline:
    if isinstance(value, dict):
        return Baseline(
            float(value["accuracy"]), {str(key): bool(right) for key, right in value["questions"].items()}
        )
    return Baseline(float(value))


def read_run(path: Path) -> dict[str, dict[str, bool]]:
    """Whether each question was right, by set and id, from the saved output of ``zhengce eval --json``.

    Raises:
        DataFileError: The file is no such output.
    """
    try:
        found = json.loads(_text(path))
        records = found["sets"] if isinstance(found, dict) else found
        return {
            record["set"]: {each["id"]: bool(each["right"]) for each in record["questions"]}
            for record in records
        }
    except (ValueError, TypeError, KeyError) as error:
        raise DataFileError(
            f"对比文件无法读取：{path}（{error!r}）。应为 zhengce eval --json 的输出，例如 "
            "zhengce eval --json > 上次.json。"
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"文件无法读取：{path}（{error}）。") from error


def standing(baseline: Baseline, outcomes: Outcomes, accuracy: float) -> Standing:
    """Compare a set's outcomes with its baseline."""
    if baseline.outcomes is None or baseline.outcomes.keys() != outcomes.keys():
        return Standing(baseline.accuracy, None, accuracy < baseline.accuracy - 1e-9)
    paired = compare(baseline.outcomes, outcomes)
    return Standing(baseline.accuracy, paired, is_worse(paired))


def is_worse(paired: Paired) -> bool:
    """Whether a run lost more questions than it gained, by more than chance explains."""
    return len(paired.lost) > len(paired.gained) and paired.p_worse < _CHANCE


def pooled(before: Mapping[str, Outcomes], after: Mapping[str, Outcomes]) -> Paired | None:
    """The sets of two runs compared as one set; None if they share no question."""
    old, new = _together(before), _together(after)
    return compare(old, new) if old.keys() & new.keys() else None


def _together(runs: Mapping[str, Outcomes]) -> dict[str, bool]:
    return {f"{name}/{key}": right for name, outcomes in runs.items() for key, right in outcomes.items()}
