"""What a unit has to do: complete lists from the ledger, never from top-k."""

import re
from collections.abc import Sequence

from assistant.answering import refusals
from assistant.answering.library import Library, answered, clause_name, unit_names
from assistant.citations import cite, shown
from assistant.datatypes import ROLE_NAMES, Answer, Citation, Clause, Document, Duty, Path, Plan, Role

Row = tuple[Document, Clause, list[Duty]]


def answer_duties(plan: Plan, library: Library) -> Answer:
    """All clauses of a unit; of several units together; without a unit; or the unit of every clause."""
    rows = _rows(plan, library)
    if not rows:
        return _mentioned(plan, library) or refusals.not_covered(plan, library)
    if plan.relation == "every":
        return _every(plan, library, rows)
    if plan.relation == "most" or not plan.units:
        return answer_all_units(plan, library)
    unknown = [unit for unit in plan.units if not library.ledger.of_unit(unit)]
    if unknown and plan.relation != "not":
        return refusals.no_such_unit(plan, unknown)
    matching = [(document, clause, _of(plan.units, duties, library)) for document, clause, duties in rows]
    if plan.relation == "not":
        absent = [row for row in matching if not row[2]]
        head = f"有责任单位标注的 {len(rows)} 条中，没有{'、'.join(plan.units)}的有 {len(absent)} 条："
        return _listed(plan, head, absent)
    if plan.relation == "and":
        both = [row for row in matching if _all_present(plan.units, row[2], library)]
        head = f"{'、'.join(plan.units)}共同承担的有 {len(both)} 条{_where(plan.scope, library, plan)}："
        return _listed(plan, head if both else f"{head.rstrip('：')}。{_each(plan, matching, library)}", both)
    present = [row for row in matching if row[2]]
    role = _asked_role(plan)
    of_role = [
        (document, clause, [duty for duty in duties if duty.role == role])
        for document, clause, duties in present
    ]
    of_role = [row for row in of_role if row[2]]
    if role and of_role:
        where = _where(plan.scope, library, plan)
        head = f"{'、'.join(plan.units)}{ROLE_NAMES[role]}的有 {len(of_role)} 条{where}："
        return _listed(plan, head, of_role)
    head = f"{'、'.join(plan.units)}共有 {len(present)} 条任务{_where(plan.scope, library, plan)}："
    return _listed(plan, head, present)


def _asked_role(plan: Plan) -> Role | None:
    """The one role a question asks for: 「牵头哪几条」; None when it asks for all."""
    lead = "牵头" in plan.question
    support = bool(re.search(r"配合|协助|协办", plan.question))
    if lead == support or re.search(r"负责|承担|参与", plan.question):
        return None
    return "lead" if lead else "support"


def _rows(plan: Plan, library: Library) -> list[Row]:
    documents = [document.id for document in library.selected(plan)]
    clauses = library.ledger.clauses(documents=documents, within=plan.scope)
    return [
        (library.documents[name], clause, library.ledger.of_clause(name, clause)) for name, clause in clauses
    ]


def _of(units: Sequence[str], duties: Sequence[Duty], library: Library) -> list[Duty]:
    return [duty for duty in duties if any(library.lexicon.same_unit(unit, duty.canonical) for unit in units)]


def _all_present(units: Sequence[str], duties: Sequence[Duty], library: Library) -> bool:
    return all(any(library.lexicon.same_unit(unit, duty.canonical) for duty in duties) for unit in units)


def _where(scope: Path, library: Library, plan: Plan) -> str:
    if not scope:
        return ""
    for document in library.selected(plan):
        clause = library.outline(document.id).by_key.get(("", scope))
        if clause:
            return f"（只看{clause_name(clause)}）"
    return ""


def _each(plan: Plan, rows: Sequence[Row], library: Library) -> str:
    """「分别看：财政局 2 条，人社局 1 条」, for units that have no clause together."""
    counts = [
        f"{unit} {sum(bool(_of([unit], duties, library)) for _, _, duties in rows)} 条" for unit in plan.units
    ]
    return f"分别看：{'，'.join(counts)}"


def _mentioned(plan: Plan, library: Library) -> Answer | None:
    """The sentences that name the units, where the documents mark no responsible units at all."""
    lines: list[str] = []
    citations: list[Citation] = []
    cores = {library.lexicon.parse(unit).core for unit in plan.units}
    forms = library.lexicon.aliases(plan.units) | cores  # one of which a sentence must have
    for document in library.selected(plan):
        for clause in document.clauses:
            if not any(form in document.text[clause.start : clause.end] for form in forms):
                continue
            for span in library.outline(document.id).own_sentences(clause):
                names = [each.text for each in library.lexicon.find_mentions(document.text[slice(*span)])]
                if any(library.lexicon.same_unit(unit, name) for unit in plan.units for name in names):
                    citations.append(cite(document, clause, span))
                    lines.append(f"{len(lines) + 1}. {clause_name(clause)}：{shown(citations[-1].quote)}")
    if not lines:
        return None
    head = f"文件没有标注责任单位；写到{'、'.join(plan.units)}的有 {len(lines)} 处："
    return answered(plan, [head, "\n".join(lines)], citations)


def _listed(plan: Plan, head: str, rows: Sequence[Row]) -> Answer:
    lines = [head if rows else head.rstrip("：") + "。"]
    items = []
    for number, (document, clause, duties) in enumerate(rows, 1):
        roles = "、".join(dict.fromkeys(ROLE_NAMES[duty.role] for duty in duties))
        items.append(
            f"{number}. {clause_name(clause)}{f'（{roles}）' if roles else ''}{_source(document, rows)}"
        )
    lines.append("\n".join(items))
    citations = [_citation(document, clause, duties) for document, clause, duties in rows]
    units = [(document, duty) for document, _, duties in rows for duty in duties]
    return answered(plan, lines, citations, units=units)


def _citation(document: Document, clause: Clause, duties: Sequence[Duty]) -> Citation:
    """The annotation that names the unit, or the heading where the unit is not named."""
    if duties:
        return cite(document, clause, (duties[0].annotation_start, duties[0].annotation_end))
    return cite(document, clause, heading_span(document, clause))


def heading_span(document: Document, clause: Clause) -> tuple[int, int]:
    """The clause's numeral and heading; its first 60 characters when it has no heading."""
    found = document.text.find(clause.heading, clause.start, clause.end) if clause.heading else -1
    end = found + len(clause.heading) if found >= 0 else min(clause.end, clause.start + 60)
    return clause.start, end


def _source(document: Document, rows: Sequence[Row]) -> str:
    """The document of a line, where the lines are of several."""
    if len({each.id for each, _, _ in rows}) == 1:
        return ""
    return f" ——《{document.metadata.title.value or document.file}》"


def _every(plan: Plan, library: Library, rows: Sequence[Row]) -> Answer:
    names = [
        name
        for name in library.ledger.units(
            documents=[document.id for document, _, _ in rows], within=plan.scope
        )
        if all(
            any(library.lexicon.same_unit(name, duty.canonical) for duty in duties) for _, _, duties in rows
        )
    ]
    if not names:
        return _listed(plan, f"没有哪个单位在全部 {len(rows)} 条里都列为责任单位。", [])
    matching = [(document, clause, _of(names, duties, library)) for document, clause, duties in rows]
    printed = unit_names(duty for _, _, duties in matching for duty in duties)
    return _listed(
        plan,
        f"在全部 {len(rows)} 条里都列为责任单位的是：{'、'.join(names)}（原文写作{printed}）。",
        matching,
    )


def answer_all_units(plan: Plan, library: Library) -> Answer:
    """Every unit with the number of its clauses, most first."""
    rows = _rows(plan, library)
    documents = [document.id for document in library.selected(plan)]
    counted = []
    for name in library.ledger.units(documents=documents, within=plan.scope):
        present = [(document, clause, _of([name], duties, library)) for document, clause, duties in rows]
        counted.append((name, [row for row in present if row[2]]))
    if not counted:
        return refusals.not_covered(plan, library)
    counted.sort(key=lambda each: -len(each[1]))
    items = [f"{number}. {name}：{len(present)} 条" for number, (name, present) in enumerate(counted, 1)]
    top, matching = counted[0]
    head = f"共有 {len(counted)} 个责任单位，任务最多的是{top}（{len(matching)} 条）。各单位的任务数："
    citations = [_citation(document, clause, duties) for document, clause, duties in rows]
    units = [(document, duty) for document, _, duties in rows for duty in duties]
    if plan.relation == "most":
        citations = [_citation(document, clause, duties) for document, clause, duties in matching]
        units = [(document, duty) for document, _, duties in matching for duty in duties]
    return answered(plan, [head, "\n".join(items)], citations, units=units)
