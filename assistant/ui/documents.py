"""The 「文件」 tab: what is indexed, and the clause tree of one document."""

from typing import Any

import gradio as gr

from assistant.errors import ZhengceError
from assistant.pipeline import Assistant
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import documents_html, tree_html
from assistant.ui.safety import escape


def document_view(assistant: Assistant, document: str | None) -> str:
    """The clause tree of the chosen document; nothing chosen shows nothing."""
    if not document:
        return ""
    try:
        return tree_html(assistant.index.document(document))
    except ZhengceError as error:
        return f'<p class="zc-empty">{escape(str(error))}</p>'


def build_documents(assistant: Assistant, tab: gr.Tab) -> None:
    """Lay the tab out; list and tree are filled when it is first opened."""
    documents = assistant.index.documents
    listing = gr.HTML(elem_id="zc-listing")
    chosen = gr.Dropdown(
        document_choices(documents),
        value=documents[0].id if documents else None,
        label="查看条款",
        elem_id="zc-chosen",
    )
    tree = gr.HTML(elem_id="zc-clauses")

    def fill(document: str | None) -> tuple[str, str]:
        return documents_html(assistant.index.documents), document_view(assistant, document)

    def choose(document: str | None) -> str:
        return document_view(assistant, document)

    options: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    tab.select(fill, chosen, [listing, tree], **options)
    chosen.change(choose, chosen, tree, **options)
