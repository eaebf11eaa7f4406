"""Fit the weights of ``assistant/data/ranking.json`` on question sets with gold clauses.

    python eval/calibrate.py [--index DIR] [--write]

Ranking weights: conditional logit over the clauses found for each question (the gold clauses against the
others), with an L2 penalty on the distance from equal weights. Evidence weights: logistic regression of
"speaks of the matter" (questions that are answered against questions on other matters). Questions on other
matters come from the sets and, where the benchmark folder lies beside the repository, from everyday questions
on labour law, most of which the shipped document does not answer: these count a quarter each. The
threshold is a choice between false refusals and false answers; the table printed shows both.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.config import Settings
from assistant.datatypes import Question
from assistant.evaluation.questions import read_questions, to_gold
from assistant.pipeline import Assistant
from assistant.retrieval import Features

HERE = Path(__file__).resolve().parent
SETS = sorted((HERE / "questions").glob("*.jsonl"))
ELSEWHERE = HERE.parent.parent / "shared" / "benchmarks" / "lay" / "dev.jsonl"
WEIGHTS = HERE.parent / "assistant" / "data" / "ranking.json"
SEARCHED = {"owner", "benefit", "fact", "list", "count"}
# The penalty pulls towards equal weights, not towards none: each feature is worth something on texts unseen.
PENALTY, EQUAL = 0.003, 3.5
ELSEWHERE_WEIGHT, OFF_TOPIC_WEIGHT = 0.25, 2.0
NAMES = ("sparse", "dense", "coverage", "sentence", "heading", "leaf", "section")
EVIDENCE = ("dense", "coverage", "sentence", "heading")

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The clauses found for one question: features ``(n, 7)``, and which of them are gold."""

    features: Matrix
    gold: NDArray[np.bool_]


def main() -> None:
    """Fit, print, and with ``--write`` replace the shipped weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, default=Settings().index_dir)
    parser.add_argument("--write", action="store_true", help="replace assistant/data/ranking.json")
    options = parser.parse_args()
    assistant = Assistant.open(replace(Settings.from_env(), index_dir=options.index))
    covered, other = _cases(assistant)
    elsewhere = [_case(assistant, record["q"], ()) for record in _elsewhere()]
    ranking = _fit_ranking([case for case in covered if case.gold.any()])
    evidence, bias = _fit_evidence(covered, other, [case for case in elsewhere if case], ranking)
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


def _elsewhere() -> Iterator[dict[str, str]]:
    if ELSEWHERE.exists():
        yield from read_questions(ELSEWHERE)
    else:
        print(f"without {ELSEWHERE}: the evidence score sees questions of the sets only")


def _cases(assistant: Assistant) -> tuple[list[Case], list[Case]]:
    """Questions that the document answers, and questions on other matters (not: values it does not give)."""
    covered: list[Case] = []
    other: list[Case] = []
    for path in SETS:
        for record in read_questions(path):
            gold = to_gold(record)
            easy = gold.abstain and not record.get("hard")
            if easy or (gold.type in {"owner", "benefit", "fact"} and gold.clauses):
                case = _case(assistant, gold.question.text, gold.clauses, history=gold.question.history)
                if case:
                    (other if easy else covered).append(case)
    return covered, other


def _case(
    assistant: Assistant, text: str, gold: Sequence[str], *, history: tuple[str, ...] = ()
) -> Case | None:
    plan, features = assistant.explain(Question(text, history))
    if plan.intent not in SEARCHED or not features:
        return None
    labels = ["".join(path) for (_, _, path), _ in features]
    return Case(
        np.array([astuple(each) for _, each in features]), np.array([label in gold for label in labels])
    )


def _fit_ranking(cases: Sequence[Case]) -> Matrix:
    """Conditional logit: maximise the mean log share of the gold clauses' exp(score)."""

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        away = weights - EQUAL
        total, slope = PENALTY * float(away @ away), 2 * PENALTY * away
        for case in cases:
            scores = case.features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            right = shares * case.gold
            total -= float(np.log(right.sum())) / len(cases)
            slope -= case.features.T @ (right / right.sum() - shares) / len(cases)
        return total, slope

    fitted = minimize(loss, np.full(len(NAMES), EQUAL), jac=True, method="L-BFGS-B").x
    first = np.mean([case.gold[np.argmax(case.features @ fitted)] for case in cases])
    print(f"{len(cases)} questions, gold clause first: {first:.3f}")
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


assert tuple(Features.__dataclass_fields__) == NAMES

if __name__ == "__main__":
    main()
