import functools

import pytest

from assistant.datatypes import Question
from policies import ask as ask_policies
from policies import document, open_in_memory
from policypairs import city


@functools.cache
def assistant(*others):
    return open_in_memory((city("taihe"), city("fenyang"), *map(document, others)))


def ask(question, *history, others=()):
    return assistant(*others).ask(Question(question, history))


def plan(question, others=()):
    return assistant(*others).considered(Question(question))[0]


def cited(answer):
    return [(each.document, each.label) for each in answer.citations]


STANDARDS = """\
| 条款 | 一（二） 补贴标准 | 一（二） 补贴标准 |
| 责任单位 | 市财政局、市人社局 | 牵头：市财政局；责任：市人社局 |
| 比例 | 按实际缴费额的60% | 按最低缴费额的50% |
| 金额 | 每人每年不超过4800元 | 每人每年不超过3600元 |
| 时长 | 补贴期限不超过3年 | 补贴期限不超过2年 |"""


@pytest.mark.parametrize(
    "question",
    [
        "太禾市和汾羊市的补贴标准有什么不同？",
        "太禾市、汾羊市的补贴标准分别是多少",
        "太禾市跟汾羊市比，补贴标准哪个高",
        "汾羊市和太禾市的补贴标准有啥区别",
    ],
)
def test_two_places_side_by_side(question):
    answer = ask(question)
    assert (answer.status, answer.intent) == ("answered", "compare")
    columns = ("汾羊市", "太禾市") if question.startswith("汾") else ("太禾市", "汾羊市")
    assert f"|  | {columns[0]} | {columns[1]} |\n| --- | --- | --- |\n" in answer.text
    if columns[0] == "太禾市":
        assert STANDARDS in answer.text
    assert set(cited(answer)) == {("taihe", "一（二）"), ("fenyang", "一（二）")}
    assert [(each.document, each.name, each.role) for each in answer.units if each.document == "fenyang"] == [
        ("fenyang", "市财政局", "lead"),
        ("fenyang", "市人社局", "responsible"),
    ]


@pytest.mark.parametrize(
    "question",
    ["两个文件里补贴标准的责任单位、比例", "两份文件的补贴标准对比一下", "两地的补贴标准有什么不同"],
)
def test_all_documents_side_by_side(question):
    text = ask(question).text
    assert "|  | 《太禾市促进灵活就业人员参保的实施方案》 | 《汾羊市灵活就业人员参保办法》 |\n" in text
    assert STANDARDS in text


def test_a_row_that_is_asked_for_stands_even_where_it_is_empty():
    assert "| 期限 | 未写明 | 未写明 |" in ask("两个文件里补贴标准的责任单位、时限、比例").text
    assert "| 期限 |" not in ask("两个文件里补贴标准的责任单位、比例").text


def test_a_clause_without_units_is_said_to_have_none():
    answer = ask("太禾市和汾羊市的骑手驿站有什么不同")
    assert "| 责任单位 | 市总工会、市住建局 | 未标注责任单位 |" in answer.text
    assert "| 期限 | 2024年底 | 2025年3月底前 |" in answer.text
    assert "| 数量 | 到2024年底建成骑手驿站30个 | 每个街道至少建设1个 |" in answer.text
    assert [each.document for each in answer.units] == ["taihe", "taihe"]


def test_what_the_units_have_in_common_and_what_not():
    text = ask("太禾市和汾羊市的补贴对象分别由谁牵头").text
    assert text.startswith(
        "责任单位两边都有：市人社局。只有太禾市有：市财政局、市税务局。只有汾羊市有：市交通运输局。"
    )
    assert "| 责任单位 | 牵头：市人社局；责任：市财政局、市税务局 | 市人社局、市交通运输局 |" in text


def test_a_document_that_says_nothing_of_the_matter():
    answer = ask("两份文件的职业伤害保障有什么区别")
    assert "| 条款 | 二（一） 开展职业伤害保障试点 | 没有相关条款 |" in answer.text
    assert "| 金额 | 平台企业按每单0.04元 | — |" in answer.text
    assert {each.document for each in answer.citations} == {"taihe"}


def test_a_place_without_documents_is_said_to_have_none():
    text = ask("太禾市和北京市的补贴标准有什么不同").text
    assert "| 条款 | 一（二） 补贴标准 | 没有收录北京市的文件 |" in text


def test_a_matter_of_no_document():
    answer = ask("太禾市和汾羊市的公园绿化有什么不同")
    assert (answer.status, answer.units, answer.citations) == ("no_evidence", (), ())


@pytest.mark.parametrize(
    ("question", "verdict"),
    [("太禾市和汾羊市的补贴标准一样吗", "no"), ("太禾市和汾羊市的补贴标准有什么不同", None)],
)
def test_whether_both_are_the_same(question, verdict):
    answer = ask(question)
    assert answer.verdict == verdict
    assert answer.text.startswith("不一样。") is (verdict == "no")


def test_further_documents_are_left_out_where_they_say_nothing():
    text = ask("几个文件里骑手驿站的建设有什么不同", others=("elderly",)).text
    assert text.startswith("|  | 《太禾市促进灵活就业人员参保的实施方案》 | 《汾羊市灵活就业人员参保办法》 |")


@pytest.mark.parametrize(
    ("question", "across"),
    [
        ("太禾市和汾羊市的法律援助归谁管", True),
        ("汾羊市的法律援助归谁管", False),
        ("各县区要报送什么", False),
        ("太禾市和汾羊市的文件文号分别是多少", False),
        ("太禾市和汾羊市的人社局有哪些任务", False),
        ("两个文件的二（二）有什么不同", False),
    ],
)
def test_which_questions_set_documents_side_by_side(question, across):
    assert plan(question).across is across


def test_one_document_alone_is_never_set_side_by_side():
    assert ask_policies(("elderly",), "两个文件里互助养老点的补助有什么不同").intent == "compare"
    assert "| ---" not in ask_policies(("elderly",), "两个文件里互助养老点的补助有什么不同").text


def test_one_clause_number_in_two_documents():
    answer = ask("两个文件的一（二）有什么不同")
    assert STANDARDS in answer.text
    assert answer.text.startswith("共同的责任单位（2 个）：市财政局、市人社局。")


@pytest.mark.parametrize(
    "question", ["太禾市和汾羊市的灵活就业补贴哪个期限长", "太禾市、汾羊市给灵活就业的补多少"]
)
def test_the_clause_with_the_figures_asked_for_is_taken(question):
    text = ask(question).text
    assert "| 条款 | 一（二） 补贴标准 | 一（二） 补贴标准 |" in text
    assert "| 时长 | 补贴期限不超过3年 | 补贴期限不超过2年 |" in text
