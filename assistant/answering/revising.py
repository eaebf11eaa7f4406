"""「新旧两版有什么变化」: two indexed versions of one document compared."""

import itertools
from collections.abc import Iterator

from assistant.answering.library import Library, answered
from assistant.changelines import change_lines, clause_title, former_place, overview
from assistant.citations import cite, document_name
from assistant.datatypes import Answer, Citation, Clause, Document, Duty, Plan
from assistant.matching import likeness
from assistant.outline import Span
from assistant.revisions import ClauseChange, Reviser, Revision
from assistant.text import bigrams
from assistant.understanding.topics import GENERIC_WEIGHT, TopicReader

_SAME_TITLE = 0.7  # likeness of titles from which two documents are taken for versions of one
_MOST = 200  # documents among which two versions are looked for
_LISTED = 15  # changed clauses told one by one
_QUOTED = 200  # characters quoted of a clause


def answer_revision(plan: Plan, library: Library, topics: TopicReader) -> Answer | None:
    """All that changed between two versions; None where a matter is named or there are no two versions."""
    if any(term.weight > GENERIC_WEIGHT for term in plan.terms) or len(plan.places) > 1:
        return None
    versions = _versions(library.selected(plan))
    if versions is None:
        return None
    revision = Reviser(library.lexicon, topics.pieces).compare(*versions)
    told = [each for each in revision.clauses if each.kind != "unchanged" and (each.old or each.new)]
    lines = [
        f"旧版：{_name(revision.old)}；新版：{_name(revision.new)}。",
        overview(revision),
        *("\n".join(_lines(change)) for change in told[:_LISTED]),
        f"另有 {len(told) - _LISTED} 条也有变化，可用 zhengce diff 查看全部。" if len(told) > _LISTED else "",
    ]
    citations = [citation for change in told[:_LISTED] for citation in _citations(library, revision, change)]
    units = [pair for change in told[:_LISTED] for pair in _units(revision, change)]
    return answered(plan, lines, citations, units=units)


def _versions(documents: list[Document]) -> tuple[Document, Document] | None:
    """The two documents with titles alike, older first; None unless there is one such pair."""
    if len(documents) > _MOST:
        return None
    titles = {each.id: bigrams(each.metadata.title.value) for each in documents}
    pairs = [
        (one, other)
        for one, other in itertools.combinations(documents, 2)
        if likeness(titles[one.id], titles[other.id]) >= _SAME_TITLE
    ]
    if len(pairs) != 1:
        return None
    older, newer = sorted(pairs[0], key=lambda each: (each.metadata.date.value, each.id))
    return older, newer


def _name(document: Document) -> str:
    return document_name(document.metadata.title.value or document.file, document.metadata.doc_number.value)


def _lines(change: ClauseChange) -> list[str]:
    """A list item for one clause."""
    word = {"changed": "修改", "added": "新增", "removed": "删除", "unchanged": ""}[change.kind]
    head = f"- **{word}** {clause_title(change.new or change.old)}{former_place(change)}"
    return [head, *(f"  - {line}" for line in change_lines(change))]


def _citations(library: Library, revision: Revision, change: ClauseChange) -> Iterator[Citation]:
    """The beginning of the clause in either version."""
    for document, clause in ((revision.old, change.old), (revision.new, change.new)):
        if clause:
            yield cite(document, clause, _beginning(library, document, clause))


def _beginning(library: Library, document: Document, clause: Clause) -> Span:
    """The first sentences of a clause's own text, at least one."""
    spans = library.outline(document.id).own_sentences(clause) or [(clause.start, clause.end)]
    end = spans[0][1]
    for span in spans[1:]:
        if document.text[end : span[0]].strip() or span[1] - spans[0][0] > _QUOTED:
            break
        end = span[1]
    return spans[0][0], end


def _units(revision: Revision, change: ClauseChange) -> Iterator[tuple[Document, Duty]]:
    """The units whose duty changed: as the new version has them, those that went as the old one."""
    for unit in change.units:
        gone = unit.new_role is None
        document, clause = (revision.old, change.old) if gone else (revision.new, change.new)
        for duty in document.duties:
            here = clause and (duty.part, duty.path) == (clause.part, clause.path)
            if here and "".join(duty.unit.split()) == unit.unit:
                yield document, duty
