"""Place names: provinces and prefectures from a table, counties by the grammar of their names.

Chinese text has no word borders, so 大同小异 contains a city and 黄河南岸 a province. Three things keep such
readings out: names are matched longest first from the left, names that are ordinary words need 市 or a
context in which officials speak of places, and a county is accepted only where its name has a left border.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from assistant.errors import DataFileError

Level = Literal["国家", "省", "市", "县", "乡", ""]

MUNICIPALITIES = frozenset(("北京", "天津", "上海", "重庆"))
_PREFECTURE_SUFFIX = re.compile(r"(?:自治州|地区|州|盟|市)$")
_COUNTY_SUFFIX = re.compile(r"自治县|自治旗|[县区市旗]")
_LONGEST_COUNTY = 3  # 土默特右旗 is longer, but four characters before a suffix are mostly a phrase
_LONGEST_AUTONOMOUS = 10

# Characters that end a name on its left: punctuation, digits and words such as 在, 是, 我们.
_BORDER = re.compile(
    r"[^一-龥]|[的了是在和跟与及由归对给让把被向从到于问请我你您他她它们这那哪谁各全本该每某有没要也都就还只以号省市县区州盟旗按据照说查]"
)
# Last character before the suffix of words that name a kind of area (社区, 贫困县, 城市), not a place.
_GENERIC = {
    "区": frozenset(
        "城社园小辖市地校厂景片牧林矿郊特验范税发开业能聚作贸易战灾疫老库湿域假心养护治活住公街港湾务学教军备禁"
        "专展分赛院病震滩困象类点段套储物流产保内外跨整撤县级镇乡村"
    ),
    "县": frozenset(
        "强困各全我本大小级辖点范区市旗州乡该外邻跨出进到穷富贫脱帽示业农牧口林试百多几边陆疆指经报交至处抓"
    ),
    "市": frozenset(
        "城上超股楼夜早门都黑开入集菜花农辖级设本我全各该省地跨退副报经杆范大小救县出进外区数多几乡"
    ),
    "旗": frozenset("红国党升大战军校彩锦举全各我本"),
}
_COUNTED = frozenset("一二三四五六七八九十两个条几")  # 一带三区, 第六条市…
# Verbs that stand before 市人社局 or 县政府 in official prose: 支持市…, 报请县….
_VERB = (
    "成立|依托|会同|上报|形成|完善|推动|推进|贯彻|实施|实行|支持|启动|建设|组织|指导|完成|接受|享受|引导|联动|落实|结合|实现"
    "|覆盖|发挥|提供|提升|建立|鼓励|加快|加强|委托|配合|移交|负责|抓好|畅通|补足|联系|立足|考核|已经|业经|通报|报送|抄送|提请"
    "|报请|督促|协调|协同|协助|牵头|涉及|包括|咨询|请问|转发|印发|报告|服务|帮助|要求|属地|明确|关于|作为|列入|纳入|征求|申报"
    "|建成|获批|提交|汇总|骗取|抽检|居民|行政|规划|共青团|参与|比如|例如|除了|以及|还有"
)
_ENDS_IN_VERB = re.compile(rf"(?:{_VERB})$")
_LEADING_VERB = re.compile(rf"(?:{_VERB})+(?=.)")
_GENERIC_DISTRICT = re.compile(
    r"先行$|集中$|经济$|旅游$|^华[东南西北中]$|^[东西南北中]$|[远困部半大石边偏贫老]山$"
)
# What makes the suffix character part of another word: 市场, 区域, 县级, 旗下.
_NOT_SUFFIX = {
    "区": re.compile(r"[域块别间划位]|分(?!局)|级(?!财|部|机)"),
    "县": re.compile(r"[域]|级市|市区|区市"),
    "市": re.compile(r"场|民(?![政宗族营委航防办])|政(?!府|协|法|务|数)|容|值|价|盈|区|直|域|面|级|县|占"),
    "旗": re.compile(r"[下舰帜县袍]"),
}
# Left and right neighbours between which a name that is also an ordinary word is read as a place.
_CONTEXT_LEFT = re.compile(
    r"(?:^|[，。；：、？！,;:?!\s（(《“]|[在到去于问查按照据说和与跟我是来咱省]|关于|比如)$"
)
_CONTEXT_RIGHT = re.compile(
    r"$|[，。；：、？！,;:?!\s）)》”的要出印发推加搞给对怎能让有和与跟这那在人企数办打建试产]|政策|方案|文件|措施|规定|实施|关于"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in its short form (山西, 吕梁, 凤山县) with the province it belongs to, "" if unknown."""

    name: str
    level: Level
    province: str


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text: ``text == source[start:end]``."""

    start: int
    end: int
    text: str
    place: Place


def agreement(asked: Sequence[Place], held: Sequence[Place]) -> float:
    """How well places of a document fit those a question names.

    Returns:
        1 for the same place; 0.5 for the province of the place asked for, whose rules hold there; 0.3 for
        a place inside the province asked for; -1 for other places; 0 when either side names none.
    """
    fits = [_fit(one, other) for one in asked for other in held]
    return max(fits, default=0.0)


def _fit(asked: Place, held: Place) -> float:
    if _is_same(asked, held):
        return 1.0
    if _is_province_of(held, asked):
        return 0.5
    return 0.3 if _is_province_of(asked, held) else -1.0


def _is_same(one: Place, other: Place) -> bool:
    """吉林 the province is not 吉林 the city in it, 鼓楼区 of one province not that of another."""
    if one.level != other.level or one.name.rstrip("市县区") != other.name.rstrip("市县区"):
        return False
    return one.province == other.province or not (one.province and other.province)


def _is_province_of(one: Place, other: Place) -> bool:
    return one.name == other.province and (one.level == "省" or one.name in MUNICIPALITIES)


def read_data(name: str) -> dict[str, Any]:
    """Read one of the package's own TOML tables."""
    return tomllib.loads(resources.files("assistant").joinpath("data", name).read_text(encoding="utf-8"))


def read_user_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file a user wrote.

    Raises:
        DataFileError: The file cannot be read, or is not UTF-8 or not TOML; names file and line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataFileError(f"读不到数据文件 {path}：{error.strerror}。请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"数据文件 {path} 不是 UTF-8 编码。请另存为 UTF-8 后重试。") from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"第 {found[1]} 行第 {found[2]} 列" if found else "文件末尾"
        raise DataFileError(f"数据文件 {path} {where}不合 TOML 格式：{error}。请改正后重试。") from error


class Gazetteer:
    """Provinces and prefectures, and the grammar for what lies below them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._places: dict[str, Place] = {}
        self._ambiguous = frozenset(data["ambiguous"])
        self._not_after: Mapping[str, str] = data["not_after"]
        self._full: Mapping[str, str] = data["full"]
        for province in data["province"]:
            self._add_province(province)
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self._places, key=len, reverse=True):
            lengths = self._lengths.setdefault(name[:2], [])
            if len(name) not in lengths:
                lengths.append(len(name))

    @classmethod
    def load(cls) -> "Gazetteer":
        """Build the gazetteer from the package's table."""
        return cls(read_data("places.toml"))

    def _add_province(self, province: Mapping[str, Any]) -> None:
        name = province["name"]
        # 市人社局 of 北京 stands at the level of a city in every name it prints.
        place = Place(name, "市" if name in MUNICIPALITIES else "省", name)
        for form in (name, province["full"], f"{name}省", f"{name}自治区"):
            if form == name or form == province["full"] or place.level == "省":
                self._places.setdefault(form, place)
        for city in province["cities"]:
            self._add_city(city, name)

    def _add_city(self, city: str, province: str) -> None:
        short = _PREFECTURE_SUFFIX.sub("", city) if len(city) > 2 else city
        plain = short == city
        place = Place(short, "市", province)
        forms = [f"{city}市"] if plain else [city, self._full.get(city, city)]
        for form in forms:
            self._places[form] = place
        # 吉林 and 海南 alone are the provinces, which were added first.
        self._places.setdefault(short, place)

    def match(self, text: str, start: int) -> tuple[int, Place] | None:
        """Longest table name at ``start``: its end and the place; no look at the context."""
        for length in self._lengths.get(text[start : start + 2], ()):
            place = self._places.get(text[start : start + length])
            # A slice past the end would match a shorter name.
            if place is not None and start + length <= len(text):
                return start + length, place
        return None

    def find(self, text: str, known: Collection[str] = ()) -> list[PlaceMention]:
        """Find the places a text names, in text order and without overlap.

        Args:
            text: A question or a title.
            known: Names to accept wherever they stand (the counties of the indexed documents).
        """
        found = list(self._find_known(text, known))
        found += [mention for mention in self._find_listed(text) if _is_free(mention, found)]
        found += [mention for mention in _find_counties(text, found) if _is_free(mention, found)]
        return sorted(found, key=lambda mention: mention.start)

    def _find_known(self, text: str, known: Collection[str]) -> Iterator[PlaceMention]:
        names = sorted((name for name in known if len(name) > 1), key=lambda name: (-len(name), name))
        if not names:
            return
        for found in re.finditer("|".join(map(re.escape, names)), text):
            listed = self._places.get(found[0])
            yield PlaceMention(found.start(), found.end(), found[0], listed or Place(found[0], "县", ""))

    def _find_listed(self, text: str) -> Iterator[PlaceMention]:
        position = 0
        while position < len(text):
            hit = self.match(text, position)
            if hit is None or not self._is_plausible(text, position, hit[0]):
                position += 1
                continue
            yield PlaceMention(position, hit[0], text[position : hit[0]], hit[1])
            position = hit[0]

    def _is_plausible(self, text: str, start: int, end: int) -> bool:
        name = text[start:end]
        before = text[start - 1] if start else ""
        if before and before in self._not_after.get(name, ""):
            return False
        if name not in self._ambiguous:
            return True
        if text[end : end + 1] in ("县", "区"):
            return False  # 朝阳区 is a district, found by grammar
        return bool(_CONTEXT_LEFT.search(text[:start]) and _CONTEXT_RIGHT.match(text[end:])) or bool(
            start and self._ends_place(text, start)
        )

    def _ends_place(self, text: str, end: int) -> bool:
        """Whether a province ends here: 山西大同 is the city."""
        return any(
            (place := self._places.get(text[end - length : end])) is not None and place.level == "省"
            for length in (2, 3, 4)
            if length <= end
        )


def _is_free(mention: PlaceMention, taken: list[PlaceMention]) -> bool:
    return all(mention.end <= other.start or other.end <= mention.start for other in taken)


def _find_counties(text: str, taken: list[PlaceMention]) -> Iterator[PlaceMention]:
    """Counties, districts, banners and county-level cities by their suffix."""
    ends = {mention.end: mention.place for mention in taken}
    for suffix in _COUNTY_SUFFIX.finditer(text):
        start = _county_start(text, suffix, ends)
        if start is None or not is_county_name(text[start : suffix.end()], text[suffix.end() :]):
            continue
        name = text[start : suffix.end()]
        upper = ends.get(start)
        yield PlaceMention(start, suffix.end(), name, Place(name, "县", upper.province if upper else ""))


def _county_start(text: str, suffix: re.Match[str], ends: Mapping[int, Place]) -> int | None:
    longest = _LONGEST_AUTONOMOUS if len(suffix[0]) > 1 else _LONGEST_COUNTY
    start = suffix.start()
    while start > 0 and start not in ends and not _BORDER.match(text[start - 1]):
        start -= 1
        if suffix.start() - start > longest:
            # No border in reach: two characters are the rule for 县 and 市; 区 ends too many common nouns.
            return suffix.start() - 2 if suffix[0] in "县市" else None
    verb = _LEADING_VERB.match(text, start, suffix.start())
    return verb.end() if verb else start


def is_county_name(name: str, following: str = "") -> bool:
    """Whether 兴县, 坪山区, 孝义市 … is a name and not a kind of area (贫困县, 社区, 城市).

    Args:
        name: Stem and suffix.
        following: The text behind it; 凤山县域 and 孝义市场 are no names.
    """
    if name.endswith(("自治县", "自治旗")):
        return len(name) > 4
    stem, suffix = name[:-1], name[-1]
    if len(stem) < (1 if suffix in "县旗" else 2) or _NOT_SUFFIX[suffix].match(following):
        return False
    if suffix == "区" and stem.endswith("新"):
        return len(stem) == 3 and stem[1] not in "级高"  # 浦东新区, but not 高新区
    if suffix == "区" and _GENERIC_DISTRICT.search(stem):
        return False
    if stem[-1] in _COUNTED or _ENDS_IN_VERB.search(stem):
        return False
    return stem[-1] not in _GENERIC[suffix]
