"""What stands behind an answer, as HTML: responsible units and quoted clauses."""

from collections.abc import Iterable, Sequence

from assistant.citations import shown
from assistant.datatypes import ROLE_NAMES, Answer, AnswerUnit, Citation, Clause, Document, Role
from assistant.ui.safety import escape, marked, paragraphs

EMPTY = '<p class="zc-empty">提问后，这里列出答案依据的条款原文和责任单位。</p>'
_NO_EVIDENCE = '<p class="zc-empty">这个回答没有引用文件原文。</p>'
_ROLES: tuple[Role, ...] = ("lead", "responsible", "support")
_CONTEXT = 120  # characters shown on either side of a quotation that belongs to no clause

_RETRIEVAL_NAMES = {"hybrid": "关键词＋语义检索", "sparse": "仅关键词检索"}
_ANSWER_NAMES = {"extracted": "答案摘自原文", "generated": "答案由语言模型改写，引文为原文"}


def evidence_html(answer: Answer, documents: Sequence[Document]) -> str:
    """Units, cited clauses in order of importance with their full text, and how the answer was made."""
    texts = {document.id: document for document in documents}
    groups: dict[tuple[str, str, tuple[str, ...]], list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault((citation.document, citation.part, citation.path), []).append(citation)
    cards = [_card(group, texts[group[0].document]) for group in groups.values()]
    return (
        f"{units_html(answer.units)}"
        f"{_heading('依据', f'{len(cards)} 条') if cards else _NO_EVIDENCE}{''.join(cards)}"
        f'<p class="zc-how">{_RETRIEVAL_NAMES[answer.retrieval_mode]} · {_ANSWER_NAMES[answer.answer_mode]}'
        f" · 用时 {answer.elapsed_ms:.0f} 毫秒</p>"
    )


def units_html(units: Iterable[AnswerUnit]) -> str:
    """「责任单位」 chips, lead units first; a unit that occurs in several clauses shows how many."""
    clauses: dict[tuple[str, Role], list[str]] = {}
    for unit in units:
        clauses.setdefault((unit.name, unit.role), []).append(unit.label)
    if not clauses:
        return ""
    ordered = sorted(clauses, key=lambda each: _ROLES.index(each[1]))
    chips = "".join(_unit_chip(name, role, clauses[name, role]) for name, role in ordered)
    names = {name for name, _ in clauses}
    return f'{_heading("责任单位", f"{len(names)} 个")}<p class="zc-chips">{chips}</p>'


def chip(name: str, role: Role, *, note: str = "", title: str = "") -> str:
    """One unit with its role in words; colour only repeats what the words say."""
    role_name = f"<small>{ROLE_NAMES[role]}</small>" if role != "responsible" else ""
    extra = f"<small>{escape(note)}</small>" if note else ""
    return f'<span class="zc-chip zc-{role}" title="{escape(title)}">{role_name}{escape(name)}{extra}</span>'


def _unit_chip(name: str, role: Role, labels: list[str]) -> str:
    note = f"{len(labels)} 条" if len(labels) > 1 else ""
    return chip(name, role, note=note, title=f"{ROLE_NAMES[role]}：{'、'.join(labels)}")


def _heading(name: str, count: str) -> str:
    return f'<h3 class="zc-heading">{name}<small>{count}</small></h3>'


def _card(group: list[Citation], document: Document) -> str:
    first = group[0]
    quotes = "".join(f"<q>{escape(shown(citation.quote))}</q>" for citation in group)
    number = f"（{first.doc_number}）" if first.doc_number else ""
    source = f"《{first.title or first.file}》{number}{first.part}"
    label = f'<b class="zc-label">{escape(first.label)}</b>' if first.label else ""
    return (
        f'<details class="zc-card"><summary><span class="zc-clause">{label}{escape(first.heading)}</span>'
        f'<span class="zc-source">{escape(source)}</span>{quotes}'
        f'<span class="zc-more">条款全文</span></summary>'
        f'<div class="zc-full">{_full_text(group, document)}</div></details>'
    )


def _full_text(group: list[Citation], document: Document) -> str:
    """The clause whole, or the surroundings of the quotations where they stand outside all clauses."""
    spans = [(citation.start, citation.end) for citation in group]
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    clause = _clause(group[0], document)
    if clause and clause.start <= start and end <= clause.end:
        return paragraphs(marked(document.text, clause.start, clause.end, spans))
    before, after = max(0, start - _CONTEXT), min(len(document.text), end + _CONTEXT)
    excerpt = paragraphs(marked(document.text, before, after, spans))
    return f"{'……' if before else ''}{excerpt}{'……' if after < len(document.text) else ''}"


def _clause(citation: Citation, document: Document) -> Clause | None:
    wanted = (citation.part, citation.path)
    return next((each for each in document.clauses if (each.part, each.path) == wanted), None)
