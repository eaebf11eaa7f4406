"""From a plan to ranked clauses: BM25 and vectors find candidates, readable features order them."""

import json
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

import numpy as np

from assistant.datatypes import Chunk, Clause, Document, Hit, Path, Plan, Term
from assistant.encoder import Encoder, Vectors
from assistant.outline import Outline, Span
from assistant.store.backend import Scores, SearchBackend
from assistant.text import index_form
from assistant.understanding.sections import find_section, heading_match

_CANDIDATES = 40
_OFFICIAL_WEIGHT = 0.5  # of an official word that stands for an everyday one, against a word of the question
_PARTIAL = 0.5  # of a word of which the text has only a part
_FITTING = 0.6  # share of the best sentence's fit from which another one counts
_SENTENCE_CACHE = 20_000
_PRIOR = 0.3  # what a clause gains when an earlier turn was about it

ClauseKey = tuple[str, str, Path]  # document, part, path


@dataclass(frozen=True, slots=True)
class Features:
    """What a clause is ordered by, each 0 to 1 and higher for a better fit.

    Attributes:
        sparse: BM25 of its best chunk, against the best chunk of all.
        dense: Cosine of its best chunk.
        coverage: Share of the question's weight in the clause.
        sentence: Share of the question's weight in its best sentence.
        heading: Share of the question's weight in its heading and that of the section around it.
        leaf: 1 for a clause without sub-clauses: the text of the others is an introduction.
        section: 1 inside the one section that the question's words name (技工 → 技术工人), else 0.
    """

    sparse: float
    dense: float
    coverage: float
    sentence: float
    heading: float
    leaf: float
    section: float


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Linear weights of the features, fitted by ``eval/calibrate.py`` and kept in ``data/ranking.json``.

    Attributes:
        ranking: Feature weights of the relevance score.
        evidence: Feature weights of the evidence score; features relative to other clauses do not count.
        bias: Constant of the evidence score.
        threshold: Evidence score below which the documents are taken not to speak of the matter.
    """

    ranking: Features
    evidence: Features
    bias: float
    threshold: float

    @classmethod
    def load(cls) -> "RankingModel":
        """Read the shipped weights."""
        record = json.loads(
            (resources.files("assistant") / "data" / "ranking.json").read_text(encoding="utf-8")
        )
        bias = record["evidence"].pop("bias")
        return cls(
            Features(**record["ranking"]),
            Features(sparse=0.0, leaf=0.0, section=0.0, **record["evidence"]),
            bias,
            record["threshold"],
        )

    def relevance(self, features: Features) -> float:
        """Score to order clauses by; comparable within one search only."""
        return _dot(self.ranking, features)

    def evidence_score(self, features: Features) -> float:
        """Probability, 0 to 1, that the clause speaks of the question's matter (logistic)."""
        return 1 / (1 + math.exp(-(self.bias + _dot(self.evidence, features))))


def _dot(weights: Features, features: Features) -> float:
    return (
        weights.sparse * features.sparse
        + weights.dense * features.dense
        + weights.coverage * features.coverage
        + weights.sentence * features.sentence
        + weights.heading * features.heading
        + weights.leaf * features.leaf
        + weights.section * features.section
    )


class Retriever:
    """Searches one opened index.

    Args:
        documents: The indexed documents.
        chunks: The chunks that the backend scores, in its order.
        backend: Scores for all chunks.
        encoder: The model of the index's vectors; None for BM25 only.
        tokens: The tokeniser of the index.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        backend: SearchBackend,
        encoder: Encoder | None,
        tokens: Callable[[str], list[str]],
    ) -> None:
        self.documents = {document.id: document for document in documents}
        self.outlines = {document.id: Outline(document) for document in documents}
        self.model = RankingModel.load()
        self._chunks = chunks
        self._backend = backend
        self._encoder = encoder
        self._tokens = tokens
        self._embedded: dict[str, Vectors] = {}

    @property
    def mode(self) -> Literal["hybrid", "sparse"]:
        """``hybrid`` with vectors, ``sparse`` without."""
        return "hybrid" if self._encoder else "sparse"

    def search(self, plan: Plan, *, limit: int = 5, prior: Collection[tuple[str, Path]] = ()) -> list[Hit]:
        """Clauses by relevance, best first; equal scores by document and position.

        Args:
            plan: Terms and documents to search for.
            limit: At most this many.
            prior: ``(document, path)`` of clauses an earlier turn was about; they gain a little.
        """
        found = self.explain(plan)
        scores = {
            key: self.model.relevance(features) + (_PRIOR if (key[0], key[2]) in prior else 0.0)
            for key, features in found
        }
        order = sorted(found, key=lambda pair: (-scores[pair[0]], pair[0][0], self._position(pair[0])))
        return [self._hit(plan, key, scores[key], features) for key, features in order[:limit]]

    def explain(self, plan: Plan) -> list[tuple[ClauseKey, Features]]:
        """The clauses considered for a plan with what they are ordered by, in no particular order."""
        sparse = self._backend.sparse_scores(self._query(plan))
        dense = self._dense(plan)
        top = float(sparse.max()) if len(sparse) else 0.0
        candidates = self._candidates(plan, sparse, dense)
        sections = {
            name: find_section(plan.question, plan.terms, self.documents[name])[0]
            for name in {document for document, _, _ in candidates}
        }
        found = []
        for key, positions in candidates.items():
            section = sections[key[0]]
            texts = [self._text(key[0], span) for span in self._sentences(key)]
            features = Features(
                sparse=max(float(sparse[position]) for position in positions) / top if top else 0.0,
                dense=0.0 if dense is None else max(0.0, *(float(dense[position]) for position in positions)),
                coverage=self.coverage(plan.terms, self._whole(key)),
                sentence=max((self.coverage(plan.terms, text) for text in texts), default=0.0),
                heading=self._heading(plan.terms, key),
                leaf=float(not self.outlines[key[0]].children(key[1:])),
                section=float(bool(section) and key[2][: len(section)] == section),
            )
            found.append((key, features))
        return found

    def coverage(self, terms: Sequence[Term], text: str) -> float:
        """Share of the terms' weight that a text covers, 0 to 1; 0 without terms."""
        form = index_form(text)
        weights = [term.weight * self._idf(term) for term in terms]
        total = sum(weights)
        covered = sum(weight * term_match(term, form) for weight, term in zip(weights, terms, strict=True))
        return covered / total if total else 0.0

    def _similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosines of a question with texts; all 0 without a model."""
        if self._encoder is None:
            return [0.0] * len(texts)
        missing = [text for text in dict.fromkeys((question, *texts)) if text not in self._embedded]
        if len(self._embedded) + len(missing) > _SENTENCE_CACHE:
            self._embedded.clear()
            missing = list(dict.fromkeys((question, *texts)))
        if missing:
            self._embedded.update(zip(missing, self._encoder.encode_documents(missing), strict=True))
        return [float(self._embedded[question] @ self._embedded[text]) for text in texts]

    def _idf(self, term: Term) -> float:
        """Rarity in the index, 0.3 to 1: unknown words count as rare, words of every chunk a little."""
        words = [term.text, *(word for word, _ in term.official)]
        found = [idf for word in words if (idf := self._backend.idf(index_form(word)))]
        rarest = self._backend.idf("")
        return max(0.3, min(1.0, min(found, default=rarest) / rarest)) if rarest else 1.0

    def _query(self, plan: Plan) -> dict[str, float]:
        query: dict[str, float] = {}
        for term in plan.terms:
            for token in self._tokens(term.text):
                query[token] = 1.0
        for term in plan.terms:
            for word, weight in term.official:
                for token in self._tokens(word):
                    query[token] = max(query.get(token, 0.0), round(_OFFICIAL_WEIGHT * weight, 2))
        return query

    def _dense(self, plan: Plan) -> Scores | None:
        if self._encoder is None:
            return None
        return self._backend.dense_scores(self._encoder.encode_queries([plan.question])[0])

    def _candidates(self, plan: Plan, sparse: Scores, dense: Scores | None) -> dict[ClauseKey, list[int]]:
        """Clauses of the best chunks by either score, with the positions of these chunks."""
        order = list(np.argsort(-sparse, kind="stable")[:_CANDIDATES])
        if dense is not None:
            order += list(np.argsort(-dense, kind="stable")[:_CANDIDATES])
        found: dict[ClauseKey, list[int]] = {}
        for position in dict.fromkeys(map(int, order)):
            chunk = self._chunks[position]
            if not plan.documents or chunk.document in plan.documents:
                found.setdefault((chunk.document, chunk.part, chunk.path), []).append(position)
        return found

    def _clause(self, key: ClauseKey) -> Clause | None:
        return self.outlines[key[0]].by_key.get(key[1:])

    def _position(self, key: ClauseKey) -> int:
        clause = self._clause(key)
        return clause.start if clause else -1

    def _sentences(self, key: ClauseKey) -> list[Span]:
        return self.outlines[key[0]].own_sentences(self._clause(key))

    def _text(self, document: str, span: Span) -> str:
        return self.documents[document].text[span[0] : span[1]]

    def _whole(self, key: ClauseKey) -> str:
        """A clause's own text with the headings above it; of front matter, with the title."""
        outline, clause = self.outlines[key[0]], self._clause(key)
        own = "".join(self._text(key[0], span) for span in outline.own_spans(clause))
        headings = outline.headings(clause) if clause else [self.documents[key[0]].metadata.title.value]
        return "\n".join([*headings, own])

    def _heading(self, terms: Sequence[Term], key: ClauseKey) -> float:
        clause = self._clause(key)
        total = sum(term.weight for term in terms)
        if clause is None or not total:
            return 0.0
        headings = " ".join(self.outlines[key[0]].headings(clause)[-2:])
        return sum(term.weight * heading_match(term, headings) for term in terms) / total

    def _hit(self, plan: Plan, key: ClauseKey, score: float, features: Features) -> Hit:
        spans = self._sentences(key)
        texts = [self._text(key[0], span) for span in spans]
        closeness = self._similarities(plan.question, texts)
        shares = [self.coverage(plan.terms, text) for text in texts]
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


def term_match(term: Term, form: str) -> float:
    """How well a text (in index form) contains a term: 1 whole, less by an official word or in part."""
    if term.text in form:
        return 1.0
    official = max((weight for word, weight in term.official if word in form), default=0.0)
    pairs = [term.text[i : i + 2] for i in range(len(term.text) - 1)]
    partial = _PARTIAL * sum(pair in form for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0
    return max(official, partial)
