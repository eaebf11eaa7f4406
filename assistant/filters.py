"""Conditions that narrow a search: documents by what is known of them, clauses by their responsible unit."""

import calendar
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.datatypes import Clause, ClauseKey, Document
from assistant.errors import UnknownDocumentError, UsageError
from assistant.ledger import Ledger
from assistant.parsing.numerals import cn_value
from assistant.places import Gazetteer, Place, agreement
from assistant.text import index_form
from assistant.units import UnitLexicon

_SHOWN = 8  # values listed when a condition fits nothing
_TERM = re.compile(r"有效期\D{0,6}?([\d一二三四五六七八九十两]{1,3})\s*(年|个月)")
_DELAY = re.compile(r"之日(?:起)?(?:的?|后?)(\d{1,3})日后")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search is restricted to; every condition given must hold, an empty one lets all through.

    Attributes:
        document: Id or file name of the only document to search.
        issuer: 发文机关, its name or a part of it; other names of the same organ count too.
        place: A place; documents of it or of a place inside it (of a city in the province).
        issued_from: First day of issue, ``YYYY-MM-DD``; documents without a date are left out.
        issued_to: Last day of issue, ``YYYY-MM-DD``.
        in_force: A day on which the document holds, ``YYYY-MM-DD``; see ``days_in_force``.
        unit: Responsible unit; only clauses whose duties name it.
    """

    document: str = ""
    issuer: str = ""
    place: str = ""
    issued_from: str = ""
    issued_to: str = ""
    in_force: str = ""
    unit: str = ""

    def check(self) -> None:
        """See that the days are days and in order.

        Raises:
            UsageError: One is no day, or the first day comes after the last.
        """
        for name, value in (
            ("起始日期", self.issued_from),
            ("截止日期", self.issued_to),
            ("有效日期", self.in_force),
        ):
            if value and _day(value) is None:
                raise UsageError(f"{name}“{value}”不是日期，应写成 2024-01-31 这样；不填则不限。")
        if self.issued_from and self.issued_to and self.issued_to < self.issued_from:
            raise UsageError(f"截止日期 {self.issued_to} 早于起始日期 {self.issued_from}，请核对。")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a filter lets through.

    Attributes:
        documents: Ids in index order; at least one.
        clauses: The clauses to search; None for all of these documents.
    """

    documents: tuple[str, ...]
    clauses: frozenset[ClauseKey] | None = None


def select(
    chosen: Filter, documents: Mapping[str, Document], ledger: Ledger, lexicon: UnitLexicon
) -> Selection:
    """Resolve a filter whose ``document``, if any, is an id.

    Raises:
        UsageError: See ``Filter.check``.
        UnknownDocumentError: Nothing fits; the message names the condition that left nothing.
    """
    chosen.check()
    kept = [each for each in documents.values() if not chosen.document or each.id == chosen.document]
    for condition in _conditions(chosen, lexicon):
        kept = condition.narrow(kept)
    if not chosen.unit:
        return Selection(tuple(each.id for each in kept))
    clauses = _clauses_of(chosen.unit, kept, ledger, lexicon)
    holding = {key[0] for key in clauses}
    return Selection(tuple(each.id for each in kept if each.id in holding), clauses)


def days_in_force(document: Document) -> tuple[date | None, date | None]:
    """First and last day in force; None for one that cannot be told.

    The first day is the one printed, counted or entered, failing that the day of issue. A term (有效期5年)
    runs from there, its last day being the one before the anniversary. Without a word on the end it is open.
    """
    metadata = document.metadata
    issued = _day(metadata.date.value)
    first = _day(metadata.effective.value) or issued
    delay = _DELAY.search(metadata.effective.value)
    if delay and issued:
        first = issued + timedelta(days=int(delay[1]))
    last = _day(metadata.expires.value)
    term = _TERM.search(metadata.expires.value)
    if term and first:
        months = cn_value(term[1]) * (12 if term[2] == "年" else 1)
        last = _months_later(first, months) - timedelta(days=1)
    return first, last


def is_in_force(document: Document, day: str) -> bool:
    """Whether a document holds on a day ``YYYY-MM-DD``; one whose first day is unknown does not."""
    first, last = days_in_force(document)
    asked = date.fromisoformat(day)
    return first is not None and first <= asked and (last is None or asked <= last)


@dataclass(frozen=True, slots=True)
class _Condition:
    """One condition on documents, and what it could have been."""

    name: str
    fits: Callable[[Document], bool]
    known: Callable[[Document], str]

    def narrow(self, documents: Sequence[Document]) -> list[Document]:
        kept = [each for each in documents if self.fits(each)]
        if not kept:
            values = list(dict.fromkeys(filter(None, map(self.known, documents))))
            shown = "、".join(values[:_SHOWN]) + ("等" if len(values) > _SHOWN else "")
            raise UnknownDocumentError(
                f"没有符合条件的文件：{self.name}。可选的有：{shown or '（都没有写明）'}。请改条件后再找。"
            )
        return kept


def _conditions(chosen: Filter, lexicon: UnitLexicon) -> Iterator[_Condition]:
    if chosen.issuer:
        form = index_form(chosen.issuer)

        def issued_by(document: Document) -> bool:
            issuer = document.metadata.issuer.value
            return bool(issuer) and (form in index_form(issuer) or lexicon.same_unit(chosen.issuer, issuer))

        yield _Condition(f"发文机关为“{chosen.issuer}”", issued_by, lambda each: each.metadata.issuer.value)
    if chosen.place:
        asked = _places(chosen.place, lexicon.gazetteer)
        yield _Condition(
            f"地区为“{chosen.place}”",
            lambda each: _is_of(asked, document_places(each, lexicon.gazetteer)),
            lambda each: "、".join(place.name for place in document_places(each, lexicon.gazetteer)),
        )
    if chosen.issued_from or chosen.issued_to:
        low, high = chosen.issued_from or "0000", chosen.issued_to or "9999"
        yield _Condition(
            f"成文日期在 {chosen.issued_from or '最早'} 至 {chosen.issued_to or '最近'}",
            lambda each: bool(each.metadata.date.value) and low <= each.metadata.date.value <= high,
            lambda each: each.metadata.date.value,
        )
    if chosen.in_force:
        yield _Condition(
            f"在 {chosen.in_force} 有效", lambda each: is_in_force(each, chosen.in_force), _days_text
        )


def document_places(document: Document, gazetteer: Gazetteer) -> list[Place]:
    """The places that a document's title and issuer name."""
    metadata = document.metadata
    found = gazetteer.find(f"{metadata.title.value}，{metadata.issuer.value}")
    return list(dict.fromkeys(mention.place for mention in found))


def _places(name: str, gazetteer: Gazetteer) -> list[Place]:
    return [mention.place for mention in gazetteer.find(name, [name])[:1]]


def _is_of(asked: Sequence[Place], held: Sequence[Place]) -> bool:
    # Of the rules of a province only those made for the city are the city's: 0.5 is the province above.
    return any(agreement(asked, [place]) in (1.0, 0.3) for place in held)


def _days_text(document: Document) -> str:
    first, last = days_in_force(document)
    return f"{first or '起始日期不明'} 至 {last or '未写明截止'}"


def _clauses_of(
    unit: str, documents: Collection[Document], ledger: Ledger, lexicon: UnitLexicon
) -> frozenset[ClauseKey]:
    """The clauses that name the unit as responsible, with the sub-clauses for which that holds too."""
    names = [each.id for each in documents]
    entries = ledger.of_unit(unit, documents=names)
    if not entries:
        raise UnknownDocumentError(
            f"没有符合条件的条款：责任单位为“{unit}”。这 {len(names)} 个文件的责任标注里没有这个单位，"
            "请核对名称，或查看责任台账里的单位。"
        )
    named = {(entry.document, *entry.key) for entry in entries}

    def governed(document: Document, clause: Clause) -> bool:
        above = [(document.id, clause.part, clause.path[:depth]) for depth in range(1, len(clause.path) + 1)]
        return not named.isdisjoint(above) and any(
            lexicon.same_unit(unit, duty.canonical) for duty in ledger.of_clause(document.id, clause)
        )

    return frozenset(
        (document.id, clause.part, clause.path)
        for document in documents
        for clause in document.clauses
        if governed(document, clause)
    ) | frozenset(named)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.isoformat() == value else None
