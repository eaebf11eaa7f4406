"""Which documents a question names: by place, issuer, title, number, year."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from assistant.datatypes import Document
from assistant.text import bigrams, index_form

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TITLE = re.compile(r"《([^《》]{4,})》")
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
        self._order = {document.id: number for number, document in enumerate(documents)}
        self._names = {document.id: _name(document) for document in documents}
        numbers = (index_form(document.metadata.doc_number.value) for document in documents)
        self._numbers = frozenset(filter(None, numbers))
        self._heads = {each.id: self._names[each.id] + index_form(each.text[:_HEAD]) for each in documents}
        self._of_year: dict[str, set[str]] = {}
        for document in documents:
            for year in _years(document):
                self._of_year.setdefault(year, set()).add(document.id)
        self._national = {
            document.id for document in documents if _NATIONAL_ISSUER.search(document.metadata.issuer.value)
        }
        self._holders: dict[str, list[str]] = {}
        for name, text in self._names.items():
            for pair in frozenset(bigrams(text)) - _TITLE_NOISE:
                self._holders.setdefault(pair, []).append(name)
        self._of_place: dict[str, frozenset[str]] = {}

    def select(self, question: str, places: Collection[str]) -> tuple[str, ...]:
        """Ids of the documents a question names, in index order; () when it names none in particular."""
        if len(self._order) < 2:
            return ()
        weights: defaultdict[str, float] = defaultdict(float)
        for pair in frozenset(bigrams(index_form(question))):
            holders = self._holders.get(pair, ())
            for name in holders:
                weights[name] += math.log(len(self._order) / len(holders))
        for name in frozenset().union(*map(self._places_documents, places)):
            weights[name] += _PLACE
        for name in frozenset().union(*(self._of_year.get(year, ()) for year in _YEAR.findall(question))):
            weights[name] += _YEAR_WEIGHT
        for name in self._national if _NATIONAL.search(question) else ():
            weights[name] += _LEVEL
        best = max(weights.values(), default=0.0)
        if best < _NAMED:
            return ()
        chosen = [name for name, weight in weights.items() if weight >= _AS_GOOD * best]
        return tuple(sorted(chosen, key=self._order.__getitem__))

    def _places_documents(self, place: str) -> frozenset[str]:
        """Documents whose name or beginning has a place."""
        if place not in self._of_place:
            short = _short(place)
            self._of_place[place] = frozenset(name for name, head in self._heads.items() if short in head)
        return self._of_place[place]

    def is_quoted(self, question: str) -> bool:
        """Whether the question gives a document's title in 《》 or its number."""
        form = index_form(question)
        quoted = [
            title for title in _TITLE.findall(form) if any(title in name for name in self._names.values())
        ]
        return bool(quoted) or any(number in form for number in self._numbers)

    def naming(self, documents: Collection[str], words: Collection[str]) -> frozenset[str]:
        """Those of the words that stand in the names of all the documents: they tell no clauses apart."""
        return frozenset(word for word in words if all(word in self._names[name] for name in documents))


def _name(document: Document) -> str:
    metadata = document.metadata
    return index_form(f"{metadata.title.value} {metadata.issuer.value} {metadata.doc_number.value}")


def _short(place: str) -> str:
    return place[:-1] if len(place) > 2 and place[-1] in "省市" else place


def _years(document: Document) -> set[str]:
    metadata = document.metadata
    return set(_YEAR.findall(f"{metadata.date.value} {metadata.doc_number.value} {metadata.title.value}"))
