import pytest

from assistant.ledger import Ledger
from assistant.parsing import parse_text
from samples import BICYCLES, LIBRARIES

DOCUMENTS = (parse_text(BICYCLES, document_id="bicycles"), parse_text(LIBRARIES, document_id="libraries"))


def same_unit(one, other):
    """Without the level: 市住建局 and 住建局 are one unit."""
    return one.removeprefix("市") == other.removeprefix("市")


@pytest.fixture
def ledger():
    return Ledger(DOCUMENTS, same_unit)


def clause(document, label):
    return next(each for each in document.clauses if each.label == label)


def places(entries):
    return [(each.document, "".join(each.duty.path), each.duty.unit) for each in entries]


def units(duties):
    return [(each.unit, each.role) for each in duties]


def test_every_duty_is_an_entry_in_printed_order(ledger):
    assert places(ledger.entries) == [
        ("bicycles", "二（一）1", "市城管局"),
        ("bicycles", "二（一）1", "住建局"),
        ("bicycles", "二（一）1", "财政局"),
        ("bicycles", "二（一）2", "住建局"),
        ("bicycles", "二（一）2", "供电公司"),
        ("bicycles", "二（二）", "城管局"),
        ("bicycles", "二（二）", "公安局"),
        ("bicycles", "二（二）", "交通运输局"),
        ("libraries", "一", "文旅局"),
        ("libraries", "二（一）", "文旅局"),
        ("libraries", "二（一）", "民政局"),
        ("libraries", "二（二）", "财政局"),
    ]


def test_all_duties_of_a_unit_over_all_documents(ledger):
    assert places(ledger.of_unit("财政局")) == [
        ("bicycles", "二（一）1", "财政局"),
        ("libraries", "二（二）", "财政局"),
    ]
    assert places(ledger.of_unit("住建局")) == [
        ("bicycles", "二（一）1", "住建局"),
        ("bicycles", "二（一）2", "住建局"),
    ]
    assert ledger.of_unit("气象局") == []


def test_duties_of_a_unit_in_some_documents_or_one_section(ledger):
    assert places(ledger.of_unit("财政局", documents={"libraries"})) == [("libraries", "二（二）", "财政局")]
    assert places(ledger.of_unit("城管局", within=("二", "（二）"))) == [("bicycles", "二（二）", "城管局")]
    assert ledger.of_unit("文旅局", within=("三",)) == []


def test_a_clause_has_the_duties_of_its_own_annotation(ledger):
    duties = ledger.of_clause("bicycles", clause(DOCUMENTS[0], "二（二）"))
    assert units(duties) == [("城管局", "lead"), ("公安局", "support"), ("交通运输局", "support")]


def test_a_section_without_an_annotation_collects_those_of_its_sub_clauses_once_per_unit(ledger):
    duties = ledger.of_clause("bicycles", clause(DOCUMENTS[0], "二（一）"))
    assert [each.canonical for each in duties] == ["市城管局", "市住建局", "市财政局", "供电公司"]
    # 市城管局 is responsible in one sub-clause and leads in another: the leading duty counts.
    whole = {each.canonical: each.role for each in ledger.of_clause("bicycles", clause(DOCUMENTS[0], "二"))}
    assert whole["市城管局"] == "lead"
    assert len(whole) == 6


def test_a_clause_without_an_annotation_inherits_from_the_nearest_section_that_has_one():
    text = """关于某事的通知

一、总体任务

（一）甲事。统筹做好甲。（责任单位：人社局）

1、做好甲的准备。

2、做好甲的总结。（责任单位：财政局）

（二）乙事。做好乙。（责任单位：教育局）

二、配套任务。整体推进。（责任单位：政府办）

（一）丙事。统筹做好丙。（责任单位：民政局）

1、做好丙的准备。

（二）丁事。做好丁。

三、其他

各单位抓好落实。
"""
    document = parse_text(text, document_id="d")
    ledger = Ledger([document], same_unit)

    def of(label):
        return [each.unit for each in ledger.of_clause("d", clause(document, label))]

    assert of("一（一）1") == ["人社局"]
    assert of("一（一）2") == ["财政局"]
    assert of("一（一）") == ["人社局"]
    assert of("一") == ["人社局", "财政局", "教育局"]
    assert of("二（一）1") == ["民政局"]
    assert of("二（二）") == of("二") == ["政府办"]
    assert of("三") == []


def test_with_several_annotations_only_the_one_around_the_position_counts():
    text = """关于某事的通知

一、重点任务

（一）推进服务。增设服务窗口。（责任单位：人社局）开展技能培训。（责任单位：教育局、财政局）
"""
    document = parse_text(text, document_id="d")
    ledger = Ledger([document], same_unit)
    target = clause(document, "一（一）")

    def at(words):
        start = text.index(words)
        return [each.unit for each in ledger.of_clause("d", target, at=(start, start + len(words)))]

    assert at("增设服务窗口") == ["人社局"]
    assert at("开展技能培训") == ["教育局", "财政局"]
    assert [each.unit for each in ledger.of_clause("d", target)] == ["人社局", "教育局", "财政局"]


def test_clauses_with_an_annotation_of_their_own(ledger):
    found = [(document, each.label) for document, each in ledger.clauses()]
    assert found == [
        ("bicycles", "二（一）1"),
        ("bicycles", "二（一）2"),
        ("bicycles", "二（二）"),
        ("libraries", "一"),
        ("libraries", "二（一）"),
        ("libraries", "二（二）"),
    ]
    assert [each.label for _, each in ledger.clauses(documents=["libraries"], within=("二",))] == [
        "二（一）",
        "二（二）",
    ]


def test_units_each_once_in_order_of_appearance(ledger):
    assert ledger.units() == [
        "市城管局",
        "市住建局",
        "市财政局",
        "供电公司",
        "市公安局",
        "市交通运输局",
        "文旅局",
        "民政局",
    ]
    assert ledger.units(documents=["libraries"]) == ["文旅局", "民政局", "财政局"]
    assert ledger.units(within=("二", "（二）")) == ["市城管局", "市公安局", "市交通运输局", "财政局"]


def test_no_documents_have_no_duties():
    ledger = Ledger([], same_unit)
    assert (ledger.entries, ledger.clauses(), ledger.units(), ledger.of_unit("财政局")) == ([], [], [], [])
