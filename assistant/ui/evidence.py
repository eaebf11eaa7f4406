"""What stands behind an answer, as HTML: responsible units and quoted clauses."""

from collections.abc import Iterable, Sequence

from assistant.citations import shown
from assistant.datatypes import ROLE_NAMES, Answer, AnswerUnit, Citation, Role
from assistant.ui.links import original_link, unit_chip
from assistant.ui.safety import escape

EMPTY = '<p class="zc-empty">提问后，这里列出答案依据的条款原文；点击引文，在旁边打开文件原文。</p>'
_NO_EVIDENCE = '<p class="zc-empty">这个回答没有引用文件原文。</p>'
_ROLES: tuple[Role, ...] = ("lead", "responsible", "support")

_RETRIEVAL_NAMES = {"hybrid": "关键词＋语义检索", "sparse": "仅关键词检索"}
_ANSWER_NAMES = {"extracted": "答案摘自原文", "generated": "答案由语言模型改写，引文为原文"}


def evidence_html(answer: Answer) -> str:
    """Cited clauses in order of importance with their quotations, and how the answer was made."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault((citation.document, citation.part, citation.path), []).append(citation)
    cards = "".join(map(_card, groups.values()))
    heading = f'<h2 class="zc-heading">依据<small>{len(groups)} 条，点击引文看原文</small></h2>'
    return (
        f"{heading + cards if groups else _NO_EVIDENCE}"
        f'<p class="zc-how">{_RETRIEVAL_NAMES[answer.retrieval_mode]} · {_ANSWER_NAMES[answer.answer_mode]}'
        f" · 用时 {answer.elapsed_ms:.0f} 毫秒</p>"
    )


def units_html(units: Iterable[AnswerUnit]) -> str:
    """「责任单位」 chips, lead units first; a unit that occurs in several clauses shows how many."""
    clauses: dict[tuple[str, str, Role], list[str]] = {}
    for unit in units:
        clauses.setdefault((shown(unit.name), unit.canonical, unit.role), []).append(unit.label)
    if not clauses:
        return ""
    ordered = sorted(clauses, key=lambda each: _ROLES.index(each[2]))
    chips = "".join(_chip(*each, clauses[each]) for each in ordered)
    return f'<p class="zc-chips" aria-label="责任单位">{chips}</p>'


def _chip(name: str, canonical: str, role: Role, labels: Sequence[str]) -> str:
    note = f"{len(labels)} 条" if len(labels) > 1 else ""
    title = f"{ROLE_NAMES[role]}：{'、'.join(labels)}"
    return unit_chip(name, role, canonical=canonical, note=note, title=title)


def _card(group: Sequence[Citation]) -> str:
    first = group[0]
    number = f"（{first.doc_number}）" if first.doc_number else ""
    source = f"《{first.title or first.file}》{number}{first.part}"
    label = f'<b class="zc-label">{escape(first.label)}</b>' if first.label else ""
    return (
        f'<article class="zc-card"><h3 class="zc-clause">{label}{escape(first.heading)}</h3>'
        f'<p class="zc-source">{escape(source)}</p>{"".join(map(_quotation, group))}</article>'
    )


def _quotation(citation: Citation) -> str:
    quote = f"<q>{escape(shown(citation.quote))}</q>"
    return original_link(citation.document, [(citation.start, citation.end)], quote, css="zc-quote")
