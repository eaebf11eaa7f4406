"""In front of the application: who is let in, how often, and how much a request may carry."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access import Access, Caller, Sessions
from assistant.api.problems import problem

COOKIE = "zhengce_session"
LOGIN = "/login"
_OPEN_PATHS = frozenset({LOGIN, "/logout", "/api/health"})
_PROGRAM_PATHS = ("/api/", "/v1/", "/mcp", "/metrics")
_UPLOAD_PATHS = ("/api/documents", "/gradio_api/upload")
_MEGABYTE = 1 << 20
_LOGINS_PER_MINUTE = 10
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_READER = Caller("", "reader")
_LOCAL_ONLY = "没有设置账号时，只能用 127.0.0.1 或 localhost 访问；请建立账号，或设置 ZHENGCE_ORIGINS。"
_OTHER_SITE = "拒绝来自其他网站的请求；确需允许时，请把该网站写进 ZHENGCE_ORIGINS。"
_WRONG_KEY = "密钥不对或已被移除。请核对请求头 Authorization: Bearer 密钥。"
_NO_KEY = "需要登录，或在请求头给出 Authorization: Bearer 密钥（由管理员用 zhengce access add-key 建立）。"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard goes by.

    Attributes:
        max_body_mb: Upper bound of a request that carries no file.
        max_upload_mb: Upper bound of an uploaded file.
        per_minute: Requests of programs and logins that one key, person or address may send.
        origins: Other sites whose pages may call, as ``https://name[:port]``.
        local_only: Whether only names of this machine are answered to. A page elsewhere whose name is made
            to point here (DNS rebinding) would otherwise read everything while nobody has to log in.
    """

    max_body_mb: int = 2
    max_upload_mb: int = 50
    per_minute: int = 600
    origins: Collection[str] = ()
    local_only: bool = False


class Guard:
    """ASGI middleware; ``request.state.caller`` is the caller of every request that it lets pass."""

    def __init__(self, app: ASGIApp, access: Access, sessions: Sessions, rules: Rules) -> None:
        self._app = app
        self._access = access
        self._sessions = sessions
        self._rules = rules
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._per_minute = RateLimitItemPerMinute(rules.per_minute)
        self._logins = RateLimitItemPerMinute(_LOGINS_PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        caller = self._caller(request)
        refusal = self._refusal(request, caller)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, self._limited(request, receive), send)

    def _refusal(self, request: Request, caller: Caller | None) -> Response | None:
        path = request.url.path
        return (
            self._foreign(request, path)
            or self._too_large(request, path)
            or self._too_often(request, path, caller)
            or (self._unknown(request, path) if caller is None and path not in _OPEN_PATHS else None)
        )

    def _caller(self, request: Request) -> Caller | None:
        if self._access.is_open:
            # What a proxy passes on comes from elsewhere: it must not count as the owner of this machine.
            passed_on = self._rules.local_only and any(name in request.headers for name in _OF_PROXIES)
            return _READER if passed_on else self._access.anybody
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._access.with_key(credentials.strip())
        name = self._sessions.name(session_of(request.headers))
        return self._access.named(name) if name else None

    def _foreign(self, request: Request, path: str) -> Response | None:
        """Pages of other sites may neither reach this machine by another name nor call it.

        The page's own framework would let any site read its replies.
        """
        known = {urlsplit(origin).hostname for origin in self._rules.origins}
        host = _hostname(f"//{request.headers.get('host', '')}")
        if self._rules.local_only and self._access.is_open and host not in _LOCAL_NAMES | known:
            return problem(path, 403, _LOCAL_ONLY)
        origin = request.headers.get("origin")
        if origin and origin not in self._rules.origins:
            own = request.headers.get("host", "")
            if origin.partition("://")[2] != own and "authorization" not in request.headers:
                return problem(path, 403, _OTHER_SITE)
        return None

    def _too_large(self, request: Request, path: str) -> Response | None:
        length = request.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length) > self._bound(path):
            return problem(path, 413, self._limit_text(path), headers={"Connection": "close"})
        return None

    def _too_often(self, request: Request, path: str, caller: Caller | None) -> Response | None:
        if path == LOGIN and request.method == "POST":
            item, who = self._logins, f"login {_address(request)}"
        elif self._counts(request, path) and not self._is_local(request):
            item, who = self._per_minute, f"{caller.key or caller.name}" if caller else ""
            who = who or _address(request)
        else:
            return None
        if self._limiter.hit(item, who):
            return None
        wait = max(1, round(self._limiter.get_window_stats(item, who).reset_time - time.time()))
        detail = f"请求过于频繁，每分钟最多 {item.amount} 次，请在 {wait} 秒后再试。"
        return problem(path, 429, detail, headers={"Retry-After": str(wait)})

    def _counts(self, request: Request, path: str) -> bool:
        asks_at_the_page = request.method == "POST" and path.startswith("/gradio_api/")
        return (path.startswith(_PROGRAM_PATHS) and path not in _OPEN_PATHS) or asks_at_the_page

    def _is_local(self, request: Request) -> bool:
        """Whether this machine's only user asks: scripts of theirs may ask as fast as they like."""
        return self._rules.local_only and self._access.is_open and _address(request) in _LOCAL_NAMES

    def _unknown(self, request: Request, path: str) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"{LOGIN}?next={path}", status_code=303)
        detail = _WRONG_KEY if "authorization" in request.headers else _NO_KEY
        headers = {"WWW-Authenticate": 'Bearer realm="zhengce"'}
        return problem(path, 401, detail, code="invalid_api_key", headers=headers)

    def _limited(self, request: Request, receive: Receive) -> Receive:
        """The body of a request, refused once it is longer than allowed: its length need not be stated."""
        path = request.url.path
        bound, received = self._bound(path), 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > bound:
                raise HTTPException(413, self._limit_text(path))
            return message

        return limited

    def _megabytes(self, path: str) -> int:
        # A form has more than the file in it.
        return self._rules.max_upload_mb + 1 if path.startswith(_UPLOAD_PATHS) else self._rules.max_body_mb

    def _bound(self, path: str) -> int:
        return self._megabytes(path) * _MEGABYTE

    def _limit_text(self, path: str) -> str:
        if path.startswith(_UPLOAD_PATHS):
            return (
                f"上传的文件超过上限 {self._rules.max_upload_mb} MB。"
                "请拆分文件，或由管理员调大 ZHENGCE_MAX_UPLOAD_MB。"
            )
        return f"请求内容超过上限 {self._rules.max_body_mb} MB。请缩短后再试。"


def session_of(headers: Headers) -> str:
    """The session token that a browser sends along, "" without one."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
