"""Automatic numbering of Word and WPS documents: the label that stands before a paragraph.

Counters belong to the abstract list (``w:abstractNum``): lists that share one count on, unless a list
overrides its start, which holds from its first paragraph at that level. ECMA-376 part 1, section 17.9.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.parsing.formats.archive import attribute, child, local
from assistant.parsing.formats.numberformat import format_number

_PLACE = re.compile(r"%([1-9])")
_TIGHT = "、）．】〕"  # behind these, the gap between label and text is not needed to tell them apart
_BULLET = re.compile(r"[—–―\-－•·●○■□◆◇▪▲△★☆※◎]+")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list (``w:lvl``)."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    legal: bool = False
    restart: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str
    num_id: str
    level: int | None


@dataclass(slots=True)
class Numbering:
    """Labels of paragraphs, in document order: every call to ``label`` counts on."""

    _lists: Mapping[str, _List]
    _styles: Mapping[str, _Style]
    _default: str
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, properties: Any) -> str:
        """The label of the next paragraph with the gap behind it; empty without numbering.

        Args:
            properties: The ``w:pPr`` element of the paragraph, or None.
        """
        num_id, index = self._place(properties)
        entry = self._lists.get(num_id)
        level = entry.levels.get(index) if entry is not None else None
        if entry is None or level is None:
            return ""
        self._count(num_id, entry, index)
        printed = self._printed(entry, index, level)
        if not printed:
            return ""
        return printed if level.suffix == "nothing" or printed[-1] in _TIGHT else printed + " "

    def _place(self, properties: Any) -> tuple[str, int]:
        """List and level of a paragraph: its own, then what its style inherits."""
        style = self._default
        num_id, index = "", None
        if properties is not None:
            named = child(properties, "pStyle")
            style = attribute(named, "val") if named is not None else style
            num_id, index = _num_properties(properties)
        inherited_id, inherited = self._inherited(style)
        if num_id:
            linked = self._linked(num_id, style)
            return num_id, next((i for i in (index, linked) if i is not None), 0)
        if not inherited_id:
            return "", 0
        linked = self._linked(inherited_id, style)
        return inherited_id, next((i for i in (index, linked, inherited) if i is not None), 0)

    def _chain(self, style: str) -> Iterator[tuple[str, _Style]]:
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield style, self._styles[style]
            style = self._styles[style].parent

    def _inherited(self, style: str) -> tuple[str, int | None]:
        num_id, index = "", None
        for _, each in self._chain(style):
            index = each.level if index is None else index
            if each.num_id:
                num_id = each.num_id
                break
        return num_id, index

    def _linked(self, num_id: str, style: str) -> int | None:
        """The level that names the style, or one it is based on, as its own (``w:pStyle``)."""
        entry = self._lists.get(num_id)
        if entry is None:
            return None
        by_style = {level.style: index for index, level in entry.levels.items() if level.style}
        for name, each in self._chain(style):
            if name in by_style:
                return by_style[name]
            if each.num_id:
                break
        return None

    def _count(self, num_id: str, entry: _List, index: int) -> None:
        counters = self._counters.setdefault(entry.abstract, {})
        start = _start(entry, index)
        overridden = index in entry.starts and (num_id, index) not in self._begun
        self._begun.add((num_id, index))
        counters[index] = start if overridden or index not in counters else counters[index] + 1
        for deeper in [each for each in counters if each > index]:
            restart = entry.levels.get(deeper, Level()).restart
            if restart is None or index < restart:
                del counters[deeper]

    def _printed(self, entry: _List, index: int, level: Level) -> str:
        if level.kind == "bullet":
            return level.text if _BULLET.fullmatch(level.text) else ""
        counters = self._counters[entry.abstract]

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            if place > index:
                return ""
            shown = entry.levels.get(place, Level())
            kind = "decimal" if level.legal and shown.kind != "none" else shown.kind
            return format_number(counters.get(place, _start(entry, place)), kind)

        return _PLACE.sub(number, level.text).strip()


def read_numbering(numbering: Any, styles: Any) -> Numbering:
    """Lists and styles of a document.

    Args:
        numbering: Root of ``numbering.xml``, or None.
        styles: Root of ``styles.xml``, or None.
    """
    known, default = _read_styles(styles)
    if numbering is None:
        return Numbering({}, known, default)
    abstracts = {attribute(e, "abstractNumId"): e for e in numbering if local(e) == "abstractNum"}
    numbers = {attribute(e, "numId"): e for e in numbering if local(e) == "num"}
    lists = {}
    for num_id, element in numbers.items():
        abstract = _resolve(element, abstracts, numbers, known)
        if abstract:
            lists[num_id] = _read_list(element, abstract, abstracts[abstract])
    lists.pop("0", None)  # numId 0 takes a paragraph out of the numbering of its style
    return Numbering(lists, known, default)


def _start(entry: _List, index: int) -> int:
    return entry.starts.get(index, entry.levels.get(index, Level()).start)


def _read_styles(styles: Any) -> tuple[dict[str, _Style], str]:
    known: dict[str, _Style] = {}
    default = ""
    for element in styles if styles is not None else ():
        if local(element) != "style":
            continue
        name = attribute(element, "styleId")
        parent = child(element, "basedOn")
        properties = child(element, "pPr")
        num_id, level = _num_properties(properties) if properties is not None else ("", None)
        known[name] = _Style(attribute(parent, "val") if parent is not None else "", num_id, level)
        if attribute(element, "default") in ("1", "true") and attribute(element, "type") == "paragraph":
            default = name
    return known, default


def _num_properties(properties: Any) -> tuple[str, int | None]:
    numbered = child(properties, "numPr")
    if numbered is None:
        return "", None
    num_id, level = child(numbered, "numId"), child(numbered, "ilvl")
    return (
        attribute(num_id, "val") if num_id is not None else "",
        _integer(level, None) if level is not None else None,
    )


def _resolve(
    element: Any, abstracts: Mapping[str, Any], numbers: Mapping[str, Any], styles: Mapping[str, _Style]
) -> str:
    """Id of the abstract list of a list, through list styles (``w:numStyleLink``)."""
    for _ in range(8):  # links may run in a circle
        named = child(element, "abstractNumId")
        abstract = attribute(named, "val") if named is not None else ""
        if abstract not in abstracts:
            return ""
        link = child(abstracts[abstract], "numStyleLink")
        if link is None:
            return abstract
        style = styles.get(attribute(link, "val"))
        element = numbers.get(style.num_id) if style is not None else None
        if element is None:
            return ""
    return ""


def _read_list(element: Any, abstract: str, definition: Any) -> _List:
    levels = dict(_read_levels(definition))
    starts: dict[int, int] = {}
    for override in element:
        if local(override) != "lvlOverride":
            continue
        index = _integer(override, 0, "ilvl") or 0
        levels.update(_read_levels(override))
        start = _integer(child(override, "startOverride"), None)
        if start is not None:
            starts[index] = start
    return _List(abstract, levels, starts)


def _read_levels(parent: Any) -> Iterator[tuple[int, Level]]:
    for element in parent:
        if local(element) != "lvl":
            continue
        values = {local(each): attribute(each, "val") for each in _flat(element)}
        legal = values.get("isLgl")
        yield (
            _integer(element, 0, "ilvl") or 0,
            Level(
                start=_number(values.get("start"), 1),
                kind=values.get("numFmt") or "decimal",
                text=values.get("lvlText", ""),
                suffix=values.get("suff") or "tab",
                legal=legal is not None and legal not in ("0", "false", "off"),
                restart=_number(values["lvlRestart"], 0) if "lvlRestart" in values else None,
                style=values.get("pStyle", ""),
            ),
        )


def _flat(level: Any) -> Iterator[Any]:
    """Settings of a level; of alternatives, the one for older programs, whose formats are known."""
    for element in level:
        if local(element) == "AlternateContent":
            fallback = child(element, "Fallback")
            yield from fallback if fallback is not None else ()
        else:
            yield element


def _integer(element: Any, default: int | None, name: str = "val") -> int | None:
    if element is None:
        return default
    try:
        return int(attribute(element, name))
    except ValueError:
        return default


def _number(value: str | None, default: int) -> int:
    try:
        return int(value or "")
    except ValueError:
        return default
