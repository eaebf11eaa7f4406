"""Deadlines: limits explicit to a month, a day or the end of a year."""

import re
from collections.abc import Iterator

_YEAR = r"(?:(?:\d{4}\s?年|每年|今年|明年|次年|当年|本年度?|每个?月|每季度[^，。；]{0,8}?)\s?)?"
_DAY = (
    r"(?:\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?月(?:\s?(?:上旬|中旬|下旬|底|初|末))?"
    r"|(?:一|二|三|四|上|下)?(?:季度|半年)末?|年底|年末|\d{1,2}\s?日)"
)
_LIMIT = re.compile(
    rf"\d{{4}}\s?年[底末]\s?(?:之?前|以前)|{_YEAR}{_DAY}\s?(?:之?前|以前)"
    r"|(?:\d{4}(?:\s?年)?)?\s?(?:(?<!\d)\d{1,2}\s?月底|年底|年末)(?=完成|实现|建成|取得|起|，|。|；|）|\)|;)"
    r"|(?:截至|截止|截止到|至|延长至|有效期至|期限至|执行至|施行至)\s?(?:\d{4}\s?年)?\s?(?:\d{1,2}\s?月\s?\d{1,2}\s?日|\d{1,2}\s?月底?|年底)(?:止|前)?"
    r"|(?:疫情解除|应急响应(?:解除|结束)|印发|发布|公布|施行)后?(?:之日起)?\s?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:个月|天|日|个工作日)之?内"
    r"|(?:完成时限|时间要求|完成时间|办结时限)[：:]\s?(?P<label>[^。；，,;\n（(）)]{3,30})"
)


def find_deadlines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of time limits, in order; bare target years (到2022年) are none."""
    for match in _LIMIT.finditer(text):
        start, end = match.span("label") if match["label"] else match.span()
        while start < end and text[start].isspace():
            start += 1
        yield start, end
