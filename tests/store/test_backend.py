import tempfile
from pathlib import Path

import numpy as np
import pytest

from assistant.lexical import LexicalIndex
from assistant.store.backend import LocalBackend
from samples import KeywordEncoder

TEXTS = ["公共自行车站点", "自行车充电设施", "图书馆招募志愿者", "落实经费"]
TOKENS = [["自行车", "站点"], ["自行车", "充电", "设施"], ["图书馆", "志愿者"], ["经费"]]


def unit_rows(rows, dimension, seed):
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class BackendContract:
    """What every ``SearchBackend`` must do; ``make(tokens, vectors)`` builds one."""

    def test_dense_scores_are_the_cosines_in_chunk_order(self):
        encoder = KeywordEncoder()
        backend = self.make(TOKENS, encoder.encode_documents(TEXTS))
        scores = backend.dense_scores(encoder.encode_queries(["自行车"])[0])
        assert scores.dtype == np.float32
        # Rows (1, …, 0.1) against (1, 1, …, 0.1): cosines worked out by hand.
        same, other = 1.01 / 1.01, 0.01 / 1.01
        half = 1.01 / (2.01**0.5 * 1.01**0.5)
        two = 0.01 / (2.01**0.5 * 1.01**0.5)
        assert scores == pytest.approx([same, half, two, other], abs=1e-6)

    @pytest.mark.parametrize(
        ("rows", "dimension", "seed"), [(1, 1, 0), (1, 8, 1), (40, 3, 2), (300, 16, 3), (3, 512, 4)]
    )
    def test_dense_scores_equal_brute_force(self, rows, dimension, seed):
        vectors = unit_rows(rows, dimension, seed)
        query = unit_rows(1, dimension, seed + 1)[0]
        scores = self.make([["甲"]] * rows, vectors).dense_scores(query)
        np.testing.assert_allclose(scores, vectors @ query, atol=1e-5)

    def test_sparse_scores_are_those_of_the_lexical_index(self):
        query = {"自行车": 1.0, "经费": 0.5, "没有": 1.0}
        scores = self.make(TOKENS, None).sparse_scores(query)
        np.testing.assert_allclose(scores, LexicalIndex.build(TOKENS).scores(query), atol=1e-6)
        assert scores[2] == 0
        assert scores[0] > scores[1] > 0  # the same word in a shorter text

    def test_idf_is_that_of_the_lexical_index(self):
        backend = self.make(TOKENS, None)
        assert backend.idf("自行车") == pytest.approx(np.log(1 + 2.5 / 2.5))
        assert backend.idf("经费") == pytest.approx(np.log(1 + 3.5 / 1.5))

    def test_only_tokens_of_some_chunk_are_contained(self):
        backend = self.make(TOKENS, None)
        assert backend.contains("经费")
        assert not backend.contains("没有")
        assert not backend.contains("")

    def test_without_vectors_there_are_no_dense_scores(self):
        assert self.make(TOKENS, None).dense_scores(np.ones(3, dtype=np.float32)) is None

    def test_equal_chunks_have_equal_scores(self):
        vectors = np.repeat(unit_rows(1, 8, 0), 3, axis=0)
        backend = self.make([["甲", "乙"]] * 3, vectors)
        assert len(set(backend.dense_scores(unit_rows(1, 8, 1)[0]).tolist())) == 1
        assert len(set(backend.sparse_scores({"甲": 1.0}).tolist())) == 1

    def test_an_index_without_chunks_has_no_scores(self):
        backend = self.make([], np.zeros((0, 4), dtype=np.float32))
        assert backend.dense_scores(unit_rows(1, 4, 0)[0]).shape == (0,)
        assert backend.sparse_scores({"甲": 1.0}).shape == (0,)


class TestLocalBackend(BackendContract):
    make = staticmethod(LocalBackend.build)


class TestLocalBackendFromDisk(BackendContract):
    @staticmethod
    def make(tokens, vectors):
        with tempfile.TemporaryDirectory() as folder:
            LocalBackend.build(tokens, vectors).save(Path(folder))
            return LocalBackend.load(Path(folder), size=len(tokens), dense=vectors is not None)


def test_stored_vectors_come_back_bit_for_bit(tmp_path):
    vectors = unit_rows(7, 5, 3)
    backend = LocalBackend.build([["甲"]] * 7, vectors)
    np.testing.assert_array_equal(backend.vectors(), vectors)
    backend.save(tmp_path)
    loaded = LocalBackend.load(tmp_path, size=7, dense=True)
    np.testing.assert_array_equal(loaded.vectors(), vectors)
    assert LocalBackend.build(TOKENS, None).vectors() is None
