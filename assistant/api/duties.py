"""``/api/duties`` and ``/api/units``: the responsibility ledger."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from assistant import contract
from assistant.api.documents import attachment
from assistant.api.models import (
    DeadlineQuery,
    DocumentQuery,
    DutyModel,
    RoleQuery,
    UnitQuery,
    UnitSummaryModel,
)
from assistant.api.problems import documented
from assistant.datatypes import DutyRow, Role
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.spreadsheet import duties_workbook

#: Lets clauses with any time limit through.
ANY_DEADLINE = "any"
_TAG = "责任台账"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def add_duties(router: APIRouter, service: Service) -> None:
    """The routes of the ledger."""

    @router.get(
        "/duties",
        response_model=list[DutyModel],
        responses=documented(404, 422),
        tags=[_TAG],
        summary="责任台账",
    )
    def duties(
        unit: UnitQuery = "",
        document: DocumentQuery = "",
        role: RoleQuery = None,
        deadline: DeadlineQuery = "",
    ) -> list[dict[str, Any]]:
        """哪个单位在哪一条有什么责任：完整列出，按原文顺序。"""
        rows = selected_rows(service.assistant, unit=unit, document=document, role=role, deadline=deadline)
        return contract.duty_records(rows)

    @router.get(
        "/duties.xlsx",
        response_class=Response,
        responses={**documented(404, 422), 200: {"content": {_XLSX: {}}, "description": "Excel 文件"}},
        tags=[_TAG],
        summary="下载 Excel 台账",
    )
    def workbook(
        unit: UnitQuery = "",
        document: DocumentQuery = "",
        role: RoleQuery = None,
        deadline: DeadlineQuery = "",
    ) -> Response:
        """与 /api/duties 相同的内容，Excel 格式。"""
        rows = selected_rows(service.assistant, unit=unit, document=document, role=role, deadline=deadline)
        content = duties_workbook(rows)
        headers = {"Content-Disposition": attachment("责任台账.xlsx", plain="duties.xlsx")}
        return Response(content, media_type=_XLSX, headers=headers)

    @router.get(
        "/units",
        response_model=list[UnitSummaryModel],
        responses=documented(404, 422),
        tags=[_TAG],
        summary="责任单位",
    )
    def units(document: DocumentQuery = "") -> list[dict[str, Any]]:
        """全部责任单位和各自的项数，按在文件中首次出现的顺序。"""
        return unit_records(service.assistant, document)


def selected_rows(
    assistant: Assistant, *, unit: str = "", document: str = "", role: Role | None = None, deadline: str = ""
) -> list[DutyRow]:
    """The lines of the ledger that pass every filter; an empty filter lets everything through.

    Args:
        assistant: Whose ledger.
        unit: Full or short name.
        document: Id or file name.
        role: Of the unit in the clause.
        deadline: A time limit of the clause as printed, or ``any`` for clauses that have one.

    Raises:
        UnknownDocumentError: ``document`` names no document of the index.
    """
    return [
        row
        for row in assistant.duty_rows(unit=unit, document=document)
        if (role is None or row.role == role)
        and (not deadline or (row.deadlines if deadline == ANY_DEADLINE else deadline in row.deadlines))
    ]


def unit_records(assistant: Assistant, document: str) -> list[dict[str, Any]]:
    """Every unit with how many duties it has in which role.

    Raises:
        UnknownDocumentError: ``document`` names no document of the index.
    """
    documents = [assistant.index.document(document).id] if document else []
    records = []
    for unit in assistant.ledger.units(documents=documents):
        entries = assistant.ledger.of_unit(unit, documents=documents)
        roles = [entry.duty.role for entry in entries]
        records.append(
            {
                "unit": unit,
                "lead": roles.count("lead"),
                "responsible": roles.count("responsible"),
                "support": roles.count("support"),
                "documents": list(dict.fromkeys(entry.document for entry in entries)),
            }
        )
    return records
