"""Units × clauses as an SVG picture: who takes part in what, in which role."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.citations import shown
from assistant.datatypes import DutyRow, Role
from assistant.ui.safety import escape

#: Clauses and units that a picture holds; more are unreadable, and the workbook holds them all.
MOST_CLAUSES, MOST_UNITS = 60, 60

_CELL = 26  # pixels, as all lengths here
_LETTER = 15
_MARGIN = 16
_LABELS = 430  # width of the column of clauses
_HEADING_LENGTH = 26  # characters that fit into it
_TALLEST = 14  # characters of a unit's name
_TITLE = 58
_SIGNS: dict[Role, tuple[str, str]] = {
    "lead": ("牵", "#b91c1c"),
    "responsible": ("责", "#1d4ed8"),
    "support": ("配", "#64748b"),
}
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Zen Hei',sans-serif"

ClauseKey = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table behind the picture.

    Attributes:
        clauses: What each line is called, by document, part and path, in printed order.
        units: Names of the columns, by first appearance.
        roles: The role of a unit in a clause.
    """

    clauses: dict[ClauseKey, str]
    units: list[str]
    roles: dict[tuple[ClauseKey, str], Role]


def matrix_of(rows: Sequence[DutyRow], same_unit: Callable[[str, str], bool]) -> Matrix:
    """The table of some rows of the ledger; a unit named in two ways is one column."""
    columns: dict[str, str] = {}
    matrix = Matrix({}, [], {})
    for row in rows:
        name = shown(row.canonical)
        if name not in columns:
            columns[name] = next((known for known in matrix.units if same_unit(name, known)), name)
            if columns[name] == name:
                matrix.units.append(name)
        key = (row.document, row.part, row.path)
        matrix.clauses.setdefault(key, f"{row.part} {''.join(row.path)} {row.heading}".strip())
        held = matrix.roles.get((key, columns[name]))
        if held is None or list(_SIGNS).index(row.role) < list(_SIGNS).index(held):
            matrix.roles[key, columns[name]] = row.role
    return matrix


def matrix_svg(matrix: Matrix) -> str:
    """The picture: one line per clause, one column per unit, a coloured sign where a unit has a role."""
    clauses, units = list(matrix.clauses.items())[:MOST_CLAUSES], matrix.units[:MOST_UNITS]
    tallest = max((min(len(unit), _TALLEST) for unit in units), default=1)
    top = _TITLE + tallest * _LETTER + 10
    width = _MARGIN * 2 + _LABELS + max(1, len(units)) * _CELL
    height = top + len(clauses) * _CELL + _MARGIN
    body = [_header(matrix, len(clauses), len(units))]
    body += [_unit_name(unit, _left(column), top) for column, unit in enumerate(units)]
    for line, (key, name) in enumerate(clauses):
        body.append(_clause_name(name, line, top + line * _CELL, width))
        for column, unit in enumerate(units):
            role = matrix.roles.get((key, unit))
            if role:
                body.append(_sign(role, _left(column), top + line * _CELL, f"{name}：{unit}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{_FONT}" role="img">'
        '<title>单位与条款对照图</title><rect width="100%" height="100%" fill="#ffffff"/>'
        f"{''.join(body)}</svg>"
    )


def _left(column: int) -> int:
    return _MARGIN + _LABELS + column * _CELL


def _header(matrix: Matrix, clauses: int, units: int) -> str:
    cut = len(matrix.clauses) > clauses or len(matrix.units) > units
    counted = f"{len(matrix.clauses)} 条 × {len(matrix.units)} 个单位"
    if cut:
        counted += f"，图中为前 {clauses} 条、前 {units} 个单位，其余见 Excel"
    legend = "".join(
        f'<g transform="translate({_MARGIN + place * 64} 32)">'
        f'<rect width="18" height="18" rx="3" fill="{colour}"/>{_centred(sign, 9, 13.5, 12, "#ffffff")}'
        f'<text x="24" y="14" font-size="13" fill="#334155">{word}</text></g>'
        for place, ((sign, colour), word) in enumerate(
            zip(_SIGNS.values(), ("牵头", "责任", "配合"), strict=True)
        )
    )
    return (
        f'<text x="{_MARGIN}" y="22" font-size="15" font-weight="700" fill="#1f2937">单位与条款对照图'
        f'<tspan dx="10" font-size="13" font-weight="400" fill="#475569">{counted}</tspan></text>{legend}'
    )


def _unit_name(unit: str, left: int, top: int) -> str:
    """The name from top to bottom, letter by letter: not every program can turn text."""
    letters = unit if len(unit) <= _TALLEST else f"{unit[: _TALLEST - 1]}…"
    start = top - 8 - (len(letters) - 1) * _LETTER
    middle = left + _CELL / 2
    written = "".join(
        f'<tspan x="{middle}" y="{start + place * _LETTER}">{escape(letter)}</tspan>'
        for place, letter in enumerate(letters)
    )
    title = f"<title>{escape(unit)}</title>"
    return f'<text font-size="13" text-anchor="middle" fill="#1f2937">{written}{title}</text>'


def _clause_name(name: str, line: int, top: int, width: int) -> str:
    colour = "#ffffff" if line % 2 else "#f1f5f9"
    shade = f'<rect x="0" y="{top}" width="{width}" height="{_CELL}" fill="{colour}"/>'
    cut = name if len(name) <= _HEADING_LENGTH else f"{name[: _HEADING_LENGTH - 1]}…"
    return f'{shade}<text x="{_MARGIN}" y="{top + 18}" font-size="14" fill="#1f2937">{escape(cut)}</text>'


def _sign(role: Role, left: int, top: int, title: str) -> str:
    sign, colour = _SIGNS[role]
    return (
        f'<g><rect x="{left + 3}" y="{top + 3}" width="20" height="20" rx="3" fill="{colour}"/>'
        f"{_centred(sign, left + 13, top + 17.5, 13, '#ffffff')}<title>{escape(title)}</title></g>"
    )


def _centred(text: str, middle: float, base: float, size: int, colour: str) -> str:
    return (
        f'<text x="{middle}" y="{base}" font-size="{size}" text-anchor="middle" fill="{colour}">{text}</text>'
    )
