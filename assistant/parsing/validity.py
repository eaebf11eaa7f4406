"""What a document is based on and how long it holds."""

import re

from assistant.datatypes import MetadataField
from assistant.parsing.dates import DATE_PATTERN, iso_date
from assistant.parsing.numerals import SPACES

_NONE = MetadataField()
_EFFECTIVE = re.compile(
    rf"自[{SPACES}]*(?P<date>{DATE_PATTERN})[{SPACES}]*(?:起|之日起|开始|零时起)[{SPACES}\n]*(?:正式|同时|试|组织)?(?:施[{SPACES}\n]*行|实[{SPACES}\n]*施|执[{SPACES}\n]*行|生[{SPACES}\n]*效)"
    rf"|(?P<phrase>自(?:印发|发布|公布|发文|颁布|签发|下发)之日(?:起)?(?:的?\d{{1,3}}日后|后?\d{{1,3}}日后|次日)?(?:起)?(?:正式|开始)?(?:施行|实施|执行|生效))"
    rf"|(?P<head>{DATE_PATTERN})[{SPACES}]*(?:起)?施行"
)
_EXPIRES = re.compile(
    rf"(?:有效期|实施期限|执行期|施行期限|执行期限)[^。；，]{{0,12}}?(?:至|到)[{SPACES}]*(?P<date>{DATE_PATTERN})"
    rf"|(?P<phrase>有效期(?:限)?(?:为|：|:|暂定)?[{SPACES}]*[\d一二三四五六七八九十两]{{1,3}}[{SPACES}]*(?:年|个月))"
    rf"|(?:暂|试)?(?:执行|施行|实施)(?:期限)?(?:至|到)[{SPACES}]*(?P<until>{DATE_PATTERN})"
    r"|(?P<open>有效期(?:限)?至[^。；，]{2,40})"
)
_CUE = re.compile(r"根据|依据|按照|遵照|依照|贯彻|落实|执行|实施|精神")
_NO_BASIS = re.compile(r"(?:现将|印发|制定|起草|形成|出台|修订|废止|提出|编制|研究制定了|制订)[了本]?$")
_OPEN_TITLES = "《"


def squeezed(printed: str) -> str:
    """Printed text without white space."""
    return re.sub(rf"[{SPACES}\n]+", "", printed)


def read_basis(
    text: str, low: int, first_clause: int, body_start: int, title: str
) -> tuple[MetadataField, ...]:
    """Titles 《…》 of the preamble sentences that say what the plan is based on; laws say it in 第一条."""
    found = _titles_cited(text, min(low, first_clause), first_clause, title)
    if not found:
        found = _titles_cited(text, body_start, min(len(text), body_start + 500), title, purpose=True)
    return tuple(found)


def _titles_cited(
    text: str, low: int, high: int, title: str, *, purpose: bool = False
) -> list[MetadataField]:
    found: list[MetadataField] = []
    for match in re.finditer(r"[^。\n]+(?:\n[^。\n]+)*", text[low:high]):
        sentence, base = match[0], low + match.start()
        if purpose and (found or not re.search(r"制[定订]|本(?:办法|条例|预案|规定|措施|细则)", sentence)):
            continue
        for start, end in _book_titles(sentence):
            before = sentence[max(0, start - 60) : start]
            if not _CUE.search(sentence[:start]) or _NO_BASIS.search(before):
                continue
            value = squeezed(sentence[start:end])
            if value[1:-1] != title and value not in [f.value for f in found]:
                found.append(MetadataField(value, base + start, base + end))
    return found


def _book_titles(sentence: str) -> list[tuple[int, int]]:
    """Outermost 《…》 of a sentence."""
    spans, depth, start = [], 0, 0
    for match in re.finditer("[《》]", sentence):
        if match[0] == _OPEN_TITLES:
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((start, match.end()))
    return spans


def read_effective(text: str) -> MetadataField:
    """First day in force, or the phrase that says it."""
    for match in reversed(list(_EFFECTIVE.finditer(text))):
        if match["head"]:
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        if re.search(r"本[\u4e00-\u9fff]{1,10}|此|现|。\s*$|，\s*$|\s$", before) or match["phrase"]:
            name = "date" if match["date"] else "phrase"
            return _dated(match, name)
    head = next((m for m in _EFFECTIVE.finditer(text, 0, min(len(text), 3000)) if m["head"]), None)
    return _dated(head, "head") if head else _NONE


def _dated(match: re.Match[str], name: str) -> MetadataField:
    printed = match[name]
    value = iso_date(printed) or squeezed(printed)
    return MetadataField(value, *match.span(name))


def read_expires(text: str) -> MetadataField:
    """Last day in force, or the phrase that says how long."""
    matches = list(_EXPIRES.finditer(text))
    for match in reversed(matches):
        name = next(n for n in ("date", "phrase", "until", "open") if match[n])
        before = text[max(0, match.start() - 80) : match.start()]
        if name == "until" and not re.search(r"本[\u4e00-\u9fff]{1,8}[^。]*$", before):
            continue
        return _dated(match, name)
    return _NONE
