"""Making citations and checking them: every quotation stands in its document character for character."""

import re
from collections.abc import Iterable, Mapping

from assistant.datatypes import Answer, AnswerUnit, Citation, Clause, Document, Duty
from assistant.errors import VerificationError
from assistant.outline import Span

_BREAK = re.compile(r"\s*\n\s*")


def cite(document: Document, clause: Clause | None, span: Span) -> Citation:
    """Cite ``text[span]`` of a document as part of a clause; None stands for front and end matter."""
    start, end = span
    return Citation(
        document=document.id,
        title=document.metadata.title.value,
        doc_number=document.metadata.doc_number.value,
        file=document.file,
        part=clause.part if clause else "",
        path=clause.path if clause else (),
        heading=clause.heading if clause else "",
        quote=document.text[start:end],
        start=start,
        end=end,
    )


def answer_unit(document: Document, duty: Duty) -> AnswerUnit:
    """The unit of a duty as an answer asserts it."""
    return AnswerUnit(duty.unit, duty.canonical, duty.role, "".join(duty.path), document.id)


def document_name(title: str, doc_number: str) -> str:
    """「《文件名》（文号）」."""
    return f"《{title}》{f'（{doc_number}）' if doc_number else ''}"


def source_name(citation: Citation) -> str:
    """「《文件名》（文号）二（三）1 标题」, as officials cite."""
    part = f"{citation.part} " if citation.part else ""
    place = f"{part}{citation.label} {citation.heading}".strip()
    return f"{document_name(citation.title or citation.file, citation.doc_number)}{place}".strip()


def shown(quote: str) -> str:
    """A quotation on one line: line breaks of the printed page taken out, nothing else changed."""
    return _BREAK.sub("", quote).strip()


def verify(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """Return the answer if every quotation stands verbatim in its clause, and every unit in its role in its.

    Raises:
        VerificationError: An answer that must not leave the program; a defect, never the user's fault.
    """
    for citation in answer.citations:
        document = documents[citation.document]
        if not citation.quote or document.text[citation.start : citation.end] != citation.quote:
            raise VerificationError(f"引文与原文不符：{citation.document} {citation.label}")
        if citation.path and not _holds(document.clauses, citation):
            raise VerificationError(f"引文不在所引条款中：{citation.document} {citation.label}")
    for unit in answer.units:
        if not _stands(unit, documents[unit.document].duties):
            raise VerificationError(f"单位“{unit.name}”不在所引条款中：{unit.document} {unit.label}")
    return answer


def _stands(unit: AnswerUnit, duties: Iterable[Duty]) -> bool:
    return any(
        (duty.unit, duty.canonical, duty.role, "".join(duty.path))
        == (unit.name, unit.canonical, unit.role, unit.label)
        for duty in duties
    )


def _holds(clauses: Iterable[Clause], citation: Citation) -> bool:
    return any(
        (clause.part, clause.path) == (citation.part, citation.path)
        and clause.start <= citation.start
        and citation.end <= clause.end
        for clause in clauses
    )
