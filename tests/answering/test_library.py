import pytest

from assistant.answering.library import (
    Library,
    answered,
    clause_name,
    joined,
    quotation,
    sources,
    unit_list,
)
from assistant.citations import cite
from assistant.datatypes import Plan
from policies import assistant, document


@pytest.fixture(scope="module")
def library():
    opened = assistant("elderly", "parking")
    return Library(opened.retriever, opened.ledger, opened.lexicon)


def clause(name, label):
    return next(each for each in document(name).clauses if each.label == label)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(4, 6), (0, 3)], [(0, 6)]),  # a blank between
        ([(0, 2), (3, 6)], [(0, 2), (3, 6)]),  # a letter between
        ([(0, 3), (4, 6), (6, 9)], [(0, 9)]),
        ([(0, 3)], [(0, 3)]),
    ],
)
def test_joined(spans, expected):
    assert joined(spans, "abc def\n\nghi") == expected


def test_units_by_role_lead_first():
    duties = [each for each in document("elderly").duties if "".join(each.path) == "二（二）1"]
    assert unit_list(duties[::-1]) == "牵头单位：县人社局；配合单位：县卫健局、县民政局"
    assert unit_list([]) == ""


def test_names_and_quotations():
    first = clause("elderly", "二（一）1")
    assert clause_name(first) == "二（一）1 建设互助养老点"
    assert clause_name(clause("parking", "第三章第五条")) == "第三章第五条"
    assert clause_name(None) == "文件开头部分"
    start = document("elderly").text.index("每个补助8万元")
    citation = cite(document("elderly"), first, (start, start + 7))
    assert quotation(citation) == "> 每个补助8万元（二（一）1 建设互助养老点）"
    front = cite(document("elderly"), None, (0, 9))
    assert quotation(front) == "> 临河县人民政府办公"


def test_sources_name_each_document_once():
    first = cite(document("elderly"), None, (0, 3))
    second = cite(document("parking"), None, (0, 3))
    assert sources([first, second, first]) == (
        "出处：《关于提升农村养老服务水平的实施方案》（临政办发〔2024〕11号）、《临河县电动自行车停放管理办法》"
    )
    assert sources([]) == ""


def test_selected_documents_and_named_clauses(library):
    plan = Plan("", "clause", references=(("第二章", "第四条"), ("二", "（一）"), ("九",)))
    assert [each.id for each in library.selected(plan)] == ["elderly", "parking"]
    named = [(each.id, found.label) for each, found in library.named_clauses(plan)]
    assert named == [("elderly", "二（一）"), ("parking", "第二章第四条")]
    only = Plan("", "clause", documents=("parking",), references=plan.references)
    assert [each.id for each in library.selected(only)] == ["parking"]
    assert [each.id for each, _ in library.named_clauses(only)] == ["parking"]


def test_an_answer_has_notes_first_sources_last_and_everything_once():
    source = document("elderly")
    citation = cite(source, None, (0, 3))
    duty = source.duties[0]
    answer = answered(
        Plan("问", "owner", notes=("“a”按“b”理解",)),
        ["第一行", "", "第二行"],
        [citation, citation],
        units=[(source, duty), (source, duty)],
        verdict="yes",
    )
    assert answer.text.split("\n\n") == ["（“a”按“b”理解）", "第一行", "第二行", sources([citation])]
    assert answer.citations == (citation,)
    assert [(unit.name, unit.label, unit.document) for unit in answer.units] == [
        (duty.unit, "".join(duty.path), "elderly")
    ]
    assert (answer.status, answer.intent, answer.verdict) == ("answered", "owner", "yes")
