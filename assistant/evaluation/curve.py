"""False answers against false refusals as the evidence threshold moves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant.evaluation.judging import Tally
from assistant.evaluation.questions import Gold
from assistant.evaluation.running import run_golds
from assistant.pipeline import Assistant

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """All questions at one threshold.

    Attributes:
        false_answers: Questions to be refused that were not.
        false_refusals: Answerable questions that were refused.
        right: Right answers and refusals of all questions.
    """

    threshold: float
    false_answers: Tally
    false_refusals: Tally
    right: Tally


def curve(
    assistant: Assistant, golds: Sequence[Gold], thresholds: Sequence[float] = THRESHOLDS
) -> list[CurvePoint]:
    """Ask every question at each threshold; the one in use takes part. In order of threshold."""
    used = assistant.retriever.model.threshold
    points = []
    for threshold in sorted({*thresholds, used}):
        with _threshold(assistant, threshold):
            result = run_golds(assistant, "", golds)
        right = Tally(sum(each.right for each in result.judgements), len(result.judgements))
        points.append(CurvePoint(threshold, result.answered_falsely, result.refused, right))
    return points


@contextmanager
def _threshold(assistant: Assistant, threshold: float) -> Iterator[None]:
    model = assistant.retriever.model
    assistant.retriever.model = replace(model, threshold=threshold)
    try:
        yield
    finally:
        assistant.retriever.model = model
