"""Retrieval measured: ``python eval/retrieval.py SET_DIR [--questions FILE] [--json] [--limit N]``.

A set is a folder with ``documents.jsonl.gz`` (``doc_id``, ``text``; a question names ``doc_id`` and
``span``: chunks are retrieved, right ones overlap the span) or ``articles.jsonl.gz`` / ``passages.jsonl.gz``
(``doc_id``, ``title``, ``text``; a question names ``doc_ids``: documents are retrieved, each by its best
chunk). Systems, all over the product's own chunks with their context:

    bm25-words  BM25 over words alone
    bm25        BM25 over words and character bigrams, the tokens of the index
    dense       cosine of the encoder
    rrf         reciprocal rank fusion of bm25 and dense (k = 60)
    zhengce     what the product uses: its understanding of the question, its search, its ranking
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.chunking import ClauseSplitter
from assistant.config import Settings
from assistant.datatypes import Chunk, Document, Metadata, MetadataField
from assistant.encoder import Encoder, load_encoder
from assistant.lexical import LexicalIndex, TermCounts
from assistant.parsing import parse_text
from assistant.pipeline import Assistant
from assistant.store import Index
from assistant.store.backend import LocalBackend
from assistant.store.index import indexed_text
from assistant.store.manifest import FORMAT_VERSION, Manifest
from assistant.text import Segmenter

DEPTH = 100  # results taken of each system
RRF = 60
MEASURES = {
    "hit@1": Success @ 1,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "mrr@10": RR @ 10,
    "ndcg@10": nDCG @ 10,
    "recall@10": R @ 10,
}
Run = dict[str, dict[str, float]]


@dataclass(frozen=True)
class BenchmarkSet:
    """Questions over an index in memory.

    Attributes:
        units: For each chunk the name of what is retrieved: its own, or that of its document.
        questions: Question texts by number.
        right: Names of the right units of each question.
        build_s: Seconds for parsing, cutting, encoding and indexing.
    """

    name: str
    index: Index
    units: list[str]
    questions: dict[str, str]
    right: dict[str, set[str]]
    build_s: float


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def titled(identifier: str, title: str, text: str) -> Document:
    """A text of one clause with its title, as a document."""
    empty = Metadata(**dict.fromkeys(Metadata.__dataclass_fields__, MetadataField("")))  # type: ignore[arg-type]
    return Document(identifier, identifier, text, replace(empty, title=MetadataField(title), basis=()))


def indexed(documents: Sequence[Document], segmenter: Segmenter, encoder: Encoder | None) -> Index:
    """An index in memory, made of the same parts as one on disk."""
    settings = Settings()
    splitter = ClauseSplitter(lambda text: len(segmenter.words(text)), chunk_size=settings.chunk_tokens)
    chunks = [chunk for document in documents for chunk in splitter.chunks(document)]
    texts = chunk_texts(documents, chunks)
    vectors = encoder.encode_documents(texts) if encoder else None
    counts = TermCounts.of(map(segmenter.tokens, texts))
    backend = LocalBackend.of(counts, vectors, [chunk.document for chunk in chunks])
    dimension = 0 if vectors is None else vectors.shape[1]
    manifest = Manifest(FORMAT_VERSION, settings.fingerprint(), settings.embedding, dimension, {}, {})
    return Index(tuple(documents), tuple(chunks), backend, manifest)


def chunk_texts(documents: Sequence[Document], chunks: Sequence[Chunk]) -> list[str]:
    """What each chunk is indexed under."""
    texts = {document.id: document.text for document in documents}
    return [indexed_text(chunk, texts[chunk.document]) for chunk in chunks]


def read_set(folder: Path, questions: Path, limit: int | None, encoder: Encoder | None) -> BenchmarkSet:
    """Read and index a benchmark set; ``limit`` keeps the first questions only."""
    asked = rows(questions)[:limit]
    segmenter = Segmenter()
    spanned = (folder / "documents.jsonl.gz").exists()
    started = time.perf_counter()
    documents = _documents(folder)
    index = indexed(documents, segmenter, encoder)
    build_s = time.perf_counter() - started
    units = [chunk.id if spanned else chunk.document for chunk in index.chunks]
    if spanned:
        right = {str(at): _overlapping(index.chunks, row) for at, row in enumerate(asked)}
    else:
        right = {str(at): set(row["doc_ids"]) for at, row in enumerate(asked)}
    texts = {str(at): row["q"] for at, row in enumerate(asked)}
    return BenchmarkSet(folder.name, index, units, texts, right, build_s)


def _documents(folder: Path) -> list[Document]:
    whole = folder / "documents.jsonl.gz"
    if whole.exists():
        return [parse_text(row["text"], document_id=row["doc_id"]) for row in rows(whole)]
    for name in ("articles.jsonl.gz", "passages.jsonl.gz"):
        if (folder / name).exists():
            return [titled(row["doc_id"], row["title"], row["text"]) for row in rows(folder / name)]
    sys.exit(f"{folder}: neither documents.jsonl.gz nor articles.jsonl.gz nor passages.jsonl.gz")


def _overlapping(chunks: Iterable[Chunk], row: Mapping[str, Any]) -> set[str]:
    start, end = row["span"]
    return {
        chunk.id
        for chunk in chunks
        if chunk.document == row["doc_id"] and chunk.start < end and chunk.end > start
    }


def best(scores: Any, units: Sequence[str]) -> dict[str, float]:
    """The first ``DEPTH`` units by the score of their best chunk."""
    found: dict[str, float] = {}
    for at in np.argsort(-scores, kind="stable"):
        found.setdefault(units[at], float(scores[at]))
        if len(found) == DEPTH:
            break
    return found


def fused(*runs: dict[str, float]) -> dict[str, float]:
    """Reciprocal rank fusion (Cormack et al. 2009)."""
    total: dict[str, float] = {}
    for run in runs:
        for rank, unit in enumerate(run, 1):
            total[unit] = total.get(unit, 0.0) + 1 / (RRF + rank)
    return dict(sorted(total.items(), key=lambda pair: -pair[1]))


def systems(benchmark: BenchmarkSet, encoder: Encoder | None) -> dict[str, Callable[[str], dict[str, float]]]:
    """What answers a question by units with scores, by the names of the table."""
    index, units, segmenter = benchmark.index, benchmark.units, Segmenter()
    texts = chunk_texts(index.documents, index.chunks)
    words = LexicalIndex.build(map(segmenter.words, texts))
    tokens = LexicalIndex.build(map(segmenter.tokens, texts))
    assistant = Assistant(Settings(), index)

    def bm25(question: str) -> dict[str, float]:
        return best(tokens.scores(_counted(segmenter.tokens(question))), units)

    def dense(question: str) -> dict[str, float]:
        assert encoder is not None
        return best(vectors @ encoder.encode_queries([question])[0], units)

    def zhengce(question: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for candidate in assistant.retriever.rank(assistant.planner.plan(question)):
            found.setdefault(units[candidate.position], candidate.score)
        return found

    table: dict[str, Callable[[str], dict[str, float]]] = {
        "bm25-words": lambda question: best(words.scores(_counted(segmenter.words(question))), units),
        "bm25": bm25,
    }
    if encoder is not None:
        vectors = encoder.encode_documents(texts)
        table |= {"dense": dense, "rrf": lambda question: fused(bm25(question), dense(question))}
    return table | {"zhengce": zhengce}


def _counted(tokens: Sequence[str]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for token in tokens:
        counts[token] = counts.get(token, 0.0) + 1.0
    return counts


def measured(
    benchmark: BenchmarkSet, system: Callable[[str], dict[str, float]]
) -> tuple[dict[str, float], list[float]]:
    """The measures of one system over all questions, and the milliseconds of each."""
    run: Run = {}
    spent = []
    for number, question in benchmark.questions.items():
        started = time.perf_counter()
        run[number] = system(question)
        spent.append(1000 * (time.perf_counter() - started))
    gold = {number: dict.fromkeys(units, 1) for number, units in benchmark.right.items()}
    # Ranks are given, not scores: equal scores must not be broken by the library.
    ranked = {
        number: {unit: float(-rank) for rank, unit in enumerate(found)} for number, found in run.items()
    }
    values = ir_measures.calc_aggregate(list(MEASURES.values()), gold, ranked)
    return {name: round(float(values[measure]), 4) for name, measure in MEASURES.items()}, spent


def evaluate(benchmark: BenchmarkSet, encoder: Encoder | None) -> dict[str, Any]:
    """The contract's record of one set."""
    results = {}
    for name, system in systems(benchmark, encoder).items():
        system(next(iter(benchmark.questions.values())))  # first use loads data
        values, spent = measured(benchmark, system)
        results[name] = values | {"ms_per_query": round(float(np.median(spent)), 2)}
    chunks = len(benchmark.index.chunks)
    return {
        "set": benchmark.name,
        "questions": len(benchmark.questions),
        "units": len(set(benchmark.units)),
        "chunks": chunks,
        "systems": results,
        "build_s": round(benchmark.build_s, 2),
        "chunks_per_s": round(chunks / benchmark.build_s),
    }


def table(record: Mapping[str, Any]) -> str:
    """The record for people."""
    names = [*MEASURES, "ms_per_query"]
    lines = [
        f"{record['set']}: {record['questions']} questions, {record['units']} units, "
        f"{record['chunks']} chunks, "
        f"built in {record['build_s']} s ({record['chunks_per_s']} chunks/s)",
        f"{'':12}" + "".join(f"{name:>13}" for name in names),
    ]
    for system, values in record["systems"].items():
        lines.append(f"{system:12}" + "".join(f"{values[name]:13.3f}" for name in names))
    return "\n".join(lines)


def main() -> None:
    """Measure one set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("--questions", type=Path, help="default: dev.jsonl of the set")
    parser.add_argument("--json", action="store_true", help="print the record as JSON")
    parser.add_argument("--limit", type=int, help="only the first questions")
    options = parser.parse_args()
    encoder = load_encoder(Settings.from_env().embedding)
    questions = options.questions or options.set_dir / "dev.jsonl"
    benchmark = read_set(options.set_dir, questions, options.limit, encoder)
    record = evaluate(benchmark, encoder)
    print(json.dumps(record, ensure_ascii=False) if options.json else table(record))


if __name__ == "__main__":
    main()
