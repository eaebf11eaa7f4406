"""Front matter as pieces: what stands before the first clause, and which piece is what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.parsing.dates import DATE_PATTERN
from assistant.parsing.layout import Layout
from assistant.parsing.numerals import SPACES

_S = rf"[{SPACES}]{{0,4}}"
_YEAR = rf"{_S}[〔\[(（﹝［【]{_S}(?:19|20)[\d０-９]{{2}}{_S}[〕\])）﹞］】]{_S}"
NUMBER = rf"[\u4e00-\u9fff]{{1,18}}{_YEAR}(?:第{_S})?[\d０-９]{{1,5}}{_S}号"
ORDER = (
    rf"[\u4e00-\u9fff]{{2,40}}(?:令|公告){_S}(?:(?:19|20)\d\d年{_S})?"
    rf"(?:第{_S})?[\d０-９一二三四五六七八九十百〇○]{{1,5}}{_S}号|第{_S}\d{{1,5}}{_S}号"
)
_NUMBER_PIECE = re.compile(
    rf"[\u200b\ufeff]*[（(【\[]?(?:(?:发文字号|发文号|文号|文件编号){_S}[:：]{_S})?(?P<number>{NUMBER}|{ORDER})[）)】\]]?"
)
_ORG_END = (
    r"(?:委员会|人民政府|政府|办公室|办公厅|厅|局|委|部|署|总工会|工会|会|法院|检察院|院|行|公司|党组"
    r"|中心|指挥部|领导小组|小组|专班|司|处|大学|学院|集团|组|队|社|联|办|馆|所)"
)
ORGAN = re.compile(
    rf"[\u4e00-\u9fff（）()、“”·]{{1,45}}{_ORG_END}(?:[{SPACES}]+[\u4e00-\u9fff（）()]{{1,45}}{_ORG_END}){{0,6}}"
)
_MASTHEAD = re.compile(rf"[\u4e00-\u9fff{SPACES}、]{{2,60}}文[{SPACES}]{{0,4}}件")
_SKIP = re.compile(
    r"特急|加急|急件|平急|机密|秘密|内部|<!--.*|原文链接.*|北大法宝.*|.*法宝引证码.*|https?:.*|当前位置.*|来源[:：].*|发布(?:时间|日期)[:：].*|索引号.*|\[?字号.*"
    r"|【.{2,12}】.*|.{0,6}(?:分享|打印|收藏|微信|微博|浏览次数|点击数).*|(?:附件|附)[:：\s\d一二三四五六七八九十]{0,4}|目\s*录|最新文件|名\s*称[:：].*|主题词[:：].*"
    r"|[（(].{0,20}(?:代章|盖章|公章|稿|修订|修正|试行日期)[）)]|[（(](?:此件|本文|本件).{2,14}[）)]|公开.{2,4}[:：].*|时效性.*|有效性.*|效力.*"
)
_PASSED = re.compile(
    rf"[（(]?\s*{DATE_PATTERN}.{{2,}}(?:通过|公布|批准|修订|修正|发布|施行|印发).*|[（(].{{0,12}}{DATE_PATTERN}.*"
)
TITLE_END = re.compile(
    r"(?:方案|计划|办法|意见|措施|细则|规定|通知|要点|清单|规划|指南|制度|预案|规则|标准|分工|目录|决定|条例|政策|规程|规范|通报|公告|通告|批复|函|报告|纲要|章程|决议|法|令|公报|举措|条|机制|工作|解释|答复|说明|十条|复函|行动|批示|讲话|体系|考核|要求|流程|总则|守则|准则)"
    r"(?:》)?(?:[（(〔\[][^（）()]{1,26}[）)〕\]])?$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the front matter: a line, or in flattened text what white space sets off."""

    start: int
    end: int
    kind: str  # number, date, signed (organ and date), organ, masthead, recipients, skip, text, sentence


def front_pieces(text: str, layout: Layout, end: int) -> list[Piece]:
    """The pieces of ``text[:end]`` with their kinds."""
    return [Piece(s, e, _kind(text[s:e])) for s, e in _spans(text, layout, end)]


def _spans(text: str, layout: Layout, limit: int) -> Iterator[tuple[int, int]]:
    for line in layout.lines:
        if line.start >= limit:
            return
        end = min(line.end, limit)
        printed = text[line.start : end]
        start = line.start + len(printed) - len(printed.lstrip("#*" + SPACES))
        if start >= end:
            continue
        cuts = [0, *_cuts(text[start:end], spaced=layout.flat), end - start]
        for low, high in pairwise(cuts):
            piece = text[start + low : start + high]
            if piece.strip(SPACES + "-—"):
                lead = len(piece) - len(piece.lstrip(SPACES + "-—"))
                yield start + low + lead, start + low + len(piece.rstrip(SPACES))


_TITLE_WORDS = (
    "通知",
    "意见",
    "办法",
    "方案",
    "措施",
    "决定",
    "函",
    "批复",
    "通报",
    "公告",
    "规定",
    "计划",
    "文件",
    "政策",
    "细则",
)
_TITLE_WORD = f"(?:{'|'.join(_TITLE_WORDS)})"
_BEHIND_TITLE = "|".join(f"(?<={word})" for word in _TITLE_WORDS)
_CODE = r"(?:(?!通知|意见|办法|方案|措施|决定|批复|通报|公告|规定|细则|文件|的)[\u4e00-\u9fff]){1,14}"
_SHORT_NUMBER = rf"{_CODE}{_S}[〔\[(（﹝［]{_S}(?:19|20)\d\d{_S}[〕\])）﹞］]{_S}(?:第{_S})?\d{{1,5}}{_S}号"
_YEAR_AND_NUMBER = re.compile(
    rf"(?<=.){_S}[〔\[(（﹝［]{_S}(?:19|20)\d\d{_S}[〕\])）﹞］]{_S}(?:第{_S})?\d{{1,5}}{_S}号"
)
_SIGNER = r"[^。：，《》（）()\n]{2,60}(?:政府|办公室|办公厅|局|委|厅|部|会|院|海关|公司)"
_GLUED = (
    re.compile(rf"(?:{_BEHIND_TITLE}){_SHORT_NUMBER}"),  # title, number, addressees
    re.compile(rf"(?:{_BEHIND_TITLE})[（(]{_CODE}{_YEAR}\d{{1,5}}{_S}号[）)](?=[\u4e00-\u9fff])"),
    re.compile(rf"^{NUMBER}(?=[-—])"),
    re.compile(rf"[（(]{DATE_PATTERN}[^（()）]{{2,80}}(?:通过|公布|修订|批准|修正)[^（()）]{{0,200}}[）)]"),
    re.compile(rf"^{DATE_PATTERN}(?=[\u4e00-\u9fff]{{4,60}}{_TITLE_WORD})"),
    re.compile(
        rf"(?<=[。）)]){DATE_PATTERN}(?![^。]{{0,60}}(?:发布|公布|废止|通过))(?=[\u4e00-\u9fff“《（）]{{4,60}}{_TITLE_WORD})"
    ),
    re.compile(rf"目[{SPACES}]{{0,4}}录(?=[{SPACES}\d第一])"),
    re.compile(rf"(?<=[。）)]){_SIGNER}{_S}{DATE_PATTERN}"),  # behind the last sentence
    re.compile(rf"(?<=[。）)]){_S}{DATE_PATTERN}(?=$|[{SPACES}（(]|附件)"),
    re.compile(r"[（(](?:此件|本文|本件)[^（()）]{2,14}[）)]"),
    re.compile(rf"附件[\d一二三四五六七八九十]{{0,2}}(?=[\u4e00-\u9fff“]{{4,60}}{_TITLE_WORD})"),
    re.compile(
        r"(?<=[见法案施定划策则])(?=为(?:了|贯彻|深入|进一步|加快|全面|切实|落实|推|激发|规范|促进|充分|更好|有效|做好|稳定|支持|加强|提升|提高|保障|打造|完善|确保|认真|适应|构建|发挥|优化|应对|健全|强化|持续|维护|鼓励)|按照|根据|近年来|当前|随着|依据)"
    ),
)


def _cuts(printed: str, *, spaced: bool) -> list[int]:
    """Where a line falls into pieces: in flattened text at white space and round number and date."""
    cuts: set[int] = set()
    if spaced:
        for match in re.finditer(rf"[{SPACES}]+", printed):
            cuts.update(match.span())
    if spaced or len(printed) > 40:
        for pattern in _GLUED:
            for match in pattern.finditer(printed):
                cuts.update(match.span())
    if spaced:
        cuts.update(_around_addressees(printed))
    inside = [m.span() for m in _YEAR_AND_NUMBER.finditer(printed)] if spaced else []
    return sorted(c for c in cuts if 0 < c < len(printed) and not any(s < c < e for s, e in inside))


def _around_addressees(printed: str) -> list[int]:
    match = re.match(r"[^。：]{0,400}?：", printed)
    return [match.end()] if match else []


def number_span(text: str, piece: Piece) -> tuple[int, int]:
    """The number inside a number piece."""
    match = _NUMBER_PIECE.match(text, piece.start, piece.end)
    return match.span("number") if match else (piece.start, piece.start)


def _kind(printed: str) -> str:
    stripped = printed.strip(SPACES)
    if _NUMBER_PIECE.fullmatch(stripped):
        return "number"
    if _NUMERAL.match(stripped) or re.fullmatch(r"(?:最新|政策|通知公告)文件", stripped):
        return "skip"
    if re.fullmatch(rf"[（(]?{DATE_PATTERN}[）)]?(?:\s*印发)?", stripped):
        return "date"
    if _MASTHEAD.fullmatch(stripped):
        return "masthead"
    if _SKIP.fullmatch(stripped) or _PASSED.fullmatch(stripped):
        return "skip"
    if _is_recipients(stripped):
        return "recipients"
    return _text_kind(stripped)


_NUMERAL = re.compile(
    r"第[一二三四五六七八九十百]{1,4}[编章节条]|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:\.\d{1,2})*[\s\u3000]"
)


def _text_kind(printed: str) -> str:
    signed = re.fullmatch(rf"(.{{3,60}}?)[{SPACES}]*{DATE_PATTERN}(?:[{SPACES}]*印发)?", printed)
    if signed and ORGAN.fullmatch(signed[1].strip(SPACES)):
        return "signed"
    if re.search(r"[。；！？]", printed) or len(printed) > 230:
        return "sentence"
    if ORGAN.fullmatch(printed) and "关于" not in printed:
        return "organ"
    return "text"


_ADDRESSEE = re.compile(
    r"(?:各|市|省|县|区|州|有关|相关|国务院|中国|全|驻|本|机关|自治|直属|局|厅|委|部|中央|人力|.{2,30}(?:局|委|办|厅|政府|公司|单位|部门|院|企业|会|处|学校|行))"
)


def _is_recipients(printed: str) -> bool:
    return (
        printed[-1:] in "：:"
        and 4 <= len(printed) <= 700
        and "。" not in printed
        and re.search(r"如下|通知|决定|下列|包括|为了|为贯彻|意见|方案[：:]|《|^附件", printed) is None
        and _ADDRESSEE.match(printed) is not None
    )


_LONGEST_TITLE = 400
_SIGNS = re.compile(r"(?:政府|办公[厅室]|委员会|局|委|厅|海关|公司)$")
_AFTER_ORGAN = re.compile(r"关于|印发|转发|批转|发布|办公[厅室]|公告|通告|令")


def title_groups(text: str, pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Spans of the titles printed in consecutive ``text``/``organ`` pieces, wrapped lines joined."""
    groups: list[tuple[int, int]] = []
    current: tuple[int, int] | None = None
    only_organs = False
    for piece in pieces:
        if piece.kind not in ("text", "organ"):
            current, only_organs = None, False
            continue
        if current is None and text[piece.start] in "（(" and groups and _bracket_of(text, groups[-1], piece):
            groups[-1] = (groups[-1][0], piece.end)
            continue
        if only_organs and piece.kind == "text" and not _AFTER_ORGAN.match(text, piece.start):
            current = None  # signatures above a title
        signs = piece.kind == "organ" and _SIGNS.search(text[piece.start : piece.end]) is not None
        only_organs = signs and (current is None or only_organs)
        current = (current[0] if current else piece.start, piece.end)
        if _complete(text[current[0] : current[1]]):
            groups.append(current)
            current, only_organs = None, False
        elif current[1] - current[0] > _LONGEST_TITLE:
            current, only_organs = None, False
    return groups


def _bracket_of(text: str, group: tuple[int, int], piece: Piece) -> bool:
    """Whether a piece is the bracketed tail of a title: （2018—2020年）, （试行）."""
    near = text[group[1] : piece.start].strip(SPACES + "\n") == ""
    return near and re.fullmatch(r"[（(][^（）()月]{1,26}[）)]", text[piece.start : piece.end]) is not None


def _complete(printed: str) -> bool:
    bare = re.sub(rf"[{SPACES}\n]", "", printed)
    return bare.count("《") == bare.count("》") and TITLE_END.search(bare) is not None and len(bare) >= 5
