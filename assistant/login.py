"""The login page: name and password in, a session cookie out."""

import html
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.access import SESSION_SECONDS, Access, Sessions
from assistant.guard import COOKIE, LOGIN, session_of

_MAX_FIELD = 500
_CSS = """
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f1f5f9; color: #1f2937;
  font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { background: #fff; padding: 28px 32px; border-radius: 10px; width: min(340px, 86vw);
  box-shadow: 0 1px 4px rgba(15, 23, 42, .18); }
h1 { font-size: 20px; margin: 0 0 16px; }
label { display: block; margin: 12px 0 4px; }
input { width: 100%; box-sizing: border-box; font: inherit; padding: 7px 10px;
  border: 1px solid #94a3b8; border-radius: 6px; }
button { width: 100%; margin-top: 20px; padding: 9px; font: inherit; color: #fff; background: #1d4ed8;
  border: 0; border-radius: 6px; cursor: pointer; }
.error { color: #b91c1c; margin: 12px 0 0; }
"""


def login_router(access: Access, sessions: Sessions) -> APIRouter:
    """``/login`` and ``/logout``."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN, response_class=HTMLResponse)
    def show(next: str = "/") -> HTMLResponse:
        return HTMLResponse(_page(_inside(next)))

    @router.post(LOGIN)
    def enter(
        request: Request,
        name: Annotated[str, Form(max_length=_MAX_FIELD)] = "",
        password: Annotated[str, Form(max_length=_MAX_FIELD)] = "",
        next: Annotated[str, Form(max_length=_MAX_FIELD)] = "/",
    ) -> Response:
        caller = access.with_password(name, password)
        if caller is None:
            return HTMLResponse(_page(_inside(next), error="用户名或密码不对。"), status_code=401)
        sessions.end(session_of(request.headers))
        reply = RedirectResponse(quote(_inside(next), safe="/?=&%"), status_code=303)
        reply.set_cookie(
            COOKIE,
            sessions.start(caller.name),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return reply

    @router.post("/logout")
    def leave(request: Request) -> Response:
        sessions.end(session_of(request.headers))
        reply = RedirectResponse(LOGIN, status_code=303)
        reply.delete_cookie(COOKIE)
        return reply

    return router


def _inside(address: str) -> str:
    """An address of this site; what points elsewhere becomes the front page."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"


def _page(following: str, *, error: str = "") -> str:
    message = f'<p class="error" role="alert">{html.escape(error)}</p>' if error else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>登录 · 政策问答助手</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_CSS}</style></head><body><main><h1>政策问答助手</h1>"
        f'<form method="post" action="{LOGIN}">'
        '<label for="name">用户名</label>'
        '<input id="name" name="name" autocomplete="username" required autofocus>'
        '<label for="password">密码</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required>'
        f'<input type="hidden" name="next" value="{html.escape(following)}">{message}'
        '<button type="submit">登录</button></form></main></body></html>'
    )
