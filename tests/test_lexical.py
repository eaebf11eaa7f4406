import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.lexical import LexicalIndex

TEXTS = [["工资", "支付", "工资"], ["支付", "监察"], ["培训"], ["培训", "工资", "补贴", "补贴", "经费"]]
WORDS = st.sampled_from(["甲", "乙", "丙", "丁"])


def brute_force(texts, query):
    """The formula of the module's docstring, term by term, with k1 = 1.5 and b = 0.75."""
    average = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        score = 0.0
        for token, weight in query.items():
            containing = sum(token in each for each in texts)
            frequency = text.count(token)
            if frequency:
                idf = math.log(1 + (len(texts) - containing + 0.5) / (containing + 0.5))
                length = 1 - 0.75 + 0.75 * len(text) / average
                score += weight * idf * frequency / (frequency + 1.5 * length)
        scores.append(score)
    return scores


def test_one_score_worked_out_by_hand():
    # 监察 is in 1 of 4 texts: idf = ln(1 + 3.5 / 1.5) = 1.20397. Its text has 2 tokens, the average is
    # 11 / 4 = 2.75: 1 / (1 + 1.5 · (0.25 + 0.75 · 2 / 2.75)) = 1 / 2.193182 = 0.455959.
    scores = LexicalIndex.build(TEXTS).scores({"监察": 2.0})
    assert scores.dtype == np.float32
    assert scores == pytest.approx([0, 2 * 1.20397 * 0.455959, 0, 0], abs=1e-4)


def test_idf_worked_out_by_hand():
    index = LexicalIndex.build(TEXTS)
    assert index.idf("工资") == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert index.idf("监察") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert index.idf("没有") == pytest.approx(math.log(1 + 4.5 / 0.5))
    assert index.idf("") == pytest.approx(math.log(1 + 4.5 / 0.5))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=6),
    st.dictionaries(
        st.sampled_from(["甲", "乙", "丙", "没有"]), st.sampled_from([0.25, 0.5, 1.0]), max_size=4
    ),
)
def test_scores_are_those_of_the_formula(texts, query):
    index = LexicalIndex.build(texts)
    np.testing.assert_allclose(index.scores(query), brute_force(texts, query), atol=1e-5)


def test_unknown_words_and_empty_queries_score_zero():
    index = LexicalIndex.build(TEXTS)
    assert index.scores({}).tolist() == [0, 0, 0, 0]
    assert index.scores({"没有": 1.0}).tolist() == [0, 0, 0, 0]


def test_texts_without_tokens_and_no_texts_at_all():
    index = LexicalIndex.build([["工资"], []])
    assert index.scores({"工资": 1.0})[1] == 0
    assert index.scores({"工资": 1.0})[0] > 0
    empty = LexicalIndex.build([])
    assert empty.scores({"工资": 1.0}).shape == (0,)
    assert empty.idf("工资") == pytest.approx(math.log(1 + 0.5 / 0.5))


def test_building_does_not_change_its_input():
    texts = [["工资"], []]
    LexicalIndex.build(texts)
    assert texts == [["工资"], []]


@pytest.mark.parametrize("texts", [TEXTS, [], [[]]])
def test_what_is_saved_loads_as_the_same_index(tmp_path, texts):
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25", size=len(texts))
    query = {"工资": 1.0, "培训": 0.5, "没有": 1.0}
    np.testing.assert_array_equal(loaded.scores(query), index.scores(query))
    assert [loaded.idf(token) for token in query] == [index.idf(token) for token in query]


def test_the_files_are_arrays_and_json_without_pickle(tmp_path):
    LexicalIndex.build(TEXTS).save(tmp_path)
    for path in tmp_path.iterdir():
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        else:
            json.loads(path.read_text(encoding="utf-8"))
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy", ".json"}
