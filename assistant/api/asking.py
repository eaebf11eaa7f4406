"""``/api/ask``: one question, answered whole or step by step; ``/api/feedback``: what users think of it."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from assistant import contract
from assistant.api.callers import Curator
from assistant.api.metrics import Metrics
from assistant.api.models import AnswerModel, AskRequest, FeedbackModel, FeedbackRequest
from assistant.api.problems import documented
from assistant.datatypes import Answer, Draft, Hit, Plan, Question
from assistant.feedback import Feedback
from assistant.pipeline import Assistant
from assistant.service import Service

_STREAM_EXAMPLE = (
    'event: plan\ndata: {"intent": "owner", "question": "农民工欠薪归谁管？", "units": [], "notes": []}\n\n'
    'event: evidence\ndata: {"clauses": [{"document": "…", "label": "二（三）1", "evidence": 0.98}]}\n\n'
    'event: part\ndata: {"text": "**二（三）1 维护农民工合法权益**\\n\\n"}\n\n'
    'event: answer\ndata: {"question": "农民工欠薪归谁管？", "status": "answered", "text": "…"}\n\n'
)
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"example": _STREAM_EXAMPLE}}, "description": "事件流"}
}


def add_asking(router: APIRouter, service: Service, metrics: Metrics) -> None:
    """The routes that answer questions."""

    @router.post(
        "/ask", response_model=AnswerModel, responses=documented(404, 413, 422), tags=["问答"], summary="提问"
    )
    def ask(request: AskRequest) -> dict[str, Any]:
        """按条款原文回答一个问题，附引文和责任单位；文件没有依据时 status 为 no_evidence。"""
        answer = service.assistant.ask(_question(request))
        metrics.answered(answer)
        return contract.answer_record(answer)

    @router.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses={**documented(404, 413, 422), **_STREAM},
        tags=["问答"],
        summary="提问，逐步返回",
    )
    def stream(request: AskRequest) -> StreamingResponse:
        """同一个回答，逐步给出（Server-Sent Events）。

        依次为 plan（对问题的理解）、evidence（找到的条款）、part（回答的各段）、answer（完整结果）。
        启用了语言模型时，part 是核对过的句子；模型中途出错则先发 restart：
        此前的 part 作废，改为原文摘取的回答。
        """
        assistant = service.assistant
        # The first step is taken here: an unknown document is refused before the reply has begun.
        stages = assistant.stages(_question(request))
        first = next(stages)
        return StreamingResponse(
            _events(assistant, first, stages, metrics),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


def add_feedback(router: APIRouter, service: Service, metrics: Metrics) -> None:
    """The routes for judgements of answers."""

    @router.post(
        "/feedback", status_code=204, responses=documented(422), tags=["评价"], summary="评价一个回答"
    )
    def give(request: FeedbackRequest) -> Response:
        """保存一条评价，供改进时查看。"""
        service.record_feedback(
            Feedback(
                time=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
                question=request.question,
                history=tuple(request.history),
                document=request.document,
                answer=request.answer,
                status=request.status,
                labels=tuple(request.labels),
                fingerprint=request.index_fingerprint,
                verdict=request.verdict,
                reason=request.reason.strip(),
            )
        )
        metrics.judged(request.verdict)
        return Response(status_code=204)

    @router.get(
        "/feedback",
        response_model=list[FeedbackModel],
        responses=documented(403),
        tags=["评价"],
        summary="导出全部评价",
    )
    def export(caller: Curator) -> list[dict[str, Any]]:
        """全部评价，由早到晚；需要管理权限。"""
        return [asdict(each) for each in service.feedback()]


def text_parts(text: str) -> list[str]:
    """An answer's Markdown in pieces to send one after another; joined they are the text.

    A piece is a paragraph with the blank lines after it.
    """
    return re.findall(r".+?(?:\n{2,}|\Z)", text, re.DOTALL)


def _question(request: AskRequest) -> Question:
    return Question(request.question, history=tuple(request.history), document=request.document or "")


def _events(
    assistant: Assistant, first: Plan | Sequence[Hit] | Draft | Answer, rest: Iterator[Any], metrics: Metrics
) -> Iterator[str]:
    stage: Any = first
    sent = ""
    while True:
        if isinstance(stage, Plan):
            yield _event("plan", _plan_record(stage))
        elif isinstance(stage, Draft):
            yield _event("part", {"text": stage.text.removeprefix(sent)})
            sent = stage.text
        elif isinstance(stage, Answer):
            if not stage.text.startswith(sent):
                yield _event("restart", {})
                sent = ""
            for part in text_parts(stage.text.removeprefix(sent)):
                yield _event("part", {"text": part})
            metrics.answered(stage)
            yield _event("answer", contract.answer_record(stage))
            return
        else:
            yield _event("evidence", {"clauses": [_hit_record(assistant, hit) for hit in stage]})
        stage = next(rest)


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _plan_record(plan: Plan) -> dict[str, Any]:
    return {
        "intent": plan.intent,
        "question": plan.question,
        "units": list(plan.units),
        "documents": list(plan.documents),
        "references": ["".join(path) for path in plan.references],
        "notes": list(plan.notes),
    }


def _hit_record(assistant: Assistant, hit: Hit) -> dict[str, Any]:
    clause = assistant.retriever.outlines[hit.document].by_key.get((hit.part, hit.path))
    return {
        "document": hit.document,
        "part": hit.part,
        "path": list(hit.path),
        "label": "".join(hit.path),
        "heading": clause.heading if clause else "",
        "evidence": round(hit.evidence, 4),
    }
