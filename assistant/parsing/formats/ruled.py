"""Ruled tables on a printed page: rules → grid of cells, merged cells included → rows of cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.parsing.formats.grid import Cell, is_box, table_lines
from assistant.parsing.formats.printed import Glyph, Line, lines_of

MAX_RULES = 20_000  # on one page; more are a drawing, not tables
_MAX_MERGED = 600  # the same for whole lines, put together from their pieces


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis: ``at`` is its fixed coordinate, ``low`` and ``high`` the others."""

    vertical: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Box:
    x0: float
    x1: float
    y0: float
    y1: float
    columns: int
    rows: int
    row: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of a table, and whether it lacks a rule above its first and below its last row."""

    boxes: list[_Box]
    open_above: bool
    open_below: bool


def page_lines(glyphs: Sequence[Glyph], rules: Iterable[Rule], *, tolerance: float) -> list[Line]:
    """Lines of a page from top to bottom, the rows of its ruled tables among them.

    Args:
        glyphs: What is printed on the page.
        rules: Straight lines on the page.
        tolerance: Distance up to which rules meet, about 3 points.
    """
    left, lines = list(glyphs), []
    for table in _tables(list(rules), tolerance):
        inside, outside = _split(left, table.boxes)
        rows = _rows(inside, table.boxes)
        if len({box.x0 for box in table.boxes}) == 1 and not is_box([row.text for row in rows]):
            continue  # a frame round text
        left = outside
        if rows:
            rows[0] = replace(rows[0], follows=table.open_above)
            rows[-1] = replace(rows[-1], cut=table.open_below)
        lines += rows
    return sorted([*lines_of(left), *lines], key=lambda line: line.y)


def segment_rule(x0: float, y0: float, x1: float, y1: float, *, least: float) -> Rule | None:
    """The rule that a drawn segment is; None for slanted and for short ones."""
    if abs(x1 - x0) <= least / 4 and abs(y1 - y0) >= least:
        return Rule(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))
    if abs(y1 - y0) <= least / 4 and abs(x1 - x0) >= least:
        return Rule(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
    return None


def _tables(rules: list[Rule], tolerance: float) -> list[_Table]:
    if not 4 <= len(rules) <= MAX_RULES:
        return []
    merged = [
        *_merged([each for each in rules if each.vertical], tolerance),
        *_merged([each for each in rules if not each.vertical], tolerance),
    ]
    found: list[_Table] = []
    if len(merged) > _MAX_MERGED:
        return found
    for group in _connected(merged, tolerance):
        boxes = _boxes(group, tolerance)
        if boxes:
            across = [rule.at for rule in group if not rule.vertical]
            top, bottom = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
            found.append(_Table(boxes, min(across) > top + tolerance, max(across) < bottom - tolerance))
    return found


def _merged(rules: list[Rule], tolerance: float) -> list[Rule]:
    """Pieces of one line put together, lines drawn twice made one."""
    made: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (each.at, each.low)):
        index = len(made) - 1
        while index >= 0 and rule.at - made[index].at <= tolerance:
            other = made[index]
            if rule.low <= other.high + tolerance and other.low <= rule.high + tolerance:
                low, high = min(rule.low, other.low), max(rule.high, other.high)
                made[index] = Rule(rule.vertical, other.at, low, high)
                break
            index -= 1
        else:
            made.append(rule)
    return made


def _connected(rules: list[Rule], tolerance: float) -> list[list[Rule]]:
    """Groups of rules that cross or touch each other."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touching = [group for group in groups if any(_meet(rule, each, tolerance) for each in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([rule, *(each for group in touching for each in group)])
    return groups


def _meet(one: Rule, other: Rule, tolerance: float) -> bool:
    return (
        one.vertical != other.vertical
        and one.low - tolerance <= other.at <= one.high + tolerance
        and other.low - tolerance <= one.at <= other.high + tolerance
    )


def _boxes(rules: list[Rule], tolerance: float) -> list[_Box]:
    """Cells between the rules of one table: places of the grid that no rule parts are one cell."""
    across = [rule for rule in rules if not rule.vertical]
    down = [rule for rule in rules if rule.vertical]
    xs = _places([rule.at for rule in down], across, tolerance)
    ys = _places([rule.at for rule in across], down, tolerance)
    boxes: list[_Box] = []
    taken: set[tuple[int, int]] = set()
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            y = (ys[row] + ys[row + 1]) / 2
            x = (xs[column] + xs[column + 1]) / 2
            right = column + 1
            while right < len(xs) - 1 and not _crossed(down, xs[right], y, tolerance):
                right += 1
            bottom = row + 1
            while bottom < len(ys) - 1 and not _crossed(across, ys[bottom], x, tolerance):
                bottom += 1
            taken.update((r, c) for r in range(row, bottom) for c in range(column, right))
            boxes.append(_Box(xs[column], xs[right], ys[row], ys[bottom], right - column, bottom - row, row))
    return boxes


def _places(drawn: Sequence[float], crossing: Sequence[Rule], tolerance: float) -> list[float]:
    """Where the grid has lines: at rules, and at open edges, where all rules across them end."""
    open_edges = [min(rule.low for rule in crossing), max(rule.high for rule in crossing)] if crossing else []
    places: list[float] = []
    for at in sorted([*drawn, *open_edges]):
        if not places or at - places[-1] > tolerance:
            places.append(at)
    return places


def _crossed(rules: list[Rule], at: float, where: float, tolerance: float) -> bool:
    return any(abs(rule.at - at) <= tolerance and rule.low <= where <= rule.high for rule in rules)


def _split(glyphs: list[Glyph], boxes: list[_Box]) -> tuple[list[Glyph], list[Glyph]]:
    x0, x1 = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    y0, y1 = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - 0.3 * glyph.size
        (inside if x0 <= x <= x1 and y0 <= y <= y1 else outside).append(glyph)
    return inside, outside


def _rows(glyphs: list[Glyph], boxes: list[_Box]) -> list[Line]:
    if not glyphs:
        return []
    rows: dict[int, list[Cell]] = {}
    for box in boxes:
        own = [g for g in glyphs if box.x0 <= (g.x0 + g.x1) / 2 < box.x1 and _within(g, box)]
        rows.setdefault(box.row, []).append(Cell(_cell_lines(own, box), box.columns, box.rows))
    size = glyphs[0].size
    x0, x1 = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    top = min(box.y0 for box in boxes)
    depth = max(box.y1 for box in boxes) - top
    printed = table_lines([rows[row] for row in sorted(rows)])
    return [
        Line(text, x0, x1, top + depth * index / len(printed), size, row=True)
        for index, text in enumerate(printed)
    ]


def _within(glyph: Glyph, box: _Box) -> bool:
    return box.y0 <= glyph.y - 0.3 * glyph.size < box.y1


def _cell_lines(glyphs: list[Glyph], box: _Box) -> tuple[str, ...]:
    """Paragraphs of a cell: a line goes on in the next where it fills the cell."""
    made: list[str] = []
    full = False
    for line in lines_of(glyphs):
        if full:
            made[-1] += line.text
        else:
            made.append(line.text)
        free = (box.x1 - box.x0) - (line.x1 - line.x0)
        full = free < max(2.4 * line.size, 0.2 * (box.x1 - box.x0))
    return tuple(made)
