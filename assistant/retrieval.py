"""From a plan to ranked clauses: BM25 and vectors find chunks, readable features order them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.datatypes import Chunk, Clause, ClauseKey, Document, Hit, Path, Plan, Term
from assistant.encoder import Encoder, Vectors
from assistant.lexical import Positions
from assistant.outline import Outline, Span
from assistant.places import Gazetteer, Place, agreement
from assistant.ranking import Features, RankingModel
from assistant.store.backend import SearchBackend
from assistant.text import bigrams, index_form, opening, sentences
from assistant.understanding.patterns import names, pattern
from assistant.understanding.sections import find_section, form_match
from assistant.values import values

_FOUND = 60  # chunks taken from each of the two searches
_CANDIDATES = 40  # of these, chunks whose features are worked out
_OFFICIAL_WEIGHT = 0.3  # of an official word that stands for an everyday one, against a word of the question
# Against the BM25 share, for the choice of candidates.
_DENSE_WEIGHT, _DOCUMENT_WEIGHT, _NAMED_WEIGHT = 1.2, 0.3, 0.3
_PARTIAL = 0.5  # of a word of which the text has only a part
_FITTING = 0.6  # share of the best sentence's fit from which another one counts
_CACHED = 20_000  # sentences and chunks kept ready
_PRIOR = 0.3  # what a clause gains when an earlier turn was about it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk considered for a question: its position in the chunk list, what it is ordered by, its score."""

    position: int
    features: Features
    score: float


@dataclass(frozen=True)
class _Prepared:
    """A chunk in index form: with its context, its sentences, and the text as printed."""

    whole: str
    sentences: tuple[str, ...]
    text: str


class Retriever:
    """Searches one opened index.

    Args:
        documents: The indexed documents.
        chunks: The chunks that the backend searches, in its order.
        backend: Finds chunks by BM25 and by vectors.
        encoder: The model of the index's vectors; None for BM25 only.
        tokens: The tokeniser of the index.
        gazetteer: Finds the places of documents.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        backend: SearchBackend,
        encoder: Encoder | None,
        tokens: Callable[[str], list[str]],
        gazetteer: Gazetteer,
    ) -> None:
        self.documents = {document.id: document for document in documents}
        self.outlines = _Outlines(self.documents)
        self.model = RankingModel.load()
        self._chunks = chunks
        self._backend = backend
        self._encoder = encoder
        self._tokens = tokens
        self._gazetteer = gazetteer
        self._embedded: dict[str, Vectors] = {}
        self._prepared: dict[int, _Prepared] = {}
        self._places: dict[str, list[Place]] = {}
        self._of_clause: dict[ClauseKey, list[int]] | None = None

    @property
    def mode(self) -> Literal["hybrid", "sparse"]:
        """``hybrid`` with vectors, ``sparse`` without."""
        return "hybrid" if self._encoder else "sparse"

    def search(
        self,
        plan: Plan,
        *,
        limit: int = 5,
        prior: Collection[tuple[str, Path]] = (),
        within: Collection[ClauseKey] | None = None,
    ) -> list[Hit]:
        """Clauses by the relevance of their best chunk, best first; equal scores by document and position.

        Args:
            plan: Terms and documents to search for.
            limit: At most this many.
            prior: ``(document, path)`` of clauses an earlier turn was about; they gain a little.
            within: The only clauses to search; None for all.
        """
        found = self.explain(plan, within)
        scores = {
            key: self.model.relevance(features) + (_PRIOR if (key[0], key[2]) in prior else 0.0)
            for key, features in found
        }
        order = sorted(found, key=lambda pair: (-scores[pair[0]], pair[0][0], self._start(pair[0])))
        return [self._hit(plan, key, scores[key], features) for key, features in order[:limit]]

    def explain(
        self, plan: Plan, within: Collection[ClauseKey] | None = None
    ) -> list[tuple[ClauseKey, Features]]:
        """The clauses considered for a plan, best first, with what the best chunk of each is ordered by."""
        found: dict[ClauseKey, Features] = {}
        for candidate in self.rank(plan, within):
            found.setdefault(self._key(candidate.position), candidate.features)
        return list(found.items())

    def rank(self, plan: Plan, within: Collection[ClauseKey] | None = None) -> list[Candidate]:
        """The chunks considered for a plan, best first; equal scores by position."""
        query = _Query(plan, self._tokens, self._gazetteer, self._backend.idf)
        vector = self._encoder.encode_queries([plan.question])[0] if self._encoder else None
        positions, top = self._found(plan, query, vector)
        if within is not None:
            # All chunks of these clauses, not those among the best ones: the clauses may rank low.
            positions = self._positions_of(within)
        sparse = self._backend.sparse_at(query.weighted, positions) / (top or 1.0)
        official = self._backend.sparse_at(query.official, positions) / (top or 1.0)
        dense = np.zeros_like(sparse)
        if vector is not None:
            dense = np.maximum(0, self._backend.dense_at(vector, positions))
        document = self._backend.documents_at(query.own, positions)
        named = np.array([self._chunks[position].document in plan.documents for position in positions])
        first = sparse + _DENSE_WEIGHT * dense + _DOCUMENT_WEIGHT * document + _NAMED_WEIGHT * named
        candidates = []
        for at in np.argsort(-first, kind="stable")[:_CANDIDATES]:
            found = float(sparse[at]), float(official[at]), float(dense[at]), float(document[at])
            features = self._features(plan, query, int(positions[at]), found)
            candidates.append(Candidate(int(positions[at]), features, self.model.relevance(features)))
        return sorted(candidates, key=lambda each: (-each.score, each.position))

    def _found(self, plan: Plan, query: "_Query", vector: Vectors | None) -> tuple[Positions, float]:
        """Positions of the chunks found by words and by meaning, ascending, and the highest BM25 score."""
        searches = [plan.documents] if plan.restricted else [plan.documents, None]
        found, top = [np.zeros(0, dtype=np.int64)], 0.0
        for within in searches:
            if within == ():
                continue
            by_words = self._backend.sparse(query.weighted, _FOUND, within)
            found.append(by_words.positions)
            top = max(top, *by_words.scores[:1].tolist(), 0.0)
            if vector is not None:
                found.append(self._backend.dense(vector, _FOUND, within).positions)
        return np.unique(np.concatenate(found)), top

    def _positions_of(self, clauses: Collection[ClauseKey]) -> Positions:
        """Positions of the chunks of clauses, ascending."""
        if self._of_clause is None:
            of_clause: dict[ClauseKey, list[int]] = {}
            for position in range(len(self._chunks)):
                of_clause.setdefault(self._key(position), []).append(position)
            self._of_clause = of_clause  # one assignment: other threads see all of it or nothing
        held = sorted(position for key in set(clauses) for position in self._of_clause.get(key, ()))
        return np.array(held, dtype=np.int64)

    def mentions(self, words: str) -> bool:
        """Whether any chunk has these words, or its title or headings have them; white space ignored."""
        form = index_form(words)
        found = self._backend.sparse(dict.fromkeys(bigrams(form), 1.0), _FOUND)
        return any(form in self._prepare(int(position)).whole for position in found.positions)

    def _stands_somewhere(self, term: Term) -> bool:
        """Whether the index has all pairs of characters of a term or of one of its official words."""
        words = [index_form(word) for word in (term.text, *(word for word, _ in term.official))]
        return any(all(map(self._backend.contains, bigrams(word))) for word in words)

    def coverage(self, terms: Sequence[Term], text: str) -> float:
        """Share of the terms' weight that a text covers, 0 to 1; 0 without terms."""
        return _Weighted.of(terms, self._idf).share(index_form(text))

    def _features(
        self, plan: Plan, query: "_Query", position: int, found: tuple[float, float, float, float]
    ) -> Features:
        chunk, prepared = self._chunks[position], self._prepare(position)
        terms = query.terms(self._idf)
        covered, sentence = terms.shares(prepared.whole, prepared.sentences)
        wording, phrase = query.shares(prepared.whole, prepared.sentences)
        fit = agreement(query.places, self._document_places(chunk.document))
        key = (chunk.part, chunk.path)
        section = query.section(chunk.document, lambda: self.outlines[chunk.document])
        return Features(
            *found,
            coverage=covered,
            sentence=sentence,
            wording=wording,
            phrase=phrase,
            key=terms.heaviest(prepared.whole),
            unknown=query.unknown(self._stands_somewhere),
            named=float(chunk.document in plan.documents),
            place=max(0.0, fit),
            elsewhere=float(fit < 0),
            value=0.0 if plan.expects is None else _sign(bool(values(plan.expects, prepared.text))),
            aspect=sum(_sign(bool(told.search(prepared.text))) for told in query.aspects),
            heading=self._heading(plan.terms, chunk),
            leaf=float(not self.outlines[chunk.document].children(key)),
            section=float(bool(section) and chunk.path[: len(section)] == section),
        )

    def _prepare(self, position: int) -> _Prepared:
        # Requests run side by side: what one has made stays its own when another empties the cache.
        prepared = self._prepared.get(position)
        if prepared is None:
            chunk = self._chunks[position]
            text = self._text(chunk.document, (chunk.start, chunk.end))
            prepared = _Prepared(
                index_form(f"{chunk.context}\n{text}"),
                tuple(index_form(text[start:end]) for start, end in sentences(text)),
                text,
            )
            if len(self._prepared) >= _CACHED:
                self._prepared.clear()
            self._prepared[position] = prepared
        return prepared

    def is_elsewhere(self, plan: Plan, document: str) -> bool:
        """Whether a document is of another place than those that a plan names."""
        return agreement(_asked_places(plan, self._gazetteer), self._document_places(document)) < 0

    def _document_places(self, name: str) -> list[Place]:
        """Places that a document's title and issuer name; of a text without title, its first words."""
        if name not in self._places:
            document = self.documents[name]
            title = document.metadata.title.value or opening(document.text)
            text = f"{title}，{document.metadata.issuer.value}"
            self._places[name] = [mention.place for mention in self._gazetteer.find(text)]
        return self._places[name]

    def _similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosines of a question with texts; all 0 without a model."""
        if self._encoder is None:
            return [0.0] * len(texts)
        known = {text: self._embedded.get(text) for text in texts}
        missing = [text for text, vector in known.items() if vector is None]
        fresh = dict(zip(missing, self._encoder.encode_documents(missing), strict=True)) if missing else {}
        if len(self._embedded) + len(fresh) > _CACHED:
            self._embedded.clear()
        self._embedded.update(fresh)
        vectors = known | fresh
        asked = self._encoder.encode_queries([question])[0]
        return [float(asked @ vectors[text]) for text in texts]

    def _idf(self, term: Term) -> float:
        """Rarity in the index, 0.3 to 1: unknown words count as rare, words of every chunk a little."""
        words = [term.text, *(word for word, _ in term.official)]
        commonest = min(self._backend.idf(index_form(word)) for word in words)
        return max(0.3, min(1.0, commonest / self._backend.idf("")))

    def _key(self, position: int) -> ClauseKey:
        chunk = self._chunks[position]
        return chunk.document, chunk.part, chunk.path

    def _clause(self, key: ClauseKey) -> Clause | None:
        return self.outlines[key[0]].by_key.get(key[1:])

    def _start(self, key: ClauseKey) -> int:
        clause = self._clause(key)
        return clause.start if clause else -1

    def _text(self, document: str, span: Span) -> str:
        return self.documents[document].text[span[0] : span[1]]

    def _heading(self, terms: Sequence[Term], chunk: Chunk) -> float:
        clause = self._clause((chunk.document, chunk.part, chunk.path))
        total = sum(term.weight for term in terms)
        if clause is None or not total:
            return 0.0
        headings = index_form(" ".join(self.outlines[chunk.document].headings(clause)[-2:]))
        return sum(term.weight * form_match(term, headings) for term in terms) / total

    def _hit(self, plan: Plan, key: ClauseKey, score: float, features: Features) -> Hit:
        spans = self.outlines[key[0]].own_sentences(self._clause(key))
        texts = [self._text(key[0], span) for span in spans]
        closeness = self._similarities(plan.question, texts)
        terms = _Weighted.of(plan.terms, self._idf)
        shares = [terms.share(index_form(text)) for text in texts]
        fits = [0.6 * share + 0.4 * close for share, close in zip(shares, closeness, strict=True)]
        order = sorted(range(len(spans)), key=lambda index: (-fits[index], spans[index]))
        chosen = [spans[index] for index in order if fits[index] >= _FITTING * fits[order[0]]]
        return Hit(
            document=key[0],
            part=key[1],
            path=key[2],
            score=score,
            coverage=features.coverage,
            evidence=self.model.evidence_score(features),
            sentences=tuple(chosen),
        )


class _Outlines(dict[str, Outline]):
    """Outlines of documents, made when first asked for."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, name: str) -> Outline:
        self[name] = Outline(self._documents[name])
        return self[name]


@dataclass(frozen=True, slots=True)
class _Weighted:
    """Terms with their weights, for many texts."""

    terms: Sequence[Term]
    weights: Sequence[float]
    total: float

    @classmethod
    def of(cls, terms: Sequence[Term], idf: Callable[[Term], float]) -> "_Weighted":
        weights = [term.weight * idf(term) for term in terms]
        return cls(terms, weights, sum(weights))

    def share(self, form: str) -> float:
        """Share of the weight that a text in index form covers; 0 without terms."""
        return self.shares(form, ())[0]

    def shares(self, whole: str, parts: Sequence[str]) -> tuple[float, float]:
        """Share of the weight that a text in index form covers, and the most that one of its parts covers."""
        if not self.total:
            return 0.0, 0.0
        matches = [
            (weight, term, term_match(term, whole))
            for weight, term in zip(self.weights, self.terms, strict=True)
        ]
        inside = [(weight, term) for weight, term, match in matches if match]
        most = max(
            (sum(weight * term_match(term, part) for weight, term in inside) for part in parts), default=0.0
        )
        return sum(weight * match for weight, _, match in matches) / self.total, most / self.total

    def heaviest(self, form: str) -> float:
        """How well a text in index form has the term that weighs most; 0 without terms."""
        if not self.terms:
            return 0.0
        return term_match(self.terms[max(range(len(self.terms)), key=self.weights.__getitem__)], form)


def _asked_places(plan: Plan, gazetteer: Gazetteer) -> list[Place]:
    return [mention.place for name in plan.places for mention in gazetteer.find(name, [name])[:1]]


class _Query:
    """One plan as the searches and the features need it."""

    def __init__(
        self,
        plan: Plan,
        tokens: Callable[[str], list[str]],
        gazetteer: Gazetteer,
        idf: Callable[[str], float],
    ) -> None:
        self._plan = plan
        #: Tokens of the matter as often as it has them; those of terms from elsewhere by the terms' weights.
        self.own: dict[str, float] = {}
        for piece in plan.topic.split():
            for token in tokens(piece):
                self.own[token] = self.own.get(token, 0.0) + 1.0
        for term in plan.terms:
            if term.text not in plan.topic:
                for token in tokens(term.text):
                    self.own.setdefault(token, round(term.weight, 2))
        #: Tokens of the official words that its everyday words stand for.
        self.official: dict[str, float] = {}
        for term in plan.terms:
            for word, weight in term.official:
                for token in tokens(word):
                    if token not in self.own:
                        self.official[token] = max(self.official.get(token, 0.0), round(weight, 2))
        self.weighted = self.own | {
            token: _OFFICIAL_WEIGHT * weight for token, weight in self.official.items()
        }
        self.places = _asked_places(plan, gazetteer)
        self.aspects = [
            pattern("told_aspects", name)
            for name in names("asked_aspects")
            if pattern("asked_aspects", name).search(plan.question)
        ]
        self._rarity = {token: idf(token) for token in self.own}
        self._total = sum(self._rarity.values())
        self._sections: dict[str, Path] = {}
        self._terms: _Weighted | None = None
        self._unknown: float | None = None

    def shares(self, whole: str, parts: Sequence[str]) -> tuple[float, float]:
        """Share of the own tokens' rarity that a text in index form has, and the most that a part has."""
        if not self._total:
            return 0.0, 0.0
        inside = [(token, rarity) for token, rarity in self._rarity.items() if token in whole]
        most = max((sum(rarity for token, rarity in inside if token in part) for part in parts), default=0.0)
        return sum(rarity for _, rarity in inside) / self._total, most / self._total

    def terms(self, idf: Callable[[Term], float]) -> _Weighted:
        """The plan's terms, weighted once."""
        if self._terms is None:
            self._terms = _Weighted.of(self._plan.terms, idf)
        return self._terms

    def unknown(self, stands: Callable[[Term], bool]) -> float:
        """Share of the terms' weight in terms that stand nowhere, worked out once."""
        if self._unknown is None:
            weights = [(term.weight, stands(term)) for term in self._plan.terms]
            total = sum(weight for weight, _ in weights)
            self._unknown = sum(weight for weight, known in weights if not known) / total if total else 0.0
        return self._unknown

    def section(self, document: str, outline: Callable[[], Outline]) -> Path:
        """The section of a document that the question names, looked for once."""
        if document not in self._sections:
            self._sections[document] = find_section(self._plan.question, self._plan.terms, outline())[0]
        return self._sections[document]


def _sign(given: bool) -> float:
    return 1.0 if given else -1.0


def term_match(term: Term, form: str) -> float:
    """How well a text (in index form) contains a term: 1 whole, less by an official word or in part."""
    if term.text in form:
        return 1.0
    official = max((weight for word, weight in term.official if word in form), default=0.0)
    pairs = [term.text[i : i + 2] for i in range(len(term.text) - 1)]
    partial = _PARTIAL * sum(pair in form for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0
    return max(official, partial)
