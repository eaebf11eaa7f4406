"""Headings: alone on their line, run in before the first full stop, or in 【】 behind 第X条."""

import re

from assistant.parsing.layout import Layout
from assistant.parsing.numerals import LAW_STYLES, SPACES, Marker

_BRACKETED = re.compile(
    r"[【〖\[［]([^】〗\]］\n]{1,60}(?:\n[^】〗\]］\n]{1,40})?)[】〗\]］]|[（(]([^（）()\n]{2,24})[）)](?=\s|$|[\u3000])"
)
_ANNOTATION = re.compile(
    r"[（(〔﹝［\[][^（(〔﹝［\[\n]{0,12}(?:单位|部门|处室|科室)[：:]"
    r"|[（(〔][^（(〔）)〕\n]{2,80}(?:负责|牵头|配合)[）)〕]"
)
_SENTENCE_END = re.compile(r"[。！？\n]")
_COLON = re.compile(r"([^。，,：:；;！？\n（(]{2,24}(?:[（(][^（）()\n]{1,20}[）)])?)[：:]")
_TRAILING = "。．.；;：:，,、！!"
_CJK_SPACE = re.compile(rf"(?<=[^\x00-\x7f])[{SPACES}\n]+|[{SPACES}\n]+(?=[^\x00-\x7f])")
_SENTENCE_LIKE = re.compile(
    r"应当|不得|必须|是指|所称|下列|以下|如下|最多|至少|之一|有权|视为|除外|负责解释|原则上|本(?:办法|条例|规定|措施|细则|法|通知|方案|政策|条款|意见)"
    r"|(?:不超过|不少于|不低于|不高于|最高|达到?|给予|奖励)[^，]{0,8}\d|\d+(?:\.\d+)?\s?(?:万元|亿元|元|%|％)|自[^，]{2,20}起"
    r"|的$|^(?:经|凡|如|若|由|对于|截至)|^(?:对|按|按照|根据)[^，]{4,}，|现将|如下$"
)
# Headings that run straight into the body where all breaks were lost.
_USUAL = re.compile(
    r"(?:总体(?:要求|思路|目标)|指导思想|基本原则|(?:主要|工作|发展|总体|奋斗)目标|(?:主要|重点|工作)任务|(?:工作|保障|政策|组织|主要)措施|(?:主要|工作)(?:职责|内容|职能)|(?:工作|实施)(?:要求|步骤)"
    r"|组织(?:保障|领导|实施)|成员单位|适用范围|编制(?:目的|依据)|工作(?:原则|规则|机制|安排)|重要意义|时间安排|附则|总则|有关要求|其他事项)"
)
_MAX_HEADING = 60


def clause_heading(
    text: str,
    marker: Marker,
    own_end: int,
    *,
    has_more: bool,
    article: bool,
    layout: Layout,
    printed: str = "",
) -> str:
    """Heading of the clause that ``marker`` opens, "" when it has none.

    Args:
        text: The document.
        marker: The numeral.
        own_end: Where the first sub-clause or the next clause starts.
        has_more: Whether sub-clauses follow.
        article: Whether the clause is an article or stands inside one.
        layout: The page.
        printed: The heading as a table of contents prints it.
    """
    own = text[marker.end : min(own_end, marker.end + 400)].strip(SPACES + "\n#*")
    if printed and own.startswith(printed):
        return clean(printed)
    if marker.style == "条":
        return _article_heading(own)
    if marker.style in LAW_STYLES:
        whole = len(own) <= _MAX_HEADING and (not layout.flat or "。" not in own)
        return clean(own if whole else _first_piece(own, layout))
    if layout.wrapped:
        own = _unwrap(own, layout.width)
    return _plan_heading(own, has_more=has_more, article=article, flat=layout.flat)


def clean(heading: str) -> str:
    """A heading without wrapped spaces and end punctuation; ``总　则。`` → ``总则``."""
    return _CJK_SPACE.sub("", heading.strip(SPACES + "\n")).rstrip(_TRAILING).strip()


def _article_heading(own: str) -> str:
    match = _BRACKETED.match(own)
    return clean(match[1] or match[2]) if match else ""


def _first_piece(own: str, layout: Layout) -> str:
    if layout.flat:
        return re.split(rf"[{SPACES}\n]", own, maxsplit=1)[0][:_MAX_HEADING]
    return own.split("\n", 1)[0][:_MAX_HEADING]


def _unwrap(own: str, width: int) -> str:
    """Join the printed lines of the first paragraph where a full line breaks off."""
    lines = own.split("\n")
    joined = lines[0].strip(SPACES)
    length = len(joined)
    for line in lines[1:]:
        if length < width - 6 or joined[-1:] in _TRAILING:
            return joined + "\n" + "\n".join(lines[lines.index(line) :])
        joined += line.strip(SPACES)
        length = len(line.strip(SPACES))
    return joined


def _plan_heading(own: str, *, has_more: bool, article: bool, flat: bool) -> str:
    match = _BRACKETED.match(own)
    if match and match[1]:
        return clean(match[1])
    sentence_end = _SENTENCE_END.search(own)
    stop = sentence_end.start() if sentence_end else len(own)
    first = own[:stop]
    closed = sentence_end is not None and sentence_end[0] != "\n"
    rest = own[stop + 1 :].strip(SPACES + "\n")
    more = has_more or bool(rest)
    colon = _COLON.match(own)
    if colon and not _SENTENCE_LIKE.search(colon[1]):
        return clean(colon[1])
    annotation = _ANNOTATION.search(first)
    if annotation:
        return _checked(first[: annotation.start()], strict=article)
    if flat and not article:
        usual = _USUAL.match(own)
        if usual and own[usual.end() : usual.end() + 1] not in "。，、；：的和与 \u3000":
            return usual[0]
        spaced = re.match(rf"([^。；，：{SPACES}\n]{{2,40}})[{SPACES}\n]+(?=\S)", own)
        if spaced and "。" in own[spaced.end() : spaced.end() + 400]:
            return _checked(spaced[1], strict=False)
    if article and closed and len(first) > 24:
        return ""
    if closed:
        only_annotation = (
            bool(rest) and re.fullmatch(r"[（(〔\[].{0,300}[）)〕\]]。?", rest, re.DOTALL) is not None
        )
        if not more or (only_annotation and not has_more and len(first) > 20):
            return ""
        return _checked(first, strict=True)
    return _checked(first, strict=article or not has_more)


def _checked(heading: str, *, strict: bool) -> str:
    """The heading, or "" where it reads like a sentence."""
    candidate = heading.strip(SPACES)
    if not candidate or len(candidate) > _MAX_HEADING or candidate[-1] in "；;，,、":
        return ""
    if (
        re.search(r"[；;]", re.sub(r"&[a-z]{2,6};", "", candidate))
        or len(re.findall(r"[，,]", candidate)) > 2
    ):
        return ""
    if strict and (_SENTENCE_LIKE.search(candidate) or len(candidate) > 50):
        return ""
    if strict and len(re.findall(r"[，,]", candidate)) > 1 and len(candidate) > 40:
        return ""
    if not strict and _SENTENCE_LIKE.search(candidate) and len(candidate) > 30:
        return ""
    return clean(candidate)


def drop_stray(headings: list[str], groups: list[object]) -> list[str]:
    """Drop headings of clauses most of whose sisters have none: they are numbered sentences too.

    Args:
        headings: One a clause.
        groups: For every clause what it shares with its sisters (parent and numbering style).
    """
    members: dict[object, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    kept = list(headings)
    for indices in members.values():
        headed = [i for i in indices if headings[i]]
        if len(indices) >= 3 and len(headed) < len(indices) * 0.4:
            for index in headed:
                if len(headings[index]) > 12:
                    kept[index] = ""
    return kept
