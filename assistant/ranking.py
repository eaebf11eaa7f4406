"""What chunks are ordered by, and the weights of it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from operator import mul
from typing import NamedTuple


class Features(NamedTuple):
    """What a chunk is ordered by, each 0 to 1 unless said otherwise, higher for a better fit.

    Attributes:
        sparse: BM25, against the best chunk's.
        official: BM25 of the official words alone that the question's everyday words stand for, against the
            same best chunk's; above 1 where they fit better than the question's own words.
        dense: Cosine with the question.
        document: BM25 of its document, against the best document's.
        coverage: Share of the question's content words, official ones counted in, in chunk and context.
        sentence: The same share in its best sentence.
        wording: Share of the question's own tokens, by rarity, in chunk and context.
        phrase: The same share in its best sentence.
        key: How well chunk or context have the content word that weighs most.
        unknown: Share of the content words that stand nowhere in the index, neither they nor their official
            words; the same for all chunks.
        named: 1 in a document that the question names, else 0.
        place: How well its document's place fits the places the question names.
        elsewhere: 1 when its document is of another place than those.
        value: 1 when it gives a value of the kind asked for, -1 when it gives none, 0 when none is asked.
        aspect: Each aspect asked about (penalty, authority, condition, procedure) counts 1 or -1 likewise.
        heading: Share of the content words in its heading and that of the section around it.
        leaf: 1 in a clause without sub-clauses: the text of the others is an introduction.
        section: 1 inside the one section that the question's words name (技工 → 技术工人), else 0.
    """

    sparse: float
    official: float
    dense: float
    document: float
    coverage: float
    sentence: float
    wording: float
    phrase: float
    key: float
    unknown: float
    named: float
    place: float
    elsewhere: float
    value: float
    aspect: float
    heading: float
    leaf: float
    section: float


#: What the evidence score looks at: features that say nothing about other chunks.
EVIDENCE = ("dense", "coverage", "sentence", "wording", "phrase", "key", "unknown", "heading")


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Linear weights of the features, fitted by ``eval/calibrate.py`` and kept in ``data/ranking.json``.

    Attributes:
        ranking: Feature weights of the relevance score.
        evidence: Feature weights of the evidence score, 0 for those outside ``EVIDENCE``.
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
        return cls(_weights(record["ranking"]), _weights(record["evidence"]), bias, record["threshold"])

    def relevance(self, features: Features) -> float:
        """Score to order chunks by; comparable within one search only."""
        return math.fsum(map(mul, self.ranking, features))

    def evidence_score(self, features: Features) -> float:
        """Probability, 0 to 1, that the chunk speaks of the question's matter (logistic)."""
        return 1 / (1 + math.exp(-(self.bias + math.fsum(map(mul, self.evidence, features)))))


def _weights(named: Mapping[str, float]) -> Features:
    return Features(**{**dict.fromkeys(Features._fields, 0.0), **named})
