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
from assistant.places import Gazetteer, PlaceMention, read_data, read_user_toml
from assistant.unitfile import Alias, Guard, UnitTable, build_table
from assistant.unitnames import UnitName, comparable_core, contradict, prefix_start, prefixes, township_level

__all__ = ["UnitLexicon", "UnitMention", "UnitName", "parse_unit"]

_MOST_PARSED = 20_000  # names remembered; a server must not grow with every question it is asked
_NAMEPLATE = re.compile(r"^(.{2,}?)[（(〔﹝\[]([^（）()〔〕﹝﹞\[\]]{2,20})[）)〕﹞\]]$")
_ORGAN_END = re.compile(r"(?:局|厅|部|委|办|会|处|室|中心|委员会|办公室|队|所|院)$")
_CONNECTORS = "和与及、"
_COMPOUND_SUFFIXES = ("委员会", "办公室", "部门", "局", "厅", "委", "办")
_LONGEST_STEM = 14
# What follows a stem when people speak of an organ: 人社那边, 财政口子.
_SPOKEN = re.compile(r"[这那][边头]|口子|口(?=[的这那]|$)|条线|的同志|的人(?!口|才|员)")
# 人民银行和商业银行支行 is no branch of the first.
_JOIN = re.compile(r"[和与及跟的是]|银行")
# Names of classes that a question uses in their ordinary sense.
_COLLECTIVE = re.compile(
    r"^[各省市县区级直属相有关其他的及和]*(?:部门|单位|地区|方面|机构|企业|政府|人民政府|管委会|委员会)+$"
)


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit named in a text: ``text == source[start:end]``."""

    start: int
    end: int
    text: str
    unit: UnitName


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
    readings = list(prefixes(name, lexicon.gazetteer))
    for reading in readings:
        alias = lexicon.alias(reading.rest)
        if alias is not None:
            level = reading.level or alias.level
            return UnitName(name, alias.concepts[0], level, reading.place, reading.rest, alias.concepts[1:])
    last = readings[-1]
    return UnitName(name, None, last.level or township_level(name), last.place, last.rest)


class UnitLexicon:
    """Names of organs and how they relate; reads its tables once, when made by :meth:`load`."""

    def __init__(self, table: UnitTable, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._table = table
        self._lengths = _lengths_by_start(table.aliases)
        self._stem_lengths = _lengths_by_start(table.stems)
        self._parsed: dict[str, UnitName] = {}
        self._recognised: tuple[frozenset[str], _Forms] = (frozenset(), (frozenset(), {}))

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
                last = list(prefixes(name[end:], self.gazetteer))[-1]
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

    def aliases(self, names: Collection[str]) -> set[str]:
        """Every name under which the organs of the given names may be asked for."""
        wanted = {concept for name in names if (concept := self.concept(name))}
        return {name for name, alias in self._table.aliases.items() if wanted.intersection(alias.concepts)}

    def parse(self, name: str) -> UnitName:
        """:func:`parse_unit` with this lexicon; remembers what it has parsed."""
        unit = self._parsed.get(name)
        if unit is None:
            if len(self._parsed) >= _MOST_PARSED:
                self._parsed.clear()
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
        forms, lengths = self._forms_of(frozenset(known))
        for start in range(len(text)):
            for end in _ends(text, start, lengths, forms):
                yield start, end

    def _forms_of(self, known: frozenset[str]) -> "_Forms":
        """What known units are recognised by, as a set and by their first two characters."""
        last, forms_of_last = self._recognised
        if known != last:
            forms = set()
            for name in known:
                core = self.parse(name).core
                # A listed core is found as an alias, with the guards that go with it.
                forms |= {name} if core in self._table.aliases else {name, core}
            usable = frozenset(form for form in forms if len(form) > 2 and not _COLLECTIVE.match(form))
            forms_of_last = usable, _lengths_by_start(usable)
            self._recognised = known, forms_of_last  # one assignment: other threads see both or neither
        return forms_of_last

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


#: Names, and the lengths of those that begin with the same two characters.
_Forms = tuple[frozenset[str], Mapping[str, list[int]]]


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
