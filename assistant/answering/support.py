"""Whether the evidence carries an answer at all."""

import re
from collections.abc import Sequence

from assistant.answering.library import Library
from assistant.datatypes import Hit, Plan, ValueKind
from assistant.outline import Span
from assistant.retrieval import term_match
from assistant.text import index_form
from assistant.understanding.topics import GENERIC_WEIGHT
from assistant.values import values

#: Kinds that no ledger gives either: a question for one is refused whatever its intent.
PRACTICAL_KINDS: frozenset[ValueKind] = frozenset(
    {"contact", "place", "roster", "material", "person", "penalty"}
)


_SHARE, _SEVERAL_SHARE = 0.7, 0.3
_CONTINUED = 0.85  # of what a sentence and the one before cover together, against one that covers it alone
_LEAST = 0.2  # of the question in a sentence whose value is given as the answer
_OBJECT = re.compile(r"(?:多少|几(?:天|日|个月|年|小时)|多长时间)的?")
_HAS = 0.4  # how well a word must be met: by itself or by an official word, not by half of it
_SEVERAL = re.compile(r"分别|各(?:自|是|给|有|占|要|补|奖)|(?:多少|几).+(?:多少|几)")


def is_supported(library: Library, hits: Sequence[Hit]) -> bool:
    """Whether the best hit speaks of the question's matter."""
    return bool(hits) and hits[0].evidence >= library.retriever.model.threshold


def asks_for_several(plan: Plan) -> bool:
    """Whether a question asks for more than one value: 「分别是多少」."""
    return bool(_SEVERAL.search(plan.question))


def has_object(plan: Plan, library: Library, hit: Hit) -> bool:
    """Whether a clause has the thing whose value is asked for: 「几天陪产假」 is not 「产假98天」.

    The thing is the content word right behind the question word; true where no such word stands there.
    """
    asked = _OBJECT.search(plan.question)
    if asked is None:
        return True
    thing = next((term for term in plan.terms if plan.question.startswith(term.text, asked.end())), None)
    if thing is None or thing.weight <= GENERIC_WEIGHT or thing.text.endswith("内"):
        return True
    clause, document = library.clause(hit), library.documents[hit.document]
    text = document.text[clause.start : clause.end] if clause else document.text
    headings = library.outline(hit.document).headings(clause) if clause else []
    form = index_form("".join([document.metadata.title.value, *headings, text]))
    spread = r".{0,2}".join(map(re.escape, thing.text))  # 带薪假 is in 带薪休假
    return term_match(thing, form) >= _HAS or bool(re.search(spread, form))


def valued_sentences(plan: Plan, library: Library, hits: Sequence[Hit]) -> list[tuple[Hit, Span]]:
    """Sentences of the hits that give a value of the kind asked for, closest to the question first.

    A sentence counts only if it covers the question nearly as well as the best sentence of all, one of the
    best clause as the best of this clause: a number somewhere in the document is not the number asked for.
    """
    if plan.expects is None:
        return []
    scored = []
    for hit in hits:
        document = library.documents[hit.document]
        before = ""
        for span in library.outline(hit.document).own_sentences(library.clause(hit)):
            text = document.text[span[0] : span[1]]
            # 「…可从工资中扣除。但每月不得超过工资的20%。」: the sentence before says what is spoken of.
            both = _CONTINUED * library.retriever.coverage(plan.terms, before + text) if before else 0.0
            covered = max(library.retriever.coverage(plan.terms, text), both)
            scored.append((covered, bool(values(plan.expects, text)), hit, span))
            before = text
    best = max((share for share, _, _, _ in scored), default=0.0)
    of_first = max((share for share, _, hit, _ in scored if hit is hits[0]), default=0.0)
    # 「分别是多少」 asks for several values; they stand in one clause, in sentences of their own.
    share = _SEVERAL_SHARE if asks_for_several(plan) else _SHARE
    fitting = [
        each
        for each in scored
        if each[1]
        and (each[0] >= _LEAST or plan.expects == "contact")
        and each[0] >= (share * of_first if each[2] is hits[0] else _SHARE * best)
    ]
    fitting.sort(key=lambda each: (-each[0], each[2].document, each[3]))
    return [(hit, span) for _, _, hit, span in fitting]
