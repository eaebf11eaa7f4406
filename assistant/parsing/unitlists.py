"""Unit lists: splitting what an annotation prints into single units, with roles and full names."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.datatypes import Role
from assistant.parsing.unitnames import Unit, looks_like_unit

_SEPARATOR = re.compile(r"[、，,；;/\n\t]|。|\s{2,}|[\u3000]+|[ ](?=各|市|省|县|区)")
_OPEN, _SHUT = "（(〔﹝［[〈＜【", "）)〕﹞］]〉＞】"
_CONJUNCTION = re.compile(
    r"(?<=[局委办厅部会府行院署关司校团组社业门位室联])(?:以及|和|及|与|暨)(?=各|有关|相关|市|省|县|区|州|其他|国家|中国|国网|国务院|相应|所在|属地|驻)"
)
_STRONG_END = re.compile(
    r"(?:局|办公室|政府|管委会|委员会|部|厅|总工会|妇联|残联|工商联|公司|集团|发改委|发展改革委|卫健委|卫生健康委|国资委|银行)$"
)
_TAIL = re.compile(
    r"等(?:有关|相关|各|市直|省直|县直|区直|市级|省级|国务院|职能|成员|责任|单位|部门|市|省|县|区|级|直|属|、|和|及)*(?:部门|单位|企业|机构|公司|部委|地区|厅局|方面)?$"
)
_TAIL_ONLY = re.compile(r"等(?:有关|相关|国务院|市|省|县|直|级|各)*(?:部门|单位)?(?:和|及|以及|与)(?=\S)")
_ADVERB = (
    r"(?:分别|共同|联合|具体|依|按照|按|各自|根据|其|职责|职能|任务|分工|权限|工作"
    r"|统筹|组织|抓好|做好|主要|总体|的?要求)*"
)
_VERB = re.compile(
    rf"(?P<verb>{_ADVERB}(?:(?P<lead>牵头(?:抓总|负责|组织|落实|实施|推进|协调|办理)*)"
    r"|(?P<support>(?:协同|协助|配合|参与|参加|协办)(?:落实|实施|负责|配合|推进)*)"
    r"|(?P<responsible>(?:负责|落实|承担|分工负责|指导)(?:落实|实施|组织|推进|解决|办理|完成|实施)*)))。?$"
)
_OWN_ROLE = re.compile(r"[（(](?:(?P<lead>牵头|主责|总牵头|牵头单位)|配合|参与|协助|配合单位)[）)]$")
_ON_DUTY = re.compile(r"(?:依|按照|按)(?:各自)?职[责能]")
_WITH = re.compile(r"(?<=.)(?:会同|联合|配合)(?=.{2,})")
_NOTE = re.compile(
    r"[列排居].{0,12}(?:牵头|主责)|下同|不再.{0,4}(?:单独)?列出|均涉及|以下(?:简称|均|各)|见附件|略$"
)
_TIME = re.compile(
    r"\d+\s?月|\d{4}\s?年|年底|时限|完成$|持续|长期|推进$|全年|日前|常态|季度|立即|^\d+$|适时|^无$|^/$|^[-—－]+$"
)

_VALUE: dict[str, Role] = {"lead": "lead", "support": "support", "responsible": "responsible"}


def split_units(text: str, start: int, end: int, *, default: Role, strict: bool = False) -> list[Unit]:
    """Units of the list printed in ``[start, end)``, in order, with the roles its verbs give.

    Units wait for the verb that follows them (``A、B牵头，C配合``); those without one get ``default``.
    With ``strict`` the list is empty unless everything in it looks like a unit.
    """
    units: list[Unit] = []
    waiting: list[Unit] = []
    for item_start, item_end in _items(text, start, end):
        found, role = _read_item(text, item_start, item_end, default)
        bad = [u for u in found if not looks_like_unit(u.name)]
        if strict and bad:
            return []
        waiting += [u for u in found if u not in bad]
        if role is not None:
            units += [replace(u, role=role, verbal=True) for u in waiting]
            waiting = []
    return units + waiting


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between separators outside brackets."""
    depth, item = 0, start
    position = start
    while position < end:
        char = text[position]
        if char in _OPEN:
            depth += 1
        elif char in _SHUT:
            depth = max(0, depth - 1)
        elif depth == 0 and (match := _SEPARATOR.match(text, position, end)):
            if not _broken_name(text, position, match) and not _collective(text[item:position], text, match):
                yield item, position
                item = match.end()
            position = match.end()
            continue
        position += 1
    yield item, end


_LEVELS = re.compile(
    r"\s*各(?:级)?(?:[省市州县区旗盟乡镇地]|街道|设区市|县级市)+(?:[（(〔﹝][^（()）]{1,8}[）)〕﹞])?"
)
_NEXT_LEVEL = re.compile(r"(?:[省市州县区旗盟乡镇]|街道)(?:[（(〔﹝市区县人政街、和及]|级?人民政府)")


def _collective(item: str, text: str, match: re.Match[str]) -> bool:
    """Whether 、 stands inside a collective name: 各县、区政府; 各市、州、县人民政府."""
    if match[0] != "、" or not re.fullmatch(rf"{_LEVELS.pattern}(?:、[省市州县区旗盟乡镇])*", item):
        return False
    return _NEXT_LEVEL.match(text, match.end()) is not None


def _broken_name(text: str, position: int, match: re.Match[str]) -> bool:
    """Whether a single line break falls inside a name (wrapped text)."""
    if match[0] != "\n":
        return False
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return "\u4e00" <= before <= "\u9fff" and "\u4e00" <= after <= "\u9fff" and before not in "局委办厅府位门"


def _read_item(text: str, start: int, end: int, default: Role) -> tuple[list[Unit], Role | None]:
    """The units of one item and the role of the verb that closes it, if any."""
    start, end = _trim(text, start, end)
    item = text[start:end]
    if not item:
        return [], None
    role: Role | None = None
    verb = _VERB.search(item)
    if verb:
        role = next(_VALUE[k] for k in ("lead", "support", "responsible") if verb[k] is not None)
        end = start + verb.start()
    cut = _ON_DUTY.search(text, start + 2, end)
    if cut:  # a slip in the words behind it: 按职责分工会负责
        end = cut.start()
    units: list[Unit] = []
    for part_start, part_end in _conjuncts(text, start, end):
        unit = _unit(text, part_start, part_end, default)
        if unit is not None:
            units.append(unit)
    return units, role


def _conjuncts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split one item at 会同, 和, 及 where both sides are whole units."""
    item = text[start:end]
    cuts = [(m.start(), m.end()) for m in _TAIL_ONLY.finditer(item)]
    cuts += [(m.start(), m.end()) for m in _WITH.finditer(item) if m.start() > 1]
    cuts += [(m.start(), m.end()) for m in _CONJUNCTION.finditer(item) if _balanced(item[: m.start()])]
    cuts += [(m.start(), m.end()) for m in _whole_pairs(item)]
    position = 0
    for cut_start, cut_end in sorted(cuts):
        if cut_start < position:
            continue
        yield start + position, start + cut_start
        position = cut_end
    yield start + position, end


def _whole_pairs(item: str) -> Iterator[re.Match[str]]:
    """``财政局和教育局``: 和 between two names that are complete in themselves."""
    for match in re.finditer(r"以及|和|及|与", item):
        left, right = item[: match.start()], item[match.end() :]
        if _STRONG_END.search(left) and _STRONG_END.search(right) and len(right) >= 3 and _balanced(left):
            yield match


def _balanced(piece: str) -> bool:
    return sum(c in _OPEN for c in piece) == sum(c in _SHUT for c in piece)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "：:·\u200b"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "。.：:\u200b"):
        end -= 1
    return start, end


def _unit(text: str, start: int, end: int, default: Role) -> Unit | None:
    start, end = _trim(text, start, end)
    name = text[start:end]
    name = _without_note(name)
    own_role = _OWN_ROLE.search(name)
    if own_role:  # 市工信局（牵头）
        default = "lead" if own_role["lead"] else "support"
        name = name[: own_role.start()]
    tail = _TAIL.search(name)
    if tail and tail.start() > 0:
        name = name[: tail.start()]
    elif tail:
        return None
    lead_in = re.match(r"(?:由|并由|请|其中|以及|及|和|原)(?=.{2})", name)
    if lead_in and not name.startswith("和平"):
        start += lead_in.end()
        name = name[lead_in.end() :]
    stripped = name.strip()
    if not 2 <= len(stripped) <= 45 or _NOTE.search(stripped) or _TIME.search(stripped):
        return None
    start += len(name) - len(name.lstrip())
    return Unit(stripped, stripped, default, start, start + len(stripped))


def _without_note(name: str) -> str:
    """A name without a bracketed note on who leads or what follows (下同)."""
    match = re.search(r"[（(〈〔][^（(〈〔]{2,40}$", name)
    if match and name[-1:] in _SHUT and _NOTE.search(match[0]):
        inner = match[0]
        if re.search(r"牵头|主责|不再", inner):
            return name[: match.start()]
    return name
