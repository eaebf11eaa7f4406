"""The assistant in LangChain's terms: retriever, embeddings, tools and a runnable; needs langchain-core only.

Each face is made over an opened assistant::

    from assistant.config import Settings
    from assistant.integrations.langchain import ZhengceRetriever
    from assistant.pipeline import Assistant

    retriever = ZhengceRetriever(assistant=Assistant.open(Settings.from_env()), unit="人社局")
    documents = retriever.invoke("技能培训补贴")
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import BaseModel, Field

from assistant import contract
from assistant.api.documents import found_record
from assistant.api.models import MAX_FOUND, MAX_NAME, MAX_QUESTION, AnswerModel, AskRequest
from assistant.datatypes import Hit, Question
from assistant.errors import ZhengceError
from assistant.filters import Filter
from assistant.pipeline import Assistant
from assistant.static_encoder import StaticEncoder


class FindRequest(BaseModel):
    """要找的内容和限定条件；条件不填为不限。"""

    words: str = Field(max_length=MAX_QUESTION, description="问题或要找的内容")
    document: str = Field(default="", max_length=MAX_NAME, description="文件编号或文件名")
    issuer: str = Field(default="", max_length=MAX_NAME, description="发文机关，名称或其中一部分")
    place: str = Field(default="", max_length=MAX_NAME, description="地区，例如 山西省、吕梁市")
    issued_from: str = Field(default="", max_length=MAX_NAME, description="成文日期不早于 YYYY-MM-DD")
    issued_to: str = Field(default="", max_length=MAX_NAME, description="成文日期不晚于 YYYY-MM-DD")
    in_force: str = Field(default="", max_length=MAX_NAME, description="这天有效 YYYY-MM-DD")
    unit: str = Field(default="", max_length=MAX_NAME, description="责任单位，全称或简称")
    limit: int = Field(default=5, ge=1, le=MAX_FOUND, description="最多几条")


class ZhengceRetriever(BaseRetriever):
    """Finds clauses: verbatim text, and where it stands in the metadata.

    Metadata: ``document`` (id), ``title``, ``doc_number`` (文号), ``part``, ``path``, ``label``, ``heading``,
    ``start`` and ``end`` (code points of the document's text), ``units`` (``name``, ``canonical``, ``role``),
    ``score`` (comparable within one search) and ``evidence`` (0 to 1).

    The conditions of ``Filter`` may be given to the retriever, or to ``invoke`` for one search, where they
    replace the retriever's own: ``retriever.invoke("补贴", unit="人社局", limit=3)``.

    Raises:
        UsageError, UnknownDocumentError: A condition is malformed, or nothing meets the conditions.
    """

    assistant: Assistant
    document: str = ""
    issuer: str = ""
    place: str = ""
    issued_from: str = ""
    issued_to: str = ""
    in_force: str = ""
    unit: str = ""
    limit: int = Field(default=5, ge=1, le=MAX_FOUND)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, limit: int = 0, **conditions: str
    ) -> list[Document]:
        own = Filter(
            document=self.document,
            issuer=self.issuer,
            place=self.place,
            issued_from=self.issued_from,
            issued_to=self.issued_to,
            in_force=self.in_force,
            unit=self.unit,
        )
        hits = self.assistant.find(query, replace(own, **conditions), limit=limit or self.limit)
        return [_document(self.assistant, hit) for hit in hits]


class ZhengceEmbeddings(Embeddings):
    """The encoder that comes with this package (unit vectors), for vector stores of LangChain.

    Args:
        folder: Another model of its kind; None for the weights of the package.

    Raises:
        EncoderError: The weights cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._encoder = StaticEncoder(folder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector for each text; a text without any known word gives zeros."""
        vectors: list[list[float]] = self._encoder.encode_documents(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._encoder.encode_queries([text])[0].tolist()
        return vector


def ask_runnable(assistant: Assistant) -> Runnable[Any, dict[str, Any]]:
    """A question, alone or with ``history`` and ``document``, to the answer record of the contract.

    Input: a string, or a mapping as ``AskRequest``. Output: as ``zhengce ask --json``, see ``AnswerModel``.

    Raises:
        pydantic.ValidationError: The input is not as described.
        UnknownDocumentError: ``document`` names no document of the index.
    """

    def ask(given: str | Mapping[str, Any] | AskRequest) -> dict[str, Any]:
        asked = {"question": given} if isinstance(given, str) else given
        return _answer(assistant, AskRequest.model_validate(asked))

    fields: Any = AnswerModel  # describes the record, which is a plain mapping
    return RunnableLambda(ask, name="zhengce").with_types(input_type=AskRequest, output_type=fields)


def ask_tool(assistant: Assistant) -> BaseTool:
    """A tool that answers questions; the model reads the text, the artifact is the whole answer record."""

    def ask(
        question: str, history: list[str] | None = None, document: str | None = None
    ) -> tuple[str, dict[str, Any]]:
        request = AskRequest(question=question, history=history or [], document=document)
        try:
            record = _answer(assistant, request)
        except ZhengceError as error:
            raise ToolException(str(error)) from error
        return record["text"], record

    return StructuredTool.from_function(
        ask,
        name="zhengce_ask",
        description=(
            "按已收录的政府公文回答一个问题，附条款编号、逐字引文和责任单位。"
            "回答说文件没有依据时，不要自行补充；引用时不要改写引文、单位名称和条款编号。"
        ),
        args_schema=AskRequest,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )


def find_tool(assistant: Assistant) -> BaseTool:
    """A tool that finds clauses; the model reads their text, the artifact is the list of ``Document``."""

    def find(words: str, limit: int = 5, **conditions: str) -> tuple[str, list[Document]]:
        try:
            hits = assistant.find(words, Filter(**conditions), limit=limit)
        except ZhengceError as error:
            raise ToolException(str(error)) from error
        found = [_document(assistant, hit) for hit in hits]
        return "\n\n".join(map(_shown, found)) or "没有找到相关的条款。", found

    return StructuredTool.from_function(
        find,
        name="zhengce_find",
        description="按内容查找公文条款的原文，可以限定文件、发文机关、地区、成文日期、有效日期和责任单位。",
        args_schema=FindRequest,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )


def _answer(assistant: Assistant, request: AskRequest) -> dict[str, Any]:
    question = Question(request.question, tuple(request.history), request.document or "")
    return contract.answer_record(assistant.ask(question))


def _document(assistant: Assistant, hit: Hit) -> Document:
    record = found_record(assistant, hit)
    text = record.pop("text")
    clause = assistant.retriever.outlines[hit.document].by_key.get((hit.part, hit.path))
    duties = assistant.ledger.of_clause(hit.document, clause) if clause else []
    units = [{"name": duty.unit, "canonical": duty.canonical, "role": duty.role} for duty in duties]
    identifier = f"{record['document']}#{record['start']}-{record['end']}"
    return Document(id=identifier, page_content=text, metadata={**record, "units": units, "score": hit.score})


def _shown(found: Document) -> str:
    known = found.metadata
    number = f"（{known['doc_number']}）" if known["doc_number"] else ""
    return f"《{known['title'] or known['document']}》{number}{known['label']}\n{found.page_content}"
