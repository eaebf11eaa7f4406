"""Grammar of unit names: prefix (省, 厦门市, 黄埔区, 市委, 市政府) + core (人社局, 组织部).

Nothing here knows which organs exist; :mod:`assistant.units` does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.places import Gazetteer, Level, is_county_name

_LEVELS: Mapping[str, Level] = {
    **{word: "国家" for word in ("国务院", "国家", "全国", "中央", "中国", "中共中央", "中华全国")},
    **{word: "省" for word in ("省", "自治区", "全省")},
    **{word: "市" for word in ("市", "州", "盟", "自治州", "全市", "市本")},
    **{word: "县" for word in ("县", "区", "旗", "全县", "全区", "自治县")},
}
_LEVEL_WORD = re.compile("|".join(sorted(_LEVELS, key=len, reverse=True)))
# 市场, 区域, 县域 …: the first character is no level.
_NO_LEVEL = re.compile(
    r"市(?:场|民(?![政宗族营委航防办])|政(?!府|协|法|务|数)|容|值|价)|区(?:域|块|划)|县域|省(?:级|直|际)?$|旗[下舰]"
)
# What stands between the level and the organ: 市级, 市直, 市委, 市政府.
_INFIX = re.compile(r"级|直属?|委(?=.)|党委(?=.)|(?:人民)?政府(?=.)")
_COUNTY = re.compile(r"[一-龥]{2,8}?自治[县旗]|[一-龥]{1,3}?[县区市旗]")
_NOISE = re.compile(r"[（）()〔〕﹝﹞\[\]、，,\s和与及]")
_SHORTER = (("人民政府", "政府"), ("办公室", "办"), ("办公厅", "办"), ("委员会", "委"), ("管理局", "局"))
_INFIX_BEFORE = re.compile(r"(?:级|直属?|党委|委|(?:人民)?政府)$")
# 社区工会 and 园区财政局 do not belong to a district called 社 or 园.
_LEVEL_BEFORE = re.compile(
    r"(?:国务院|国家|全国|中央|中共中央|中国|中华全国|自治区|自治州|自治县|省|州|盟|旗|县|(?<![城上超])市"
    r"|(?<![社园辖城地片景小校特新库灾山牧林矿老治])区)$"
)


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit name taken apart.

    Attributes:
        printed: The name as given.
        concept: Id of the organ in the lexicon; None for what the lexicon does not list.
        level: Level of government that the name states; "" when it states none.
        place: Place that the name states, in its short form (厦门, 凤山县); "" when it states none.
        core: The name without its prefix and without a second nameplate.
        alternatives: Further organs the name stands for (发展改革委（铁路办）, 教体局).
    """

    printed: str
    concept: str | None
    level: Level
    place: str
    core: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefix:
    """A reading of the front of a name."""

    rest: str
    level: Level = ""
    place: str = ""


def township_level(name: str) -> Level:
    """乡 for township governments and sub-district offices, else ""."""
    return "乡" if re.search(r"[镇乡](?:人民)?政府$|街道办(?:事处)?$", name) else ""


def prefixes(name: str, gazetteer: Gazetteer) -> Iterator[Prefix]:
    """Readings of the front of a name, from no prefix to the longest one."""
    reading = Prefix(name)
    yield reading
    while True:
        step = _strip_place(reading, gazetteer) or _strip_level(reading)
        if step is None or len(step.rest) < 2:
            return
        reading = step
        yield reading
        infix = _INFIX.match(reading.rest)
        if infix and reading.level and len(reading.rest) - infix.end() >= 2:
            reading = Prefix(reading.rest[infix.end() :], reading.level, reading.place)
            yield reading


def _strip_place(reading: Prefix, gazetteer: Gazetteer) -> Prefix | None:
    listed = gazetteer.match(reading.rest, 0)
    if listed is not None and reading.rest[listed[0] : listed[0] + 1] not in ("县", "区"):
        end, place = listed
        return Prefix(reading.rest[end:], place.level, place.name)
    county = _COUNTY.match(reading.rest)
    if county and is_county_name(county[0], reading.rest[county.end() :]):
        level: Level = "市" if county[0].endswith("市") else "县"
        return Prefix(reading.rest[county.end() :], level, county[0])
    return None


def _strip_level(reading: Prefix) -> Prefix | None:
    word = _LEVEL_WORD.match(reading.rest)
    if word is None or _NO_LEVEL.match(reading.rest):
        return None
    return Prefix(reading.rest[word.end() :], _LEVELS[word[0]], reading.place)


def comparable_core(core: str) -> str:
    """A core reduced for comparison: 各县（市、区）人民政府 → 各县市区政府."""
    core = _NOISE.sub("", core)
    for long, short in _SHORTER:
        core = core.replace(long, short)
    return core


def contradict(first: UnitName, second: UnitName) -> bool:
    """Whether two names cannot be the same office although the organ is the same.

    A level or place that only one name states contradicts nothing, except that a bare 局 is never the
    厅 of a province nor a ministry: 教育局 is not 省教育厅.
    """
    if first.level and second.level:
        levels_differ = first.level != second.level
    else:
        levels_differ = _is_above(first, second) or _is_above(second, first)
    return levels_differ or _places_differ(first.place, second.place)


def _is_above(first: UnitName, second: UnitName) -> bool:
    return (
        first.core.endswith(("厅", "部", "总局"))
        and first.level in ("省", "国家")
        and not second.level
        and second.core.endswith("局")
        and not second.core.endswith("总局")
    )


def _places_differ(first: str, second: str) -> bool:
    short = [place[:-1] if len(place) > 2 and place[-1] in "市县区旗" else place for place in (first, second)]
    return bool(first and second) and short[0] != short[1]


def prefix_start(text: str, start: int, place_starts: Mapping[int, int]) -> int:
    """Where a name begins if the level and place in front of its core at ``start`` belong to it.

    Args:
        text: The text.
        start: Start of the core.
        place_starts: End → start of the places in the text.
    """
    infix = _INFIX_BEFORE.search(text[max(0, start - 4) : start])
    for edge in ((start - len(infix[0]),) if infix else ()) + (start,):
        front = _place_chain(edge, place_starts)
        if front == edge and (word := _LEVEL_BEFORE.search(text[max(0, edge - 5) : edge])):
            front = _place_chain(edge - len(word[0]), place_starts)
        if front < edge:
            return front
    return start


def _place_chain(end: int, place_starts: Mapping[int, int]) -> int:
    """Start of the places that follow one another up to ``end``: 山西省吕梁市."""
    while end in place_starts:
        end = place_starts[end]
    return end
