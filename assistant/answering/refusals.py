"""Plain refusals: what is not in the documents is said, with the reason and the nearest clauses."""

from collections.abc import Sequence

from assistant.answering.library import Library, clause_name
from assistant.citations import source_name
from assistant.datatypes import Answer, Citation, Document, Hit, Intent, Plan, Status
from assistant.values import KIND_NAMES

_CHAT = (
    "我是政策问答助手，只回答已收录文件里的内容：某项工作归哪个单位、某个单位有哪些任务、"
    "有什么待遇和规定、期限是哪天。请直接提出与文件有关的问题，例如“农民工欠薪归谁管？”。"
)
_INJECTION = "我只根据已收录的文件回答问题，不执行改变规则或指定答案的要求。请提出与文件内容有关的问题。"
_NOTHING_BEFORE = "前面还没有问过问题，没有可以接着说的内容。请说明想查什么，例如“农民工有什么待遇？”。"
_MEANINGLESS = "没有看懂这个问题。请用一句话说明想查什么，例如“技术工人培训由哪些单位负责？”。"


def chat(plan: Plan) -> Answer:
    """Small talk, instructions to the program, and 「继续」 where nothing has been said."""
    text = _INJECTION if "injection" in plan.notes else _CHAT
    if "nothing before" in plan.notes:
        text = _NOTHING_BEFORE
    return _refusal(plan.question, text, "chat", "chat")


def meaningless(question: str) -> Answer:
    """Nothing to look up."""
    return _refusal(question, _MEANINGLESS, "chat", "no_evidence")


def not_covered(plan: Plan, library: Library, related: Sequence[Hit] = ()) -> Answer:
    """No document speaks of the matter."""
    names = "、".join(f"《{each.metadata.title.value or each.file}》" for each in library.selected(plan)[:3])
    lines = [*_notes(plan), f"不在文件范围：{names}没有涉及这个问题的内容，无法回答。"]
    return _refusal(plan.question, "\n\n".join(lines + _related(library, related)), plan.intent)


def not_stated(
    plan: Plan, library: Library, related: Sequence[Hit], citation: Citation | None = None
) -> Answer:
    """The documents speak of the matter but do not give the value asked for."""
    assert plan.expects is not None
    where = f"（{source_name(citation)}）" if citation else ""
    lines = [f"文件有相关内容{where}，但没有规定所问的{KIND_NAMES[plan.expects]}，无法回答具体数值。"]
    if plan.expects in ("contact", "place", "roster", "material", "date"):
        lines = [f"文件有相关内容{where}，但没有写明所问的{KIND_NAMES[plan.expects]}。"]
    lines = [*_notes(plan), *lines, *_related(library, related)]
    return _refusal(plan.question, "\n\n".join(lines), plan.intent)


def without_matter(plan: Plan) -> Answer:
    """A comparison of documents that does not say in what."""
    text = "请说明要比较哪方面的内容，例如“两个文件里补贴标准有什么不同”。"
    return _refusal(plan.question, "\n\n".join([*_notes(plan), text]), plan.intent)


def nothing_further(plan: Plan, text: str) -> Answer:
    """Nothing is left that an earlier answer has not shown."""
    return _refusal(plan.question, "\n\n".join([*_notes(plan), text]), plan.intent)


def unverified(question: str) -> Answer:
    """An answer that failed its own check is withheld, and said to be."""
    text = "找到了相关内容，但引文没有通过与原文的逐字核对，因此不给出答案。请换一种问法，或直接查阅原文。"
    return _refusal(question, text, "fact")


def no_such_unit(plan: Plan, units: Sequence[str]) -> Answer:
    """A unit the ledger does not know."""
    names = "、".join(units)
    return _refusal(
        plan.question,
        f"没有这个单位：已收录的文件没有把“{names}”列为责任单位，也没有写明它的任务。",
        plan.intent,
    )


def no_such_clause(plan: Plan, library: Library) -> Answer:
    """A clause number that no document has."""
    names = "、".join(f"《{each.metadata.title.value or each.file}》" for each in library.selected(plan)[:3])
    return _refusal(plan.question, f"{names}没有所说的这一条，请核对条款编号。", plan.intent)


def several_documents(plan: Plan, documents: Sequence[Document]) -> Answer:
    """A clause number that several documents have: whose units are meant only the asker knows."""
    names = dict.fromkeys(f"《{each.metadata.title.value or each.file}》" for each in documents)
    text = f"有 {len(names)} 份文件都有这一条，请说明是哪份文件：{'、'.join(list(names)[:5])}。"
    return _refusal(plan.question, text, plan.intent)


def wrong_place(plan: Plan, library: Library, places: Sequence[str]) -> Answer:
    """A place none of whose documents is indexed."""
    names = "；".join(f"《{each.metadata.title.value or each.file}》" for each in library.documents.values())
    text = f"没有收录{'、'.join(places)}的文件，无法回答。现有文件：{names[:300]}。"
    return _refusal(plan.question, text, plan.intent)


def _notes(plan: Plan) -> list[str]:
    """How the question was understood, as in answers."""
    return [f"（{note}）" for note in plan.notes]


def _related(library: Library, hits: Sequence[Hit]) -> list[str]:
    if not hits:
        return []
    names = "；".join(dict.fromkeys(clause_name(library.clause(hit)) for hit in hits))
    return [f"可能相关的条款（仅供查阅，不是答案）：{names}。"]


def _refusal(question: str, text: str, intent: Intent, status: Status = "no_evidence") -> Answer:
    return Answer(question=question, status=status, text=text, intent=intent)


def without_fact(plan: Plan, library: Library, name: str) -> Answer:
    """A fact about the document that its text does not give."""
    names = "、".join(f"《{each.metadata.title.value or each.file}》" for each in library.selected(plan)[:3])
    return _refusal(plan.question, f"{names}的文本没有写明{name}。", plan.intent)
