"""Names of units: what can be one, the level it prints, and its full name.

Canonical names. A unit printed without its level gets the prefix that its list shares:

* forward, from the last unit before it that prints one (``市发展改革委、科技局`` → ``市科技局``), also
  across the labels of one annotation;
* backward, to the head of the same list where a later unit prints one
  (``人社局、市人大社建委`` → ``市人社局``);
* from the document (``document_level``), where lists without any prefix are its habit and its other
  lists agree on one prefix. A document that prints a bare list once keeps it as printed: it may be a
  slip or another body. A state-level document prints no prefixes at all, so nothing is added.

Units that no level can be put before (国网遂宁供电公司, 江西证监局, 人民银行, 各县区政府, 试点企业) stay as
printed, which is decided by the function word they start with, not by a list of places.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.datatypes import Role

_STEMS = (
    "发展|发改|工业|工信|经济|经信|经贸|经发|经促|教育|教体|教委|科技|科学|科委|科协|公安|民政|民宗|民族|司法|财政|财金|人力|人社|劳动|自然|规划|国土"
    "|生态|环保|环境|住房|住建|建设|城乡|城管|城市管理|城建|交通|水利|水务|农业|农村|农办|农委|林业|林草|园林|绿化|商务|商业|文化|文旅|文广|文体"
    "|旅游|卫生|卫健|卫计|退役|应急|审计|国资|国有资产|市场监|市监|市容|工商|质监|质量|食品|药品|药监|体育|统计|医保|医疗|信访|人防|人民防空|国防动员"
    "|扶贫|乡村|粮食|粮储|粮|物资|供销|金融|地方金融|投资|投促|招商|大数据|数据|数字|网信|政务|行政审批|行政|审批|营商|机关事务|机关|档案|地方志|党史"
    "|侨务|外事|外办|台办|港澳|口岸|知识产权|消防|地震|气象|通管|通信|无线电|邮政|烟草|税务|国税|地税|人才|政府办|政府外|政府|编办|总工会|工会|妇联|残联"
    "|团委|工商联|文联|贸促|红十字|中小企业|民营|非公|盐业|煤管|煤炭|能源|物价|安监|安全|海洋|渔业|畜牧|兽医|水产|动物|社保|就业|热线|农民工|会展|博览"
    "|公共|公积金|房管|房产|房屋|土地|不动产|移民|水库|搬迁|法制|法院|检察|中级|武装|人武|征兵|双拥|老龄|老干|关工委|综治|综合|执法|督查|督办|考核|绩效"
    "|重点|项目|铁路|民航|机场|港口|航运|交警|交投|城投|水投|文投|农投|国投|电子|信息|广播|广电|新闻|融媒|电视|传媒|宣传|组织部|统战|政法|纪委|监委|巡察|党校"
    "|社会|总体|改革|政研|财经|目标|决策|产业|科教|地质|测绘|核工业|国防|军民|人大|政协|委组织|委宣传|委统战|委政法|委办|委网信|委编|社科|作协|记协|侨联|台联|计生"
)
_STEM = re.compile(rf"(?:{_STEMS})")
_PARTY = re.compile(
    r"(?:组织部|宣传部|统战部|政法委|网信办|编办|编委办|社会工作部|政研室|改革办|改办|老干部局|老干局|直属机关工委|机关工委|党校|台办|农办|财办|外办|国安办)"
)
_COMPANY = re.compile(
    r"旅游|文旅|交[投通]|城[投市]|水[投务]|国投|文投|农投|投资|产业|粮食|机场|公交|供水|自来水|燃气|担保|融资"
)
_LEVEL = r"(?:[\u4e00-\u9fff]{2,7}?(?:自治区|自治州|自治县)|(?:[\u4e00-\u9fff]{2,4}?)?[省市县区州旗盟])"
_PREFIXED = re.compile(rf"(?P<level>{_LEVEL})(?=(?:委|人民政府|政府|{_STEMS}))")
_LEAGUE = re.compile(r"团(?P<level>[省市县区州旗盟])委$")
_NO_PREFIX = re.compile(
    r"分局$|支行$|分行$|分公司$|海关$|总局$|总署$|总公司$|[^织传战作武]部$|企业$|部门$|^各|^有关|^相关|^县[市级]?区?$|开发区|管委会$|^政府$|^人民政府$"
)
_RESTORABLE = re.compile(
    r"(?:局|委|委员会|办|办公室|厅|处|中心|社|会|联|部|院|校|协|组|室|队|站|公司|集团|银行|法院|检察院|支队|总队|台|馆|园|库|政府|政法委|团委)$"
)
_UNIT_END = re.compile(
    r"(?:局|委|办|厅|部|署|院|会|府|行|关|司|校|团|组|社|联|门|位|室|区|县|市|省|乡|镇|村|所|站|处|队|中心|企业|集团|股份|运营商|院校|机构|平台|园|台|协|学|港|馆|公安|工委|组织|地区|地方|各地|政府|盟|旗|州"
    r"|中央|电信|移动|联通|铁塔|电网|银行|基地|工厂|商|专班|专责|街道|政协|人大|纪委|监委|妇联|高校|学会|支队|大队)$"
)
_RUNNING = re.compile(r"[由在对为将是于把被让使从向如若并因但则]|可以|应当|[“”]?的$|要|需|每")
_RUNNING_OK = re.compile(
    r"为民|向阳|从化|并州|如皋|如东|在线|是非|对外|对口|海关|因公|重要|要素|要客|需求|将军|于都|让胡路|为农|为企|在建|在地|所在|每个|在外|使领"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One printed unit, ``text[start:end]``."""

    name: str
    canonical: str
    role: Role
    start: int
    end: int
    verbal: bool = False


def looks_like_unit(name: str) -> bool:
    """Whether a string can be the name of a unit rather than running text."""
    bare = re.sub(r"[（(〔﹝［\[〈＜][^（(〔﹝）)〕﹞］\]〉＞]*[）)〕﹞］\]〉＞]", "", name)
    if not 2 <= len(bare) <= 40 or re.search(r"[。；：！？]", bare):
        return False
    if _RUNNING.search(_RUNNING_OK.sub("", bare)):
        return False
    return _UNIT_END.search(bare) is not None or bare.startswith("各")


def certainly_unit(name: str) -> bool:
    """Whether a name stands for a unit without any context: its level, 各, or a known function word."""
    head = re.split(r"[（(〔﹝［\[〈]", name, maxsplit=1)[0]
    if not looks_like_unit(name):
        return False
    named = re.search(r"(?:海关|支行|分行|分局|公司|集团|学院|大学|电信|移动|联通|铁塔|银行|管委会)$", head)
    return bool(level_prefix(head) or head.startswith("各") or is_bare(head) or named) or _state(head)


def _state(head: str) -> bool:
    return (
        re.match(r"国家|国务院|中央|全国|中国", head) is not None
        or re.search(r"[^推织](?:部|总局|总署)$", head) is not None
    )


def level_prefix(name: str) -> str:
    """The level that a unit prints: ``市市场监管局`` → ``市``, ``市场监管总局`` → "", ``团市委`` → ``市``."""
    league = _LEAGUE.match(name)
    if league:
        return league["level"]
    match = _PREFIXED.match(name)
    if match is None or re.match(r"国家|中央|全国|各|有关|驻", name):
        return ""
    return match["level"]


def restore(units: Sequence[Unit], carried: str = "") -> tuple[list[Unit], str]:
    """Give the bare units of one list the prefix it shares; returns the prefix to carry on."""
    restored: list[Unit] = []
    prefix = carried
    following = next((p for u in units if (p := level_prefix(u.canonical))), "")
    for unit in units:
        own = level_prefix(unit.canonical)
        if own:
            prefix = own
            restored.append(unit)
        else:
            restored.append(replace(unit, canonical=with_prefix(unit.canonical, prefix or following)))
    return restored, prefix


def with_prefix(name: str, prefix: str) -> str:
    """The unit with its level, where one can be put before it; 宣传部 becomes 市委宣传部."""
    if not prefix or not is_bare(name):
        return name
    return f"{prefix}委{name}" if _PARTY.match(name) else f"{prefix}{name}"


def is_bare(name: str) -> bool:
    """Whether a unit is printed without the level it belongs to."""
    head = re.split(r"[（(〔﹝［\[〈]", name, maxsplit=1)[0]
    if _NO_PREFIX.search(head) or level_prefix(name) or not _RESTORABLE.search(head):
        return False
    if re.search(r"(?:公司|集团)$", head) and _COMPANY.match(head) is None:
        return False
    return _STEM.match(head) is not None or _PARTY.match(head) is not None


def document_level(lists: Sequence[Sequence[Unit]]) -> str:
    """The prefix to put before units of lists that print none; "" unless such lists are a habit.

    Args:
        lists: The units of every annotation, their canonical names restored within the list.
    """
    bare_lists = sum(1 for units in lists if units and is_bare(units[0].canonical))
    counts = Counter(p for units in lists for p in {level_prefix(u.canonical) for u in units} if p)
    if bare_lists < 2 or bare_lists * 5 < len(lists) or not counts:
        return ""
    prefix, lists_with = counts.most_common(1)[0]
    agreed = lists_with >= 0.8 * sum(counts.values())
    return prefix if agreed and lists_with * 5 >= len(lists) else ""
