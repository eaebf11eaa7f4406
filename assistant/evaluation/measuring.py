"""What one answer is worth beside right or wrong: clauses, quotations, units, verdict, refusal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.datatypes import Answer, AnswerUnit, Citation, Status
from assistant.evaluation.judging import Judgement, gold_clause
from assistant.evaluation.questions import Gold

SameUnit = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Units that an answer asserts, those of gold, and the pairs between them."""

    given: int
    wanted: int
    matched: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """The counts of one question; None where the question has no gold for a measure.

    Attributes:
        judgement: Right or wrong, and why.
        status: Of the answer; ``failed`` where asking raised an error.
        abstain: Whether the question must be refused.
        cited: For each clause cited, in order of its first citation, whether it is a gold clause or lies
            under one.
        clauses_found: Gold clauses cited, themselves or by a sub-clause.
        clauses_wanted: Gold clauses, without those that only may be cited.
        quotes: Citations of the answer.
        verbatim: Those whose quotation is ``text[start:end]`` of the cited document.
        verdict_right: Whether a yes/no answer is the gold one.
        document_right: Whether the first citation is of the gold document.
    """

    judgement: Judgement
    status: Status | Literal["failed"]
    abstain: bool
    cited: tuple[bool, ...] | None
    clauses_found: int
    clauses_wanted: int
    quotes: int
    verbatim: int
    units: UnitCounts | None
    verdict_right: bool | None
    document_right: bool | None


def measure(
    gold: Gold,
    answer: Answer | None,
    judgement: Judgement,
    *,
    same_unit: SameUnit,
    text_of: Callable[[str], str],
) -> Measurement:
    """Count what an answer holds of its gold.

    Args:
        gold: The question with gold.
        answer: None where asking failed.
        judgement: Right or wrong, and why.
        same_unit: Whether two names denote the same unit.
        text_of: Text of a document by id.
    """
    citations = answer.citations if answer else ()
    with_clauses = bool(gold.clauses) and not gold.abstain
    wanted = set(gold.clauses) - set(gold.also)
    found = {gold_clause(gold, citation) for citation in citations} & wanted
    return Measurement(
        judgement=judgement,
        status=answer.status if answer else "failed",
        abstain=gold.abstain,
        cited=_cited(gold, citations) if with_clauses else None,
        clauses_found=len(found) if with_clauses else 0,
        clauses_wanted=len(wanted) if with_clauses else 0,
        quotes=len(citations),
        verbatim=sum(each.quote == text_of(each.document)[each.start : each.end] for each in citations),
        units=_units(gold, answer, same_unit),
        verdict_right=_verdict(gold, answer),
        document_right=_document(gold, citations),
    )


def _cited(gold: Gold, citations: Sequence[Citation]) -> tuple[bool, ...]:
    clauses = {(each.document, each.part, each.path): bool(gold_clause(gold, each)) for each in citations}
    return tuple(clauses.values())


def _verdict(gold: Gold, answer: Answer | None) -> bool | None:
    if not gold.verdict or gold.abstain:
        return None
    return answer is not None and answer.verdict == gold.verdict


def _document(gold: Gold, citations: Sequence[Citation]) -> bool | None:
    if not gold.file or gold.abstain:
        return None
    return bool(citations) and citations[0].file == gold.file


def _units(gold: Gold, answer: Answer | None, same_unit: SameUnit) -> UnitCounts | None:
    """Counts where gold lists all units: not of yes/no questions, nor where gold has a sentence's only."""
    if not gold.units or gold.narrow or gold.verdict or gold.abstain:
        return None
    given = _distinct(answer.units if answer else (), same_unit)
    wanted = list(dict.fromkeys(gold.units))
    pairs = [[_denotes(name, each, same_unit) for each in given] for name in wanted]
    return UnitCounts(len(given), len(wanted), _most_pairs(pairs))


def _distinct(units: Sequence[AnswerUnit], same_unit: SameUnit) -> list[AnswerUnit]:
    """Each unit once: an answer on several clauses names it for each of them."""
    kept: list[AnswerUnit] = []
    for unit in units:
        if not any(same_unit(unit.canonical, other.canonical) for other in kept):
            kept.append(unit)
    return kept


def _denotes(name: str, unit: AnswerUnit, same_unit: SameUnit) -> bool:
    return name in (unit.name, unit.canonical) or same_unit(name, unit.canonical)


def _most_pairs(pairs: Sequence[Sequence[bool]]) -> int:
    """Size of the largest one-to-one matching: being the same unit is not transitive (人社部门 fits two)."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if not pairs or not pairs[0]:
        return 0
    graph = csr_array(np.array(pairs, dtype=np.int8))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())
