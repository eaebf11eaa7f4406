"""Measure accuracy on the shipped question sets and write it where it is quoted.

    python eval/accuracy.py

Builds an index of ``corpus/`` alone in a temporary folder, asks every question of ``eval/questions``,
compares with ``eval/baseline.json`` and writes the results to ``eval/results/accuracy.json``, the new
baseline, and the generated tables of ``README.md`` and ``eval/README.md``. Run it after a change that is
meant to change answers; ``zhengce eval`` measures without writing.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.evaluation.baseline import BASELINE, pooled, read_baseline
from assistant.evaluation.marks import write_between
from assistant.evaluation.measures import MEASURES, by_type, summarise
from assistant.evaluation.records import estimate_record, figure, paired_text, set_record
from assistant.evaluation.report import TYPES
from assistant.evaluation.running import DEFAULT_FOLDER, SetResult, run_set
from assistant.pipeline import Assistant, index_corpus

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "eval" / "results" / "accuracy.json"
README = ROOT / "README.md"
EVAL_README = ROOT / "eval" / "README.md"
ORDER = (
    *("owner", "reverse", "benefit", "fact", "deadline", "list", "clause", "term", "compare", "meta"),
    "abstain",
)


def main() -> None:
    """Run every set and write the files."""
    results = measure(sorted((ROOT / DEFAULT_FOLDER).glob("*.jsonl")))
    before = {
        name: each.outcomes
        for name, each in read_baseline(ROOT / BASELINE).items()
        if each.outcomes is not None
    }
    paired = pooled(before, {each.name: each.outcomes for each in results})
    record = results_record(results)
    _write(RESULTS, record)
    _write(ROOT / BASELINE, {each.name: _baseline(each) for each in results})
    write_between(README, "accuracy", table(record))
    write_between(EVAL_README, "measures", measures_table(record))
    print(table(record))
    print(f"与原来的基线相比 {paired_text(paired)}" if paired else "没有可以逐题比较的基线")


def measure(paths: Sequence[Path]) -> list[SetResult]:
    """Every set on an index of the corpus folder that is built for it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(Settings.from_env(), corpus_dir=ROOT / "corpus", index_dir=Path(folder) / "index")
        index_corpus(settings, progress=lambda line: None)
        assistant = Assistant.open(settings)
        return [run_set(assistant, path) for path in paths]


def results_record(results: Sequence[SetResult]) -> dict[str, Any]:
    """All sets, and their questions together; times are left out, they differ from run to run."""
    everything = [each for result in results for each in result.measurements]
    sets = [set_record(each) for each in results]
    for each in sets:
        del each["latency_ms"], each["questions"]  # the latter are in the baseline
    return {
        "command": "python eval/accuracy.py",
        "types": {name: estimate_record(each) for name, each in by_type(everything).items()},
        "measures": {
            name: {**estimate_record(each), "text": figure(name, each)}
            for name, each in summarise(everything).items()
        },
        "sets": sets,
    }


def table(record: dict[str, Any]) -> str:
    """The README's table: right answers of how many, by question type over all sets."""
    rows = [
        f"| {TYPES[name] if name != 'all' else '**合计**'} | {_share(record, name)} |"
        for name in (*ORDER, "all")
        if name in record["types"]
    ]
    refused = sum(each["false_refusals"]["count"] for each in record["sets"])
    answerable = sum(each["false_refusals"]["answerable"] for each in record["sets"])
    return "\n".join(
        ["| 题型 | 答对 | 准确率 |", "|---|---|---|", *rows, "", f"能回答却拒答的：{refused}/{answerable}。"]
    )


def measures_table(record: dict[str, Any]) -> str:
    """The table of ``eval/README.md``: every other measure over all sets."""
    rows = [
        f"| `{name}` | {MEASURES[name].title} | {each['text']} | {MEASURES[name].over} |"
        for name, each in record["measures"].items()
    ]
    return "\n".join(["| 名称 | 指标 | 值（95% 区间，分母） | 分母是 |", "|---|---|---|---|", *rows])


def _share(record: dict[str, Any], name: str) -> str:
    counts = [each["types"][name] for each in record["sets"] if name in each["types"]]
    right, total = sum(each["right"] for each in counts), sum(each["total"] for each in counts)
    return f"{right}/{total} | {right / total:.1%}"


def _baseline(result: SetResult) -> dict[str, Any]:
    return {"accuracy": round(result.accuracy, 4), "questions": result.outcomes}


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
