import pytest

from assistant.answering.library import Library
from assistant.answering.tables import Side, comparison_table, same_figures, side_of
from assistant.datatypes import Clause, Document
from policies import assistant, document
from policypairs import city


@pytest.fixture(scope="module")
def library():
    opened = assistant("elderly")
    return Library(opened.retriever, opened.ledger, opened.lexicon)


def side(library, label):
    elderly = document("elderly")
    clause = next(each for each in elderly.clauses if each.label == label)
    return side_of(library, label, elderly, clause)


def test_a_table_by_value(library):
    sides = [side(library, "二（一）1"), side(library, "二（二）3")]
    assert comparison_table("有什么区别", sides) == (
        "|  | 二（一）1 | 二（二）3 |\n"
        "| --- | --- | --- |\n"
        "| 条款 | 二（一）1 建设互助养老点 | 二（二）3 举办老年食堂 |\n"
        "| 责任单位 | 牵头：县民政局；配合：县财政局、县自然资源局 | 未标注责任单位 |\n"
        "| 期限 | 2024年10月底前 | 未写明 |\n"
        "| 金额 | 每个补助8万元 | 未写明 |\n"
        "| 数量 | 首批20个 | 未写明 |"
    )


def test_every_figure_of_a_table_stands_in_a_citation(library):
    for label in ("二（一）1", "二（一）2", "二（二）1"):
        one = side(library, label)
        quoted = "".join("".join(each.quote.split()) for each in one.citations)
        cells = comparison_table("", [one]).splitlines()[2:]
        for cell in cells[1:]:
            for value in cell.split(" | ")[1].removesuffix(" |").split("；"):
                assert value.removeprefix("…").split("：")[-1] in quoted


def test_a_column_without_a_clause():
    table = comparison_table("比例", [Side("甲市", absent="没有相关条款")])
    assert table == "|  | 甲市 |\n| --- | --- |\n| 条款 | 没有相关条款 |\n| 比例 | — |"


def test_a_bar_in_a_text_does_not_break_the_table():
    clause = Clause("", ("一",), "甲|乙", 0, 3)
    table = comparison_table("", [Side("列", Document("a", "a.txt", "甲|乙"), clause)])
    assert "| 条款 | 一 甲｜乙 |" in table


def test_the_same_figures():
    taihe, fenyang = city("taihe"), city("fenyang")
    one, other = (
        Side("", each, None, (), ((each.text.index("按"), each.text.index("按") + 30),))
        for each in (taihe, fenyang)
    )
    assert same_figures([one, one])
    assert not same_figures([one, other])
