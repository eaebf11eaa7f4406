"""Facts about the document itself: 文号, 发文机关, 主送, 依据, 标题, 日期."""

import re
from collections.abc import Callable

from assistant.answering import refusals
from assistant.answering.duties import heading_span
from assistant.answering.library import Library, answered, clause_name, quotation
from assistant.citations import cite
from assistant.datatypes import Answer, Citation, Clause, Document, MetadataField, MetaField, Plan

_NAMES: dict[MetaField, str] = {
    "title": "标题",
    "doc_number": "发文字号",
    "issuer": "发文机关",
    "recipients": "主送机关",
    "copies": "抄送机关",
    "basis": "制定依据",
    "date": "成文日期",
    "place": "制定地方",
    "audience": "针对的对象和分组",
    "validity": "施行与有效期",
    "purpose": "制定目的",
}
_DOCUMENTS = 5  # so many documents at most are told about in one answer
_DAY = re.compile(r"几月|几[日号]|哪(?:一)?[天日]")
_AIM = re.compile(r"为(?:了|进一步|贯彻|深入|全面|加|推|促|落|规|做|保|切|认|更|加强|\S{0,12}?，)")
_YEAR = re.compile(r"[〔\[【（(]\s*(\d{4})\s*[〕\]】）)]")


def answer_meta(plan: Plan, library: Library) -> Answer:
    """Facts about each document the question is about, with the places they were read from."""
    lines: list[str] = []
    citations: list[Citation] = []
    documents = library.selected(plan)
    for document in documents[:_DOCUMENTS]:
        readings = [_read(name, plan, document, library) for name in plan.meta]
        given = [(line, cited) for line, cited in readings if line]
        if given and len(documents) > 1:
            lines.append(f"**《{document.metadata.title.value or document.file}》**")
        for line, cited in given:
            lines += [line, *(quotation(citation) for citation in cited)]
            citations += cited
    if not lines:
        return refusals.without_fact(plan, library, "、".join(_NAMES[name] for name in plan.meta))
    return answered(plan, lines, citations)


Reading = tuple[str, list[Citation]]


def _read(name: MetaField, plan: Plan, document: Document, library: Library) -> Reading:
    """A line that states a fact and what it rests on; ("", []) when the document does not give it."""
    reader = _READERS.get(name)
    if reader is not None:
        return reader(plan, document, library)
    field: MetadataField = getattr(document.metadata, name)
    if not field.value:
        return "", []
    return f"{_NAMES[name]}：**{field.value}**", [cite(document, None, (field.start, field.end))]


def _basis(plan: Plan, document: Document, library: Library) -> Reading:
    fields = document.metadata.basis
    if not fields:
        return "", []
    values = "\n".join(f"- {field.value}" for field in fields)
    return f"{_NAMES['basis']}：\n{values}", [cite(document, None, (fields[0].start, fields[-1].end))]


def _date(plan: Plan, document: Document, library: Library) -> Reading:
    field = document.metadata.date
    if field.value:
        year, month, day = field.value.split("-")
        line = f"{_NAMES['date']}：**{year}年{int(month)}月{int(day)}日**（{field.value}）"
        return line, [cite(document, None, (field.start, field.end))]
    number = document.metadata.doc_number
    year_found = _YEAR.search(number.value)
    # The year stands in the number; a day asked for stands nowhere.
    if not year_found or _DAY.search(plan.question):
        return "", []
    line = f"文件没有写明成文日期；从发文字号看是 **{year_found.group(1)}年**（{number.value}）。"
    return line, [cite(document, None, (number.start, number.end))]


def _place(plan: Plan, document: Document, library: Library) -> Reading:
    issuer = document.metadata.issuer
    places = library.lexicon.find_places(f"{issuer.value}，{document.metadata.title.value}")
    if not places or not issuer.value:
        return "", []
    citation = cite(document, None, (issuer.start, issuer.end))
    return f"这是**{places[0].text}**的文件，发文机关：{issuer.value}。", [citation]


def _audience(plan: Plan, document: Document, library: Library) -> Reading:
    """The sub-headings of the section with the most clauses below: what the plan is divided into."""
    outline = library.outline(document.id)
    tops = outline.children(("", ()))
    if not tops:
        return "", []
    main = max(tops, key=lambda clause: clause.end - clause.start)
    groups = outline.children((main.part, main.path)) or tops
    items = "\n".join(f"{number}. {clause_name(clause)}" for number, clause in enumerate(groups, 1))
    return f"{_NAMES['audience']}：\n{items}", [
        cite(document, clause, heading_span(document, clause)) for clause in groups
    ]


def _validity(plan: Plan, document: Document, library: Library) -> Reading:
    fields = [field for field in (document.metadata.effective, document.metadata.expires) if field.value]
    if not fields:
        return "", []
    # Dates that a person entered stand nowhere in the text: they are told as such and not quoted.
    printed = [field for field in fields if field.end > field.start]
    values = "；".join(field.value if field in printed else f"{field.value}（人工填写）" for field in fields)
    return f"{_NAMES['validity']}：**{values}**", [
        cite(document, _clause_at(document, field.start), (field.start, field.end)) for field in printed
    ]


def _clause_at(document: Document, offset: int) -> Clause | None:
    """The innermost clause that holds an offset."""
    holding = [clause for clause in document.clauses if clause.start <= offset < clause.end]
    return max(holding, key=lambda clause: len(clause.path), default=None)


def _purpose(plan: Plan, document: Document, library: Library) -> Reading:
    """The sentence of the preamble that says what the document is for: 「为进一步落实…」."""
    sentences = library.outline(document.id).own_sentences(None)
    stating = [span for span in sentences if _AIM.match(document.text, *span)]
    if not stating:
        return "", []
    return f"{_NAMES['purpose']}（原文）：", [cite(document, None, stating[0])]


_READERS: dict[MetaField, Callable[[Plan, Document, Library], Reading]] = {
    "basis": _basis,
    "date": _date,
    "place": _place,
    "audience": _audience,
    "validity": _validity,
    "purpose": _purpose,
}
