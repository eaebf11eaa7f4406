"""The whole page: header, tabs, look."""

import asyncio
from collections.abc import Callable
from typing import Any

import gradio as gr
from fastapi import Depends, FastAPI

from assistant.access import ACCOUNT_ROLE_NAMES, Caller
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.ui.callers import caller_behind, refuse_upload
from assistant.ui.chat import build_chat
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import documents_html
from assistant.ui.curating import NEW
from assistant.ui.documents import build_documents, document_view
from assistant.ui.ledger import TAB, build_ledger, deadline_choices, unit_choices
from assistant.ui.routes import view_router
from assistant.ui.safety import escape
from assistant.ui.style import CSS, head

TITLE = "政策问答助手"
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
# A chip anywhere on the page tells the document which unit it names.
_HEAR_CHIPS = (
    'document.addEventListener("zhengce:unit", (event) => trigger("select", { unit: event.detail }));'
)
_TEMPORARY = (600, 3600)  # seconds: every ten minutes, uploads older than an hour are deleted


def mount_page(app: FastAPI, service: Service) -> None:
    """Mount the page at ``/``, and what it links to; every event calls the service and shows what it returns.

    Not to be called from inside an event loop.
    """
    app.include_router(view_router(service))
    # Outside a running loop gradio makes loops of its own and never closes them.
    asyncio.run(_mount(app, service))


def _build(service: Service) -> gr.Blocks:
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=_TEMPORARY)
    with page:
        header = gr.HTML(_header(service.assistant, None))
        wanted = gr.HTML(visible="hidden", js_on_load=_HEAR_CHIPS)
        with gr.Tabs() as tabs:
            with gr.Tab("问答", id="chat"):
                scope = build_chat(service)
            with gr.Tab("责任台账", id=TAB) as ledger:
                pickers = build_ledger(service, ledger, tabs, wanted)
            with gr.Tab("文件", id="documents") as documents:
                tab = build_documents(service, documents)
        footer = gr.HTML(_footer(service.assistant))
        follow = _follower(service)
        shown = [header, footer, scope, *pickers, tab.chosen, tab.tools.replaced, tab.curating]
        options: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        page.load(follow, tab.chosen, shown, **options)
        refreshed = tab.tools.changed.change(follow, tab.chosen, shown, **options)
        refreshed.then(_lister(service), tab.chosen, [tab.listing, tab.tree], **options)
    return page


def _follower(service: Service) -> Callable[..., tuple[Any, ...]]:
    """Brings everything that follows the index and the caller up to date."""

    def follow(chosen: str | None, request: gr.Request) -> tuple[Any, ...]:
        assistant, caller = service.assistant, caller_behind(request)
        documents = assistant.index.documents
        ids = [document.id for document in documents]
        everything = document_choices(documents, everything=True)
        return (
            _header(assistant, caller),
            _footer(assistant),
            gr.Dropdown(everything, value=""),
            gr.Dropdown(unit_choices(assistant), value=""),
            gr.Dropdown(everything, value=""),
            gr.Dropdown(deadline_choices(assistant), value=""),
            gr.Dropdown(document_choices(documents), value=chosen if chosen in ids else ids[0]),
            gr.Dropdown([NEW, *document_choices(documents)], value=""),
            gr.Column(visible=caller is not None and caller.may_change),
        )

    return follow


def _lister(service: Service) -> Callable[..., tuple[str, str]]:
    def listed(chosen: str | None) -> tuple[str, str]:
        assistant = service.assistant
        return documents_html(assistant.index.documents), document_view(assistant, chosen)

    return listed


async def _mount(app: FastAPI, service: Service) -> None:
    """Without footer links, run history and monitoring; files only from curators."""
    gr.mount_gradio_app(
        app,
        _build(service),
        path="/",
        app_kwargs={"dependencies": [Depends(refuse_upload)]},
        theme=_theme(),
        css=CSS,
        head=head(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        show_error=False,
        max_file_size=f"{service.settings.max_upload_mb}mb",
    )


def _theme() -> gr.themes.Base:
    """The built-in theme in blue on system fonts: no font is fetched."""
    theme = gr.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        spacing_size="sm",
        font=_FONTS,
        font_mono=("ui-monospace", "Consolas", "monospace"),
    )
    # The default blue has a contrast of 3.7 : 1 with white, on buttons and as the open tab's name; this one
    # 6.7 : 1 (WCAG asks for 4.5).
    return theme.set(
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
    )


def _header(assistant: Assistant, caller: Caller | None) -> str:
    count = len(assistant.index.documents)
    leave = ""
    if caller is not None and caller.name:
        leave = (
            f'<form method="post" action="logout" class="zc-account">{escape(caller.name)}'
            f"（{ACCOUNT_ROLE_NAMES[caller.role]}）<button>退出登录</button></form>"
        )
    return (
        f'<header class="zc-header"><h1>{TITLE}</h1>'
        f"<p>按文件原文回答，注明条款和责任单位 · 已收录 {count} 个文件</p>{leave}</header>"
    )


def _footer(assistant: Assistant) -> str:
    return (
        '<footer class="zc-footer">回答供查阅参考，以文件原文为准 · '
        f'<a href="docs">接口文档</a> · 索引编号 {escape(assistant.index.fingerprint)}</footer>'
    )
