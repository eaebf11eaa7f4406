"""Running question sets and reporting accuracy against the baseline."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.datatypes import Answer
from assistant.errors import DataFileError
from assistant.evaluation.judging import Judgement, Tally, false_refusals, judge, tally
from assistant.evaluation.questions import Gold, read_questions, to_gold
from assistant.pipeline import Assistant

DEFAULT_FOLDER = Path("eval/questions")
BASELINE = Path("eval/baseline.json")


@dataclass(frozen=True, slots=True)
class SetResult:
    """One question set, run.

    Attributes:
        name: File name without suffix.
        judgements: In the order of the set.
        refused: Answerable questions refused, of how many.
        milliseconds: Time of each answer.
    """

    name: str
    judgements: tuple[Judgement, ...]
    refused: Tally
    milliseconds: tuple[float, ...]

    @property
    def accuracy(self) -> float:
        """Share of all questions answered right."""
        return tally(self.judgements)["all"].accuracy


def run_set(assistant: Assistant, path: Path) -> SetResult:
    """Ask every question of a set and judge the answers."""
    golds = [to_gold(record) for record in read_questions(path)]
    if not golds:
        raise DataFileError(f"问题文件是空的：{path}。")
    answers = [assistant.ask(gold.question) for gold in golds]
    judgements = [_judge(gold, answer, assistant) for gold, answer in zip(golds, answers, strict=True)]
    return SetResult(
        path.stem,
        tuple(judgements),
        false_refusals(golds, answers),
        tuple(answer.elapsed_ms for answer in answers),
    )


def _judge(gold: Gold, answer: Answer, assistant: Assistant) -> Judgement:
    return judge(gold, answer, assistant.lexicon.same_unit)


def evaluate(
    settings: Settings,
    paths: Sequence[Path],
    *,
    as_json: bool,
    emit: Callable[[str], None],
) -> int:
    """Run question sets (default: all of ``eval/questions``) and print accuracy by type.

    Returns:
        1 when a set of the baseline is answered worse than there, else 0.

    Raises:
        DataFileError: No question sets, or a malformed one.
    """
    chosen = list(paths) or sorted(DEFAULT_FOLDER.glob("*.jsonl"))
    if not chosen:
        raise DataFileError(f"没有问题文件。请给出 .jsonl 文件，或放进 {DEFAULT_FOLDER}。")
    assistant = Assistant.open(settings)
    results = [run_set(assistant, path) for path in chosen]
    baseline = read_baseline()
    worse = [result.name for result in results if result.accuracy < baseline.get(result.name, 0.0) - 1e-9]
    if as_json:
        emit(json.dumps([set_record(result) for result in results], ensure_ascii=False, indent=1))
    else:
        emit("\n\n".join(_report(result, baseline.get(result.name)) for result in results))
    return 1 if worse else 0


def read_baseline(path: Path = BASELINE) -> dict[str, float]:
    """Accuracy by set name; empty without a baseline file.

    Raises:
        DataFileError: The file is no JSON object of numbers.
    """
    if not path.exists():
        return {}
    try:
        return {name: float(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DataFileError(
            f"基线文件无法读取：{path}（{error}）。应为“题集名: 准确率”的 JSON 对象。"
        ) from error


def set_record(result: SetResult) -> dict[str, Any]:
    """A set's figures as JSON values: by type, false refusals, latency, and what went wrong."""
    return {
        "set": result.name,
        "accuracy": round(result.accuracy, 4),
        "types": {
            name: {"right": each.right, "total": each.total, "accuracy": round(each.accuracy, 4)}
            for name, each in sorted(tally(result.judgements).items())
        },
        "false_refusals": {"count": result.refused.right, "answerable": result.refused.total},
        "latency_ms": {
            "p50": round(statistics.median(result.milliseconds), 2),
            "p95": round(sorted(result.milliseconds)[int(0.95 * (len(result.milliseconds) - 1))], 2),
        },
        "wrong": [
            {"id": each.id, "type": each.type, "reason": each.reason}
            for each in result.judgements
            if not each.right
        ],
    }


def _report(result: SetResult, baseline: float | None) -> str:
    record = set_record(result)
    lines = [
        f"{result.name}：{result.accuracy:.1%}" + (f"（基线 {baseline:.1%}）" if baseline is not None else "")
    ]
    lines += [
        f"  {name:<10} {each['right']:>4}/{each['total']:<4} {each['accuracy']:.1%}"
        for name, each in record["types"].items()
    ]
    refused, latency = record["false_refusals"], record["latency_ms"]
    lines.append(
        f"  误拒 {refused['count']}/{refused['answerable']}　"
        f"每题 {latency['p50']} ms（p95 {latency['p95']} ms）"
    )
    lines += [f"  ✗ {each['id']}（{each['type']}）{each['reason']}" for each in record["wrong"]]
    return "\n".join(lines)
