"""What retrieval needs of a search engine, and the one for a single machine."""

import errno
import os
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.encoder import Vectors
from assistant.lexical import LexicalIndex, Positions, Query, Scores, TermCounts

#: From so many chunks on a graph of neighbours is searched instead of all vectors (``eval/scaling.py``).
GRAPH_FROM = 400_000
_NEIGHBOURS = 32
_SEARCHED = 128  # breadth of a search in the graph
CHUNK_TERMS, _DOCUMENT_TERMS, _VECTORS = "bm25", "bm25-documents", "vectors.faiss"


class Found(NamedTuple):
    """Chunks found, best first: positions in the chunk list and their scores."""

    positions: Positions
    scores: Scores


class SearchBackend(Protocol):
    """Searches the chunks of one index generation; positions are those of the chunk list.

    ``documents`` restricts a search to the chunks of these documents; None searches all. Equal scores
    rank by position. Chunks with score 0 are not found.
    """

    def sparse(self, query: Query, limit: int, documents: Sequence[str] | None = None) -> Found:
        """The best chunks by weighted BM25."""
        ...

    def sparse_at(self, query: Query, positions: Positions) -> Scores:
        """Weighted BM25 of some chunks, 0 without a common token."""
        ...

    def dense(self, vector: Vectors, limit: int, documents: Sequence[str] | None = None) -> Found:
        """The best chunks by cosine with a unit vector ``(dim,)``; none without vectors."""
        ...

    def dense_at(self, vector: Vectors, positions: Positions) -> Scores:
        """Cosines of some chunks with a unit vector ``(dim,)``; 0 without vectors."""
        ...

    def documents_at(self, query: Query, positions: Positions) -> Scores:
        """BM25 of the documents that chunks belong to, as a share of the best document's: 0 to 1."""
        ...

    def idf(self, token: str) -> float:
        """Inverse document frequency of a token over the chunks."""
        ...

    def contains(self, token: str) -> bool:
        """Whether any chunk has the token."""
        ...

    def frequencies(self) -> Mapping[str, int]:
        """Every token with the number of chunks that have it."""
        ...

    def vectors(self, positions: Sequence[int] | None = None) -> Vectors | None:
        """Stored vectors of some chunks or of all, for reuse when the index is updated; None without any."""
        ...


class LocalBackend:
    """BM25 in memory and FAISS: exact cosines, above ``GRAPH_FROM`` chunks found through an HNSW graph.

    Args:
        lexical: BM25 over the chunks.
        names: BM25 over the documents, in the order in which they first occur in ``owners``.
        vectors: FAISS index of the chunks' unit vectors; None for BM25 only.
        owners: The document of each chunk; the chunks of a document are neighbours.
    """

    def __init__(
        self, lexical: LexicalIndex, names: LexicalIndex, vectors: Any | None, owners: Sequence[str]
    ) -> None:
        self._lexical = lexical
        self._names = names
        self._vectors = vectors
        self._spans = document_spans(owners)
        lengths = [end - start for start, end in self._spans.values()]
        self._owner = np.repeat(np.arange(len(lengths)), lengths)

    @classmethod
    def of(cls, counts: TermCounts, vectors: Vectors | None, owners: Sequence[str]) -> "LocalBackend":
        """Index counted chunks and, unless the index is BM25 only, their unit vectors."""
        lengths = [end - start for start, end in document_spans(owners).values()]
        grouped = counts.grouped(np.repeat(np.arange(len(lengths)), lengths).tolist())
        index = None if vectors is None else _vector_index(vectors)
        return cls(LexicalIndex.of(counts), LexicalIndex.of(grouped), index, owners)

    @classmethod
    def build(
        cls, tokens: Sequence[Sequence[str]], vectors: Vectors | None, owners: Sequence[str] | None = None
    ) -> "LocalBackend":
        """Index chunks given as token lists; without ``owners`` they form one document."""
        return cls.of(TermCounts.of(tokens), vectors, [""] * len(tokens) if owners is None else owners)

    def sparse(self, query: Query, limit: int, documents: Sequence[str] | None = None) -> Found:
        """See ``SearchBackend``."""
        within = self._within(documents)
        scores = self._lexical.scores(query)
        return _best(scores, limit) if within is None else _best(scores[within], limit, within)

    def sparse_at(self, query: Query, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        return self._lexical.scores_at(query, positions)

    def dense(self, vector: Vectors, limit: int, documents: Sequence[str] | None = None) -> Found:
        """See ``SearchBackend``; through the graph, neighbours may be missed, their cosines are exact."""
        positions = self._within(documents)
        if positions is None:
            positions = self._neighbours(vector, limit)
        return _best(self.dense_at(vector, positions), limit, positions)

    def dense_at(self, vector: Vectors, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        cosines = np.zeros(len(positions), dtype=np.float32)
        if self._vectors is None or not len(positions):
            return cosines
        import faiss

        assert vector.shape == (self._vectors.d,), "the query is of another model than the index"
        query = np.ascontiguousarray(vector, dtype=np.float32)
        wanted = np.ascontiguousarray(positions, dtype=np.int64)
        # A second thread for one query costs more than it brings, most of all beside other requests.
        faiss.omp_set_num_threads(1)
        # Row by row, so that equal vectors have equal cosines: a matrix product rounds them differently.
        _exact(self._vectors).compute_distance_subset(
            1, faiss.swig_ptr(query), len(wanted), faiss.swig_ptr(cosines), faiss.swig_ptr(wanted)
        )
        return cosines

    def _neighbours(self, vector: Vectors, limit: int) -> Positions:
        """Positions among which the best are looked for, ascending: all, or those found through the graph."""
        if self._vectors is None or _exact(self._vectors) is self._vectors:
            # Not FAISS' own search, which drops the first of equal scores at the limit.
            return np.arange(len(self._owner))
        _, found = self._vectors.search(vector[np.newaxis, :], min(limit, len(self._owner)))
        return np.sort(found[0][found[0] >= 0])

    def documents_at(self, query: Query, positions: Positions) -> Scores:
        """See ``SearchBackend``."""
        scores = self._names.scores(query)
        top = float(scores.max(initial=0.0))
        shares: Scores = scores[self._owner[positions]] / np.float32(top or 1.0)
        return shares

    def idf(self, token: str) -> float:
        """See ``SearchBackend``."""
        return self._lexical.idf(token)

    def contains(self, token: str) -> bool:
        """See ``SearchBackend``."""
        return self._lexical.document_frequency(token) > 0

    def frequencies(self) -> Mapping[str, int]:
        """See ``SearchBackend``."""
        return {token: self._lexical.document_frequency(token) for token in self._lexical.vocabulary}

    def vectors(self, positions: Sequence[int] | None = None) -> Vectors | None:
        """See ``SearchBackend``."""
        if self._vectors is None:
            return None
        wanted = np.arange(len(self._owner)) if positions is None else np.asarray(positions, dtype=np.int64)
        if not len(wanted):
            return np.zeros((0, self._vectors.d), dtype=np.float32)
        stored: Vectors = self._vectors.reconstruct_batch(wanted)
        return stored

    def save(self, folder: Path, counts: TermCounts) -> None:
        """Write ``vectors.faiss``, ``bm25/`` and ``bm25-documents/`` into ``folder``.

        Raises:
            OSError: A file cannot be written.
        """
        counts.save(folder / CHUNK_TERMS)
        self._lexical.save(folder / CHUNK_TERMS)
        (folder / _DOCUMENT_TERMS).mkdir()
        self._names.save(folder / _DOCUMENT_TERMS)
        if self._vectors is not None:
            import faiss

            try:
                faiss.write_index(self._vectors, str(folder / _VECTORS))
            except RuntimeError as error:  # how FAISS reports a full disk
                raise OSError(errno.EIO, f"{os.strerror(errno.EIO)} {_VECTORS}") from error

    @classmethod
    def load(cls, folder: Path, *, owners: Sequence[str], dense: bool) -> "LocalBackend":
        """Read what ``save`` wrote for chunks of these documents."""
        vectors = None
        if dense:
            import faiss

            vectors = faiss.read_index(str(folder / _VECTORS))
        vocabulary = TermCounts.load_vocabulary(folder / CHUNK_TERMS)
        lexical = LexicalIndex.load(folder / CHUNK_TERMS, vocabulary, size=len(owners))
        names = LexicalIndex.load(folder / _DOCUMENT_TERMS, vocabulary, size=len(document_spans(owners)))
        return cls(lexical, names, vectors, owners)

    def _within(self, documents: Sequence[str] | None) -> Positions | None:
        """Positions of the chunks of documents, ascending."""
        if documents is None:
            return None
        spans = sorted(self._spans[name] for name in set(documents) if name in self._spans)
        return np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(*span) for span in spans)])


def stored_counts(folder: Path) -> TermCounts:
    """The token counts of a saved backend's chunks."""
    return TermCounts.load(folder / CHUNK_TERMS)


def document_spans(owners: Sequence[str]) -> dict[str, tuple[int, int]]:
    """First and one past last position of each document's chunks."""
    spans: dict[str, tuple[int, int]] = {}
    start = 0
    for name, group in groupby(owners):
        end = start + sum(1 for _ in group)
        assert name not in spans, f"chunks of {name} stand apart"
        spans[name] = (start, end)
        start = end
    return spans


def _vector_index(vectors: Vectors) -> Any:
    import faiss

    size, dimension = vectors.shape
    index: Any = faiss.IndexFlatIP(dimension)
    if size >= GRAPH_FROM:
        index = faiss.IndexHNSWFlat(dimension, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efSearch = _SEARCHED
    index.add(vectors)
    return index


def _exact(vectors: Any) -> Any:
    """The FAISS index that holds the vectors themselves: a graph has one beside it."""
    import faiss

    return faiss.downcast_index(vectors.storage) if isinstance(vectors, faiss.IndexHNSW) else vectors


def _best(scores: Scores, limit: int, positions: Positions | None = None) -> Found:
    """The highest positive scores; equal ones by position."""
    order: NDArray[np.int64]
    if limit < len(scores):
        border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        order = np.flatnonzero(scores >= max(border, np.finfo(np.float32).tiny))
    else:
        order = np.flatnonzero(scores > 0)
    order = order[np.argsort(-scores[order], kind="stable")][:limit]
    return Found(order if positions is None else positions[order], scores[order])
