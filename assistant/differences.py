"""What differs between two texts: words, figures, time limits."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.figures import Figure, FigureKind, figures, lead_in

_JOINT = re.compile(r"\w?")  # what may stand between two changed words that are one change
_NEAR = 8  # characters around a figure by which it is recognised


@dataclass(frozen=True, slots=True)
class Edit:
    """Words taken out, put in, or put in the place of others.

    Attributes:
        before: The words just before them, from the last punctuation mark on (cut ones begin with …).
        old: "" for an insertion.
        new: "" for a deletion.
    """

    before: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that came ("" as ``old``), went ("" as ``new``) or changed."""

    kind: FigureKind
    old: str
    new: str
    before: str


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """A time limit that came ("" as ``old``), went ("" as ``new``) or changed."""

    old: str
    new: str


def edits(old: str, new: str, pieces: Callable[[str], list[str]]) -> tuple[Edit, ...]:
    """Changed words in order, neighbouring ones taken together.

    Args:
        old: One text.
        new: The other.
        pieces: Cuts a text into words, nothing left out.
    """
    one, other = _words(old, pieces), _words(new, pieces)
    merged: list[list[int]] = []  # spans of words: old start, old end, new start, new end
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if merged and _JOINT.fullmatch("".join(one[merged[-1][1] : a])):
            merged[-1][1], merged[-1][3] = b, d
        else:
            merged.append([a, b, c, d])
    return tuple(
        Edit(lead_in("".join(one[:a])), "".join(one[a:b]), "".join(other[c:d])) for a, b, c, d in merged
    )


def _words(text: str, pieces: Callable[[str], list[str]]) -> list[str]:
    """Words of a text, figures whole: 1.5万元 changes as one."""
    words: list[str] = []
    at = 0
    for figure in figures(text):
        words += [*pieces(text[at : figure.start]), text[figure.start : figure.end]]
        at = figure.end
    return words + pieces(text[at:])


def deadline_changes(old: Sequence[str], new: Sequence[str]) -> tuple[DeadlineChange, ...]:
    """What is no longer there against what is new, in printed order."""
    gone, come = _difference(list(old), list(new))
    pairs = min(len(gone), len(come))
    return (
        *(DeadlineChange(*pair) for pair in zip(gone[:pairs], come[:pairs], strict=True)),
        *(DeadlineChange(text, "") for text in gone[pairs:]),
        *(DeadlineChange("", text) for text in come[pairs:]),
    )


def _difference(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    come = list(new)
    gone = []
    for text in old:
        if text in come:
            come.remove(text)
        else:
            gone.append(text)
    return gone, come


def figure_changes(old: str, new: str) -> tuple[FigureChange, ...]:
    """Figures that changed, came or went; one that stands between the same words is the same figure."""
    gone, come = _unlike(figures(old), figures(new))
    scored = sorted(
        (-_nearness(old, one, new, other), i, j)
        for i, one in enumerate(gone)
        for j, other in enumerate(come)
        if one.kind == other.kind
    )
    partner: dict[int, int] = {}
    for nearness, i, j in scored:
        if nearness < 0 and i not in partner and j not in partner.values():
            partner[i] = j
    changes = [
        FigureChange(
            one.kind, one.text, come[partner[i]].text if i in partner else "", lead_in(old[: one.start])
        )
        for i, one in enumerate(gone)
    ]
    changes += [
        FigureChange(other.kind, "", other.text, lead_in(new[: other.start]))
        for j, other in enumerate(come)
        if j not in partner.values()
    ]
    return tuple(changes)


def _unlike(old: list[Figure], new: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Figures of one text that the other does not have, each counted as often as it stands there."""
    come = list(new)
    gone = []
    for figure in old:
        same = next((each for each in come if (each.kind, each.text) == (figure.kind, figure.text)), None)
        if same is None:
            gone.append(figure)
        else:
            come.remove(same)
    return gone, come


def _nearness(old: str, one: Figure, new: str, other: Figure) -> int:
    """Characters that agree just before and just behind two figures."""
    before = zip(reversed(old[: one.start]), reversed(new[: other.start]), strict=False)
    behind = zip(old[one.end :], new[other.end :], strict=False)
    return sum(_agreeing(list(pairs)[:_NEAR]) for pairs in (before, behind))


def _agreeing(pairs: Sequence[tuple[str, str]]) -> int:
    return next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
