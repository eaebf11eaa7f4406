"""BM25 over token lists, persisted as arrays and JSON.

Lucene's variant as implemented by bm25s: ``idf · tf / (tf + k1 · (1 - b + b · |d| / avgdl))`` with
``idf = ln(1 + (N - df + 0.5) / (df + 0.5))`` (Lù 2024, arXiv:2407.03618).
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.5
B = 0.75


class LexicalIndex:
    """BM25 scores of all indexed texts for a weighted query."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> "LexicalIndex":
        """Index texts given as token lists; their order is the order of the scores."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        # bm25s cannot index nothing: a place holder keeps an empty corpus an index like any other.
        model.index([list(text) or [""] for text in texts] or [[""]], show_progress=False)
        return cls(model, len(texts))

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float32]:
        """Sum of ``weight x BM25(token)`` for every text: float32 ``(n_texts,)``, higher is better."""
        total = np.zeros(self._size, dtype=np.float32)
        for weight in sorted(set(query.values())):
            tokens = [
                token for token, value in query.items() if value == weight and token in self._model.vocab_dict
            ]
            if tokens:
                total += np.float32(weight) * self._model.get_scores(tokens)[: self._size]
        return total

    def idf(self, token: str) -> float:
        """Inverse document frequency of a token over the indexed texts (natural logarithm)."""
        frequency = self.document_frequency(token)
        return float(np.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5)))

    def document_frequency(self, token: str) -> int:
        """In how many of the indexed texts a token stands."""
        number = self._model.vocab_dict.get(token)
        pointers = self._model.scores["indptr"]
        # bm25s lists "" in the vocabulary without giving it a column.
        if number is None or number + 1 >= len(pointers):
            return 0
        return int(pointers[number + 1] - pointers[number])

    def save(self, folder: Path) -> None:
        """Write the index into ``folder`` (arrays as .npy, vocabulary as JSON)."""
        self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, *, size: int) -> "LexicalIndex":
        """Read what ``save`` wrote for ``size`` texts."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder), load_corpus=False), size)
