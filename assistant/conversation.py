"""Follow-up questions: what a turn leaves unsaid is taken from the turns before it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.datatypes import Path, Plan, Term
from assistant.understanding.references import numeral_value, step

Focus = tuple[str, Path]
Counted = Callable[[str, Path, int], Path]

_MARKED = re.compile(
    r"^(?:下一|上一|那么?|还有|另外|换成|换|再|其中|至于|然后|它|这|该|他们|她们)|呢[？?！!。\s]*$"
)
_THIS = re.compile(
    r"(?:这|那|该|上面那?|刚才那?|前面那?)(?:一)?(?:条|项|个任务|块|款|件事|事)|^它(?!们|俩)|^(?:这|那)(?:归|由|该|谁)"
)
_PAIR = re.compile(r"(?:它|他|她)们?俩|(?:它|他|她)们|(?:这|那)?两(?:家|个单位|个部门|个局|个)|二者|两者")
_SWITCH = re.compile(r"^(?:那|换成|换|要是|如果是)")
# 「那社会待遇那块呢」 points away from the clause before.
_ANOTHER = re.compile(r"那(?:一)?(?:条|块|项|部分|节|方面)")
_SHORT = 12
_FADED = 0.4  # weight of the earlier turn's words against those of this turn


@dataclass(frozen=True, slots=True)
class Memory:
    """What the turns so far leave behind.

    Attributes:
        plan: Plan of the last turn.
        units: Units named so far, latest last.
        focus: Document and clause that the last turn was about.
    """

    plan: Plan
    units: tuple[str, ...]
    focus: Focus | None


def resolve(
    question: str,
    history: Sequence[str],
    plan: Callable[[str], Plan],
    focus: Callable[[Plan, Focus | None], Focus | None],
    counted: Counted,
) -> tuple[Plan, Focus | None]:
    """The plan of the last turn with everything the earlier turns supply, and the clause they were about.

    Args:
        question: The current turn.
        history: Earlier user turns, oldest first.
        plan: Plans one turn by itself.
        focus: The clause that answers a plan, given the clause of the turn before.
        counted: The n-th clause below a path of a document.
    """
    memory: Memory | None = None
    for turn in history:
        current = complete(plan(turn), memory, plan, counted)
        units = (*(memory.units if memory else ()), *current.units)
        memory = Memory(current, units, focus(current, memory.focus if memory else None))
    current = complete(plan(question), memory, plan, counted)
    follows = memory is not None and is_elliptic(current) and not _ANOTHER.search(current.question)
    return current, memory.focus if memory and follows else None


def is_elliptic(plan: Plan) -> bool:
    """Whether a turn reads as a follow-up: marked (那…, …呢), or too short to stand alone."""
    return bool(_MARKED.search(plan.question)) or (len(plan.question) <= _SHORT and len(plan.terms) <= 3)


def complete(plan: Plan, memory: Memory | None, replan: Callable[[str], Plan], counted: Counted) -> Plan:
    """A turn's plan completed from memory; unchanged when it stands alone."""
    if memory is None or (plan.intent == "chat" and not is_elliptic(plan)):
        return plan
    if _PAIR.search(plan.question) and len(set(memory.units)) >= 2 and not plan.units:
        pair = tuple(dict.fromkeys(reversed(memory.units)))[1::-1]
        return replace(plan, intent="duties", units=pair, relation="and", notes=(f"指{'和'.join(pair)}",))
    bare = not plan.topical
    if _THIS.search(plan.question) and memory.focus and bare and not plan.references:
        note = f"指{''.join(memory.focus[1])}"
        return replace(_pointed(plan, memory.focus), notes=(*plan.notes, note))
    if not is_elliptic(plan) or plan.references:
        return plan
    ordinal = plan.ordinal
    if memory.focus and step(plan.question):
        ordinal = numeral_value(memory.focus[1][-1]) + step(plan.question)
    if ordinal and memory.focus:
        document, path = memory.focus
        sibling = counted(document, path[:-1], ordinal)
        return replace(_pointed(plan, (document, sibling)), intent=memory.plan.intent) if sibling else plan
    said_in_full = plan.intent == "duties" and not _MARKED.search(plan.question)
    if plan.units and bare and not said_in_full:
        return _other_unit(plan, memory)
    if plan.intent == "benefit" and memory.plan.intent in ("list", "count") and memory.plan.scope:
        # 「农民工的呢」 after a list of headings: the same list of another section.
        return replan(f"{''.join(term.text for term in plan.terms)}那部分有哪几条")
    return _same_matter(plan, memory)


def _pointed(plan: Plan, focus: Focus) -> Plan:
    """The plan pointed at one clause of one document: other documents may have a clause of that number."""
    return replace(plan, documents=(focus[0],), references=(focus[1],))


def _other_unit(plan: Plan, memory: Memory) -> Plan:
    """「那教育局呢」: the earlier question about another unit."""
    if memory.plan.intent == "owner" and memory.focus:
        return replace(_pointed(plan, memory.focus), intent="owner", yes_no=True)
    if memory.plan.intent in ("duties", "compare"):
        return replace(plan, intent="duties", scope=memory.plan.scope, relation="any")
    return plan


def _same_matter(plan: Plan, memory: Memory) -> Plan:
    """「那入党行不行」「一线的要占多少」: the earlier matter stays in the background."""
    intent = plan.intent
    if plan.intent == "benefit" and memory.plan.intent in ("owner", "deadline"):
        intent = memory.plan.intent
    known = {term.text for term in plan.terms}
    fading = _FADED / 4 if _ANOTHER.search(plan.question) else _FADED
    faded = tuple(
        Term(term.text, term.weight * fading, term.official)
        for term in memory.plan.terms
        if term.text not in known
    )
    units = plan.units
    if plan.intent == "duties" and not units:
        units = memory.units[-1:]
    return replace(plan, intent=intent, terms=(*plan.terms, *faded), units=units)
