"""What retrieval needs of a search engine, and the one for a single machine."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Vectors
from assistant.lexical import LexicalIndex

Scores = NDArray[np.float32]


class SearchBackend(Protocol):
    """Scores for every chunk of one index generation; positions are those of the chunk list."""

    def sparse_scores(self, query: Mapping[str, float]) -> Scores:
        """Weighted BM25: float32 ``(n_chunks,)``, higher is better, 0 without a common token."""
        ...

    def dense_scores(self, vector: Vectors) -> Scores | None:
        """Cosine with a unit vector ``(dim,)``: float32 ``(n_chunks,)``; None without vectors."""
        ...

    def idf(self, token: str) -> float:
        """Inverse document frequency of a token over the chunks."""
        ...

    def contains(self, token: str) -> bool:
        """Whether any chunk has the token."""
        ...


class LocalBackend:
    """FAISS (exact inner product) and bm25s in memory."""

    def __init__(self, lexical: LexicalIndex, vectors: Any | None, size: int) -> None:
        self._lexical = lexical
        self._vectors = vectors
        self._size = size

    @classmethod
    def build(cls, tokens: Sequence[Sequence[str]], vectors: Vectors | None) -> "LocalBackend":
        """Index chunks given as token lists and, unless the index is BM25 only, unit vectors."""
        faiss_index = None
        if vectors is not None:
            import faiss

            faiss_index = faiss.IndexFlatIP(vectors.shape[1])
            faiss_index.add(vectors)
        return cls(LexicalIndex.build(tokens), faiss_index, len(tokens))

    def sparse_scores(self, query: Mapping[str, float]) -> Scores:
        """See ``SearchBackend``."""
        return self._lexical.scores(query)

    def dense_scores(self, vector: Vectors) -> Scores | None:
        """See ``SearchBackend``."""
        if self._vectors is None:
            return None
        found, positions = self._vectors.search(vector[np.newaxis, :], max(1, self._size))
        scores = np.zeros(self._size, dtype=np.float32)
        valid = positions[0] >= 0
        scores[positions[0][valid]] = found[0][valid]
        return scores

    def idf(self, token: str) -> float:
        """See ``SearchBackend``."""
        return self._lexical.idf(token)

    def contains(self, token: str) -> bool:
        """See ``SearchBackend``."""
        return self._lexical.document_frequency(token) > 0

    def vectors(self) -> Vectors | None:
        """All stored vectors in chunk order, for reuse when the index is updated."""
        if self._vectors is None:
            return None
        stored: Vectors = self._vectors.reconstruct_n(0, self._size)
        return stored

    def save(self, folder: Path) -> None:
        """Write ``vectors.faiss`` and ``bm25/`` into ``folder``."""
        self._lexical.save(folder / "bm25")
        if self._vectors is not None:
            import faiss

            faiss.write_index(self._vectors, str(folder / "vectors.faiss"))

    @classmethod
    def load(cls, folder: Path, *, size: int, dense: bool) -> "LocalBackend":
        """Read what ``save`` wrote for ``size`` chunks."""
        vectors = None
        if dense:
            import faiss

            vectors = faiss.read_index(str(folder / "vectors.faiss"))
        return cls(LexicalIndex.load(folder / "bm25", size=size), vectors, size)
