"""The content of a question: what remains without asking words, weighted and translated to official words."""

import math
from collections.abc import Callable
from importlib import resources

from assistant.datatypes import Term
from assistant.synonyms import Synonyms
from assistant.text import Segmenter, bigrams, index_form
from assistant.understanding.patterns import pattern

# jieba's dictionary counts about 6e7 words: one in 300 carries nothing, one in a million everything.
_CORPUS_SIZE = 6e7
_COMMON, _RARE = 2.5, 6.0
GENERIC_WEIGHT = 0.12  # weight of words like 措施 and 落实, which every document is full of
_DECAY = 0.9  # of official words of one everyday word, from the first named on


def read_stopwords(name: str) -> frozenset[str]:
    """The words of ``data/stopwords.txt`` or ``data/genericwords.txt``."""
    text = (resources.files("assistant") / "data" / name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


class TopicReader:
    """Finds the content words of a question.

    Args:
        segmenter: Cuts into dictionary words.
        synonyms: Everyday words and their official ones.
        indexed: Whether a token stands in the documents.
    """

    def __init__(self, segmenter: Segmenter, synonyms: Synonyms, indexed: Callable[[str], bool]) -> None:
        self._segmenter = segmenter
        self._indexed = indexed
        self._synonyms = synonyms
        self._stopwords = read_stopwords("stopwords.txt")
        self._generic = read_stopwords("genericwords.txt")

    def terms(self, topic: str) -> tuple[Term, ...]:
        """Content words of a topic in order, everyday phrases first looked up whole.

        ``老板拖欠工资咋办`` → 老板 (→ 用人单位, …), 拖欠 (→ 拖欠工资, 工资支付, …), 工资.
        """
        found: dict[str, Term] = {}
        for piece in self.matter(topic).split():
            self._read(piece, found)
        return tuple(found.values())

    def matter(self, text: str) -> str:
        """A text without asking words, in index form except for the blanks in their places."""
        return " ".join(map(index_form, pattern("topic", "asking").sub(" ", text).split()))

    def _read(self, form: str, found: dict[str, Term]) -> None:
        expanded = self._synonyms.expand(form)
        for phrase, official in expanded.items():
            if phrase not in self._stopwords:
                ranked = (
                    (word, weight * _DECAY**rank) for rank, (word, weight) in enumerate(official.items())
                )
                found[phrase] = Term(phrase, self._weight(phrase), tuple(ranked))
        covered = "\n".join(expanded)
        for word in self._joined(self._segmenter.words(form)):
            if word not in self._stopwords and word not in covered:
                found.setdefault(word, Term(word, self._weight(word)))

    def _joined(self, words: list[str]) -> list[str]:
        """Words of two characters and more; neighbouring lone ones make a word if documents have it (带徒).

        Other lone characters are dropped: they match everywhere and mean nothing.
        """
        joined, run = [], ""
        for word in [*words, ""]:
            if len(word) == 1 and word not in self._stopwords:
                run += word
                continue
            if len(run) > 1 and all(map(self._indexed, bigrams(run))):
                joined.append(run)
            run = ""
            if len(word) > 1:
                joined.append(word)
        return joined

    def pieces(self, text: str) -> list[str]:
        """Words of a text and whatever stands between them, as printed."""
        return self._segmenter.pieces(text)

    def words(self, text: str) -> list[str]:
        """Dictionary words of a text, stop words included."""
        return self._segmenter.words(text)

    def content(self, text: str) -> str:
        """A text without the stop words at its ends: ``请问领军人才`` → ``领军人才``."""
        words = self.words(text)
        while words and words[0] in self._stopwords:
            words.pop(0)
        while words and words[-1] in self._stopwords:
            words.pop()
        return "".join(words) or text

    def is_content(self, word: str) -> bool:
        """Whether a word says something about the matter."""
        return word not in self._stopwords

    def _weight(self, word: str) -> float:
        if word in self._generic:
            return GENERIC_WEIGHT
        rarity = math.log10(_CORPUS_SIZE / (self._segmenter.frequency(word) + 1))
        return min(1.0, max(2 * GENERIC_WEIGHT, (rarity - _COMMON) / (_RARE - _COMMON)))
