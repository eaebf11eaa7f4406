"""Kinds of value that questions ask for, and how they look in official text."""

import re

from assistant.datatypes import ValueKind

_NUMERAL = r"[\d〇零一二两三四五六七八九十百千万]"

# The kind a question asks for; the first that matches counts. Contact before place before money: 「电话多少」
# asks for no amount.
_ASKED: tuple[tuple[ValueKind, str], ...] = (
        ("contact", r"电话|手机号|号码是|热线|邮箱|联系人|联系方式|微信|公众号|网址|网站|网上.{0,4}(?:哪|申请|报名)|QQ"),
        ("place", r"地址|在哪(?:条|个|儿|里)?(?:街|路|办公|地方|开|领|办|设)|哪条街|什么地方|(?:设|开)在哪|去哪(?:里|儿)?[办领交报]|哪里[领办开]|几楼"),
        ("roster", r"名单|名册|花名册|清单(?:发|给|有)|(?:都)?(?:有|是)哪几?家(?:企业|公司|厂)|哪些(?:企业|公司|厂)(?:是|被|入)"),
        ("material", r"(?:哪些|什么|啥)(?:材料|手续|证件|证明|资料|表)|(?:带|交|准备|提交).{0,4}(?:材料|手续|证件|证明|资料)|申请流程|怎么(?:申请|报名)"),
        ("percent", r"百分之(?:几|多少)|几成|比例(?:是|为)?(?:上限|下限|最低|最高)?(?:是)?多(?:少|大)|多(?:少|大)(?:的)?比例|占(?:到|比)?多(?:少|大)|几个百分点|多少百分|比例(?:上限|下限)"),
        ("date", r"几月|几号|哪天|哪一天|哪日|什么日子|(?:哪|何)年|何时|啥时候|什么时候|什么时间|时间(?:节点|点|表)|截止|最晚|几点"),
        ("duration", r"多久|多长时间|几(?:年|个月|天|周|小时)|多少(?:年|个月|天|日|小时)|期限(?:是)?多|有效期"),
        ("money", r"多少(?:钱|元|块|万|亿)|几(?:百|千|万|十)?(?:块|元)|[补给奖罚贴拿领发掏](?:多少|几(?:百|千|万))|多少(?:补贴|奖金|奖励|工资|津贴|罚款)|(?:金额|数额|标准|额度)(?:是)?多少|(?:津贴|补贴|奖金|补助|工资|资金|费用?)(?:一?个?(?:月|年))?(?:是|有|给|发|能拿)?多少|一(?:个)?(?:月|年|天)(?:是)?(?:给|发|拿|补)?多少"),
        ("count", r"(?:多少|几)(?:个|名|人|家|次|场|回|项|条|件|支|所|套|遍|位|户|辆|亩|类|种)"),
)  # fmt: skip

# How a value of the kind looks where a text gives one.
_GIVEN: dict[ValueKind, re.Pattern[str]] = {
    "contact": re.compile(r"\d{3,4}[-—一－]?\d{7,8}|1\d{10}|12345|12333|[\w.]+@[\w.]+|https?://|www\."),
    "place": re.compile(r"(?:路|街|巷|大道)\s*\d+\s*号|\d+\s*(?:楼|室|窗口)|地址[:：]|地点[:：]"),
    "roster": re.compile(r"名单如下|如下[:：]"),
    "material": re.compile(r"(?:提供|提交|出具|携带|填写|报送).{0,30}(?:材料|证明|证件|申请表|身份证|复印件)|申请材料|申报材料"),
    "percent": re.compile(rf"\d+(?:\.\d+)?\s*[%％‰]|百分之{_NUMERAL}+|{_NUMERAL}成|{_NUMERAL}+倍|一半|\d+\s*个百分点"),
    "date": re.compile(
        rf"{_NUMERAL}{{1,4}}\s*年|{_NUMERAL}{{1,3}}\s*月(?:份|底|初|中旬|上旬|下旬)?|{_NUMERAL}+\s*日|年底|季度|每年|每月"
    ),
    "duration": re.compile(rf"{_NUMERAL}+\s*(?:个)?(?:年|月|日|天|周|小时|分钟|工作日|学时|课时)|半年|每(?:年|月|周|季度|半年)|长期"),
    "money": re.compile(rf"\d[\d,.]*\s*(?:万|亿|千|百)?\s*(?:美)?元|{_NUMERAL}+(?:万|亿|千|百)?元|\d+(?:\.\d+)?\s*[%％]|{_NUMERAL}倍|全额|免费"),
    "count": re.compile(rf"{_NUMERAL}+\s*(?:余|多)?\s*(?:个|名|人|家|次|场|项|条|件|支|所|套|位|户|辆|亩|类|种|批)"),
}  # fmt: skip

#: Kinds that an extractive answer must show: without one the document leaves the question open.
EXACT_KINDS: frozenset[ValueKind] = frozenset(_GIVEN)

KIND_NAMES: dict[ValueKind, str] = {
    "contact": "联系方式",
    "place": "地点",
    "roster": "名单",
    "material": "所需材料或办理手续",
    "percent": "比例",
    "date": "时间",
    "duration": "期限",
    "money": "金额",
    "count": "数量",
}


def asked_kind(question: str) -> ValueKind | None:
    """The kind of value a question asks for: ``津贴每月多少元`` → ``money``; None for no particular one."""
    return next((kind for kind, pattern in _ASKED if re.search(pattern, question)), None)


def values(kind: ValueKind, text: str) -> list[tuple[int, int]]:
    """Spans of the values of a kind that a text gives: ``("percent", "补助 50%")`` → ``[(3, 6)]``."""
    return [match.span() for match in _GIVEN[kind].finditer(text)]
