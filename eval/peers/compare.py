"""Retrieval of this project beside what a user would otherwise build, on the same questions and documents.

    python eval/peers/compare.py [--only NAME …] [--limit N]

Makes ``eval/peers/.venv`` from ``requirements.txt`` when it is missing, runs every system of this folder
(``*_peer.py``) in a process of its own, and writes ``eval/results/peers.json`` and the tables of
``eval/README.md`` and ``README.md``. Two collections: the shipped document with the questions of
``eval/questions``, and, with the benchmark folder beside the project, its policies with
``questions/policies_dev.jsonl`` (measured only, never copied).

Counted are questions of the kinds that are searched (归谁管, 待遇, 事实, 期限, 列表) with gold clauses and
without earlier turns; the others are answered from the clause tree or the ledger. A hit is a passage that
overlaps the text of a gold clause. Longer passages overlap more easily, so that the table also says how
many characters the first five hold, and which share of the gold clause stands in the first 1,000
characters of what is found.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.datatypes import Document
from assistant.evaluation.marks import write_between
from assistant.evaluation.measures import ranking_measures
from assistant.evaluation.questions import Gold
from assistant.evaluation.records import estimate_record, paired_record
from assistant.evaluation.running import read_golds
from assistant.evaluation.significance import compare, mean
from assistant.parsing import parse_file

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
RESULTS = ROOT / "eval" / "results" / "peers.json"
ENCODER = ROOT / "assistant" / "data" / "encoder"
PYTHON = HERE / ".venv" / "bin" / "python"
OURS = "zhengce"
KINDS = frozenset({"owner", "benefit", "fact", "deadline", "list"})
MEASURES = ("Success@1", "Success@3", "Success@5", "Success@10", "RR@10")
DEPTH = 10
BUDGET = 1000  # characters
NAMES = {
    "zhengce default": "本项目",
    "langchain default": "LangChain：500/50 切分 + FAISS",
    "langchain jieba": "LangChain：同上 + jieba BM25 融合",
    "llamaindex default": "LlamaIndex：默认",
    "llamaindex jieba": "LlamaIndex：同上 + jieba BM25 融合",
    "haystack default": "Haystack：默认",
    "haystack jieba": "Haystack：jieba 分词 + BM25 融合",
    "txtai default": "txtai：按段落",
    "txtai jieba": "txtai：同上 + jieba BM25 融合",
}

Span = tuple[int, int]
Place = tuple[str, int, int]  # document id and span


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents and the questions on them.

    Attributes:
        documents: Text by id.
        questions: Id, question and where the gold clauses stand.
        left_out: Questions of the sets that are not counted, by reason.
    """

    name: str
    documents: dict[str, str]
    questions: tuple[tuple[str, str, tuple[Place, ...]], ...]
    left_out: dict[str, int]


def main() -> int:
    """Run every system on every collection and write the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="systems to run; nothing is written then")
    parser.add_argument(
        "--limit", type=int, help="so many questions of each collection; nothing is written then"
    )
    options = parser.parse_args()
    systems = [(name, variant) for name, variant in _systems() if not options.only or name in options.only]
    if any(name != OURS for name, _ in systems):
        _install()
    record: dict[str, Any] = {"command": "python eval/peers/compare.py", "collections": []}
    for collection in _collections(options.limit):
        outcomes = {f"{name} {variant}": _run(name, variant, collection) for name, variant in systems}
        record["collections"].append(collection_record(collection, outcomes))
        print(table(record["collections"][-1]), end="\n\n")
    if not options.only and not options.limit:
        _write(record)
    return 0


def _systems() -> list[tuple[str, str]]:
    found = [
        (path.stem.removesuffix("_peer"), variant)
        for path in HERE.glob("*_peer.py")
        for variant in (("default",) if path.stem == f"{OURS}_peer" else ("default", "jieba"))
    ]
    return sorted(found, key=lambda system: (system[0] != OURS, *system))


def _install() -> None:
    """The virtual environment of the other systems, made anew when its requirements change."""
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    stamp = HERE / ".venv" / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    venv.create(HERE / ".venv", with_pip=True)
    files = [f"--requirement={HERE / 'requirements.txt'}", f"--constraint={ROOT / 'constraints.txt'}"]
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *files], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def _collections(limit: int | None) -> list[Collection]:
    shipped = [parse_file(path) for path in sorted((ROOT / "corpus").glob("*.txt"))]
    golds = [
        gold
        for path in sorted((ROOT / "eval" / "questions").glob("corpus_*.jsonl"))
        for gold in read_golds(path)
    ]
    found = [gather("corpus", shipped, golds, limit)]
    questions = SHARED / "questions" / "policies_dev.jsonl"
    if questions.exists():
        policies = [parse_file(path) for path in sorted((SHARED / "policies").glob("*.txt"))]
        found.append(gather("policies", [*policies, *shipped], read_golds(questions), limit))
    else:
        print(f"没有 {questions}，只用自带文件比较", file=sys.stderr)
    return found


def gather(
    name: str, documents: Sequence[Document], golds: Iterable[Gold], limit: int | None = None
) -> Collection:
    """The questions that are counted, with the places of their gold clauses."""
    questions: list[tuple[str, str, tuple[Place, ...]]] = []
    left_out = {"题型不靠检索": 0, "没有标准条款": 0, "追问": 0, "标准条款没有解析出来": 0}
    for gold in golds:
        places = tuple(
            (document.id, clause.start, clause.end)
            for document in documents
            if not gold.file or document.file == gold.file
            for clause in document.clauses
            if clause.label in gold.clauses
        )
        reasons = (
            ("题型不靠检索", gold.abstain or gold.type not in KINDS),
            ("没有标准条款", not gold.clauses),
            ("追问", bool(gold.question.history)),
            ("标准条款没有解析出来", not places),
        )
        reason = next((reason for reason, holds in reasons if holds), "")
        if reason:
            left_out[reason] += 1
        else:
            questions.append((gold.id, gold.question.text, places))
    return Collection(
        name,
        {document.id: document.text for document in documents},
        tuple(questions[:limit]),
        {reason: count for reason, count in left_out.items() if count},
    )


def _run(name: str, variant: str, collection: Collection) -> dict[str, Any]:
    python = sys.executable if name == OURS else PYTHON
    with tempfile.TemporaryDirectory() as folder:
        task, results = Path(folder) / "task.json", Path(folder) / "results.json"
        record = {
            "encoder": str(ENCODER),
            "documents": collection.documents,
            "questions": [question for _, question, _ in collection.questions],
            "k": DEPTH,
        }
        task.write_text(json.dumps(record), encoding="utf-8")
        print(f"{collection.name}：{name} {variant}", file=sys.stderr)
        subprocess.run([python, HERE / f"{name}_peer.py", variant, task, results], check=True, cwd=ROOT)
        found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    return found


def relevance(passages: Sequence[Any], gold: Sequence[Place]) -> list[bool]:
    """Whether each passage overlaps a gold clause."""
    return [
        any(
            name == document and start < last and first < end
            for document, first, last in gold
            for start, end in spans
        )
        for name, spans in passages
    ]


def gold_share(passages: Sequence[Any], gold: Sequence[Place], budget: int = BUDGET) -> float:
    """Share of the best found gold clause that stands in the first ``budget`` characters of the passages.

    Of a clause longer than the budget, the share of what the budget could hold.
    """
    read: dict[str, set[int]] = {}
    left = budget
    for name, spans in passages:
        for start, end in spans:
            read.setdefault(name, set()).update(range(start, min(end, start + left)))
            left = max(0, left - (end - start))
    shares = [
        len(read.get(document, set()).intersection(range(first, last))) / min(budget, last - first)
        for document, first, last in gold
    ]
    return max(shares)


def collection_record(collection: Collection, outcomes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Every system's figures on a collection, and its difference from ours at the first place."""
    gold = [places for _, _, places in collection.questions]
    ids = [f"{number}" for number in range(len(gold))]
    firsts: dict[str, dict[str, bool]] = {}
    systems = {}
    for name, outcome in outcomes.items():
        ranks = ranking_measures(
            [relevance(found, places) for found, places in zip(outcome["results"], gold, strict=True)],
            MEASURES,
        )
        firsts[name] = {key: rank["Success@1"] > 0 for key, rank in zip(ids, ranks, strict=True)}
        systems[name] = {
            **{measure: estimate_record(mean([rank[measure] for rank in ranks])) for measure in MEASURES},
            "gold@1000": estimate_record(
                mean(
                    [
                        gold_share(found, places)
                        for found, places in zip(outcome["results"], gold, strict=True)
                    ]
                )
            ),
            "characters@5": round(
                statistics.fmean(_characters(found[:5]) for found in outcome["results"]), 1
            ),
            "passages": outcome["passages"],
            "mean_characters": round(outcome["mean_characters"], 1),
            "load_s": round(outcome["load_s"], 2),
            "build_s": round(outcome["build_s"], 2),
            "query_ms": round(statistics.median(outcome["query_ms"]), 2),
            "peak_mb": round(outcome["peak_mb"]),
        }
    ours = firsts.get(f"{OURS} default")
    for name, first in firsts.items():
        if ours is not None and not name.startswith(OURS):
            paired = paired_record(compare(first, ours))
            systems[name]["ours_at_1"] = {key: paired[key] for key in ("difference", "p_value")}
    return {
        "collection": collection.name,
        "documents": len(collection.documents),
        "questions": len(collection.questions),
        "left_out": collection.left_out,
        "systems": systems,
    }


def _characters(passages: Sequence[Any]) -> int:
    return sum(end - start for _, spans in passages for start, end in spans)


def table(record: dict[str, Any]) -> str:
    """A collection's systems side by side."""
    head = (
        "系统",
        "命中@1",
        "@3",
        "@5",
        "@10",
        "MRR@10",
        "千字内",
        "前五条字数",
        "片段",
        "建库秒",
        "每题毫秒",
        "内存 MB",
    )
    rows = []
    for name, each in record["systems"].items():
        figures = [f"{each[measure]['value']:.3f}" for measure in (*MEASURES, "gold@1000")]
        costs = [
            f"{each['characters@5']:.0f}",
            str(each["passages"]),
            str(each["build_s"]),
            str(each["query_ms"]),
        ]
        rows.append((NAMES[name], *figures, *costs, str(each["peak_mb"])))
    caption = f"{record['documents']} 份文件，{record['questions']} 题"
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([caption, "", lines[0], f"|{'---|' * len(head)}", *lines[1:]])


def short_table(record: dict[str, Any]) -> str:
    """The README's table: all collections side by side, a few figures each."""
    collections = record["collections"]
    head = ["系统"]
    for each in collections:
        head += [f"{each['documents']} 份文件 {each['questions']} 题：命中@1", "@5", "千字内"]
    rows = []
    for name in collections[0]["systems"]:
        figures = [
            f"{each['systems'][name][measure]['value']:.3f}"
            for each in collections
            for measure in ("Success@1", "Success@5", "gold@1000")
        ]
        rows.append([NAMES[name], *figures])
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(head)}", *lines[1:]])


def _write(record: dict[str, Any]) -> None:
    measured = {each["collection"] for each in record["collections"]}
    if RESULTS.exists():
        before = json.loads(RESULTS.read_text(encoding="utf-8"))["collections"]
        kept = [each for each in before if each["collection"] not in measured]
        record["collections"] += kept
        for each in kept:
            print(f"这次没有测量 {each['collection']}，保留上次的结果", file=sys.stderr)
    RESULTS.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_between(ROOT / "README.md", "peers", short_table(record))
    full = "\n\n".join(table(each) for each in record["collections"])
    write_between(ROOT / "eval" / "README.md", "peers", full)


if __name__ == "__main__":
    sys.exit(main())
