"""Candidate questions from parsed documents, with gold from the clause tree and the ledger.

They are starting points: stiff in wording, because they take the document's own words. A person rewrites
them as people ask, and drops those that make no sense.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence

from assistant.datatypes import Clause, Document, ValueKind
from assistant.evaluation.candidates import Candidate
from assistant.ledger import Ledger
from assistant.outline import Outline, Span
from assistant.values import values

_VALUES: tuple[ValueKind, ...] = ("percent", "money", "duration", "amount", "count")
_LIMITS = "，；。：,;"
_SHORTEST = 8  # characters of a passage that makes a question by itself
_SHOWN = 600  # characters of the clauses that a person sees
# Organs that are asked about and often have no part: questions on them are to be refused.
_OTHER_UNITS = (
    "气象局",
    "地震局",
    "海事局",
    "体育局",
    "审计局",
    "税务局",
    "民政局",
    "水利局",
    "司法局",
    "统计局",
)
# A kind of value, how it is asked for, and why such a question has no answer.
_UNSTATED: tuple[tuple[ValueKind, str], ...] = (
    ("contact", "{}的咨询电话是多少？"),
    ("place", "{}在哪条街办理，地址是什么？"),
    ("money", "{}每人每月补多少钱？"),
)


def propose(
    documents: Sequence[Document], ledger: Ledger, same_unit: Callable[[str, str], bool], *, several: bool
) -> list[Candidate]:
    """Owner, duties, fact, deadline and abstain questions, in this order and in document order.

    Args:
        documents: The documents to ask about.
        ledger: Of the whole index.
        same_unit: Whether two names denote the same unit.
        several: Whether the index has several documents: questions then name theirs.
    """
    found: list[Candidate] = []
    for document in documents:
        writer = _Writer(document, ledger, same_unit, several)
        found += [
            *writer.owners(),
            *writer.duties(),
            *writer.facts(),
            *writer.deadlines(),
            *writer.refusals(),
        ]
    return found


class _Writer:
    """The questions on one document."""

    def __init__(
        self, document: Document, ledger: Ledger, same_unit: Callable[[str, str], bool], several: bool
    ) -> None:
        self._document = document
        self._ledger = ledger
        self._same_unit = same_unit
        self._file = document.file if several else ""
        self._opening = f"《{document.metadata.title.value or document.file}》里，" if several else ""
        self._outline = Outline(document)

    def owners(self) -> Iterator[Candidate]:
        """Who is responsible for a clause, or, where it has several annotations, for what each governs."""
        for _, clause in self._ledger.clauses(documents=[self._document.id]):
            own = [
                each for each in self._document.duties if (each.part, each.path) == (clause.part, clause.path)
            ]
            annotations = dict.fromkeys((each.scope_start, each.annotation_start) for each in own)
            for scope in annotations:
                units = tuple(each.unit for each in own if each.annotation_start == scope[1])
                topic = self._topic(clause) if len(annotations) == 1 else self._governed(clause, scope)
                key = clause.label if len(annotations) == 1 else f"{clause.label}@{scope[1]}"
                question = f"{topic}由哪些单位负责？"
                yield self._candidate("owner", key, question, [clause], units=tuple(dict.fromkeys(units)))

    def duties(self) -> Iterator[Candidate]:
        """What a unit has to do."""
        for unit in self._ledger.units(documents=[self._document.id]):
            keys = dict.fromkeys(
                entry.key for entry in self._ledger.of_unit(unit, documents=[self._document.id])
            )
            clauses = [self._outline.by_key[key] for key in keys if key in self._outline.by_key]
            if clauses:
                yield self._candidate("duties", unit, f"{unit}有哪些任务？", clauses, unit=unit)

    def facts(self) -> Iterator[Candidate]:
        """The first value of each sentence, left out."""
        for clause in self._document.clauses:
            for sentence in self._outline.own_sentences(clause):
                text = self._document.text[slice(*sentence)]
                found = [(span, kind) for kind in _VALUES for span in values(kind, text)]
                found = [each for each in found if not self._is_deadline(sentence, each[0])]
                if found:
                    span, kind = min(found)
                    yield self._cloze(
                        "fact", clause, sentence, span, "多久" if kind == "duration" else "多少"
                    )

    def deadlines(self) -> Iterator[Candidate]:
        """Time limits, left out."""
        for deadline in self._document.deadlines:
            clause = self._outline.by_key.get((deadline.part, deadline.path))
            if clause is None:
                continue
            for sentence in self._outline.own_sentences(clause):
                if sentence[0] <= deadline.start and deadline.end <= sentence[1]:
                    span = (deadline.start - sentence[0], deadline.end - sentence[0])
                    yield self._cloze("deadline", clause, sentence, span, "什么时候")

    def refusals(self) -> Iterator[Candidate]:
        """Units without a duty, and values that the document does not give."""
        units = self._ledger.units()
        for unit in _OTHER_UNITS:
            if unit not in self._document.text and not any(self._same_unit(unit, each) for each in units):
                yield self._candidate("abstain", unit, f"{unit}有哪些任务？", [])
        for kind, question in _UNSTATED:
            if values(kind, self._document.text):
                continue
            for clause in self._document.clauses:
                if clause.heading and self._outline.is_leaf(clause):
                    yield self._candidate(
                        "abstain", f"{clause.label}-{kind}", question.format(clause.heading), [clause]
                    )

    def _is_deadline(self, sentence: Span, span: Span) -> bool:
        """Whether a value is part of a time limit, which is asked about as such."""
        start, end = sentence[0] + span[0], sentence[0] + span[1]
        return any(each.start < end and start < each.end for each in self._document.deadlines)

    def _cloze(self, kind: str, clause: Clause, sentence: Span, span: Span, asked: str) -> Candidate:
        text = self._document.text[slice(*sentence)]
        value = text[slice(*span)]
        start, end = _passage(text, span)
        passage = f"{text[start : span[0]]}{asked}{text[span[1] : end]}".strip()
        heading = f"{clause.heading}：" if clause.heading and clause.heading not in passage else ""
        key = f"{clause.label}@{sentence[0] + span[0]}"
        question = f"{heading}{''.join(passage.split())}？"
        return self._candidate(
            kind, key, question, [clause], must=(("".join(value.split()),),), evidence=text
        )

    def _governed(self, clause: Clause, scope: Span) -> str:
        """The first sentence that an annotation governs, the heading passed over."""
        inside = [
            self._document.text[slice(*span)].strip()
            for span in self._outline.own_sentences(clause)
            if scope[0] <= span[0] < scope[1]
        ]
        rest = [each for each in inside if not clause.heading or clause.heading not in each]
        return f"“{(rest or inside)[0].rstrip(_LIMITS)}”" if inside else self._topic(clause)

    def _topic(self, clause: Clause) -> str:
        if clause.heading:
            return clause.heading
        own = "".join(self._document.text[slice(*span)] for span in self._outline.own_sentences(clause)[:1])
        return "".join(itertools.takewhile(lambda character: character not in _LIMITS, own.strip()))

    def _candidate(
        self,
        kind: str,
        key: str,
        question: str,
        clauses: Sequence[Clause],
        *,
        units: tuple[str, ...] = (),
        unit: str = "",
        must: tuple[tuple[str, ...], ...] = (),
        evidence: str = "",
    ) -> Candidate:
        texts = [self._document.text[each.start : each.end].strip() for each in clauses]
        shown = evidence.strip() or "\n".join(texts)
        return Candidate(
            id=f"{kind}-{self._document.id}-{key}" if self._file else f"{kind}-{key}",
            type=kind,
            question=f"{self._opening}{question}",
            paths=() if kind == "abstain" else tuple(each.path for each in clauses),
            file=self._file,
            units=units,
            unit=unit,
            must=must,
            evidence=shown[:_SHOWN] + ("……" if len(shown) > _SHOWN else ""),
        )


def _passage(text: str, span: Span) -> Span:
    """The part of a sentence, between its commas, that a value stands in; longer where it is short."""
    start = max((text.rfind(mark, 0, span[0]) for mark in _LIMITS), default=-1) + 1
    ends = [place for mark in _LIMITS if (place := text.find(mark, span[1])) >= 0]
    end = min(ends, default=len(text))
    if end - start - (span[1] - span[0]) >= _SHORTEST:
        return start, end
    return 0, len(text.rstrip("".join(_LIMITS)))
