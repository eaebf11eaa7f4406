"""What the HTTP interface takes and gives, described for people and programs."""

from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from assistant.datatypes import Intent, Role, Status, Verdict
from assistant.feedback import Judgement

MAX_QUESTION = 10_000
MAX_TURNS = 20
MAX_NAME = 500
MAX_ANSWER = 200_000
MAX_FOUND = 50
_LABEL_EXAMPLE = "二（三）1"
_DOCUMENT_EXAMPLE = "lvliang-chan-gai-ban-2023-6"
_FINGERPRINT_EXAMPLE = "9f1c2a7be04d5513"

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
        default=None, max_length=MAX_NAME, description="只在这个文件里找：文件编号或文件名；不填为全部文件"
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
    effective: str = Field(description="施行日期，没有则为空")
    expires: str = Field(description="失效日期或有效期，没有则为空")
    clauses: int = Field(description="条款数")
    duties: int = Field(description="责任项数（条款 × 单位）")
    warnings: list[str] = Field(description="解析时发现的、需要人核对的地方")


class PreviewModel(BaseModel):
    """一个文件收录以后的样子；预览时什么也没有保存。"""

    document: DocumentModel = Field(description="解析结果")
    warnings: list[str] = Field(description="需要人核对的地方")
    replaces: str = Field(description="会替换掉的文件的编号，新文件为空")
    headings: list[str] = Field(
        description="条款编号和标题，按原文顺序", examples=[["一 总体目标", "二 主要任务"]]
    )


class ValidityRequest(BaseModel):
    """人工填写的有效期。"""

    model_config = ConfigDict(json_schema_extra={"examples": [{"effective": "2023-06-01", "expires": ""}]})

    effective: str = Field(default="", max_length=20, description="施行日期 YYYY-MM-DD，空为以原文为准")
    expires: str = Field(default="", max_length=20, description="失效日期 YYYY-MM-DD，空为以原文为准")


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


class FoundClauseModel(ClauseModel):
    """一条找到的条款。"""

    doc_number: str = Field(description="发文字号，没有则为空")
    evidence: float = Field(description="与所问相关的程度，0 到 1")


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


class UnitSummaryModel(BaseModel):
    """一个单位和它的责任项数。"""

    unit: str = Field(description="单位名称", examples=["市人社局"])
    lead: int = Field(description="牵头项数")
    responsible: int = Field(description="责任项数")
    support: int = Field(description="配合项数")
    documents: list[str] = Field(description="所在文件的编号")


class FeedbackRequest(BaseModel):
    """对一个回答的评价。"""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "农民工欠薪归谁管？",
                    "verdict": "wrong",
                    "reason": "还应有住建局",
                    "answer": "责任单位：人社局、…",
                    "status": "answered",
                    "labels": [_LABEL_EXAMPLE],
                    "index_fingerprint": _FINGERPRINT_EXAMPLE,
                }
            ]
        }
    )

    question: Turn = Field(description="问题")
    verdict: Judgement = Field(description="helpful 有帮助，wrong 有错误")
    reason: str = Field(default="", max_length=2000, description="说明，可不填")
    history: list[Turn] = Field(default=[], max_length=MAX_TURNS, description="此前用户问过的话，由早到晚")
    document: str = Field(default="", max_length=MAX_NAME, description="提问时限定的文件")
    answer: str = Field(default="", max_length=MAX_ANSWER, description="回答的文字（text）")
    status: Status = Field(default="answered", description="回答的状态（status）")
    labels: list[Annotated[str, Field(max_length=MAX_NAME)]] = Field(
        default=[], max_length=200, description="引文的条款编号"
    )
    index_fingerprint: str = Field(
        default="", max_length=64, description="回答时的索引编号", examples=[_FINGERPRINT_EXAMPLE]
    )


class FeedbackModel(BaseModel):
    """一条评价。"""

    time: str = Field(description="时间，ISO 8601", examples=["2024-05-06T09:30:00+08:00"])
    question: str = Field(description="问题")
    history: list[str] = Field(description="此前的话")
    document: str = Field(description="提问时限定的文件")
    answer: str = Field(description="回答的文字")
    status: Status = Field(description="回答的状态")
    labels: list[str] = Field(description="引文的条款编号")
    fingerprint: str = Field(description="回答时的索引编号")
    verdict: Judgement = Field(description="helpful 有帮助，wrong 有错误")
    reason: str = Field(description="说明")


class HealthModel(BaseModel):
    """服务状态。"""

    status: Literal["ok", "stale"] = Field(
        description="ok 正常；stale 能应答，但最新的索引打不开、仍用原来的，原因见日志"
    )
    fingerprint: str = Field(description="索引编号", examples=[_FINGERPRINT_EXAMPLE])
    documents: int = Field(description="已收录的文件数")


class ProblemModel(BaseModel):
    """出错时的回应（application/problem+json，RFC 9457）。"""

    type: Literal["about:blank"] = Field(description="固定值")
    title: str = Field(description="错误类别", examples=["请求有误"])
    status: int = Field(description="HTTP 状态码", examples=[422])
    detail: str = Field(description="哪里不对、应当怎样")


UnitQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="责任单位，全称或简称；不填为全部", examples=["人社局"])
]
DocumentQuery = Annotated[
    str,
    Query(max_length=MAX_NAME, description="文件编号或文件名；不填为全部文件", examples=[_DOCUMENT_EXAMPLE]),
]
DeadlineQuery = Annotated[
    str,
    Query(max_length=MAX_NAME, description="只看有这个期限的条款（按原文写法）；any 为写明期限的全部条款"),
]
RoleQuery = Annotated[Role | None, Query(description="只看牵头 lead、责任 responsible 或配合 support")]
WordsQuery = Annotated[
    str, Query(max_length=MAX_QUESTION, description="问题或要找的内容", examples=["技能培训补贴"])
]
IssuerQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="发文机关，名称或其中一部分，例如 临河县人民政府；不填为不限")
]
PlaceQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="地区，例如 山西省（含省内各市）、吕梁市；不填为不限")
]
IssuedFromQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="成文日期不早于这天，例如 2024-01-31；不填为不限")
]
IssuedToQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="成文日期不晚于这天，例如 2024-01-31；不填为不限")
]
InForceQuery = Annotated[
    str, Query(max_length=MAX_NAME, description="只看这天有效的文件，例如 2024-01-31；不填为不限")
]
LimitQuery = Annotated[int, Query(ge=1, le=MAX_FOUND, description=f"最多几条，不超过 {MAX_FOUND}")]
LabelQuery = Annotated[
    str,
    Query(
        max_length=MAX_NAME,
        description="条款编号，括号和分隔符写法不限；不填为全部条款",
        examples=[_LABEL_EXAMPLE],
    ),
]
DocumentPath = Annotated[
    str, Path(max_length=MAX_NAME, description="文件编号或文件名", examples=[_DOCUMENT_EXAMPLE])
]
