"""The HTTP interface: JSON in, one call, the JSON of ``contract.md`` out."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request

from assistant.api.asking import add_asking, add_feedback
from assistant.api.completions import completions_router
from assistant.api.documents import add_changes, add_documents
from assistant.api.duties import add_duties
from assistant.api.metrics import Metrics, metrics_router
from assistant.api.models import MAX_QUESTION, MAX_TURNS, HealthModel
from assistant.api.problems import add_problem_handlers, describe_problems
from assistant.service import Service

__all__ = [
    "MAX_QUESTION",
    "MAX_TURNS",
    "Metrics",
    "add_problem_handlers",
    "build_router",
    "describe_problems",
]


def build_router(service: Service, metrics: Metrics) -> APIRouter:
    """Everything below ``/api`` and ``/v1``, and ``/metrics``."""
    router = APIRouter(prefix="/api")
    add_asking(router, service, metrics)
    add_feedback(router, service, metrics)
    add_documents(router, service)
    add_changes(router, service)
    add_duties(router, service)
    _add_remainder(router, service)
    whole = APIRouter()
    whole.include_router(router)
    whole.include_router(completions_router(service, metrics))
    whole.include_router(metrics_router(service, metrics))
    return whole


def _add_remainder(router: APIRouter, service: Service) -> None:
    @router.get("/health", response_model=HealthModel, tags=["服务"], summary="服务状态")
    def health() -> dict[str, Any]:
        """供监测用：能应答即为正常；不需要登录。"""
        index = service.assistant.index
        return {
            "status": "stale" if service.trouble else "ok",
            "fingerprint": index.fingerprint,
            "documents": len(index.documents),
        }

    # The page is mounted at /: without this it would answer a mistyped address with HTML.
    @router.api_route(
        "/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(path: str, request: Request) -> None:
        raise HTTPException(404, f"没有这个接口：{request.method} /api/{path}。接口文档见 /docs。")
