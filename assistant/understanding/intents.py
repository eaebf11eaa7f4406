"""Which of the contract's intents a question has: ordered rules over its wording."""

import re
from dataclasses import dataclass

from assistant.datatypes import Intent, MetaField, UnitRelation


def _compile(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


_WHICH_UNIT = (
    r"(?:哪|那|什么|啥|何)(?:一|几|两|些|三)?(?:个|家|级)?(?:市直|市级|省级|牵头|责任|主管)?"
    r"(?:单位|部门|局|机关|机构|委办局|财政|处室|厅|部委|政府|组织)"
)
_WHO = rf"(?:谁|哪(?:一|几|两|三|些)?家|{_WHICH_UNIT}|哪(?:个|些|几个|两个))"

_INJECTION = _compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|别管)(?:掉)?(?:前面|以上|之前|上面|此前|先前|所有|你的|你).{0,12}(?:要求|指令|提示|规则|设定|限制|内容|话)",
    r"系统提示|提示词|system\s*prompt|(?:ignore|disregard).{0,20}(?:previous|above|instruction)|越狱|jailbreak|开发者模式",
    r"(?:从现在(?:开始|起)|接下来).{0,6}你(?:必须|只能|要|就是|是|得|扮演)|你(?:必须|只能|一定要)(?:回答|说|输出|答|讲|承认)|别的(?:都)?不(?:许|要|准)说",
    r"(?:假装|扮演|假设)你是|你现在是(?!不是)|(?:打印|输出|泄露|告诉我).{0,8}(?:密码|密钥|源代码|源码|token)",
)
_CHAT = _compile(
    r"^(?:你好|您好|哈喽|嗨|hello|hi|在吗|在不在|在么|喂|早上好|下午好|晚上好|谢谢|多谢|感谢|再见|拜拜|好的|嗯+|哦+|哈+)",
    r"笑话|唱(?:首|个)?歌|写(?:首|一首)诗|讲个?故事|聊(?:聊天|会儿?)|你(?:是谁|叫什么|几岁|多大|会什么|能做什么|能干啥|会干啥|是人|是机器|喜欢|爱)|无聊",
)
_WEATHER = _compile(
    r"天气|下(?:雨|雪)|气温|几度|冷不冷|热不热|刮风|台风|股票|股市|彩票|足球|电影|菜谱|怎么做菜|星座|今天几号|现在几点|星期几"
)

_META: tuple[tuple[MetaField, re.Pattern[str]], ...] = (
    ("doc_number", _compile(r"文号|发文字号|(?:几|多少)号文|文件编?号|第几号(?:令|文|公告)|什么字号")),
    ("recipients", _compile(r"主送|(?:发|下发|印发|送)给(?:了)?(?:谁|哪|什么)|(?:通知|文件|方案)是?(?:写|发)给")),
    ("copies", _compile(r"抄送|抄报")),
    ("title", _compile(r"全名|全称|完整(?:的)?(?:标题|名称|题目)|(?:文件|方案|这份|通知|意见|办法)(?:的)?(?:标题|题目|名称|名字|大名)|(?:文件|方案|通知)(?:叫|是)(?:啥|什么)(?:名|题)?|标题(?:是|叫|怎么|原文)")),
    ("basis", _compile(r"(?:依据|根据|按照|贯彻|落实|遵照|为了?贯彻)(?:的)?(?:是)?(?:上面|上级|国家|中央|省里|什么|哪|啥|了哪)(?!.{0,6}(?:部)?条例).{0,8}(?:文件|方案|精神|政策|规定|搞|定|制定|出台|来)|(?:制定|出台|发文|文件|方案)(?:的)?(?:政策)?依据|上位(?:文件|依据)|依据(?:的)?(?:是)?(?:哪|什么|啥)(?:几|些)?(?:个|份)?(?:上级)?文件|上头.{0,4}(?:哪|什么|啥)文件|贯彻.{0,6}哪(?:几|些)")),
    ("validity", _compile(r"有效期|(?:什么时候|哪天|何时|几时|啥时候).{0,4}(?:施行|实施|生效|废止|失效|到期|作废)|(?:施行|生效|废止|失效)(?:日期|时间)|管(?:到|几年|多久|多少年)|还有效")),
    ("issuer", _compile(rf"(?:文|文件|方案|通知|意见|办法|规定|政策|这个|这份|它|措施|条例)(?:是|是由|由)?(?:{_WHO}|哪里|哪儿)(?:来|给)?(?:发|印发|下发|出|出台|制定|颁布|公布|发布|起草|牵头制定)(?:的|出来|了|文|布|$)", rf"^(?:请问)?(?:是|由)?(?:{_WHO}|哪里)(?:下发|印发|发布|颁布|出台|发)(?:的|了)?(?:这|该|文|本|此)", r"发文(?:机关|单位|部门)|印发(?:机关|单位)|(?:落款|署名)(?:是|单位|机关)?(?:谁|哪|什么)?|(?:哪个|什么|啥)(?:单位|部门|机关|机构)(?:印发|发布|出台|下发|发)的")),
    ("date", _compile(r"(?:哪|何)(?:一)?(?:年|天|日|月).{0,6}(?:发|出|印|成文|颁|公布|制定|的文件|的方案|文件)|(?:文件|方案|通知|意见|办法|规定|条例).{0,6}(?:哪年|哪一年|哪天|什么时候|何时|啥时候|几月几[日号]).{0,4}(?:发|出|印|定|成文|颁|公布|的)|(?:什么时候|何时|啥时候|哪年|哪天|几时).{0,3}(?:发布|印发|出台|下发|颁布|成文|发文|发的|出的)|成文日期|发文(?:日期|时间)|印发(?:日期|时间)|落款(?:日期|时间)")),
    ("place", _compile(r"(?:哪|什么|啥)(?:个|座|一个)?(?:市|省|县|城市|地方|地区|地)(?:的|出|发|制定|搞)(?:.{0,4}(?:文件|方案|政策|通知|文)|$|呀|呢|的)|是(?:哪|什么)(?:个|里)?(?:地方|市|省|县)")),
    ("audience", _compile(r"(?:哪|那)(?:几|些)(?:类|种|样|部分|群)(?:人|群体|工人|对象|产业工人|职工)|(?:适用|针对|面向|覆盖|惠及|管)(?:的)?(?:是|于)?(?:谁|哪些人|什么人|哪几类|哪些群体|哪类人|对象|范围|啥人)|(?:哪些|什么|啥)人(?:适用|受益|能用)")),
)  # fmt: skip

_TERM = _compile(
    r"(?:哪(?:些|几|里|儿|一)?(?:个|条|处|地方|些地方|条款|些条款|里头|几条|几处|章|节)?).{0,6}(?:提到|提过|提及|出现|说到|写到|讲到|写了|含有|用到|有提|涉及到?|谈到)",
    r"(?:提到|提过|提及|出现|说到|写到|讲到|含有|用到|谈到)(?:过|了)?.{0,24}(?:的)?(?:是|有)?(?:哪(?:些|几|里|儿)|几处|几次|多少次|几条|什么地方)",
    r"(?:查|搜|找)(?:一下|下|查|找)?[“\"「『].+[”\"」』](?:都)?(?:在|出现|有)",
    r"(?:这|那|两)?(?:个)?(?:词|字|说法|字眼|提法|词语).{0,8}(?:哪|几处|几次|出现|在)",
)
_COMPARE = _compile(
    r"区别|不一样|不同(?:之处|点|在)|有(?:什么|啥|哪些|何)不同|差别|差异|差在|差(?:了)?哪|一样(?:吗|么|不|的吗|多吗)|一模一样|是否(?:相同|一致|一样)|(?:相|雷)同(?:吗|么|之处|点|的(?:责任)?单位)|对比|比较(?:一下|下)?|相比|共同(?:的)?(?:责任)?单位|异同|谁(?:更)?(?:多|少)|比.{1,12}(?:多|少)(?:哪|几|什么|了)|各有(?:什么|啥|哪些)",
)
_SUPERLATIVE = _compile(r"(?:最多|最少|最重)")
_DEADLINE = _compile(
    r"截止|截至(?:时间|日期)|最晚|最迟|限期|期限|(?:几月几[号日]|哪天|哪一天|哪日|什么时候|啥时候|何时|几号|什么时间)(?:之?前|以前|要|得|必须|须)?(?:.{0,6})(?:交|报|完成|上报|报送|提交|落实|办完|结束|到期|办好|做完|建成|达到)",
    r"(?:交|报|完成|上报|报送|提交|建成).{0,10}(?:几月几[号日]|哪天|哪一天|什么时候|啥时候|何时|几号|时间(?:要求|节点)|时限)|时限|(?:报送|完成|上报)时间",
    r"\d+月\d+[日号](?:之?前|以前)",
)
_OWNER = _compile(
    rf"(?:归|由|让|派给|分给|交给|分派给|落(?:在|到)|靠|该|请|轮到|指定|点名(?:让)?|属于|找){_WHO}",
    rf"{_WHO}(?:.{{0,6}})(?:负责|管|牵头|承担|抓|落实|干|做|定|制定|出|掏|给|搞|办|组织|开展|安排|设|建|发布|发|报|监督|督促|盯|推动|参与|配合|担|认领|来|去|兜底|领头|打头|挑头|主管|实施|执行|解决|协调|拿|编|审|查|指导|引导|提供|评|推荐|受理|保障)",
    r"责任(?:单位|部门|主体)|牵头(?:单位|部门)|配合(?:单位|部门)|主管(?:单位|部门)|(?:谁|哪家|哪个)(?:的)?(?:活|事|责任|任务)|责任(?:在|是|落在|归)?(?:谁|哪)|谁(?:负责|牵头|管|来|去|干|该)|(?:负责|牵头|管(?:着|理)?|承担|落实|主抓)(?:的)?(?:是|有|都是|都有)?(?:谁|哪(?:些|几|个|家)|什么(?:单位|部门))",
    rf"(?:是|有|都是|涉及|包括|列了|牵涉|写的是|写了|是不是)(?:{_WHICH_UNIT}|谁|哪(?:几|些|两)?家)|{_WHICH_UNIT}",
    r"找谁|找哪|问谁|谁(?:说了算|拍板)|哪(?:个|几个|些|两个)(?:单位|部门|局)",
)
_DUTIES = _compile(
    r"(?:哪|那|几|多少)(?:些|几|一|两)?(?:个|条|项|块|件|样|桩|处)?(?:任务|条款|条|项|举措|措施|工作|职责|责任|事|活|地方|内容)",
    r"(?:任务|职责|分工|活儿?|差事|担子)(?:是|有|都|分|清单|表|一览|全)?(?:什么|啥|哪|多少|几)?|(?:负责|承担|牵头|配合|参与|管|干|做|摊|担|管着|分管|主管|落实|牵扯|协助|涉及|忙|要干|要做)(?:到|了|着|的)?(?:些|的是|了些|起来|有)?(?:什么|啥|哪|多少|几|内容)",
    r"(?:有关|关系|相关|份|沾边|涉及)(?:的)?(?:是|有)?(?:哪|几|条款|内容|任务|的条)|(?:什么|啥|哪些|哪)(?:任务|事|活|工作|职责|责任|分工|要求)|(?:当|做|是|作为)(?:了)?(?:几|多少|哪)(?:条|项|个)",
    r"都(?:有份|参与|负责|牵头|管|列)|一(?:起|同|块)(?:负责|参与|牵头|管|干)|同时(?:列|是|作|负责|参与|出现|涉及|承担)|台账|责任清单|任务清单|哪(?:一)?(?:几)?条",
)
_NOT = _compile(
    r"没有|没把|没列|没写|没(?:份|参与|让|提|涉及|出现)|不(?:含|参与|包括|涉及|归|由|负责|用|在|管|是)|除(?:了|去)?.{0,8}(?:之?外|以外)|未(?:列|含|涉及|把|参与)|缺"
)
_EVERY = _compile(
    r"每(?:一)?(?:条|项|个任务|项任务|项举措|条举措|条措施|条里)|(?:全部|所有)(?:的)?(?:条|条款|任务|举措|措施|\w{0,3}条)|条条|(?:十四|\d+|[一二三四五六七八九十]+)(?:条|项)(?:里)?(?:全|都|个个)|从头到尾"
)
_AND = _compile(
    r"(?:和|跟|与|同|、|及|还有|以及).{0,30}(?:都|一起|同时|共同|一块|一同|均|俩|两家|同为|联合|并列|合作)|(?:它|他|她)(?:们)?俩|两家(?:都)?|共同(?:负责|承担|参与|牵头)|两(?:个|家)(?:单位|部门|局)?都"
)
_COUNT = _compile(
    r"(?:多少|几)(?:条|项|个|处|块|部分|章|款|家|类|件|方面|举措|措施|大块|大项|点|单位)|一共|总共|合计|数量|总数"
)
_LIST = _compile(
    r"(?:哪些|哪几|啥|什么)(?:条|项|个|种|方面|部分|大块|内容|举措|措施|办法|活动|要求|任务|方式|途径|形式|手段|渠道|待遇|好处|奖项|大奖|平台|载体|政策|机制|权益|服务|行业|领域|做法|目标)",
    r"(?:全|都|逐条|逐一|一一|挨个)?(?:列(?:一下|出|举|全|个|给|表)|罗列|数一数|点一下)|分(?:成|为)?(?:几|哪)(?:大)?(?:块|部分|章|个|项|类|节)|(?:几|哪)(?:大)?(?:块|部分|章|个部分|个方面)|小?标题|目录|结构|框架|提纲|题目|(?:几|多少)(?:项|条|个)?(?:举措|措施|任务|要求|机制)|(?:都)?(?:有|包括|提了|是)(?:哪些|哪几)|(?:有|列了|提了|写了)(?:几|多少)(?:条|项|点)|都(?:有|包括|提了|写了)(?:什么|啥|哪)",
)
_CLAUSE = _compile(
    r"(?:讲|说|写|规定|是|念|读|看|给|内容|原文|什么|啥|怎么|意思|大意|概括|摘|调|发|贴|显示|找|打开|翻|列)"
)
_FACT = _compile(
    r"多少|多久|多大|多长|多高|多远|几(?:个|名|次|成|天|年|种|家|项|样|月|号|级|倍|类|条|所|人|位|场|回|岁|点|块|件)|百分之|比例|叫(?:啥|什么|做什么)|什么(?:名字|名称|工程|模式|行动|条例|大会|计划|目标|口号|原则|制度|标准|平台|活动|时候|时间|级别|机制|体系|文件|方案|要素|等级|奖|会)|哪(?:两|三|四|五|几|些|一)?(?:种|个|样|类|项|部|级|方面|句|几)|何(?:种|时|处)|最(?:低|高|少|多|晚)",
)
_YES_NO = _compile(
    r"是不是|是否|算不算|有没有|要不要|用不用|能不能|需不需要|在不在|该不该|对不对|可不可以|(?:吗|么|不|没|没有|吧)[？?。！!\s]*$|有无|属不属于|归不归|管不管|参不参与|牵不牵头"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Traits of a question that the rules look at.

    Attributes:
        question: The question in simplified characters.
        masked: The question with the units it names replaced by ``U``.
        units: How many units it names.
        references: How many clauses it names by number.
        topical: Whether content remains besides units and asking words.
    """

    question: str
    masked: str
    units: int
    references: int
    topical: bool


def is_injection(question: str) -> bool:
    """Whether the text tries to instruct the program instead of asking about a document."""
    return bool(_INJECTION.search(question))


def is_chat(question: str) -> bool:
    """Greetings, jokes, weather: nothing that a document could answer."""
    return bool(_CHAT.search(question) or _WEATHER.search(question))


def meta_field(question: str) -> MetaField | None:
    """The fact about the document itself that a question asks for."""
    return next((name for name, pattern in _META if pattern.search(question)), None)


def classify(wording: Wording) -> Intent:
    """The intent, by the first rule that fits; the order settles what overlaps."""
    question, masked = wording.question, wording.masked
    if wording.references >= 2 or _COMPARE.search(question):
        if wording.references != 1 and (wording.references or _COMPARE.search(question)):
            return "compare"
    if _TERM.search(masked) and not wording.units:
        return "term"
    if wording.units or _EVERY.search(question):
        intent = _about_units(wording)
        if intent:
            return intent
    if _DEADLINE.search(question) and not _OWNER.search(masked):
        return "deadline"
    if _SUPERLATIVE.search(question) and re.search(r"单位|部门|任务|责任", question):
        return "compare"
    if _OWNER.search(masked):
        return "owner"
    if wording.references:
        return "clause"
    if _LIST.search(question):
        return "count" if _COUNT.search(question) else "list"
    if _FACT.search(question):
        return "fact"
    return "benefit"


def _about_units(wording: Wording) -> Intent | None:
    question, masked = wording.question, wording.masked
    if _EVERY.search(question) and not wording.units:
        return "duties" if _OWNER.search(masked) or re.search(r"单位|部门|谁|哪家", question) else None
    whole = bool(_DUTIES.search(masked))
    if is_yes_no(question) and wording.topical and not re.search(r"哪|几|多少|什么|啥", masked):
        return (
            "owner"
            if _OWNER.search(masked)
            or re.search(r"负责|管|责任|参与|份|事|牵头|配合|任务|里头?|承担|有关", masked)
            else None
        )
    if whole:
        return "duties"
    if not wording.topical and re.search(r"呢|负责|任务|管|干|做|职责|责任|工作", masked):
        return "duties"
    return None


def is_yes_no(question: str) -> bool:
    """Whether a question wants yes or no."""
    return bool(_YES_NO.search(question))


def counts(question: str) -> bool:
    """Whether a question asks how many."""
    return bool(_COUNT.search(question))


def unit_relation(question: str, masked: str, units: int) -> UnitRelation:
    """How a reverse question relates to its units: together, without, in every clause, the most."""
    if _NOT.search(masked) and units:
        return "not"
    if _EVERY.search(question) and not units:
        return "every"
    if _SUPERLATIVE.search(question):
        return "most"
    if units >= 2 and (_AND.search(question) or not re.search(r"分别|各自|或", question)):
        return "and"
    return "any"
