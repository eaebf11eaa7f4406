"""Which documents a question names: by place, issuer, title, number, year."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence

from assistant.datatypes import Document
from assistant.text import bigrams, index_form

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_NATIONAL = re.compile(r"国务院|国办|国家(?!级)|中央|全国|各部委|部委")
_NATIONAL_ISSUER = re.compile(
    r"^(?:国务院|国家|中共中央|中央|全国|中华人民共和国|[\u4e00-\u9fff]{2,8}部(?!门))"
)
#: A document is named when its shared name weighs this much: about two rare words.
_NAMED = 4.0
_AS_GOOD = 0.7  # of the best document's weight, from which others are meant as well
_PLACE, _YEAR_WEIGHT, _LEVEL = 4.0, 1.5, 2.5
_HEAD = 200  # characters at the start of a text, where its place stands if its title does not say it
_TITLE_NOISE = frozenset(
    bigrams(
        "关于印发的通知关于实施方案若干措施意见办法规定条例行动计划人民政府办公室办公厅发展工作推进加快促进"
    )
)


class DocumentSelector:
    """Weighs what a question shares with the names of the indexed documents.

    A document's name is its title, issuer and number. Pairs of characters count by how few documents
    have them, so that 数字经济 says little in an index full of it and 黄山 says all.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._names = {document.id: _name(document) for document in documents}
        self._pairs = {name: frozenset(bigrams(text)) - _TITLE_NOISE for name, text in self._names.items()}
        self._frequency = Counter(pair for pairs in self._pairs.values() for pair in pairs)

    def select(self, question: str, places: Collection[str]) -> tuple[str, ...]:
        """Ids of the documents a question names, in index order; () when it names none in particular."""
        if len(self._documents) < 2:
            return ()
        asked = frozenset(bigrams(index_form(question)))
        weights = {
            document.id: self._weight(document, question, asked, places) for document in self._documents
        }
        best = max(weights.values())
        if best < _NAMED:
            return ()
        return tuple(name for name, weight in weights.items() if weight >= _AS_GOOD * best)

    def naming(self, documents: Collection[str], words: Collection[str]) -> frozenset[str]:
        """Those of the words that stand in the names of all the documents: they tell no clauses apart."""
        return frozenset(word for word in words if all(word in self._names[name] for name in documents))

    def _weight(
        self, document: Document, question: str, asked: frozenset[str], places: Collection[str]
    ) -> float:
        shared = asked & self._pairs[document.id]
        weight = sum(math.log(len(self._documents) / self._frequency[pair]) for pair in shared)
        name = self._names[document.id]
        head = name + index_form(document.text[:_HEAD])
        weight += _PLACE * any(_short(place) in head for place in places)
        if set(_YEAR.findall(question)) & _years(document):
            weight += _YEAR_WEIGHT
        if _NATIONAL.search(question) and _NATIONAL_ISSUER.search(document.metadata.issuer.value):
            weight += _LEVEL
        return weight


def _name(document: Document) -> str:
    metadata = document.metadata
    return index_form(f"{metadata.title.value} {metadata.issuer.value} {metadata.doc_number.value}")


def _short(place: str) -> str:
    return place[:-1] if len(place) > 2 and place[-1] in "省市" else place


def _years(document: Document) -> set[str]:
    metadata = document.metadata
    return set(_YEAR.findall(f"{metadata.date.value} {metadata.doc_number.value} {metadata.title.value}"))
