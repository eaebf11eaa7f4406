"""The HTTP interface: JSON in, one call, the JSON of ``contract.md`` out."""

import logging
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant import contract
from assistant.datatypes import Document, DutyRow, Intent, Question, Role, Status, Verdict
from assistant.errors import UsageError, ZhengceError
from assistant.pipeline import Assistant
from assistant.spreadsheet import duties_workbook
from assistant.understanding.references import label_key

logger = logging.getLogger(__name__)

MAX_QUESTION = 10_000
MAX_TURNS = 20
_MAX_NAME = 500
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK_NAME = quote("责任台账.xlsx")
_LABEL_EXAMPLE = "二（三）1"
_DOCUMENT_EXAMPLE = "lvliang-chan-gai-ban-2023-6"

Turn = Annotated[str, Field(max_length=MAX_QUESTION)]


class AskRequest(BaseModel):
    """一个问题。"""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "农民工欠薪归谁管？", "history": [], "document": ""}]}
    )

    question: Turn = Field(description=f"问题，最多 {MAX_QUESTION} 个字")
    history: list[Turn] = Field(
        default=[], max_length=MAX_TURNS, description=f"此前用户问过的话，由早到晚，最多 {MAX_TURNS} 句"
    )
    document: str | None = Field(
        default=None, max_length=_MAX_NAME, description="只在这个文件里找：文件编号或文件名；不填为全部文件"
    )


class CitationModel(BaseModel):
    """一处引文：quote 与所引文件的 text[start:end] 逐字相同。"""

    document: str = Field(description="文件编号", examples=[_DOCUMENT_EXAMPLE])
    title: str = Field(description="文件标题")
    doc_number: str = Field(description="发文字号", examples=["吕产改办发〔2023〕6号"])
    file: str = Field(description="源文件名")
    part: str = Field(description="附件或内含方案的名称，正文为空")
    path: list[str] = Field(description="条款路径，由外到内", examples=[["二", "（三）", "1"]])
    label: str = Field(description="条款编号", examples=[_LABEL_EXAMPLE])
    heading: str = Field(description="条款标题", examples=["维护农民工合法权益"])
    quote: str = Field(description="原文，逐字")
    start: int = Field(description="起始位置（字，从 0 起）")
    end: int = Field(description="结束位置（不含）")


class UnitModel(BaseModel):
    """答案认定的一个责任单位。"""

    name: str = Field(description="文件中的写法", examples=["人社局"])
    canonical: str = Field(description="补全共用前缀后的名称", examples=["市人社局"])
    role: Role = Field(description="lead 牵头，responsible 责任，support 配合")
    label: str = Field(description="条款编号", examples=[_LABEL_EXAMPLE])
    document: str = Field(description="文件编号", examples=[_DOCUMENT_EXAMPLE])


class AnswerModel(BaseModel):
    """一个回答。"""

    question: str = Field(description="问题原文")
    status: Status = Field(description="answered 已回答，no_evidence 文件没有依据，chat 与文件无关的话")
    text: str = Field(description="回答，中文 Markdown")
    intent: Intent = Field(description="问题类型")
    citations: list[CitationModel] = Field(description="引文，重要的在前")
    units: list[UnitModel] = Field(description="责任单位，按原文顺序")
    verdict: Verdict | None = Field(description="是非问句的结论")
    retrieval_mode: Literal["hybrid", "sparse"] = Field(description="hybrid 关键词加语义，sparse 仅关键词")
    answer_mode: Literal["extracted", "generated"] = Field(
        description="extracted 摘自原文，generated 模型改写"
    )
    index_fingerprint: str = Field(description="索引编号")
    elapsed_ms: float = Field(description="用时（毫秒）")


class DocumentModel(BaseModel):
    """一个已收录的文件。"""

    id: str = Field(description="文件编号", examples=[_DOCUMENT_EXAMPLE])
    file: str = Field(description="源文件名")
    title: str = Field(description="标题")
    doc_number: str = Field(description="发文字号，没有则为空")
    issuer: str = Field(description="发文机关，没有则为空")
    date: str = Field(description="成文日期 YYYY-MM-DD，没有则为空")
    clauses: int = Field(description="条款数")
    duties: int = Field(description="责任项数（条款 × 单位）")


class ClauseModel(BaseModel):
    """一条原文。"""

    document: str = Field(description="文件编号", examples=[_DOCUMENT_EXAMPLE])
    title: str = Field(description="文件标题")
    part: str = Field(description="附件或内含方案的名称，正文为空")
    path: list[str] = Field(description="条款路径，由外到内")
    label: str = Field(description="条款编号", examples=[_LABEL_EXAMPLE])
    heading: str = Field(description="条款标题")
    start: int = Field(description="起始位置（字，从 0 起）")
    end: int = Field(description="结束位置（不含）")
    text: str = Field(description="原文，逐字，含下级条款")


class DutyModel(BaseModel):
    """台账的一行：一个单位在一条里的责任。"""

    document: str = Field(description="文件编号", examples=[_DOCUMENT_EXAMPLE])
    title: str = Field(description="文件标题")
    doc_number: str = Field(description="发文字号")
    part: str = Field(description="附件或内含方案的名称，正文为空")
    path: list[str] = Field(description="条款路径，由外到内")
    label: str = Field(description="条款编号", examples=[_LABEL_EXAMPLE])
    heading: str = Field(description="条款标题")
    unit: str = Field(description="文件中的写法", examples=["人社局"])
    canonical: str = Field(description="补全共用前缀后的名称", examples=["市人社局"])
    role: Role = Field(description="lead 牵头，responsible 责任，support 配合")
    deadlines: list[str] = Field(description="该条写明的期限，按原文写法")
    quote: str = Field(description="责任标注原文")
    start: int = Field(description="标注的起始位置")
    end: int = Field(description="标注的结束位置（不含）")


class HealthModel(BaseModel):
    """服务状态。"""

    status: Literal["ok"] = Field(description="能应答即为 ok")
    fingerprint: str = Field(description="索引编号")
    documents: int = Field(description="已收录的文件数")


class ProblemModel(BaseModel):
    """出错时的回应（application/problem+json，RFC 9457）。"""

    type: Literal["about:blank"] = Field(description="固定值")
    title: str = Field(description="错误类别", examples=["请求有误"])
    status: int = Field(description="HTTP 状态码", examples=[422])
    detail: str = Field(description="哪里不对、应当怎样")


UnitQuery = Annotated[
    str, Query(max_length=_MAX_NAME, description="责任单位，全称或简称；不填为全部", examples=["人社局"])
]
DocumentQuery = Annotated[
    str,
    Query(max_length=_MAX_NAME, description="文件编号或文件名；不填为全部文件", examples=[_DOCUMENT_EXAMPLE]),
]
RoleQuery = Annotated[Role | None, Query(description="只看牵头 lead、责任 responsible 或配合 support")]
LabelQuery = Annotated[
    str,
    Query(
        max_length=_MAX_NAME,
        description="条款编号，括号和分隔符写法不限；不填为全部条款",
        examples=[_LABEL_EXAMPLE],
    ),
]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": ProblemModel, "description": "没有这个文件或条款"},
    422: {"model": ProblemModel, "description": "请求不符合要求"},
}


def build_router(assistant: Assistant) -> APIRouter:
    """The routes below ``/api``."""
    router = APIRouter(prefix="/api")
    _add_ask(router, assistant)
    _add_documents(router, assistant)
    _add_duties(router, assistant)
    _add_remainder(router, assistant)
    return router


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error with problem+json in Chinese that gives no internals away."""
    app.add_exception_handler(ZhengceError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _failed)


def _add_ask(router: APIRouter, assistant: Assistant) -> None:
    @router.post("/ask", response_model=AnswerModel, responses=_PROBLEMS, tags=["问答"], summary="提问")
    def ask(request: AskRequest) -> dict[str, Any]:
        """按条款原文回答一个问题，附引文和责任单位；文件没有依据时 status 为 no_evidence。"""
        question = Question(request.question, history=tuple(request.history), document=request.document or "")
        return contract.answer_record(assistant.ask(question))


def _add_documents(router: APIRouter, assistant: Assistant) -> None:
    @router.get("/documents", response_model=list[DocumentModel], tags=["文件"], summary="文件列表")
    def documents() -> list[dict[str, Any]]:
        """全部已收录的文件。"""
        return [document_record(document) for document in assistant.index.documents]

    @router.get(
        "/clauses", response_model=list[ClauseModel], responses=_PROBLEMS, tags=["文件"], summary="条款原文"
    )
    def clauses(label: LabelQuery = "", document: DocumentQuery = "") -> list[dict[str, Any]]:
        """按编号取条款原文；同一编号在多个文件或附件里都有时全部列出。label 和 document 至少填一个。"""
        if not label.strip() and not document:
            raise UsageError("请用 label 给出条款编号（如 二（三）1），或用 document 给出文件编号。")
        return _clauses(assistant, label, document)


def _add_duties(router: APIRouter, assistant: Assistant) -> None:
    def rows(unit: str, document: str, role: Role | None) -> list[DutyRow]:
        found = assistant.duty_rows(unit=unit, document=document)
        return [row for row in found if role is None or row.role == role]

    @router.get(
        "/duties", response_model=list[DutyModel], responses=_PROBLEMS, tags=["责任台账"], summary="责任台账"
    )
    def duties(
        unit: UnitQuery = "", document: DocumentQuery = "", role: RoleQuery = None
    ) -> list[dict[str, Any]]:
        """哪个单位在哪一条有什么责任：完整列出，按原文顺序。"""
        return contract.duty_records(rows(unit, document, role))

    @router.get(
        "/duties.xlsx",
        response_class=Response,
        responses={**_PROBLEMS, 200: {"content": {_XLSX: {}}, "description": "Excel 文件"}},
        tags=["责任台账"],
        summary="下载 Excel 台账",
    )
    def workbook(unit: UnitQuery = "", document: DocumentQuery = "", role: RoleQuery = None) -> Response:
        """与 /api/duties 相同的内容，Excel 格式。"""
        disposition = f"attachment; filename=\"duties.xlsx\"; filename*=UTF-8''{_WORKBOOK_NAME}"
        content = duties_workbook(rows(unit, document, role))
        return Response(content, media_type=_XLSX, headers={"Content-Disposition": disposition})


def _add_remainder(router: APIRouter, assistant: Assistant) -> None:
    @router.get("/health", response_model=HealthModel, tags=["服务"], summary="服务状态")
    def health() -> dict[str, Any]:
        """供监测用：能应答即为正常。"""
        count = len(assistant.index.documents)
        return {"status": "ok", "fingerprint": assistant.index.fingerprint, "documents": count}

    # The page is mounted at /: without this it would answer a mistyped address with HTML.
    @router.api_route(
        "/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(path: str, request: Request) -> None:
        raise HTTPException(404, f"没有这个接口：{request.method} /api/{path}。接口文档见 /docs。")


def document_record(document: Document) -> dict[str, Any]:
    """``/api/documents``: one entry, counts instead of contents."""
    metadata = document.metadata
    return {
        "id": document.id,
        "file": document.file,
        "title": metadata.title.value,
        "doc_number": metadata.doc_number.value,
        "issuer": metadata.issuer.value,
        "date": metadata.date.value,
        "clauses": len(document.clauses),
        "duties": len(document.duties),
    }


def _clauses(assistant: Assistant, label: str, document: str) -> list[dict[str, Any]]:
    documents = [assistant.index.document(document)] if document else assistant.index.documents
    wanted = label_key(label)
    found = [
        {"document": each.id, "title": each.metadata.title.value} | contract.clause_record(each, clause)
        for each in documents
        for clause in each.clauses
        if not label.strip() or label_key(clause.label) == wanted
    ]
    if label.strip() and not found:
        # One wording for one fact, whichever front end meets it.
        assistant.clause_text(label, document=document)
    return found


_TITLES = {404: "没有找到", 405: "方法不对", 422: "请求有误", 500: "服务出错", 503: "服务暂不可用"}


def _problem(status: int, detail: str) -> JSONResponse:
    title = _TITLES.get(status, "请求有误" if status < 500 else "服务出错")
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status_code=status, media_type="application/problem+json")


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ZhengceError)
    return _problem(error.http_status, str(error))


def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, str(error.detail))


def _failed(request: Request, error: Exception) -> JSONResponse:
    logger.error("%s %s", request.method, request.url.path, exc_info=error)
    return _problem(500, "服务内部出错，已记入日志。请稍后再试；仍然出错时请告知管理员。")


def _invalid(_: Request, error: Exception) -> JSONResponse:
    """Says which field is wrong; what was sent is not repeated, it may be long or no valid text."""
    assert isinstance(error, RequestValidationError)
    found = "；".join(dict.fromkeys(_fault(each) for each in error.errors()[:5]))
    return _problem(422, f"请求不符合要求：{found}。格式见 /docs。")


def _fault(error: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in error["loc"] if step not in ("body", "query"))
    limits = error.get("ctx") or {}
    messages = {
        "missing": "缺少",
        "string_too_long": f"最多 {limits.get('max_length')} 个字",
        "too_long": f"最多 {limits.get('max_length')} 项",
        "string_type": "应为字符串",
        "string_unicode": "含有无法识别的字符",
        "list_type": "应为数组",
        "literal_error": "只能取文档列出的值",
        "json_invalid": "不是合法的 JSON",
    }
    message = messages.get(error["type"], "格式不对")
    return message if error["type"] == "json_invalid" or not place else f"{place} {message}"
