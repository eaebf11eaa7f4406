"""Figures in a form in which equal ones are equal: 1.5万元 = 15000元, 百分之二十 = 20%, 三年 = 3年."""

import re

from assistant.figures import Figure, figures
from assistant.parsing.numerals import cn_value
from assistant.text import index_form

_CN = "〇零一二两三四五六七八九十百千"
_NUMBER = re.compile(rf"(?P<arabic>\d[\d,]*(?:\.\d+)?)?(?P<chinese>[{_CN}]*)(?P<scale>[万亿]*)[余多]?个?")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ORDINAL = re.compile(rf"第[{_CN}\d]+")


def quantities(text: str) -> set[tuple[str, str]]:
    """The figures of a text as ``(kind, canonical form)``."""
    return {(each.kind, _canonical(each)) for each in figures(index_form(text))}


def unfounded(text: str, source: str) -> str:
    """The first figure or number of a text that a source does not have, "" when it has them all.

    A part of a date counts as in the source (10月底 of 2024年10月底).
    """
    form, given = index_form(text), index_form(source)
    known = quantities(source)
    dates = [value for kind, value in known if kind == "date"]
    for each in figures(form):
        value = _canonical(each)
        is_part = each.kind == "date" and any(re.search(rf"(?<!\d){re.escape(value)}", day) for day in dates)
        if (each.kind, value) not in known and not is_part:
            return each.text
    rest = form
    for each in reversed(figures(form)):
        rest = f"{rest[: each.start]} {rest[each.end :]}"
    numbers = set(_DIGITS.findall(given.replace(",", "")))
    printed: list[str] = _DIGITS.findall(rest.replace(",", ""))
    missing = [number for number in printed if number not in numbers]
    missing += [found for found in _ORDINAL.findall(rest) if found not in given]
    return next(iter(missing), "")


def _canonical(figure: Figure) -> str:
    text: str = figure.text
    if figure.kind == "date":
        return text
    if figure.kind == "percent":
        return _percent(text)
    if text.startswith("半年"):
        return "6月"
    number = _NUMBER.match(text)
    if number is None or not number.end():
        return text
    value = float((number["arabic"] or "1").replace(",", ""))
    if number["arabic"]:
        for scale in number["chinese"]:
            value *= _SCALES.get(scale, 1)
    else:
        value = float(cn_value(number["chinese"]))
    for scale in number["scale"]:
        value *= _SCALES[scale]
    measure = text[number.end() :].replace("日", "天") if figure.kind == "duration" else text[number.end() :]
    return f"{value:g}{measure}"


def _percent(text: str) -> str:
    if text.startswith("百分之"):
        whole, _, part = text[3:].partition("点")
        decimals = "".join(str(cn_value(digit)) for digit in part)
        return f"{float(f'{cn_value(whole)}.{decimals or 0}'):g}%"
    if text.endswith("成"):
        return f"{10 * cn_value(text[0])}%"
    number = _DIGITS.match(text)
    assert number is not None, "the pattern of percentages begins with digits"
    return f"{float(number[0]):g}{text[number.end() :]}"
