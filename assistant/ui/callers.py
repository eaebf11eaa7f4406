"""Who looks at the page, as the guard in front of the application found out."""

import gradio as gr
from fastapi import HTTPException, Request

from assistant.access import Caller


def caller_behind(request: gr.Request | None) -> Caller | None:
    """The caller of an event of the page; None when nobody vouched for it."""
    behind = request.request if request is not None else None
    return getattr(behind.state, "caller", None) if behind is not None else None


def refuse_upload(request: Request) -> None:
    """Only curators may leave files on the server, not even temporary ones.

    Raises:
        HTTPException: 403; an upload by somebody else.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if request.url.path.rstrip("/").endswith("/upload") and (caller is None or not caller.may_change):
        raise HTTPException(403, "没有管理权限：上传文件需要管理账号。")
