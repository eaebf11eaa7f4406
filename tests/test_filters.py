"""Conditions that narrow a search, by value over three short documents."""

from datetime import date

import pytest

from assistant.datatypes import Document, Metadata, MetadataField, Plan, Term
from assistant.errors import UnknownDocumentError, UsageError
from assistant.filters import Filter, days_in_force, is_in_force, select
from policies import assistant, open_in_memory
from policies import document as policy

NAMES = ("elderly", "parking", "corpus")
CORPUS = "lvliang-chan-gai-ban-2023-6"


def selected(**conditions):
    opened = assistant(*NAMES)
    return select(Filter(**conditions), opened.retriever.documents, opened.ledger, opened.lexicon)


def labels(hits):
    return [f"{hit.document}:{''.join(hit.path)}" for hit in hits]


# Issued: elderly 2024-03-05, the others print no day. In force: parking from 2024-07-01 for five years.
@pytest.mark.parametrize(
    ("conditions", "documents"),
    [
        ({}, ("elderly", "parking", CORPUS)),
        ({"document": "parking"}, ("parking",)),
        ({"issuer": "临河县人民政府办公室"}, ("elderly",)),
        ({"issuer": "临河县政府办"}, ("elderly",)),
        ({"issuer": "办公室"}, ("elderly", CORPUS)),
        ({"place": "临河县"}, ("elderly", "parking")),
        ({"place": "吕梁市"}, (CORPUS,)),
        ({"place": "山西省"}, (CORPUS,)),
        ({"issued_from": "2024-03-05"}, ("elderly",)),
        ({"issued_to": "2024-03-05"}, ("elderly",)),
        ({"issued_from": "2024-01-01", "issued_to": "2024-12-31"}, ("elderly",)),
        ({"in_force": "2024-06-30"}, ("elderly",)),
        ({"in_force": "2024-07-01"}, ("elderly", "parking")),
        ({"in_force": "2029-06-30", "place": "临河县"}, ("elderly", "parking")),
        ({"in_force": "2029-07-01", "place": "临河县"}, ("elderly",)),
    ],
)
def test_documents_that_meet_every_condition(conditions, documents):
    found = selected(**conditions)
    assert found.documents == documents
    assert found.clauses is None


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"issuer": "南江市人民政府"}, r"发文机关为“南江市人民政府”。可选的有：临河县人民政府办公室、吕梁市"),
        ({"place": "南京市"}, "地区为“南京市”。可选的有：临河县、吕梁。"),
        ({"issued_from": "2025-01-01"}, "成文日期在 2025-01-01 至 最近。可选的有：2024-03-05。"),
        (
            {"in_force": "2024-03-04"},
            "在 2024-03-04 有效。可选的有：2024-03-05 至 未写明截止、2024-07-01 至 2029-06-30",
        ),
        # What the first condition lets through is what the second one could be.
        ({"place": "吕梁市", "issuer": "临河"}, "地区为“吕梁市”。可选的有：临河县"),
        ({"issued_to": "2030-01-01", "in_force": "2020-01-01"}, "可选的有：2024-03-05 至 未写明截止。"),
        ({"unit": "气象局"}, "责任单位为“气象局”。这 3 个文件"),
        ({"unit": "县司法局", "issuer": "吕梁市"}, "责任单位为“县司法局”。这 1 个文件"),
    ],
)
def test_a_filter_that_nothing_meets_says_which_condition_it_was(conditions, said):
    with pytest.raises(UnknownDocumentError, match=said):
        selected(**conditions)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"in_force": "2024-2-30"}, "有效日期“2024-2-30”不是日期"),
        ({"issued_from": "去年"}, "起始日期“去年”不是日期"),
        ({"issued_to": "20240131"}, "截止日期“20240131”不是日期"),
        (
            {"issued_from": "2024-02-01", "issued_to": "2024-01-31"},
            "截止日期 2024-01-31 早于起始日期 2024-02-01",
        ),
    ],
)
def test_malformed_days_are_wrong_usage(conditions, said):
    with pytest.raises(UsageError, match=said):
        selected(**conditions)


def test_a_unit_selects_the_clauses_that_name_it_in_any_form():
    found = selected(unit="财政局", place="临河县")
    assert found.documents == ("elderly",)
    assert found.clauses == {("elderly", "", ("二", "（一）", "1"))}
    civil = selected(unit="民政局").clauses
    assert civil == {
        ("elderly", "", ("二", *rest))
        for rest in (("（一）", "1"), ("（一）", "2"), ("（二）", "1"), ("（二）", "2"))
    }


def test_sub_clauses_without_an_annotation_of_their_own_belong_to_the_unit_of_the_one_around_them():
    from assistant.parsing import parse_text

    text = (
        "关于办好夜市的通知\n\n一、管好夜市（责任单位：市城管局）\n\n（一）划定摊位。每个摊位两米。\n\n"
        "（二）收运垃圾。每晚一次。（责任单位：市环卫中心）\n\n二、其他\n\n其他事项另行通知。\n"
    )
    opened = open_in_memory((parse_text(text, document_id="market"),))
    found = select(Filter(unit="城管局"), opened.retriever.documents, opened.ledger, opened.lexicon)
    assert found.clauses == {("market", "", ("一",)), ("market", "", ("一", "（一）"))}


def dated(*, issued="", effective="", expires=""):
    metadata = Metadata(
        date=MetadataField(issued), effective=MetadataField(effective), expires=MetadataField(expires)
    )
    return Document("a", "a.txt", "", metadata)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, (None, None)),
        ({"issued": "2024-03-05"}, (date(2024, 3, 5), None)),
        ({"issued": "2024-03-05", "effective": "2024-04-01"}, (date(2024, 4, 1), None)),
        ({"issued": "2024-03-05", "effective": "自印发之日起施行"}, (date(2024, 3, 5), None)),
        ({"issued": "2024-03-05", "effective": "自发布之日起30日后施行"}, (date(2024, 4, 4), None)),
        ({"effective": "2024-07-01", "expires": "有效期5年"}, (date(2024, 7, 1), date(2029, 6, 30))),
        ({"effective": "2024-07-01", "expires": "有效期为两年"}, (date(2024, 7, 1), date(2026, 6, 30))),
        # A month that has no such day ends with its last one.
        ({"effective": "2023-08-31", "expires": "有效期6个月"}, (date(2023, 8, 31), date(2024, 2, 28))),
        ({"effective": "2024-07-01", "expires": "2025-12-31"}, (date(2024, 7, 1), date(2025, 12, 31))),
        ({"expires": "有效期5年"}, (None, None)),
    ],
)
def test_days_in_force(dates, expected):
    assert days_in_force(dated(**dates)) == expected


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2024-06-30", False), ("2024-07-01", True), ("2025-12-31", True), ("2026-01-01", False)],
)
def test_the_first_and_the_last_day_count(day, holds):
    assert is_in_force(dated(effective="2024-07-01", expires="2025-12-31"), day) is holds


def test_what_has_no_first_day_is_not_said_to_be_in_force():
    assert not is_in_force(dated(expires="2025-12-31"), "2025-01-01")


def test_a_search_finds_only_what_the_filter_lets_through():
    opened = assistant(*NAMES)
    everything = opened.find("补助标准是多少", limit=20)
    assert {hit.document for hit in everything} > {"elderly"}
    assert labels(opened.find("补助标准是多少", Filter(unit="县财政局"))) == ["elderly:二（一）1"]
    assert {hit.document for hit in opened.find("技能培训", Filter(place="吕梁市"), limit=20)} == {CORPUS}
    assert labels(opened.find("泊位", Filter(document="parking.txt"), limit=1)) == ["parking:第二章第四条"]


def test_clauses_that_rank_low_are_found_where_only_they_are_searched():
    opened = assistant(*NAMES)
    plan = Plan("养老", "fact", (Term("养老", 1.0),), "养老")
    key = (CORPUS, "", ("二", "（三）", "1"))
    assert key not in [found for found, _ in opened.retriever.explain(plan)]
    assert [found for found, _ in opened.retriever.explain(plan, [key])] == [key]
    assert opened.retriever.search(plan, within=[]) == []


def test_an_unknown_document_is_an_error():
    with pytest.raises(UnknownDocumentError, match="没有的文件"):
        assistant(*NAMES).find("停放", Filter(document="没有的文件"))


def test_places_of_a_document_are_those_of_title_and_issuer():
    assert policy("parking").metadata.title.value == "临河县电动自行车停放管理办法"
    assert selected(place="临河县", issuer="临河县").documents == ("elderly",)
