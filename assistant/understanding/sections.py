"""Which section of a document a question is about, by the section's heading."""

from collections.abc import Sequence

from assistant.datatypes import Clause, Path, Term
from assistant.outline import Outline
from assistant.text import index_form
from assistant.understanding.topics import GENERIC_WEIGHT

Section = tuple[Clause, str]  # with its heading in index form
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
    form = index_form(question)
    said = [(clause, heading) for clause, heading in sections if heading in form]
    if said:
        outer, heading = max(said, key=lambda each: len(each[0].path))
        left = [term for term in terms if term.text not in heading]
        inside = [each for each in sections if each[0].path[:-1] == outer.path]
        path, share = _stands_out(left, inside)
        return (path, share) if path else (outer.path, 1.0)
    return _stands_out(terms, sections)


def _stands_out(terms: Sequence[Term], sections: Sequence[Section]) -> tuple[Path, float]:
    distinct = [term for term in terms if term.weight > GENERIC_WEIGHT]
    total = sum(term.weight for term in distinct)
    matches = [(term.weight, [form_match(term, heading) for _, heading in sections]) for term in distinct]
    # What half of the headings share tells no section apart.
    telling = [each for each in matches if sum(map(bool, each[1])) <= max(1, len(sections) // 2)]
    scores = [
        (sum(weight * fits[number] for weight, fits in telling) / total if total else 0.0, clause)
        for number, (clause, _) in enumerate(sections)
    ]
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
    return form_match(term, index_form(heading))


def form_match(term: Term, form: str) -> float:
    """How well a heading in index form contains a term: 0 to 1."""
    if term.text in form:
        return 1.0
    return max((weight for word, weight in term.official if word in form), default=0.0)
