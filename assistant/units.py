"""Names of organs: what a printed or spoken name denotes, and which names denote the same organ.

A name is read as prefix + core. The prefix gives level and place (省, 厦门市, 黄埔区, 市委, 市政府), the core
the organ (人社局, 组织部). Cores are looked up in ``data/units.toml``; what is not listed there is compared
by the core itself.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.organs import find_organs, is_cut_short
from assistant.places import Gazetteer, Level, PlaceMention, is_county_name, read_data, read_user_toml
from assistant.unitfile import Alias, Guard, UnitTable, build_table

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
_NAMEPLATE = re.compile(r"^(.{2,}?)[（(〔﹝\[]([^（）()〔〕﹝﹞\[\]]{2,20})[）)〕﹞\]]$")
_ORGAN_END = re.compile(r"(?:局|厅|部|委|办|会|处|室|中心|委员会|办公室|队|所|院)$")
_NOISE = re.compile(r"[（）()〔〕﹝﹞\[\]、，,\s和与及]")
_SHORTER = (("人民政府", "政府"), ("办公室", "办"), ("办公厅", "办"), ("委员会", "委"), ("管理局", "局"))
_CONNECTORS = "和与及、"
_COMPOUND_SUFFIXES = ("委员会", "办公室", "部门", "局", "厅", "委", "办")
_LONGEST_STEM = 14
# What follows a stem when people speak of an organ: 人社那边, 财政口子.
_SPOKEN = re.compile(r"[这那][边头]|口子|口(?=[的这那]|$)|条线|的同志|的人(?!口|才|员)")
# 人民银行和商业银行支行 is no branch of the first.
_JOIN = re.compile(r"[和与及跟的是]|银行")
_INFIX_BEFORE = re.compile(r"(?:级|直属?|党委|委|(?:人民)?政府)$")
# 社区工会 and 园区财政局 do not belong to a district called 社 or 园.
_LEVEL_BEFORE = re.compile(
    r"(?:国务院|国家|全国|中央|中共中央|中国|中华全国|自治区|自治州|自治县|省|州|盟|旗|县|(?<![城上超])市"
    r"|(?<![社园辖城地片景小校特新库灾山牧林矿老治])区)$"
)
# Names of classes that a question uses in their ordinary sense.
_COLLECTIVE = re.compile(
    r"^[各省市县区级直属相有关其他的及和]*(?:部门|单位|地区|方面|机构|企业|政府|人民政府|管委会|委员会)+$"
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
class UnitMention:
    """A unit named in a text: ``text == source[start:end]``."""

    start: int
    end: int
    text: str
    unit: UnitName


@dataclass(frozen=True, slots=True)
class _Prefix:
    """A reading of the front of a name."""

    rest: str
    level: Level = ""
    place: str = ""


def parse_unit(name: str, lexicon: "UnitLexicon") -> UnitName:
    """Take a unit name apart: 厦门市市场监管局 → 厦门, 市, 市场监管局.

    The split that leaves a listed organ wins, the shortest prefix first, so that 市场监管局 keeps its 市
    and 市市场监管局 loses one.
    """
    plate = _NAMEPLATE.match(name)
    if plate and _ORGAN_END.search(plate[1]) and _ORGAN_END.search(plate[2]):
        main, second = parse_unit(plate[1], lexicon), parse_unit(plate[2], lexicon)
        extra = (second.concept or second.core, *second.alternatives)
        return UnitName(name, main.concept, main.level, main.place, main.core, (*main.alternatives, *extra))
    if (branch := lexicon.branch(name)) is not None:
        return branch
    readings = list(_prefixes(name, lexicon.gazetteer))
    for reading in readings:
        alias = lexicon.alias(reading.rest)
        if alias is not None:
            level = reading.level or alias.level
            return UnitName(name, alias.concepts[0], level, reading.place, reading.rest, alias.concepts[1:])
    last = readings[-1]
    return UnitName(name, None, last.level or _township(name), last.place, last.rest)


def _township(name: str) -> Level:
    return "乡" if re.search(r"[镇乡](?:人民)?政府$|街道办(?:事处)?$", name) else ""


def _prefixes(name: str, gazetteer: Gazetteer) -> Iterator[_Prefix]:
    """Readings of the front of a name, from no prefix to the longest one."""
    reading = _Prefix(name)
    yield reading
    while True:
        step = _strip_place(reading, gazetteer) or _strip_level(reading)
        if step is None or len(step.rest) < 2:
            return
        reading = step
        yield reading
        infix = _INFIX.match(reading.rest)
        if infix and reading.level and len(reading.rest) - infix.end() >= 2:
            reading = _Prefix(reading.rest[infix.end() :], reading.level, reading.place)
            yield reading


def _strip_place(reading: _Prefix, gazetteer: Gazetteer) -> _Prefix | None:
    listed = gazetteer.match(reading.rest, 0)
    if listed is not None and reading.rest[listed[0] : listed[0] + 1] not in ("县", "区"):
        end, place = listed
        return _Prefix(reading.rest[end:], place.level, place.name)
    county = _COUNTY.match(reading.rest)
    if county and is_county_name(county[0], reading.rest[county.end() :]):
        level: Level = "市" if county[0].endswith("市") else "县"
        return _Prefix(reading.rest[county.end() :], level, county[0])
    return None


def _strip_level(reading: _Prefix) -> _Prefix | None:
    word = _LEVEL_WORD.match(reading.rest)
    if word is None or _NO_LEVEL.match(reading.rest):
        return None
    return _Prefix(reading.rest[word.end() :], _LEVELS[word[0]], reading.place)


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


class UnitLexicon:
    """Names of organs and how they relate; reads its tables once, when made by :meth:`load`."""

    def __init__(self, table: UnitTable, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._table = table
        self._lengths = _lengths_by_start(table.aliases)
        self._stem_lengths = _lengths_by_start(table.stems)
        self._parsed: dict[str, UnitName] = {}

    @classmethod
    def load(cls, user_file: Path | None = None) -> "UnitLexicon":
        """Build the lexicon from the package's tables and, on top, a user's file.

        Raises:
            DataFileError: The user's file is malformed; the Chinese message names file and line or key.
        """
        files: list[tuple[str, Mapping[str, Any]]] = [("units.toml", read_data("units.toml"))]
        if user_file is not None:
            files.append((str(user_file), read_user_toml(user_file)))
        return cls(build_table(files), Gazetteer.load())

    def alias(self, core: str) -> Alias | None:
        """What a name without prefix denotes.

        A stem alone is read as the organ (人社), a merged organ from its parts (工信和商务局).
        """
        found = self._table.aliases.get(core)
        if found is None and core in self._table.stems:
            found = Alias((self._table.stems[core],))
        return found or self._compound(core)

    def branch(self, name: str) -> UnitName | None:
        """A branch office named after its head office: 人民银行南昌中心支行."""
        for end in _ends(name, 0, self._lengths, self._table.aliases):
            alias = self._table.aliases[name[:end]]
            words = self._table.branches.get(alias.concepts[0])
            if words and name.endswith(words) and end < len(name):
                last = list(_prefixes(name[end:], self.gazetteer))[-1]
                return UnitName(name, alias.concepts[0], last.level, last.place, name[:end])
        return None

    def _compound(self, core: str) -> Alias | None:
        suffix = next((end for end in _COMPOUND_SUFFIXES if core.endswith(end)), "")
        concepts = self._stems_of(core[: len(core) - len(suffix)]) if suffix else ()
        return Alias(concepts) if len(concepts) > 1 else None

    def _stems_of(self, stem: str) -> tuple[str, ...]:
        """Organs whose stems make up ``stem``, longest stem first; empty when some part is unknown."""
        concepts: list[str] = []
        position = 0
        while position < len(stem):
            if concepts and stem[position] in _CONNECTORS:
                position += 1
            end = next(_ends(stem, position, self._stem_lengths, self._table.stems), None)
            if end is None:
                return ()
            concepts.append(self._table.stems[stem[position:end]])
            position = end
        return tuple(dict.fromkeys(concepts))

    def parse(self, name: str) -> UnitName:
        """:func:`parse_unit` with this lexicon; remembers what it has parsed."""
        unit = self._parsed.get(name)
        if unit is None:
            unit = self._parsed[name] = parse_unit(name, self)
        return unit

    def concept(self, name: str) -> str | None:
        """Id of the organ a printed or spoken name denotes, None if it is not listed."""
        return self.parse(name).concept

    def same_unit(self, first: str, second: str) -> bool:
        """Whether two names can denote one and the same office.

        The organ is the same (also under its former name), and levels and places do not contradict.
        市人社局 = 人社局 = 人社部门, but 省人社厅 ≠ 市人社局 and 市委办 ≠ 市政府办.
        """
        if first == second:
            return True
        one, other = self.parse(first), self.parse(second)
        if contradict(one, other):
            return False
        if one.concept is None or other.concept is None:
            return comparable_core(one.core) == comparable_core(other.core)
        return bool(self._lineage(one) & _concepts(other) or self._lineage(other) & _concepts(one))

    def _lineage(self, unit: UnitName) -> set[str]:
        """The organs a name stands for and those that took over from them."""
        return {later for concept in _concepts(unit) for later in self._line(concept)}

    def _line(self, concept: str) -> list[str]:
        line = [concept]
        while (step := self._table.successors.get(line[-1])) and step[0] not in line:
            line.append(step[0])
        return line

    def renamed(self, first: str, second: str) -> str | None:
        """How one organ became the other, as 扶贫办2021年起改为乡村振兴局; None if it did not."""
        old, new = self.concept(first), self.concept(second)
        if old is None or new is None or old == new:
            return None
        for start, goal in ((old, new), (new, old)):
            line = self._line(start)
            if goal in line:
                steps = [self._table.successors[name] for name in line[: line.index(goal)]]
                return start + "，".join(f"{year}年起改为{name}" for name, year in steps)
        return None

    def find_places(self, text: str, known: Collection[str] = ()) -> list[PlaceMention]:
        """Places a text names, see :meth:`Gazetteer.find`."""
        return self.gazetteer.find(text, known)

    def find_mentions(self, text: str, known: Collection[str] = ()) -> list[UnitMention]:
        """Find the units a question names, in text order and without overlap.

        Listed names, names in ``known`` and spoken stems (人社那边) compete, the longest wins; names that
        only look like organs fill what is left.

        Args:
            text: A question.
            known: Units printed in the indexed documents, recognised as printed and without prefix.
        """
        places = self.gazetteer.find(text)
        starts = {place.end: place.start for place in places}
        sure = [
            *self._known_spans(text, known),
            *self._alias_spans(text, starts),
            *self._spoken_spans(text, starts),
        ]
        chosen = _longest_first(sure, [])
        guessed = find_organs(text, frozenset(starts), frozenset(starts.values()))
        chosen += _longest_first(guessed, chosen)
        return [
            UnitMention(start, end, text[start:end], self.parse(text[start:end]))
            for start, end in sorted(chosen)
        ]

    def _known_spans(self, text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
        for name in known:
            core = self.parse(name).core
            # A listed core is found as an alias, with the guards that go with it.
            forms = {name} if core in self._table.aliases else {name, core}
            for form in forms:
                if len(form) < 3 or _COLLECTIVE.match(form):
                    continue
                for found in re.finditer(re.escape(form), text):
                    yield found.span()

    def _alias_spans(self, text: str, place_starts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        aliases = self._table.aliases
        for start in range(len(text) - 1):
            for end in _ends(text, start, self._lengths, aliases):
                alias = aliases[text[start:end]]
                front = prefix_start(text, start, place_starts)
                if (alias.bare or front < start) and self._is_allowed(text, alias.concepts[0], start, end):
                    yield front, self._branch_end(text, end, alias.concepts[0])
                    break

    def _branch_end(self, text: str, end: int, concept: str) -> int:
        """End of the branch's name that begins with a head office ending at ``end``, else ``end``."""
        words = self._table.branches.get(concept)
        found = re.compile(rf"[一-龥]{{0,8}}?(?:{'|'.join(words)})").match(text, end) if words else None
        return found.end() if found and not _JOIN.search(found[0]) else end

    def _spoken_spans(self, text: str, place_starts: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        for spoken in _SPOKEN.finditer(text):
            end = spoken.start()
            for start in range(max(0, end - _LONGEST_STEM), end - 1):
                concept = self._table.stems.get(text[start:end])
                if concept is not None and self._is_allowed(text, concept, start, end):
                    yield prefix_start(text, start, place_starts), end
                    break

    def _is_allowed(self, text: str, concept: str, start: int, end: int) -> bool:
        if is_cut_short(text, end):
            return False
        guard = self._table.guards.get(concept, Guard())
        if start and text[start - 1] in guard.not_after:
            return False
        return not text.startswith(guard.not_before, end) if guard.not_before else True


def _concepts(unit: UnitName) -> set[str]:
    return {concept for concept in (unit.concept, *unit.alternatives) if concept}


def _lengths_by_start(names: Collection[str]) -> dict[str, list[int]]:
    """First two characters → lengths of the names that begin so, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[:2], set()).add(len(name))
    return {start: sorted(found, reverse=True) for start, found in lengths.items()}


def _ends(text: str, start: int, lengths: Mapping[str, list[int]], names: Collection[str]) -> Iterator[int]:
    """Ends of the names that begin at ``start``, longest first."""
    for length in lengths.get(text[start : start + 2], ()):
        # A slice past the end would match a shorter name.
        if start + length <= len(text) and text[start : start + length] in names:
            yield start + length


def _longest_first(spans: Iterable[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0] - span[1], span)):
        if all(end <= other[0] or other[1] <= start for other in (*taken, *chosen)):
            chosen.append((start, end))
    return chosen


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
