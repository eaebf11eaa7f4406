"""Reading of unit tables (``data/units.toml`` and a user's own) into one table of aliases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import DataFileError
from assistant.places import Level

FORMAT = 1
_TOP_KEYS = frozenset(("format", "tails", "suffixes", "unit"))
_LISTS = ("stems", "names", "national", "prefixed", "not_before", "merges", "branches")
_UNIT_KEYS = frozenset(("id", "suffixes", "not_after", "successor", "year", *_LISTS))
_DEFAULT_FAMILY = "行政"
_PLACEHOLDER = "{级}"
_PLACEHOLDER_LEVELS: Mapping[str, Level] = {
    **{"省": "省", "自治区": "省", "市": "市", "州": "市", "盟": "市"},
    **{"县": "县", "区": "县", "旗": "县"},
}
# In these families 厅 exists in provinces only; 部 and 总局 are the State Council's.
_LEVEL_FAMILIES = frozenset(("行政", "局"))
_SUFFIX_LEVELS: Mapping[str, Level] = {"厅": "省", "部": "国家", "总局": "国家"}


@dataclass(frozen=True, slots=True)
class Alias:
    """What a name without its prefix denotes.

    Attributes:
        concepts: Ids of the organs, the primary one first (教体局 has two).
        level: Level that the form itself implies (厅 → 省).
        bare: Whether the name is a unit without a place or level before it; 政府 and 教育系统 are not.
    """

    concepts: tuple[str, ...]
    level: Level = ""
    bare: bool = True


@dataclass(frozen=True, slots=True)
class Guard:
    """Neighbours that rule a name out: single characters before it, words behind it."""

    not_after: str = ""
    not_before: tuple[str, ...] = ()


@dataclass(slots=True)
class UnitTable:
    """Everything the unit files say, merged; later files win.

    Attributes:
        aliases: Name without prefix → organ.
        stems: Stem → organ id; a stem alone is a unit in speech only (人社那边).
        guards: Organ id → neighbours that rule its names out.
        branches: Organ id → words that end the names of its branches, longest first.
        successors: Organ id → the organ that took over, and the year.
    """

    aliases: dict[str, Alias] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    branches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    successors: dict[str, tuple[str, int]] = field(default_factory=dict)


def build_table(files: Sequence[tuple[str, Mapping[str, Any]]]) -> UnitTable:
    """Merge unit files into one table.

    Args:
        files: File name (for messages) and parsed TOML, the package's own first.

    Raises:
        DataFileError: A key is unknown, missing or of the wrong type, or one name denotes two organs
            within one file; names file, entry and key.
    """
    table = UnitTable()
    families: dict[str, list[str]] = {}
    tails: list[str] = []
    ids = {unit.get("id") for _, data in files for unit in data.get("unit", ()) if isinstance(unit, Mapping)}
    for name, data in files:
        _check_top(name, data)
        families |= data.get("suffixes", {})
        tails = tails or data.get("tails", [])
        claimed: dict[str, str] = {}
        for number, unit in enumerate(data.get("unit", ()), start=1):
            where = f"数据文件 {name} 第 {number} 个 [[unit]]（{_label(unit)}）"
            _check_unit(where, unit, families, ids)
            for form, alias in _forms(unit, families, tails):
                if claimed.setdefault(form, unit["id"]) != unit["id"]:
                    raise DataFileError(
                        f"{where}：名称“{form}”已属于“{claimed[form]}”。一个名称只能归一个单位，请删去一处。"
                    )
                table.aliases[form] = alias
            _add_rest(table, unit)
    return table


def _label(unit: Any) -> str:
    return str(unit.get("id", "无 id")) if isinstance(unit, Mapping) else "不是表"


def _check_top(name: str, data: Mapping[str, Any]) -> None:
    if unknown := sorted(set(data) - _TOP_KEYS):
        raise DataFileError(
            f"数据文件 {name}：不认识的键 {'、'.join(unknown)}。可用：{'、'.join(sorted(_TOP_KEYS))}。"
        )
    if data.get("format", FORMAT) != FORMAT:
        raise DataFileError(f"数据文件 {name} 的 format：应为 {FORMAT}，实为 {data['format']!r}。")
    if not isinstance(data.get("unit", []), list):
        raise DataFileError(f"数据文件 {name} 的 unit：应写成 [[unit]]（双方括号）。")
    if not _is_words(data.get("tails", [])):
        raise DataFileError(f"数据文件 {name} 的 tails：应为字符串数组。")
    suffixes = data.get("suffixes", {})
    if not isinstance(suffixes, Mapping) or not all(_is_words(words) for words in suffixes.values()):
        raise DataFileError(f"数据文件 {name} 的 [suffixes]：每个后缀组应为字符串数组。")


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


def _check_unit(where: str, unit: Any, families: Mapping[str, Any], ids: set[Any]) -> None:
    if not isinstance(unit, Mapping) or not isinstance(unit.get("id"), str) or not unit["id"]:
        raise DataFileError(f"{where}：缺 id，或 id 不是非空字符串。")
    if unknown := sorted(set(unit) - _UNIT_KEYS):
        raise DataFileError(
            f"{where}：不认识的键 {'、'.join(unknown)}。可用：{'、'.join(sorted(_UNIT_KEYS))}。"
        )
    for key in _LISTS:
        if not _is_words(unit.get(key, [])):
            raise DataFileError(f"{where}的 {key}：应为非空字符串的数组，实为 {unit[key]!r}。")
    for key in ("suffixes", "not_after", "successor"):
        if not isinstance(unit.get(key, ""), str):
            raise DataFileError(f"{where}的 {key}：应为字符串，实为 {unit[key]!r}。")
    if unit.get("suffixes", _DEFAULT_FAMILY) not in families:
        raise DataFileError(
            f"{where}的 suffixes：没有后缀组“{unit['suffixes']}”，可用：{'、'.join(families)}。"
        )
    _check_links(where, unit, ids)


def _check_links(where: str, unit: Mapping[str, Any], ids: set[Any]) -> None:
    year = unit.get("year")
    if "successor" in unit and (not isinstance(year, int) or isinstance(year, bool)):
        raise DataFileError(f"{where}的 year：有 successor 时须写改名年份（整数），实为 {year!r}。")
    targets = [*unit.get("merges", ()), *([unit["successor"]] if "successor" in unit else [])]
    for target in targets:
        if target not in ids or target == unit["id"]:
            raise DataFileError(f"{where}：successor 或 merges 指向的“{target}”不是另一个单位的 id。")


def _forms(
    unit: Mapping[str, Any], families: Mapping[str, list[str]], tails: list[str]
) -> Iterator[tuple[str, Alias]]:
    """All names of one organ; a fixed name overrides a combined one."""
    concepts = tuple(unit.get("merges", ())) or (unit["id"],)
    family = unit.get("suffixes", _DEFAULT_FAMILY)
    prefixed = unit.get("prefixed", ())
    if unit["id"] not in prefixed:
        yield unit["id"], Alias(concepts)
    for stem in unit.get("stems", ()):
        for suffix in families[family]:
            level = _SUFFIX_LEVELS.get(suffix, "") if family in _LEVEL_FAMILIES else ""
            yield stem + suffix, Alias(concepts, level)
        for tail in tails:
            yield stem + tail, Alias(concepts, bare=tail != "系统")
    for name in unit.get("names", ()):
        if _PLACEHOLDER not in name:
            yield name, Alias(concepts)
            continue
        for word, level in _PLACEHOLDER_LEVELS.items():
            yield name.replace(_PLACEHOLDER, word), Alias(concepts, level)
    for name in unit.get("national", ()):
        yield name, Alias(concepts, "国家")
    for name in prefixed:
        yield name, Alias(concepts, bare=False)


def _add_rest(table: UnitTable, unit: Mapping[str, Any]) -> None:
    concept = unit["id"]
    for stem in unit.get("stems", ()):
        table.stems[stem] = concept
    old = table.guards.get(concept, Guard())
    table.guards[concept] = Guard(
        old.not_after + unit.get("not_after", ""), (*old.not_before, *unit.get("not_before", ()))
    )
    if words := {*table.branches.get(concept, ()), *unit.get("branches", ())}:
        table.branches[concept] = tuple(sorted(words, key=lambda word: (-len(word), word)))
    if "successor" in unit:
        table.successors[concept] = (unit["successor"], unit["year"])
