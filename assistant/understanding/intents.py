"""Which of the contract's intents a question has: ordered rules over its wording."""

import re
from dataclasses import dataclass
from typing import cast

from assistant.datatypes import Intent, MetaField, UnitRelation
from assistant.understanding.patterns import names, pattern
from assistant.values import asked_kind

# These facts have names of their own; the others are asked for in words that clauses use as well.
# 「人社局几天办完」 asks for a time, not for the tasks of the unit.
_MEASURES = frozenset({"duration", "percent", "money", "amount", "date"})
_OF_DUTIES = re.compile(r"任务|职责|负责|牵头|配合|参与|承担|几条|哪[些几]?条|管|归|谁|责任")
_MOST_OF_UNITS = re.compile(
    r"(?:单位|部门|谁|哪家|哪个局).{0,6}最(?:多|少|重|忙)|(?:任务|活儿?|职责|责任条款).{0,8}最(?:多|少|重|忙)"
    r"|最(?:多|少|重|忙).{0,6}(?:单位|部门|任务|谁|哪家|哪个局)"
)
_UNMISTAKABLE = frozenset({"doc_number", "recipients", "copies", "title"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Traits of a question that the rules look at.

    Attributes:
        question: The question in simplified characters.
        masked: The question with the units it names replaced by ``U``.
        units: How many units it names.
        references: How many clauses it names by number or position.
        topical: Whether content remains besides units and asking words.
        titled: Whether all of that content stands in a document's title.
    """

    question: str
    masked: str
    units: int
    references: int
    topical: bool
    titled: bool

    def asks(self, name: str) -> bool:
        """Whether a rule fits the question."""
        return bool(pattern("intents", name).search(self.question))

    def asks_masked(self, name: str) -> bool:
        """Whether a rule fits the question outside unit names."""
        return bool(pattern("intents", name).search(self.masked))


def is_injection(question: str) -> bool:
    """Whether the text tries to instruct the program instead of asking about a document."""
    return bool(pattern("chat", "injection").search(question.lower()))


def is_chat(question: str, *, topical: bool) -> bool:
    """Small talk; a greeting counts only where nothing else is said."""
    greeting = pattern("chat", "greeting").search(question) and not topical
    return bool(greeting or pattern("chat", "small_talk").search(question))


def meta_fields(question: str, *, topical: bool) -> tuple[MetaField, ...]:
    """The facts about the document itself that a question asks for, in the rules' order."""
    asked = [cast(MetaField, name) for name in names("meta") if pattern("meta", name).search(question)]
    # One unmistakable field vouches for the others: 「文号和日期分别是什么」.
    return tuple(asked) if not topical or _UNMISTAKABLE.intersection(asked) else ()


def is_unmistakable(fields: tuple[MetaField, ...]) -> bool:
    """Whether one of the fields has a name that clauses do not use."""
    return bool(_UNMISTAKABLE.intersection(fields))


def classify(wording: Wording) -> Intent:
    """The intent, by the first rule that fits; the order settles what overlaps."""
    if wording.asks("compare") or wording.references >= 2:
        return "compare"
    if wording.asks_masked("term") and not wording.units:
        return "term"
    about_units = _about_units(wording)
    if about_units:
        return about_units
    if wording.asks("urgent") or (wording.asks("deadline") and not wording.asks_masked("owner")):
        return "deadline"
    if wording.asks("superlative") and _MOST_OF_UNITS.search(wording.question):
        return "compare"
    return "owner" if wording.asks_masked("owner") else _about_content(wording)


def _about_content(wording: Wording) -> Intent:
    if wording.references:
        return "count" if wording.asks("count") and wording.asks("list") else "clause"
    if wording.asks("list"):
        return "count" if wording.asks("count") else "list"
    return "fact" if wording.asks("fact") else "benefit"


def _about_units(wording: Wording) -> Intent | None:
    """Owner (is this unit responsible?), duties (of which clauses?), or None when units are incidental."""
    if not wording.units:
        everywhere = wording.asks("every") and re.search(r"单位|部门|谁|哪家|哪个", wording.question)
        return "duties" if everywhere else None
    if asked_kind(wording.question) in _MEASURES and not _OF_DUTIES.search(wording.masked):
        return None
    open_question = re.search(r"哪|几|多少|什么|啥", wording.masked)
    if wording.asks("yes_no") and (wording.topical or wording.references) and not open_question:
        return "owner" if wording.asks_masked("owner") or wording.asks_masked("involved") else None
    together = wording.units >= 2 and wording.asks("together")
    absent = wording.asks_masked("without") and open_question
    if wording.asks_masked("duties") or together or absent:
        return "duties"
    if not wording.topical and re.search(r"呢|负责|任务|管|干|做|职责|责任|工作", wording.masked):
        return "duties"
    return None


def is_yes_no(question: str) -> bool:
    """Whether a question wants yes or no."""
    return bool(pattern("intents", "yes_no").search(question))


def unit_relation(wording: Wording) -> UnitRelation:
    """How a reverse question relates to its units: together, without, in every clause, the most."""
    if wording.units and wording.asks_masked("without"):
        return "not"
    if wording.asks("every") and not wording.units:
        return "every"
    if wording.asks("superlative") and _MOST_OF_UNITS.search(wording.question):
        return "most"
    if wording.units >= 2 and (wording.asks("together") or not re.search(r"分别|各自|或", wording.question)):
        return "and"
    return "any"
