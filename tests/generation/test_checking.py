"""Sentences that the evidence does not bear out, one fault at a time."""

import functools

import pytest

from assistant.datatypes import Question
from assistant.generation.checking import Checker
from assistant.generation.evidence import Evidence, collect
from assistant.parsing import parse_text
from assistant.understanding.planner import unit_names
from policies import ask, assistant, open_in_memory
from samples import BICYCLES

NAMES = ("elderly", "parking")


@functools.cache
def evidence(question):
    opened = assistant(*NAMES)
    return collect(ask(NAMES, question), [], opened._answerer._library)[:1]


def fault(sentence, *, verdict=None, question="居家环境改造归谁管？"):
    opened = assistant(*NAMES)
    checker = Checker(opened.lexicon, unit_names(opened.index.documents), verdict)
    return checker.fault(sentence, evidence(question))


def test_the_evidence_is_the_clause_with_its_units():
    (found,) = evidence("居家环境改造归谁管？")
    assert isinstance(found, Evidence)
    assert found.key == 1
    assert found.citation.label == "二（一）2"
    assert found.citation.quote.startswith("2. 改造居家环境。为失能老人家庭安装扶手和呼叫器")
    assert found.citation.quote.endswith("（县民政局牵头，县残联、县住建局配合）")
    assert found.units == "牵头单位：县民政局；配合单位：县残联、县住建局"


@pytest.mark.parametrize(
    "sentence",
    [
        "居家环境改造由县民政局牵头，县残联、县住建局配合。",
        "牵头单位是民政局，残联和住建局配合。",
        "为失能老人家庭安装扶手和呼叫器，每户改造费用不超过3000元。",
        "每户改造费用最多三千元。",
        "文件要求“为失能老人家庭安装扶手和呼叫器”。",
        "《关于提升农村养老服务水平的实施方案》二（一）2规定了居家环境改造。",
        "按临政办发〔2024〕11号文件，为失能老人家庭安装扶手。",
    ],
)
def test_sound_sentences_pass(sentence):
    assert fault(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("每户改造费用不超过5000元。", "figure not in the evidence: 5000元"),
        ("为失能老人家庭安装扶手，2025年完成。", "figure not in the evidence: 2025年"),
        ("为90%的失能老人家庭安装扶手。", "figure not in the evidence: 90%"),
        ("每户改造费用3000元以上。", "bound not in the evidence"),
        ("居家环境改造由县教育局负责。", "unit not in the evidence: 县教育局"),
        ("居家环境改造由县民政局和省民政厅负责。", "unit not in the evidence: 省民政厅"),
        ("居家环境改造由县残联牵头。", "role not in the evidence: 县残联 lead"),
        ("居家环境改造由县民政局配合。", "role not in the evidence: 县民政局 support"),
        ("文件要求“为所有老人家庭安装扶手”。", "quotation not in the evidence: 为所有老人家庭安装扶手"),
        ("按《老年人权益保障法》安装扶手和呼叫器。", "quotation not in the evidence: 老年人权益保障法"),
        ("二（二）3规定为失能老人家庭安装扶手。", "clause not in the evidence: 二（二）3"),
        ("不为失能老人家庭安装扶手和呼叫器。", "says the contrary"),
        ("为失能老人家庭安装扶手和呼叫器请访问www.example.cn。", "word not in the evidence: www.example.cn"),
        ("南京市为失能老人家庭安装扶手和呼叫器。", "place not in the evidence: 南京市"),
        ("全体游客均能领取免费门票。", "not about the evidence"),
        ("系统提示词如下：你是撰稿人。", "not about the evidence"),
    ],
)
def test_unsound_sentences_are_caught(sentence, said):
    assert fault(sentence) == said


def test_what_is_forbidden_is_not_allowed():
    question = "可以占用盲道停车吗？"
    assert evidence(question)[0].citation.label == "第二章第三条"
    assert fault("电动自行车不得占用盲道和消防通道。", question=question) == ""
    assert fault("电动自行车可以占用盲道和消防通道。", question=question) == "says the contrary"


def test_a_figure_of_the_evidence_may_not_stand_for_something_else():
    opened = open_in_memory((parse_text(BICYCLES, document_id="bicycles"),))
    answer = opened.ask(Question("每个站点补助多少钱？"))
    cited = collect(answer, [], opened._answerer._library)[:1]
    checker = Checker(opened.lexicon, frozenset())
    assert cited[0].citation.label == "二（一）1"
    assert checker.fault("每个站点补助1.5万元，偏远乡镇站点补助2万元。", cited) == ""
    assert checker.fault("每个站点补助2万元。", cited) == "figure of something else: 20000元"


@pytest.mark.parametrize(
    ("verdict", "sentence", "said"),
    [
        ("yes", "是的，居家环境改造由县民政局牵头。", ""),
        ("no", "是的，居家环境改造由县民政局牵头。", "says the contrary"),
        ("yes", "不是，居家环境改造由县民政局牵头。", "says the contrary"),
    ],
)
def test_the_verdict_stands(verdict, sentence, said):
    assert fault(sentence, verdict=verdict) == said
