"""A view of wrapped text in which broken lines are joined, with a map back to the original offsets."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.layout import CLOSED, Layout


@dataclass(frozen=True, slots=True)
class Joined:
    """Joined text; ``origin[i]`` is the offset in the document of its character ``i``.

    ``origin`` is empty where nothing was joined: then both texts are the same.
    """

    text: str
    origin: tuple[int, ...] = ()

    def start(self, offset: int) -> int:
        """Offset in the document of the character at ``offset``."""
        return self.origin[offset] if self.origin else offset

    def end(self, offset: int) -> int:
        """Offset in the document behind the character before ``offset``."""
        return self.origin[offset - 1] + 1 if self.origin else offset


def join_lines(text: str, layout: Layout, stops: Sequence[int]) -> Joined:
    """Join the printed lines of wrapped text, except before the offsets in ``stops`` (clauses, parts)."""
    if not layout.wrapped:
        return Joined(text)
    kept = set(stops)
    pieces: list[str] = []
    origin: list[int] = []
    position = 0
    for line, following in zip(layout.lines, layout.lines[1:], strict=False):
        full = line.end - line.start >= layout.width - 4
        breaks_off = text[line.end - 1] not in CLOSED
        if following.start in kept or not (full or breaks_off):
            continue
        pieces.append(text[position : line.end])
        origin.extend(range(position, line.end))
        position = following.start
    pieces.append(text[position:])
    origin.extend(range(position, len(text)))
    return Joined("".join(pieces), (*origin, len(text)))


def to_joined(joined: Joined, offsets: Sequence[int]) -> list[int]:
    """Offsets of the document in the joined text; the next kept character where one was dropped."""
    if not joined.origin:
        return list(offsets)
    found, index = [], 0
    for offset in sorted(offsets):
        while index < len(joined.origin) - 1 and joined.origin[index] < offset:
            index += 1
        found.append(index)
    return found
