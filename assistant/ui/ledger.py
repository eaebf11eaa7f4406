"""The 「责任台账」 tab: which unit has which duty in which clause, complete, with an Excel download."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.datatypes import ROLE_NAMES, DutyRow
from assistant.errors import ZhengceError
from assistant.pipeline import Assistant
from assistant.ui.choices import document_choices
from assistant.ui.ledgertable import download_html, ledger_html
from assistant.ui.safety import escape

_ALL_UNITS = "全部单位"
_ALL_ROLES = "全部角色"


def ledger_view(
    assistant: Assistant, unit: str | None, document: str | None, role: str | None
) -> tuple[str, str]:
    """The table and the download link for one choice of filters; an empty filter lets everything through."""
    try:
        rows = assistant.duty_rows(unit=unit or "", document=document or "")
    except ZhengceError as error:
        return f'<p class="zc-empty">{escape(str(error))}</p>', ""
    shown = _of_role(rows, role or "")
    return ledger_html(shown), download_html(unit=unit or "", document=document or "", role=role or "")


def build_ledger(assistant: Assistant, tab: gr.Tab) -> None:
    """Lay the tab out; it is filled when it is first opened, so that the page itself stays small."""
    with gr.Row(elem_id="zc-filters"):
        unit = gr.Dropdown(
            [(_ALL_UNITS, ""), *((name, name) for name in assistant.ledger.units())],
            value="",
            label="责任单位（可输入简称）",
            allow_custom_value=True,
            min_width=150,
        )
        document = gr.Dropdown(
            document_choices(assistant.index.documents, everything=True),
            value="",
            label="文件",
            min_width=150,
        )
        role = gr.Dropdown(
            [(_ALL_ROLES, ""), *((name, role) for role, name in ROLE_NAMES.items())],
            value="",
            label="角色",
            min_width=110,
        )
    link = gr.HTML(elem_id="zc-download")
    table = gr.HTML(elem_id="zc-ledger")

    def refresh(chosen_unit: str, chosen_document: str, chosen_role: str) -> tuple[str, str]:
        return ledger_view(assistant, chosen_unit, chosen_document, chosen_role)

    options: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    for trigger in (tab.select, unit.change, document.change, role.change):
        trigger(refresh, [unit, document, role], [table, link], **options)


def _of_role(rows: Sequence[DutyRow], role: str) -> list[DutyRow]:
    return [row for row in rows if not role or row.role == role]
