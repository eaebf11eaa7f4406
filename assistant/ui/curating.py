"""The curator's tools of the 「文件」 tab: preview, add, replace, date and remove documents.

Whether a caller may change anything is asked at every step, not only when the tools are shown.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.access import Caller
from assistant.datatypes import Document
from assistant.errors import UsageError, ZhengceError
from assistant.parsing import READERS
from assistant.service import Preview, Service
from assistant.ui.callers import caller_behind
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import preview_html
from assistant.ui.links import FEEDBACK
from assistant.ui.safety import escape

NEW = ("按文件名收录（同名则替换）", "")
_QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_WORKING: dict[str, Any] = {"show_progress": "full", "api_visibility": "private", "concurrency_limit": 2}
_HINT = '<p class="zc-empty">选择文件后先显示解析结果；确认以后才会收录，收录完成以前查不到它。</p>'


class Curating:
    """The laid out tools and what they do; ``changed`` counts the changes made at this page."""

    def __init__(self, service: Service) -> None:
        self._service = service
        documents = document_choices(service.assistant.index.documents)
        with gr.Accordion("增加或替换文件", open=False, elem_id="zc-adding"):
            self._file = gr.File(
                label="把文件拖到这里，或点击选择",
                file_types=sorted(READERS),
                height=120,
                elem_id="zc-upload",
            )
            self.replaced = gr.Dropdown([NEW, *documents], value="", label="收录方式", elem_id="zc-replaced")
            self._preview = gr.HTML(_HINT, elem_id="zc-preview")
            with gr.Row():
                self._confirm = gr.Button(
                    "确认收录", variant="primary", interactive=False, elem_id="zc-confirm"
                )
                self._cancel = gr.Button("取消", elem_id="zc-cancel")
        with gr.Accordion("有效期和移除", open=False, elem_id="zc-managing"):
            self._subject = gr.HTML()
            with gr.Row():
                self._effective = gr.Textbox(
                    label="施行日期", placeholder="2024-01-31，不填以原文为准", elem_id="zc-effective"
                )
                self._expires = gr.Textbox(
                    label="失效日期", placeholder="2028-12-31，不填以原文为准", elem_id="zc-expires"
                )
            with gr.Row():
                self._save = gr.Button("保存有效期", elem_id="zc-save")
                self._remove = gr.Button("移除这个文件", variant="stop", elem_id="zc-remove")
            with gr.Row(visible=False, elem_id="zc-sure") as self._sure:
                self._question = gr.HTML()
                self._really = gr.Button("确认移除", variant="stop", elem_id="zc-really")
                self._keep = gr.Button("不移除", elem_id="zc-keep")
        gr.HTML(f'<p><a class="zc-cite" href="{FEEDBACK}" download>导出全部评价</a></p>')
        self.subjects = [self._subject, self._effective, self._expires]
        self._said = gr.HTML(elem_id="zc-curating-said")
        self.changed = gr.Textbox("0", visible="hidden")

    def connect(self, chosen: gr.Dropdown) -> None:
        """Connect the tools; ``chosen`` is the document that is dated or removed."""
        checked = [self._preview, self._confirm]
        # "change" fires for the cleared field as well.
        self._file.change(self._look, [self._file, self.replaced], checked, **_WORKING)
        self.replaced.input(self._look, [self._file, self.replaced], checked, **_WORKING)
        self._confirm.click(
            self._add,
            [self._file, self.replaced, self.changed],
            [self._file, self._preview, self._said, self.changed],
            **_WORKING,
        )
        self._cancel.click(lambda: (None, _HINT), None, [self._file, self._preview], **_QUIET)
        dates = [self._effective, self._expires]
        chosen.change(self._show, chosen, [*self.subjects, self._sure], **_QUIET)
        self._save.click(self._date, [chosen, *dates, self.changed], [self._said, self.changed], **_WORKING)
        self._remove.click(self._ask, chosen, [self._sure, self._question], **_QUIET)
        self._keep.click(lambda: gr.Row(visible=False), None, self._sure, **_QUIET)
        self._really.click(
            self._take_out, [chosen, self.changed], [self._sure, self._said, self.changed], **_WORKING
        )

    def _look(self, file: str | None, replaced: str, request: gr.Request) -> tuple[str, Any]:
        """Parse an uploaded file and show what would be indexed."""
        if not file:
            return _HINT, gr.Button("确认收录", interactive=False)
        try:
            _permit(caller_behind(request))
            path = Path(file)
            preview = self._service.preview(path.name, path.read_bytes(), document=replaced or "")
        except ZhengceError as error:
            return _refusal(error), gr.Button("确认收录", interactive=False)
        return preview_html(preview), gr.Button(_verb(preview), interactive=True)

    def _add(
        self,
        file: str | None,
        replaced: str,
        changed: str,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - how gradio knows that a function reports progress
    ) -> tuple[Any, Any, str, Any]:
        """Index what was previewed; until that is done the former index answers."""
        try:
            _permit(caller_behind(request))
            if not file:
                raise UsageError("还没有选择文件。")
            path = Path(file)
            document = self._service.add(
                path.name,
                path.read_bytes(),
                lambda share, line: progress(share, desc=line),
                document=replaced or "",
            )
        except ZhengceError as error:
            return gr.skip(), _refusal(error), "", gr.skip()
        path.unlink(missing_ok=True)
        return None, _HINT, _done(f"已收录：{_name(document)}。现在就可以提问。"), _next(changed)

    def _show(self, document: str | None) -> tuple[str, str, str, Any]:
        """The entered dates of a document."""
        return (*self.subject(document), gr.Row(visible=False))

    def subject(self, document: str | None) -> tuple[str, str, str]:
        """What the tools for dates and removal are about: its name and entered dates."""
        if not document:
            return "", "", ""
        try:
            found = self._service.assistant.index.document(document)
            validity = self._service.validity(document)
        except ZhengceError as error:
            return _refusal(error), "", ""
        return f"<p>{escape(_name(found))}</p>", validity.effective, validity.expires

    def _date(
        self, document: str | None, effective: str, expires: str, changed: str, request: gr.Request
    ) -> tuple[str, Any]:
        def change(name: str) -> str:
            found = self._service.set_validity(name, effective, expires)
            return f"已保存《{_name(found)}》的有效期。"

        return self._changing(change, document, changed, request)

    def _ask(self, document: str | None) -> tuple[Any, str]:
        """A removal is asked for twice."""
        if not document:
            return gr.Row(visible=False), ""
        try:
            name = _name(self._service.assistant.index.document(document))
        except ZhengceError as error:
            return gr.Row(visible=True), _refusal(error)
        question = f"确定移除《{escape(name)}》吗？它将不再用于回答，保存的原文件也会删除。"
        return gr.Row(visible=True), f'<p class="zc-warning">{question}</p>'

    def _take_out(self, document: str | None, changed: str, request: gr.Request) -> tuple[Any, str, Any]:
        def change(name: str) -> str:
            removed = _name(self._service.assistant.index.document(name))
            self._service.remove(name)
            return f"已移除《{removed}》。"

        return (gr.Row(visible=False), *self._changing(change, document, changed, request))

    def _changing(
        self, change: Callable[[str], str], document: str | None, changed: str, request: gr.Request
    ) -> tuple[str, Any]:
        try:
            _permit(caller_behind(request))
            if not document:
                raise UsageError("请先在“查看条款”里选择文件。")
            return _done(change(document)), _next(changed)
        except ZhengceError as error:
            return _refusal(error), gr.skip()


def _permit(caller: Caller | None) -> None:
    """Let curators pass.

    Raises:
        UsageError: Somebody else.
    """
    if caller is None or not caller.may_change:
        raise UsageError("没有管理权限：增加、替换、移除文件和填写有效期需要管理账号。")


def _verb(preview: Preview) -> str:
    return "确认替换" if preview.replaces else "确认收录"


def _name(document: Document) -> str:
    return document.metadata.title.value or document.file


def _next(changed: str) -> str:
    return str(int(changed) + 1)


def _done(message: str) -> str:
    return f'<p class="zc-done" role="status">{escape(message)}</p>'


def _refusal(error: ZhengceError) -> str:
    return f'<p class="zc-warning" role="alert">{escape(str(error))}</p>'
