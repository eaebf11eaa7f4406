"""The responsibility ledger: which unit has which duty in which clause, over all documents."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.datatypes import Clause, Document, Duty, Path, Role
from assistant.outline import Key, Outline, Span

_ROLE_ORDER: dict[Role, int] = {"lead": 0, "responsible": 1, "support": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty and the document it stands in."""

    document: str
    duty: Duty

    @property
    def key(self) -> Key:
        """Part and path of the clause."""
        return self.duty.part, self.duty.path


class Ledger:
    """Complete lists by unit and by clause; nothing here is ranked or cut off.

    Args:
        documents: The documents whose duties count.
        same_unit: Whether two names denote the same unit.
    """

    def __init__(self, documents: Sequence[Document], same_unit: Callable[[str, str], bool]) -> None:
        self._same_unit = same_unit
        self._outlines = {document.id: Outline(document) for document in documents}
        self.entries = [Entry(document.id, duty) for document in documents for duty in document.duties]
        self._by_clause: dict[tuple[str, Key], list[Duty]] = {}
        for entry in self.entries:
            self._by_clause.setdefault((entry.document, entry.key), []).append(entry.duty)

    def of_unit(self, unit: str, *, documents: Collection[str] = (), within: Path = ()) -> list[Entry]:
        """Every duty of a unit in printed order, restricted to some documents or a section."""
        return [
            entry
            for entry in self.entries
            if (not documents or entry.document in documents)
            and entry.duty.path[: len(within)] == within
            and self._same_unit(unit, entry.duty.canonical)
        ]

    def of_clause(self, document: str, clause: Clause, *, at: Span | None = None) -> list[Duty]:
        """The duties that govern a clause, one per unit.

        Those of its own annotation; failing that, of the nearest enclosing clause that has one;
        failing that, of its sub-clauses. With several annotations in the clause, only the one whose
        sentences contain the position ``at`` counts.
        """
        own = self._by_clause.get((document, (clause.part, clause.path)), [])
        if own and at is not None:
            governing = [duty for duty in own if duty.scope_start <= at[0] < duty.annotation_end]
            own = governing or own
        if not own:
            own = next(self._inherited(document, clause), [])
        return _one_per_unit(own or self._collected(document, clause))

    def clauses(self, *, documents: Collection[str] = (), within: Path = ()) -> list[tuple[str, Clause]]:
        """Every clause with an annotation of its own, in document order."""
        found = []
        for document, outline in self._outlines.items():
            if documents and document not in documents:
                continue
            for clause in outline.document.clauses:
                inside = clause.path[: len(within)] == within
                if inside and (document, (clause.part, clause.path)) in self._by_clause:
                    found.append((document, clause))
        return found

    def units(self, *, documents: Collection[str] = (), within: Path = ()) -> list[str]:
        """Canonical names of all units, each once, in order of first appearance."""
        names: list[str] = []
        for entry in self.entries:
            selected = not documents or entry.document in documents
            if selected and entry.duty.path[: len(within)] == within:
                name = entry.duty.canonical
                if not any(self._same_unit(name, known) for known in names):
                    names.append(name)
        return names

    def _inherited(self, document: str, clause: Clause) -> Iterator[list[Duty]]:
        for ancestor in reversed(self._outlines[document].ancestors(clause)):
            duties = self._by_clause.get((document, (ancestor.part, ancestor.path)))
            if duties:
                yield duties

    def _collected(self, document: str, clause: Clause) -> list[Duty]:
        return [
            duty
            for (name, (part, path)), duties in self._by_clause.items()
            if name == document and part == clause.part and path[: len(clause.path)] == clause.path
            for duty in duties
        ]


def _one_per_unit(duties: Sequence[Duty]) -> list[Duty]:
    """The most responsible duty of each unit, in printed order."""
    best: dict[str, Duty] = {}
    for duty in duties:
        known = best.get(duty.canonical)
        if known is None or _ROLE_ORDER[duty.role] < _ROLE_ORDER[known.role]:
            best[duty.canonical] = duty
    return sorted(best.values(), key=lambda duty: duty.start)
