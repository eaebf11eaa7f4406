"""``/v1``: the interface that programs written for OpenAI's chat completions use.

The last user message is the question, the earlier ones are the conversation. The message quotes its clauses;
the whole record of the answer stands beside it under ``zhengce``. One token is one character.
"""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant import contract
from assistant.api.asking import text_parts
from assistant.api.metrics import Metrics
from assistant.api.models import MAX_NAME, MAX_QUESTION, MAX_TURNS
from assistant.datatypes import Answer, Question
from assistant.errors import UsageError
from assistant.service import Service

MODEL = "zhengce"
_TAG = "OpenAI 兼容"


class ContentPart(BaseModel):
    """消息的一部分；只接受文字。"""

    type: str = Field(description="只接受 text", examples=["text"])
    text: str = Field(default="", description="文字")


class ChatMessage(BaseModel):
    """一条消息。"""

    role: str = Field(description="user 为用户的话，其余角色不影响回答", examples=["user"])
    content: str | list[ContentPart] | None = Field(default=None, description="消息内容")


class StreamOptions(BaseModel):
    """流式返回的选项。"""

    include_usage: bool | None = Field(default=None, description="最后附上用量")


class ChatRequest(BaseModel):
    """一次对话请求；OpenAI 的其他参数都接受，但不影响回答。"""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "农民工欠薪归谁管？"}]}]
        }
    )

    model: str = Field(default=MODEL, max_length=MAX_NAME, description=f"固定为 {MODEL}")
    messages: list[ChatMessage] = Field(max_length=1000, description="对话，最后一条用户消息是问题")
    stream: bool | None = Field(default=None, description="是否逐步返回")
    stream_options: StreamOptions | None = Field(default=None, description="流式返回的选项")
    n: Annotated[int | None, Field(description="只支持 1")] = None
    document: str | None = Field(default=None, max_length=MAX_NAME, description="扩展：只在这个文件里找")


ModelName = Annotated[str, Path(max_length=MAX_NAME, description="模型名", examples=[MODEL])]


def completions_router(service: Service, metrics: Metrics) -> APIRouter:
    """The routes below ``/v1``."""
    router = APIRouter(prefix="/v1", tags=[_TAG])
    started = int(time.time())

    @router.get("/models", response_class=JSONResponse, summary="模型列表")
    def models() -> dict[str, Any]:
        """只有一个：zhengce。"""
        return {"object": "list", "data": [_model_record(started)]}

    @router.get("/models/{model}", response_class=JSONResponse, summary="一个模型")
    def one_model(model: ModelName) -> dict[str, Any]:
        """模型 zhengce 的说明。"""
        _check_model(model)
        return _model_record(started)

    @router.post(
        "/chat/completions",
        response_class=JSONResponse,
        responses={200: {"content": {"text/event-stream": {}}}, 400: {"description": "请求有误"}},
        summary="对话",
    )
    def complete(request: ChatRequest) -> Response:
        """与 OpenAI 的 chat completions 相同的格式；回答的完整记录（引文、责任单位）在 zhengce 字段里。"""
        _check_model(request.model)
        if request.n not in (None, 1):
            raise UsageError(f"n 只支持 1，实际是 {request.n}：同一问题的回答总是相同的。")
        question = _question(request)
        answer = service.assistant.ask(question)
        metrics.answered(answer)
        reply = _Reply(answer, question)
        if request.stream:
            with_usage = bool(request.stream_options and request.stream_options.include_usage)
            return StreamingResponse(
                reply.chunks(with_usage=with_usage),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
        return JSONResponse(reply.whole())

    @router.api_route(
        "/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(path: str) -> None:
        raise HTTPException(404, f"没有这个接口：/v1/{path}。可用的有 /v1/models 和 /v1/chat/completions。")

    return router


class _Reply:
    """One answer in the forms of a completion."""

    def __init__(self, answer: Answer, question: Question) -> None:
        self._text = answer.text
        self._record = contract.answer_record(answer)
        prompt = len(question.text) + sum(map(len, question.history))
        self._usage = {
            "prompt_tokens": prompt,
            "completion_tokens": len(self._text),
            "total_tokens": prompt + len(self._text),
        }
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": MODEL,
            "system_fingerprint": answer.index_fingerprint,
        }

    def whole(self) -> dict[str, Any]:
        """The completion in one piece."""
        message = {"role": "assistant", "content": self._text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage,
            MODEL: self._record,
        }

    def chunks(self, *, with_usage: bool) -> Iterator[str]:
        """The completion as server-sent events; the record comes with the last piece of the choice."""
        yield self._chunk([_delta({"role": "assistant", "content": ""})])
        for part in text_parts(self._text):
            yield self._chunk([_delta({"content": part})])
        yield self._chunk([_delta({}, "stop")], **{MODEL: self._record})
        if with_usage:
            yield self._chunk([], usage=self._usage)
        yield "data: [DONE]\n\n"

    def _chunk(self, choices: list[dict[str, Any]], **more: Any) -> str:
        chunk = {**self._head, "object": "chat.completion.chunk", "choices": choices, **more}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"


def _delta(delta: dict[str, Any], finish: Literal["stop"] | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}


def _model_record(created: int) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}


def _check_model(model: str) -> None:
    if model != MODEL:
        raise HTTPException(404, f"没有名为“{model[:80]}”的模型，请用 {MODEL}。")


def _question(request: ChatRequest) -> Question:
    turns = [_text(message) for message in request.messages if message.role == "user"]
    if not turns or not turns[-1].strip():
        raise UsageError("messages 里没有用户的问题：最后一条 role 为 user 的消息应有文字。")
    *earlier, text = turns
    if len(text) > MAX_QUESTION:
        raise UsageError(f"问题最多 {MAX_QUESTION} 个字，实际 {len(text)} 个。")
    # Earlier turns only tell what a follow-up refers to: the last ones do, and their beginnings.
    history = tuple(turn[:MAX_QUESTION] for turn in earlier[-MAX_TURNS:])
    return Question(text, history=history, document=request.document or "")


def _text(message: ChatMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    other = next((part.type for part in message.content if part.type != "text"), None)
    if other is not None:
        raise UsageError(f"消息里有“{other[:40]}”类型的内容，只支持 text。")
    return "\n".join(part.text for part in message.content)
