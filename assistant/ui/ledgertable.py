"""The responsibility ledger as an HTML table that becomes a list of cards on a phone."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from assistant.citations import shown
from assistant.datatypes import DutyRow
from assistant.ui.links import original_link, unit_chip
from assistant.ui.safety import escape

_Value = TypeVar("_Value")

#: Clauses a page shows; more make phones slow, and the workbook holds them all.
SHOWN = 300


def ledger_html(rows: Sequence[DutyRow]) -> str:
    """One line per clause with its units, in printed order, below a line that counts."""
    groups = [list(group) for _, group in itertools.groupby(rows, key=_clause_key)]
    if not groups:
        return '<p class="zc-empty">没有符合条件的任务。</p>'
    omitted = f"，这里显示前 {SHOWN} 条，其余见 Excel" if len(groups) > SHOWN else ""
    lines = "".join(_line(group) for group in groups[:SHOWN])
    return (
        f'<p class="zc-count">共 <b>{len(groups)}</b> 条任务、<b>{len(rows)}</b> 项责任{omitted}。</p>'
        '<table class="zc-ledger"><thead><tr><th>条款</th><th>任务</th><th>责任单位</th><th>期限</th>'
        f"<th>文件</th></tr></thead><tbody>{lines}</tbody></table>"
    )


def downloads_html(chosen: Mapping[str, str]) -> str:
    """The links to workbook and picture of the same rows."""
    return (
        f'<a class="zc-download" href="{_address("api/duties.xlsx", chosen)}" download>下载 Excel</a>'
        f'<a class="zc-download zc-second" href="{_address("ledger.svg", chosen)}" download>下载对照图</a>'
    )


def picture_html(chosen: Mapping[str, str]) -> str:
    """The picture of units × clauses of the same rows; it scrolls by itself."""
    address = _address("ledger.svg", chosen)
    return (
        '<div class="zc-scroll" tabindex="0" role="region" aria-label="单位与条款对照图">'
        f'<img class="zc-picture" src="{address}" alt="单位与条款对照图，内容与下表相同"></div>'
    )


def _address(path: str, chosen: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value})
    return escape(f"{path}?{query}" if query else path)


def _clause_key(row: DutyRow) -> tuple[str, str, tuple[str, ...]]:
    return row.document, row.part, row.path


def _line(group: Sequence[DutyRow]) -> str:
    first = group[0]
    chips = "".join(unit_chip(shown(row.unit), row.role, canonical=row.canonical) for row in group)
    spans = _unique((row.start, row.end) for row in group)
    limits = "、".join(_unique(limit for row in group for limit in row.deadlines))
    part = f"{escape(first.part)} " if first.part else ""
    return (
        f'<tr><td data-name="条款"><b class="zc-label">{part}{escape("".join(first.path))}</b></td>'
        f'<td data-name="任务">{escape(first.heading)} {original_link(first.document, spans, "原文")}</td>'
        f'<td data-name="责任单位"><span class="zc-chips">{chips}</span></td>'
        f'<td data-name="期限">{escape(limits) or "—"}</td>'
        f'<td data-name="文件" class="zc-source">{escape(first.title or first.document)}</td></tr>'
    )


def _unique(values: Iterable[_Value]) -> list[_Value]:
    return list(dict.fromkeys(values))
