"""Parts: attachments and inner plans, where numbering starts again, and the matter after the clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.headings import clean
from assistant.parsing.layout import DATE, Layout, Line
from assistant.parsing.numerals import SPACES, Marker
from assistant.parsing.tables import is_head

_ATTACHMENT = re.compile(
    rf"(附[{SPACES}]*(?:件|表|录|图)[{SPACES}]*(?:[\d０-９]{{1,2}}|[一二三四五六七八九十]{{1,2}})?(?:[-－—]\d{{1,2}})?)[{SPACES}]*[：:.．]?"
)
_ATTACHMENT_TITLED = re.compile(
    rf"(附[{SPACES}]*(?:件|表|录)[{SPACES}]*(?:[\d０-９]{{1,2}}|[一二三四五六七八九十]{{1,2}})?)(?:[{SPACES}]+|[{SPACES}]*[：:])(?P<title>[^。；]{{2,60}})"
)
_TITLE = re.compile(
    r"[^。；！？]{0,70}(?:方案|计划|办法|意见|措施|细则|规定|通知|要点|清单|规划|指南|制度|预案|规则|标准|分工表|任务表|一览表|目录|决定|条例|政策|规程|规范|说明|通则|总则|章程|公约)"
    r"(?:[（(〔][^（）()]{1,24}[）)〕])?"
)
_GLOSSARY = re.compile(
    r"(?:名词|术语|用语|专业名词|有关名词|相关名词|指标)(?:解释|说明|释义)|附注|注释|编制说明|起草说明|政策解读"
)
_MARK = re.compile(
    rf"(?:[（(]?(?:此件|本文|本件)[^（()）]{{2,16}}[）)]?|[（(]?公开(?:属性|方式|形式|选项|类别)[：:].*|(?:抄[{SPACES}]*送|抄[{SPACES}]*报|主[{SPACES}]*送|分[{SPACES}]*送|发)[：:].*"
    rf"|.{{0,40}}{DATE}[{SPACES}]*(?:印发|印|发布)?|[（(](?:联系人|联系单位|联系电话|联系)[：:：]?.*|.{{2,40}}(?:办公室|办公厅|秘书处|局|委|厅|政府|部|委员会|中心|会){{1}}(?:[{SPACES}]*.{{0,30}}(?:印发|印制))"
    r"|共印\d+份.*|校对[：:].*|打印[：:].*|[（(].{2,30}代章[）)]|[（(]?(?:盖章|公章|印章)[）)]?|附件[：:]?.{0,200}|\d{1,2}[.．、].{2,60}"
    r"|.{0,10}(?:扫一扫|相关解读|打印本页|关闭窗口|网站地图|版权所有|主办单位|政策解读|分享到|上一篇|下一篇|来源|责任编辑|字号|网站标识码|ICP备|公网安备).*)"
)
_ORGAN = re.compile(
    r"(?:(?:中共)?[\u4e00-\u9fff]{2,40}(?:委员会|人民政府|政府|办公室|办公厅|厅|局|委|部|署|会|法院|检察院|院|行|公司|党组|中心|指挥部|小组|司|处|大学|学院|集团|组|队|盟|社|联)[\s\u3000]*){1,8}"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the document with its own numbering; ``name`` is "" for the main text."""

    name: str
    start: int
    end: int


def split_parts(text: str, layout: Layout, markers: Sequence[Marker], limit: int) -> list[Part]:
    """Parts in order; the first starts at 0 and they tile ``text[:limit]``."""
    markers = [m for m in markers if m.start < limit]
    cuts: dict[int, str] = {}
    first = markers[0].start if markers else len(text)
    for position, name in _attachments(text, layout, first):
        cuts[position] = name
    for position, name in _restarts(text, layout, markers, cuts):
        cuts.setdefault(position, name)
    for position, name in _glossaries(text, layout, markers):
        if not any(position - 40 < cut < position for cut in cuts):  # 附件1⏎名词解释
            cuts.setdefault(position, name)
    first_plan = _first_plan(text, layout, first, cuts)
    if first_plan is not None:
        cuts.setdefault(*first_plan)
    kept = [c for c in sorted(cuts) if 0 < c < limit]
    starts, names = [0, *kept], ["", *(cuts[c] for c in kept)]
    ends = [*kept, limit]
    return [Part(n, s, e) for n, s, e in zip(names, starts, ends, strict=True) if s < e]


def _attachments(text: str, layout: Layout, first: int) -> list[tuple[int, str]]:
    """Lines that open an attachment; the list of attachments before the signature does not."""
    found = []
    for index, line in enumerate(layout.lines):
        printed = text[line.start : line.end].lstrip("#* ")
        if not printed.startswith("附") or line.start < first:
            continue
        alone = _ATTACHMENT.fullmatch(printed)
        if alone and index + 1 < len(layout.lines):
            found.append((line.start, re.sub(rf"[{SPACES}]", "", alone[1])))
            continue
        titled = _ATTACHMENT_TITLED.fullmatch(printed)
        listed = _names_attachment(text, layout, index + 1)
        if titled and not listed and (found or _after_signature(text, layout, index)):
            number = re.match(r"\d{1,2}(?:[-－]\d{1,2})?(?=[.．、])", titled["title"])  # 附件：1-1.分解表
            name = re.sub(rf"[{SPACES}]", "", titled[1])
            found.append((line.start, name + (number[0] if number and name[-1] in "件表录" else "")))
    return found


def _names_attachment(text: str, layout: Layout, index: int) -> bool:
    """Whether the line at ``index`` names another attachment, as in the list above the signature."""
    if index >= len(layout.lines):
        return False
    line = layout.lines[index]
    return _ATTACHMENT_TITLED.fullmatch(text[line.start : line.end]) is not None


def _after_signature(text: str, layout: Layout, index: int) -> bool:
    """Whether a date line, the end of the main text, stands just before the line."""
    before = layout.lines[max(0, index - 8) : index]
    if any(re.fullmatch(rf".{{0,30}}{DATE}.{{0,6}}", text[b.start : b.end]) for b in before):
        return index + 1 < len(layout.lines)
    return False


def _restarts(
    text: str, layout: Layout, markers: Sequence[Marker], cuts: dict[int, str]
) -> list[tuple[int, str]]:
    """Titles of inner plans: a title line before the numbering of the outermost level restarts."""
    found: list[tuple[int, str]] = []
    root: str | None = None
    highest = 0
    for index, marker in enumerate(markers):
        if any((markers[index - 1].start if index else 0) < c <= marker.start for c in cuts):
            root, highest = None, 0
        if root is None:
            root = marker.style
        if marker.style != root:
            continue
        if marker.value == 1 and highest >= 1:
            find = _flat_title if layout.flat else _title_before
            title = find(text, layout, markers[index - 1].end, marker.start)
            if title is not None:
                found.append(title)
        highest = marker.value
    return found


_FLAT_TITLE = re.compile(
    rf"(?:(?<=[。）)日])|(?<=[{SPACES}\n]))(?P<label>附件[{SPACES}]?\d{{0,2}})?[{SPACES}]*(?P<title>[^。；，：（）()\s]{{4,50}}?"
    r"(?:方案|计划|办法|意见|措施|细则|规定|要点|清单|规划|指南|制度|预案|规则|标准))(?=为|根据|按照|依据|[\s\u3000]|$)"
)


def _flat_title(text: str, layout: Layout, low: int, high: int) -> tuple[int, str] | None:
    """The title of an inner plan or attachment in text that lost its line breaks."""
    del layout
    matches = list(_FLAT_TITLE.finditer(text, max(low, high - 1500), high))
    if not matches:
        return None
    last = matches[-1]
    if last["label"]:
        return last.start("label"), re.sub(rf"[{SPACES}]", "", last["label"])
    return last.start("title"), clean(last["title"])


def _first_plan(text: str, layout: Layout, first: int, cuts: dict[int, str]) -> tuple[int, str] | None:
    """The first of several plans that one notice sends out, named as its sisters are."""
    sisters = [n for n in cuts.values() if not n.startswith("附") and _GLOSSARY.fullmatch(n) is None]
    title = _title_before(text, layout, 0, first) if sisters else None
    if title is None:
        return None
    notice = text[: title[0]]
    sent_out = f"《{title[1]}》" in notice or re.search(r"印发给你们|现印发|予以印发|现予发布", notice)
    return title if sent_out else None


def _title_before(text: str, layout: Layout, low: int, high: int) -> tuple[int, str] | None:
    between = [line for line in layout.lines if low <= line.start and line.end <= high]
    for index in range(len(between) - 1, -1, -1):
        line = between[index]
        printed = text[line.start : line.end]
        if len(printed) <= 70 and _TITLE.fullmatch(printed):
            start = line.start
            if index and _continues(text, between[index - 1]):
                start = between[index - 1].start
            return start, clean(text[start : line.end])
    return None


def _continues(text: str, line: Line) -> bool:
    """Whether a line is the first half of a title."""
    printed = text[line.start : line.end]
    return (
        4 <= len(printed) <= 40
        and re.search(rf"[。；：！，、）)]|{DATE}|^附", printed) is None
        and _ORGAN.fullmatch(printed) is None
    )


def _glossaries(text: str, layout: Layout, markers: Sequence[Marker]) -> list[tuple[int, str]]:
    starts = {m.start for m in markers if m.value == 1}
    found = []
    for line, following in zip(layout.lines, layout.lines[1:], strict=False):
        printed = text[line.start : line.end]
        if len(printed) <= 16 and following.start in starts and _GLOSSARY.fullmatch(printed):
            found.append((line.start, printed))
    return found


def body_end(text: str, layout: Layout, part: Part, last_clause: int) -> int:
    """Where the text of the clauses of a part ends: before signature, date, copies and imprint."""
    lines = [line for line in layout.lines if last_clause < line.start and line.end <= part.end]
    end = part.end
    for index, line in enumerate(lines):
        if is_head(text, lines, index) or _TABLE_TITLE.fullmatch(text[line.start : line.end]):
            end, lines = line.start, lines[:index]
            break
    for line in reversed(lines[-40:]):
        printed = text[line.start : line.end]
        if not _is_end_matter(printed):
            break
        end = line.start
    if layout.flat:
        end = min(end, _flat_end(text, last_clause, end))
    return end


_TABLE_TITLE = re.compile(
    r"(?:附[件表][：:\d\s一二三四五六七八九十.．-]{0,8})?[^。，；：]{2,60}(?:分工表|任务表|一览表|分解表|计划表|清单|明细表|汇总表|统计表|任务分工)(?:（[^（）]{1,12}）)?"
)


def _is_end_matter(printed: str) -> bool:
    if len(printed) > 300:
        return False
    return _MARK.fullmatch(printed) is not None or (
        len(printed) <= 60 and _ORGAN.fullmatch(printed) is not None
    )


_FLAT_END = re.compile(
    rf"(?<=[。）)〕])[{SPACES}\n]*(?:附件[：:].{{0,200}})?[{SPACES}\n]*{_ORGAN.pattern}[{SPACES}\n]*{DATE}"
)


def _flat_end(text: str, low: int, high: int) -> int:
    match = _FLAT_END.search(text, max(low, high - 600), high)
    return match.start() if match else high


def closing_start(
    text: str, layout: Layout, last: Marker, end: int, annotations: Sequence[tuple[int, int]], *, law: bool
) -> int:
    """Where the closing paragraphs behind the last clause of a part start; ``end`` when there are none.

    A paragraph closes the document, rather than the last clause, when an annotation has closed that
    clause, or when it stands behind the clause's own paragraph and speaks of the whole
    (``本措施自…起施行``, ``各县区要…``). In laws unnumbered paragraphs belong to their article.
    """
    if law:
        return end
    closed = [e for s, e in annotations if last.end <= s and e <= end]
    if closed:
        return min(_skip_stop(text, closed[-1]), end)
    paragraphs = _paragraphs(text, layout, last.end, end)
    for index, line in enumerate(paragraphs[1:], start=1):
        if _CLOSING.match(text, line.start, line.end):
            before = paragraphs[index - 1]
            if index >= 2 or before.end - last.end > 30 or text[before.end - 1] in "。）)":
                return line.start
    return end


_CLOSING = re.compile(
    r"(?:本|此|该)(?:措施|办法|意见|通知|方案|规定|政策|细则|行动|计划|规划|实施|若干|预案|文件)|(?:各|市|省|县|区|州)[^。；：]{0,60}?(?:要|应|须|务必|需|可)"
    r"|(?:以上|上述)(?:政策|措施|意见|各项)|执行(?:期间|过程|中)|(?:自|从)(?:本|印发|发布|公布)|此前|过去|国家、?省|(?:省|市)(?:级)?(?:政府)?[^。]{2,30}(?:负责解释|另有规定)|有效期"
)


def _skip_stop(text: str, position: int) -> int:
    while position < len(text) and text[position] in "。；;":
        position += 1
    return position


def _paragraphs(text: str, layout: Layout, low: int, high: int) -> list[Line]:
    """Paragraphs of ``[low, high)``: printed lines joined where one breaks off inside a sentence."""
    found: list[Line] = []
    for line in layout.lines:
        start, end = max(line.start, low), min(line.end, high)
        if start >= end:
            continue
        if found and text[found[-1].end - 1] not in "。；：！？）)〕】:;.":
            found[-1] = Line(found[-1].start, end)
        else:
            found.append(Line(start, end))
    return found
