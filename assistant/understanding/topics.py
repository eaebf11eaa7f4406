"""The content of a question: what remains without asking words, weighted and translated to official words."""

import math
from collections.abc import Iterable
from importlib import resources

from assistant.datatypes import Term
from assistant.synonyms import Synonyms
from assistant.text import Segmenter, index_form

# jieba's dictionary counts about 6e7 words of text; a word of one in 300 carries nothing, one in a million all.
_CORPUS_SIZE = 6e7
_COMMON, _RARE = 2.5, 6.0
_LONE_CHARACTER = 0.25


def read_stopwords() -> frozenset[str]:
    """The words of ``data/stopwords.txt``."""
    text = (resources.files("assistant") / "data" / "stopwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


class TopicReader:
    """Finds the content words of a question."""

    def __init__(self, segmenter: Segmenter, synonyms: Synonyms, stopwords: Iterable[str]) -> None:
        self._segmenter = segmenter
        self._synonyms = synonyms
        self._stopwords = frozenset(stopwords)

    def terms(self, topic: str) -> tuple[Term, ...]:
        """Content words of a topic in order, everyday phrases first looked up whole.

        ``老板拖欠工资`` → 拖欠 (→ 拖欠工资, 工资支付, …), 老板 (→ 用人单位, …), 工资.
        """
        found: dict[str, Term] = {}
        for piece in topic.split():
            self._read(index_form(piece), found)
        return tuple(found.values())

    def _read(self, form: str, found: dict[str, Term]) -> None:
        expanded = self._synonyms.expand(form)
        for phrase, official in expanded.items():
            if phrase not in self._stopwords:
                found[phrase] = Term(phrase, self._weight(phrase), tuple(official.items()))
        covered = "\n".join(expanded)
        for word in self._segmenter.words(form):
            if word in found or word in self._stopwords or (len(word) > 1 and word in covered):
                continue
            if len(word) > 1 or "\u4e00" <= word <= "\u9fff":
                found[word] = Term(word, self._weight(word))

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
        if len(word) == 1:
            return _LONE_CHARACTER
        rarity = math.log10(_CORPUS_SIZE / (self._segmenter.frequency(word) + 1))
        return min(1.0, max(0.1, (rarity - _COMMON) / (_RARE - _COMMON)))
