"""Who is responsible: 「X归哪个单位管」「X局是不是责任单位」."""

from assistant.answering import refusals
from assistant.answering.duties import answer_all_units
from assistant.answering.library import (
    Library,
    answered,
    beyond_heading,
    clause_name,
    joined,
    quotation,
    unit_list,
)
from assistant.answering.support import is_supported
from assistant.citations import cite
from assistant.datatypes import Answer, Citation, Clause, Document, Duty, Hit, Plan
from assistant.outline import Span
from assistant.understanding.topics import GENERIC_WEIGHT

_TIE = 0.95  # share of the best score from which a clause fits as well
_ROOM = 400  # characters quoted of a clause without annotation
_QUOTED = 3  # sentences shown beside the annotation


def answer_owner(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """The clause, all its units with roles, and the sentence that says what is to be done."""
    named = library.named_clauses(plan)
    if named:
        if len({document.id for document, _ in named}) > 1:
            return refusals.several_documents(plan, [document for document, _ in named])
        document, clause = named[-1]
        return _answer(plan, library, document, clause, [])
    if not plan.units and not any(term.weight > GENERIC_WEIGHT for term in plan.terms):
        return answer_all_units(plan, library)
    if not is_supported(library, hits):
        return refusals.not_covered(plan, library, hits[:2])
    hit = _chosen(plan, library, hits)
    document, spans = library.documents[hit.document], beyond_heading(library, hit)
    found = library.clause(hit)
    if found is None:
        return _unmarked(plan, library, document, None, spans)
    return _answer(plan, library, document, found, spans)


def _chosen(plan: Plan, library: Library, hits: list[Hit]) -> Hit:
    """The best hit; where others are as good, the first whose clause has the unit asked about."""
    for hit in hits:
        clause = library.clause(hit)
        if not plan.yes_no or not plan.units or clause is None or hit.score < _TIE * hits[0].score:
            break
        duties = library.governing(library.documents[hit.document], clause)
        if any(library.lexicon.same_unit(plan.units[0], duty.canonical) for duty in duties):
            return hit
    return hits[0]


def _answer(plan: Plan, library: Library, document: Document, clause: Clause, spans: list[Span]) -> Answer:
    duties = library.governing(document, clause, at=spans[0] if spans else None)
    asks_verdict = bool(plan.units) and plan.yes_no
    # Without an annotation, a sentence that names the unit leaves the verdict to the reader.
    if not duties and not (asks_verdict and not _names(document, clause, plan.units[0], library)):
        return _unmarked(plan, library, document, clause, spans)
    if asks_verdict:
        return _verdict(plan, library, document, clause, duties)
    evidence = [cite(document, clause, span) for span in joined(spans[:_QUOTED], document.text)]
    annotations = _annotations(library, document, duties)
    summary = f"{unit_list(duties)}（共 {len(duties)} 个）。{_lead_note(document, duties)}"
    lines = [f"**{clause_name(clause)}**", summary]
    lines += [quotation(citation) for citation in (*evidence, *annotations)]
    return answered(plan, lines, [*evidence, *annotations], units=[(document, duty) for duty in duties])


def _names(document: Document, clause: Clause, unit: str, library: Library) -> bool:
    """Whether the clause's text names a unit."""
    mentions = library.lexicon.find_mentions(document.text[clause.start : clause.end])
    return any(library.lexicon.same_unit(unit, mention.text) for mention in mentions)


def _verdict(plan: Plan, library: Library, document: Document, clause: Clause, duties: list[Duty]) -> Answer:
    unit = plan.units[0]
    found = [duty for duty in duties if library.lexicon.same_unit(unit, duty.canonical)]
    if not duties:
        head = f"不是。文件没有给“{clause_name(clause)}”标注责任单位。"
    elif found:
        head = f"是。{unit}是“{clause_name(clause)}”的{_role_phrase(found[0])}。"
    else:
        head = f"不是。“{clause_name(clause)}”的责任单位中没有{unit}。"
    annotations = _annotations(library, document, duties)
    lines = [head, f"{unit_list(duties)}（共 {len(duties)} 个）。" if duties else ""]
    lines += [quotation(citation) for citation in annotations]
    citations = annotations or [cite(document, clause, (clause.start, clause.end))]
    units = [(document, duty) for duty in duties]
    return answered(plan, lines, citations, units=units, verdict="yes" if found else "no")


def _unmarked(
    plan: Plan, library: Library, document: Document, clause: Clause | None, spans: list[Span]
) -> Answer:
    """A clause without annotation: its sentences say who acts, the one before often for the next too."""
    every = library.outline(document.id).own_sentences(clause)
    shown = spans[:1] or every[:1]
    at = every.index(shown[0]) if shown and shown[0] in every else 0
    for span in every[max(0, at - 1) : at + 2]:
        if span not in shown and sum(end - start for start, end in (*shown, span)) <= _ROOM:
            shown.append(span)
    citations = [cite(document, clause, span) for span in joined(shown, document.text)]
    lines = [f"文件没有给这部分（{clause_name(clause)}）标注责任单位，原文是这样写的："]
    lines += [quotation(citation) for citation in citations]
    return answered(plan, lines, citations)


def _annotations(library: Library, document: Document, duties: list[Duty]) -> list[Citation]:
    outline = library.outline(document.id)
    spans = dict.fromkeys(
        (duty.part, duty.path, duty.annotation_start, duty.annotation_end) for duty in duties
    )
    return [
        cite(document, outline.by_key.get((part, path)), (start, end)) for part, path, start, end in spans
    ]


def _lead_note(document: Document, duties: list[Duty]) -> str:
    if any(duty.role == "lead" for duty in duties):
        return "文件规定列第一位的单位牵头。" if document.first_unit_leads else ""
    return "文件未指明牵头单位。" if len(duties) > 1 else ""


def _role_phrase(duty: Duty) -> str:
    return {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位"}[duty.role]
