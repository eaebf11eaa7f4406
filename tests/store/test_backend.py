import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.lexical import LexicalIndex, TermCounts
from assistant.store import backend as backend_module
from assistant.store.backend import LocalBackend, stored_counts
from samples import KeywordEncoder

TEXTS = ["公共自行车站点", "自行车充电设施", "图书馆招募志愿者", "落实经费"]
TOKENS = [["自行车", "站点"], ["自行车", "充电", "设施"], ["图书馆", "志愿者"], ["经费"]]
OWNERS = ["a", "a", "b", "c"]
ALL = np.arange(4)


def unit_rows(rows, dimension, seed):
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def at_cosines(*cosines):
    """Unit vectors in the plane with these cosines to ``FIRST_AXIS``."""
    return np.array([[each, math.sqrt(1 - each * each)] for each in cosines], dtype=np.float32)


FIRST_AXIS = np.array([1, 0], dtype=np.float32)
NO_POSITIONS = np.zeros(0, dtype=np.int64)


def idf(size, frequency):
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))


def by_hand(scores, limit, within=None):
    """Reference: positive scores, best first, equal ones by position, cut at the limit."""
    chosen = range(len(scores)) if within is None else within
    return sorted((at for at in chosen if scores[at] > 0), key=lambda at: (-scores[at], at))[:limit]


class BackendContract:
    """What every ``SearchBackend`` must do; ``make(tokens, vectors, owners)`` builds one."""

    # By words

    def test_words_find_chunks_best_first_with_their_bm25(self):
        query = {"自行车": 1.0, "经费": 0.5, "没有": 1.0}
        found = self.make(TOKENS, None, OWNERS).sparse(query, 10)
        # 自行车 in two of four chunks: ln 2; 经费 in one: ln(1 + 3.5 / 1.5). 2, 3, 1 tokens, 2 on average.
        expected = [0.5 * 1.203973 / 1.9375, 0.693147 / 2.5, 0.693147 / 3.0625]
        assert found.positions.tolist() == [3, 0, 1]
        assert found.scores == pytest.approx(expected, abs=1e-6)
        assert found.scores.dtype == np.float32

    def test_chunks_without_a_token_of_the_query_are_not_found(self):
        backend = self.make(TOKENS, None, OWNERS)
        assert backend.sparse({"没有": 1.0}, 10).positions.tolist() == []
        assert backend.sparse({}, 10).positions.tolist() == []
        assert backend.sparse({"经费": 1.0}, 10).positions.tolist() == [3]

    def test_a_search_by_words_stays_inside_the_documents_given(self):
        backend = self.make(TOKENS, None, OWNERS)
        query = {"自行车": 1.0, "志愿者": 1.0, "经费": 1.0}
        whole = backend.sparse(query, 10)
        scores = dict(zip(whole.positions.tolist(), whole.scores.tolist(), strict=True))
        for documents, expected in (
            (["a"], {0, 1}),
            (["b", "c"], {2, 3}),
            (["c", "b", "c"], {2, 3}),  # named twice, in any order
            (("a", "unknown"), {0, 1}),
            (["unknown"], set()),
            ([], set()),
        ):
            found = backend.sparse(query, 10, documents)
            assert set(found.positions.tolist()) == expected
            # The score of a chunk does not depend on what is searched beside it.
            assert found.scores.tolist() == [scores[at] for at in found.positions.tolist()]
            assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
        assert backend.sparse(query, 1, ["b", "c"]).positions.tolist() == [3]

    def test_equal_scores_by_words_rank_by_position_also_at_the_limit(self):
        tokens = [["甲", "乙"]] * 5 + [["甲", "甲"]] + [["甲", "乙"]] * 4 + [["丙", "丙"]] * 90
        backend = self.make(tokens, None, ["a"] * 3 + ["b"] * 97)
        assert backend.sparse({"甲": 1.0}, 4).positions.tolist() == [5, 0, 1, 2]
        assert backend.sparse({"甲": 1.0}, 100).positions.tolist() == [5, 0, 1, 2, 3, 4, 6, 7, 8, 9]
        assert backend.sparse({"甲": 1.0}, 3, ["b"]).positions.tolist() == [5, 3, 4]

    def test_bm25_of_some_chunks_in_any_order(self):
        backend = self.make(TOKENS, None, OWNERS)
        query = {"自行车": 1.0, "经费": 0.5, "没有": 1.0}
        expected = LexicalIndex.build(TOKENS).scores(query)
        positions = np.array([3, 0, 2, 0, 1])
        np.testing.assert_allclose(backend.sparse_at(query, positions), expected[positions], atol=1e-6)
        assert backend.sparse_at(query, np.array([2])).tolist() == [0]
        assert backend.sparse_at(query, NO_POSITIONS).shape == (0,)

    # By meaning

    def test_vectors_find_chunks_by_their_cosines(self):
        encoder = KeywordEncoder()
        backend = self.make(TOKENS, encoder.encode_documents(TEXTS), OWNERS)
        query = encoder.encode_queries(["自行车"])[0]
        # Rows (1, …, 0.1) against (1, 1, …, 0.1): cosines worked out by hand.
        same, other = 1.01 / 1.01, 0.01 / 1.01
        half = 1.01 / (2.01**0.5 * 1.01**0.5)
        two = 0.01 / (2.01**0.5 * 1.01**0.5)
        found = backend.dense(query, 10)
        assert found.positions.tolist() == [0, 1, 3, 2]
        assert found.scores == pytest.approx([same, half, other, two], abs=1e-6)
        assert found.scores.dtype == np.float32
        at = backend.dense_at(query, np.array([2, 0, 0, 3]))
        assert at.dtype == np.float32
        assert at == pytest.approx([two, same, same, other], abs=1e-6)
        assert backend.dense_at(query, NO_POSITIONS).shape == (0,)

    @pytest.mark.parametrize(
        ("rows", "dimension", "seed"), [(1, 1, 0), (1, 8, 1), (40, 3, 2), (300, 16, 3), (3, 512, 4)]
    )
    def test_vectors_find_what_brute_force_finds(self, rows, dimension, seed):
        vectors = unit_rows(rows, dimension, seed)
        query = unit_rows(1, dimension, seed + 1)[0]
        owners = [f"d{at * 4 // rows}" for at in range(rows)]
        backend = self.make([["甲"]] * rows, vectors, owners)
        cosines = vectors.astype(np.float64) @ query.astype(np.float64)
        np.testing.assert_allclose(backend.dense_at(query, np.arange(rows)), cosines, atol=1e-6)
        for limit in (1, 7, rows, rows + 5):
            found = backend.dense(query, limit)
            assert found.positions.tolist() == by_hand(cosines, limit)
            np.testing.assert_allclose(found.scores, cosines[found.positions], atol=1e-6)
            within = [at for at, owner in enumerate(owners) if owner in ("d0", "d2")]
            found = backend.dense(query, limit, ["d2", "d0"])
            assert found.positions.tolist() == by_hand(cosines, limit, within)
            np.testing.assert_allclose(found.scores, cosines[found.positions], atol=1e-6)

    def test_chunks_at_a_right_angle_or_beyond_are_not_found(self):
        vectors = at_cosines(0.5, 0.0, -0.5, 1.0)
        backend = self.make(TOKENS, vectors, OWNERS)
        assert backend.dense(FIRST_AXIS, 10).positions.tolist() == [3, 0]
        assert backend.dense(FIRST_AXIS, 10, ["a", "b"]).positions.tolist() == [0]
        # Asked for by position, their cosines are what they are.
        assert backend.dense_at(FIRST_AXIS, ALL) == pytest.approx([0.5, 0.0, -0.5, 1.0], abs=1e-6)

    @pytest.mark.parametrize("limit", [1, 2, 5, 150, 204, 300])
    def test_equal_cosines_rank_by_position_also_at_the_limit(self, limit):
        vectors = at_cosines(*[0.5] * 200, 0.9, *[0.5] * 3)
        backend = self.make([["甲"]] * 204, vectors, ["a"] * 100 + ["b"] * 104)
        expected = [200, *range(200), 201, 202, 203]
        assert backend.dense(FIRST_AXIS, limit).positions.tolist() == expected[:limit]
        inside = [at for at in expected if at >= 100]
        assert backend.dense(FIRST_AXIS, limit, ["b"]).positions.tolist() == inside[:limit]

    @pytest.mark.parametrize("dimension", [3, 7, 128, 512])
    @pytest.mark.parametrize("rows", [2, 3, 5, 37])
    def test_equal_chunks_have_equal_scores_to_the_last_bit(self, rows, dimension):
        vectors = np.repeat(unit_rows(1, dimension, 5), rows, axis=0)
        backend = self.make([["甲", "乙"]] * rows, vectors, ["a"] * (rows - 1) + ["b"])
        query = unit_rows(1, dimension, 6)[0]
        query *= np.sign(query @ vectors[0])
        everywhere = backend.dense(query, rows)
        inside = backend.dense(query, rows, ["a"])
        assert everywhere.positions.tolist() == list(range(rows))
        assert len({*everywhere.scores.tolist(), *inside.scores.tolist()}) == 1
        assert set(backend.dense_at(query, np.arange(rows)).tolist()) == set(everywhere.scores.tolist())
        assert len(set(backend.sparse({"甲": 1.0}, rows).scores.tolist())) == 1

    def test_without_vectors_nothing_is_found_by_meaning(self):
        backend = self.make(TOKENS, None, OWNERS)
        query = np.ones(3, dtype=np.float32)
        assert backend.dense(query, 10).positions.tolist() == []
        assert backend.dense(query, 10, ["a"]).scores.tolist() == []
        assert backend.dense_at(query, np.array([0, 3])).tolist() == [0, 0]

    # Documents

    def test_documents_are_scored_whole_against_the_best_one(self):
        # a is 自行车 twice in five tokens, b two tokens, c one: 8 / 3 tokens on average, 自行车 in one of
        # three documents, 经费 in one.
        backend = self.make(TOKENS, None, OWNERS)

        def bm25(frequency, length):
            return idf(3, 1) * frequency / (frequency + 1.5 * (0.25 + 0.75 * length / (8 / 3)))

        bicycles, money = bm25(2, 5), bm25(1, 1)
        assert money > 0.5 * bicycles > 0
        assert backend.documents_at({"自行车": 1.0}, ALL).tolist() == [1, 1, 0, 0]
        shares = backend.documents_at({"自行车": 0.5, "经费": 1.0}, np.array([3, 1, 2, 0]))
        expected = [1, 0.5 * bicycles / money, 0, 0.5 * bicycles / money]
        assert shares == pytest.approx(expected, abs=1e-6)
        assert shares.dtype == np.float32
        # The best document counts though none of its chunks is asked about.
        assert backend.documents_at({"自行车": 0.5, "经费": 1.0}, np.array([0])) == pytest.approx(
            expected[1:2], abs=1e-6
        )
        assert backend.documents_at({"没有": 1.0}, ALL).tolist() == [0, 0, 0, 0]
        assert backend.documents_at({"经费": 1.0}, NO_POSITIONS).shape == (0,)

    # Tokens

    def test_idf_counts_chunks_not_documents(self):
        backend = self.make(TOKENS, None, OWNERS)
        assert backend.idf("自行车") == pytest.approx(idf(4, 2))
        assert backend.idf("经费") == pytest.approx(idf(4, 1))
        assert backend.idf("没有") == backend.idf("") == pytest.approx(idf(4, 0))

    def test_only_tokens_of_some_chunk_are_contained(self):
        backend = self.make(TOKENS, None, OWNERS)
        assert backend.contains("经费")
        assert not backend.contains("没有")
        assert not backend.contains("")

    # Edges

    def test_an_index_without_chunks_finds_nothing(self):
        backend = self.make([], np.zeros((0, 4), dtype=np.float32), [])
        query = unit_rows(1, 4, 0)[0]
        assert backend.dense(query, 10).positions.tolist() == []
        assert backend.sparse({"甲": 1.0}, 10).positions.tolist() == []
        assert backend.sparse({"甲": 1.0}, 10, ["a"]).positions.tolist() == []
        assert backend.sparse_at({"甲": 1.0}, NO_POSITIONS).shape == (0,)
        assert backend.documents_at({"甲": 1.0}, NO_POSITIONS).shape == (0,)
        assert not backend.contains("甲")

    def test_a_chunk_without_tokens_is_found_by_meaning_only(self):
        backend = self.make([["甲"], []], at_cosines(0.5, 0.9), ["a", "b"])
        assert backend.sparse({"甲": 1.0}, 10).positions.tolist() == [0]
        assert backend.dense(FIRST_AXIS, 10).positions.tolist() == [1, 0]

    def test_searching_changes_neither_query_nor_positions(self):
        backend = self.make(TOKENS, unit_rows(4, 8, 0), OWNERS)
        query, vector, positions = {"自行车": 1.0}, unit_rows(1, 8, 1)[0], np.array([2, 0])
        before = (dict(query), vector.copy(), positions.copy())
        backend.sparse(query, 1, ["a"]).scores[:] = -1
        backend.dense(vector, 1, ["a"])
        backend.sparse_at(query, positions)[:] = -1
        backend.dense_at(vector, positions)[:] = -1
        backend.documents_at(query, positions)[:] = -1
        assert query == before[0]
        np.testing.assert_array_equal(vector, before[1])
        np.testing.assert_array_equal(positions, before[2])
        # Nor does writing on what came back change the index.
        assert backend.sparse(query, 1).scores[0] > 0
        assert backend.sparse_at(query, np.array([0]))[0] > 0


def on_disk(tokens, vectors, owners):
    """Saved and loaded; the files are gone when it is used."""
    counts = TermCounts.of(tokens)
    with tempfile.TemporaryDirectory() as folder:
        LocalBackend.of(counts, vectors, owners).save(Path(folder), counts)
        return LocalBackend.load(Path(folder), owners=owners, dense=vectors is not None)


class TestLocalBackend(BackendContract):
    make = staticmethod(LocalBackend.build)


class TestLocalBackendFromDisk(BackendContract):
    make = staticmethod(on_disk)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.lists(st.sampled_from("甲乙丙"), max_size=5), min_size=1, max_size=4), max_size=4),
    st.dictionaries(st.sampled_from("甲乙丙丁"), st.sampled_from([0.25, 1.0])),
    st.integers(1, 6),
    st.sets(st.integers(0, 4)),
)
def test_searches_by_words_are_those_of_brute_force(documents, query, limit, chosen):
    owners = [f"d{number}" for number, chunks in enumerate(documents) for _ in chunks]
    tokens = [chunk for chunks in documents for chunk in chunks]
    backend = LocalBackend.build(tokens, None, owners)
    scores = LexicalIndex.build(tokens).scores(query).tolist()
    names = [f"d{number}" for number in sorted(chosen)]
    within = [at for at, owner in enumerate(owners) if owner in names]
    assert backend.sparse(query, limit).positions.tolist() == by_hand(scores, limit)
    assert backend.sparse(query, limit, names).positions.tolist() == by_hand(scores, limit, within)
    whole = LexicalIndex.build([[token for chunk in chunks for token in chunk] for chunks in documents])
    shares = whole.scores(query) / (max(whole.scores(query).tolist(), default=0) or 1)
    expected = [shares[int(owner[1:])] for owner in owners]
    np.testing.assert_allclose(backend.documents_at(query, np.arange(len(owners))), expected, rtol=1e-6)


def test_stored_vectors_come_back_bit_for_bit(tmp_path):
    vectors = unit_rows(7, 5, 3)
    counts = TermCounts.of([["甲"]] * 7)
    backend = LocalBackend.of(counts, vectors, ["a"] * 7)
    np.testing.assert_array_equal(backend.vectors(), vectors)
    np.testing.assert_array_equal(backend.vectors([6, 0, 0]), vectors[[6, 0, 0]])
    assert backend.vectors([]).shape == (0, 5)
    backend.save(tmp_path, counts)
    loaded = LocalBackend.load(tmp_path, owners=["a"] * 7, dense=True)
    np.testing.assert_array_equal(loaded.vectors(), vectors)
    assert LocalBackend.build(TOKENS, None).vectors() is None


def test_counts_are_kept_beside_the_weights(tmp_path):
    counts = TermCounts.of(TOKENS)
    LocalBackend.of(counts, None, OWNERS).save(tmp_path, counts)
    stored = stored_counts(tmp_path)
    assert stored.vocabulary == counts.vocabulary
    np.testing.assert_array_equal(stored.matrix.toarray(), counts.matrix.toarray())


def test_frequencies_are_the_numbers_of_chunks():
    assert LocalBackend.build([["甲", "甲", "乙"], ["甲"], []], None).frequencies() == {"甲": 2, "乙": 1}


def test_the_chunks_of_a_document_must_be_neighbours():
    with pytest.raises(AssertionError, match="chunks of a stand apart"):
        LocalBackend.build([["甲"]] * 3, None, ["a", "b", "a"])


def test_a_query_of_another_model_is_no_search():
    backend = LocalBackend.build([["甲"]], unit_rows(1, 8, 0))
    with pytest.raises(AssertionError, match="another model"):
        backend.dense_at(unit_rows(1, 9, 0)[0], np.array([0]))


# The graph of neighbours


@pytest.fixture(params=["fresh", "from disk"])
def graph(request, monkeypatch):
    """4,000 random chunks, enough for a graph here, and their vectors."""
    monkeypatch.setattr(backend_module, "GRAPH_FROM", 4_000)
    vectors = unit_rows(4_000, 16, 7)
    make = LocalBackend.build if request.param == "fresh" else on_disk
    return make([["甲"]] * 4_000, vectors, [f"d{at // 400}" for at in range(4_000)]), vectors


def test_a_graph_finds_nine_tenths_of_the_best_and_tells_exact_cosines(graph):
    backend, vectors = graph
    assert type(backend._vectors).__name__ == "IndexHNSWFlat"
    recalls = []
    for query in unit_rows(30, 16, 8):
        cosines = vectors.astype(np.float64) @ query.astype(np.float64)
        found = backend.dense(query, 60)
        recalls.append(len({*found.positions.tolist()} & {*by_hand(cosines, 60)}) / 60)
        np.testing.assert_allclose(found.scores, cosines[found.positions], atol=1e-6)
        assert found.positions.tolist() == by_hand(found_scores(found), 60, sorted(found.positions.tolist()))
        assert backend.dense_at(query, found.positions).tolist() == found.scores.tolist()
    assert np.mean(recalls) >= 0.9


def found_scores(found):
    return dict(zip(found.positions.tolist(), found.scores.tolist(), strict=True))


def test_the_breadth_of_a_search_in_the_graph_is_kept(graph):
    assert graph[0]._vectors.hnsw.efSearch == 128


def test_inside_a_few_documents_a_search_is_exact_despite_a_graph(graph):
    backend, vectors = graph
    within = [*range(400, 800), *range(3_600, 4_000)]
    for query in unit_rows(5, 16, 9):
        cosines = vectors.astype(np.float64) @ query.astype(np.float64)
        found = backend.dense(query, 60, ["d9", "d1"])
        assert found.positions.tolist() == by_hand(cosines, 60, within)


def test_vectors_come_back_from_a_graph_bit_for_bit(graph):
    backend, vectors = graph
    np.testing.assert_array_equal(backend.vectors(), vectors)
    np.testing.assert_array_equal(backend.vectors([3_999, 0]), vectors[[3_999, 0]])


def test_one_chunk_less_is_searched_whole(monkeypatch):
    monkeypatch.setattr(backend_module, "GRAPH_FROM", 50)
    assert type(LocalBackend.build([["甲"]] * 49, unit_rows(49, 4, 0))._vectors).__name__ == "IndexFlatIP"
    assert type(LocalBackend.build([["甲"]] * 50, unit_rows(50, 4, 0))._vectors).__name__ == "IndexHNSWFlat"
