"""The stored text of a document as a page of its own, quoted words highlighted.

Txt, docx, html and pdf look alike here: the text is the one that quotations are verified against.
"""

from assistant.datatypes import Document
from assistant.outline import Span
from assistant.ui.safety import escape, marked, paragraphs
from assistant.ui.style import ORIGINAL_CSS


def original_html(document: Document, spans: list[Span]) -> str:
    """A page of its own: what the document is, then its whole text."""
    metadata = document.metadata
    title = escape(metadata.title.value or document.file)
    facts = (metadata.doc_number.value, metadata.issuer.value, metadata.date.value, document.file)
    shown = " · ".join(escape(fact) for fact in facts if fact)
    text = paragraphs(marked(document.text, 0, len(document.text), spans))
    first = text.replace("<mark>", '<mark id="quote">', 1)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style>{ORIGINAL_CSS}</style></head><body><main><p class="zc-facts">{shown}</p>'
        f'<div class="zc-text">{first}</div></main></body></html>'
    )
