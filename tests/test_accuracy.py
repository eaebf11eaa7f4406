"""The floor below which accuracy on the shipped questions must not fall, with the default model."""

import json

import pytest

from assistant.config import Settings
from assistant.evaluation.baseline import BASELINE, read_baseline
from assistant.evaluation.running import read_golds, run_set
from assistant.pipeline import Assistant, index_corpus
from samples import CORPUS, ROOT

FLOORS = read_baseline(ROOT / BASELINE)
SETS = ROOT / "eval" / "questions"


@pytest.fixture(scope="module")
def default_assistant(tmp_path_factory):
    settings = Settings(corpus_dir=CORPUS, index_dir=tmp_path_factory.mktemp("accuracy") / "index")
    index_corpus(settings, progress=lambda line: None)
    return Assistant.open(settings)


def test_every_shipped_set_has_a_floor():
    assert sorted(FLOORS) == sorted(path.stem for path in SETS.glob("corpus_*.jsonl"))


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_floor_is_of_the_questions_that_are_shipped(name):
    assert list(FLOORS[name].outcomes) == [gold.id for gold in read_golds(SETS / f"{name}.jsonl")]
    right = sum(FLOORS[name].outcomes.values())
    assert FLOORS[name].accuracy == pytest.approx(right / len(FLOORS[name].outcomes), abs=5e-5)


def test_the_floors_are_the_results_that_are_quoted():
    results = json.loads((ROOT / "eval" / "results" / "accuracy.json").read_text(encoding="utf-8"))
    assert {each["set"]: each["accuracy"] for each in results["sets"]} == {
        name: floor.accuracy for name, floor in FLOORS.items()
    }


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_set_is_answered_worse_than_the_baseline(default_assistant, name):
    result = run_set(default_assistant, SETS / f"{name}.jsonl")
    wrong = [f"{each.id} {each.reason}" for each in result.judgements if not each.right]
    assert sum(result.outcomes.values()) >= sum(FLOORS[name].outcomes.values()), wrong
