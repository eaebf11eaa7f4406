"""Clauses side by side: their units, deadlines and figures as a Markdown table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.library import Library, clause_name, joined, unit_names
from assistant.citations import cite, shown
from assistant.datatypes import ROLE_NAMES, Citation, Clause, Document, Duty
from assistant.figures import FIGURE_NAMES, FigureKind, figures, lead_in
from assistant.outline import Span
from assistant.text import squeeze

#: What a table says where a clause has no responsibility annotation.
UNMARKED = "未标注责任单位"
_ABSENT = "—"
_UNSTATED = "未写明"
_FITTING = 3  # sentences quoted because they fit the question
_ROOM = 200  # characters quoted of a clause; three times as many where sentences give figures
_BOUND = re.compile(r"(?:以上|以下|以内|之内|左右)?(?:之?前|起|后)?")
# Aspects a question names, so that a row stands even where no side fills it.
_ASKED: dict[str, re.Pattern[str]] = {
    "期限": re.compile(r"期限|时限|截止|最晚|最迟|什么时候|何时|时间|几月"),
    "比例": re.compile(r"比例|百分|占比|几成"),
    "金额": re.compile(r"金额|多少钱|多少元|标准|数额|[补给奖贴助金](?:多少|几)|补贴(?:的)?(?:高|低|多|少)"),
    "时长": re.compile(r"多久|多长时间|几年|年限|期限(?:更)?[长短]|哪个(?:更)?[长短]"),
    "数量": re.compile(r"数量|多少(?:个|家|名|人|次)|指标|目标"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One column: a name, and the clause that speaks of the matter.

    Attributes:
        document: None where nothing speaks of the matter.
        clause: None for front and end matter, and where nothing speaks of the matter.
        spans: The sentences quoted; every figure of the column stands in one of them.
        absent: What the column says where nothing speaks of the matter.
    """

    name: str
    document: Document | None = None
    clause: Clause | None = None
    duties: tuple[Duty, ...] = ()
    spans: tuple[Span, ...] = ()
    absent: str = ""

    @property
    def text(self) -> str:
        """The sentences quoted, without white space."""
        text = self.document.text if self.document else ""
        return "".join(squeeze(text[start:end])[0] for start, end in self.spans)

    @property
    def citations(self) -> list[Citation]:
        """The sentences quoted, then the annotations that name the units."""
        if self.document is None:
            return []
        spans = joined(self.spans, self.document.text)
        return [*(cite(self.document, self.clause, span) for span in spans), *self.annotations]

    @property
    def annotations(self) -> list[Citation]:
        """The annotations that name the units, each once."""
        if self.document is None:
            return []
        clauses = {(clause.part, clause.path): clause for clause in self.document.clauses}
        found = dict.fromkeys(
            (duty.part, duty.path, duty.annotation_start, duty.annotation_end) for duty in self.duties
        )
        return [
            cite(self.document, clauses.get((part, path)), (start, end)) for part, path, start, end in found
        ]


def side_of(
    library: Library, name: str, document: Document, clause: Clause | None, best: Sequence[Span] = ()
) -> Side:
    """The column of one clause: the sentences that fit best and those with figures, and the duties."""
    own = library.outline(document.id).own_sentences(clause)
    chosen = list(best[:_FITTING])
    for span in own:
        text = document.text[span[0] : span[1]]
        length = sum(end - start for start, end in (*chosen, span))
        if span not in chosen and (length <= _ROOM or (figures(text) and length <= 3 * _ROOM)):
            chosen.append(span)
    duties = library.governing(document, clause, at=best[0] if best else None) if clause else []
    return Side(name, document, clause, tuple(duties), tuple(sorted(chosen)))


def comparison_table(question: str, sides: Sequence[Side]) -> str:
    """A Markdown table, one column per side; a row that no side fills stands only where it is asked for."""
    clauses = [clause_name(side.clause) if side.document else side.absent for side in sides]
    rows = [
        ("条款", [] if clauses == [side.name for side in sides] else clauses),
        ("责任单位", [_units(side) for side in sides]),
        ("期限", [_limits(side) for side in sides]),
    ]
    kinds: tuple[FigureKind, ...] = ("percent", "money", "duration", "count")
    rows += [(FIGURE_NAMES[kind], [_figures(side, kind) for side in sides]) for kind in kinds]
    shown_rows = [
        (name, cells)
        for name, cells in rows
        if any(cells) or (name in _ASKED and _ASKED[name].search(question))
    ]
    lines = [_row("", [side.name for side in sides]), _row("---", ["---"] * len(sides))]
    for name, cells in shown_rows:
        lines.append(
            _row(
                name,
                [
                    cell or (_UNSTATED if side.document else _ABSENT)
                    for cell, side in zip(cells, sides, strict=True)
                ],
            )
        )
    return "\n".join(lines)


def asked_kinds(question: str) -> list[FigureKind]:
    """The kinds of figures that a question asks for, by the names of the rows that give them."""
    kinds: dict[str, FigureKind] = {"期限": "date", "比例": "percent", "金额": "money"}
    kinds |= {"时长": "duration", "数量": "count"}
    return [kind for name, kind in kinds.items() if _ASKED[name].search(question)]


def same_figures(sides: Sequence[Side]) -> bool:
    """Whether all sides give the same figures and deadlines."""
    return len({tuple(sorted((each.kind, each.text) for each in figures(side.text))) for side in sides}) == 1


def _row(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '｜') for cell in (name, *cells))} |"


def _units(side: Side) -> str:
    """Units by role, lead first; roles are named only where there is more than 责任."""
    if side.document is None:
        return ""
    if not side.duties:
        return UNMARKED
    names = {role: unit_names(duty for duty in side.duties if duty.role == role) for role in ROLE_NAMES}
    if not names["lead"] and not names["support"]:
        return names["responsible"]
    return "；".join(f"{ROLE_NAMES[role]}：{text}" for role, text in names.items() if text)


def _limits(side: Side) -> str:
    if side.document is None:
        return ""
    limits = dict.fromkeys(
        squeeze(each.text)[0]
        for each in side.document.deadlines
        for start, end in side.spans
        if start <= each.start < end
    )
    dates = [text for text in _values(side.text, "date") if not any(_bare(text) in limit for limit in limits)]
    return "；".join((*limits, *dates))


def _bare(text: str) -> str:
    """The date of a phrase: 到2024年底 → 2024年底."""
    found = figures(text)
    return found[-1].text if found else text


def _figures(side: Side, kind: FigureKind) -> str:
    return "；".join(_values(side.text, kind))


def _values(text: str, kind: FigureKind) -> list[str]:
    """The figures of a kind with the words before them, from the last mark on: 每人每年不超过4800元."""
    phrases = []
    for figure in figures(text):
        if figure.kind == kind:
            bound = _BOUND.match(text, figure.end)
            tail = bound.group() if bound else ""
            phrases.append(f"{lead_in(text[: figure.start])}{text[figure.start : figure.end]}{tail}")
    return list(dict.fromkeys(shown(phrase) for phrase in phrases))
