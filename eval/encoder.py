"""Compare encoders alone and beside BM25: ``python eval/encoder.py [--json eval/results/encoder.json]``.

Four sets of human questions (see ``README.md`` of the benchmark folder): ``lay`` everyday questions to
official texts, ``statutes`` lay legal questions to articles, ``reading`` questions to encyclopaedia passages,
``policyqa`` questions to passages of government notices (sentences packed to at most 300 characters; right
when the passage overlaps the answer). The mixture of a question is z(BM25) + w z(cosine), z-scores over all
passages of the set. A score of hit@k is the share of questions with a right passage among the first k.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.encoder import Encoder, load_encoder
from assistant.lexical import LexicalIndex
from assistant.text import Segmenter, sentences

DATA = Path(__file__).resolve().parents[2] / "shared" / "benchmarks"
WEIGHTS = (0.3, 0.6, 1.0, 1.5)
CUTS = (1, 5, 10)
PASSAGE_CHARACTERS = 300
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over passages; ``right[i]`` holds the passage numbers that answer ``questions[i]``."""

    name: str
    passages: list[str]
    questions: list[str]
    right: list[set[int]]


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def by_document(name: str, texts: Path, questions: Path, limit: int | None = None) -> Task:
    """A set whose gold is whole passages; with ``limit``, gold passages and then the first others."""
    asked = rows(questions)
    gold = {document for row in asked for document in row["doc_ids"]}
    passages = rows(texts)
    others = [row for row in passages if row["doc_id"] not in gold]
    if limit is not None:
        passages = [row for row in passages if row["doc_id"] in gold]
        passages += others[: max(0, limit - len(passages))]
    number = {row["doc_id"]: at for at, row in enumerate(passages)}
    return Task(
        name,
        [f"{row['title']}\n{row['text']}" for row in passages],
        [row["q"] for row in asked],
        [{number[document] for document in row["doc_ids"] if document in number} for row in asked],
    )


def packed(text: str) -> list[tuple[int, int]]:
    """Spans of neighbouring sentences that together have at most ``PASSAGE_CHARACTERS`` characters."""
    spans: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if spans and end - spans[-1][0] <= PASSAGE_CHARACTERS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def by_span(name: str, texts: Path, questions: Path) -> Task:
    """A set whose gold is a span of characters of a document."""
    passages: list[str] = []
    places: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows(texts):
        for start, end in packed(row["text"]):
            places.setdefault(row["doc_id"], []).append((start, end, len(passages)))
            passages.append(row["text"][start:end])
    asked = rows(questions)
    right = [
        {at for start, end, at in places[row["doc_id"]] if start < row["span"][1] and end > row["span"][0]}
        for row in asked
    ]
    return Task(name, passages, [row["q"] for row in asked], right)


def tasks(data: Path, statutes: int) -> dict[str, Callable[[], Task]]:
    """The sets by name, read when called."""
    return {
        "lay": lambda: by_document("lay", data / "lay/passages.jsonl.gz", data / "lay/dev.jsonl"),
        "statutes": lambda: by_document(
            "statutes", data / "statutes/articles.jsonl.gz", data / "statutes/dev.jsonl", statutes
        ),
        "reading": lambda: by_document(
            "reading", data / "reading/passages.jsonl.gz", data / "reading/dev.jsonl"
        ),
        "policyqa": lambda: by_span(
            "policyqa", data / "policyqa/documents.jsonl.gz", data / "policyqa/dev.jsonl"
        ),
    }


def bm25_scores(task: Task, segmenter: Segmenter) -> Scores:
    """BM25 (k1 1.5, b 0.75) of every question with every passage over words and character bigrams."""
    index = LexicalIndex.build(map(segmenter.tokens, task.passages))
    return np.stack([index.scores(Counter(segmenter.tokens(question))) for question in task.questions])


def z_scores(scores: Scores) -> Scores:
    """Each row with mean 0 and standard deviation 1; a constant row becomes zeros."""
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-9), np.float32)


def hits(scores: Scores, right: Sequence[set[int]]) -> list[float]:
    """hit@k for each k of ``CUTS``; equal scores rank by passage number."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, : max(CUTS)]
    return [
        round(
            float(
                np.mean([bool(gold & set(row[:cut].tolist())) for row, gold in zip(best, right, strict=True)])
            ),
            4,
        )
        for cut in CUTS
    ]


def embedded(encoder: Encoder, task: Task, cache: Path | None) -> tuple[Scores, float | None]:
    """Cosines of questions and passages, and passages encoded per second (None when read from ``cache``)."""
    stored = cache / f"{encoder.name}-{task.name}-{len(task.passages)}.npz" if cache else None
    if stored and stored.exists():
        kept = np.load(stored)
        return kept["questions"] @ kept["passages"].T, None
    started = time.perf_counter()
    passages = np.concatenate(
        [encoder.encode_documents(task.passages[at : at + 256]) for at in range(0, len(task.passages), 256)]
    )
    speed = len(task.passages) / (time.perf_counter() - started)
    questions = encoder.encode_queries(task.questions)
    if stored:
        stored.parent.mkdir(parents=True, exist_ok=True)
        np.savez(stored, questions=questions, passages=passages)
    return questions @ passages.T, speed


def compare(
    task: Task, encoders: Iterable[Encoder], segmenter: Segmenter, cache: Path | None
) -> dict[str, Any]:
    """hit@k of BM25, of each encoder alone and of each mixture, with encoding speeds."""
    lexical = bm25_scores(task, segmenter)
    result: dict[str, Any] = {
        "passages": len(task.passages),
        "questions": len(task.questions),
        "bm25": hits(lexical, task.right),
    }
    lexical = z_scores(lexical)
    for encoder in encoders:
        cosines, speed = embedded(encoder, task, cache if encoder.name.startswith("use") else None)
        dense = z_scores(cosines)
        result[encoder.name] = {"alone": hits(dense, task.right)}
        if speed is not None:
            result[encoder.name]["passages_per_second"] = round(speed)
        for weight in WEIGHTS:
            result[encoder.name][f"bm25+{weight}"] = hits(lexical + weight * dense, task.right)
    return result


def table(results: dict[str, Any]) -> str:
    """The results as text, one line a system, columns hit@1 hit@5 hit@10."""
    lines = []
    for name, result in results.items():
        lines.append(f"{name}: {result['questions']} questions, {result['passages']} passages")
        lines.append(_line("bm25", result["bm25"]))
        for encoder, systems in result.items():
            if isinstance(systems, dict):
                lines += [
                    _line(f"{encoder} {key}", value)
                    for key, value in systems.items()
                    if value.__class__ is list
                ]
                lines.append(f"  {encoder} passages/s {systems.get('passages_per_second', 'not measured')}")
    return "\n".join(lines)


def _line(name: str, values: Sequence[float]) -> str:
    return f"  {name:28}" + " ".join(f"{value:.3f}" for value in values)


def timed_load(name: str) -> tuple[Encoder, float]:
    """An encoder and the seconds until its first vector."""
    started = time.perf_counter()
    encoder: Encoder | None
    if name == "static":
        from assistant.static_encoder import StaticEncoder

        encoder = StaticEncoder()
    else:
        encoder = load_encoder(name)
    assert encoder is not None, "an encoder is needed, not “none”"
    encoder.encode_queries(["工资"])
    return encoder, round(time.perf_counter() - started, 3)


def main() -> None:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", default=["lay", "statutes", "reading", "policyqa"])
    parser.add_argument("--encoders", nargs="+", default=["use-multilingual", "static"])
    parser.add_argument("--statutes", type=int, default=6000, help="articles of the statutes set")
    parser.add_argument("--cache", type=Path, help="folder that keeps the slow encoder's vectors")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    loaded = [timed_load(name) for name in options.encoders]
    segmenter = Segmenter()
    available = tasks(options.data, options.statutes)
    results = {}
    for name in options.sets:
        results[name] = compare(
            available[name](), [encoder for encoder, _ in loaded], segmenter, options.cache
        )
        print(table({name: results[name]}), flush=True)
    seconds = {encoder.name: spent for encoder, spent in loaded}
    print("load seconds", seconds)
    if options.json:
        command = (
            f"python eval/encoder.py --sets {' '.join(options.sets)} --encoders {' '.join(options.encoders)}"
            f" --statutes {options.statutes} --json {options.json}"
        )
        document = {"command": command, "hit_at": CUTS, "load_seconds": seconds, "sets": results}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
