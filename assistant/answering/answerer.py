"""The dispatch: one plan to one answer."""

import re
from collections.abc import Callable, Sequence

from assistant.answering import refusals
from assistant.answering.comparisons import answer_comparison
from assistant.answering.duties import answer_duties
from assistant.answering.further import answer_further
from assistant.answering.library import Library
from assistant.answering.meta import answer_meta
from assistant.answering.owners import answer_owner
from assistant.answering.passages import answer_deadline, answer_passage
from assistant.answering.structure import answer_clause, answer_list, answer_term
from assistant.answering.support import PRACTICAL_KINDS
from assistant.citations import verify
from assistant.datatypes import Answer, Hit, Intent, Plan
from assistant.understanding.topics import TopicReader

# Intents answered without a look at the value asked for.
_WIDE: frozenset[Intent] = frozenset({"owner", "duties", "list", "count"})


class Answerer:
    """Answers plans from one library."""

    def __init__(self, library: Library, topics: TopicReader) -> None:
        self._library = library
        self._topics = topics

    def answer(self, plan: Plan, hits: list[Hit]) -> Answer:
        """The answer to a plan, every quotation and unit checked.

        Args:
            plan: What is asked.
            hits: Clauses found for it, best first (not used by ledger and structure questions).
        """
        return verify(self._answer(plan, hits), self._library.documents)

    def _answer(self, plan: Plan, hits: list[Hit]) -> Answer:
        library = self._library
        foreign = [place for place in plan.places if not library.retriever.mentions(place)]
        wrong = foreign and (set(foreign) == set(plan.places) or _is_inside(plan, foreign))
        if wrong and plan.intent != "chat":
            return refusals.wrong_place(plan, library, foreign)
        hits = [hit for hit in hits if not library.retriever.is_elsewhere(plan, hit.document)]
        if plan.seen:
            return answer_further(plan, library, hits)
        if plan.expects in PRACTICAL_KINDS and plan.intent in _WIDE and not _asks_for_units(plan):
            return answer_passage(plan, library, hits or library.retriever.search(plan))
        by_plan: dict[Intent, Callable[[], Answer]] = {
            "chat": lambda: refusals.chat(plan),
            "meta": lambda: answer_meta(plan, library),
            "duties": lambda: answer_duties(plan, library),
            "term": lambda: answer_term(plan, library),
            "clause": lambda: answer_clause(plan, library),
            "compare": lambda: answer_comparison(plan, library, self._topics),
            "owner": lambda: answer_owner(plan, library, hits),
            "deadline": lambda: answer_deadline(plan, library, hits),
            "list": lambda: answer_list(plan, library, hits),
            "count": lambda: answer_list(plan, library, hits),
        }
        return by_plan.get(plan.intent, lambda: answer_passage(plan, library, hits))()


def _is_inside(plan: Plan, foreign: Sequence[str]) -> bool:
    """Whether a place without documents is named as part of one that has some: 广州天河区."""
    return any(
        f"{place}{suffix}{inner}" in plan.question
        for inner in foreign
        for place in plan.places
        for suffix in ("", "省", "市")
        if place != inner
    )


def _asks_for_units(plan: Plan) -> bool:
    """Whether the roster or person asked for is one of responsible units: 「责任单位名单」."""
    asked = re.search(r"单位|部门|负责|责任|牵头|归谁", plan.question)
    listed = plan.units and plan.yes_no and not re.search(r"哪|谁|什么|啥", plan.question)
    return bool(asked or listed)
