"""The dispatch: one plan to one answer."""

from assistant.answering import refusals
from assistant.answering.comparisons import answer_comparison
from assistant.answering.duties import answer_duties
from assistant.answering.library import Library
from assistant.answering.meta import answer_meta
from assistant.answering.owners import answer_owner
from assistant.answering.passages import answer_deadline, answer_passage
from assistant.answering.structure import answer_clause, answer_list, answer_term
from assistant.citations import verify
from assistant.datatypes import Answer, Hit, Plan
from assistant.text import index_form
from assistant.understanding.topics import TopicReader


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
        if plan.intent == "chat":
            return refusals.chat(plan)
        foreign = [place for place in plan.places if not self._is_covered(place)]
        if foreign and len(foreign) == len(plan.places):
            return refusals.wrong_place(plan, library, foreign)
        match plan.intent:
            case "meta":
                return answer_meta(plan, library)
            case "duties":
                return answer_duties(plan, library)
            case "term":
                return answer_term(plan, library)
            case "clause":
                return answer_clause(plan, library)
            case "compare":
                return answer_comparison(plan, library, self._topics)
            case "owner":
                return answer_owner(plan, library, hits)
            case "deadline":
                return answer_deadline(plan, library, hits)
            case "list" | "count":
                return answer_list(plan, library, hits)
            case _:
                return answer_passage(plan, library, hits)

    def _is_covered(self, place: str) -> bool:
        return any(index_form(place) in index_form(each.text) for each in self._library.documents.values())
