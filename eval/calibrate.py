"""Fit the weights of ``assistant/data/ranking.json`` on questions whose right text is known.

    python eval/calibrate.py [--write]

Ranking weights: conditional logit over the chunks considered for each question (the right ones against the
others), with an L2 penalty. The questions: those of ``eval/questions`` on the shipped document; with the
benchmark folder beside the repository also those of ``eval/training`` on policy documents (in everyday and in
official words) and on law articles, as far as the encoder and the paraphrases were not made from them.

Evidence weights: logistic regression of "speaks of the matter": questions that the documents answer against
questions on other matters - those of the sets, those on policy documents as if the right document were not
there, and everyday questions on labour law, most of which the shipped document does not answer (the last two
count a quarter each, and so do questions of the sets for what the document just fails to say). The threshold
is a choice between false refusals and false answers; the table printed shows both.
"""

import argparse
import functools
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.path.insert(0, str(Path(__file__).resolve().parent / "training"))
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import encoder_pairs
import retrieval

from assistant.config import Settings
from assistant.datatypes import Chunk, Question
from assistant.encoder import load_encoder
from assistant.evaluation.questions import read_questions, to_gold
from assistant.parsing import parse_file
from assistant.pipeline import Assistant
from assistant.ranking import EVIDENCE, Features
from assistant.retrieval import Candidate
from assistant.text import Segmenter

HERE = Path(__file__).resolve().parent
SETS = sorted((HERE / "questions").glob("*.jsonl"))
SHARED = HERE.parent.parent / "shared"
ELSEWHERE = SHARED / "benchmarks" / "lay" / "dev.jsonl"
WEIGHTS = HERE.parent / "assistant" / "data" / "ranking.json"
CORPUS = HERE.parent / "corpus"
SEARCHED = {"owner", "benefit", "fact", "list", "count", "deadline"}
NAMES = Features._fields
PENALTY = 0.002
_POLICIES = ("policies, everyday words", "policies, official words")
_SINGLE = ("law articles, everyday words",)  # each article is a document there: no headings, no clauses
OTHER_ARTICLES = 4000  # law articles among which those asked for are found
ELSEWHERE_WEIGHT, OFF_TOPIC_WEIGHT = 0.25, 2.0

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The chunks considered for one question: features ``(n, features)``, which are right, whose they are."""

    features: Matrix
    gold: NDArray[np.bool_]
    documents: tuple[str, ...]

    def without_right_document(self) -> "Case | None":
        """The case as if the document of the right chunks were not indexed; None when nothing is left."""
        right = {name for name, is_right in zip(self.documents, self.gold, strict=True) if is_right}
        kept = np.array([name not in right for name in self.documents])
        if not right or not kept.any():
            return None
        names = tuple(name for name in self.documents if name not in right)
        return Case(self.features[kept], self.gold[kept], names)


def main() -> None:
    """Fit, print, and with ``--write`` replace the shipped weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="replace assistant/data/ranking.json")
    options = parser.parse_args()
    shipped = _assistant(parse_file(path, document_id=path.stem) for path in sorted(CORPUS.glob("*.txt")))
    covered, other, hard = _cases(shipped)
    groups = {"shipped document": covered}
    elsewhere: list[Case | None] = []
    if SHARED.exists():
        groups |= _written(SHARED)
        elsewhere = [_case(shipped, Question(row["q"]), lambda _: False) for row in read_questions(ELSEWHERE)]
    else:
        print(f"without {SHARED}: fitted on the questions of the repository only")
    ranking = _fit_ranking([case for cases in groups.values() for case in cases if case.gold.any()])
    for name, cases in groups.items():
        first = np.mean([case.gold[np.argmax(case.features @ ranking)] for case in cases])
        print(f"{name}: {len(cases)} questions, right chunk first {first:.3f}")
    answered = [case for name, cases in groups.items() if name not in _SINGLE for case in cases]
    absent = [case.without_right_document() for name in _POLICIES for case in groups.get(name, ())]
    near = [case for case in [*absent, *elsewhere, *hard] if case]
    evidence, bias = _fit_evidence(answered, other, near, ranking)
    threshold = json.loads(WEIGHTS.read_text(encoding="utf-8"))["threshold"]
    _print_thresholds(covered, other, ranking, evidence, bias)
    record = {
        "ranking": {name: round(float(value), 3) for name, value in zip(NAMES, ranking, strict=True)},
        "evidence": {"bias": round(bias, 3)}
        | {name: round(float(value), 3) for name, value in zip(EVIDENCE, evidence, strict=True)},
        "threshold": threshold,
    }
    print(json.dumps(record, indent=1))
    if options.write:
        WEIGHTS.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _assistant(documents: Iterable[Any]) -> Assistant:
    encoder = load_encoder(Settings().embedding)
    return Assistant(Settings(), retrieval.indexed(list(documents), Segmenter(), encoder))


def _cases(assistant: Assistant) -> tuple[list[Case], list[Case], list[Case]]:
    """Questions that the document answers, questions on other matters, and for what it just fails to say."""
    covered: list[Case] = []
    other: list[Case] = []
    hard: list[Case] = []
    for path in SETS:
        for record in read_questions(path):
            gold = to_gold(record)
            if not gold.abstain and not (gold.type in {"owner", "benefit", "fact"} and gold.clauses):
                continue
            kind = covered if not gold.abstain else hard if record.get("hard") else other
            case = _case(assistant, gold.question, functools.partial(_has_label, frozenset(gold.clauses)))
            if case:
                kind.append(case)
    return covered, other, hard


def _has_label(labels: frozenset[str], chunk: Chunk) -> bool:
    return "".join(chunk.path) in labels


def _belongs_to(document: str, chunk: Chunk) -> bool:
    return chunk.document == document


def _begins_within(document: str, start: int, end: int, chunk: Chunk) -> bool:
    return chunk.document == document and start <= chunk.start < end


def _written(shared: Path) -> dict[str, list[Case]]:
    """Questions of ``eval/training`` that nothing was trained on, by where their texts stand."""
    everyday = [
        row
        for row in encoder_pairs.rows(HERE / "training" / "lay_questions.jsonl")
        if encoder_pairs.is_held_out(row)
    ]
    official = encoder_pairs.rows(HERE / "training" / "official_questions.jsonl")
    files = sorted((shared / "documents").rglob("*.txt"))
    policies = _assistant(parse_file(path, document_id=path.stem) for path in files)
    lay = [row for row in everyday if "document" in row]
    articles = list(_on_articles(shared / "benchmarks", [row for row in everyday if "law" in row]))
    on_policies = (list(_on_policies(policies, questions)) for questions in (lay, official))
    return {**dict(zip(_POLICIES, on_policies, strict=True)), _SINGLE[0]: articles}


def _on_policies(assistant: Assistant, questions: Sequence[dict[str, Any]]) -> Iterator[Case]:
    """The chunks of the clause that begins where the question says are right."""
    ends = {
        (document.id, clause.start): clause.end
        for document in assistant.index.documents
        for clause in document.clauses
    }
    for row in questions:
        place = row["document"], row["start"]
        case = _case(assistant, Question(row["q"]), functools.partial(_begins_within, *place, ends[place]))
        if case:
            yield case


def _on_articles(benchmarks: Path, questions: Sequence[dict[str, Any]]) -> Iterator[Case]:
    """Articles asked for, among others taken at random; each is a document of its own."""
    laws = encoder_pairs.articles(benchmarks, encoder_pairs.held_out(benchmarks))
    asked = {(row["law"], row["date"], row["article"]) for row in questions}
    key = ("law", "date", "article")
    wanted = [row for row in laws if tuple(row[part] for part in key) in asked]
    others = random.Random(0).sample(laws, OTHER_ARTICLES)
    chosen = {"".join(row[part] for part in key): row for row in [*wanted, *others]}
    assistant = _assistant(
        retrieval.titled(name, row["law"] + row["article"], row["text"]) for name, row in chosen.items()
    )
    for row in questions:
        name = "".join(row[part] for part in key)
        case = _case(assistant, Question(row["q"]), functools.partial(_belongs_to, name))
        if case:
            yield case


def _case(assistant: Assistant, question: Question, is_right: Callable[[Chunk], bool]) -> Case | None:
    plan, candidates = assistant.considered(question)
    if plan.intent not in SEARCHED or not candidates:
        return None
    chunks = [assistant.index.chunks[each.position] for each in candidates]
    gold = np.array(list(map(is_right, chunks)))
    return Case(_matrix(candidates), gold, tuple(chunk.document for chunk in chunks))


def _matrix(candidates: Sequence[Candidate]) -> Matrix:
    return np.array([each.features for each in candidates], dtype=np.float64)


def _fit_ranking(cases: Sequence[Case]) -> Matrix:
    """Conditional logit: maximise the mean log share of the right chunks' exp(score)."""

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for case in cases:
            scores = case.features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            right = shares * case.gold
            total -= float(np.log(right.sum())) / len(cases)
            slope -= case.features.T @ (right / right.sum() - shares) / len(cases)
        return total, slope

    fitted = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B").x
    weights: Matrix = fitted / fitted[0]
    return weights


def _best(cases: Sequence[Case], ranking: Matrix) -> Matrix:
    """Evidence features of the best clause of each question."""
    columns = [NAMES.index(name) for name in EVIDENCE]
    return np.array([case.features[np.argmax(case.features @ ranking)][columns] for case in cases])


def _fit_evidence(
    covered: Sequence[Case], other: Sequence[Case], elsewhere: Sequence[Case], ranking: Matrix
) -> tuple[Matrix, float]:
    groups = [(covered, 1.0, 1.0), (other, 0.0, OFF_TOPIC_WEIGHT), (elsewhere, 0.0, ELSEWHERE_WEIGHT)]
    rows = np.concatenate([_best(cases, ranking) for cases, _, _ in groups if cases])
    labels = np.concatenate([np.full(len(cases), label) for cases, label, _ in groups])
    weights = np.concatenate([np.full(len(cases), weight) for cases, _, weight in groups])
    model = LogisticRegression(C=3.0).fit(rows, labels, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def _print_thresholds(
    covered: Sequence[Case], other: Sequence[Case], ranking: Matrix, evidence: Matrix, bias: float
) -> None:
    def scores(cases: Sequence[Case]) -> Matrix:
        result: Matrix = 1 / (1 + np.exp(-(_best(cases, ranking) @ evidence + bias)))
        return result

    answered, refused = scores(covered), scores(other)
    print(f"threshold  false refusals of {len(covered)}  false answers of {len(other)}")
    for threshold in np.arange(0.2, 0.61, 0.05):
        print(f"{threshold:9.2f}  {np.mean(answered < threshold):.3f}  {np.mean(refused >= threshold):.3f}")


if __name__ == "__main__":
    main()
