"""One matter in several documents: 「甲市和乙市的X有什么不同」「两个文件里X的责任单位、比例」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import refusals
from assistant.answering.library import Library, answered, unit_names
from assistant.answering.support import is_supported
from assistant.answering.tables import Side, asked_kinds, comparison_table, same_figures, side_of
from assistant.citations import shown
from assistant.datatypes import Answer, Citation, Document, Duty, Hit, Plan, Verdict
from assistant.figures import figures

_AS_GOOD = 0.5  # share of the best side's coverage below which a side does not speak of the matter
_FIGURES = 0.5  # share of the best score from which a clause with the figures asked for is taken instead
_MOST = 6  # documents that stand side by side
_LEAF = 0.8  # share of the best score from which a clause without sub-clauses is taken before a section
_HEAD = 200  # characters at the start of a text, where its place stands if its title does not say it


def answer_across(plan: Plan, library: Library) -> Answer:
    """The clauses of each document on the matter, side by side, then quoted."""
    if not plan.terms:
        return refusals.without_matter(plan)
    sides = _sides(plan, library)
    found = [side for side in sides if side.document]
    if not found:
        return refusals.not_covered(plan, library)
    verdict = _verdict(plan, library, sides)
    lines = [{"yes": "一样。", "no": "不一样。", None: ""}[verdict] + _summary(library, found)]
    lines.append(comparison_table(plan.question, sides))
    citations: list[Citation] = []
    for side in found:
        citations += side.citations
        lines += [
            f"> {shown(each.quote)}（{side.name} {each.label} {each.heading}".rstrip() + "）"
            for each in side.citations
        ]
    units = [(side.document, duty) for side in found for duty in side.duties if side.document]
    return answered(plan, lines, citations, units=units, verdict=verdict)


def _sides(plan: Plan, library: Library) -> list[Side]:
    """One side per place named, else one per document selected."""
    groups: list[tuple[str, list[Document]]] = [
        (place, [each for each in library.selected(plan) if _is_of(each, place)]) for place in plan.places
    ]
    if len(groups) < 2:
        documents = sorted(library.selected(plan), key=lambda each: (each.metadata.date.value, each.id))
        groups = [(_short_title(each), [each]) for each in documents]
    hits = [_best(plan, library, documents) for _, documents in groups]
    most = max((hit.coverage for hit in hits if hit), default=0.0)
    sides = [
        _side(library, name, documents, hit if hit and hit.coverage >= _AS_GOOD * most else None)
        for (name, documents), hit in zip(groups, hits, strict=True)
    ]
    if len(plan.places) < 2 and len(sides) > 2:
        sides = [side for side in sides if side.document][:_MOST] or sides
    return sides


def _best(plan: Plan, library: Library, documents: Sequence[Document]) -> Hit | None:
    """The clause of some documents on the matter, before a section one of its clauses; None without one."""
    if not documents:
        return None
    own = replace(plan, documents=tuple(each.id for each in documents), restricted=True, units=())
    hits = [hit for hit in library.retriever.search(own) if hit.path]
    if not is_supported(library, hits):
        return None
    leaves = [
        hit
        for hit in hits
        if hit.score >= _LEAF * hits[0].score
        and not library.outline(hit.document).children((hit.part, hit.path))
    ]
    return _with_figures(plan, library, hits) or next(iter(leaves), hits[0])


def _with_figures(plan: Plan, library: Library, hits: Sequence[Hit]) -> Hit | None:
    """The best hit that gives a figure of the kinds asked for; None where none is asked for or none does."""
    kinds = asked_kinds(plan.question)
    for hit in hits:
        if (
            not kinds
            or hit.score < _FIGURES * hits[0].score
            or hit.evidence < library.retriever.model.threshold
        ):
            break
        text = side_of(library, "", library.documents[hit.document], library.clause(hit)).text
        if any(figure.kind in kinds for figure in figures(text)):
            return hit
    return None


def _side(library: Library, name: str, documents: Sequence[Document], hit: Hit | None) -> Side:
    if hit is None:
        return Side(name, absent="没有相关条款" if documents else f"没有收录{name}的文件")
    return side_of(library, name, library.documents[hit.document], library.clause(hit), hit.sentences)


def _is_of(document: Document, place: str) -> bool:
    """Whether a document is of a place: its title, issuer or first lines name it (市, 县, 区 left out)."""
    facts = document.metadata
    short = place[:-1] if len(place) > 2 and place[-1] in "省市县区" else place
    return short in f"{facts.title.value}{facts.issuer.value}{document.text[:_HEAD]}"


def _short_title(document: Document) -> str:
    return f"《{document.metadata.title.value or document.file}》"


def _summary(library: Library, sides: Sequence[Side]) -> str:
    """What the units of two sides have in common and what not; "" where there is nothing to say."""
    if len(sides) != 2 or not all(side.duties for side in sides):
        return ""
    first, second = sides
    shared = [duty for duty in first.duties if _within(duty, second.duties, library)]
    lines = [f"责任单位两边都有：{unit_names(shared)}。" if shared else "责任单位没有相同的。"]
    for side, other in ((first, second), (second, first)):
        own = [duty for duty in side.duties if not _within(duty, other.duties, library)]
        lines.append(f"只有{side.name}有：{unit_names(own)}。" if own else "")
    return "".join(lines)


def _within(duty: Duty, others: Sequence[Duty], library: Library) -> bool:
    """Whether a unit or, at another level or place, its like (县民政局, 市民政局) is among others."""
    concept = library.lexicon.concept(duty.canonical)
    return any(
        library.lexicon.same_unit(duty.canonical, other.canonical)
        or (concept is not None and concept == library.lexicon.concept(other.canonical))
        for other in others
    )


def _verdict(plan: Plan, library: Library, sides: Sequence[Side]) -> Verdict | None:
    """Whether units and figures are the same on all sides, where the question asks whether they are."""
    if not plan.yes_no or not re.search(r"一样|相同|一致", plan.question):
        return None
    if not all(side.document for side in sides):
        return "no"
    first = sides[0]
    same_units = all(
        len(first.duties) == len(side.duties)
        and all(_within(duty, side.duties, library) for duty in first.duties)
        for side in sides[1:]
    )
    return "yes" if same_units and same_figures(sides) else "no"
