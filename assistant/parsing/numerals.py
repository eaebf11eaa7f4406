"""Numbering grammar: the numerals that open a clause, at line starts and inside flattened text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CN = "一二三四五六七八九十百〇零○两"
SPACES = " \t\u3000\u00a0\u2002\u2003\u2009\u200b\ufeff\x0c"

# From the outermost level to the innermost; a gap leaves room for the depth of decimal headings.
RANKS = {
    "编": 0,
    "章": 1,
    "节": 2,
    "条": 3,
    "cn": 10,
    "decimal": 20,
    "cn_bracket": 40,
    "arabic": 50,
    "arabic_bracket": 60,
    "arabic_half": 70,
    "circled": 80,
}
LAW_STYLES = frozenset({"编", "章", "节", "条"})

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "-": 1, "－": 1}
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)} | {chr(0x3251 + i): i + 21 for i in range(15)}
_PRINTED_BRACKET = {chr(0x2474 + i): i + 1 for i in range(20)}
_PRINTED_DOT = {chr(0x2488 + i): i + 1 for i in range(20)}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")

# Bodies that start with digits and still follow a numeral: 4.2021年…, 8.5G网络…, 11.12345热线….
_DIGIT_BODY = r"(?=(?:19|20)\d\d\s?年|[345][GgD]|\d{5})"
_S = rf"[{SPACES}]{{0,3}}"
_MARKER = (
    rf"(?:第{_S}(?P<law>[{CN}\d０-９{SPACES}\-－]{{1,9}}?){_S}(?P<kind>[编章节条])(?P<of>之[{CN}]{{1,2}})?"
    rf"|(?P<cn>[{CN}]{{1,4}}|[-－](?=、)){_S}[、．.﹒]"
    rf"|[（(〔﹝]{_S}(?P<cnb>[{CN}]{{1,4}}){_S}[）)〕﹞]"
    rf"|[（(]{_S}(?P<arb>[\d０-９]{{1,3}}){_S}[）)]"
    rf"|(?P<dec>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,4}})(?![\d.．%％GgD])[.．、]?"
    rf"|(?P<ar>[\d０-９]{{1,3}}){_S}[.．、﹒](?:(?![\d０-９])|{_DIGIT_BODY})"
    rf"|(?P<half>\d{{1,2}})[)）]"
    rf"|(?P<bare>\d{{1,2}})(?=[{SPACES}]{{1,4}}[\u4e00-\u9fff])"
    rf"|(?P<circ>[①-⑳㉑-㉟⑴-⒇⒈-⒛]))"
)
_LAW = rf"(?P<m>第(?P<law>[{CN}]{{1,6}})(?P<kind>[章节条])(?P<of>之[{CN}]{{1,2}})?)"
_AT_LINE = re.compile(rf"(?m)^[{SPACES}#*>]{{0,24}}(?P<m>{_MARKER})")
_INSIDE = re.compile(rf"(?<=[。！？；;：:）)〕】\]”\"{SPACES}])(?P<m>{_MARKER})")

# Without any break before them: only in text whose line breaks were lost, and only where they count on.
_GLUED_LAW = re.compile(rf"(?<![、和与至或及按照据反合依，》]){_LAW}")
_OWN_NAME = re.compile(
    r"[本该](?:[\u4e00-\u9fff]{0,4}?)(?:办法|条例|规定|细则|措施|法|规则|章程|意见|方案|通知)$"
)
_GLUED = re.compile(
    rf"(?<=[\u4e00-\u9fff”》%％A-Za-z])(?<![{CN}第百千])(?P<m>[（(](?P<cnb>[{CN}]{{1,4}})[）)]|(?P<cn>[{CN}]{{1,3}})、"
    r"|(?P<ar>\d{1,3})[.．](?!\d)|[（(](?P<arb>\d{1,2})[）)])"
)
_DECIMAL = re.compile(
    rf"(?<![\d.．第])(?P<m>(?P<dec>\d{{1,2}}(?:[.．]\d{{1,2}}){{0,4}})[{SPACES}]{{1,3}})(?=[\u4e00-\u9fff“《])"
)

# What follows a numeral that only refers to a clause.
_REFERENCE = re.compile(
    r"款(?!项)|项(?!目)|目(?![标的前录])|条(?![件例块目])|[、和及至或]?第[一二三四五六七八九十]|[、，](?=[（(])"
)
_ARTICLE_REFERENCE = re.compile(
    r"所|规定|中的|的|[、和与至或及]|之外|第|[（(][一二三四五六七八九十]{1,3}[）)](?:项|款)"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A numeral that may open a clause.

    Attributes:
        style: Key of ``RANKS``.
        value: Its number; for a decimal heading the last component.
        item: The path item: separator dropped, brackets full width.
        start: Offset of the numeral (of its bracket or 第 where it has one).
        end: Offset behind the numeral and its separator.
        strong: Whether it stands at the start of a line.
    """

    style: str
    value: int
    item: str
    start: int
    end: int
    strong: bool
    decimal: tuple[int, ...] = ()


def cn_value(numeral: str) -> int:
    """Value of a Chinese or Arabic numeral below 10000; 一百零二 → 102, 二十 → 20, 10 → 10."""
    numeral = numeral.translate(_FULL_WIDTH)
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) > 1 and not any(c in "十百千" for c in numeral):
        return int("".join(str(_DIGITS.get(c, 0)) for c in numeral))
    total = digit = 0
    for char in numeral:
        weight = {"十": 10, "百": 100, "千": 1000}.get(char)
        if weight is None:
            digit = _DIGITS.get(char, 0)
        else:
            total += (digit or 1) * weight
            digit = 0
    return total + digit


def line_markers(text: str) -> Iterator[Marker]:
    """Numerals at the start of a line, in order."""
    for match in _AT_LINE.finditer(text):
        marker = _marker(match, text, strong=True)
        if marker is not None:
            yield marker


def inner_markers(text: str) -> Iterator[Marker]:
    """Numerals behind a sentence end, a bracket or white space inside a line, in order."""
    for match in _INSIDE.finditer(text):
        if text.rfind("\n", max(0, match.start() - 24), match.start()) >= 0:
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if not before.strip(SPACES + "#*>"):
                continue  # at the start of its line after all
        marker = _marker(match, text, strong=False)
        if marker is not None and marker.style not in ("arabic_half", "bare"):
            yield marker


def glued_markers(text: str) -> Iterator[Marker]:
    """Numerals that follow a word without any break, in order."""
    for match in _GLUED.finditer(text):
        if _REFERENCE.match(text[match.end() : match.end() + 4]):
            continue
        groups = {"half": None, "bare": None, "dec": None, **match.groupdict()}
        made = _plain(groups, match["m"])
        if made is not None:
            style, value, item = made
            yield Marker(style, value, item, match.start("m"), match.end("m"), strong=False)


def glued_law_markers(text: str) -> Iterator[Marker]:
    """第X章, 第X条 without any break before or behind them, in order; references left out."""
    for match in _GLUED_LAW.finditer(text):
        cited = _OWN_NAME.search(text, max(0, match.start() - 8), match.start())
        if not cited and not _ARTICLE_REFERENCE.match(text, match.end()):
            numeral, kind = match["law"], match["kind"]
            item = f"第{numeral}{kind}{match['of'] or ''}"
            yield Marker(kind, cn_value(numeral), item, match.start(), match.end(), strong=False)


def decimal_markers(text: str) -> Iterator[Marker]:
    """Decimal headings anywhere: 1　总则, 2.1　组织机构; white space follows the numeral."""
    for match in _DECIMAL.finditer(text):
        parts = tuple(int(part) for part in re.split(r"[.．]", match["dec"]))
        item = ".".join(str(part) for part in parts)
        style = "decimal" if len(parts) > 1 else "bare"
        yield Marker(style, parts[-1], item, match.start("m"), match.end("m"), False, parts)


def _marker(match: re.Match[str], text: str, *, strong: bool) -> Marker | None:
    start, end = match.span("m")
    following = text[end : end + 12].lstrip(SPACES)
    groups = match.groupdict()
    if groups["law"] is not None:
        return _law_marker(groups, start, end, following, text, strong)
    if (groups["cn"] is None and _REFERENCE.match(following)) or text[max(0, start - 1) : start] == "第":
        return None
    made = _plain(groups, match["m"])
    if made is None:
        return None
    style, value, item = made
    decimal: tuple[int, ...] = ()
    if style == "decimal":
        decimal = tuple(int(part) for part in re.split(r"[.．]", groups["dec"]))
        if not following or not ("\u4e00" <= following[0] <= "\u9fff" or following[0] in "“《"):
            return None
        item = ".".join(str(part) for part in decimal)
    return Marker(style, value, item, start, end, strong, decimal)


def _plain(groups: dict[str, str | None], printed: str) -> tuple[str, int, str] | None:
    """Style, value and path item of a numeral that is no 编章节条."""
    for group, style, form in (
        ("cn", "cn", "{}"),
        ("cnb", "cn_bracket", "（{}）"),
        ("arb", "arabic_bracket", "（{}）"),
        ("ar", "arabic", "{}"),
        ("half", "arabic_half", "{}）"),
        ("bare", "bare", "{}"),
    ):
        numeral = groups[group]
        if numeral is not None:
            numeral = numeral.translate(_FULL_WIDTH).replace("-", "一").replace("－", "一")
            return style, cn_value(numeral), form.format(numeral)
    if groups["dec"] is not None:
        return "decimal", int(re.split(r"[.．]", groups["dec"])[-1]), groups["dec"]
    return _symbol(printed)


def _symbol(printed: str) -> tuple[str, int, str] | None:
    if printed in _CIRCLED:
        return "circled", _CIRCLED[printed], printed
    if printed in _PRINTED_BRACKET:
        return "arabic_bracket", _PRINTED_BRACKET[printed], f"（{_PRINTED_BRACKET[printed]}）"
    if printed in _PRINTED_DOT:
        return "arabic", _PRINTED_DOT[printed], str(_PRINTED_DOT[printed])
    return None


def _law_marker(
    groups: dict[str, str | None], start: int, end: int, following: str, text: str, strong: bool
) -> Marker | None:
    numeral = re.sub(rf"[{SPACES}]", "", groups["law"] or "").replace("-", "一").replace("－", "一")
    kind = groups["kind"] or ""
    spaced = text[end : end + 1] in SPACES + "\n【（("
    if not numeral or (_ARTICLE_REFERENCE.match(following) and not (spaced and strong)):
        return None
    if re.match(r"所称|规定的", following):
        return None
    if kind != "条" and not spaced and not strong:
        return None
    return Marker(kind, cn_value(numeral), f"第{numeral}{kind}{groups['of'] or ''}", start, end, strong)
