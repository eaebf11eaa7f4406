import json
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.lexical import LexicalIndex, TermCounts

TEXTS = [["工资", "支付", "工资"], ["支付", "监察"], ["培训"], ["培训", "工资", "补贴", "补贴", "经费"]]
WORDS = st.sampled_from(["甲", "乙", "丙", "丁"])
TOKEN_LISTS = st.lists(st.lists(WORDS, max_size=8), max_size=6)
QUERIES = st.dictionaries(
    st.sampled_from(["甲", "乙", "丙", "没有"]), st.sampled_from([0.25, 0.5, 1.0]), max_size=4
)


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
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=6), QUERIES)
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


@settings(deadline=None)
@given(TOKEN_LISTS, QUERIES, st.data())
def test_scores_of_some_texts_are_those_among_all_scores_to_the_last_bit(texts, query, data):
    chosen = st.lists(st.integers(0, len(texts) - 1), max_size=8) if texts else st.just([])
    positions = np.array(data.draw(chosen), dtype=np.int64)  # in any order, repeated, none
    index = LexicalIndex.build(texts)
    some = index.scores_at(query, positions)
    assert some.dtype == np.float32
    np.testing.assert_array_equal(some, index.scores(query)[positions])


def test_document_frequency_counts_texts_not_occurrences():
    index = LexicalIndex.build(TEXTS)
    assert [index.document_frequency(token) for token in ("工资", "补贴", "没有", "")] == [2, 1, 0, 0]
    assert sorted(index.vocabulary) == sorted({"工资", "支付", "监察", "培训", "补贴", "经费"})


def saved(texts, folder):
    counts = TermCounts.of(texts)
    counts.save(folder)
    LexicalIndex.of(counts).save(folder)


@pytest.mark.parametrize("texts", [TEXTS, [], [[]]])
def test_what_is_saved_loads_as_the_same_index(tmp_path, texts):
    saved(texts, tmp_path / "bm25")
    index = LexicalIndex.build(texts)
    vocabulary = TermCounts.load_vocabulary(tmp_path / "bm25")
    loaded = LexicalIndex.load(tmp_path / "bm25", vocabulary, size=len(texts))
    query = {"工资": 1.0, "培训": 0.5, "没有": 1.0}
    np.testing.assert_array_equal(loaded.scores(query), index.scores(query))
    assert [loaded.idf(token) for token in query] == [index.idf(token) for token in query]
    assert list(loaded.vocabulary) == list(index.vocabulary)


def test_the_files_are_arrays_and_json_without_pickle(tmp_path):
    saved(TEXTS, tmp_path)
    for path in tmp_path.iterdir():
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        else:
            json.loads(path.read_text(encoding="utf-8"))
    assert {path.suffix for path in tmp_path.iterdir()} == {".npy", ".json"}


# Counts


def told(counts):
    """The counts as one dictionary per text, after a look at the order that ``TermCounts`` promises."""
    assert list(counts.vocabulary) == sorted(set(counts.vocabulary))
    assert counts.matrix.shape[1] == len(counts.vocabulary)
    assert all(counts.matrix.getnnz(axis=0))  # each token stands in some text
    rows = counts.matrix.toarray()
    return [
        {token: int(count) for token, count in zip(counts.vocabulary, row, strict=True) if count}
        for row in rows
    ]


def assert_identical(one, other):
    """Equal to the byte: what is saved of them has the same checksum."""
    assert one.vocabulary == other.vocabulary
    for part in ("data", "indices", "indptr"):
        left, right = getattr(one.matrix, part), getattr(other.matrix, part)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


def test_counts_by_hand():
    counts = TermCounts.of(TEXTS)
    assert counts.vocabulary == ("培训", "工资", "支付", "监察", "经费", "补贴")  # by code point
    assert counts.matrix.toarray().tolist() == [
        [0, 2, 1, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 1, 2],
    ]


@settings(deadline=None)
@given(TOKEN_LISTS)
def test_counts_are_those_of_a_counter(texts):
    assert told(TermCounts.of(iter(texts))) == [Counter(text) for text in texts]


@settings(deadline=None)
@given(TOKEN_LISTS, st.data())
def test_rows_are_the_counts_of_the_texts_chosen(texts, data):
    chosen = st.lists(st.integers(0, len(texts) - 1), max_size=8) if texts else st.just([])
    positions = data.draw(chosen)
    expected = TermCounts.of([texts[position] for position in positions])
    assert_identical(TermCounts.of(texts).rows(positions), expected)


@settings(deadline=None)
@given(TOKEN_LISTS, TOKEN_LISTS)
def test_counts_that_follow_are_those_of_the_texts_that_follow(first, second):
    one, other = TermCounts.of(first), TermCounts.of(second)
    assert_identical(one.followed_by(other), TermCounts.of(first + second))
    # Neither has changed.
    assert_identical(one, TermCounts.of(first))
    assert_identical(other, TermCounts.of(second))


@settings(deadline=None)
@given(TOKEN_LISTS, st.data())
def test_grouped_counts_are_those_of_the_joined_texts(texts, data):
    groups = data.draw(st.lists(st.integers(0, 4), min_size=len(texts), max_size=len(texts)))
    joined = [[] for _ in range(max(groups, default=-1) + 1)]
    for text, group in zip(texts, groups, strict=True):
        joined[group].extend(text)
    assert told(TermCounts.of(texts).grouped(groups)) == [Counter(text) for text in joined]


@settings(deadline=None)
@given(TOKEN_LISTS, TOKEN_LISTS, st.data())
def test_an_update_by_parts_weighs_the_texts_as_a_build_does(old, fresh, data):
    kept = data.draw(st.lists(st.integers(0, len(old) - 1), unique=True) if old else st.just([]))
    order = data.draw(st.permutations(range(len(kept) + len(fresh))))
    texts = [*(old[position] for position in kept), *fresh]
    expected = [texts[position] for position in order]
    updated = TermCounts.of(old).rows(kept).followed_by(TermCounts.of(fresh)).rows(order)
    assert_identical(updated, TermCounts.of(expected))
    query = {"甲": 1.0, "乙": 0.5, "丙": 0.25}
    np.testing.assert_array_equal(
        LexicalIndex.of(updated).scores(query), LexicalIndex.build(expected).scores(query)
    )


@pytest.mark.parametrize("texts", [TEXTS, [], [[]], [[], ["甲"], []]])
def test_saved_counts_load_as_the_same_counts(tmp_path, texts):
    TermCounts.of(texts).save(tmp_path / "bm25")
    assert_identical(TermCounts.load(tmp_path / "bm25"), TermCounts.of(texts))
