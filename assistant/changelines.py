"""One change of a revision in words."""

from collections.abc import Sequence

from assistant.datatypes import ROLE_NAMES, Clause, Role
from assistant.differences import Edit
from assistant.figures import FIGURE_NAMES, FigureKind
from assistant.revisions import ClauseChange, Revision, UnitChange

_REWRITTEN = 8  # changes from which both texts are shown whole instead of word by word
#: Name of the text outside all clauses.
FRONT = "文件开头和落款"


def overview(revision: Revision) -> str:
    """How many clauses were changed, added, removed, renumbered and moved."""
    counts = {
        kind: sum(bool(each.old or each.new) for each in revision.of_kind(kind))
        for kind in ("changed", "added", "removed", "unchanged")
    }
    placed = {
        name: sum(each.placement == name for each in revision.clauses) for name in ("renumbered", "moved")
    }
    places = (
        f"其中编号变了的 {placed['renumbered']} 条，换到别的部分的 {placed['moved']} 条。"
        if any(placed.values())
        else ""
    )
    return (
        f"旧版 {len(revision.old.clauses)} 条，新版 {len(revision.new.clauses)} 条："
        f"修改 {counts['changed']} 条，新增 {counts['added']} 条，删除 {counts['removed']} 条，"
        f"内容未变 {counts['unchanged']} 条。{places}"
    )


def change_lines(change: ClauseChange) -> list[str]:
    """What changed in a clause that both versions have, one line for each aspect."""
    rows = (
        ("文字", wording(change)),
        ("责任单位", unit_changes(change.units)),
        ("期限", "；".join(arrow(each.old, each.new) for each in change.deadlines)),
        ("数字", figure_list(change)),
    )
    return [f"{name}：{text}" for name, text in rows if text]


def clause_title(clause: Clause | None) -> str:
    """「附件1 二（三）1 维护农民工合法权益」."""
    return f"{clause.part} {clause.label} {clause.heading}".strip() if clause else FRONT


def former_place(change: ClauseChange) -> str:
    """「（原编号 二（二））」, 「（原在 三（一））」; "" where the clause kept its place."""
    if change.placement == "same" or change.old is None:
        return ""
    word = "原编号" if change.placement == "renumbered" else "原在"
    return f"（{word} {f'{change.old.part} {change.old.label}'.strip()}）"


def wording(change: ClauseChange) -> str:
    """The changed words, or both texts where much changed."""
    if len(change.edits) >= _REWRITTEN:
        return f"改动较多。旧文：{on_one_line(change.old_text)} 新文：{on_one_line(change.new_text)}"
    return "；".join(map(_edit, change.edits))


def _edit(edit: Edit) -> str:
    old, new = on_one_line(edit.old), on_one_line(edit.new)
    if not old:
        return f"“{edit.before}”后增加“{new}”" if edit.before else f"增加“{new}”"
    return f"{edit.before}“{old}”改为“{new}”" if new else f"{edit.before}“{old}”删去"


def unit_changes(changes: Sequence[UnitChange]) -> str:
    """「增加市审计局（责任）；市住建局由配合改为牵头」."""
    return "；".join(map(_unit, changes))


def _unit(change: UnitChange) -> str:
    if change.old_role is None:
        return f"增加{change.unit}（{role_name(change.new_role)}）"
    if change.new_role is None:
        return f"去掉{change.unit}（原{role_name(change.old_role)}）"
    name = f"{change.unit}（原名{change.former}）" if change.former else change.unit
    if change.old_role == change.new_role:
        return name
    return f"{name}{role_change(change)}"


def role_change(change: UnitChange) -> str:
    """「由配合改为牵头」."""
    return f"由{role_name(change.old_role)}改为{role_name(change.new_role)}"


def role_name(role: Role | None) -> str:
    """A role as people read it."""
    return ROLE_NAMES[role] if role else "无"


def figure_list(change: ClauseChange) -> str:
    """「金额 （每户补助）2000元 → 3000元」, by kind."""

    def one(kind: FigureKind) -> str:
        texts = [
            f"{f'（{each.before}）' if each.before else ''}{arrow(each.old, each.new)}"
            for each in change.figures
            if each.kind == kind
        ]
        return f"{FIGURE_NAMES[kind]} {'、'.join(texts)}" if texts else ""

    return "；".join(filter(None, map(one, FIGURE_NAMES)))


def arrow(old: str, new: str) -> str:
    """「2000元 → 3000元」."""
    return f"{old or '（无）'} → {new or '（无）'}"


def on_one_line(text: str) -> str:
    """A text without its line breaks."""
    return text.replace("\n", " ").strip()
