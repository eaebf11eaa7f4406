"""Documents and their clause trees as HTML."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from assistant.citations import shown
from assistant.datatypes import Clause, Document
from assistant.outline import Outline
from assistant.service import Preview
from assistant.ui.links import original_link, unit_chip
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
        f"{metadata.effective.value} 起施行" if metadata.effective.value else "",
        f"{metadata.expires.value} 失效" if metadata.expires.value else "",
        f"{len(document.clauses)} 条条款",
        f"{len(document.duties)} 项责任",
    ]
    listed = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    source = escape(f"api/documents/{quote(document.id)}/original")
    return (
        f'<article class="zc-document"><h3>{escape(metadata.title.value or document.file)}</h3>'
        f'<p class="zc-facts">{listed}</p><p class="zc-facts">{original_link(document.id, (), "查看原文")}'
        f'<a class="zc-cite" href="{source}" download>下载原文件</a></p></article>'
    )


def preview_html(preview: Preview) -> str:
    """What indexing a file would bring: facts, warnings, units, clause tree."""
    document = preview.document
    metadata = document.metadata
    replaced = f"将替换已收录的“{preview.replaces}”。" if preview.replaces else "将作为新文件收录。"
    facts = {
        "标题": metadata.title.value or "（没有识别出来）",
        "文号": metadata.doc_number.value or "（没有）",
        "发文机关": metadata.issuer.value or "（没有识别出来）",
        "日期": metadata.date.value or "（没有识别出来）",
        "条款": f"{len(document.clauses)} 条",
        "责任": f"{len(document.duties)} 项，{len({duty.canonical for duty in document.duties})} 个单位",
        "期限": "、".join(dict.fromkeys(each.text for each in document.deadlines)) or "（没有）",
    }
    listed = "".join(f"<dt>{name}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    warnings = "".join(f'<p class="zc-warning">注意：{escape(each)}</p>' for each in preview.warnings)
    return (
        f'<p class="zc-done">解析完成，尚未收录。{escape(replaced)}</p>{warnings}'
        f'<dl class="zc-preview">{listed}</dl>{tree_html(replace(document, warnings=()))}'
    )


def _node(clause: Clause, outline: Outline) -> str:
    document, key = outline.document, (clause.part, clause.path)
    children = "".join(_node(child, outline) for child in outline.children(key))
    duties = (duty for duty in document.duties if (duty.part, duty.path) == key)
    chips = "".join(unit_chip(shown(duty.unit), duty.role, canonical=duty.canonical) for duty in duties)
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
