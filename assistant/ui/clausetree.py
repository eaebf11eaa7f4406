"""Documents and their clause trees as HTML."""

from collections.abc import Sequence

from assistant.datatypes import Clause, Document
from assistant.outline import Outline
from assistant.ui.evidence import chip
from assistant.ui.safety import escape, marked, paragraphs

_NUMERAL_LENGTH = 6  # 「第十二条」 and a closing 。


def documents_html(documents: Sequence[Document]) -> str:
    """One card per document: title, number, issuer, date, and how much it holds."""
    return f'<div class="zc-documents">{"".join(map(_document_card, documents))}</div>'


def tree_html(document: Document) -> str:
    """The clause tree; every clause opens to its own text, units and sub-clauses.

    Text before the first clause and whatever else lies outside all clauses comes first.
    """
    outline = Outline(document)
    front = _spans_html(document, outline.own_spans(None))
    opening = f'<details class="zc-node"><summary>文件首部</summary>{front}</details>' if front else ""
    roots = [clause for clause in document.clauses if not outline.ancestors(clause)]
    nodes = "".join(_node(clause, outline) for clause in roots)
    warnings = "".join(f'<p class="zc-warning">注意：{escape(each)}</p>' for each in document.warnings)
    return f'{warnings}<div class="zc-tree">{opening}{nodes}</div>'


def _document_card(document: Document) -> str:
    metadata = document.metadata
    facts = [
        metadata.doc_number.value or "无文号",
        metadata.issuer.value,
        metadata.date.value,
        f"{len(document.clauses)} 条条款",
        f"{len(document.duties)} 项责任",
    ]
    shown = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    return (
        f'<article class="zc-document"><b>{escape(metadata.title.value or document.file)}</b>'
        f'<p class="zc-facts">{shown}</p></article>'
    )


def _node(clause: Clause, outline: Outline) -> str:
    document, key = outline.document, (clause.part, clause.path)
    children = "".join(_node(child, outline) for child in outline.children(key))
    duties = (duty for duty in document.duties if (duty.part, duty.path) == key)
    chips = "".join(chip(duty.unit, duty.role, title=duty.canonical) for duty in duties)
    units = f'<p class="zc-chips">{chips}</p>' if chips else ""
    part = f"{escape(clause.part)} " if clause.part and len(clause.path) == 1 else ""
    return (
        f'<details class="zc-node"{" open" if len(clause.path) == 1 and children else ""}>'
        f'<summary><b class="zc-label">{part}{escape(clause.label)}</b>{escape(clause.heading)}</summary>'
        f"{_spans_html(document, _beyond_heading(clause, outline))}{units}{children}</details>"
    )


def _beyond_heading(clause: Clause, outline: Outline) -> list[tuple[int, int]]:
    """The clause's own spans, without one that only repeats numeral and heading."""
    spans = outline.own_spans(clause)
    if not clause.heading or not spans:
        return spans
    first = outline.document.text[slice(*spans[0])].strip()
    repeats = clause.heading in first and len(first) - len(clause.heading) <= _NUMERAL_LENGTH
    return spans[1:] if repeats else spans


def _spans_html(document: Document, spans: Sequence[tuple[int, int]]) -> str:
    texts = (paragraphs(marked(document.text, start, end, [])) for start, end in spans)
    return "".join(f'<div class="zc-full">{text}</div>' for text in texts if text)
