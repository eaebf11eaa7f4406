import pytest

from policies import ask

CORPUS, ELDERLY, BOTH = ("corpus",), ("elderly",), ("corpus", "elderly")
ALL = [
    *(f"二（一）{number}" for number in range(1, 6)),
    *(f"二（二）{number}" for number in range(1, 6)),
    *(f"二（三）{number}" for number in range(1, 5)),
]
WITHOUT_FIRMS = ["二（一）1", "二（一）3", "二（三）2", "二（三）3"]


def labels(answer):
    return [each.label for each in answer.citations]


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (ELDERLY, "县民政局负责哪些任务？", ["二（一）1", "二（一）2", "二（二）1", "二（二）2"]),
        (ELDERLY, "民政局要干些什么", ["二（一）1", "二（一）2", "二（二）1", "二（二）2"]),
        (ELDERLY, "各乡镇人民政府有哪些任务", ["二（二）2"]),
        (ELDERLY, "县公安局有什么任务", ["二（二）2"]),
        (CORPUS, "科技局负责哪几条？", ["二（一）5", "二（二）3"]),
        (CORPUS, "教育局有哪些任务", ["二（一）3", "二（二）2", "二（三）3"]),
        (CORPUS, "外事办有哪些任务", ["二（一）5"]),
        (CORPUS, "人社局有哪些任务", ALL),
        (CORPUS, "试点企业有哪些任务", [each for each in ALL if each not in WITHOUT_FIRMS]),
        (CORPUS, "市人社局有哪些任务", ALL),  # printed with and without 市
        (
            CORPUS,
            "市委组织部负责哪些",
            ["二（一）1", "二（一）2", "二（一）3", "二（一）4", "二（三）3", "二（三）4"],
        ),
    ],
)
def test_every_clause_of_a_unit(names, question, expected):
    answer = ask(names, question)
    assert (answer.status, answer.intent) == ("answered", "duties")
    assert labels(answer) == expected
    assert list(dict.fromkeys(unit.label for unit in answer.units)) == expected
    assert f"共有 {len(expected)} 条任务" in answer.text


def test_each_clause_is_named_with_the_role():
    answer = ask(ELDERLY, "县民政局负责哪些任务？")
    assert "1. 二（一）1 建设互助养老点（牵头）" in answer.text
    assert "3. 二（二）1 培训养老护理员（配合）" in answer.text
    assert [unit.role for unit in answer.units] == ["lead", "lead", "support", "lead"]


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (ELDERLY, "县民政局和县卫健局都参与的有哪几条？", ["二（二）1"]),
        (ELDERLY, "县残联和县财政局共同负责哪些", []),
        (CORPUS, "教育局和财政局共同负责哪几条", ["二（二）2"]),
        (CORPUS, "科技局、科协都有份的是哪几条", ["二（一）5", "二（二）3"]),
        (CORPUS, "教育局、卫健委和城管局一起负责的是哪条", ["二（三）3"]),
    ],
)
def test_clauses_of_several_units_together(names, question, expected):
    answer = ask(names, question)
    assert labels(answer) == expected
    assert f"共同承担的有 {len(expected)} 条" in answer.text


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (CORPUS, "不含试点企业的有哪几条", WITHOUT_FIRMS),
        (CORPUS, "哪几条没有把总工会列为责任单位", ["二（一）2", "二（二）4"]),
        (CORPUS, "哪些条没有人社局", []),
        (ELDERLY, "哪几条没有县民政局？", []),
    ],
)
def test_clauses_without_a_unit(names, question, expected):
    answer = ask(names, question)
    assert labels(answer) == expected
    assert answer.units == ()
    assert f"的有 {len(expected)} 条" in answer.text


@pytest.mark.parametrize(
    ("names", "question", "unit", "expected"),
    [
        (CORPUS, "每一条都有的责任单位是谁", "人社局", ALL),
        (
            ELDERLY,
            "每条任务都参与的是哪个单位",
            "县民政局",
            ["二（一）1", "二（一）2", "二（二）1", "二（二）2"],
        ),
    ],
)
def test_the_unit_of_every_clause(names, question, unit, expected):
    answer = ask(names, question)
    assert labels(answer) == expected
    assert unit in answer.text.split("\n")[0]


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (CORPUS, "农民工那部分人社局负责哪几条", ["二（三）1", "二（三）2", "二（三）3", "二（三）4"]),
        (CORPUS, "技术工人那块教育局负责哪几条", ["二（二）2"]),
        (CORPUS, "第二部分第一块里，教育局负责哪几条", ["二（一）3"]),
        (ELDERLY, "加强服务力量这部分，县民政局有几条任务", ["二（二）1", "二（二）2"]),
    ],
)
def test_a_section_restricts_the_list(names, question, expected):
    answer = ask(names, question)
    assert labels(answer) == expected
    assert "（只看" in answer.text


def test_most():
    answer = ask(ELDERLY, "哪个单位任务最多")
    assert answer.text.startswith("共有 10 个责任单位，任务最多的是县民政局（4 条）。")
    assert {unit.name for unit in answer.units} == {"县民政局"}
    assert labels(answer) == ["二（一）1", "二（一）2", "二（二）1", "二（二）2"]


@pytest.mark.parametrize(
    ("names", "question", "unit"),
    [
        (CORPUS, "气象局负责哪些任务", "气象局"),
        (CORPUS, "省人社厅有哪些任务", "省人社厅"),
        (ELDERLY, "县气象局负责哪些任务", "县气象局"),
        (CORPUS, "人社局和气象局共同负责哪几条", "气象局"),
    ],
)
def test_a_unit_that_no_annotation_names_is_said_to_be_unknown(names, question, unit):
    answer = ask(names, question)
    assert (answer.status, answer.units, answer.citations) == ("no_evidence", (), ())
    assert answer.text.startswith(f"没有这个单位：已收录的文件没有把“{unit}”列为责任单位")


def test_lines_of_several_documents_name_theirs():
    answer = ask(BOTH, "人社局负责哪些任务")
    assert {each.document for each in answer.citations} == {
        "elderly",
        "lvliang-chan-gai-ban-2023-6",
    }
    assert "——《关于提升农村养老服务水平的实施方案》" in answer.text
    alone = ask(BOTH, "人社局负责哪些任务", document="elderly")
    assert labels(alone) == ["二（二）1"]
    assert "——《" not in alone.text


def test_documents_without_annotations_have_no_duties():
    answer = ask(("parking",), "县公安局负责哪些任务")
    assert (answer.status, answer.units) == ("no_evidence", ())


def test_a_unit_of_a_document_without_annotations_is_looked_for_in_its_sentences():
    answer = ask(("parking",), "县消防救援大队有哪些任务")
    assert labels(answer) == ["第三章第五条"]
    assert answer.text.startswith("文件没有标注责任单位；写到县消防救援大队的有 1 处：")
    assert answer.units == ()


def test_units_that_have_nothing_together_are_counted_one_by_one():
    text = ask(ELDERLY, "县残联和县财政局都负责哪几条").text
    assert "共同承担的有 0 条。分别看：县残联 1 条，县财政局 1 条。" in text
