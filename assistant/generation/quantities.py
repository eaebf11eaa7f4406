"""Figures in a form in which equal ones are equal: 1.5万元 = 15000元, 百分之二十 = 20%, 三年 = 3年."""

import re
from collections.abc import Iterator

from assistant.figures import Figure, figures
from assistant.parsing.numerals import cn_value
from assistant.text import bigrams, index_form

_CN = "〇零一二两三四五六七八九十百千"
_NUMBER = re.compile(rf"(?P<arabic>\d[\d,]*(?:\.\d+)?)?(?P<chinese>[{_CN}]*)(?P<scale>[万亿]*)[余多]?个?")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# What is no figure by itself (一名, 每月) but says how many or how often.
_SINGLE = re.compile(r"一(?:名|人|次(?!性)|户|家|项|倍|套|所|台|处|座)")
_EVERY = re.compile(r"每(?:半?年|月|季度?|周|日|天|学期|小时|户|人|名|次)")
_BRACKETED = re.compile(r"\([^()]*\)")
_MARK = re.compile(r"[,;:。!?、\n]")
_RELATION = re.compile(r"(?:之|以)?([前后起])")
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
    missing += [found for found in _EVERY.findall(form) if found not in given]
    missing += [found for found in _SINGLE.findall(rest) if not _has_single(found, given)]
    missing += [f"{day}{side}" for day, side in _relations(form) if not _is_related(day, side, given)]
    return next(iter(missing), "")


def misplaced(text: str, source: str) -> str:
    """The first figure of a text that the source gives for something else, "" when there is none.

    ``偏远站点补助1万元`` against ``每个站点补助1万元，偏远站点补助2万元`` → 10000元: of the source's figures
    of its kind, those whose surroundings are most like the figure's own decide.
    """
    given = list(_surroundings(source))
    for kind, value, pairs in _surroundings(text):
        likeness = [(len(pairs & around), other) for each, other, around in given if each == kind]
        most = max((count for count, _ in likeness), default=0)
        nearest = {other for count, other in likeness if count == most}
        if most and value in {other for _, other in likeness} and value not in nearest:
            return value
    return ""


def _surroundings(text: str) -> Iterator[tuple[str, str, set[str]]]:
    """Every figure outside brackets with the pairs of characters between it and the next mark or figure."""
    form = _BRACKETED.sub("", index_form(text))
    found = figures(form)
    for number, each in enumerate(found):
        low = found[number - 1].end if number else 0
        high = found[number + 1].start if number + 1 < len(found) else len(form)
        before = _MARK.split(form[low : each.start])[-1]
        after = _MARK.split(form[each.end : high])[0]
        yield each.kind, _canonical(each), {*bigrams(before), *bigrams(after)}


def _has_single(found: str, text: str) -> bool:
    """Whether a text has 一名 or 1名, the latter not as the end of 21名."""
    return found in text or bool(re.search(rf"(?<![\d.]){found.replace('一', '1')}", text))


def _relations(text: str) -> list[tuple[str, str]]:
    """Days with 前, 后 or 起 behind them: 于10月底之前 → ``("10月底", "前")``."""
    behind = [(each.text, _RELATION.match(text, each.end)) for each in figures(text) if each.kind == "date"]
    return [(day, found[1]) for day, found in behind if found]


def _is_related(day: str, side: str, text: str) -> bool:
    return any(given.endswith(day) and side == other for given, other in _relations(text))


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
        value = float(cn_value(number["chinese"] or "一"))  # the figure of 一万元 begins behind 一
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
