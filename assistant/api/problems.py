"""Errors as replies: problem+json (RFC 9457) in general, OpenAI's own form below ``/v1``."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.api.models import ProblemModel
from assistant.errors import ZhengceError

logger = logging.getLogger(__name__)

#: The header that carries the id of a request.
REQUEST_ID = "X-Request-ID"
_TITLES = {
    400: "请求有误",
    401: "需要登录",
    403: "没有权限",
    404: "没有找到",
    405: "方法不对",
    413: "内容过大",
    422: "请求有误",
    429: "请求过多",
    500: "服务出错",
    503: "服务暂不可用",
}
_OPENAI_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_KEY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "密钥，由管理员用 zhengce access add-key 建立；没有设置账号时不需要。",
}
_DESCRIPTIONS = {
    401: "没有登录，或密钥不对",
    403: "没有管理权限",
    404: "没有这个文件或条款",
    413: "文件或请求超过大小上限",
    422: "请求不符合要求",
    429: "请求过于频繁",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation for its description, besides those that every operation may give."""
    return {
        status: {
            "description": _DESCRIPTIONS[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemModel"}}
            },
        }
        for status in (401, *statuses, 429)
    }


def describe_problems(app: FastAPI) -> None:
    """Put what the guard in front asks for and answers into the application's description."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        description = describe()
        description["components"]["schemas"]["ProblemModel"] = ProblemModel.model_json_schema()
        description["components"]["securitySchemes"] = {"key": _KEY_SCHEME}
        description["security"] = [{"key": []}, {}]
        return description

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's manual says


def problem(
    path: str, status: int, detail: str, *, code: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The reply that tells about an error.

    Args:
        path: Path of the request, which decides on the form.
        status: HTTP status.
        detail: What is wrong and what to do, in Chinese.
        code: OpenAI's code for it, where it has one.
        headers: Further headers of the reply.
    """
    if path.startswith("/v1/"):
        status = 400 if status == 422 else status  # what OpenAI answers to requests it cannot use
        kind = _OPENAI_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
        error = {"message": detail, "type": kind, "param": None, "code": code or None}
        return JSONResponse({"error": error}, status_code=status, headers=headers)
    title = _TITLES.get(status, "请求有误" if status < 500 else "服务出错")
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error in Chinese, giving no internals away."""
    app.add_exception_handler(ZhengceError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ZhengceError)
    if error.http_status >= 500:
        logger.error("%s", type(error).__name__, exc_info=error)
    return problem(request.url.path, error.http_status, str(error))


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code == 405:
        detail = (
            f"这个接口不接受 {request.method}，可用的方法：{(error.headers or {}).get('Allow', '见 /docs')}。"
        )
    elif error.status_code == 400 and detail.isascii():  # the framework's own words
        detail = (
            "请求内容无法读取：应为 UTF-8 的 JSON，上传文件时应为 multipart/form-data 表单。格式见 /docs。"
        )
    return problem(request.url.path, error.status_code, detail, headers=error.headers)


def _failed(request: Request, error: Exception) -> JSONResponse:
    # Runs outside of the middleware that adds the id to replies and log lines.
    given = getattr(request.state, "request_id", "")
    logger.error("unexpected error", exc_info=error, extra={"fields": {"request_id": given}})
    detail = "服务内部出错，已记入日志。请稍后再试；仍然出错时请告知管理员。"
    return problem(request.url.path, 500, detail, headers={REQUEST_ID: given} if given else None)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Says which field is wrong; what was sent is not repeated, it may be long or no valid text."""
    assert isinstance(error, RequestValidationError)
    found = "；".join(dict.fromkeys(_fault(each) for each in error.errors()[:5]))
    return problem(request.url.path, 422, f"请求不符合要求：{found}。格式见 /docs。")


def _fault(error: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in error["loc"] if step not in ("body", "query", "path"))
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
