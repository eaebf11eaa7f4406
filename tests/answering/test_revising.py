import functools

import pytest

from assistant.datatypes import Question
from policies import document, open_in_memory
from policypairs import care, city


@functools.cache
def versions(*others):
    return open_in_memory((care("new"), care("old"), *others))


def ask(question, *others):
    return versions(*others).ask(Question(question))


CHANGES = """\
- **修改** 二（二） 建设助餐点（原编号 二（一））
  - 文字：每个助餐点补助“6万元”改为“8万元”
  - 责任单位：增加市市场监管局（责任）
  - 数字：金额 （每个助餐点补助）6万元 → 8万元"""


@pytest.mark.parametrize(
    "question",
    [
        "新旧两版有什么变化",
        "两个版本有什么不同？",
        "新版和旧版改了哪些",
        "2024年的方案比2021年的改了什么",
        "修订后有哪些变化",
    ],
)
def test_all_that_changed_between_two_versions(question):
    answer = ask(question)
    assert (answer.status, answer.intent) == ("answered", "compare")
    assert answer.text.startswith(
        "旧版：《白石市推进居家养老服务实施方案》（白政办发〔2021〕12号）；"
        "新版：《白石市推进居家养老服务实施方案（修订）》（白政办发〔2024〕5号）。\n\n"
        "旧版 9 条，新版 9 条：修改 5 条，新增 1 条，删除 1 条，内容未变 3 条。"
    )
    assert CHANGES in answer.text


def test_both_versions_of_a_changed_clause_are_cited():
    cited = [(each.document, each.label) for each in ask("新旧两版有什么变化").citations]
    assert cited == [
        ("care-old", "一"),
        ("care-new", "一"),
        ("care-old", "二（二）"),
        ("care-new", "二（一）"),
        ("care-old", "二（一）"),
        ("care-new", "二（二）"),
        ("care-old", "二（四）"),  # removed
        ("care-new", "二（四）"),  # added
        ("care-old", "三（一）"),
        ("care-new", "二（五）"),
        ("care-old", "三"),
        ("care-new", "三"),
    ]


def test_the_units_are_those_whose_duty_changed():
    assert [(each.document, each.name, each.label) for each in ask("新旧两版有什么变化").units] == [
        ("care-new", "市住建局", "二（一）"),
        ("care-new", "市民政局", "二（一）"),
        ("care-new", "市市场监管局", "二（二）"),
        ("care-old", "市民政局", "二（四）"),
        ("care-new", "市大数据局", "二（四）"),
        ("care-new", "市民政局", "二（四）"),
    ]


def test_the_two_versions_are_found_among_other_documents():
    others = (city("taihe"), document("elderly"))
    assert CHANGES in ask("新旧两版有什么变化", *others).text
    assert CHANGES in ask("白石市居家养老方案修订后改了什么", *others).text


def test_one_matter_of_two_versions_is_set_side_by_side():
    text = ask("新旧两版的助餐点补助有什么变化").text
    assert "| 金额 | 每个助餐点补助6万元 | 每个助餐点补助8万元 |" in text


def test_documents_that_are_no_versions_need_a_matter():
    answer = open_in_memory((city("taihe"), city("fenyang"))).ask(Question("两个文件有什么不同"))
    assert (answer.status, answer.citations) == ("no_evidence", ())
    assert answer.text.startswith("请说明要比较哪方面的内容")


def test_whether_one_document_was_changed_is_no_comparison():
    answer = ask("太禾市的补贴标准调整了吗", city("taihe"))
    assert answer.intent != "compare"
