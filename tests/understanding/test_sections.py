import pytest

from assistant.datatypes import Clause, Document, Term
from assistant.outline import Outline
from assistant.text import index_form
from assistant.understanding.sections import find_section, form_match, heading_match


def term(text, weight=1.0, **official):
    return Term(text, weight, tuple(official.items()))


def section(label, heading, number):
    """A section with one sub-clause; leaves are no sections."""
    return (
        Clause("", (label,), heading, number * 10, number * 10 + 9),
        Clause("", (label, "（一）"), "细则", number * 10 + 5, number * 10 + 9),
    )


DOCUMENT = Document(
    "d",
    "d.txt",
    "",
    clauses=(
        *section("一", "工人培训", 0),
        *section("二", "工人住房", 1),
        *section("三", "工人就业", 2),
        *section("四", "组织领导", 3),
        Clause("", ("五",), "附则", 40, 49),
    ),
)


@pytest.mark.parametrize(
    ("term_", "heading", "expected"),
    [
        (term("培训"), "加强培训", 1.0),
        (term("住房"), "加强培训", 0.0),
        (term("学手艺", 1.0, 技能=0.5, 培训=0.8), "技能培训", 0.8),
        (term("学手艺", 1.0, 技能=0.5), "技 能", 0.5),
        (term("培训", 1.0, 教育=0.5), "教育培训", 1.0),
    ],
)
def test_heading_match(term_, heading, expected):
    assert heading_match(term_, heading) == expected
    assert form_match(term_, index_form(heading)) == expected


@pytest.mark.parametrize(
    ("question", "terms", "expected"),
    [
        # Said whole.
        ("工人培训那块有几条", [], (("一",), 1.0)),
        # The share of the weight that the heading carries: 0.8 / (0.8 + 0.4).
        ("培训那块讲什么内容", [term("培训", 0.8), term("讲解", 0.4)], (("一",), pytest.approx(2 / 3))),
        # 工人 stands in three of four headings and tells nothing.
        ("工人那块", [term("工人")], ((), 0.0)),
        ("学手艺那块", [term("学手艺", 1.0, 培训=0.5)], (("一",), 0.5)),
        # Two headings named alike: neither stands out.
        ("培训和住房", [term("培训"), term("住房")], ((), 0.0)),
        # One of them 1.25 times as much: more than the margin of 1.2.
        ("培训和住房", [term("培训", 1.0), term("住房", 0.8)], (("一",), pytest.approx(1 / 1.8))),
        ("附则", [term("附则")], ((), 0.0)),  # without sub-clauses
        ("领导", [], ((), 0.0)),
        # Words of every document do not count.
        ("组织", [term("组织", 0.12)], ((), 0.0)),
    ],
)
def test_find_section(question, terms, expected):
    assert find_section(question, terms, Outline(DOCUMENT)) == expected


def test_inside_a_heading_said_whole_the_search_goes_on():
    inner = (
        Clause("", ("一",), "工人培训", 0, 29),
        Clause("", ("一", "（一）"), "学徒", 5, 14),
        Clause("", ("一", "（一）", "1"), "细则", 8, 14),
        Clause("", ("一", "（二）"), "技师", 15, 29),
        Clause("", ("一", "（二）", "1"), "细则", 20, 29),
    )
    outline = Outline(Document("d", "d.txt", "", clauses=inner))
    assert find_section("工人培训里技师那块", [term("工人培训"), term("技师")], outline) == (
        ("一", "（二）"),
        1.0,
    )
    assert find_section("工人培训里技工那块", [term("工人培训"), term("技工")], outline) == (("一",), 1.0)


def test_a_document_without_sections():
    document = Document("d", "d.txt", "培训")
    assert find_section("培训", [term("培训")], Outline(document)) == ((), 0.0)
