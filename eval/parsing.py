"""Score the parser against gold files: ``python eval/parsing.py [DIR] [--json] [--speed]``.

DIR holds ``NAME.txt`` with ``NAME.gold.json``. Clauses are scored as F1 on the multiset of (part, path),
headings as the share of gold clauses whose heading is equal but for white space, duties as precision,
recall and F1 on the multiset of (part, path, canonical, role), deadlines as the share of gold deadlines
that overlap a found one in the same clause, and title, number, issuer and date as equal or not.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.datatypes import Document
from assistant.parsing import parse_file, parse_text, read_file

DEFAULT = Path(__file__).resolve().parents[1] / ".." / "shared" / "policies"


@dataclass(frozen=True, slots=True)
class Score:
    """Scores of one document, all in [0, 1], higher is better."""

    name: str
    clause_f1: float
    heading: float
    duty_p: float
    duty_r: float
    duty_f1: float
    unit_f1: float
    deadline: float
    first_leads: float
    title: float
    number: float
    issuer: float
    date: float


def f1(found: Iterable[Hashable], gold: Iterable[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of two multisets; two empty ones score 1."""
    found_counts, gold_counts = Counter(found), Counter(gold)
    hits = sum((found_counts & gold_counts).values())
    n_found, n_gold = sum(found_counts.values()), sum(gold_counts.values())
    if not n_found and not n_gold:
        return 1.0, 1.0, 1.0
    precision = hits / n_found if n_found else 0.0
    recall = hits / n_gold if n_gold else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def score(document: Document, gold: dict[str, Any]) -> Score:
    """Score one document against its gold file."""
    clause_f1 = f1(_paths(document), [(c["part"], tuple(c["path"])) for c in gold["clauses"]])[2]
    rows = [(d["part"], tuple(d["path"]), d["canonical"], d["role"]) for d in gold["duties"]]
    duty = f1([(d.part, d.path, d.canonical, d.role) for d in document.duties], rows)
    units = f1(
        [(d.path, d.unit) for d in document.duties], [(tuple(d["path"]), d["unit"]) for d in gold["duties"]]
    )
    meta = document.metadata
    return Score(
        Path(gold["file"]).stem,
        clause_f1,
        _headings(document, gold),
        *duty,
        units[2],
        _deadlines(document, gold),
        float(document.first_unit_leads == gold["first_unit_leads"]),
        _same(meta.title.value, gold["title"]),
        _same(meta.doc_number.value, gold["doc_number"]),
        _same(meta.issuer.value, gold["issuer"]),
        _same(meta.date.value, gold["date"]),
    )


def _paths(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.part, c.path) for c in document.clauses]


def _same(found: str, gold: str) -> float:
    return float(_bare(found) == _bare(gold))


def _bare(value: str) -> str:
    return re.sub(r"\s", "", value).translate(str.maketrans("()[]", "（）〔〕"))


def _headings(document: Document, gold: dict[str, Any]) -> float:
    found = {(c.part, c.path): c.heading for c in document.clauses}
    right = [_same(found.get((c["part"], tuple(c["path"])), "?"), c["heading"]) for c in gold["clauses"]]
    return statistics.fmean(right) if right else 1.0


def _deadlines(document: Document, gold: dict[str, Any]) -> float:
    found = [(d.path, d.text) for d in document.deadlines]
    hits = [
        any(p == tuple(g["path"]) and (t in g["text"] or g["text"] in t) for p, t in found)
        for g in gold["deadlines"]
    ]
    return statistics.fmean(hits) if hits else 1.0


def evaluate(folder: Path) -> list[Score]:
    """Scores of every document of a folder that has a gold file."""
    scores = []
    for gold_file in sorted(folder.glob("*.gold.json")):
        gold = json.loads(gold_file.read_text(encoding="utf-8"))
        scores.append(score(parse_file(folder / gold["file"]), gold))
    return scores


def differences(folder: Path, name: str) -> None:
    """Print where one document differs from its gold file."""
    gold = json.loads((folder / f"{name}.gold.json").read_text(encoding="utf-8"))
    document = parse_file(folder / gold["file"])
    meta = document.metadata
    for key in ("title", "doc_number", "issuer", "date"):
        value = getattr(meta, key).value
        if not _same(value, gold[key]):
            print(f"  {key}: found {value!r}, gold {gold[key]!r}")
    _print_difference(
        "clause", Counter(_paths(document)), Counter((c["part"], tuple(c["path"])) for c in gold["clauses"])
    )
    found = {(c.part, c.path): c.heading for c in document.clauses}
    for clause in gold["clauses"]:
        heading = found.get((clause["part"], tuple(clause["path"])))
        if heading is not None and not _same(heading, clause["heading"]):
            print(f"  heading {''.join(clause['path'])}: found {heading!r}, gold {clause['heading']!r}")
    _print_difference(
        "duty",
        Counter((d.part, d.path, d.canonical, d.role) for d in document.duties),
        Counter((d["part"], tuple(d["path"]), d["canonical"], d["role"]) for d in gold["duties"]),
    )
    print(f"  deadlines found {[d.text for d in document.deadlines]}")
    print(f"  deadlines gold  {[d['text'] for d in gold['deadlines']]}")


def _print_difference(kind: str, found: Counter[Any], gold: Counter[Any]) -> None:
    for row in found - gold:
        print(f"  {kind} too many: {row}")
    for row in gold - found:
        print(f"  {kind} missing:  {row}")


def speed(folder: Path, *, rounds: int = 5) -> float:
    """Median megabytes of UTF-8 text parsed per second of processor time over the whole folder."""
    texts = [read_file(path) for path in sorted(folder.glob("*.txt"))]
    size = sum(len(text.encode("utf-8")) for text in texts) / 1e6
    rates = []
    for _ in range(rounds):
        begin = time.process_time()
        for text in texts:
            parse_text(text)
        rates.append(size / (time.process_time() - begin))
    return statistics.median(rates)


def summary(scores: list[Score]) -> dict[str, dict[str, float]]:
    """Mean and minimum of every measure."""
    names = [n for n in Score.__slots__ if n != "name"]
    return {
        "mean": {n: statistics.fmean(getattr(s, n) for s in scores) for n in names},
        "min": {n: min(getattr(s, n) for s in scores) for n in names},
    }


def print_table(scores: list[Score]) -> None:
    """Print one row a document, then means and minima."""
    names = [n for n in Score.__slots__ if n != "name"]
    print("document   " + " ".join(f"{n:>9.9}" for n in names))
    for row in scores:
        print(f"{row.name:<10} " + " ".join(f"{getattr(row, n):9.3f}" for n in names))
    for label, values in summary(scores).items():
        print(f"{label:<10} " + " ".join(f"{values[n]:9.3f}" for n in names))


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--speed", action="store_true", help="MB of text per second instead of scores")
    parser.add_argument("--diff", metavar="NAME", help="differences of one document")
    arguments = parser.parse_args()
    if arguments.speed:
        rate = speed(arguments.folder)
        print(json.dumps({"mb_per_s": rate}) if arguments.json else f"{rate:.2f} MB/s (median)")
        return 0
    if arguments.diff:
        differences(arguments.folder, arguments.diff)
        return 0
    scores = evaluate(arguments.folder)
    if not scores:
        print(f"没有找到标注文件：{arguments.folder}（需要 NAME.txt 与 NAME.gold.json）", file=sys.stderr)
        return 1
    if arguments.json:
        report = {"documents": [asdict(s) for s in scores], **summary(scores)}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print_table(scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
