"""Making citations and checking them: every quotation stands in its document character for character."""

import re
from collections.abc import Iterable, Mapping

from assistant.datatypes import Answer, AnswerUnit, Citation, Clause, Document, Duty
from assistant.errors import ZhengceError
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


def source_name(citation: Citation) -> str:
    """「《文件名》（文号）二（三）1 标题」, as officials cite."""
    number = f"（{citation.doc_number}）" if citation.doc_number else ""
    part = f"{citation.part} " if citation.part else ""
    place = f"{part}{citation.label} {citation.heading}".strip()
    return f"《{citation.title or citation.file}》{number}{place}".strip()


def shown(quote: str) -> str:
    """A quotation on one line: line breaks of the printed page taken out, nothing else changed."""
    return _BREAK.sub("", quote).strip()


def verify(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """Return the answer if every quotation is verbatim and every unit stands in a clause it names.

    Raises:
        ZhengceError: An answer that must not leave the program; a defect, never the user's fault.
    """
    for citation in answer.citations:
        if (
            documents[citation.document].text[citation.start : citation.end] != citation.quote
            or not citation.quote
        ):
            raise ZhengceError(f"引文与原文不符：{citation.document} {citation.label}")
    for unit in answer.units:
        if not _stands(unit, documents[unit.document].duties):
            raise ZhengceError(f"单位“{unit.name}”不在所引条款中：{unit.document} {unit.label}")
    return answer


def _stands(unit: AnswerUnit, duties: Iterable[Duty]) -> bool:
    return any(
        duty.unit == unit.name and duty.canonical == unit.canonical and "".join(duty.path) == unit.label
        for duty in duties
    )
