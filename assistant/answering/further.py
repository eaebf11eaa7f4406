"""「还有吗」「继续」: what an earlier answer to the same question has not shown yet."""

from dataclasses import replace

from assistant.answering import refusals
from assistant.answering.library import Library
from assistant.answering.owners import answer_owner
from assistant.answering.passages import answer_further_deadlines, answer_passage
from assistant.answering.support import is_supported
from assistant.datatypes import Answer, Hit, Intent, Plan
from assistant.understanding.topics import GENERIC_WEIGHT

_SPEAKS = 0.6  # share of the question's content that a further clause covers
# Their answers are complete lists or the one thing there is.
_COMPLETE: frozenset[Intent] = frozenset({"duties", "meta", "term", "compare"})


def answer_further(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """The next clauses of a plan whose first ones were shown, or that there are none.

    Args:
        plan: The question asked before; ``seen`` are the clauses already shown.
        library: The documents.
        hits: Clauses found for it without those, best first.
    """
    if plan.intent == "clause":
        return refusals.nothing_further(plan, "这已经是这一部分的最后一条。")
    if _is_complete(plan):
        return refusals.nothing_further(plan, "上一个回答已经列全，没有别的了。")
    if plan.intent == "deadline":
        return answer_further_deadlines(plan, library)
    hits = [hit for hit in hits if hit.coverage >= _SPEAKS]
    if not is_supported(library, hits):
        return refusals.nothing_further(plan, "没有找到别的相关条款了。")
    if plan.intent == "owner" and not plan.yes_no:
        return answer_owner(replace(plan, references=()), library, hits)
    valued = answer_passage(plan, library, hits)
    return (
        valued if valued.status == "answered" else answer_passage(replace(plan, expects=None), library, hits)
    )


def _is_complete(plan: Plan) -> bool:
    """Whether the answer before left nothing out: ledgers, facts, headings of a section."""
    if plan.intent in _COMPLETE or plan.references:
        return True
    about_something = any(term.weight > GENERIC_WEIGHT for term in plan.terms)
    return plan.intent in ("list", "count") and (bool(plan.scope) or not about_something)
