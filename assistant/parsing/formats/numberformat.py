"""Numbers as word processors print them in automatic numbering (``w:numFmt``)."""

from collections.abc import Callable

_CN = "零一二三四五六七八九"
_LEGAL_CN = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TW = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def format_number(value: int, kind: str) -> str:
    """A counter value in the number format ``kind``; unknown formats are printed as decimals.

    Examples: ``(12, "japaneseCounting")`` → 十二, ``(101, "chineseCountingThousand")`` → 一百零一,
    ``(101, "chineseCounting")`` → 一○一, ``(28, "lowerLetter")`` → bb.
    """
    if kind == "none":
        return ""
    return _FORMATS.get(kind, str)(value) if value >= 0 else str(value)


def _thousands(value: int, digits: str, weights: str, *, bare_ten: bool) -> str:
    """一百零一, 一百一十, 二千零三十; ``bare_ten`` writes 十五 and not 一十五."""
    if value == 0:
        return digits[0]
    if value > 9999:
        return str(value)
    printed, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit == 0:
            gap = bool(printed)
            continue
        printed += digits[0] if gap else ""
        gap = False
        leading_ten = bare_ten and power == 1 and digit == 1 and not printed
        printed += ("" if leading_ten else digits[digit]) + (weights[power - 1] if power else "")
    return printed


def _chinese_thousand(value: int) -> str:
    return _thousands(value, _CN, "十百千", bare_ten=True)


def _chinese(value: int) -> str:
    """Counting up to 99, digit by digit from 100: 九十九, 一○○, 一○一."""
    if value < 100:
        return _chinese_thousand(value) if value else "○"
    return _digits(value, "○" + _CN[1:])


def _japanese(value: int) -> str:
    """Without 一 before a weight and without 零: 十, 百, 百一, 百十一, 二百二十."""
    if not 0 < value < 10000:
        return "〇" if value == 0 else str(value)
    printed = ""
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            weight = "十百千"[power - 1] if power else ""
            printed += ("" if digit == 1 and power else _CN[digit]) + weight
    return printed


def _digits(value: int, alphabet: str) -> str:
    return "".join(alphabet[int(digit)] for digit in str(value))


def _cycle(value: int, letters: str) -> str:
    """Letters repeated as Word does: a … z, aa, bb …."""
    if value == 0:
        return ""
    times = (value - 1) // len(letters) + 1
    return letters[(value - 1) % len(letters)] * min(times, 30)


def _roman(value: int) -> str:
    if not 0 < value < 5000:
        return str(value)
    printed = ""
    for number, letters in _ROMAN:
        printed += letters * (value // number)
        value %= number
    return printed


def _from(first: int, count: int) -> Callable[[int], str]:
    """A block of ready-made characters; numbers beyond it are printed as decimals."""
    return lambda value: chr(first + value - 1) if 1 <= value <= count else str(value)


def _named(names: str) -> Callable[[int], str]:
    return lambda value: names[value - 1] if 1 <= value <= len(names) else str(value)


def _sexagenary(value: int) -> str:
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if 1 <= value <= 60 else str(value)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WIDE = "０１２３４５６７８９"
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: _digits(value, _WIDE),
    "decimalFullWidth2": lambda value: _digits(value, _WIDE),
    "decimalEnclosedCircle": _from(0x2460, 20),
    "decimalEnclosedCircleChinese": _from(0x2460, 20),
    "decimalEnclosedParen": _from(0x2474, 20),
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "ideographEnclosedCircle": _from(0x3220, 10),
    "numberInDash": lambda value: f"- {value} -",
    "chineseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "chineseCountingThousand": _chinese_thousand,
    "taiwaneseCountingThousand": _chinese_thousand,
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": lambda value: _thousands(value, _LEGAL_CN, "拾佰仟", bare_ten=False),
    "ideographLegalTraditional": lambda value: _thousands(value, _LEGAL_TW, "拾佰仟", bare_ten=False),
    "ideographDigital": lambda value: _digits(value, "〇" + _CN[1:]),
    "japaneseDigitalTenThousand": lambda value: _digits(value, "〇" + _CN[1:]),
    "taiwaneseDigital": lambda value: _digits(value, "○" + _CN[1:]),
    "ideographTraditional": _named(_STEMS),
    "ideographZodiac": _named(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "lowerLetter": lambda value: _cycle(value, _LETTERS),
    "upperLetter": lambda value: _cycle(value, _LETTERS.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}
