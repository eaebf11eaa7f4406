"""What size costs: ``python eval/scaling.py [--chunks 1000 10000 100000] [--json FILE] [--plot FILE]``.

For each size, statutes of the benchmark folder (training/law_articles, a file a law) are indexed by
``zhengce index`` in a process of their own, then opened and searched in another one: everyday questions
(lay/dev.jsonl), understood, searched and ranked as in the product, and whole answers. Where the statutes do
not suffice, they are taken again under other names (``enlarged`` in the results). Times are wall-clock on the
machine at hand; memory is the peak resident set of the process.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.config import Settings
from assistant.datatypes import Question
from assistant.evaluation.marks import write_between
from assistant.pipeline import Assistant, index_corpus

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT.parent / "shared" / "benchmarks"
SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 200
_CHUNKS_OF_ARTICLE = 1.5  # measured; only the size aimed at depends on it
_PROBE = "--probe"  # first argument of the process that searches


def laws() -> Iterator[tuple[str, str, int]]:
    """Name, text and number of articles of each law, without end: the laws again under other names."""
    texts: dict[tuple[str, str], list[str]] = {}
    with gzip.open(BENCHMARKS / "training/law_articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            texts.setdefault((row["law"], row["date"]), []).append(f"{row['article']}　{row['text']}")
    copy = 0
    while True:
        for number, ((title, _), articles) in enumerate(texts.items()):
            yield f"{copy}-{number}", "\n\n".join([title, *articles]), len(articles)
        copy += 1


def write_corpus(folder: Path, chunks: int) -> int:
    """Write laws until they make about ``chunks`` chunks; the number of files."""
    left = chunks / _CHUNKS_OF_ARTICLE
    for count, (name, text, articles) in enumerate(laws(), 1):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        left -= articles
        if left <= 0:
            return count
    raise AssertionError("laws() does not end")


def run(command: Sequence[str]) -> tuple[str, float]:
    """Output and seconds of a child process, which must succeed."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout, time.perf_counter() - started


def measured(chunks: int) -> dict[str, Any]:
    """Build, open and search an index of about ``chunks`` chunks."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        files = write_corpus(corpus, chunks)
        enlarged = (corpus / "1-0.txt").exists()
        build, build_s = run([sys.executable, __file__, _PROBE, "build", str(index), str(corpus)])
        (corpus / "0-0.txt").write_text("关于试行互助食堂的通知\n\n一、每餐补助三元。\n", encoding="utf-8")
        update, update_s = run([sys.executable, __file__, _PROBE, "build", str(index), str(corpus)])
        search, _ = run([sys.executable, __file__, _PROBE, "search", str(index), str(corpus)])
        size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    return {
        "files": files,
        "enlarged": enlarged,
        "build_s": round(build_s, 1),
        "build_peak_mb": json.loads(build)["peak_mb"],
        "update_one_s": round(update_s, 1),
        "update_peak_mb": json.loads(update)["peak_mb"],
        "index_mb": round(size / 1e6),
        **json.loads(search),
    }


def probe(task: str, index: Path, corpus: Path) -> dict[str, Any]:
    """What the child process does: build or search, with its own peak of memory."""
    settings = replace(Settings.from_env(), index_dir=index, corpus_dir=corpus)
    if task == "build":
        index_corpus(settings, progress=lambda _: None)
        return {"peak_mb": _peak_mb()}
    return searched(settings) | {"search_peak_mb": _peak_mb()}


def searched(settings: Settings) -> dict[str, Any]:
    """Milliseconds of searches and of whole answers, after every question was asked once."""
    started = time.perf_counter()
    assistant = Assistant.open(settings)
    opened_s = time.perf_counter() - started
    lines = (BENCHMARKS / "lay/dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [Question(json.loads(line)["q"]) for line in lines[:QUESTIONS]]
    result: dict[str, Any] = {"chunks": len(assistant.index.chunks), "open_s": round(opened_s, 1)}
    tasks: dict[str, Callable[[Question], object]] = {"search": assistant.considered, "answer": assistant.ask}
    for name, task in tasks.items():
        for question in questions[:20]:
            task(question)
        spent = []
        for question in questions:
            begun = time.perf_counter()
            task(question)
            spent.append(1000 * (time.perf_counter() - begun))
        result[f"{name}_ms"] = {f"p{at}": round(float(np.percentile(spent, at)), 1) for at in (50, 95, 99)}
    return result


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def plot(results: Sequence[dict[str, Any]], path: Path) -> None:
    """Query time, build time and memory over the number of chunks, both axes logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = [each["chunks"] for each in results]
    panels = {
        "query, ms": {
            "search p50": [each["search_ms"]["p50"] for each in results],
            "search p99": [each["search_ms"]["p99"] for each in results],
            "answer p50": [each["answer_ms"]["p50"] for each in results],
        },
        "build, s": {
            "from nothing": [each["build_s"] for each in results],
            "one document changed": [each["update_one_s"] for each in results],
        },
        "peak memory, MB": {
            "build": [each["build_peak_mb"] for each in results],
            "search": [each["search_peak_mb"] for each in results],
        },
    }
    figure, axes = pyplot.subplots(1, len(panels), figsize=(4 * len(panels), 3.4), layout="constrained")
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        for label, values in curves.items():
            axis.plot(sizes, values, marker="o", label=label)
        axis.set(xscale="log", yscale="log", title=title, xlabel="chunks")
        axis.grid(visible=True, alpha=0.3)
        axis.legend(fontsize=8)
    figure.savefig(path)


def table(record: dict[str, Any]) -> str:
    """The results as the table of ``eval/README.md``."""
    head = "片段 | 文件 | 建立（秒） | 改一份（秒） | 建立峰值（MB）"
    head += " | 检索 p50／p99（毫秒） | 回答 p50／p99（毫秒） | 检索峰值（MB）"
    rows = [
        " | ".join(
            [
                f"{each['chunks']:,}{'（含重复）' if each['enlarged'] else ''}",
                f"{each['files']:,}",
                f"{each['build_s']:.0f}",
                f"{each['update_one_s']:.0f}",
                f"{each['build_peak_mb']:,}",
                *(f"{each[task]['p50']:.0f}／{each[task]['p99']:.0f}" for task in ("search_ms", "answer_ms")),
                f"{each['search_peak_mb']:,}",
            ]
        )
        for each in record["sizes"]
    ]
    return "\n".join(f"| {row} |" for row in [head, " | ".join(["---"] * len(head.split("|"))), *rows])


def main() -> None:
    """Measure the sizes that the command line asks for."""
    if sys.argv[1:2] == [_PROBE]:
        print(json.dumps(probe(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chunks", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--json", type=Path, help="write the results here and their table into eval/README.md"
    )
    parser.add_argument("--plot", type=Path, help="draw them here (SVG or PNG; needs matplotlib)")
    options = parser.parse_args()
    results = []
    for chunks in options.chunks:
        results.append(measured(chunks))
        print(json.dumps(results[-1]), flush=True)
    if options.json:
        command = f"python eval/scaling.py --chunks {' '.join(map(str, options.chunks))}"
        record = {"command": command, "questions": QUESTIONS, "sizes": results}
        options.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        write_between(ROOT / "eval" / "README.md", "scaling", table(record))
    if options.plot:
        plot(results, options.plot)


if __name__ == "__main__":
    main()
