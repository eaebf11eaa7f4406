"""Views of a document's clause tree: parents, children, and the text that is a clause's own."""

from collections.abc import Iterable
from functools import cached_property

from assistant.datatypes import Clause, Document, Path
from assistant.text import index_form, sentences

Key = tuple[str, Path]
Span = tuple[int, int]


class Outline:
    """The clauses of one document by key and by kinship. The root's key is ``("", ())``."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.by_key: dict[Key, Clause] = {}
        self._children: dict[Key, list[Clause]] = {}
        for clause in document.clauses:
            self.by_key.setdefault((clause.part, clause.path), clause)
            self._children.setdefault((clause.part, clause.path[:-1]), []).append(clause)
        self._annotations = sorted({(duty.annotation_start, duty.annotation_end) for duty in document.duties})

    @cached_property
    def sections(self) -> list[tuple[Clause, str]]:
        """Clauses with a heading and sub-clauses, in document order, with their headings in index form."""
        return [
            (clause, index_form(clause.heading))
            for clause in self.document.clauses
            if clause.heading and not self.is_leaf(clause)
        ]

    def children(self, key: Key) -> list[Clause]:
        """Direct sub-clauses in document order."""
        return self._children.get(key, [])

    def is_leaf(self, clause: Clause) -> bool:
        """Whether the clause has no sub-clauses."""
        return not self.children((clause.part, clause.path))

    def ancestors(self, clause: Clause) -> list[Clause]:
        """Enclosing clauses, outermost first, without the clause itself."""
        keys = ((clause.part, clause.path[:depth]) for depth in range(1, len(clause.path)))
        return [self.by_key[key] for key in keys if key in self.by_key]

    def headings(self, clause: Clause) -> list[str]:
        """Headings from the outermost clause down to this one, empty ones left out."""
        return [each.heading for each in (*self.ancestors(clause), clause) if each.heading]

    def own_spans(self, clause: Clause | None) -> list[Span]:
        """The clause's text outside its sub-clauses; None stands for the text outside all clauses."""
        if clause is None:
            children = [
                each for each in self.document.clauses if len(each.path) == 1 or self._is_orphan(each)
            ]
            return _without((0, len(self.document.text)), ((each.start, each.end) for each in children))
        children = self.children((clause.part, clause.path))
        return _without((clause.start, clause.end), ((each.start, each.end) for each in children))

    def own_sentences(self, clause: Clause | None) -> list[Span]:
        """Sentences of the clause's own text, responsibility annotations left out."""
        spans = []
        for own in self.own_spans(clause):
            for piece in _without(own, self._annotations_within(own)):
                spans.extend(sentences(self.document.text, *piece))
        return [span for span in spans if any(map(str.isalnum, self.document.text[slice(*span)]))]

    def _is_orphan(self, clause: Clause) -> bool:
        return not any(
            (clause.part, clause.path[:depth]) in self.by_key for depth in range(1, len(clause.path))
        )

    def _annotations_within(self, span: Span) -> list[Span]:
        return [each for each in self._annotations if span[0] <= each[0] and each[1] <= span[1]]


def _without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """``span`` minus ``holes``: ``(0, 9)`` without ``(2, 4)`` is ``(0, 2), (4, 9)``."""
    pieces = []
    begin, stop = span
    for start, end in sorted(holes):
        # Where a numeral occurs twice, the sub-clauses of both stand under one key: holes may lie outside.
        if begin < min(start, stop):
            pieces.append((begin, min(start, stop)))
        begin = max(begin, end)
    if begin < stop:
        pieces.append((begin, stop))
    return pieces
