"""Numerals inside lines of a page that otherwise keeps its line breaks."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from assistant.parsing.numerals import RANKS, Marker, glued_markers

_STYLES = frozenset({"条", "cn", "cn_bracket", "arabic"})
_HEADING_GAP = 48


def gap_fillers(text: str, inner: Sequence[Marker], strong: Sequence[Marker]) -> list[Marker]:
    """Numerals that lost their line break: they fill a gap in the count of those at line starts.

    A candidate continues the last numeral of its style (or is the first, right behind the heading of the
    level above) and a numeral at a line start counts on from it.
    """
    if not strong:
        return []
    starts = [m.start for m in strong]
    taken = {m.start for m in inner} | set(starts)
    candidates = [m for m in inner if m.style in _STYLES]
    candidates += [m for m in glued_markers(text) if m.start not in taken and m.style in _STYLES]
    found: list[Marker] = []
    for candidate in sorted(candidates, key=lambda m: m.start):
        index = bisect_right(starts, candidate.start)
        before = _last(candidate, strong[:index][-40:], found)
        after = next((m for m in strong[index : index + 40] if m.style == candidate.style), None)
        if after is None or not candidate.value < after.value <= candidate.value + 3:
            continue
        continues = before is not None and before.value == candidate.value - 1
        opens = candidate.value == 1 and index > 0 and _behind_heading(text, strong[index - 1], candidate)
        if opens or (continues and candidate.value > 1):
            found.append(candidate)
    return found


def _last(candidate: Marker, strong: Sequence[Marker], found: Sequence[Marker]) -> Marker | None:
    same = [m for m in (*strong, *found[-3:]) if m.style == candidate.style]
    return max(same, key=lambda m: m.start) if same else None


def _behind_heading(text: str, above: Marker, marker: Marker) -> bool:
    gap = text[above.end : marker.start]
    higher = RANKS.get(above.style, 0) < RANKS.get(marker.style, 99)
    return higher and 2 <= len(gap) <= _HEADING_GAP and re.search(r"[。；：\n]", gap) is None


def inline_items(text: str, inner: Sequence[Marker]) -> list[Marker]:
    """Items of a law that one line prints in a row: 有下列情形之一的：（一）…；（二）…。"""
    found: list[Marker] = []
    run: list[Marker] = []
    for marker in (m for m in inner if m.style == "cn_bracket"):
        before = text[marker.start - 1]
        if run and marker.value == run[-1].value + 1 and "\n" not in text[run[-1].end : marker.start]:
            run.append(marker)
            continue
        found += run if len(run) > 1 else []
        run = [marker] if marker.value == 1 and before in "：:" else []
    return found + (run if len(run) > 1 else [])
