"""Which section of a document a question is about, by the section's heading."""

from collections.abc import Sequence

from assistant.datatypes import Clause, Path, Term
from assistant.outline import Outline
from assistant.text import index_form
from assistant.understanding.topics import GENERIC_WEIGHT

_MARGIN = 1.2
#: Of a question's content that a heading must carry for the question to be about that section.
SECTION_SHARE = 0.6


def find_section(question: str, terms: Sequence[Term], outline: Outline) -> tuple[Path, float]:
    """The section (a clause with sub-clauses) whose heading the question names best.

    A heading that the question says whole wins; inside it the search goes on. Otherwise words that
    set a heading apart count: what half of the headings share (产业工人) does not.

    Returns:
        Path of the section and the share of the terms' weight in its heading; ``((), 0)`` when no
        heading stands out.
    """
    sections = outline.sections
    said = [clause for clause in sections if index_form(clause.heading) in index_form(question)]
    if said:
        outer = max(said, key=lambda clause: len(clause.path))
        left = [term for term in terms if term.text not in index_form(outer.heading)]
        inside = [clause for clause in sections if clause.path[:-1] == outer.path]
        path, share = _stands_out(left, inside)
        return (path, share) if path else (outer.path, 1.0)
    return _stands_out(terms, sections)


def _stands_out(terms: Sequence[Term], sections: Sequence[Clause]) -> tuple[Path, float]:
    scores = [(_share(terms, clause, sections), clause) for clause in sections]
    ranked = sorted(scores, key=lambda pair: (-pair[0], len(pair[1].path), pair[1].start))
    if not ranked or ranked[0][0] == 0:
        return (), 0.0
    best = ranked[0][1].path
    rivals = [score for score, clause in ranked[1:] if clause.path[: len(best)] != best]
    if rivals and ranked[0][0] < _MARGIN * rivals[0]:
        return (), 0.0
    return best, ranked[0][0]


def heading_match(term: Term, heading: str) -> float:
    """How well a heading contains a term, directly or by an official word: 0 to 1."""
    form = index_form(heading)
    if term.text in form:
        return 1.0
    return max((weight for word, weight in term.official if word in form), default=0.0)


def _share(terms: Sequence[Term], clause: Clause, sections: Sequence[Clause]) -> float:
    distinct = [term for term in terms if term.weight > GENERIC_WEIGHT]
    total = sum(term.weight for term in distinct)
    score = 0.0
    for term in distinct:
        match = heading_match(term, clause.heading)
        spread = sum(heading_match(term, each.heading) > 0 for each in sections)
        if match and spread <= max(1, len(sections) // 2):
            score += term.weight * match
    return score / total if total else 0.0
