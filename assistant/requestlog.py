"""One line of JSON per request: what was called, by whom, how it went. Never what was asked."""

import contextvars
import json
import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.metrics import Metrics
from assistant.api.problems import REQUEST_ID

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAX_PATH = 200
# JSON leaves these as they are; terminals and some readers take them for commands and line ends.
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}
_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
logger = logging.getLogger("assistant.requests")


class RequestLog:
    """ASGI middleware: gives each request an id, then logs and counts it.

    Requests for parts of the page that go well are logged at DEBUG: opening it takes dozens of them.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        identifier = given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
        token = _request_id.set(identifier)
        scope.setdefault("state", {})["request_id"] = identifier
        start = time.perf_counter()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = identifier
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - start
            self._metrics.replied(scope["method"], _route(scope), status, seconds)
            _log(scope, status, seconds)
            _request_id.reset(token)


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON; whatever it holds is escaped, so that it cannot forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging``."""
        time_of = datetime.fromtimestamp(record.created, UTC).astimezone()
        line = {
            "time": time_of.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if _request_id.get():
            line["request_id"] = _request_id.get()
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False).translate(_ESCAPED)


def log_as_json() -> None:
    """Send the lines of this process to stderr as JSON; requests too, unless a person watches a terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    logger.setLevel(logging.WARNING if sys.stderr.isatty() else logging.INFO)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    level = logging.DEBUG if route == "page" and status < 400 else logging.INFO
    caller = scope.get("state", {}).get("caller")
    client = scope.get("client")
    fields = {
        "method": scope["method"],
        # As sent, without the query: that may hold what somebody looks for.
        "path": scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")[:_MAX_PATH],
        "status": status,
        "ms": round(1000 * seconds, 1),
        "client": client[0] if client else "",
        "caller": (caller.key or caller.name) if caller else "",
    }
    logger.log(level, "request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    """The pattern of the route that a request took: a small, fixed set of names."""
    path: str = getattr(scope.get("route"), "path", "")
    if path.startswith(("/api/", "/v1/", "/mcp", "/metrics", "/docs", "/openapi.json", "/login", "/logout")):
        return path
    return "page" if path or scope.get("app_root_path") is not None or "endpoint" in scope else "refused"
