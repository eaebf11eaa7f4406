"""What a model is shown: numbered clauses, verbatim, with their units from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.library import Library, unit_list
from assistant.citations import cite, source_name
from assistant.datatypes import Answer, Citation, Clause, Duty, Hit
from assistant.outline import Span
from assistant.text import sentences, trim

_MOST = 8  # pieces of evidence
_LONGEST = 800  # characters of one


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence.

    Attributes:
        key: Its number, from 1.
        citation: What is quoted, verbatim.
        duties: Who is responsible, of the whole clause.
    """

    key: int
    citation: Citation
    duties: tuple[Duty, ...]

    @property
    def name(self) -> str:
        """「《文件名》（文号）二（三）1 标题」."""
        return source_name(self.citation)

    @property
    def units(self) -> str:
        """The units by role on one line, "" without any."""
        return unit_list(self.duties)

    @property
    def said(self) -> str:
        """All that it says, for comparison."""
        return f"{self.name}\n{self.citation.quote}\n{self.units}"


def collect(answer: Answer, hits: Sequence[Hit], library: Library) -> tuple[Evidence, ...]:
    """The clauses that an answer cites, then the next ones found; each clause once."""
    spans: dict[tuple[str, str, tuple[str, ...]], Span] = {}
    for each in answer.citations:
        spans.setdefault((each.document, each.part, each.path), (each.start, each.end))
    for hit in hits:
        if hit.sentences:
            spans.setdefault((hit.document, hit.part, hit.path), hit.sentences[0])
    found = []
    for key, ((name, part, path), span) in enumerate(list(spans.items())[:_MOST], 1):
        document = library.documents[name]
        clause = library.outline(name).by_key.get((part, path))
        duties = library.governing(document, clause) if clause else []
        found.append(
            Evidence(key, cite(document, clause, _around(span, clause, library, name)), tuple(duties))
        )
    return tuple(found)


def _around(span: Span, clause: Clause | None, library: Library, name: str) -> Span:
    """The whole clause, or where that is too long the sentences around a span of it."""
    if clause is None:
        return span
    text = library.documents[name].text
    if clause.end - clause.start <= _LONGEST:
        return trim(text, clause.start, clause.end)
    start, end = span
    for low, high in sentences(text, clause.start, clause.end):
        if low >= end and high - start <= _LONGEST:
            end = high
    for low, high in reversed(sentences(text, clause.start, clause.end)):
        if high <= start and end - low <= _LONGEST:
            start = low
    return start, end
