import math

import pytest

from assistant.ranking import EVIDENCE, Features, RankingModel

NOTHING = Features(*[0.0] * len(Features._fields))


def test_relevance_is_the_weighted_sum_of_the_features():
    weights = NOTHING._replace(sparse=2.0, dense=0.5, elsewhere=-0.25, value=0.1, section=1.0)
    model = RankingModel(weights, NOTHING, bias=0.0, threshold=0.5)
    features = NOTHING._replace(sparse=0.4, dense=0.6, elsewhere=1.0, value=-1.0, phrase=0.9)
    # 2 · 0.4 + 0.5 · 0.6 - 0.25 · 1 - 0.1 · 1; phrase weighs nothing, section is 0.
    assert model.relevance(features) == pytest.approx(0.75)
    assert model.relevance(NOTHING) == 0.0


@pytest.mark.parametrize("name", Features._fields)
def test_each_feature_meets_its_own_weight(name):
    weights = Features(*range(1, len(Features._fields) + 1))
    model = RankingModel(weights, weights, bias=0.0, threshold=0.5)
    alone = NOTHING._replace(**{name: 1.0})
    assert model.relevance(alone) == getattr(weights, name)
    assert model.evidence_score(alone) == pytest.approx(1 / (1 + math.exp(-getattr(weights, name))))


def test_the_evidence_score_is_the_logistic_function_of_bias_and_features():
    weights = NOTHING._replace(dense=2.0, coverage=3.0, sentence=1.0, heading=0.5)
    model = RankingModel(NOTHING, weights, bias=-1.5, threshold=0.4)
    features = NOTHING._replace(sparse=0.9, dense=0.5, coverage=0.25, sentence=0.75, heading=1.0, leaf=1.0)
    # 2 · 0.5 + 3 · 0.25 + 1 · 0.75 + 0.5 · 1 = 3.
    assert model.evidence_score(features) == pytest.approx(1 / (1 + math.exp(1.5 - 3.0)))
    assert model.evidence_score(NOTHING) == pytest.approx(1 / (1 + math.exp(1.5)))
    assert model.relevance(features) == 0.0


def test_the_shipped_evidence_looks_at_the_chunk_alone():
    model = RankingModel.load()
    others = set(Features._fields) - set(EVIDENCE)
    assert set(EVIDENCE) < set(Features._fields)
    assert {getattr(model.evidence, name) for name in others} == {0.0}


def test_the_shipped_threshold_lies_between_nothing_and_everything():
    model = RankingModel.load()
    assert 0 < model.threshold < 1
    # What other chunks say less of is no evidence; all of the question in a chunk is.
    outside = {name: 1.0 for name in Features._fields if name not in EVIDENCE}
    assert model.evidence_score(NOTHING._replace(**outside)) < model.threshold
    assert model.evidence_score(NOTHING._replace(**dict.fromkeys(EVIDENCE, 1.0))) > 0.9


def test_the_shipped_ranking_prefers_the_place_asked_for_to_others():
    weights = RankingModel.load().ranking
    assert weights.elsewhere < 0 < weights.place
