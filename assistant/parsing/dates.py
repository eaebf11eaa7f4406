"""Dates as printed → ISO: 2019年6月28日, 二〇〇五年六月十一日, full-width digits."""

import re

from assistant.parsing.numerals import CN, SPACES, cn_value

_S = rf"[{SPACES}]{{0,3}}"
_NUMBER = rf"(?:[\d０-９]{{1,2}}|[{CN}]{{1,3}})"
DATE_PATTERN = rf"(?:[\d０-９]{{4}}|[{CN}]{{4}}){_S}年{_S}\n?{_S}{_NUMBER}{_S}月{_S}\n?{_S}{_NUMBER}{_S}日"
_PARTS = re.compile(rf"(.{{4}}){_S}年[{SPACES}\n]*(.{{1,3}}?){_S}月[{SPACES}\n]*(.{{1,3}}?){_S}日")
_ZERO = str.maketrans("○零０１２３４５６７８９", "〇〇0123456789")


def iso_date(printed: str) -> str:
    """``YYYY-MM-DD`` of a printed date; "" when it is none (month 13, day 32)."""
    match = _PARTS.search(printed)
    if match is None:
        return ""
    year = _year(match[1].translate(_ZERO))
    month, day = (cn_value(part.strip().translate(_ZERO)) for part in match.group(2, 3))
    if not (1000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= 31):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}"


def _year(printed: str) -> int:
    if printed.isdecimal():
        return int(printed)
    digits = ["〇一二三四五六七八九".find(c) for c in printed]
    return int("".join(map(str, digits))) if min(digits) >= 0 else 0
