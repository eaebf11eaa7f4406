"""The clause tree: which numerals open clauses, under which parent, and how far each reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.parsing.gaps import gap_fillers, inline_items
from assistant.parsing.layout import CLOSED, Layout, Line, contents_span, contents_titles
from assistant.parsing.numerals import RANKS, SPACES, Marker, inner_markers, line_markers
from assistant.parsing.runs import counted, outside_attachment_lists, outside_boxes


@dataclass(slots=True)
class Node:
    """A clause under construction; ``end`` is set when the tree is closed."""

    marker: Marker
    path: tuple[str, ...]
    part: int = 0
    parent: "Node | None" = None
    end: int = 0
    leaf: bool = True
    bare: bool = False

    @property
    def start(self) -> int:
        """Offset of the numeral."""
        return self.marker.start

    @property
    def depth(self) -> int:
        """Number of levels, 1 for a top-level clause."""
        return len(self.path)


def find_markers(text: str) -> tuple[list[Marker], list[Marker]]:
    """Numerals at line starts and inside lines."""
    return list(line_markers(text)), list(inner_markers(text))


def usable_markers(
    text: str, strong: list[Marker], inner: list[Marker], layout: Layout
) -> tuple[list[Marker], dict[str, str]]:
    """Numerals that may open a clause, in order, and the headings that a table of contents prints.

    Numerals of tables of contents, of boxes (专栏) and of lists of attachments are left out.
    """
    kept = _at_paragraphs(text, strong, layout) if layout.wrapped else list(strong)
    if "\t" in text:
        kept = [m for m in kept if not _in_table(text, m)]
        inner = [m for m in inner if not _in_table(text, m)]
    if layout.flat:
        kept = sorted(kept + counted(text, inner, kept), key=lambda m: m.start)
    else:
        more = gap_fillers(text, inner, kept)
        if any(m.style == "条" for m in kept):
            more += inline_items(text, inner)
        kept = sorted({m.start: m for m in (*more, *kept)}.values(), key=lambda m: m.start)
    decimal = _is_decimal(kept)
    kept = [m for m in kept if decimal or m.style not in ("decimal", "bare")]
    start, end = contents_span(text, layout.lines, kept)
    titles = contents_titles(text, [m for m in kept if start <= m.start < end], end)
    kept = [m for m in kept if not start <= m.start < end]
    return outside_attachment_lists(text, outside_boxes(text, layout.lines, kept)), titles


def _in_table(text: str, marker: Marker) -> bool:
    """Whether a numeral stands in a row of tab-separated cells."""
    start = text.rfind("\n", 0, marker.start) + 1
    end = text.find("\n", marker.start)
    return text.count("\t", start, end if end >= 0 else len(text)) >= 2


def _is_decimal(markers: Sequence[Marker]) -> bool:
    """Whether the document numbers its headings 1, 1.1, 1.1.1."""
    firsts = {m.decimal[0] for m in markers if m.style == "decimal" and m.decimal[-1] == 1}
    return len(firsts) >= 2


def _at_paragraphs(text: str, strong: Sequence[Marker], layout: Layout) -> list[Marker]:
    """In wrapped text: the numerals that start a paragraph or count on from the last of their style."""
    openings = {m.start for m in strong}
    last: dict[str, int] = {}
    kept = []
    for marker in strong:
        counts_on = marker.value > 1 and marker.value == last.get(marker.style, 0) + 1
        if counts_on or _starts_paragraph(text, marker, layout, openings):
            last[marker.style] = marker.value
            kept.append(marker)
    return kept


def _starts_paragraph(text: str, marker: Marker, layout: Layout, openings: set[int]) -> bool:
    """In wrapped text a numeral opens a clause only where the line before has ended."""
    line = _line_before(layout.lines, marker.start)
    if line is None:
        return True
    short = line.end - line.start < layout.width * 0.8
    heading = line.start in openings and "。" not in text[line.start : line.end]
    return short or heading or text[line.end - 1] in CLOSED


def _line_before(lines: Sequence[Line], position: int) -> Line | None:
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        if lines[middle].start < position:
            low = middle + 1
        else:
            high = middle
    index = low - 1
    if index >= 0 and lines[index].end > position:
        index -= 1
    return lines[index] if index >= 0 else None


def build_nodes(markers: Sequence[Marker], part: int = 0) -> list[Node]:
    """Stack the numerals of one part into a tree, in document order."""
    builder = _Builder(part)
    for marker in markers:
        builder.add(marker)
    return builder.nodes


class _Builder:
    """Keeps the open clauses from the outermost to the innermost."""

    def __init__(self, part: int) -> None:
        self.part = part
        self.nodes: list[Node] = []
        self.stack: list[Node] = []
        self.last: dict[str, int] = {}

    def add(self, marker: Marker) -> None:
        """Attach one numeral, or drop it where it counts nothing."""
        if marker.style == "decimal":
            self._add_decimal(marker)
            return
        style = self._style(marker)
        if style is None:
            return
        depth = next((i for i, n in enumerate(self.stack) if _style_of(n) == style), None)
        if not self._plausible(marker, style, depth):
            return
        if depth is not None:
            del self.stack[depth:]
        else:
            self._unwind(style, marker)
        self._push(marker, style)

    def _style(self, marker: Marker) -> str | None:
        if marker.style in ("bare", "arabic") and self._is_top_decimal(marker):
            return "decimal"
        return None if marker.style == "bare" else marker.style

    def _is_top_decimal(self, marker: Marker) -> bool:
        tops = [n for n in self.nodes if n.depth == 1 and _style_of(n) == "decimal"]
        if tops and tops[0].bare != (marker.style == "bare"):
            return False  # 1. 2. inside a section are not its sisters 2　3
        expected = marker.value == (tops[-1].marker.value if tops else 0) + 1
        return expected and (marker.style == "bare" or (bool(tops) and len(self.stack) > 1))

    def _plausible(self, marker: Marker, style: str, depth: int | None) -> bool:
        if marker.value == 0:
            return False
        last = self.stack[depth].marker.value if depth is not None else 0
        expected = marker.value in (1, last + 1, self.last.get(style, 0) + 1)
        if expected:
            return True
        if not marker.strong:
            return 0 < last < marker.value <= last + 3  # a counted run over a dropped number
        if style == "条":
            return self.last.get(style, 0) < marker.value
        if style in ("arabic", "arabic_half", "arabic_bracket"):
            return last < marker.value <= last + 3 and last > 0
        return True

    def _unwind(self, style: str, marker: Marker) -> None:
        rank = RANKS[style]
        root = self.stack[0] if self.stack else None
        nests = (
            root is not None and style == "cn_bracket" and _style_of(root) == "arabic" and marker.value == 1
        )
        if nests:
            return
        while self.stack and RANKS[_style_of(self.stack[-1])] > rank:
            self.stack.pop()

    def _add_decimal(self, marker: Marker) -> None:
        depth = len(marker.decimal)
        chain = [n for n in self.stack if _style_of(n) == "decimal"]
        chain = [n for n in chain if marker.decimal[: len(n.marker.decimal)] == n.marker.decimal][: depth - 1]
        self.stack = chain
        self._push(marker, "decimal")

    def _push(self, marker: Marker, style: str) -> None:
        parent = self.stack[-1] if self.stack else None
        bare = marker.style == "bare"
        if style == "decimal" and not marker.decimal:
            marker = replace(marker, decimal=(marker.value,))
        marker = replace(marker, style=style)
        base = parent.path if parent is not None else ()
        node = Node(marker, (*base, marker.item), self.part, parent, bare=bare)
        if parent is not None:
            parent.leaf = False
        self.last[style] = marker.value
        self.stack.append(node)
        self.nodes.append(node)


def _style_of(node: Node) -> str:
    return node.marker.style


def close_nodes(text: str, nodes: Sequence[Node], body_end: int, closing_start: int) -> None:
    """Set the end of every node of one part.

    A node ends where the next node of its level or above starts. The closing paragraphs
    ``[closing_start, body_end)`` belong to the last top-level node only.
    """
    open_nodes: list[Node] = []
    for node in nodes:
        while open_nodes and open_nodes[-1].depth >= node.depth:
            open_nodes.pop().end = node.start
        open_nodes.append(node)
    for node in open_nodes:
        node.end = body_end if node.depth == 1 else max(min(closing_start, body_end), node.marker.end)
    for node in nodes:
        node.end = trimmed_end(text, node.start, node.end)


def trimmed_end(text: str, start: int, end: int) -> int:
    """``end`` moved back over white space."""
    while end > start and (text[end - 1] in SPACES or text[end - 1] == "\n"):
        end -= 1
    return end
