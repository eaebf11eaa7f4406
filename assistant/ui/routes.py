"""What the page links to besides ``/api``: original texts, answers to file, the picture of the ledger."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from assistant.api.callers import Curator
from assistant.api.documents import attachment
from assistant.api.duties import selected_rows
from assistant.api.models import DeadlineQuery, DocumentQuery, RoleQuery, UnitQuery
from assistant.datatypes import Question
from assistant.export import answer_docx
from assistant.glossary import glosses, with_glosses
from assistant.service import Service
from assistant.ui.links import FEEDBACK, ORIGINAL, read_spans
from assistant.ui.matrix import matrix_of, matrix_svg
from assistant.ui.original import original_html

MAX_QUESTION = 10_000  # characters, as in the HTTP interface
_MAX_TURNS = 20
_MAX_NAME = 500
_MAX_SPANS = 500
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def view_router(service: Service) -> APIRouter:
    """What the page links to besides ``/api``."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"/{ORIGINAL}", response_class=HTMLResponse)
    def original(
        document: Annotated[str, Query(max_length=_MAX_NAME)],
        at: Annotated[list[str] | None, Query(max_length=_MAX_SPANS)] = None,
    ) -> str:
        found = service.assistant.index.document(document)
        return original_html(found, read_spans(at or [], len(found.text)))

    @router.post("/answer.docx")
    def docx(
        question: Annotated[str, Form(max_length=MAX_QUESTION)],
        history: Annotated[list[str] | None, Form(max_length=_MAX_TURNS)] = None,
        document: Annotated[str, Form(max_length=_MAX_NAME)] = "",
        plain: Annotated[bool, Form()] = False,
    ) -> Response:
        """The question is asked again: what is filed has been verified against the present index."""
        assistant = service.assistant
        answer = assistant.ask(Question(question, history=tuple(history or ()), document=document))
        if plain:
            answer = with_glosses(answer, glosses(answer))
        documents = {each.id: each for each in assistant.index.documents}
        content = answer_docx(answer, documents, assistant.index.fingerprint)
        headers = {"Content-Disposition": attachment("政策查询答复单.docx", plain="answer.docx")}
        return Response(content, media_type=_DOCX, headers=headers)

    @router.get(f"/{FEEDBACK}")
    def judgements(caller: Curator) -> Response:
        """All judgements as JSON Lines, to be made questions for the evaluation."""
        lines = [json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in service.feedback()]
        headers = {"Content-Disposition": attachment("评价.jsonl", plain=FEEDBACK)}
        return Response("".join(lines), media_type="application/jsonl", headers=headers)

    @router.get("/ledger.svg")
    def picture(
        unit: UnitQuery = "",
        document: DocumentQuery = "",
        role: RoleQuery = None,
        deadline: DeadlineQuery = "",
    ) -> Response:
        assistant = service.assistant
        rows = selected_rows(assistant, unit=unit, document=document, role=role, deadline=deadline)
        picture = matrix_svg(matrix_of(rows, assistant.lexicon.same_unit))
        headers = {"Content-Disposition": attachment("单位与条款对照图.svg", plain="ledger.svg")}
        return Response(picture, media_type="image/svg+xml", headers=headers)

    return router
