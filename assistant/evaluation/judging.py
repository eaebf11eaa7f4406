"""Judging answers against gold.

What counts as right, by question type (``README.md`` of the sets):
owner: one of the first three citations is a gold clause or lies under it, and ``units`` holds every gold
unit and at most one more (three more with several gold clauses); a narrow question only needs its unit
in the text; a yes/no question its verdict. reverse, duties: the cited clauses are exactly the gold ones.
benefit, fact, deadline, clause: a gold clause among the first three citations, every ``must`` group in
the text, at most 1,000 characters. list, meta, compare: every ``must`` group. term: all gold clauses
cited and at most as many others. abstain: no evidence claimed and no units asserted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.datatypes import Answer, Citation
from assistant.evaluation.questions import Gold

_FIRST = 3
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an answer is right, and if not, why."""

    id: str
    type: str
    right: bool
    reason: str = ""


def judge(gold: Gold, answer: Answer, same_unit: Callable[[str, str], bool]) -> Judgement:
    """Judge one answer."""
    reason = _fault(gold, answer, same_unit)
    return Judgement(gold.id, "abstain" if gold.abstain else gold.type, not reason, reason)


def _fault(gold: Gold, answer: Answer, same_unit: Callable[[str, str], bool]) -> str:
    if gold.abstain:
        return "" if answer.status != "answered" and not answer.units else "应当拒答"
    if answer.status != "answered":
        return "误拒"
    checks: dict[str, list[Callable[[], str]]] = {
        "owner": [lambda: _cited(gold, answer), lambda: _owner_units(gold, answer, same_unit)],
        "reverse": [lambda: _exact(gold, answer, same_unit), lambda: _must(gold, answer)],
        "duties": [lambda: _exact(gold, answer, same_unit), lambda: _must(gold, answer)],
        "term": [lambda: _term(gold, answer)],
        "list": [lambda: _must(gold, answer)],
        "meta": [lambda: _must(gold, answer)],
        "compare": [lambda: _must(gold, answer), lambda: _verdict(gold, answer)],
    }
    passage = [lambda: _cited(gold, answer), lambda: _must(gold, answer), lambda: _length(answer)]
    return next((fault for check in checks.get(gold.type, passage) if (fault := check())), "")


def gold_clause(gold: Gold, citation: Citation) -> str:
    """The innermost gold clause that a citation is, or lies under; "" if there is none."""
    if gold.file and citation.file != gold.file:
        return ""
    prefixes = ("".join(citation.path[:depth]) for depth in range(len(citation.path), 0, -1))
    return next((prefix for prefix in prefixes if prefix in gold.clauses), "")


def _cited(gold: Gold, answer: Answer) -> str:
    if not gold.clauses or any(gold_clause(gold, citation) for citation in answer.citations[:_FIRST]):
        return ""
    return f"条款不对：{'、'.join(dict.fromkeys(each.label for each in answer.citations[:_FIRST]))}"


def _owner_units(gold: Gold, answer: Answer, same_unit: Callable[[str, str], bool]) -> str:
    if gold.verdict:
        return _verdict(gold, answer)
    if gold.narrow:
        return _must(gold, answer)
    missing = [
        unit
        for unit in gold.units
        if not any(_same(unit, each.name, each.canonical, same_unit) for each in answer.units)
    ]
    extra = [
        each.name
        for each in answer.units
        if not any(_same(unit, each.name, each.canonical, same_unit) for unit in gold.units)
    ]
    allowed = 1 if len(gold.clauses) <= 1 else 3
    if missing:
        return f"缺单位：{'、'.join(missing)}"
    return f"多单位：{'、'.join(extra)}" if len(extra) > allowed else ""


def _same(gold: str, name: str, canonical: str, same_unit: Callable[[str, str], bool]) -> bool:
    return gold in (name, canonical) or same_unit(gold, canonical)


def _exact(gold: Gold, answer: Answer, same_unit: Callable[[str, str], bool]) -> str:
    cited = {each.label for each in answer.citations if not gold.file or each.file == gold.file}
    of_unit = {each.label for each in answer.units if gold.unit and same_unit(gold.unit, each.canonical)}
    wanted = set(gold.clauses)
    if wanted in (cited, of_unit):
        return ""
    return f"条款集合不等：多 {'、'.join(sorted(cited - wanted))} 缺 {'、'.join(sorted(wanted - cited))}"


def _term(gold: Gold, answer: Answer) -> str:
    cited = {each.label for each in answer.citations}
    missing = set(gold.clauses) - cited
    return "词语条款不全" if missing or len(cited - set(gold.clauses)) > len(gold.clauses) else ""


def _must(gold: Gold, answer: Answer) -> str:
    text = "".join(answer.text.split())
    missing = [group for group in gold.must if not any("".join(each.split()) in text for each in group)]
    return f"缺内容：{'；'.join('/'.join(group) for group in missing)}" if missing else ""


def _verdict(gold: Gold, answer: Answer) -> str:
    return f"判断应为 {gold.verdict}" if gold.verdict and answer.verdict != gold.verdict else ""


def _length(answer: Answer) -> str:
    return f"过长：{len(answer.text)} 字" if len(answer.text) > _LONGEST else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Right answers out of how many."""

    right: int
    total: int

    @property
    def accuracy(self) -> float:
        """Share right, 0 for an empty set."""
        return self.right / self.total if self.total else 0.0


def tally(judgements: Iterable[Judgement]) -> dict[str, Tally]:
    """Counts by question type, and ``all``."""
    counted: dict[str, Tally] = {}
    for judgement in judgements:
        for name in (judgement.type, "all"):
            before = counted.get(name, Tally(0, 0))
            counted[name] = Tally(before.right + judgement.right, before.total + 1)
    return counted
