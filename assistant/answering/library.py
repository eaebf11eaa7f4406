"""Everything an answer is made from, and what all kinds of answers share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.citations import answer_unit, cite, document_name, shown
from assistant.datatypes import (
    ROLE_NAMES,
    Answer,
    Citation,
    Clause,
    Document,
    Duty,
    Hit,
    Intent,
    Plan,
    Verdict,
)
from assistant.ledger import Ledger
from assistant.outline import Outline, Span
from assistant.retrieval import Retriever
from assistant.units import UnitLexicon


@dataclass(frozen=True, slots=True)
class Library:
    """The indexed documents with their ledger, search and unit names."""

    retriever: Retriever
    ledger: Ledger
    lexicon: UnitLexicon

    @property
    def documents(self) -> dict[str, Document]:
        """Documents by id."""
        return self.retriever.documents

    def outline(self, document: str) -> Outline:
        """Clause tree of a document."""
        return self.retriever.outlines[document]

    def clause(self, hit: Hit) -> Clause | None:
        """The clause of a hit; None for front and end matter."""
        return self.outline(hit.document).by_key.get((hit.part, hit.path))

    def selected(self, plan: Plan) -> list[Document]:
        """The documents a plan names, or all that are not of another place, in index order."""
        if plan.documents:
            return [each for each in self.documents.values() if each.id in plan.documents]
        return [each for each in self.documents.values() if not self.retriever.is_elsewhere(plan, each.id)]

    def concerned(self, plan: Plan, hits: Sequence[Hit]) -> list[Document]:
        """The documents a plan names, or those in which something was found; all when there are none."""
        found = plan.documents or {hit.document for hit in hits} or self.documents
        return [each for each in self.documents.values() if each.id in found]

    def named_clauses(self, plan: Plan) -> list[tuple[Document, Clause]]:
        """The clauses a plan names by number, in the order named."""
        found = []
        for document in self.selected(plan):
            outline = self.outline(document.id)
            found += [
                (document, outline.by_key["", path])
                for path in plan.references
                if ("", path) in outline.by_key
            ]
        return found

    def governing(self, document: Document, clause: Clause, at: Span | None = None) -> list[Duty]:
        """The duties that govern a clause (at a position of its text)."""
        return self.ledger.of_clause(document.id, clause, at=at)

    def cite(self, hit: Hit, span: Span) -> Citation:
        """Cite a span of a hit's clause."""
        return cite(self.documents[hit.document], self.clause(hit), span)


def beyond_heading(library: Library, hit: Hit) -> list[Span]:
    """The sentences of a hit, best first; where only its heading fits, also the sentence behind it."""
    spans, clause = list(hit.sentences), library.clause(hit)
    if clause is None or not clause.heading or len(spans) != 1:
        return spans
    text = library.documents[hit.document].text
    own = library.outline(hit.document).own_sentences(clause)
    words = "".join(text[spans[0][0] : spans[0][1]].split()).rstrip("。：:")
    if spans[0] == own[0] and words.endswith("".join(clause.heading.split())):
        spans += own[1:3]
    return spans


def joined(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans in document order, neighbours made one where only white space stands between them."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def unit_names(duties: Iterable[Duty]) -> str:
    """Units as printed, each once, on one line (a name can break at a page's edge)."""
    return "、".join(dict.fromkeys(shown(duty.unit) for duty in duties))


def unit_list(duties: Sequence[Duty]) -> str:
    """Units by role, lead first: 「牵头单位：…；责任单位：…；配合单位：…」."""
    groups = []
    for role in ("lead", "responsible", "support"):
        of_role = [duty for duty in duties if duty.role == role]
        if of_role:
            groups.append(f"{ROLE_NAMES[role]}单位：{unit_names(of_role)}")
    return "；".join(groups)


def quotation(citation: Citation) -> str:
    """A Markdown block quote with its clause."""
    name = f"{citation.label} {citation.heading}".strip()
    return f"> {shown(citation.quote)}" + (f"（{name}）" if name else "")


def sources(citations: Sequence[Citation]) -> str:
    """「出处：《文件名》（文号）」 of all documents cited, as the last line of an answer."""
    names = dict.fromkeys(document_name(each.title or each.file, each.doc_number) for each in citations)
    return f"出处：{'、'.join(names)}" if names else ""


def clause_name(clause: Clause | None) -> str:
    """「二（三）1 维护农民工合法权益」."""
    return f"{clause.label} {clause.heading}".strip() if clause else "文件开头部分"


def answered(
    plan: Plan,
    lines: Sequence[str],
    citations: Sequence[Citation],
    *,
    intent: Intent | None = None,
    units: Sequence[tuple[Document, Duty]] = (),
    verdict: Verdict | None = None,
) -> Answer:
    """An answer of the given lines; notes on how the question was understood come first."""
    notes = [f"（{note}）" for note in plan.notes]
    return Answer(
        question=plan.question,
        status="answered",
        text="\n\n".join(line for line in (*notes, *lines, sources(citations)) if line),
        intent=intent or plan.intent,
        citations=tuple(dict.fromkeys(citations)),
        units=tuple(dict.fromkeys(answer_unit(document, duty) for document, duty in units)),
        verdict=verdict,
    )
