"""Benefits, facts and deadlines: the governing sentences and whom to turn to."""

import re
from collections.abc import Sequence

from assistant.answering import refusals
from assistant.answering.library import (
    Library,
    answered,
    beyond_heading,
    clause_name,
    joined,
    quotation,
    unit_names,
)
from assistant.answering.support import asks_for_several, has_object, is_supported, valued_sentences
from assistant.citations import cite, shown
from assistant.datatypes import Answer, Citation, Clause, Deadline, Document, Duty, Hit, Plan
from assistant.outline import Span
from assistant.text import sentences, trim
from assistant.values import KIND_NAMES, values

_ROOM = 420  # characters quoted of the first clause
_WHOLE = 800  # characters quoted of a clause that is wanted whole
_SECOND = 0.7  # a further clause is shown when its score is at least this share of the first's
_ANY_LIMIT = re.compile(r"(?:有没有|有无|哪些|什么|啥|几个).{0,8}(?:时间节点|时间要求|期限|时限|截止)")
_MORE = re.compile(r"(?:按|依|凭|以|根据)(?:照)?(?:什么|啥)|怎么(?:控制|管|定|算)")
_FEW, _FEW_SHARE = 3, 0.25  # so few limits are all shown to a question that names none
_DATED = 0.75  # of the best clause's coverage that the surroundings of a limit must reach
_DATE = re.compile(r"\d{1,2}月\d{1,2}[日号]|\d{4}年(?:\d{1,2}月)?")


def answer_passage(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """The sentences that answer a benefit or fact question, from the best clause and its closest rival."""
    if not is_supported(library, hits):
        return refusals.not_covered(plan, library, hits[:2])
    selections = [
        (hit, beyond_heading(library, hit))
        for number, hit in enumerate(hits[:3])
        if number == 0 or (hit.score >= _SECOND * hits[0].score and not _is_title(library, hit))
    ]
    missing = plan.expects is not None and not has_object(plan, library, hits[0])
    valued = [] if missing else valued_sentences(plan, library, hits[:4])
    if valued:
        return _quoted_answer(
            plan, library, _valued_first(selections, valued), _value_line(plan, library, valued)
        )
    # 「能占多少，按啥控制」 asks for more than the value: what the text says is shown all the same.
    if plan.expects is not None and _MORE.search(plan.question):
        note = f"文件没有给出具体{KIND_NAMES[plan.expects]}，只有下面的规定。"
        return _quoted_answer(plan, library, selections, note)
    if plan.expects is not None:
        return refusals.not_stated(plan, library, hits[:2], library.cite(hits[0], hits[0].sentences[0]))
    return _quoted_answer(plan, library, selections)


def _is_title(library: Library, hit: Hit) -> bool:
    """Whether a hit is a section that says nothing itself but its heading."""
    clause = library.clause(hit)
    if clause is None or library.outline(hit.document).is_leaf(clause):
        return False
    own = library.outline(hit.document).own_sentences(clause)
    text = library.documents[hit.document].text
    words = "".join("".join(text[start:end].split()) for start, end in own)
    return bool(clause.heading) and words.rstrip("。：:").endswith("".join(clause.heading.split()))


def answer_whole(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """All that the best clause says, for questions that want everything listed."""
    if not is_supported(library, hits):
        return refusals.not_covered(plan, library, hits[:2])
    hit = hits[0]
    spans = library.outline(hit.document).own_sentences(library.clause(hit))
    if sum(end - start for start, end in spans) > _WHOLE:
        spans = _fitting([*hit.sentences, *(span for span in spans if span not in hit.sentences)], _WHOLE)
    return _quoted_answer(plan, library, [(hit, spans)], room=_WHOLE)


def _quoted_answer(
    plan: Plan,
    library: Library,
    selections: Sequence[tuple[Hit, list[Span]]],
    summary: str = "",
    *,
    room: int = _ROOM,
) -> Answer:
    blocks: list[list[Citation]] = []
    lines = [summary]
    several = len({hit.document for hit, _ in selections}) > 1
    for number, (hit, spans) in enumerate(selections):
        document = library.documents[hit.document]
        kept = _fitting(spans, room if number == 0 else _ROOM // 2)
        blocks.append([library.cite(hit, span) for span in joined(kept, document.text)])
        source = f"《{document.metadata.title.value or document.file}》" if several else ""
        name = f"{source}{clause_name(library.clause(hit))}"
        head = f"**{name}** 规定：" if number == 0 else f"另见 **{name}**："
        if number == 0:
            blocks[-1] += _listed(library, hit, kept)
        lines.append("\n\n".join([head, *(f"> {shown(citation.quote)}" for citation in blocks[-1])]))
    duties = _turn_to(library, *selections[0])
    if duties:
        lines.append(f"可以找：{unit_names(duty for _, duty in duties)}。")
    return answered(plan, lines, _leading_first(blocks), units=duties)


def _listed(library: Library, hit: Hit, spans: Sequence[Span]) -> list[Citation]:
    """The sub-clauses that a quoted sentence announces (「具备下列条件：」), as many as there is room for."""
    document, clause = library.documents[hit.document], library.clause(hit)
    if clause is None or not any(
        document.text[slice(*span)].rstrip().endswith(("：", ":")) for span in spans
    ):
        return []
    items: list[Citation] = []
    room = _WHOLE
    for item in library.outline(hit.document).children((clause.part, clause.path)):
        start, end = trim(document.text, item.start, item.end)
        room -= end - start
        if room < 0:
            break
        items.append(cite(document, item, (start, end)))
    return items


def answer_deadline(plan: Plan, library: Library, hits: list[Hit]) -> Answer:
    """The time limits of the clauses that the question is about."""
    named = _DATE.findall(plan.question)
    found = []
    for document in library.concerned(plan, hits):
        for deadline in document.deadlines:
            clause = library.outline(document.id).by_key.get((deadline.part, deadline.path))
            span, around = _sentence_of(document, deadline, clause)
            share = library.retriever.coverage(plan.terms, document.text[around[0] : around[1]])
            # What is asked may stand in the sentence beside the one with the date.
            if share > library.retriever.coverage(plan.terms, document.text[span[0] : span[1]]):
                span = around
            asked = any(date.replace("号", "日") in deadline.text.replace(" ", "") for date in named)
            found.append((share + asked, document, deadline, span))
    found.sort(key=lambda each: (-each[0], each[1].id, each[2].start))
    # A limit in the clause that fits the question best is meant, however little its sentence shares.
    top = (hits[0].document, hits[0].part, hits[0].path) if hits else None
    inside = [each for each in found if (each[1].id, each[2].part, each[2].path) == top and each[0] > 0]
    if inside:
        return _limits(plan, library, inside)
    best = found[0][0] if found else 0.0
    elsewhere = hits[0].coverage if hits else 0.0
    if best < _FEW_SHARE:
        # Nothing names the matter: 「有没有写死的时间节点」 asks for whatever limits there are.
        if not found or len(found) > _FEW or not _ANY_LIMIT.search(plan.question):
            return answer_passage(plan, library, hits)
    elif best < _DATED * elsewhere:
        return answer_passage(plan, library, hits)
    return _limits(plan, library, found)


def answer_further_deadlines(plan: Plan, library: Library) -> Answer:
    """The time limits of the clauses that an earlier answer has not shown."""
    rest = [
        (1.0, document, deadline, _sentence_of(document, deadline, clause)[0])
        for document in library.selected(plan)
        for deadline in document.deadlines
        if (document.id, deadline.part, deadline.path) not in plan.seen
        for clause in [library.outline(document.id).by_key.get((deadline.part, deadline.path))]
    ]
    if not rest:
        return refusals.nothing_further(plan, "文件里没有别的期限了。")
    return _limits(plan, library, rest)


def _limits(plan: Plan, library: Library, found: Sequence[tuple[float, Document, Deadline, Span]]) -> Answer:
    """The limits that fit nearly as well as the best one."""
    lines, citations = [], []
    told = [each for each in found[:5] if each[0] >= 0.8 * found[0][0]]
    several = len({document.id for _, document, _, _ in told}) > 1
    for share, document, deadline, span in told:
        clause = library.outline(document.id).by_key.get((deadline.part, deadline.path))
        hit = Hit(document.id, deadline.part, deadline.path, share, share, 0.0, (span,))
        citations.append(library.cite(hit, span))
        source = f"《{document.metadata.title.value or document.file}》" if several else ""
        lines += [f"期限：**{deadline.text}**（{source}{clause_name(clause)}）。", quotation(citations[-1])]
    return answered(plan, lines, citations)


def _valued_first(
    selections: list[tuple[Hit, list[Span]]], valued: Sequence[tuple[Hit, Span]]
) -> list[tuple[Hit, list[Span]]]:
    """Clauses that give the value asked for come first, and in them the sentences that give it."""
    first: dict[int, tuple[Hit, list[Span]]] = {}
    for hit, span in valued[:3]:
        first.setdefault(id(hit), (hit, []))[1].append(span)
    others = [(hit, spans) for hit, spans in selections if id(hit) not in first]
    return [*first.values(), *others][:3]


def _value_line(plan: Plan, library: Library, valued: Sequence[tuple[Hit, Span]]) -> str:
    """The values of the best sentence; of all in its clause where several are asked for."""
    assert plan.expects is not None
    told = (
        [span for hit, span in valued[:3] if hit is valued[0][0]]
        if asks_for_several(plan)
        else [valued[0][1]]
    )
    document = library.documents[valued[0][0].document]
    found: dict[str, None] = {}
    for start, end in sorted(told):
        text = document.text[start:end]
        found |= dict.fromkeys("".join(text[slice(*span)].split()) for span in values(plan.expects, text))
    return f"{KIND_NAMES[plan.expects]}：**{'、'.join(list(found)[:4])}**（见下文）。"


def _fitting(spans: Sequence[Span], room: int) -> list[Span]:
    """As many sentences as fit, best first, at least one."""
    kept: list[Span] = []
    for span in spans:
        if kept and sum(end - start for start, end in (*kept, span)) > room:
            break
        kept.append(span)
    return kept


def _leading_first(blocks: Sequence[Sequence[Citation]]) -> list[Citation]:
    """The first citation of each clause, then the others: importance goes by clause."""
    return [*(block[0] for block in blocks if block), *(each for block in blocks for each in block[1:])]


def _turn_to(library: Library, hit: Hit, spans: Sequence[Span]) -> list[tuple[Document, Duty]]:
    document, clause = library.documents[hit.document], library.clause(hit)
    if clause is None:
        return []
    return [(document, duty) for duty in library.governing(document, clause, at=spans[0] if spans else None)]


def _sentence_of(document: Document, deadline: Deadline, clause: Clause | None) -> tuple[Span, Span]:
    """The sentence with a deadline, and in its clause the stretch from the one before to the one after."""
    inside = (clause.start, clause.end) if clause else (0, len(document.text))
    near = max(inside[0], deadline.start - 400), min(inside[1], deadline.end + 300)
    spans = sentences(document.text, *near)
    at = next((i for i, span in enumerate(spans) if span[0] <= deadline.start < span[1]), None)
    if at is None:
        return (deadline.start, deadline.end), (deadline.start, deadline.end)
    return spans[at], (spans[max(0, at - 1)][0], spans[min(len(spans) - 1, at + 1)][1])
