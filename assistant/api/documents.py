"""``/api/documents`` and ``/api/clauses``: what is indexed, and how it is changed."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, File, HTTPException, UploadFile
from fastapi.responses import Response

from assistant import contract
from assistant.api.callers import Curator
from assistant.api.models import (
    ClauseModel,
    DocumentModel,
    DocumentPath,
    DocumentQuery,
    FoundClauseModel,
    InForceQuery,
    IssuedFromQuery,
    IssuedToQuery,
    IssuerQuery,
    LabelQuery,
    LimitQuery,
    PlaceQuery,
    PreviewModel,
    UnitQuery,
    ValidityRequest,
    WordsQuery,
)
from assistant.api.problems import documented
from assistant.datatypes import Clause, Document, Hit
from assistant.errors import UsageError
from assistant.filters import Filter
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.understanding.references import label_key

_TAG = "文件"
_OCTETS = "application/octet-stream"
_ORIGINAL: dict[int | str, dict[str, Any]] = {
    200: {"content": {_OCTETS: {}}, "description": "原文件，逐字节"}
}
Upload = Annotated[UploadFile, File(description="公文文件：txt、docx、pdf、ofd、html 等，文件名须带扩展名")]


def add_documents(router: APIRouter, service: Service) -> None:
    """The routes that read documents."""

    @router.get(
        "/documents",
        response_model=list[DocumentModel],
        responses=documented(),
        tags=[_TAG],
        summary="文件列表",
    )
    def documents() -> list[dict[str, Any]]:
        """全部已收录的文件。"""
        return [document_record(document) for document in service.assistant.index.documents]

    @router.get(
        "/documents/{document:path}/original",
        response_class=Response,
        responses={**documented(404), **_ORIGINAL},
        tags=[_TAG],
        summary="下载原文件",
    )
    def original(document: DocumentPath) -> Response:
        """收录时的原文件，逐字节。"""
        name, data = service.original(document)
        # Never shown in the page: a document may be HTML with scripts of its own.
        return Response(data, media_type=_OCTETS, headers={"Content-Disposition": attachment(name)})

    @router.get(
        "/documents/{document:path}",
        response_model=DocumentModel,
        responses=documented(404),
        tags=[_TAG],
        summary="一个文件",
    )
    def one(document: DocumentPath) -> dict[str, Any]:
        """一个已收录的文件。"""
        return document_record(service.assistant.index.document(document))

    @router.get(
        "/clauses/search",
        response_model=list[FoundClauseModel],
        responses=documented(404, 422),
        tags=[_TAG],
        summary="查找条款",
    )
    def search(
        words: WordsQuery,
        document: DocumentQuery = "",
        issuer: IssuerQuery = "",
        place: PlaceQuery = "",
        issued_from: IssuedFromQuery = "",
        issued_to: IssuedToQuery = "",
        in_force: InForceQuery = "",
        unit: UnitQuery = "",
        limit: LimitQuery = 10,
    ) -> list[dict[str, Any]]:
        """按内容查找条款，最相关的在前；可以限定文件、发文机关、地区、成文日期、有效日期和责任单位。

        没有文件符合限定条件时返回 404，并说明是哪个条件。
        """
        if not words.strip():
            raise UsageError("请用 words 给出要找的内容，例如 技能培训补贴。")
        chosen = Filter(document, issuer, place, issued_from, issued_to, in_force, unit)
        return found_records(service.assistant, words, chosen, limit)

    @router.get(
        "/clauses",
        response_model=list[ClauseModel],
        responses=documented(404, 422),
        tags=[_TAG],
        summary="条款原文",
    )
    def clauses(label: LabelQuery = "", document: DocumentQuery = "") -> list[dict[str, Any]]:
        """按编号取条款原文；同一编号在多个文件或附件里都有时全部列出。label 和 document 至少填一个。"""
        if not label.strip() and not document:
            raise UsageError("请用 label 给出条款编号（如 二（三）1），或用 document 给出文件编号。")
        return clause_records(service.assistant, label, document)


def add_changes(router: APIRouter, service: Service) -> None:
    """The routes that add, replace, remove and date documents; for curators."""

    @router.post(
        "/documents/preview",
        response_model=PreviewModel,
        responses=documented(403, 413, 422),
        tags=[_TAG],
        summary="预览一个文件",
    )
    def preview(caller: Curator, file: Upload) -> dict[str, Any]:
        """解析上传的文件，看看收录以后的样子；不保存。需要管理权限。"""
        seen = service.preview(file.filename or "", file.file.read())
        return {
            "document": document_record(seen.document),
            "warnings": seen.warnings,
            "replaces": seen.replaces,
            "headings": [f"{each.label} {each.heading}".rstrip() for each in seen.document.clauses],
        }

    @router.post(
        "/documents",
        status_code=201,
        response_model=DocumentModel,
        responses={**documented(403, 413, 422), 409: {"description": "已有同名文件"}},
        tags=[_TAG],
        summary="收录一个文件",
    )
    def add(caller: Curator, file: Upload) -> dict[str, Any]:
        """保存文件并收录；此后的提问都会用到它。已有同名文件时返回 409，请改用 PUT 替换。需要管理权限。"""
        name, data = file.filename or "", file.file.read()
        replaced = service.preview(name, data).replaces
        if replaced:
            raise HTTPException(
                409, f"已有编号为“{replaced}”的文件。要替换它，请用 PUT /api/documents/{quote(replaced)}。"
            )
        return document_record(service.add(name, data))

    @router.put(
        "/documents/{document:path}/validity",
        response_model=DocumentModel,
        responses=documented(403, 404, 422),
        tags=[_TAG],
        summary="填写有效期",
    )
    def validity(caller: Curator, document: DocumentPath, dates: ValidityRequest) -> dict[str, Any]:
        """人工填写施行和失效日期，代替原文没有写明或没有识别出的；两项都空则恢复以原文为准。需要管理权限。"""
        return document_record(service.set_validity(document, dates.effective, dates.expires))

    @router.put(
        "/documents/{document:path}",
        response_model=DocumentModel,
        responses=documented(403, 404, 413, 422),
        tags=[_TAG],
        summary="替换一个文件",
    )
    def replace(caller: Curator, document: DocumentPath, file: Upload) -> dict[str, Any]:
        """用上传的文件替换已收录的文件，编号不变。需要管理权限。"""
        return document_record(service.add(file.filename or "", file.file.read(), document=document))

    @router.delete(
        "/documents/{document:path}",
        status_code=204,
        responses=documented(403, 404, 422),
        tags=[_TAG],
        summary="移除一个文件",
    )
    def remove(caller: Curator, document: DocumentPath) -> Response:
        """移除文件：不再用于回答，保存的原文件也一并删除。需要管理权限。"""
        service.remove(document)
        return Response(status_code=204)


def document_record(document: Document) -> dict[str, Any]:
    """One entry of the list: counts instead of contents."""
    metadata = document.metadata
    return {
        "id": document.id,
        "file": document.file,
        "title": metadata.title.value,
        "doc_number": metadata.doc_number.value,
        "issuer": metadata.issuer.value,
        "date": metadata.date.value,
        "effective": metadata.effective.value,
        "expires": metadata.expires.value,
        "clauses": len(document.clauses),
        "duties": len(document.duties),
        "warnings": list(document.warnings),
    }


def clause_records(assistant: Assistant, label: str, document: str) -> list[dict[str, Any]]:
    """Clauses by label (brackets and separators in any form), by document, or by both.

    Raises:
        UnknownDocumentError: No such document, or no such clause.
    """
    index = assistant.index
    documents: Sequence[Document] = [index.document(document)] if document else index.documents
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


def found_records(assistant: Assistant, words: str, chosen: Filter, limit: int) -> list[dict[str, Any]]:
    """The clauses that fit some words best among those a filter lets through, best first.

    Raises:
        UsageError, UnknownDocumentError: See ``Assistant.find``.
    """
    return [found_record(assistant, hit) for hit in assistant.find(words, chosen, limit=limit)]


def found_record(assistant: Assistant, hit: Hit) -> dict[str, Any]:
    """A clause found, with its text; of front and end matter the piece around what fits."""
    document = assistant.index.document(hit.document)
    outline = assistant.retriever.outlines[hit.document]
    clause = outline.by_key.get((hit.part, hit.path))
    if clause is None:
        spans, at = outline.own_spans(None), hit.sentences[0][0] if hit.sentences else 0
        start, end = next((span for span in spans if span[0] <= at < span[1]), spans[0])
        clause = Clause(hit.part, hit.path, "", start, end)
    return {
        "document": document.id,
        "title": document.metadata.title.value,
        "doc_number": document.metadata.doc_number.value,
        "evidence": round(hit.evidence, 4),
    } | contract.clause_record(document, clause)


def attachment(name: str, *, plain: str = "") -> str:
    """``Content-Disposition`` for a file of any name (RFC 6266).

    Args:
        name: The name to save it under.
        plain: An ASCII name for programs that know no other; "" makes one of ``name``.
    """
    plain = plain or "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
