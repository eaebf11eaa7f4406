"""The 「责任台账」 tab: which unit has which duty in which clause, as table, picture and workbook."""

from typing import Any, get_args

import gradio as gr

from assistant.api.duties import ANY_DEADLINE, selected_rows
from assistant.datatypes import ROLE_NAMES, Role
from assistant.errors import ZhengceError
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.ui.choices import Choices, document_choices
from assistant.ui.ledgertable import downloads_html, ledger_html, picture_html
from assistant.ui.safety import escape

TAB = "ledger"

#: The pickers of unit, document and deadline, which follow the index.
Pickers = tuple[gr.Dropdown, gr.Dropdown, gr.Dropdown]


def unit_choices(assistant: Assistant) -> Choices:
    """All units by canonical name."""
    return [("全部单位", ""), *((name, name) for name in assistant.ledger.units())]


def deadline_choices(assistant: Assistant) -> Choices:
    """The time limits that occur in clauses with duties, as printed."""
    printed = dict.fromkeys(limit for row in assistant.duty_rows() for limit in row.deadlines)
    return [("不限", ""), ("写明期限的", ANY_DEADLINE), *((limit, limit) for limit in printed)]


def ledger_view(
    assistant: Assistant,
    unit: str | None,
    document: str | None,
    role: str | None,
    deadline: str | None = None,
) -> tuple[str, str, str]:
    """Downloads, table and picture for one choice of filters; an empty filter lets everything through."""
    chosen = {"unit": unit or "", "document": document or "", "deadline": deadline or ""}
    known: Role | None = next((each for each in get_args(Role) if each == role), None)
    try:
        rows = selected_rows(assistant, **chosen, role=known)
    except ZhengceError as error:
        return "", f'<p class="zc-empty">{escape(str(error))}</p>', ""
    chosen["role"] = known or ""
    return downloads_html(chosen), ledger_html(rows), picture_html(chosen) if rows else ""


def build_ledger(service: Service, tab: gr.Tab, tabs: gr.Tabs, wanted: gr.HTML) -> Pickers:
    """Lay the tab out; it is filled when it is first opened, so that the page itself stays small.

    Args:
        service: Whose ledger.
        tab: The tab it stands in.
        tabs: All tabs of the page.
        wanted: Its event ``select`` names the ``unit`` whose ledger is to be opened.
    """
    unit, document, role, deadline = _filters(service.assistant)
    links = gr.HTML(elem_id="zc-download")
    with gr.Accordion("单位与条款对照图", open=False, elem_id="zc-matrix"):
        picture = gr.HTML()
    table = gr.HTML(elem_id="zc-ledger")

    def refresh(*chosen: str) -> tuple[str, str, str]:
        return ledger_view(service.assistant, *chosen)

    def open_unit(event: gr.EventData) -> tuple[Any, ...]:
        name = str(event.unit)
        shown = ledger_view(service.assistant, name, "", "", "")
        return (gr.Tabs(selected=TAB), name, "", "", "", *shown)

    options: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
    filters, views = [unit, document, role, deadline], [links, table, picture]
    for trigger in (tab.select, *(each.input for each in filters)):
        trigger(refresh, filters, views, **options)
    wanted.select(open_unit, None, [tabs, *filters, *views], **options)
    return unit, document, deadline


def _filters(assistant: Assistant) -> tuple[gr.Dropdown, gr.Dropdown, gr.Dropdown, gr.Dropdown]:
    with gr.Row(elem_id="zc-filters"):
        unit = gr.Dropdown(
            unit_choices(assistant),
            value="",
            label="责任单位（可输入简称）",
            allow_custom_value=True,
            min_width=150,
            elem_id="zc-unit",
        )
        document = gr.Dropdown(
            document_choices(assistant.index.documents, everything=True),
            value="",
            label="文件",
            min_width=150,
        )
        role = gr.Dropdown(
            [("全部角色", ""), *((name, role) for role, name in ROLE_NAMES.items())],
            value="",
            label="角色",
            min_width=110,
            elem_id="zc-role",
        )
        deadline = gr.Dropdown(deadline_choices(assistant), value="", label="期限", min_width=110)
    return unit, document, role, deadline
