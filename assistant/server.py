"""One process, one port: the web page at ``/``, the HTTP interface at ``/api``, described at ``/docs``."""

import errno
import ipaddress
import itertools
import os
import socket
from collections.abc import Callable, Mapping

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import __version__
from assistant.access import Access, Sessions
from assistant.api import Metrics, add_problem_handlers, build_router, describe_problems
from assistant.api.problems import REQUEST_ID
from assistant.config import Settings
from assistant.datatypes import Question
from assistant.errors import UsageError, ZhengceError
from assistant.guard import Guard, Rules
from assistant.login import login_router
from assistant.mcp_server import PATH, McpEndpoint
from assistant.pipeline import Assistant
from assistant.requestlog import RequestLog, log_as_json
from assistant.service import Service
from assistant.ui.examples import EXAMPLES

ALLOW_OPEN = "ZHENGCE_ALLOW_OPEN"
_SHUTDOWN_SECONDS = 3  # open pages hold a connection; without a limit Ctrl+C would wait for them
# Gradio's page needs inline scripts, styles and eval; nothing may come from or go to another site.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def serve(settings: Settings, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        settings: Which index to open.
        host: Address to listen on; anything but this machine needs accounts or ``ZHENGCE_ALLOW_OPEN=1``.
        port: Port to listen on.
        announce: Receives one Chinese line once the port answers.

    Raises:
        UsageError: ``host`` is open to others and that was not allowed.
        ZhengceError: The address cannot be listened on, or the index or the accounts cannot be opened.
    """
    local = is_loopback(host)
    # Beyond this machine, where somebody allowed that without accounts, everybody may read only.
    access = Access(settings.state_dir, anybody="curator" if local else "reader")
    check_host(host, os.environ, has_accounts=not access.is_open)
    with listening_socket(host, port) as listener:
        service = Service.open(settings)
        _warm_up(service.assistant)
        service.keep_records()
        log_as_json()
        config = uvicorn.Config(
            build_app(service, access, local_only=local),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        _Server(config, lambda: announce(_announcement(host, port))).run([listener])


def build_app(service: Service, access: Access, *, local_only: bool = False) -> FastAPI:
    """The whole web application: page, interface, tools, login.

    Args:
        service: What it is about.
        access: Who is let in.
        local_only: Whether it answers to names of this machine only, as long as there are no accounts.
    """
    # Read by gradio and its Hugging Face client when they are imported or used: neither may report home.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from assistant.ui.page import mount_page

    app = build_interface(service, access, local_only=local_only)
    mount_page(app, service)
    return app


def build_interface(service: Service, access: Access, *, local_only: bool = False) -> FastAPI:
    """Everything but the page; see ``build_app``."""
    from assistant.ui.reference import reference_html

    metrics, sessions, tools = Metrics(), Sessions(), McpEndpoint(service)
    app = FastAPI(
        title="政策问答助手 HTTP 接口",
        description="按条款原文回答政策文件的问题，附引文和责任单位。出错时返回 application/problem+json。",
        version=__version__,
        docs_url=None,  # FastAPI's page fetches its script from another site
        redoc_url=None,
        lifespan=lambda _: tools.running(),
    )
    app.include_router(build_router(service, metrics))
    app.include_router(login_router(access, sessions))
    add_problem_handlers(app)
    describe_problems(app)
    app.add_route(PATH, tools)  # type: ignore[arg-type]  # an ASGI application, which Starlette takes as well

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def docs() -> str:
        return reference_html(app.openapi())

    settings = service.settings
    rules = Rules(
        max_upload_mb=settings.max_upload_mb,
        per_minute=settings.rate_per_minute,
        origins=settings.origins,
        local_only=local_only,
    )
    # The last one added comes first.
    app.add_middleware(Guard, access=access, sessions=sessions, rules=rules)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", REQUEST_ID],
            expose_headers=[REQUEST_ID, "Content-Disposition", "Retry-After"],
        )
    app.add_middleware(_SecurityHeaders)
    app.add_middleware(RequestLog, metrics=metrics)
    return app


def _warm_up(assistant: Assistant) -> None:
    """Ask the questions the page offers, so that no visitor waits for what is loaded on first use."""
    for question in itertools.chain.from_iterable(EXAMPLES.values()):
        try:
            assistant.ask(Question(question), written=False)
        except ZhengceError:
            # Nobody waits for this answer; whoever asks the question receives the same error.
            continue


def check_host(host: str, env: Mapping[str, str], *, has_accounts: bool) -> None:
    """Refuse to listen beyond this machine without accounts, unless told to.

    Raises:
        UsageError: ``host`` is no loopback address, without accounts and ``ZHENGCE_ALLOW_OPEN=1``.
    """
    if is_loopback(host) or has_accounts or env.get(ALLOW_OPEN) == "1":
        return
    raise UsageError(
        f"拒绝在 {host or '全部地址'} 上对外开放：还没有建立账号，任何人都能查阅全部文件。"
        "请先用 zhengce access add-user 或 add-key 建立账号或密钥；"
        f"确实不需要登录时，设置环境变量 {ALLOW_OPEN}=1 再启动（此时任何人只能查阅，不能增删文件）。"
    )


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address, taken before the slow start so that a clash shows at once.

    Raises:
        ZhengceError: The port is in use or not permitted, or the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ZhengceError(f"无法识别监听地址“{host}”。请用 --host 给出本机地址，例如 127.0.0.1。") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # on Windows this option would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ZhengceError(_refusal(host, port, error)) from error
    return listener


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 7860
        return f"端口 {port} 已被占用。请用 --port 换一个端口，例如 --port {other}；或先停止占用它的程序。"
    if error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}。请用 --port 换一个 1024 以上的端口，例如 --port 7860。"
    return f"无法在 {host}:{port} 上监听：{error.strerror}。请检查 --host 和 --port。"


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _announcement(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    address = f"http://{f'[{shown}]' if ':' in shown and not shown.startswith('[') else shown}:{port}"
    return f"网页：{address}　接口文档：{address}/docs"


class _Server(uvicorn.Server):
    """Calls back once the port answers."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        await super().startup(sockets)
        if self.started:
            self._started()


class _SecurityHeaders:
    """Adds the headers that keep the page to itself to every reply."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers)
