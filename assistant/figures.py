"""Figures of official text: amounts, percentages, dates, durations and counts, each as printed."""

import re
from dataclasses import dataclass
from typing import Literal

FigureKind = Literal["date", "percent", "money", "duration", "count"]

FIGURE_NAMES: dict[FigureKind, str] = {
    "date": "日期",
    "percent": "比例",
    "money": "金额",
    "duration": "时长",
    "count": "数量",
}

_S = r"\s*"
_CN = r"[〇零一二两三四五六七八九十百千]"
# Bounded: each digit of a long row of them starts a try of its own.
_DIGITS = rf"\d[\d,]{{0,30}}(?:\.\d{{1,20}})?{_S}[十百千万亿]{{0,9}}"
_MONTH = rf"\d{{1,2}}{_S}月{_S}(?:\d{{1,2}}{_S}日|上旬|中旬|下旬|底|初|末|份)?"
_MEASURE = (
    r"(?:人次|户次|场次|平方米|平方公里|公里|万亩|个|名|人|家|次|场|项|条|件|支|所|套|位|户|辆|亩|类|种|批|张|座|处"
    r"|台|吨|册|株|倍|岁|间|块|艘|级)(?!月|工作日|百分点)"
)
# The first pattern that fits at a place wins: 2024年 is a date, 3年 is a duration.
_FIGURE = re.compile(
    rf"(?P<date>\d{{4}}{_S}年{_S}(?:{_MONTH}|底|末|初)?|{_MONTH}|(?<![\d半一两])年[底末])"
    rf"|(?P<percent>\d{{1,30}}(?:\.\d{{1,20}})?{_S}(?:[%％‰]|个百分点)|百分之[{_CN[1:-1]}点]+|[一二三四五六七八九]成)"
    rf"|(?P<money>{_DIGITS}{_S}余?(?:美|欧|港)?元|[二两三四五六七八九十百千万]+元)"
    rf"|(?P<duration>(?:\d{{1,30}}(?:\.\d{{1,20}})?{_S}|(?<![第每〇零一二两三四五六七八九十百千]){_CN}+)个?{_S}(?:年|个月|月|日|天|周|小时|分钟|工作日|学时|课时)"
    r"(?![度份均底末初])|(?<!每)半年(?!度))"
    rf"|(?P<count>(?<![第\d.]){_DIGITS}{_S}[余多]?{_S}{_MEASURE}|(?<![每第一二三四五六七八九十百千])[二两三四五六七八九十百千]+{_MEASURE})"
)
_CONTEXT = re.compile(r"[^，。；：！？、“”（）\s]*$")
_SHOWN = 16  # characters shown before a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Attributes:
        text: As printed, white space left out.
        start: Offset of its first character in the text searched.
        end: Offset behind its last one.
    """

    kind: FigureKind
    text: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The figures of a text in order, without overlap.

    ``每个补助1.5万元，占比55%`` → money 1.5万元, percent 55%.
    """
    return [
        Figure(kind, "".join(match.group().split()), *match.span())
        for match in _FIGURE.finditer(text)
        for kind in FIGURE_NAMES
        if match[kind] is not None
    ]


def lead_in(text: str) -> str:
    """The end of a text from its last mark on, cut to a length that can be shown: …，每个补助 → 每个补助."""
    found = _CONTEXT.search(text)
    phrase = found.group() if found else ""
    if len(phrase) <= _SHOWN:
        return phrase
    start = len(phrase) - _SHOWN
    while start and phrase[start].isdecimal() and phrase[start - 1].isdecimal():
        start -= 1  # no figure is cut
    return f"…{phrase[start:]}" if start else phrase
