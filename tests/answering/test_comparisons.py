import pytest

from policies import ask

CORPUS, ELDERLY = ("corpus",), ("elderly",)


def labels(answer):
    return [each.label for each in answer.citations]


def test_two_clauses_by_their_units():
    answer = ask(ELDERLY, "二（一）1和二（一）2的责任单位有什么区别")
    assert (answer.intent, labels(answer)) == ("compare", ["二（一）1", "二（一）2"])
    assert answer.text.split("\n\n")[:3] == [
        "共同的责任单位（1 个）：县民政局。",
        "只有 **二（一）1 建设互助养老点** 列出的（2 个）：县财政局、县自然资源局。",
        "只有 **二（一）2 改造居家环境** 列出的（2 个）：县残联、县住建局。",
    ]
    assert len(answer.units) == 6


def test_units_printed_with_and_without_the_level_are_the_same():
    answer = ask(CORPUS, "二（一）2和二（一）4的责任单位有什么不同")
    assert answer.text.split("\n\n")[:3] == [
        "共同的责任单位（6 个）：市人社局、市委组织部、国资委、中小企业局、工商联、试点企业。",
        "只有 **二（一）2 提高高技能领军人才的经济待遇** 列出的（0 个）：无。",
        "只有 **二（一）4 全面加强对高技能领军人才的服务保障** 列出的（1 个）：市总工会。",
    ]


@pytest.mark.parametrize(
    ("names", "question", "verdict"),
    [
        (CORPUS, "二（一）2和二（一）4的责任单位一样吗", "no"),
        (CORPUS, "二（二）4和二（二）4的责任单位一样吗", "yes"),
        (CORPUS, "二（一）2和二（一）4的责任单位有什么不同", None),
        (CORPUS, "科技局和科协的任务一样吗", "yes"),
        (CORPUS, "人社局和教育局的任务是否相同", "no"),
        (ELDERLY, "县司法局和县公安局的任务一样吗", "yes"),
    ],
)
def test_whether_both_are_the_same(names, question, verdict):
    assert ask(names, question).verdict == verdict


def test_two_units_by_their_clauses():
    answer = ask(ELDERLY, "县民政局和县卫健局的任务有什么不同")
    assert answer.text.split("\n\n")[:4] == [
        "不完全一样：县民政局有 4 条，县卫健局有 1 条，共同的有 1 条。",
        "共同的（1 条）：二（二）1 培训养老护理员。",
        "只有县民政局的（3 条）：二（一）1 建设互助养老点；二（一）2 改造居家环境；二（二）2 开展巡访关爱。",
        "只有县卫健局的（0 条）：无。",
    ]


@pytest.mark.parametrize("question", ["气象局和教育局的任务有什么不同", "教育局和气象局的任务一样吗"])
def test_a_unit_that_no_annotation_names(question):
    answer = ask(CORPUS, question)
    assert (answer.status, answer.units) == ("no_evidence", ())
    assert "气象局" in answer.text


def test_the_clause_with_the_most_and_the_fewest_units():
    most = ask(ELDERLY, "哪一条责任单位最多")
    assert labels(most) == ["二（二）2"]
    assert most.text.startswith("责任单位最多的是以下 1 条，各有 4 个单位：")
    fewest = ask(CORPUS, "哪条责任单位最少")
    assert labels(fewest) == ["二（三）2"]
    assert [unit.name for unit in fewest.units] == ["人社局", "总工会"]


def test_two_matters_are_quoted_one_after_the_other():
    answer = ask(CORPUS, "领军人才和农民工在住房方面有什么不同")
    assert {"二（一）3", "二（三）3"} <= set(labels(answer))
    assert "**领军人才**" in answer.text
    assert "**农民工**" in answer.text


def test_two_matters_by_their_units():
    answer = ask(ELDERLY, "互助养老点和居家改造的责任单位有什么不同")
    assert labels(answer) == ["二（一）1", "二（一）2"]
    assert answer.text.startswith("共同的责任单位（1 个）：县民政局。")
