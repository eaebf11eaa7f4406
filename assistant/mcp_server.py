"""The tools that assistants of other makers call over the Model Context Protocol, by stdio or HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant import __version__, contract
from assistant.api.documents import clause_records, document_record, found_records
from assistant.api.models import (
    MAX_FOUND,
    MAX_NAME,
    MAX_QUESTION,
    MAX_TURNS,
    AnswerModel,
    ClauseModel,
    DocumentModel,
    DutyModel,
    FoundClauseModel,
    Turn,
)
from assistant.datatypes import Question, Role
from assistant.errors import UsageError, ZhengceError
from assistant.filters import Filter
from assistant.service import Service

PATH = "/mcp"
_INSTRUCTIONS = (
    "中国政府公文的问答与责任查询。ask 按条款原文回答并附逐字引文和责任单位；文件没有写的，"
    "status 为 no_evidence，此时不要自行补充。引用原文请用 quote，不要改写单位名称和条款编号。"
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

QuestionText = Annotated[str, Field(max_length=MAX_QUESTION, description="问题或要找的内容")]
DocumentName = Annotated[str, Field(max_length=MAX_NAME, description="文件编号或文件名；空为全部文件")]


def mcp_server(service: Service) -> MCPServer:
    """The server with its tools."""
    server = MCPServer(
        "zhengce",
        title="政策问答助手",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )

    @server.tool(title="提问", annotations=_READS)
    def ask(
        question: QuestionText,
        history: Annotated[
            list[Turn] | None, Field(max_length=MAX_TURNS, description="此前用户问过的话，由早到晚")
        ] = None,
        document: DocumentName = "",
    ) -> AnswerModel:
        """按条款原文回答一个问题，附逐字引文、条款编号和责任单位；文件没有依据时 status 为 no_evidence。"""
        with _told():
            answer = service.assistant.ask(Question(question, tuple(history or ()), document))
            return AnswerModel(**contract.answer_record(answer))

    @server.tool(title="查找条款", annotations=_READS)
    def find_clauses(
        words: QuestionText,
        document: DocumentName = "",
        issuer: Annotated[str, Field(max_length=MAX_NAME, description="发文机关，名称或其中一部分")] = "",
        place: Annotated[str, Field(max_length=MAX_NAME, description="地区，例如 山西省、吕梁市")] = "",
        issued_from: Annotated[str, Field(max_length=MAX_NAME, description="成文日期不早于 YYYY-MM-DD")] = "",
        issued_to: Annotated[str, Field(max_length=MAX_NAME, description="成文日期不晚于 YYYY-MM-DD")] = "",
        in_force: Annotated[str, Field(max_length=MAX_NAME, description="这天有效 YYYY-MM-DD")] = "",
        unit: Annotated[str, Field(max_length=MAX_NAME, description="责任单位，全称或简称")] = "",
        limit: Annotated[int, Field(ge=1, le=MAX_FOUND, description="最多几条")] = 10,
    ) -> list[FoundClauseModel]:
        """按内容查找条款，最相关的在前，附条款原文和相关程度 evidence（0 到 1）；各项限定不填为不限。"""
        chosen = Filter(document, issuer, place, issued_from, issued_to, in_force, unit)
        with _told():
            records = found_records(service.assistant, words, chosen, limit)
            return [FoundClauseModel(**record) for record in records]

    @server.tool(title="单位的任务", annotations=_READS)
    def unit_duties(
        unit: Annotated[str, Field(max_length=MAX_NAME, description="责任单位，全称或简称，例如 人社局")],
        document: DocumentName = "",
        role: Annotated[
            Role | None, Field(description="只看牵头 lead、责任 responsible 或配合 support")
        ] = None,
    ) -> list[DutyModel]:
        """一个单位的全部责任，完整列出，按原文顺序；没有则为空。"""
        with _told():
            if not unit.strip():
                raise UsageError("请给出单位名称，例如 人社局。")
            rows = service.assistant.duty_rows(unit=unit, document=document)
            kept = [row for row in rows if role is None or row.role == role]
            return [DutyModel(**record) for record in contract.duty_records(kept)]

    @server.tool(title="条款原文", annotations=_READS)
    def show_clause(
        label: Annotated[str, Field(max_length=MAX_NAME, description="条款编号，例如 二（三）1、第十二条")],
        document: DocumentName = "",
    ) -> list[ClauseModel]:
        """按编号取条款原文，逐字；同一编号在多个文件或附件里都有时全部列出。"""
        with _told():
            if not label.strip():
                raise UsageError("请给出条款编号，例如 二（三）1。")
            return [ClauseModel(**each) for each in clause_records(service.assistant, label, document)]

    @server.tool(title="文件列表", annotations=_READS)
    def list_documents() -> list[DocumentModel]:
        """全部已收录的文件：编号、标题、文号、发文机关、日期、有效期。"""
        with _told():
            documents = service.assistant.index.documents
            return [DocumentModel(**document_record(document)) for document in documents]

    return server


def run_stdio(service: Service) -> None:
    """Serve one client over standard input and output until it hangs up."""
    asyncio.run(mcp_server(service).run_stdio_async())


class McpEndpoint:
    """The tools as an ASGI application (streamable HTTP), running while ``running`` is entered.

    Every request stands alone (stateless): no session is lost when the process restarts.
    """

    def __init__(self, service: Service) -> None:
        self._server = mcp_server(service)
        self._app: StreamableHTTPASGIApp | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take requests until left; may be entered again afterwards."""
        # Hosts and origins are checked by the guard in front of the whole application.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        self._server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
        manager = self._server.session_manager
        async with manager.run():
            self._app = StreamableHTTPASGIApp(manager)
            try:
                yield
            finally:
                self._app = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        app: Any = self._app or PlainTextResponse("not running", status_code=503)
        await app(scope, receive, send)


@contextmanager
def _told() -> Iterator[None]:
    """Turns our errors into those whose message the client receives."""
    try:
        yield
    except ZhengceError as error:
        raise ToolError(str(error)) from error
