import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.datatypes import Clause, Document
from assistant.outline import Outline, _without
from assistant.parsing import parse_text
from samples import BICYCLES, REPEATED

DOCUMENT = parse_text(BICYCLES, document_id="bicycles")
SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))


@pytest.fixture(scope="module")
def outline():
    return Outline(DOCUMENT)


def clause(outline, *path):
    return outline.by_key["", path]


def test_kinship(outline):
    assert [each.label for each in outline.children(("", ()))] == ["一", "二", "三"]
    assert [each.label for each in outline.children(("", ("二",)))] == ["二（一）", "二（二）"]
    assert outline.children(("附件1", ())) == []
    assert [each.label for each in outline.ancestors(clause(outline, "二", "（一）", "2"))] == [
        "二",
        "二（一）",
    ]
    assert outline.ancestors(clause(outline, "一")) == []
    leaves = [each.label for each in DOCUMENT.clauses if outline.is_leaf(each)]
    assert leaves == ["一", "二（一）1", "二（一）2", "二（二）", "三"]


def test_sections_have_a_heading_and_sub_clauses(outline):
    found = [(clause.label, form) for clause, form in outline.sections]
    assert found == [("二", "主要任务"), ("二（一）", "加快站点建设")]
    assert outline.sections is outline.sections  # made once: search asks for them with every question
    wide = parse_text("关于ＡＢ的通知\n\n一、推广 ＡＢ 卡\n\n（一）发卡。向居民发卡。\n")
    assert [form for _, form in Outline(wide).sections] == ["推广ab卡"]
    without_heading = Document(
        "d",
        "d.txt",
        "一、甲事。\n（一）乙事。",
        clauses=(Clause("", ("一",), "", 0, 12), Clause("", ("一", "（一）"), "乙事", 6, 12)),
    )
    assert Outline(without_heading).sections == []
    assert Outline(Document("d", "d.txt", "甲事。")).sections == []


def test_headings_from_the_outermost_clause_down(outline):
    assert outline.headings(clause(outline, "二", "（一）", "2")) == [
        "主要任务",
        "加快站点建设",
        "完善充电设施",
    ]


def test_headings_leave_out_empty_ones():
    text = "一、甲事。\n（一）乙事。"
    document = Document(
        "d",
        "d.txt",
        text,
        clauses=(Clause("", ("一",), "", 0, 12), Clause("", ("一", "（一）"), "乙事", 6, 12)),
    )
    assert Outline(document).headings(document.clauses[1]) == ["乙事"]


def test_own_text_of_a_section_is_what_stands_outside_its_sub_clauses(outline):
    section = clause(outline, "二", "（一）")
    assert [BICYCLES[a:b].strip() for a, b in outline.own_spans(section)] == [
        "（一）加快站点建设。\n\n站点建设坚持统一规划、分步实施。",
        "",
    ]


def test_own_sentences_leave_out_annotations_and_keep_brackets_and_decimals_whole(outline):
    assert [BICYCLES[a:b] for a, b in outline.own_sentences(clause(outline, "二", "（一）", "1"))] == [
        "1、优化站点布局。",
        "市城管局要会同有关部门，在学校、医院、车站周边设置站点。",
        "每个站点补助1.5万元；",
        "偏远\n乡镇站点（含行政村。不含自然村）补助2万元。",
    ]


def test_the_preamble_holds_front_and_end_matter_and_no_clause(outline):
    preamble = [BICYCLES[a:b] for a, b in outline.own_sentences(None)]
    assert preamble[0].startswith("云桥市人民政府办公室文件")
    assert "为方便市民短途出行，制定本方案。" in preamble
    assert preamble[-1].endswith("2022年5月8日")
    assert not any("站点" in sentence for sentence in preamble)


def test_a_repeated_numeral_does_not_stretch_a_clause_over_its_neighbours():
    document = parse_text(REPEATED)
    outline = Outline(document)
    for each in document.clauses:
        assert all(each.start <= start < end <= each.end for start, end in outline.own_spans(each))
    texts = ["".join(REPEATED[a:b] for a, b in outline.own_spans(each)).strip() for each in document.clauses]
    assert texts == [
        "一、重点任务",
        "（一）优化窗口服务。各窗口实行首问负责制。",
        "（二）推行网上办理。事项网上可办率达到90%。",
        "（一）加强督促检查。每季度通报一次进展。",
        "二、工作要求\n\n各单位要高度重视。",
    ]


def test_without_by_value():
    assert _without((0, 9), [(2, 4)]) == [(0, 2), (4, 9)]
    assert _without((0, 9), [(4, 9), (0, 1)]) == [(1, 4)]
    assert _without((10, 20), [(0, 5), (30, 40)]) == [(10, 20)]
    assert _without((10, 20), [(5, 12), (18, 25)]) == [(12, 18)]
    assert _without((10, 20), [(0, 40)]) == []


@given(SPANS, st.lists(SPANS, max_size=5))
def test_without_is_the_difference_of_sets(span, holes):
    pieces = _without(span, holes)
    expected = set(range(*span)).difference(*(range(*hole) for hole in holes))
    assert sorted(offset for piece in pieces for offset in range(*piece)) == sorted(expected)
    assert all(start < end for start, end in pieces)
