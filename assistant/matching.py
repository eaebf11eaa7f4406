"""Which clause of one version of a document became which clause of another."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.datatypes import Clause, Document
from assistant.outline import Key, Outline
from assistant.text import bigrams, squeeze

_NUMERAL = re.compile(
    r"^(?:第[〇零一二两三四五六七八九十百\d]+[编章节条](?:之[一二三四五六七八九十]+)?"
    r"|[（(〔][一二三四五六七八九十百\d]+[）)〕]|[一二三四五六七八九十百]+[、.．]|\d+(?:\.\d+)+|\d+[、.．)）]|[①-⑳⑴-⒇])[、.．]?"
)
# Weights of the likeness of two clauses; without headings their share goes to the text.
_TEXT, _HEADING, _NUMBER = 0.6, 0.25, 0.15
_LIKE = 0.35  # likeness from which two clauses are taken for one
_ALIKE_TEXT, _ALIKE_HEADING = 0.3, 0.6  # one of these must be reached as well
_SAME_PLACE = 0.15  # likeness of the text that is enough where number and section agree
_CONTAINED = 0.7  # share of a clause's character pairs in another from which it was taken from there


@dataclass(frozen=True, slots=True)
class Body:
    """What a clause says itself, sub-clauses and responsibility annotations left out.

    Attributes:
        clause: None for the text outside all clauses.
        text: Without numeral and white space; only a heading without a mark at its end keeps its line break.
        pairs: Its character pairs.
    """

    clause: Clause | None
    text: str
    pairs: frozenset[str]

    @property
    def key(self) -> Key:
        """Part and path; ``("", ())`` for the text outside all clauses."""
        return (self.clause.part, self.clause.path) if self.clause else ("", ())

    @property
    def parent(self) -> Key:
        """Key of the enclosing clause."""
        part, path = self.key
        return part, path[:-1]


def bodies(document: Document) -> list[Body]:
    """The text outside all clauses, then every clause, in document order."""
    outline = Outline(document)
    return [_body(document, outline, clause) for clause in (None, *document.clauses)]


def _body(document: Document, outline: Outline, clause: Clause | None) -> Body:
    spans = outline.own_sentences(clause)
    if clause is None:
        spans = [span for span in spans if not _is_letterhead(document, span)]
    text = "".join(squeeze(document.text[start:end])[0] for start, end in spans)
    if clause is not None:
        text = _with_heading_line(_NUMERAL.sub("", text, count=1), squeeze(clause.heading)[0])
    return Body(clause, text, frozenset(bigrams(text)))


def _with_heading_line(text: str, heading: str) -> str:
    """A heading that stood on a line of its own, without a mark at its end, keeps its line."""
    rest = text.removeprefix(heading)
    return f"{heading}\n{rest}" if heading and rest != text and rest[:1].isalnum() else text


def _is_letterhead(document: Document, span: tuple[int, int]) -> bool:
    """Whether a sentence holds title, number, issuer, date or addressees: those are compared as facts."""
    facts = document.metadata
    fields = (facts.title, facts.doc_number, facts.issuer, facts.date, facts.recipients, facts.copies)
    return any(field.start < span[1] and span[0] < field.end for field in fields)


def likeness(first: Iterable[str], second: Iterable[str]) -> float:
    """Dice coefficient of two sets: ``2|A∩B| / (|A|+|B|)``, 0 to 1; 0 where one is empty."""
    one, other = frozenset(first), frozenset(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def matched(old: Sequence[Body], new: Sequence[Body]) -> list[tuple[int, int]]:
    """Pairs of positions in ``old`` and ``new``, in the order of ``new``; each position at most once.

    The most alike go together first. What stays apart is joined where number and section agree and
    the texts share something, then where the sub-clauses of both went together.
    """
    pairs = _most_alike(old, new)
    pairs |= _same_place(old, new, pairs)
    pairs |= _by_children(old, new, pairs)
    return sorted(((first, second) for first, second in pairs.items()), key=lambda pair: pair[1])


def _most_alike(old: Sequence[Body], new: Sequence[Body]) -> dict[int, int]:
    scored = []
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            if (one.clause is None) != (other.clause is None):
                continue
            score = 1.0 if one.clause is None else _score(one, other)
            if score:
                scored.append((-score, abs(i - j), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(scored):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _score(one: Body, other: Body) -> float:
    """How alike two clauses are, 0 to 1; 0 where they are too different to be one."""
    assert one.clause is not None
    assert other.clause is not None
    text = 1.0 if one.text == other.text else likeness(one.pairs, other.pairs)
    number = float(one.key == other.key)
    if not (one.clause.heading and other.clause.heading):
        score, heading = (_TEXT + _HEADING) * text + _NUMBER * number, 0.0
    else:
        heading = likeness(bigrams(one.clause.heading), bigrams(other.clause.heading))
        score = _TEXT * text + _HEADING * heading + _NUMBER * number
    return score if score >= _LIKE and (text >= _ALIKE_TEXT or heading >= _ALIKE_HEADING) else 0.0


def _same_place(old: Sequence[Body], new: Sequence[Body], pairs: dict[int, int]) -> dict[int, int]:
    taken = set(pairs.values())
    free = {body.key: j for j, body in enumerate(new) if j not in taken}
    return {
        i: free[body.key]
        for i, body in enumerate(old)
        if i not in pairs
        and body.key in free
        and likeness(body.pairs, new[free[body.key]].pairs) >= _SAME_PLACE
    }


def _by_children(old: Sequence[Body], new: Sequence[Body], pairs: dict[int, int]) -> dict[int, int]:
    """Sections that are still apart, joined where most of their sub-clauses went together."""
    positions = {body.key: i for i, body in enumerate(old)}
    targets = {body.key: j for j, body in enumerate(new)}
    taken = set(pairs.values())
    votes = Counter(
        (positions[old[i].parent], targets[new[j].parent])
        for i, j in pairs.items()
        if old[i].parent in positions and new[j].parent in targets
    )
    joined: dict[int, int] = {}
    for (i, j), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if i not in pairs and i not in joined and j not in taken and j not in joined.values():
            joined[i] = j
    return joined


def taken_from(body: Body, others: Sequence[Body]) -> Body | None:
    """The clause that holds most of this one's text (it was split off or merged), None without one."""
    if not body.pairs:
        return None
    shares = [(len(body.pairs & other.pairs) / len(body.pairs), other) for other in others if other.clause]
    best = max(shares, key=lambda share: share[0], default=(0.0, None))
    return best[1] if best[0] >= _CONTAINED else None
