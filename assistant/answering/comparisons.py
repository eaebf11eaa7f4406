"""Comparisons: two clauses, two units, two groups on one matter."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.answering import refusals
from assistant.answering.duties import answer_duties, heading_span
from assistant.answering.library import Library, answered, clause_name, joined, quotation, unit_list
from assistant.answering.passages import answer_passage
from assistant.answering.support import is_supported
from assistant.citations import cite
from assistant.datatypes import Answer, Citation, Clause, Document, Duty, Hit, Plan, Verdict
from assistant.understanding.topics import TopicReader

# 「技工跟企业签合同，和农民工跟企业签合同，有啥不同」: whole phrases set off by commas.
_PARTED = re.compile(r"(?P<first>[^，。？]{2,30})，(?:和|跟|与|同)(?P<second>[^，。？]{2,30})，")
_SIDES = re.compile(
    r"(?P<first>[^，。？、]{1,16}?)(?:和|跟|与|同|、|比)(?P<second>[^，。？、]{1,16}?)(?:在|的|对|，|有|相比|比较|对比|一样|享受|之间|分别|各|$)"
)


def answer_comparison(plan: Plan, library: Library, topics: TopicReader) -> Answer:
    """Side by side, differences first."""
    named = library.named_clauses(plan)
    if len(named) >= 2:
        return _clauses(plan, named[0], named[1], library)
    if plan.relation == "most":
        return (
            _most(plan, library) if "条" in plan.question and not plan.units else answer_duties(plan, library)
        )
    if len(plan.units) >= 2:
        return _units(plan, library)
    return _groups(plan, library, topics)


def _clauses(
    plan: Plan, first: tuple[Document, Clause], second: tuple[Document, Clause], library: Library
) -> Answer:
    sides = [(document, clause, library.governing(document, clause)) for document, clause in (first, second)]
    shared, only = _split(sides[0][2], sides[1][2], library)
    lines = [f"共同的责任单位（{len(shared)} 个）：{_names(shared)}。"]
    for (_, clause, _), own in zip(sides, only, strict=True):
        lines.append(f"只有 **{clause_name(clause)}** 列出的（{len(own)} 个）：{_names(own)}。")
    citations: list[Citation] = []
    for document, clause, duties in sides:
        span = (
            (duties[0].annotation_start, duties[0].annotation_end)
            if duties
            else heading_span(document, clause)
        )
        citations.append(cite(document, clause, span))
    lines += [quotation(citation) for citation in citations]
    units = [(document, duty) for document, _, duties in sides for duty in duties]
    return answered(plan, lines, citations, units=units, verdict=_verdict(plan, not (only[0] or only[1])))


def _split(
    first: list[Duty], second: list[Duty], library: Library
) -> tuple[list[Duty], tuple[list[Duty], list[Duty]]]:
    def within(duty: Duty, others: list[Duty]) -> bool:
        return any(library.lexicon.same_unit(duty.canonical, other.canonical) for other in others)

    shared = [duty for duty in first if within(duty, second)]
    return shared, (
        [duty for duty in first if not within(duty, second)],
        [duty for duty in second if not within(duty, first)],
    )


def _names(duties: list[Duty]) -> str:
    return "、".join(duty.unit for duty in duties) or "无"


def _units(plan: Plan, library: Library) -> Answer:
    first, second = plan.units[:2]
    unknown = [unit for unit in (first, second) if not library.ledger.of_unit(unit)]
    if unknown:
        return refusals.no_such_unit(plan, unknown)
    documents = [document.id for document in library.selected(plan)]
    entries = [
        library.ledger.of_unit(unit, documents=documents, within=plan.scope) for unit in (first, second)
    ]
    keys = [dict.fromkeys((entry.document, *entry.key) for entry in each) for each in entries]
    shared = [key for key in keys[0] if key in keys[1]]
    lines = [
        f"{'一样' if keys[0].keys() == keys[1].keys() else '不完全一样'}："
        f"{first}有 {len(keys[0])} 条，{second}有 {len(keys[1])} 条，共同的有 {len(shared)} 条。"
    ]
    for title, chosen in (
        ("共同的", shared),
        (f"只有{first}的", [key for key in keys[0] if key not in keys[1]]),
        (f"只有{second}的", [key for key in keys[1] if key not in keys[0]]),
    ):
        names = [clause_name(library.outline(name).by_key[part, path]) for name, part, path in chosen]
        lines.append(f"{title}（{len(chosen)} 条）：{'；'.join(names) or '无'}。")
    found = sorted((entry for each in entries for entry in each), key=lambda entry: entry.duty.start)
    citations = [
        cite(
            library.documents[entry.document],
            library.outline(entry.document).by_key[entry.key],
            _annotation(entry.duty),
        )
        for entry in found
    ]
    units = [(library.documents[entry.document], entry.duty) for entry in found]
    return answered(
        plan, lines, citations, units=units, verdict=_verdict(plan, keys[0].keys() == keys[1].keys())
    )


def _annotation(duty: Duty) -> tuple[int, int]:
    return duty.annotation_start, duty.annotation_end


def _verdict(plan: Plan, same: bool) -> Verdict | None:
    if not plan.yes_no:
        return None
    return "yes" if same else "no"


def _most(plan: Plan, library: Library) -> Answer:
    """The clause with the most (or fewest) units."""
    documents = [document.id for document in library.selected(plan)]
    rows = [
        (library.documents[name], clause, library.ledger.of_clause(name, clause))
        for name, clause in library.ledger.clauses(documents=documents, within=plan.scope)
    ]
    if not rows:
        return refusals.not_covered(plan, library)
    sizes = [len(duties) for _, _, duties in rows]
    wanted = min(sizes) if "最少" in plan.question else max(sizes)
    lines, citations, units = [], [], []
    for document, clause, duties in rows:
        if len(duties) == wanted:
            citations.append(cite(document, clause, _annotation(duties[0])))
            lines.append(f"**{clause_name(clause)}**（{wanted} 个）：{unit_list(duties)}。")
            units += [(document, duty) for duty in duties]
    word = "最少" if "最少" in plan.question else "最多"
    head = f"责任单位{word}的是以下 {len(lines)} 条，各有 {wanted} 个单位："
    return answered(plan, [head, *lines], citations, units=units)


def _groups(plan: Plan, library: Library, topics: TopicReader) -> Answer:
    """Two groups on one matter: each searched with the matter, quoted one after the other."""
    found = [(name, hits[0]) for name, hits in _sides(plan, library, topics) if is_supported(library, hits)]
    if len(found) < 2:
        return answer_passage(replace(plan, expects=None), library, library.retriever.search(plan))
    clauses = [(library.documents[hit.document], library.clause(hit)) for _, hit in found]
    if re.search(r"单位|部门|谁负责|归谁", plan.question):
        (first, one), (second, other) = clauses
        if one and other and one != other:
            return _clauses(plan, (first, one), (second, other), library)
    lines: list[str] = []
    citations: list[Citation] = []
    for name, hit in found:
        text = library.documents[hit.document].text
        cited = [library.cite(hit, span) for span in joined(hit.sentences[:3], text)]
        citations += cited
        lines.append(f"**{topics.content(name)}**（{clause_name(library.clause(hit))}）：")
        lines += [quotation(citation) for citation in cited]
    return answered(plan, lines, citations)


def _sides(plan: Plan, library: Library, topics: TopicReader) -> Iterator[tuple[str, list[Hit]]]:
    """Each side's words with the clauses found for them and for what both sides share.

    「领军人才的政治待遇与社会待遇，责任单位差在哪」: 领军人才 is said once and holds for both.
    """
    parted = _PARTED.match(plan.question) or _SIDES.search(plan.question)
    if parted is None:
        return
    own = {name: topics.terms(parted[name]) for name in ("first", "second")}
    words = {name: {term.text for term in terms} for name, terms in own.items()}
    for name, other in (("first", "second"), ("second", "first")):
        shared = [term for term in plan.terms if term.text not in words["first"] | words["second"]]
        borrowed = [term for term in own[other] if term.text not in words[name]]
        terms = (*own[name], *(replace(term, weight=term.weight * 0.6) for term in shared))
        faded = tuple(replace(term, weight=term.weight * 0.15) for term in borrowed)
        matter = plan.question.replace(parted[other], "")
        sided = replace(plan, question=matter, terms=(*terms, *faded), units=())
        yield parted[name], library.retriever.search(sided)
