"""The whole page: header, tabs, look."""

import asyncio

import gradio as gr
from fastapi import FastAPI

from assistant.pipeline import Assistant
from assistant.ui.chat import build_chat
from assistant.ui.documents import build_documents
from assistant.ui.ledger import build_ledger
from assistant.ui.safety import escape
from assistant.ui.style import CSS, HEAD

TITLE = "政策问答助手"
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_UPLOAD_LIMIT = 1  # byte; the page uploads nothing, so nothing may be uploaded


def mount_page(app: FastAPI, assistant: Assistant) -> None:
    """Mount the page at ``/``; every event calls the assistant and shows what it returns.

    Not to be called from inside an event loop.
    """
    # Outside a running loop gradio makes loops of its own and never closes them.
    asyncio.run(_mount(app, assistant))


def _build(assistant: Assistant) -> gr.Blocks:
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(_header(assistant))
        with gr.Tab("问答"):
            build_chat(assistant)
        with gr.Tab("责任台账") as ledger:
            build_ledger(assistant, ledger)
        with gr.Tab("文件") as documents:
            build_documents(assistant, documents)
        gr.HTML(_footer(assistant))
    return page


async def _mount(app: FastAPI, assistant: Assistant) -> None:
    """Without footer links, run history, monitoring and uploads."""
    gr.mount_gradio_app(
        app,
        _build(assistant),
        path="/",
        theme=_theme(),
        css=CSS,
        head=HEAD,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        show_error=False,
        max_file_size=_UPLOAD_LIMIT,
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
    # The default blue gives white letters a contrast of 3.7 : 1; this one 6.7 : 1 (WCAG asks for 4.5).
    return theme.set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
    )


def _header(assistant: Assistant) -> str:
    count = len(assistant.index.documents)
    return (
        f'<header class="zc-header"><h1>{TITLE}</h1>'
        f"<p>按文件原文回答，注明条款和责任单位 · 已收录 {count} 个文件</p></header>"
    )


def _footer(assistant: Assistant) -> str:
    return (
        '<footer class="zc-footer">回答供查阅参考，以文件原文为准 · '
        f'<a href="docs">接口文档</a> · 索引编号 {escape(assistant.index.fingerprint)}</footer>'
    )
