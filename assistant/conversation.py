"""Follow-up questions: what a turn leaves unsaid is taken from the turns before it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.datatypes import ClauseKey, Intent, Path, Plan, Term
from assistant.understanding.references import numeral_value, step

Focus = tuple[str, Path]

_MARKED = re.compile(
    r"^(?:下一|上一|那么?|还有|另外|换成|换|再|其中|至于|然后|它|这|该|他们|她们)|呢[？?！!。\s]*$"
)
_THIS = re.compile(
    r"(?:这|那|该|上面那?|刚才那?|前面那?)(?:一)?(?:条|项|个任务|块|款|件事|事)|^它(?!们|俩)|^(?:这|那)(?:归|由|该|谁)"
)
_PAIR = re.compile(r"(?:它|他|她)们?俩|(?:它|他|她)们|(?:这|那)?两(?:家|个单位|个部门|个局|个)|二者|两者")
_THEY = re.compile(r"^(?:那么?)?(?:(?:它|他|她)们|这些(?:单位|部门)|这几(?:个单位|个部门|家))(?!俩)")
# 「那社会待遇那块呢」 points away from the clause before.
_ANOTHER = re.compile(r"那(?:一)?(?:条|块|项|部分|节|方面)")
_CHANGED = re.compile(
    r"^(?:那就?)?(?:(?:换成|换作|改成|改问|换)(?!个|一|话题|句话|言|届)|(?:要是|如果|假如)(?:换成|是)?)"
)
_NEW_TOPIC = re.compile(
    r"^\s*(?:那|好的?|嗯)?[，,]?(?:换|说|问|聊)(?:一?个|点|些)?(?:别的|其他的?|另外的?)?(?:话题|问题|事儿?|别的)[，,：:。]?\s*"
)
_END = re.compile(r"[？?！!。\s]*$")
# A turn that asks for something else than the one before, not only about something else.
_ASKED_OTHERWISE = re.compile(r"谁|哪|什|啥|几|多|怎|咋|吗|么|归|能|行不|有没")
_ASKED = re.compile(r"[？?吗呢么谁哪什啥几多]")
# What is asked for once more without naming it, 「还有吗」「继续」, and what is named, 「还有别的补贴吗」.
_GENERIC = r"(?:内容|条款|规定|要求|措施|办法|说法|待遇|政策|单位|部门|任务|地方|方面|情况)"
_OTHERS = r"(?:别的|其他|其它|更多|另外|什么|哪些|啥|没有|没)"
_MORE = re.compile(
    r"^(?:那么?|嗯+|哦|好的?)?[，,\s]*(?:"
    rf"(?:(?:除此之外|除了这些|此外|另外)[，,]?)?还有{_OTHERS}*的?{_GENERIC}?(?:可以说的?)?(?:没有|没|吗|么|呢|不|嘛)*"
    r"|(?:请|再)?(?:继续|接着|往下)(?:说|讲|列|念|看)?(?:下去|一下|吧)*|更多|然后呢|下面呢|后面呢"
    r"|再(?:说|来|列|给我?)(?:点|些|一些|几条|几个)(?:吧)?|(?:就|只有?|只)(?:这些|这么多|这一条|这几条)了?(?:吗|么)"
    r")[？?。！!\s]*$"
)
_MORE_OF = re.compile(
    rf"^(?:那么?)?[，,]?还有{_OTHERS}+的?(?P<matter>[^，。？?吗呢]{{2,12}}?)(?:没有|没|吗|么|呢|可以\w{{1,4}})*[？?。！!\s]*$"
)
# Groups of people and firms: one takes the place of another in 「那农民工呢」.
_GROUP = re.compile(r"(?:工|人|人员|人才|职工|者|老人|学生|儿童|妇女|员|师|骑手|司机|户|家庭|企业|公司)$")
_BOTH = re.compile(r"两(?:个|地|市|县|区|边|者|份|家)|二者|(?:它|他)们|比一比|对比|比较|哪(?:个|边|里|家)")
_SHORT = 12
_FADED = 0.4  # weight of the earlier turn's words against those of this turn
_SEARCHED: frozenset[Intent] = frozenset({"owner", "benefit", "fact", "deadline", "list", "count"})


@dataclass(frozen=True, slots=True)
class Reader:
    """What completing a turn needs to know of the documents.

    Attributes:
        plan: Plans one turn by itself.
        focus: The clause that answers a plan, given the clause of the turn before.
        counted: The n-th clause below a path of a document, () where there is none.
        shown: The clauses that the answer to a plan cites, given the clause of the turn before.
        known: Whether some document has a word of a term.
        units: The units responsible for a clause.
    """

    plan: Callable[[str], Plan]
    focus: Callable[[Plan, Focus | None], Focus | None]
    counted: Callable[[str, Path, int], Path]
    shown: Callable[[Plan, Focus | None], Sequence[ClauseKey]]
    known: Callable[[Term], bool]
    units: Callable[[Focus], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the turns so far leave behind; small talk leaves nothing.

    Attributes:
        plan: Plan of the last turn.
        units: Units named so far, latest last.
        places: Places named so far, latest last.
        prior: Document and clause that the turn before the last was about.
        focus: Document and clause that the last turn was about.
    """

    plan: Plan
    units: tuple[str, ...]
    places: tuple[str, ...]
    prior: Focus | None
    focus: Focus | None


def resolve(question: str, history: Sequence[str], reader: Reader) -> tuple[Plan, Focus | None]:
    """The plan of the last turn with everything the earlier turns supply, and the clause they were about.

    Args:
        question: The current turn.
        history: Earlier user turns, oldest first.
        reader: Plans turns and looks into the documents.
    """
    memory: Memory | None = None
    for turn in history:
        memory = None if _NEW_TOPIC.match(turn) else memory
        current = complete(_planned(turn, memory, reader), memory, reader)
        if current.intent != "chat":
            memory = _remembered(current, memory, reader)
    memory = None if _NEW_TOPIC.match(question) else memory
    current = complete(_planned(question, memory, reader), memory, reader)
    follows = memory is not None and is_elliptic(current) and not _ANOTHER.search(current.question)
    return current, memory.focus if memory and follows else None


def _remembered(plan: Plan, memory: Memory | None, reader: Reader) -> Memory:
    prior = memory.focus if memory else None
    units = (*(memory.units if memory else ()), *plan.units)
    places = (*(memory.places if memory else ()), *plan.places)
    return Memory(plan, units, places, prior, reader.focus(plan, prior))


def _planned(turn: str, memory: Memory | None, reader: Reader) -> Plan:
    """A turn by itself; 「换成教育局」 is read as 「那教育局呢」."""
    turn = _NEW_TOPIC.sub("", turn)
    changed = _CHANGED.match(turn.strip()) if memory else None
    if changed is None:
        return reader.plan(turn)
    rest = turn.strip()[changed.end() :]
    return reader.plan(f"那{rest}" if _ASKED.search(rest) else f"那{_END.sub('', rest)}呢")


def is_elliptic(plan: Plan) -> bool:
    """Whether a turn reads as a follow-up: marked (那…, …呢), or too short to stand alone."""
    return bool(_MARKED.search(plan.question)) or (len(plan.question) <= _SHORT and len(plan.terms) <= 3)


def complete(plan: Plan, memory: Memory | None, reader: Reader) -> Plan:
    """A turn's plan completed from memory; unchanged when it stands alone."""
    if memory is None:
        wants_more = _MORE.match(plan.question)
        return replace(plan, intent="chat", notes=("nothing before",)) if wants_more else plan
    if plan.intent == "chat" and not is_elliptic(plan):
        return plan
    rules = (
        _more,
        _pair,
        _their_duties,
        _side_by_side,
        _this_clause,
        _other_clause,
        _other_unit,
        _other_list,
        _other_subject,
    )
    for rule in rules:
        found = rule(plan, memory, reader)
        if found is not None:
            return found
    # Of a word that no document has, the earlier matter says nothing.
    follows = (
        is_elliptic(plan) and not plan.references and (not plan.terms or any(map(reader.known, plan.terms)))
    )
    return _same_matter(plan, memory) if follows else plan


def _more(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「还有吗」「还有别的补贴吗」「继续」: the same once more, without the clauses already shown."""
    before = memory.plan
    named = _MORE_OF.match(plan.question)
    if not named and not _MORE.match(plan.question):
        return None
    seen = tuple(dict.fromkeys((*before.seen, *reader.shown(before, memory.prior))))
    note = f"接着上一问“{before.question}”"
    if named is None or _MORE.match(plan.question):
        following = _sibling(memory, reader, 1) if before.intent == "clause" else None
        if following:
            return replace(_pointed(before, following), notes=(note,))
        return replace(before, seen=seen, notes=(note,))
    matter = reader.plan(f"{named['matter']}有什么规定")
    intent: Intent = "deadline" if before.intent == "deadline" else "benefit"
    return replace(
        matter,
        intent=intent,
        documents=before.documents,
        restricted=before.restricted,
        places=before.places,
        seen=seen,
        notes=(note,),
    )


def _pair(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「它俩一起负责哪几条」: the two units named last."""
    if not _PAIR.search(plan.question) or len(set(memory.units)) < 2 or plan.units:
        return None
    pair = tuple(dict.fromkeys(reversed(memory.units)))[1::-1]
    return replace(plan, intent="duties", units=pair, relation="and", notes=(f"指{'和'.join(pair)}",))


def _their_duties(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「他们还负责什么」: the units responsible for the clause of the turn before."""
    if not _THEY.search(plan.question) or plan.units or plan.topical or not memory.focus:
        return None
    units = tuple(reader.units(memory.focus))
    note = f"指{''.join(memory.focus[1])}的责任单位{'、'.join(units)}"
    if not units:
        return None
    own = replace(plan, documents=(memory.focus[0],), restricted=True, notes=(note,))
    return replace(own, intent="duties", units=units, relation="any")


def _side_by_side(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「两个比一比」 after questions about two places: the last matter in the documents of both."""
    places = tuple(dict.fromkeys(reversed(memory.places)))[1::-1]
    named = plan.places or plan.units or plan.references or plan.across
    if plan.intent != "compare" or named or len(places) < 2 or not _BOTH.search(plan.question):
        return None
    return replace(
        memory.plan,
        intent="compare",
        across=True,
        places=places,
        documents=(),
        restricted=False,
        notes=(f"比较{'和'.join(places)}，接上一问“{memory.plan.question}”",),
    )


def _this_clause(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「这条归谁负责」: the clause of the turn before."""
    if not _THIS.search(plan.question) or not memory.focus or plan.topical or plan.references:
        return None
    note = f"指{''.join(memory.focus[1])}"
    return replace(_pointed(plan, memory.focus), notes=(*plan.notes, note))


def _other_clause(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「下一条呢」「那第4条呢」「那二（一）2呢」: the question before about another clause."""
    if not is_elliptic(plan):
        return None
    if plan.references:
        owner = plan.intent == "clause" and memory.plan.intent == "owner" and bool(memory.plan.references)
        return (
            replace(plan, intent="owner", yes_no=memory.plan.yes_no, units=memory.plan.units)
            if owner
            else plan
        )
    if not memory.focus or not (step(plan.question) or plan.ordinal):
        return None
    steps = step(plan.question)
    sibling = _sibling(memory, reader, steps) if steps else _sibling(memory, reader, 0, ordinal=plan.ordinal)
    return replace(_pointed(plan, sibling), intent=memory.plan.intent) if sibling else plan


def _sibling(memory: Memory, reader: Reader, steps: int, *, ordinal: int = 0) -> Focus | None:
    """The clause so many steps from the last one, or the n-th of its section; None where there is none."""
    if memory.focus is None:
        return None
    document, path = memory.focus
    found = reader.counted(document, path[:-1], ordinal or numeral_value(path[-1]) + steps)
    return (document, found) if found else None


def _pointed(plan: Plan, focus: Focus) -> Plan:
    """The plan pointed at one clause of one document: other documents may have a clause of that number."""
    return replace(plan, documents=(focus[0],), restricted=True, references=(focus[1],))


def _other_unit(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「那教育局呢」「教育局管吗」: the question before about another unit."""
    said_in_full = plan.intent == "duties" and not _MARKED.search(plan.question) and not plan.yes_no
    if not is_elliptic(plan) or not plan.units or plan.topical or said_in_full:
        return None
    if memory.plan.intent == "owner" and memory.focus:
        note = f"问{'、'.join(plan.units)}是不是{''.join(memory.focus[1])}的责任单位"
        pointed = _pointed(plan, memory.focus)
        return replace(pointed, intent="owner", yes_no=True, notes=(*plan.notes, note))
    if memory.plan.intent in ("duties", "compare"):
        return replace(plan, intent="duties", scope=memory.plan.scope, relation="any")
    return _substituted(plan.units, memory.plan.units, memory, reader) or plan


def _other_subject(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「那汾河市呢」「那农民工呢」: the question before with another place or another group of people."""
    if not is_elliptic(plan) or plan.units or plan.intent not in _SEARCHED:
        return None
    placeless = [term.text for term in plan.terms if not any(term.text in place for place in plan.places)]
    if plan.places and not placeless:
        return _substituted(plan.places, memory.plan.places, memory, reader) or _in_another_place(
            plan, memory
        )
    groups = [text for text in placeless if _GROUP.search(text)]
    if plan.places or len(groups) != len(placeless) or not groups:
        return None
    before = [term.text for term in memory.plan.terms if _GROUP.search(term.text)]
    return _substituted(groups, before, memory, reader)


def _in_another_place(plan: Plan, memory: Memory) -> Plan:
    """「太禾市的呢」 after a question without a place: the same question about that place's documents."""
    note = f"接上一问“{memory.plan.question}”，只看{'、'.join(plan.places)}"
    return replace(
        memory.plan,
        places=plan.places,
        documents=plan.documents,
        restricted=plan.restricted,
        across=False,
        seen=(),
        notes=(note,),
    )


def _substituted(new: Sequence[str], old: Sequence[str], memory: Memory, reader: Reader) -> Plan | None:
    """The question before with one name in the place of another; None where there is not one of each."""
    question = memory.plan.question
    if len(set(new)) != 1 or len(set(old)) != 1:
        return None
    # 劳务派遣工 is cut into 劳务 and 派遣工.
    compounds = [f"{term.text}{old[0]}" for term in memory.plan.terms if f"{term.text}{old[0]}" in question]
    former = max(compounds, key=len, default=old[0])
    if question.count(former) != 1 or new[0] == former:
        return None
    plan = reader.plan(question.replace(former, new[0]))
    return replace(plan, notes=(*plan.notes, f"按“{plan.question}”理解"))


def _other_list(plan: Plan, memory: Memory, reader: Reader) -> Plan | None:
    """「农民工的呢」 after a list of headings: the same list of another section."""
    lists = memory.plan.intent in ("list", "count") and memory.plan.scope
    if not is_elliptic(plan) or plan.references or plan.intent != "benefit" or not lists:
        return None
    return reader.plan(f"{''.join(term.text for term in plan.terms)}那部分有哪几条")


def _same_matter(plan: Plan, memory: Memory) -> Plan:
    """「那入党行不行」「一线的要占多少」: the earlier matter stays in the background."""
    intent = plan.intent
    if plan.intent == "benefit" and memory.plan.intent in ("owner", "deadline"):
        intent = memory.plan.intent
    known = {term.text for term in plan.terms}
    fading = _FADED / 4 if _ANOTHER.search(plan.question) else _FADED
    faded = tuple(
        Term(term.text, term.weight * fading, term.official)
        for term in memory.plan.terms
        if term.text not in known
    )
    units = plan.units
    if plan.intent == "duties" and not units:
        units = memory.units[-1:]
    notes = plan.notes
    if faded and intent in _SEARCHED:
        notes = (*notes, f"接上一问“{memory.plan.question}”理解")
    plan = replace(plan, intent=intent, terms=(*plan.terms, *faded), units=units, notes=notes)
    # With words of its own it may be about a clause that gives no such value.
    if not known and plan.expects is None and not _ASKED_OTHERWISE.search(plan.question):
        plan = replace(plan, expects=memory.plan.expects)
    if plan.places or plan.documents or memory.plan.across:
        return plan
    # The earlier turn's place holds on.
    return replace(
        plan,
        places=memory.plan.places,
        documents=memory.plan.documents,
        restricted=memory.plan.restricted,
    )
