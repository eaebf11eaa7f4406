"""Comparisons: two clauses, two units, two groups on one matter."""

import re
from dataclasses import replace

from assistant.answering import refusals
from assistant.answering.across import answer_across
from assistant.answering.duties import answer_duties
from assistant.answering.library import (
    Library,
    answered,
    clause_name,
    joined,
    quotation,
    unit_list,
    unit_names,
)
from assistant.answering.passages import answer_passage
from assistant.answering.revising import answer_revision
from assistant.answering.support import is_supported
from assistant.answering.tables import UNMARKED, comparison_table, side_of
from assistant.citations import cite
from assistant.datatypes import Answer, Citation, Clause, Document, Duty, Hit, Path, Plan, Term, Verdict
from assistant.understanding.sections import heading_match
from assistant.understanding.topics import GENERIC_WEIGHT, TopicReader

_ABOUT_UNITS = re.compile(r"单位|部门|谁|牵头|负责|归")
_NAMES_HEADING = 0.7  # of a word by which a question names a heading
# 「技工跟企业签合同，和农民工跟企业签合同，有啥不同」: whole phrases set off by commas.
_PARTED = re.compile(r"(?P<first>[^，。？]{2,30})，(?:和|跟|与|同)(?P<second>[^，。？]{2,30})，")
_SIDES = re.compile(
    r"(?P<first>[^，。？、]{1,16}?)(?:和|跟|与|同|、|比)(?P<second>[^，。？、]{1,16}?)(?:在|的|对|，|有|相比|比较|对比|一样|享受|之间|分别|各|$)"
)


def answer_comparison(plan: Plan, library: Library, topics: TopicReader) -> Answer:
    """Side by side, differences first."""
    if plan.across:
        return answer_revision(plan, library, topics) or answer_across(plan, library)
    named = library.named_clauses(plan)
    if len(named) > 2 and len({document.id for document, _ in named}) > 1:
        return refusals.several_documents(plan, [document for document, _ in named])
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
    """Two clauses by their units; by their words and figures too where not only units are asked for."""
    names = [clause_name(clause) for _, clause in (first, second)]
    if first[0].id != second[0].id:
        names = [f"《{document.metadata.title.value or document.file}》" for document, _ in (first, second)]
    sides = [
        side_of(library, name, document, clause)
        for name, (document, clause) in zip(names, (first, second), strict=True)
    ]
    shared, only = _split(list(sides[0].duties), list(sides[1].duties), library)
    lines = []
    if any(side.duties for side in sides):
        lines.append(f"共同的责任单位（{len(shared)} 个）：{_names(shared)}。")
    for side, own in zip(sides, only, strict=True):
        listed = f"列出的（{len(own)} 个）：{_names(own)}" if side.duties else UNMARKED
        lines.append(f"{'只有 ' if side.duties else ''}**{side.name}** {listed}。")
    citations = [citation for side in sides for citation in side.citations]
    if _ABOUT_UNITS.search(plan.question) and all(side.duties for side in sides):
        citations = [citation for side in sides for citation in side.annotations]
    else:
        lines.append(comparison_table(plan.question, sides))
    lines += [quotation(citation) for citation in citations]
    units = [(side.document, duty) for side in sides for duty in side.duties if side.document]
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
    return unit_names(duties) or "无"


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
    if _ABOUT_UNITS.search(plan.question):
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


def _sides(plan: Plan, library: Library, topics: TopicReader) -> list[tuple[str, list[Hit]]]:
    """Each side's words with the clauses found for them and for what both sides share."""
    headed = _headed(plan, library)
    if headed:
        return [(term.text, _search_headed(plan, library, headed, at)) for at, (term, _) in enumerate(headed)]
    parted = _PARTED.match(plan.question) or _SIDES.search(plan.question)
    if parted is None:
        return []
    return [
        (parted[name], _search_side(plan, library, topics, parted[name], parted[other]))
        for name, other in (("first", "second"), ("second", "first"))
    ]


def _headed(plan: Plan, library: Library) -> list[tuple[Term, Path]]:
    """Two words of the question that name two sections (领军人才, 技术工人), or a section and a clause.

    A word names the outermost clause whose heading has it, if that is one only.
    """
    found: list[tuple[Term, Path]] = []
    for document in library.selected(plan)[:1]:
        for term in plan.terms:
            named = [each for each in document.clauses if heading_match(term, each.heading) >= _NAMES_HEADING]
            depth = min((len(each.path) for each in named), default=0)
            outermost = [each.path for each in named if len(each.path) == depth]
            if len(outermost) == 1 and term.weight > GENERIC_WEIGHT:
                found.append((term, outermost[0]))
    found.sort(key=lambda pair: len(pair[1]))
    first = found[0] if found else None
    second = next((each for each in found if first and each[1] != first[1]), None)
    return [first, second] if first and second else []


def _search_headed(plan: Plan, library: Library, headed: list[tuple[Term, Path]], at: int) -> list[Hit]:
    """Clauses under one side's heading, not under the other's, for what both sides share."""
    (own, inside), (other, outside) = headed[at], headed[1 - at]
    shared = tuple(term for term in plan.terms if term not in (own, other))
    matter = plan.question.replace(other.text, "").replace(own.text, "")
    sided = replace(plan, question=matter, topic="", terms=(*shared, own), units=())
    hits = library.retriever.search(sided, limit=30)
    nested = outside[: len(inside)] == inside
    return [
        hit
        for hit in hits
        if hit.path[: len(inside)] == inside and not (nested and hit.path[: len(outside)] == outside)
    ]


def _search_side(plan: Plan, library: Library, topics: TopicReader, own: str, other: str) -> list[Hit]:
    """Clauses for one side's words and, with less weight, for the rest of the question.

    「领军人才的政治待遇与社会待遇，责任单位差在哪」: 领军人才 is said once and holds for both.
    """
    own_terms, other_terms = topics.terms(own), topics.terms(other)
    sided = {term.text for term in (*own_terms, *other_terms)}
    shared = [replace(term, weight=term.weight * 0.6) for term in plan.terms if term.text not in sided]
    own_words = {term.text for term in own_terms}
    borrowed = [
        replace(term, weight=term.weight * 0.15) for term in other_terms if term.text not in own_words
    ]
    matter = plan.question.replace(other, "")
    terms = (*own_terms, *shared, *borrowed)
    return library.retriever.search(replace(plan, question=matter, topic="", terms=terms, units=()))
