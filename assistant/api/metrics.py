"""Figures about the running service in the format of Prometheus."""

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from assistant.api.problems import documented
from assistant.datatypes import Answer
from assistant.service import Service

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one application; each has a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "zhengce_requests", "Requests by route.", ("method", "route", "status"), registry=self._registry
        )
        self._request_seconds = Histogram(
            "zhengce_request_seconds",
            "Time until the reply was sent.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter("zhengce_answers", "Answers.", ("status", "intent"), registry=self._registry)
        self._answer_seconds = Histogram(
            "zhengce_answer_seconds", "Time spent on an answer.", buckets=_SECONDS, registry=self._registry
        )
        self._feedback = Counter("zhengce_feedback", "Judgements.", ("verdict",), registry=self._registry)
        self._documents = Gauge("zhengce_documents", "Documents in the index.", registry=self._registry)
        self._stale = Gauge(
            "zhengce_index_stale", "1 while the newest index cannot be opened.", registry=self._registry
        )

    def replied(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is a pattern, never an address with contents."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Count one answer."""
        self._answers.labels(answer.status, answer.intent).inc()
        self._answer_seconds.observe(answer.elapsed_ms / 1000)

    def judged(self, verdict: str) -> None:
        """Count one judgement."""
        self._feedback.labels(verdict).inc()

    def text(self, service: Service) -> bytes:
        """Everything, as Prometheus reads it."""
        self._documents.set(len(service.assistant.index.documents))
        self._stale.set(bool(service.trouble))
        return generate_latest(self._registry)


def metrics_router(service: Service, metrics: Metrics) -> APIRouter:
    """``/metrics``."""
    router = APIRouter()

    @router.get(
        "/metrics",
        response_class=Response,
        responses={
            **documented(),
            200: {"content": {"text/plain": {}}, "description": "Prometheus 文本格式"},
        },
        tags=["服务"],
        summary="监测数据",
    )
    def show() -> Response:
        """供 Prometheus 抓取：请求数、用时、回答的状态、文件数。"""
        return Response(metrics.text(service), media_type=CONTENT_TYPE_LATEST)

    return router
