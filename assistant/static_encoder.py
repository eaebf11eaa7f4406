"""The project's own encoder: mean of learned word vectors, in numpy and ``tokenizers`` only.

The weights in ``data/encoder/`` are in sentence-transformers format; its README names their sources.
``SentenceTransformer(path)`` gives the same vectors (a test compares them).
"""

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.errors import EncoderError

Vectors = NDArray[np.float32]

_BATCH = 256
_HEADER_BYTES = 8


class StaticEncoder:
    """Word vectors of a text's tokens, averaged and brought to unit length; questions like passages.

    The tokeniser takes the most probable path over a dictionary of words, as jieba does without its HMM.
    A text without any known token gives a zero row.

    Args:
        folder: A model of the ``StaticEmbedding`` kind; None for the weights that come with the package.

    Raises:
        EncoderError: The folder lacks the model's files or they are damaged.
    """

    name = "zhengce-static"

    def __init__(self, folder: Path | None = None) -> None:
        place = folder or Path(str(resources.files("assistant") / "data" / "encoder"))
        try:
            self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
            self._weights = _read_matrix(place / "model.safetensors", "embedding.weight")
        except Exception as error:  # tokenizers raises bare Exception
            raise EncoderError(
                f"无法读取嵌入模型：{place}（{error}）。"
                "目录中应有 tokenizer.json 与 model.safetensors；请重新安装本软件包。"
            ) from error
        self.dim = int(self._weights.shape[1])

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            part = list(texts[start : start + _BATCH])
            for offset, encoding in enumerate(
                self._tokenizer.encode_batch_fast(part, add_special_tokens=False)
            ):
                if encoding.ids:
                    rows[start + offset] = self._weights[encoding.ids].sum(axis=0)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.maximum(norms, np.float32(1e-12))
        return unit

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``; the model is symmetric."""
        return self.encode_documents(texts)


def _read_matrix(path: Path, name: str) -> Vectors:
    """A float32 matrix of a safetensors file (JSON header, then raw little-endian data), mapped not copied.

    Format: https://github.com/huggingface/safetensors#format
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_HEADER_BYTES), "little")
        entry = json.loads(file.read(length))[name]
    if entry["dtype"] != "F32":
        raise ValueError(f"{name}: F32 expected, {entry['dtype']} found")
    offset = _HEADER_BYTES + length + entry["data_offsets"][0]
    mapped = np.memmap(path, dtype="<f4", mode="r", offset=offset, shape=tuple(entry["shape"]))
    matrix: Vectors = np.asarray(mapped)
    return matrix
