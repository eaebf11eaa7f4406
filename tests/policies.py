"""Two short documents in other habits than the shipped one, and assistants opened on them in memory.

A backslash joins a line of the source with the next: the documents have whole paragraphs.
"""

import functools
from types import SimpleNamespace

from assistant.chunking import ClauseSplitter
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.parsing import parse_file, parse_text
from assistant.pipeline import Assistant
from assistant.store import Index
from assistant.store.backend import LocalBackend
from assistant.text import Segmenter
from samples import CORPUS_FILE

# Duties as （甲牵头，乙配合）, two annotations in one clause, a note that the first unit of a list leads.
ELDERLY = """临河县人民政府办公室文件

临政办发〔2024〕11号

关于提升农村养老服务水平的实施方案

各乡镇人民政府，县直各有关单位：

为进一步提升全县农村养老服务水平，根据《海东省养老服务条例》，结合我县实际，制定本方案。

一、总体目标

到2025年底，全县建成农村互助养老点60个，护理型床位占比达到55%以上。

二、重点任务

（一）完善养老设施。

1. 建设互助养老点。利用闲置校舍和村委会旧址改建互助养老点，每个补助8万元。首批20个于2024年10月底前建成。\
（县民政局牵头，县财政局、县自然资源局配合）

2. 改造居家环境。为失能老人家庭安装扶手和呼叫器，每户改造费用不超过3000元。\
（县民政局牵头，县残联、县住建局配合）

（二）加强服务力量。

1. 培训养老护理员。每年培训养老护理员150人次，对取得技能证书的给予奖励。\
（县人社局牵头，县民政局、县卫健局配合）

2. 开展巡访关爱。对独居老人每周探访1次，建立巡访台账。（责任单位：县民政局、各乡镇人民政府）\
对拒不履行赡养义务的，开展法治宣传和调解。（责任单位：县司法局、县公安局）

3. 举办老年食堂。鼓励餐饮企业送餐上门，为高龄老人提供助餐服务。

三、保障措施

责任单位列第一位的为牵头单位。各乡镇要加强组织领导，于11月20日前将进展情况报县民政局。

临河县人民政府办公室
2024年3月5日
"""

# Articles in chapters, days in force and an expiry, units that act in running text.
PARKING = """临河县电动自行车停放管理办法

第一章 总则

第一条 为规范电动自行车停放秩序，制定本办法。

第二条 本办法适用于县城规划区内电动自行车的停放和充电。

第二章 停放与充电

第三条 电动自行车应当停放在划定的泊位内，不得占用盲道和消防通道。

第四条 新建住宅小区按照每户不少于1个的标准配建停放泊位，其中充电泊位不低于20%。

第三章 法律责任

第五条 在疏散通道停放电动自行车的，由县消防救援大队责令改正，处500元罚款。

第六条 本办法自2024年7月1日起施行，有效期5年。
"""


@functools.cache
def document(name):
    """``elderly``, ``parking`` or ``corpus``, parsed."""
    if name == "corpus":
        return parse_file(CORPUS_FILE)
    return parse_text({"elderly": ELDERLY, "parking": PARKING}[name], document_id=name, file=f"{name}.txt")


@functools.cache
def segmenter():
    return Segmenter()


@functools.cache
def assistant(*names):
    """An assistant on these documents, BM25 only, without files."""
    return open_in_memory(tuple(map(document, names)))


def open_in_memory(documents):
    words = segmenter()
    splitter = ClauseSplitter(lambda text: len(words.words(text)))
    chunks = tuple(chunk for each in documents for chunk in splitter.chunks(each))
    texts = {each.id: each.text for each in documents}
    tokens = [
        words.tokens(f"{each.context} {texts[each.document][each.start : each.end]}") for each in chunks
    ]
    backend = LocalBackend.build(tokens, None, [each.document for each in chunks])
    manifest = SimpleNamespace(fingerprint="in memory")
    return Assistant(Settings(embedding=NO_EMBEDDING), Index(documents, chunks, backend, manifest))


def ask(names, question, *history, document=""):
    """The answer of the assistant on these documents."""
    return assistant(*names).ask(Question(question, tuple(history), document))


def plan(names, question, *history):
    """How the assistant on these documents understands a question."""
    return assistant(*names).considered(Question(question, tuple(history)))[0]
