"""Tokens of the static encoder: jieba words and single characters, and their first vectors.

The tokeniser is a Unigram model whose scores are log-frequencies, so that its Viterbi path is the most
probable segmentation over the dictionary: what jieba does without its HMM.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers

UNKNOWN = "[UNK]"
_CHARACTERS = [chr(code) for code in range(0x4E00, 0x9FA6)]
_ASCII = list("0123456789abcdefghijklmnopqrstuvwxyz%")
_MAX_WORD = 8

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Published word vectors: unit rows ``(n, dim)`` and the row of each word, frequent words first."""

    rows: Matrix
    number: dict[str, int]


def dictionary_frequencies(extra: Iterable[str]) -> dict[str, float]:
    """Frequency of each word of jieba's dictionary; ``extra`` words join with what makes them win."""
    import jieba

    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    for word in extra:
        if 1 < len(word) <= _MAX_WORD:
            segmenter.add_word(word)
    known = {word: float(count) for word, count in segmenter.FREQ.items() if count > 0}
    return {word.lower(): count for word, count in known.items() if len(word) <= _MAX_WORD}


def unigram_tokenizer(frequencies: dict[str, float], tokens: Sequence[str]) -> Tokenizer:
    """A tokeniser over ``tokens`` in this order (ids from 1; 0 is unknown)."""
    total = sum(frequencies.values())
    vocabulary = [(UNKNOWN, 0.0)]
    vocabulary += [
        (token, round(math.log(max(frequencies.get(token, 1.0), 1.0) / total), 3)) for token in tokens
    ]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), "")]
    )
    return tokenizer


def choose_tokens(
    frequencies: dict[str, float],
    texts: Sequence[str],
    general: Sequence[str],
    wanted: Iterable[str],
    size: int,
) -> list[str]:
    """Single characters, digits and letters, ``wanted`` words, then the words most used.

    A word's use is its count in ``texts`` (segmented with the whole dictionary), plus a bonus that falls
    with its rank among ``general`` words.
    """
    characters = [*_ASCII, *_CHARACTERS]
    everything = list(dict.fromkeys([*characters, *(word for word in frequencies if len(word) > 1)]))
    whole = unigram_tokenizer(frequencies, everything)
    counts: Counter[int] = Counter()
    for at in range(0, len(texts), 4096):
        for encoding in whole.encode_batch_fast(list(texts[at : at + 4096]), add_special_tokens=False):
            counts.update(encoding.ids)
    use = {everything[number - 1]: float(count) for number, count in counts.items() if number}
    for rank, word in enumerate(general):
        if word in frequencies and len(word) > 1:
            use[word] = use.get(word, 0.0) + 300_000 / (rank + 1_000)
    seen = [character for character in characters if use.get(character) or frequencies.get(character)]
    kept = dict.fromkeys([*seen, *(word for word in wanted if word in frequencies and len(word) > 1)])
    for word in sorted(use, key=lambda word: (-use[word], word)):
        if len(kept) >= size - 1:
            break
        kept.setdefault(word)
    return list(kept)


def read_word_vectors(folder: Path) -> WordVectors:
    """``V.npy`` (unit rows) with ``words.txt`` (a word a line)."""
    words = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
    return WordVectors(np.load(folder / "V.npy"), {word: at for at, word in enumerate(words) if word})


def word_matrix(vectors: WordVectors, tokens: Sequence[str]) -> Matrix:
    """A row for each token; a word without a vector gets the mean of its characters', else zeros."""
    matrix = np.zeros((len(tokens), vectors.rows.shape[1]), dtype=np.float32)
    for at, token in enumerate(tokens):
        parts = [token] if token in vectors.number else [part for part in token if part in vectors.number]
        if parts:
            matrix[at] = vectors.rows[[vectors.number[part] for part in parts]].mean(axis=0)
    return unit(matrix - matrix.mean(axis=0))


def reduced(matrix: Matrix, dim: int) -> Matrix:
    """The first ``dim`` principal components, as unit rows."""
    centred = matrix - matrix.mean(axis=0)
    values, vectors = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    axes = vectors[:, np.argsort(-values)[:dim]].astype(np.float32)
    # An eigenvector's sign is arbitrary: its largest component is made positive.
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return unit(centred @ axes)


def rarity(counts: NDArray[np.int64], smoothing: float = 1e-3) -> Matrix:
    """SIF weights ``a / (a + p(token))`` (Arora et al. 2017), which grow with rarity up to 1."""
    share = counts / max(int(counts.sum()), 1)
    return np.asarray(smoothing / (smoothing + share), dtype=np.float32)


def unit(matrix: Matrix) -> Matrix:
    """Rows of length 1; zero rows stay zero."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(norms, 1e-9), dtype=np.float32)
