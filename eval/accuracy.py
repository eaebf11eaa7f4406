"""Measure accuracy on the shipped question sets and write it where it is quoted.

    python eval/accuracy.py

Writes ``eval/results/accuracy.json``, the floors of ``eval/baseline.json`` (rounded down) and the table
between the ``accuracy`` marks of ``README.md``. Run it on an index of ``corpus/`` alone, after a change
that is meant to change answers.
"""

import json
import math
import re
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.evaluation.running import BASELINE, DEFAULT_FOLDER, run_set, set_record
from assistant.pipeline import Assistant

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "eval" / "results" / "accuracy.json"
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- accuracy -->\n).*?(<!-- /accuracy -->)", re.DOTALL)
NAMES = {
    "owner": "归谁管、是不是",
    "reverse": "某单位的任务",
    "benefit": "待遇和权利（口语）",
    "fact": "事实和数字",
    "deadline": "期限",
    "list": "列表",
    "clause": "条款",
    "term": "词语出处",
    "compare": "比较",
    "meta": "文件信息",
    "abstain": "应当拒答",
}


def main() -> None:
    """Run every set and write the three files."""
    assistant = Assistant.open(Settings.from_env())
    records = [
        set_record(run_set(assistant, path)) for path in sorted((ROOT / DEFAULT_FOLDER).glob("*.jsonl"))
    ]
    for record in records:
        record.pop("latency_ms")  # differs from run to run
    _write(RESULTS, {"command": "python eval/accuracy.py", "sets": records})
    _write(ROOT / BASELINE, {each["set"]: math.floor(each["accuracy"] * 1000) / 1000 for each in records})
    text = README.read_text(encoding="utf-8")
    README.write_text(
        MARKED.sub(lambda match: f"{match[1]}{table(records)}\n{match[2]}", text), encoding="utf-8"
    )
    print(table(records))


def table(records: list[dict[str, Any]]) -> str:
    """The README's table: right answers of how many, by question type over all sets."""

    def counted(name: str) -> tuple[int, int]:
        found = [each["types"][name] for each in records if name in each["types"]]
        return sum(each["right"] for each in found), sum(each["total"] for each in found)

    rows = [f"| {title} | {_share(*counted(name))} |" for name, title in NAMES.items()]
    refused = sum(each["false_refusals"]["count"] for each in records)
    answerable = sum(each["false_refusals"]["answerable"] for each in records)
    return "\n".join(
        [
            "| 题型 | 答对 | 准确率 |",
            "|---|---|---|",
            *rows,
            f"| **合计** | {_share(*counted('all'))} |",
            "",
            f"能回答却拒答的：{refused}/{answerable}。",
        ]
    )


def _share(right: int, total: int) -> str:
    return f"{right}/{total} | {right / total:.1%}"


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
