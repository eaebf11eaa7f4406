"""Duties: annotations assigned to clauses, roles settled, canonical names restored."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.datatypes import Clause, Duty
from assistant.parsing.annotations import Annotation
from assistant.parsing.unitnames import Unit, document_level, restore, with_prefix


class ClauseLocator:
    """Finds the innermost clause at an offset."""

    def __init__(self, clauses: Sequence[Clause], parts: Sequence[tuple[int, str]]) -> None:
        """Prepare.

        Args:
            clauses: In document order.
            parts: Start and name of every part, ascending.
        """
        self._clauses = clauses
        self._starts = [c.start for c in clauses]
        self._parts = parts

    def at(self, position: int) -> Clause | None:
        """The innermost clause whose span holds ``position``, or None in a preamble."""
        index = bisect_right(self._starts, position) - 1
        while index >= 0:
            clause = self._clauses[index]
            if position < clause.end:
                return clause
            if len(clause.path) == 1:
                return None
            index -= 1
        return None

    def part_at(self, position: int) -> str:
        """The part that holds ``position``."""
        name = ""
        for start, part in self._parts:
            if start <= position:
                name = part
        return name


def make_duties(
    annotations: Sequence[Annotation], locator: ClauseLocator, *, first_leads: bool
) -> list[Duty]:
    """One duty per unit named, in printed order."""
    lists = [_restored(annotation) for annotation in annotations]
    level = document_level(lists)
    duties: list[Duty] = []
    scope_from: dict[int, int] = {}
    for annotation, units in zip(annotations, lists, strict=True):
        clause = locator.at(annotation.start)
        start = clause.start if clause else annotation.start
        # Slips of brackets can nest one annotation in another; a scope never reaches behind its own.
        scope = min(max(start, scope_from.get(start, 0)), annotation.start)
        scope_from[start] = annotation.end
        for unit in _with_lead(units, first_leads=first_leads):
            duties.append(_duty(unit, clause, annotation, scope, level, locator))
    return duties


def _restored(annotation: Annotation) -> list[Unit]:
    """The units of an annotation with the prefixes its lists share."""
    units: list[Unit] = []
    prefix = ""
    for one_list in annotation.lists:
        restored, prefix = restore(one_list, prefix)
        units += restored
    return units


def _with_lead(units: Sequence[Unit], *, first_leads: bool) -> list[Unit]:
    if not first_leads or not units or any(u.role == "lead" for u in units):
        return list(units)
    return [replace(units[0], role="lead"), *units[1:]]


def _duty(
    unit: Unit,
    clause: Clause | None,
    annotation: Annotation,
    scope: int,
    level: str,
    locator: ClauseLocator,
) -> Duty:
    return Duty(
        part=clause.part if clause else locator.part_at(unit.start),
        path=clause.path if clause else (),
        unit=unit.name,
        canonical=with_prefix(unit.canonical, level),
        role=unit.role,
        start=unit.start,
        end=unit.end,
        scope_start=scope,
        annotation_start=annotation.start,
        annotation_end=annotation.end,
    )
