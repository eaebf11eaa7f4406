"""Two versions of a document compared: clauses, wording, responsible units, deadlines, figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.datatypes import Clause, Document, Duty, Role
from assistant.differences import DeadlineChange, Edit, FigureChange, deadline_changes, edits, figure_changes
from assistant.matching import Body, bodies, matched, taken_from
from assistant.outline import Key
from assistant.text import squeeze
from assistant.units import UnitLexicon

ChangeKind = Literal["unchanged", "changed", "added", "removed"]
Placement = Literal["same", "renumbered", "moved"]

_ROLE_ORDER: dict[Role, int] = {"lead": 0, "responsible": 1, "support": 2}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A fact about the document (文号, 日期) that differs; "" where a version does not give it."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A responsible unit of a clause that came, went, changed its role or its name.

    Attributes:
        unit: As printed in the new version, in the old one where it is gone.
        old_role: None where the unit came.
        new_role: None where the unit went.
        former: The unit's former name where it was renamed, else "".
    """

    unit: str
    old_role: Role | None
    new_role: Role | None
    former: str = ""


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of one clause.

    Attributes:
        old: None where the clause is new, and for the text outside all clauses.
        new: None where the clause is gone, and for the text outside all clauses.
        old_text: What it said itself, without numeral and annotations.
        new_text: What it says now.
        kin: The clause of the other version that holds the text of an added or removed clause.
    """

    kind: ChangeKind
    placement: Placement
    old: Clause | None
    new: Clause | None
    old_text: str
    new_text: str
    edits: tuple[Edit, ...] = ()
    units: tuple[UnitChange, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    deadlines: tuple[DeadlineChange, ...] = ()
    kin: Clause | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """All differences of two versions; ``clauses`` in the order of the new one, removed ones between."""

    old: Document
    new: Document
    facts: tuple[FieldChange, ...]
    clauses: tuple[ClauseChange, ...]

    def of_kind(self, kind: ChangeKind) -> list[ClauseChange]:
        """The clauses of one kind, in order."""
        return [change for change in self.clauses if change.kind == kind]


class Reviser:
    """Compares versions.

    Args:
        lexicon: Which unit names denote the same unit.
        pieces: Cuts a text into words, nothing left out.
    """

    def __init__(self, lexicon: UnitLexicon, pieces: Callable[[str], list[str]]) -> None:
        self._lexicon = lexicon
        self._pieces = pieces

    def compare(self, old: Document, new: Document) -> Revision:
        """The differences of two versions of a document."""
        before, after = bodies(old), bodies(new)
        pairs = matched(before, after)
        homes = {before[i].key: after[j].key for i, j in pairs}
        partners = {j: i for i, j in pairs}
        gone = self._removed(old, before, after, {i: j for i, j in pairs})
        clauses = gone.get(-1, [])
        for j, body in enumerate(after):
            if j in partners:
                clauses.append(self._matched(old, new, before[partners[j]], body, homes))
            else:
                clauses.append(self._lone(new, body, "added", before))
            clauses += gone.get(j, [])
        return Revision(old, new, _facts(old, new), tuple(clauses))

    def _removed(
        self, old: Document, before: Sequence[Body], after: Sequence[Body], kept: dict[int, int]
    ) -> dict[int, list[ClauseChange]]:
        """Removed clauses by the position, in the new version, of what they followed; -1 for the first."""
        gone: dict[int, list[ClauseChange]] = {}
        follows = -1
        for i, body in enumerate(before):
            if i in kept:
                follows = kept[i]
            else:
                gone.setdefault(follows, []).append(self._lone(old, body, "removed", after))
        return gone

    def _matched(
        self, old: Document, new: Document, before: Body, after: Body, homes: dict[Key, Key]
    ) -> ClauseChange:
        changed_words = edits(before.text, after.text, self._pieces)
        units = self._units(_duties(old, before.key), _duties(new, after.key))
        deadlines = deadline_changes(_limits(old, before.key), _limits(new, after.key))
        limits = "".join(f"{change.old} {change.new} " for change in deadlines)
        changed_figures = tuple(
            change
            for change in figure_changes(before.text, after.text)
            if not (change.kind == "date" and (change.old or change.new) in limits)
        )
        return ClauseChange(
            kind="changed" if changed_words or units or deadlines else "unchanged",
            placement=_placement(before, after, homes),
            old=before.clause,
            new=after.clause,
            old_text=before.text,
            new_text=after.text,
            edits=changed_words,
            units=units,
            figures=changed_figures,
            deadlines=deadlines,
        )

    def _lone(self, document: Document, body: Body, kind: ChangeKind, others: Sequence[Body]) -> ClauseChange:
        """A clause that only one version has."""
        added = kind == "added"
        duties, limits = _duties(document, body.key), _limits(document, body.key)
        kin = taken_from(body, others)
        return ClauseChange(
            kind=kind,
            placement="same",
            old=None if added else body.clause,
            new=body.clause if added else None,
            old_text="" if added else body.text,
            new_text=body.text if added else "",
            units=self._units([], duties) if added else self._units(duties, []),
            figures=figure_changes("", body.text) if added else figure_changes(body.text, ""),
            deadlines=deadline_changes([], limits) if added else deadline_changes(limits, []),
            kin=kin.clause if kin else None,
        )

    def _units(self, old: Sequence[Duty], new: Sequence[Duty]) -> tuple[UnitChange, ...]:
        """Units of the new version in printed order, then those that went."""
        left = list(old)
        changes = []
        for duty in new:
            same = (each for each in left if self._lexicon.same_unit(each.canonical, duty.canonical))
            was = next(same, None)
            if was is None:
                changes.append(UnitChange(_flat(duty.unit), None, duty.role))
                continue
            left.remove(was)
            renamed = self._lexicon.renamed(was.canonical, duty.canonical)
            if was.role != duty.role or renamed:
                former = _flat(was.unit) if renamed else ""
                changes.append(UnitChange(_flat(duty.unit), was.role, duty.role, former))
        return (*changes, *(UnitChange(_flat(duty.unit), duty.role, None) for duty in left))


def _facts(old: Document, new: Document) -> tuple[FieldChange, ...]:
    one, other = old.metadata, new.metadata
    rows = (
        ("标题", one.title.value, other.title.value),
        ("文号", one.doc_number.value, other.doc_number.value),
        ("发文机关", one.issuer.value, other.issuer.value),
        ("日期", one.date.value, other.date.value),
        ("主送", one.recipients.value, other.recipients.value),
        ("抄送", one.copies.value, other.copies.value),
        ("施行日期", one.effective.value, other.effective.value),
        ("有效期", one.expires.value, other.expires.value),
    )
    return tuple(FieldChange(*row) for row in rows if row[1] != row[2])


def _placement(before: Body, after: Body, homes: dict[Key, Key]) -> Placement:
    if before.key == after.key:
        return "same"
    return "renumbered" if homes.get(before.parent, before.parent) == after.parent else "moved"


def _duties(document: Document, key: Key) -> list[Duty]:
    """The duties of a clause's own annotations, the most responsible one of each unit, in printed order."""
    best: dict[str, Duty] = {}
    for duty in document.duties:
        if (duty.part, duty.path) == key:
            known = best.get(duty.canonical)
            if known is None or _ROLE_ORDER[duty.role] < _ROLE_ORDER[known.role]:
                best[duty.canonical] = duty
    return sorted(best.values(), key=lambda duty: duty.start)


def _limits(document: Document, key: Key) -> list[str]:
    return [_flat(each.text) for each in document.deadlines if (each.part, each.path) == key]


def _flat(text: str) -> str:
    return squeeze(text)[0]
