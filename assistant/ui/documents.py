"""The 「文件」 tab: what is indexed, the clause tree of one document, and the curator's tools."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.errors import ZhengceError
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import documents_html, tree_html
from assistant.ui.curating import Curating
from assistant.ui.safety import escape

#: Direct calls without the queue (they take milliseconds) and without an API entry of their own.
_QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class DocumentsTab:
    """The components that follow the index and the caller.

    Attributes:
        curating: Shown to callers who may change documents.
    """

    listing: gr.HTML
    chosen: gr.Dropdown
    tree: gr.HTML
    curating: gr.Column
    tools: Curating


def document_view(assistant: Assistant, document: str | None) -> str:
    """The clause tree of the chosen document; nothing chosen shows nothing."""
    if not document:
        return ""
    try:
        return tree_html(assistant.index.document(document))
    except ZhengceError as error:
        return f'<p class="zc-empty">{escape(str(error))}</p>'


def build_documents(service: Service, tab: gr.Tab) -> DocumentsTab:
    """Lay the tab out; list and tree are filled when it is first opened."""
    documents = service.assistant.index.documents
    listing = gr.HTML(elem_id="zc-listing")
    with gr.Column(visible=False, elem_id="zc-curating") as curating:
        tools = Curating(service)
    chosen = gr.Dropdown(
        document_choices(documents),
        value=documents[0].id if documents else None,
        label="查看条款",
        elem_id="zc-chosen",
    )
    tools.connect(chosen)
    tree = gr.HTML(elem_id="zc-clauses")

    def fill(document: str | None) -> tuple[str, ...]:
        assistant = service.assistant
        return (
            documents_html(assistant.index.documents),
            document_view(assistant, document),
            *tools.subject(document),
        )

    def choose(document: str | None) -> str:
        return document_view(service.assistant, document)

    tab.select(fill, chosen, [listing, tree, *tools.subjects], **_QUIET)
    chosen.change(choose, chosen, tree, **_QUIET)
    return DocumentsTab(listing, chosen, tree, curating, tools)
