"""Which section of a document a question is about, by the section's heading."""

from collections.abc import Sequence

from assistant.datatypes import Clause, Document, Path, Term
from assistant.outline import Outline
from assistant.text import index_form

_MARGIN = 1.2


def find_section(terms: Sequence[Term], document: Document) -> tuple[Path, float]:
    """The section (a clause with sub-clauses) whose heading the terms name best.

    Only words that set a heading apart count: what half of the headings share (产业工人) does not.

    Returns:
        Path of the section and the share of the terms' weight in its heading; ``((), 0)`` when no
        heading stands out.
    """
    outline = Outline(document)
    sections = [clause for clause in document.clauses if clause.heading and not outline.is_leaf(clause)]
    scores = [(_share(terms, clause, sections), clause) for clause in sections]
    ranked = sorted(scores, key=lambda pair: (-pair[0], len(pair[1].path), pair[1].start))
    if not ranked or ranked[0][0] == 0:
        return (), 0.0
    rivals = [
        score for score, clause in ranked[1:] if clause.path[: len(ranked[0][1].path)] != ranked[0][1].path
    ]
    if rivals and ranked[0][0] < _MARGIN * rivals[0]:
        return (), 0.0
    return ranked[0][1].path, ranked[0][0]


def heading_match(term: Term, heading: str) -> float:
    """How well a heading contains a term, directly or by an official word: 0 to 1."""
    form = index_form(heading)
    if term.text in form:
        return 1.0
    return max((weight for word, weight in term.official if word in form), default=0.0)


def _share(terms: Sequence[Term], clause: Clause, sections: Sequence[Clause]) -> float:
    total = sum(term.weight for term in terms)
    score = 0.0
    for term in terms:
        match = heading_match(term, clause.heading)
        spread = sum(heading_match(term, each.heading) > 0 for each in sections)
        if match and spread <= max(1, len(sections) // 2):
            score += term.weight * match
    return score / total if total else 0.0
