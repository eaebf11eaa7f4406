"""The floor below which accuracy on the shipped questions must not fall, with the default model."""

import pytest

from assistant.config import Settings
from assistant.evaluation.running import BASELINE, read_baseline, run_set
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
def test_no_set_is_answered_worse_than_the_baseline(default_assistant, name):
    result = run_set(default_assistant, SETS / f"{name}.jsonl")
    wrong = [f"{each.id} {each.reason}" for each in result.judgements if not each.right]
    assert result.accuracy >= FLOORS[name], wrong
