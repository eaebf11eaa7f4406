from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from assistant.datatypes import Answer, Question
from assistant.evaluation.curve import curve
from assistant.evaluation.judging import Tally
from assistant.evaluation.questions import Gold


@dataclass(frozen=True)
class Model:
    threshold: float


class ThresholdAssistant:
    """Answers a question whose text is its evidence score, if that reaches the threshold."""

    lexicon = SimpleNamespace(same_unit=str.__eq__)

    def __init__(self):
        self.retriever = SimpleNamespace(model=Model(0.3))

    def ask(self, question):
        answered = float(question.text) >= self.retriever.model.threshold
        return Answer(question.text, "answered" if answered else "no_evidence", "", "fact")


GOLDS = [
    *(Gold(f"a{score}", "fact", Question(score)) for score in ("0.2", "0.5", "0.9")),
    *(Gold(f"r{score}", "fact", Question(score), abstain=True) for score in ("0.1", "0.6")),
]


def test_false_answers_turn_into_false_refusals():
    points = curve(ThresholdAssistant(), GOLDS, [1.0, 0.0, 0.55])
    assert [point.threshold for point in points] == [0.0, 0.3, 0.55, 1.0]
    assert [point.false_answers for point in points] == [Tally(n, 2) for n in (2, 1, 1, 0)]
    assert [point.false_refusals for point in points] == [Tally(n, 3) for n in (0, 1, 2, 3)]
    assert [point.right for point in points] == [Tally(n, 5) for n in (3, 3, 2, 2)]


def test_the_threshold_in_use_stays():
    assistant = ThresholdAssistant()
    curve(assistant, GOLDS)
    assert assistant.retriever.model == Model(0.3)
    with pytest.raises(ValueError, match="could not convert"):
        curve(assistant, [Gold("x", "fact", Question("无"))])
    assert assistant.retriever.model == Model(0.3)
