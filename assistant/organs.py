"""Grammar of organ names that no table lists: 烟草专卖局, 县产改办, 城建集团.

A suffix alone proves nothing (结局, 怎么办, 以人民为中心). A name needs a left border, a stem that is not a
common word, and - before the suffixes that ordinary words end in - a place or level in front.
"""

import re
from collections.abc import Collection, Iterator

_SUFFIX = re.compile(
    r"协调小组|领导小组|管理委员会|管委会|委员会|联合会|研究会|基金会|协会|商会|学会|分公司|公司|集团|支行|分行"
    r"|(?:服务|事务|管理|指导|促进|指挥|热线|保障|监测|鉴定|交易)中心|海关|局|厅|办|委|部"
)
_BORDER = re.compile(
    r"[^一-龥]|[的了是在跟由归对给让把被从到请问我你您他她它们这那哪谁本该每某没要也都就还只按据照说查和与及几个某]"
)
_LEADING = re.compile(
    r"^(?:支持|负责|包括|涉及|属于|咨询|联系|听说|除了|除|比如|例如|关于|根据|以及|还有|有没有|有|找|想|牵头单位|责任单位|为啥|为什么)"
)
_LEVEL = re.compile(r"^(?:国家|全国|中央|省|自治区|市|州|盟|县|区|旗|镇|乡)(?:级|直属?|委|政府)?")
_LONGEST = 16

# Last stem characters with which the suffix is an ordinary word: 结局, 餐厅, 主办, 常委, 内部.
_NOT_AFTER = {
    "局": "结布格全大当开僵破残饭时定骗赌书变新本我该各分区市县省总",
    "厅": "大餐客舞展乐歌公本我各该",
    "办": "主承协督经举兴创开么何好难代通帮民合自补申督包催查咋要严快易能可会新试立想去来",
    "委": "常纪原编推市县省区",
    "部": "内全外西东南北中干总局上下头底省各一市县区国",
    "集团": "业型有国团各",
    "公司": "业有国的各上",
}
_GENERIC_STEM = re.compile(
    r"^(?:行业|各类|有关|相关|各级|企业|大型|骨干|龙头|国有|跨国|产业|利益|所在|当地|社会|专业|专家|我们|上级|基层)+$"
)
# What makes the suffix part of the next word: 办理, 委托, 部分, 局面.
AFTER = {
    "局": re.compile(r"[面限部势域]"),
    "厅": re.compile(r"[堂]"),
    "办": re.compile(r"[理法事学公好结税证件案得展完企]"),
    "委": re.compile(r"[托派员屈任培]"),
    "部": re.compile(r"[分署队件位门级]"),
    "会": re.compile(r"[议员计展场谈见晤费]"),
    "心": re.compile(r"[城任组]"),
}
_NEED_PREFIX = frozenset(("办", "委", "部", "委员会", "公司"))


def is_cut_short(text: str, end: int) -> bool:
    """Whether the name that ends at ``end`` runs on into an ordinary word (财政部 + 分)."""
    guard = AFTER.get(text[end - 1])
    return guard is not None and guard.match(text, end) is not None


def find_organs(
    text: str, place_ends: Collection[int], place_starts: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Spans of names that look like organs, prefix included; they may overlap each other.

    Args:
        text: A question.
        place_ends: Where places named in the text end.
        place_starts: Where they start.
    """
    for suffix in _SUFFIX.finditer(text):
        end = suffix.end()
        if is_cut_short(text, end):
            continue
        start, prefixed = _left_edge(text, suffix.start(), place_starts, place_ends)
        if start is not None and _is_name(text[start : suffix.start()], suffix[0], prefixed):
            yield start, end


def _left_edge(
    text: str, stem_end: int, place_starts: Collection[int], place_ends: Collection[int]
) -> tuple[int | None, bool]:
    """Left edge of the name and whether a place stands in it; None where no border is in reach."""
    start = stem_end
    place_seen = False
    while start > 0 and not _BORDER.match(text[start - 1]):
        if stem_end - start >= _LONGEST:
            return None, False
        start -= 1
        place_seen = place_seen or start in place_ends
        if place_seen and start in place_starts:
            return start, True
    leading = _LEADING.match(text[start:stem_end])
    return start + (leading.end() if leading else 0), False


def _is_name(stem: str, suffix: str, placed: bool) -> bool:
    level = _LEVEL.match(stem)
    core = stem[level.end() :] if level else stem
    if len(core) < (1 if suffix.endswith("中心") else 2) or _GENERIC_STEM.match(core):
        return False
    if stem[-1] in _NOT_AFTER.get(suffix, ""):
        return False
    if (suffix in _NEED_PREFIX or suffix.endswith("中心")) and not placed and not level:
        return False
    return len(core) <= _LONGEST
