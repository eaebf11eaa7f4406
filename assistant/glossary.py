"""Official terms in an answer's quotations, explained in everyday words."""

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from assistant.citations import document_name
from assistant.datatypes import Answer, Citation
from assistant.text import squeeze

_HEADING = "**名词解释**（一般含义，以文件原文为准）"


@dataclass(frozen=True, slots=True)
class Gloss:
    """A term with its explanation and the place where it stands.

    Attributes:
        term: As the quotation has it, without white space.
        citation: The quotation.
        start: Offset of the term in the cited document.
        end: Offset behind it.
    """

    term: str
    explanation: str
    citation: Citation
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The glossary compiled: explanations by form, and a pattern that takes the longest form at a place."""

    explanations: dict[str, str]
    pattern: re.Pattern[str]


def glosses(answer: Answer) -> tuple[Gloss, ...]:
    """The terms in the quotations of an answer by appearance, each once; at a place the longest counts."""
    found: dict[str, Gloss] = {}
    for citation in answer.citations:
        for gloss in _in_quotation(citation):
            found.setdefault(gloss.explanation, gloss)
    return tuple(found.values())


def _in_quotation(citation: Citation) -> Iterator[Gloss]:
    text, offsets = squeeze(citation.quote)
    table = _table()
    for match in table.pattern.finditer(text):
        explanation = table.explanations.get(match.group())
        if explanation:
            start = citation.start + offsets[match.start()]
            end = citation.start + offsets[match.end() - 1] + 1
            yield Gloss(match.group(), explanation, citation, start, end)


def with_glosses(answer: Answer, found: tuple[Gloss, ...]) -> Answer:
    """The answer with its terms explained at its end, each line with the clause where the term stands."""
    if not found:
        return answer
    several = len({citation.document for citation in answer.citations}) > 1
    lines = [
        f"- **{gloss.term}**：{gloss.explanation}（见{_place(gloss.citation, several)}）" for gloss in found
    ]
    return replace(answer, text="\n\n".join([answer.text, _HEADING, "\n".join(lines)]))


def _place(citation: Citation, several: bool) -> str:
    """The clause, with its document where the answer cites several."""
    clause = " ".join(filter(None, (citation.part, citation.label, citation.heading))) or "文件开头部分"
    name = document_name(citation.title or citation.file, "") if several else ""
    return f"{name}{clause}"


def gloss_records(found: tuple[Gloss, ...]) -> list[dict[str, Any]]:
    """The ``glossary`` of an answer's record."""
    return [
        {
            "term": gloss.term,
            "explanation": gloss.explanation,
            "document": gloss.citation.document,
            "part": gloss.citation.part,
            "path": list(gloss.citation.path),
            "label": gloss.citation.label,
            "start": gloss.start,
            "end": gloss.end,
        }
        for gloss in found
    ]


@functools.cache
def _table() -> _Table:
    text = (resources.files("assistant") / "data" / "glossary.toml").read_text(encoding="utf-8")
    tables: dict[str, Any] = tomllib.loads(text)
    passed_over: list[str] = tables.pop("not_terms")
    explanations = {
        form: explanation
        for entries in tables.values()
        for forms, explanation in entries.items()
        for form in forms.split("|")
    }
    longest_first = sorted((*explanations, *passed_over), key=lambda form: (-len(form), form))
    return _Table(explanations, re.compile("|".join(map(_alternative, longest_first))))


def _alternative(form: str) -> str:
    """Digits must stand alone: 12345 is no part of a longer number."""
    escaped = re.escape(form)
    return rf"(?<!\d){escaped}(?!\d)" if form.isdecimal() else escaped
