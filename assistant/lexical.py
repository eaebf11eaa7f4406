"""BM25 over token lists: counts that an update keeps, and weights by token for searching.

Lucene's variant: ``idf · tf / (tf + k1 · (1 - b + b · |d| / avgdl))`` with
``idf = ln(1 + (N - df + 0.5) / (df + 0.5))`` (Lù 2024, arXiv:2407.03618). Weights are computed once, when
the index is built (eager sparse scoring, ibid.); a search adds up the columns of the query's tokens.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

K1 = 1.5
B = 0.75

Scores = NDArray[np.float32]
Positions = NDArray[np.int64]
Query = Mapping[str, float]

_VOCABULARY = "vocabulary.json"
_PARTS = ("data", "indices", "indptr")  # of a CSR matrix


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each token stands in each text.

    Attributes:
        vocabulary: The tokens in code point order, each in some text.
        matrix: Counts, ``(n_texts, n_tokens)``, CSR.
    """

    vocabulary: tuple[str, ...]
    matrix: Any

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> "TermCounts":
        """Count the tokens of texts, in their order. Only the counts of a text are kept, never its tokens."""
        numbers: dict[str, int] = {}
        starts, columns, counts = [0], [], []
        for text in texts:
            found = Counter(text)
            columns.append(
                np.fromiter((numbers.setdefault(each, len(numbers)) for each in found), np.int32, len(found))
            )
            counts.append(np.fromiter(found.values(), np.int32, len(found)))
            starts.append(starts[-1] + len(found))
        matrix = sparse.csr_matrix(
            (_joined(counts), _joined(columns), np.asarray(starts)), shape=(len(starts) - 1, len(numbers))
        )
        return cls(tuple(numbers), matrix)._in_order()

    def rows(self, positions: Sequence[int]) -> "TermCounts":
        """The counts of some texts, in the order given."""
        return TermCounts(self.vocabulary, self.matrix[np.asarray(positions, dtype=np.int64)])._in_order()

    def followed_by(self, other: "TermCounts") -> "TermCounts":
        """These texts and then the other's."""
        return TermCounts.joined([self, other])

    @classmethod
    def joined(cls, parts: Sequence["TermCounts"]) -> "TermCounts":
        """The texts of several counts, one after the other."""
        merged: dict[str, int] = {}
        for part in parts:
            for token in part.vocabulary:
                merged.setdefault(token, len(merged))
        moved = [_renumbered(part.matrix, part.vocabulary, merged) for part in (cls.of([]), *parts)]
        return cls(tuple(merged), sparse.vstack(moved, format="csr"))._in_order()

    def grouped(self, groups: Sequence[int]) -> "TermCounts":
        """The counts of texts joined to larger ones: text ``i`` to number ``groups[i]``, from 0 on."""
        sums = sparse.csr_matrix(
            (
                np.ones(len(groups), dtype=np.int32),
                (np.asarray(groups, dtype=np.int64), np.arange(len(groups))),
            ),
            shape=(max(groups, default=-1) + 1, len(groups)),
        )
        return TermCounts(self.vocabulary, (sums @ self.matrix).tocsr())

    def _in_order(self) -> "TermCounts":
        """The same counts with the vocabulary in code point order and without tokens of no text."""
        used = np.unique(self.matrix.indices)
        order = sorted(used.tolist(), key=self.vocabulary.__getitem__)
        numbers = {self.vocabulary[old]: new for new, old in enumerate(order)}
        matrix = _renumbered(self.matrix, self.vocabulary, numbers)
        matrix.sort_indices()
        return TermCounts(tuple(numbers), matrix)

    def save(self, folder: Path) -> None:
        """Write the counts into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            np.save(folder / f"counts-{part}.npy", getattr(self.matrix, part))
        text = json.dumps(self.vocabulary, ensure_ascii=False)
        (folder / _VOCABULARY).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "TermCounts":
        """Read what ``save`` wrote."""
        vocabulary = cls.load_vocabulary(folder)
        data, columns, starts = (np.load(folder / f"counts-{part}.npy") for part in _PARTS)
        shape = (len(starts) - 1, len(vocabulary))
        return cls(vocabulary, sparse.csr_matrix((data, columns, starts), shape=shape))

    @staticmethod
    def load_vocabulary(folder: Path) -> tuple[str, ...]:
        """The vocabulary alone."""
        return tuple(json.loads((folder / _VOCABULARY).read_text(encoding="utf-8")))


class LexicalIndex:
    """BM25 scores of texts for a weighted query.

    Args:
        vocabulary: Token of each column.
        weights: What a token adds to the score of a text, ``(n_texts, n_tokens)``, CSC.
    """

    def __init__(self, vocabulary: Sequence[str], weights: Any) -> None:
        self._numbers = {token: number for number, token in enumerate(vocabulary)}
        self._starts, self._rows, self._values = weights.indptr, weights.indices, weights.data
        self._size = int(weights.shape[0])

    @classmethod
    def of(cls, counts: TermCounts) -> "LexicalIndex":
        """Weigh counted texts."""
        return cls(counts.vocabulary, bm25_weights(counts.matrix).tocsc())

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> "LexicalIndex":
        """Index texts given as token lists; their order is the order of the scores."""
        return cls.of(TermCounts.of(texts))

    @property
    def vocabulary(self) -> Iterable[str]:
        """The tokens of the texts."""
        return self._numbers.keys()

    def scores(self, query: Query) -> Scores:
        """Sum of ``weight x BM25(token)`` for every text: float32 ``(n_texts,)``, higher is better."""
        total = np.zeros(self._size, dtype=np.float32)
        for token, weight in query.items():
            rows, values = self._column(token)
            total[rows] += np.float32(weight) * values
        return total

    def scores_at(self, query: Query, positions: Positions) -> Scores:
        """``scores(query)[positions]`` without scoring the other texts; ``positions`` in any order."""
        total = np.zeros(len(positions), dtype=np.float32)
        for token, weight in query.items():
            rows, values = self._column(token)
            if len(rows):
                at = np.minimum(np.searchsorted(rows, positions), len(rows) - 1)
                total += np.float32(weight) * np.where(rows[at] == positions, values[at], np.float32(0))
        return total

    def idf(self, token: str) -> float:
        """Inverse document frequency of a token over the indexed texts (natural logarithm)."""
        frequency = self.document_frequency(token)
        return float(np.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5)))

    def document_frequency(self, token: str) -> int:
        """In how many of the indexed texts a token stands."""
        return len(self._column(token)[0])

    def _column(self, token: str) -> tuple[NDArray[np.int32], Scores]:
        """Texts that have a token, ascending, and what it adds to their scores."""
        number = self._numbers.get(token)
        if number is None:
            return self._rows[:0], self._values[:0]
        place = slice(self._starts[number], self._starts[number + 1])
        return self._rows[place], self._values[place]

    def save(self, folder: Path) -> None:
        """Write the weights into ``folder``; the vocabulary is kept with the counts."""
        for name, array in (("starts", self._starts), ("rows", self._rows), ("values", self._values)):
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def load(cls, folder: Path, vocabulary: Sequence[str], *, size: int) -> "LexicalIndex":
        """Read what ``save`` wrote for ``size`` texts with this vocabulary."""
        starts, rows, values = (np.load(folder / f"{name}.npy") for name in ("starts", "rows", "values"))
        return cls(vocabulary, sparse.csc_matrix((values, rows, starts), shape=(size, len(vocabulary))))


def bm25_weights(counts: Any) -> Any:
    """What each token adds to the score of each text: float32, in the shape of the count matrix (CSR)."""
    size = counts.shape[0]
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    frequencies = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (size - frequencies + 0.5) / (frequencies + 0.5))
    average = lengths.mean() if lengths.any() else 1.0
    damping = np.repeat(K1 * (1 - B + B * lengths / average), np.diff(counts.indptr))
    values = idf[counts.indices] * counts.data / (counts.data + damping)
    return sparse.csr_matrix((values.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)


def _renumbered(matrix: Any, vocabulary: Sequence[str], numbers: Mapping[str, int]) -> Any:
    """The matrix with its columns moved to the ``numbers`` of their tokens; unused tokens may be missing."""
    moved = np.fromiter((numbers.get(token, 0) for token in vocabulary), np.int32, len(vocabulary))
    columns = moved[matrix.indices] if len(vocabulary) else matrix.indices
    return sparse.csr_matrix((matrix.data, columns, matrix.indptr), shape=(matrix.shape[0], len(numbers)))


def _joined(arrays: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int32)
