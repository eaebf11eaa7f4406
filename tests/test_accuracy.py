"""Accuracy on the shipped questions must not fall below the baseline by more than noise, default model."""

import json

import pytest

from assistant.config import Settings
from assistant.evaluation.baseline import BASELINE, is_worse, pooled, read_baseline, standing
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


@pytest.fixture(scope="module")
def results(default_assistant):
    return {name: run_set(default_assistant, SETS / f"{name}.jsonl") for name in sorted(FLOORS)}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_set_is_answered_worse_than_the_baseline(results, name):
    result = results[name]
    found = standing(FLOORS[name], result.outcomes, result.accuracy)
    reasons = {each.id: each.reason for each in result.judgements}
    assert found.paired, "the baseline is of other questions"
    assert not found.worse, [f"{each} {reasons[each]}" for each in found.paired.lost]


def test_all_sets_together_are_not_answered_worse_than_the_baseline(results):
    before = {name: floor.outcomes for name, floor in FLOORS.items()}
    paired = pooled(before, {name: result.outcomes for name, result in results.items()})
    assert paired.difference.total == sum(map(len, before.values()))
    assert not is_worse(paired), paired.lost
