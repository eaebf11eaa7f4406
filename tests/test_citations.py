from dataclasses import replace

import pytest

from assistant.citations import answer_unit, cite, shown, source_name, verify
from assistant.datatypes import Answer, AnswerUnit, Citation
from assistant.errors import ZhengceError
from assistant.parsing import parse_text
from samples import BICYCLES

DOCUMENT = parse_text(BICYCLES, document_id="自行车", file="自行车.txt")
CLAUSE = next(each for each in DOCUMENT.clauses if each.label == "二（一）1")
QUOTE = "偏远\n乡镇站点（含行政村。不含自然村）补助2万元。"
START = BICYCLES.index(QUOTE)
CITATION = cite(DOCUMENT, CLAUSE, (START, START + len(QUOTE)))
DUTY = DOCUMENT.duties[1]


def answer(**changes):
    given = {"citations": (CITATION,), "units": (answer_unit(DOCUMENT, DUTY),)} | changes
    return Answer("补助多少", "answered", "补助2万元。", "fact", **given)


def test_a_citation_by_value():
    expected = Citation(
        document="自行车",
        title="关于推进公共自行车便民服务的实施方案",
        doc_number="云政办发〔2022〕15号",
        file="自行车.txt",
        part="",
        path=("二", "（一）", "1"),
        heading="优化站点布局",
        quote=QUOTE,
        start=START,
        end=START + len(QUOTE),
    )
    assert cite(DOCUMENT, CLAUSE, (START, START + len(QUOTE))) == expected
    assert CITATION.label == "二（一）1"


def test_front_matter_is_cited_without_a_clause():
    citation = cite(DOCUMENT, None, (0, 11))
    assert (citation.quote, citation.part, citation.path, citation.heading) == (BICYCLES[:11], "", (), "")


def test_the_unit_of_a_duty_by_value():
    assert answer_unit(DOCUMENT, DUTY) == AnswerUnit(
        "住建局", "市住建局", "responsible", "二（一）1", "自行车"
    )


def test_source_names_as_officials_cite():
    name = "《关于推进公共自行车便民服务的实施方案》（云政办发〔2022〕15号）二（一）1 优化站点布局"
    assert source_name(CITATION) == name
    assert source_name(replace(CITATION, part="附件1", heading="")).endswith(
        "（云政办发〔2022〕15号）附件1 二（一）1"
    )
    bare = replace(CITATION, title="", doc_number="", path=(), heading="")
    assert source_name(bare) == "《自行车.txt》"


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        (QUOTE, "偏远乡镇站点（含行政村。不含自然村）补助2万元。"),
        ("甲\n\n\u3000\u3000乙 \n丙", "甲乙丙"),
        (" 开展 1 次 ", "开展 1 次"),
    ],
)
def test_a_quotation_is_shown_on_one_line(quote, line):
    assert shown(quote) == line


def test_an_answer_with_verbatim_quotations_and_units_passes_unchanged():
    given = answer()
    assert verify(given, {"自行车": DOCUMENT}) is given


@pytest.mark.parametrize(
    "change",
    [
        {"quote": QUOTE.replace("\n", "")},
        {"quote": QUOTE.replace("2", "3")},
        {"start": START + 1},
        {"end": START + len(QUOTE) + 1},
        {"quote": "", "end": START},
    ],
)
def test_a_quotation_that_is_not_verbatim_never_leaves(change):
    with pytest.raises(ZhengceError, match="引文与原文不符：自行车 二（一）1"):
        verify(answer(citations=(CITATION, replace(CITATION, **change))), {"自行车": DOCUMENT})


@pytest.mark.parametrize(
    "change",
    [{"name": "人社局"}, {"canonical": "省住建厅"}, {"label": "二（二）"}, {"role": "lead"}],
)
def test_a_unit_that_does_not_stand_in_its_clause_never_leaves(change):
    wrong = replace(answer_unit(DOCUMENT, DUTY), **change)
    with pytest.raises(ZhengceError, match=r"单位.*不在所引条款中"):
        verify(answer(units=(wrong,)), {"自行车": DOCUMENT})


@pytest.mark.parametrize("span", [(CLAUSE.start - 1, CLAUSE.end), (CLAUSE.start, CLAUSE.end + 1), (0, 11)])
def test_a_quotation_from_outside_its_clause_never_leaves(span):
    verify(answer(citations=(cite(DOCUMENT, CLAUSE, (CLAUSE.start, CLAUSE.end)),)), {"自行车": DOCUMENT})
    with pytest.raises(ZhengceError, match="引文不在所引条款中：自行车 二（一）1"):
        verify(answer(citations=(cite(DOCUMENT, CLAUSE, span),)), {"自行车": DOCUMENT})


def test_a_quotation_in_a_clause_of_the_same_label_in_another_part_never_leaves():
    wrong = replace(CITATION, part="附件1")
    with pytest.raises(ZhengceError, match="引文不在所引条款中"):
        verify(answer(citations=(wrong,)), {"自行车": DOCUMENT})
