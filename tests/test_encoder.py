import sys
import types

import numpy as np
import pytest

from assistant.encoder import (
    SentenceTransformerEncoder,
    UniversalSentenceEncoder,
    load_encoder,
)
from assistant.errors import EncoderError
from samples import KeywordEncoder

TEXTS = ["公共自行车站点建设", "完善充电设施", "图书馆招募志愿者"]


class FakeModel:
    """A sentence-transformers model with a prompt for queries; its vectors are not of unit length."""

    def __init__(self, name, device=None):
        if "missing" in name:
            raise OSError("no such model")
        self.name = name
        self.device = device

    def encode_document(self, texts, show_progress_bar):
        return np.array([[3.0 * len(text), 4.0 * len(text)] for text in texts]).reshape(len(texts), 2)

    def encode_query(self, texts, show_progress_bar):
        return np.array([[0.0, 2.0] for _ in texts]).reshape(len(texts), 2)


@pytest.fixture
def fake_transformers(monkeypatch):
    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = FakeModel
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.fixture(scope="module")
def universal():
    return load_encoder("use-multilingual")


class EncoderContract:
    """What every ``Encoder`` must do."""

    @pytest.mark.parametrize("method", ["encode_documents", "encode_queries"])
    def test_rows_are_float32_of_unit_length_in_order(self, encoder, method):
        vectors = getattr(encoder, method)(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape[0] == len(TEXTS)
        np.testing.assert_allclose((vectors.astype(np.float64) ** 2).sum(axis=1), 1.0, atol=1e-5)
        for text, row in zip(TEXTS, vectors, strict=True):
            np.testing.assert_allclose(getattr(encoder, method)([text])[0], row, atol=1e-5)

    def test_no_texts_have_no_rows_but_the_dimension(self, encoder):
        dimension = encoder.encode_documents(TEXTS).shape[1]
        assert encoder.encode_documents([]).shape == (0, dimension)
        assert encoder.encode_queries([]).shape == (0, dimension)

    def test_it_has_a_name(self, encoder):
        assert encoder.name


class TestKeywordEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self):
        return KeywordEncoder()


class TestUniversalSentenceEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, universal):
        return universal

    def test_a_paraphrase_is_nearer_than_another_subject(self, encoder):
        question = encoder.encode_queries(["老板拖欠工人的工资怎么办"])[0]
        near, far = encoder.encode_documents(["保障农民工工资按时足额支付", "推进公共自行车站点建设"])
        assert question @ near > question @ far + 0.1


class TestSentenceTransformerEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, fake_transformers):
        return SentenceTransformerEncoder("some/model")

    def test_documents_and_queries_go_their_own_ways(self, encoder):
        np.testing.assert_allclose(encoder.encode_documents(["甲乙"]), [[0.6, 0.8]], atol=1e-6)
        np.testing.assert_allclose(encoder.encode_queries(["甲乙"]), [[0.0, 1.0]], atol=1e-6)

    def test_a_zero_vector_stays_zero(self, encoder):
        np.testing.assert_array_equal(encoder.encode_documents([""]), [[0.0, 0.0]])


def test_the_name_none_loads_nothing():
    assert load_encoder("none") is None


def test_the_name_use_multilingual_loads_the_model_that_comes_with_the_installation(universal):
    assert isinstance(universal, UniversalSentenceEncoder)
    assert universal.name == "use-multilingual"


def test_any_other_name_is_a_sentence_transformers_model(fake_transformers, tmp_path):
    assert load_encoder("some/model").name == "some/model"
    assert load_encoder(str(tmp_path)).name == str(tmp_path)


def test_a_model_that_cannot_be_loaded_names_the_setting(fake_transformers):
    with pytest.raises(EncoderError, match=r"无法加载嵌入模型“missing/model”.*ZHENGCE_EMBEDDING"):
        load_encoder("missing/model")


@pytest.mark.parametrize("name", ["/no/such/folder", "./no-such-folder", "~/no-such-folder"])
def test_a_path_that_does_not_exist_is_not_looked_up_as_a_name(name):
    with pytest.raises(EncoderError, match=f"嵌入模型目录不存在：{name}"):
        load_encoder(name)
