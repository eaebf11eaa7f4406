"""A comparison of two versions as people and programs receive it: text, JSON, Excel."""

from collections.abc import Iterable
from typing import Any

from assistant.changelines import (
    FRONT,
    arrow,
    change_lines,
    clause_title,
    figure_list,
    former_place,
    on_one_line,
    overview,
    role_change,
    role_name,
    unit_changes,
    wording,
)
from assistant.citations import document_name
from assistant.datatypes import Clause, Document
from assistant.revisions import ChangeKind, ClauseChange, Placement, Revision
from assistant.spreadsheet import workbook_bytes

_KINDS: dict[ChangeKind, str] = {"changed": "修改", "added": "新增", "removed": "删除", "unchanged": "未变"}
_PLACES: dict[Placement, str] = {"same": "", "renumbered": "（改编号）", "moved": "（换位置）"}
_RELATED = 0.25  # share of clauses that must have a partner for two files to look like versions of one
_NUMERALS = "一二三四五六"
_HEADER = ("变化", "新条款", "旧条款", "标题", "文字", "责任单位", "期限", "数字", "旧文", "新文")
_WIDTHS = (8, 14, 14, 28, 48, 36, 24, 32, 60, 60)


def revision_text(revision: Revision) -> str:
    """The comparison for a terminal."""
    sections = (
        ("文件信息", [f"{each.name}：{arrow(each.old, each.new)}" for each in revision.facts]),
        ("修改的条款", _numbered(_changed(each) for each in revision.of_kind("changed"))),
        ("新增的条款", _numbered(_lone(each) for each in revision.of_kind("added"))),
        ("删除的条款", _numbered(_lone(each) for each in revision.of_kind("removed"))),
        ("内容未变、只变了编号或位置的条款", _numbered([name] for name in _placed(revision))),
        ("责任单位变化汇总", _by_unit(revision)),
    )
    lines = [f"旧版：{_title(revision.old)}", f"新版：{_title(revision.new)}", overview(revision)]
    lines += _remarks(revision)
    filled = [(name, items) for name, items in sections if items]
    for numeral, (name, items) in zip(_NUMERALS, filled, strict=False):
        lines += ["", f"{numeral}、{name}", *items]
    return "\n".join(lines)


def _title(document: Document) -> str:
    facts = document.metadata
    return document_name(facts.title.value or document.file, facts.doc_number.value)


def _remarks(revision: Revision) -> list[str]:
    """What a reader should know before the details."""
    both = sum(bool(each.old and each.new) for each in revision.clauses)
    most = max(len(revision.old.clauses), len(revision.new.clauses))
    if both < _RELATED * most:
        return ["注意：两份文件能对上的条款很少，可能不是同一份文件的两个版本。"]
    changed = revision.facts or any(
        each.kind != "unchanged" or each.placement != "same" for each in revision.clauses
    )
    return [] if changed else ["两版内容相同。"]


def _numbered(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks of lines with a running number, further lines of a block indented."""
    return [
        f"{number}. {line}" if at == 0 else f"   {line}"
        for number, block in enumerate(blocks, 1)
        for at, line in enumerate(block)
    ]


def _changed(change: ClauseChange) -> list[str]:
    return [f"{clause_title(change.new)}{former_place(change)}", *change_lines(change)]


def _lone(change: ClauseChange) -> list[str]:
    clause = change.new or change.old
    lines = [clause_title(clause), f"原文：{on_one_line(change.new_text or change.old_text)}"]
    units = "、".join(f"{each.unit}（{role_name(each.new_role or each.old_role)}）" for each in change.units)
    lines += [f"责任单位：{units}"] if units else []
    limits = "、".join(each.new or each.old for each in change.deadlines)
    lines += [f"期限：{limits}"] if limits else []
    if change.kin:
        origin = "主要内容原在旧版" if change.new else "主要内容现在新版"
        lines.append(f"{origin} {clause_title(change.kin)}")
    return lines


def _placed(revision: Revision) -> list[str]:
    return [
        f"{clause_title(each.new)}{former_place(each)}"
        for each in revision.of_kind("unchanged")
        if each.placement != "same"
    ]


def _by_unit(revision: Revision) -> list[str]:
    """What each unit gained, lost and leads now, units by first appearance."""
    gained: dict[str, dict[str, list[str]]] = {}
    for change in revision.clauses:
        clause = change.new or change.old
        label = clause.label if clause else FRONT
        for unit in change.units:
            if unit.old_role is None:
                word = "新增"
            elif unit.new_role is None:
                word = "不再承担"
            elif unit.old_role != unit.new_role:
                word = role_change(unit)
            else:
                word = f"更名（原{unit.former}）"
            version = "旧版" if word == "不再承担" else ""
            gained.setdefault(unit.unit, {}).setdefault(word, []).append(f"{version}{label}")
    return [
        f"{unit}：" + "；".join(f"{word} {'、'.join(labels)}" for word, labels in words.items())
        for unit, words in gained.items()
    ]


def revision_record(revision: Revision) -> dict[str, Any]:
    """``diff --json``."""
    return {
        "old": _document_record(revision.old),
        "new": _document_record(revision.new),
        "facts": [{"name": each.name, "old": each.old, "new": each.new} for each in revision.facts],
        "clauses": [_change_record(each) for each in revision.clauses],
    }


def _document_record(document: Document) -> dict[str, Any]:
    facts = document.metadata
    return {
        "document": document.id,
        "file": document.file,
        "title": facts.title.value,
        "doc_number": facts.doc_number.value,
        "date": facts.date.value,
        "clauses": len(document.clauses),
    }


def _change_record(change: ClauseChange) -> dict[str, Any]:
    return {
        "change": change.kind,
        "placement": change.placement,
        "old": _clause_record(change.old),
        "new": _clause_record(change.new),
        "old_text": change.old_text,
        "new_text": change.new_text,
        "edits": [{"before": each.before, "old": each.old, "new": each.new} for each in change.edits],
        "units": [
            {"unit": each.unit, "old_role": each.old_role, "new_role": each.new_role, "former": each.former}
            for each in change.units
        ],
        "deadlines": [{"old": each.old, "new": each.new} for each in change.deadlines],
        "figures": [
            {"kind": each.kind, "old": each.old, "new": each.new, "before": each.before}
            for each in change.figures
        ],
        "kin": _clause_record(change.kin),
    }


def _clause_record(clause: Clause | None) -> dict[str, Any] | None:
    """The clause without its text; None for the text outside all clauses and where there is none."""
    if clause is None:
        return None
    return {
        "part": clause.part,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "start": clause.start,
        "end": clause.end,
    }


def revision_workbook(revision: Revision) -> bytes:
    """The comparison as the bytes of an .xlsx file, one row per clause."""
    return workbook_bytes("新旧对照", _HEADER, _WIDTHS, map(_cells, revision.clauses))


def _cells(change: ClauseChange) -> tuple[str, ...]:
    clause = change.new or change.old
    both = change.kind in ("changed", "unchanged")
    return (
        f"{_KINDS[change.kind]}{_PLACES[change.placement]}",
        change.new.label if change.new else "",
        change.old.label if change.old else "",
        clause.heading if clause else FRONT,
        wording(change) if both else "",
        unit_changes(change.units),
        "；".join(arrow(each.old, each.new) for each in change.deadlines),
        figure_list(change),
        change.old_text,
        change.new_text,
    )
