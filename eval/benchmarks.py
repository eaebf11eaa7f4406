"""Run the benchmarks of the folder beside the project: ``python eval/benchmarks.py``.

Parsing (``eval/parsing.py``), retrieval (``eval/retrieval.py`` on every set) and the questions on many
documents (``questions/policies_dev.jsonl`` on an index of the policies and the shipped document). Writes
``eval/results/benchmarks.json`` and the tables of ``eval/README.md``. The results hold figures only:
nothing of the benchmarks' text is copied. Without the folder there is nothing to do, and that is said.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.evaluation.marks import write_between
from assistant.evaluation.measures import MEASURES
from assistant.evaluation.records import set_record
from assistant.evaluation.report import TYPES
from assistant.evaluation.running import run_set
from assistant.pipeline import Assistant, index_corpus

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "eval" / "results" / "benchmarks.json"
SYSTEMS = {
    "bm25-words": "BM25，只用词",
    "bm25": "BM25，词加字对",
    "dense": "向量",
    "rrf": "RRF 融合",
    "zhengce": "**本项目**",
}


def main() -> int:
    """Run what is there and write the results."""
    if not SHARED.is_dir():
        print(f"没有基准文件夹 {SHARED}，跳过基准", file=sys.stderr)
        return 0
    record = {
        "command": "python eval/benchmarks.py",
        "parsing": _parsing(),
        "retrieval": [_script("retrieval.py", each) for each in _sets()],
        "policies": _policies(),
    }
    RESULTS.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_between(ROOT / "eval" / "README.md", "benchmarks", tables(record))
    print(tables(record))
    return 0


def _sets() -> list[Path]:
    return [path.parent for path in sorted((SHARED / "benchmarks").glob("*/dev.jsonl"))]


def _script(name: str, folder: Path) -> dict[str, Any]:
    print(f"{name} {folder.name}", file=sys.stderr)
    command = [sys.executable, str(ROOT / "eval" / name), str(folder), "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _parsing() -> dict[str, Any]:
    found = _script("parsing.py", SHARED / "policies")
    documents = len(found.pop("documents"))
    return {"documents": documents, **found}


def _policies() -> dict[str, Any]:
    """The questions on many documents, asked of one index of the policies and the shipped document."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(ROOT / "corpus", corpus)
        for path in (SHARED / "policies").glob("*.txt"):
            shutil.copy(path, corpus)
        settings = replace(Settings.from_env(), corpus_dir=corpus, index_dir=Path(folder) / "index")
        index_corpus(settings, progress=lambda line: None)
        result = run_set(Assistant.open(settings), SHARED / "questions" / "policies_dev.jsonl")
    record = set_record(result)
    return {name: record[name] for name in ("set", "accuracy", "types", "intervals", "measures")}


def tables(record: dict[str, Any]) -> str:
    """The tables of ``eval/README.md``."""
    return "\n\n".join(
        [
            _parsing_table(record["parsing"]),
            _retrieval_table(record["retrieval"]),
            _policies_table(record["policies"]),
        ]
    )


def _parsing_table(record: dict[str, Any]) -> str:
    rows = [[f"解析（{record['documents']} 份文件）", "平均", "最低"]]
    rows += [[name, f"{value:.3f}", f"{record['min'][name]:.3f}"] for name, value in record["mean"].items()]
    return _rows(rows)


def _retrieval_table(sets: list[dict[str, Any]]) -> str:
    head = ["检索（问题／片段或文档）", "系统", "hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "毫秒/问"]
    rows = [
        [f"{each['set']}（{each['questions']}／{each['units']}）", SYSTEMS.get(name, name)]
        + [f"{values[measure]:.3f}" for measure in head[2:-1]]
        + [f"{values['ms_per_query']:.1f}"]
        for each in sets
        for name, values in each["systems"].items()
    ]
    return _rows([head, *rows])


def _policies_table(record: dict[str, Any]) -> str:
    rows = [["多文件问答", "答对", "准确率（95% 区间）"]]
    for name, counts in record["types"].items():
        low, high = record["intervals"][name]
        share = f"{counts['accuracy']:.1%}（{100 * low:.1f}–{100 * high:.1f}）"
        rows.append([TYPES.get(name, name), f"{counts['right']}/{counts['total']}", share])
    for name in ("clause_hit@1", "clause_hit@3", "unit_micro_f1", "right_document", "false_answers"):
        if name in record["measures"]:
            each = record["measures"][name]
            figure = f"{each['value']:.1%}（{100 * each['low']:.1f}–{100 * each['high']:.1f}）"
            rows.append([MEASURES[name].title, f"n={each['total']}", figure])
    return _rows(rows)


def _rows(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{'---|' * len(rows[0])}", *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
