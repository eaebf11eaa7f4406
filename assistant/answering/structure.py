"""Questions about the document's own build: a clause by number, its sections, where a word stands."""

from assistant.answering import refusals
from assistant.answering.duties import heading_span
from assistant.answering.library import Library, answered, clause_name, unit_list
from assistant.answering.passages import answer_passage, answer_whole
from assistant.citations import cite, shown
from assistant.datatypes import Answer, Citation, Clause, Document, Hit, Plan
from assistant.outline import Span
from assistant.text import occurrences, trim
from assistant.understanding.topics import GENERIC_WEIGHT

_SHOWN = 900  # characters of a clause shown in an answer; the citation has them all


def answer_clause(plan: Plan, library: Library) -> Answer:
    """A clause as it stands; of a section, its opening and the headings below."""
    named = library.named_clauses(plan)
    if not named:
        return refusals.no_such_clause(plan, library)
    lines: list[str] = []
    citations: list[Citation] = []
    units = []
    single = len({document.id for document, _ in named}) == 1
    for document, clause in named:
        children = library.outline(document.id).children((clause.part, clause.path))
        own = library.outline(document.id).own_spans(clause)
        citation = cite(document, clause, trim(document.text, *own[0]) if own else (clause.start, clause.end))
        citations.append(citation)
        body = shown(citation.quote)
        source = "" if single else f"《{document.metadata.title.value or document.file}》"
        lines.append(f"**{source}{clause_name(clause)}**")
        lines.append(f"> {body[:_SHOWN]}{'……（全文见原文）' if len(body) > _SHOWN else ''}")
        lines.append("\n".join(f"- {clause_name(child)}" for child in children))
        duties = library.governing(document, clause)
        units += [(document, duty) for duty in duties]
        if duties and not children:
            lines.append(unit_list(duties) + "。")
    return answered(plan, lines, citations, units=units)


def answer_list(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """Headings of a section where the question is about one, else the sentences of the best clause."""
    document, section = _section(plan, library)
    if document is not None:
        return _headings(plan, library, document, section)
    return answer_whole(plan, library, hits) if plan.intent == "list" else answer_passage(plan, library, hits)


def _section(plan: Plan, library: Library) -> tuple[Document | None, Clause | None]:
    """The section whose sub-clauses are asked for; (document, None) for the whole document."""
    named = plan.references[-1] if plan.references else plan.scope
    for document in library.selected(plan):
        clause = library.outline(document.id).by_key.get(("", named))
        if clause is not None:
            return document, clause
        if not any(term.weight > GENERIC_WEIGHT for term in plan.terms):
            return document, None
    return None, None


def _headings(plan: Plan, library: Library, document: Document, section: Clause | None) -> Answer:
    outline = library.outline(document.id)
    children = outline.children((section.part, section.path) if section else ("", ()))
    if not children:
        return answer_clause(plan, library) if plan.references else refusals.not_covered(plan, library)
    name = clause_name(section) if section else f"《{document.metadata.title.value or document.file}》"
    lines = [f"{name}分为 {len(children)} 项："]
    lines.append("\n".join(f"{number}. {clause_name(child)}" for number, child in enumerate(children, 1)))
    return answered(plan, lines, [cite(document, child, heading_span(document, child)) for child in children])


def answer_term(plan: Plan, library: Library) -> Answer:
    """Every clause whose own text contains the words, with the sentence."""
    lines: list[str] = []
    citations: list[Citation] = []
    squeezed = "".join(plan.quoted.split())
    for document in library.selected(plan):
        outline = library.outline(document.id)
        clauses = (None, *document.clauses) if squeezed in "".join(document.text.split()) else ()
        for clause in clauses:
            spans = _sentences_with(plan.quoted, document, outline.own_sentences(clause))
            if spans:
                citations.append(cite(document, clause, spans[0]))
                lines.append(f"{len(lines) + 1}. **{clause_name(clause)}**：{shown(citations[-1].quote)}")
    if not plan.quoted or not lines:
        return refusals.not_covered(plan, library)
    head = f"“{plan.quoted}”出现在以下 {len(lines)} 处条款："
    return answered(plan, [head, "\n".join(lines)], citations)


def _sentences_with(term: str, document: Document, spans: list[Span]) -> list[Span]:
    return [span for span in spans if occurrences(term, document.text[span[0] : span[1]])]
