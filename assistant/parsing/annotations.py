"""Responsibility annotations: where they stand and what they say.

Three kinds: bracketed with a label (``（责任单位：…）``), bracketed with a verb (``（…牵头，…配合）``) or,
under a first-unit rule, bracketed without either; and labels without brackets, on their own line or at
the end of an item in flattened text. Labels may follow each other without any separator.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.datatypes import Role
from assistant.parsing.layout import Line
from assistant.parsing.numerals import SPACES
from assistant.parsing.tables import table_entries
from assistant.parsing.unitlists import split_units
from assistant.parsing.unitnames import Unit, looks_like_unit

_MAX_LENGTH = 1500
_OPEN, _SHUT = "（(〔﹝［[〖【", "）)〕﹞］]〗】"
_BRACKET = re.compile(r"[（(〔﹝［\[〖【）)〕﹞］\]〗】]")

_LEAD = (
    r"牵头(?:[（(]责任[）)]|责任|负责|考核|主管|组织|实施|落实)?"
    r"|主责|主要责任|总牵头|第一责任|主办责任|责任牵头"
)
_SUPPORT = r"配合|参与|参加|协助|协同|协办|协作|配合责任|参与责任|协同配合|配合参与"
_RESPONSIBLE = (
    r"责任|负责|主管|落实|实施|完成|执行|承担|"
    r"责任落实|主体责任|监管责任|责任分工|分工|具体责任|共同责任|组织实施|具体实施"
)
_WHO = (
    r"(?:单位|部门|处室|科室|机构|主体|地区|机关|司局)"
    r"(?:[（(](?:单位|部门|处室|科室|排[^（()）]{0,16})[）)])?"
)
_LABEL = re.compile(
    rf"(?P<label>(?:市|省|县|区|局|委|各)?(?:(?P<lead>{_LEAD})|(?P<support>{_SUPPORT})|(?P<responsible>{_RESPONSIBLE}))"
    rf"(?:和(?:配合|参与|责任))?{_WHO})[{SPACES}]{{0,3}}(?:[：:∶]|(?=为[：:]))"
    rf"|(?P<plain>责任分工|任务分工|职责分工|牵头|责任|配合|负责|参加)[{SPACES}]{{0,2}}[：:∶]"
)
# Labels that end a unit list without naming units.
_OTHER = re.compile(
    r"(?:完成|办结|推进|落实|时间|起止|整改|实施|进度)?(?:时限|时间|期限|节点|进度|要求|目标)(?:要求|安排|节点)?[：:∶]"
    r"|(?:责任人|责任领导|牵头领导|分管领导|联系人|联系单位|联系电话|指导单位|主办单位|承办单位|协办单位|支持单位|验收单位|建设内容|备注|联系方式)[：:∶]"
    r"|(?:责任人|牵头领导|责任领导)"
)
_EVENT = re.compile(r"(?:主办|承办|协办|指导)单位[：:∶]")
_VERB_END = re.compile(
    r"(?:牵头|负责|配合|参与|参加|协助|落实|承担|实施|分工负责)[^，。；、（()）]{0,6}[。）)〕]?$"
)
_RULE = re.compile(
    r"(?:列|排|排列|排名|居)(?:在|名)?(?:责任单位|各?责任部门|前面|最前面?)?(?:第[一1]位?|首位?|最?前|首)(?:位置?|个)?(?:的|者)?"
    r"(?:责任)?(?:单位|部门)?(?:为|是|即为|系)?(?:总?牵头|主责|主要责任|主办)(?:责任)?(?:单位|部门)?"
    r"|(?:首位|第一个?|第一位|首个)(?:责任)?(?:单位|部门)(?:为|是)(?:牵头|主责)(?:单位|部门)?"
)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation ``[start, end)``, brackets included, and the lists it holds.

    Attributes:
        lists: The units, one tuple per label; an annotation of verbs has one.
    """

    start: int
    end: int
    lists: tuple[tuple[Unit, ...], ...]


def states_first_unit_leads(text: str) -> bool:
    """Whether the document says that the first unit of each list leads."""
    return _RULE.search(text) is not None


def find_annotations(
    text: str, lines: Sequence[Line], stops: Sequence[int], *, first_leads: bool
) -> list[Annotation]:
    """All annotations in order.

    Args:
        text: The document.
        lines: Its printed lines, for tables.
        stops: Offsets, ascending, that an unbracketed annotation cannot cross (clause starts, part ends).
        first_leads: Whether lists in brackets without label or verb count as annotations.
    """
    found = list(_bracketed(text, first_leads=first_leads))
    taken = [(a.start, a.end) for a in found]
    found += _unbracketed(text, stops, taken)
    taken = sorted((a.start, a.end) for a in found)
    for entry in table_entries(text, lines):
        if not _inside(entry.start, taken):
            found.append(Annotation(entry.start, entry.end, entry.lists))
    return sorted(found, key=lambda a: a.start)


def _bracketed(text: str, *, first_leads: bool) -> Iterator[Annotation]:
    last_end = 0
    for start, end in sorted(_pairs(text)):
        if start < last_end:
            continue
        annotation = _read_bracket(text, start, end, first_leads=first_leads)
        if annotation is not None:
            last_end = end
            yield annotation


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Matching brackets of any kind: circulating texts mix （ with ) inside one pair."""
    stack: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] in _OPEN:
            stack.append(match.start())
        elif stack:
            start = stack.pop()
            if 5 <= match.end() - start <= _MAX_LENGTH:
                yield start, match.end()


def _read_bracket(text: str, start: int, end: int, *, first_leads: bool) -> Annotation | None:
    inner_start, inner_end = start + 1, end - 1
    inner = text[inner_start:inner_end]
    label = _LABEL.search(inner)
    if label:
        before = inner[: label.start()]
        if len(before) > 60 or "。" in before or _EVENT.search(before):
            return None
        lists = _labelled(text, inner_start + label.start(), inner_end)
        return Annotation(start, end, lists) if any(lists) else None
    note = re.search(r"。(?=以下|下同|其余|不再|上述|其他)", inner)
    if note:  # …负责落实。以下均需试点城市政府落实，不再列出
        inner_end = inner_start + note.start()
        inner = inner[: note.start()]
    stripped = inner.strip(SPACES + "\n。")
    rule = _RULE.search(stripped)
    if rule:
        head = re.split(r"[。；;]", stripped, maxsplit=1)[0]
        inner_end = min(inner_end, inner_start + inner.find(head) + len(head))
    if _VERB_END.search(stripped) or (rule and _VERB_END.search(head)):
        return _verbal(text, start, end, inner_start, inner_end)
    if first_leads or _ends_clause(text, start, end):
        return _bare(text, start, end, inner_start, inner_end)
    return None


def _labelled(text: str, start: int, end: int) -> tuple[tuple[Unit, ...], ...]:
    """The lists behind each label in ``[start, end)``."""
    lists = []
    labels = list(_LABEL.finditer(text, start, end))
    for index, label in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else end
        other = _OTHER.search(text, label.end(), stop)
        if other:
            stop = other.start()
        rule = _RULE.search(text, label.end(), stop)
        depth_zero_rule = rule and _depth(text[label.end() : rule.start()]) == 0
        if rule and depth_zero_rule:
            stop = rule.start()
        lists.append(tuple(split_units(text, label.end(), stop, default=_role(label))))
    return tuple(lists)


def _depth(piece: str) -> int:
    return sum(c in _OPEN for c in piece) - sum(c in _SHUT for c in piece)


def _role(label: re.Match[str]) -> Role:
    plain = label["plain"] or ""
    if label["lead"] or plain == "牵头":
        return "lead"
    if label["support"] or plain in ("配合", "参加"):
        return "support"
    return "responsible"


def _verbal(text: str, start: int, end: int, inner_start: int, inner_end: int) -> Annotation | None:
    units = split_units(text, inner_start, inner_end, default="responsible", strict=True)
    if not any(u.verbal for u in units):
        return None
    return Annotation(start, end, (tuple(units),))


def _ends_clause(text: str, start: int, end: int) -> bool:
    """Whether a bracket stands between a full stop and the end of its line."""
    before = text[max(0, start - 3) : start].rstrip(SPACES + "\n")
    after = text[end : end + 3].lstrip("。" + SPACES)
    return before[-1:] in "。！" and before != "" and (not after or after[0] == "\n")


def _bare(text: str, start: int, end: int, inner_start: int, inner_end: int) -> Annotation | None:
    inner = text[inner_start:inner_end]
    if re.search(r"[。：:“《\d]", inner) or len(inner) < 3:
        return None
    units = split_units(text, inner_start, inner_end, default="responsible", strict=True)
    if not units or not all(_strong_unit(u.name) for u in units):
        return None
    return Annotation(start, end, (tuple(units),))


def _strong_unit(name: str) -> bool:
    return (
        looks_like_unit(name)
        and re.search(
            r"(?:局|委|办|厅|政府|管委会|总工会|部|办公室|委员会|公司|银行|中心|院|妇联|残联|工商联|单位|部门|署|行|大队|支队|集团)(?:[（(][^（()）]*[）)])?$",
            name,
        )
        is not None
    )


def _unbracketed(text: str, stops: Sequence[int], taken: Sequence[tuple[int, int]]) -> Iterator[Annotation]:
    position = 0
    for label in _LABEL.finditer(text):
        if label["plain"] or label.start() < position or _inside(label.start(), taken):
            continue
        if not _opens(text, label.start()) or _EVENT.match(text, label.start()):
            continue
        end = _list_end(text, label.end(), stops)
        index = bisect_left(taken, (label.end(), 0))
        end = min(end, taken[index][0]) if index < len(taken) else end
        lists = _labelled(text, label.start(), end)
        position = end
        if any(lists):
            yield Annotation(label.start(), end, lists)


def _inside(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_left(spans, (position + 1, 0)) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


def _opens(text: str, position: int) -> bool:
    """Whether a label stands where an annotation can begin."""
    before = text[max(0, position - 12) : position]
    last = before[-1:]
    # An opening bracket that is never closed leaves the label outside every pair.
    return (
        not before
        or last in SPACES + _OPEN + "\n。；;）)〕】|*—-－·"
        or bool(re.search(r"\n[^\n]{0,4}[:：]?$", before))
    )


def _list_end(text: str, start: int, stops: Sequence[int]) -> int:
    """End of an unbracketed list: its line, a full stop, or the next clause; 、 at a line end goes on."""
    index = bisect_left(stops, start)
    limit = min(stops[index] if index < len(stops) else len(text), start + _MAX_LENGTH)
    position = start
    while position < limit:
        stop = re.compile(r"[。\n]").search(text, position, limit)
        if stop is None:
            return limit
        before = text[start : stop.start()].rstrip(SPACES)
        follows = re.compile(rf"\n[{SPACES}\n]*").match(text, stop.start(), limit)
        if stop[0] == "。" or (before and before[-1] not in "、，,；;") or follows is None:
            next_label = follows and (
                _LABEL.match(text, follows.end(), limit) or _OTHER.match(text, follows.end(), limit)
            )
            if stop[0] == "\n" and next_label and before:
                position = follows.end() if follows else stop.end()
                continue
            return stop.start()
        position = follows.end()
    return limit
