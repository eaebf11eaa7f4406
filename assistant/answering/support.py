"""Whether the evidence carries an answer at all."""

import math
from collections.abc import Sequence

from assistant.answering.library import Library
from assistant.datatypes import Hit, Plan
from assistant.outline import Span
from assistant.values import EXACT_KINDS, values

#: Evidence score above which a passage is taken to speak of the matter.
THRESHOLD = 0.5


def evidence(hit: Hit) -> float:
    """Probability, 0 to 1, that a hit speaks of the question's matter: logistic in coverage and cosine."""
    return 1 / (1 + math.exp(-(8.0 * hit.coverage + 6.0 * hit.dense - 5.0)))


def is_supported(hits: Sequence[Hit]) -> bool:
    """Whether the best hit speaks of the question's matter."""
    return bool(hits) and evidence(hits[0]) >= THRESHOLD


def valued_sentences(plan: Plan, library: Library, hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """Sentences of the hits that give a value of the kind asked for, closest to the question first.

    A sentence counts only if it covers the question nearly as well as the best sentence of all:
    a number somewhere in the document is not the number asked for.
    """
    if plan.expects is None or plan.expects not in EXACT_KINDS:
        return []
    scored = []
    for hit in hits:
        document = library.documents[hit.document]
        for span in library.outline(hit.document).own_sentences(library.clause(hit)):
            text = document.text[span[0] : span[1]]
            share = library.retriever.coverage(plan.terms, text)
            scored.append((share, bool(values(plan.expects, text)), hit, span))
    best = max((share for share, _, _, _ in scored), default=0.0)
    fitting = [each for each in scored if each[1] and each[0] >= 0.7 * best and each[0] > 0]
    fitting.sort(key=lambda each: (-each[0], each[2].document, each[3]))
    return [(hit, span) for _, _, hit, span in fitting]
