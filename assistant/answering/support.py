"""Whether the evidence carries an answer at all."""

from collections.abc import Sequence

from assistant.answering.library import Library
from assistant.datatypes import Hit, Plan, ValueKind
from assistant.outline import Span
from assistant.values import values

#: Kinds that no ledger gives either: a question for one is refused whatever its intent.
PRACTICAL_KINDS: frozenset[ValueKind] = frozenset(
    {"contact", "place", "roster", "material", "person", "penalty"}
)


def is_supported(library: Library, hits: Sequence[Hit]) -> bool:
    """Whether the best hit speaks of the question's matter."""
    return bool(hits) and hits[0].evidence >= library.retriever.model.threshold


def valued_sentences(plan: Plan, library: Library, hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """Sentences of the hits that give a value of the kind asked for, closest to the question first.

    A sentence counts only if it covers the question nearly as well as the best sentence of all, one of the
    best clause as the best of this clause: a number somewhere in the document is not the number asked for.
    """
    if plan.expects is None:
        return []
    scored = []
    for hit in hits:
        document = library.documents[hit.document]
        for span in library.outline(hit.document).own_sentences(library.clause(hit)):
            text = document.text[span[0] : span[1]]
            share = library.retriever.coverage(plan.terms, text)
            scored.append((share, bool(values(plan.expects, text)), hit, span))
    best = max((share for share, _, _, _ in scored), default=0.0)
    of_first = max((share for share, _, hit, _ in scored if hit is hits[0]), default=0.0)
    fitting = [
        each
        for each in scored
        if each[1] and each[0] >= 0.7 * (of_first if each[2] is hits[0] else best) and each[0] > 0
    ]
    fitting.sort(key=lambda each: (-each[0], each[2].document, each[3]))
    return [(hit, span) for _, _, hit, span in fitting]
