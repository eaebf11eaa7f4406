"""What the page shows behind an answer."""

import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.citations import cite
from assistant.datatypes import Answer, AnswerUnit, Clause, Document, Metadata, MetadataField
from assistant.ui.evidence import evidence_html, units_html

TEXT = "关于<b>试点</b>的通知\n\n一、保障<i>工资</i>\n\n按时足额发放工资。不得拖欠。\n\n（责任单位：人社局）"
CLAUSE_START = TEXT.index("一、")
CLAUSE = Clause(part="", path=("一",), heading="保障<i>工资</i>", start=CLAUSE_START, end=len(TEXT))
DOCUMENT = Document(
    id="d",
    file="d.txt",
    text=TEXT,
    metadata=Metadata(
        title=MetadataField("关于<b>试点</b>的通知"), doc_number=MetadataField("云〔2022〕1号")
    ),
    clauses=(CLAUSE,),
)
QUOTE = "不得拖欠。"


def span_of(words):
    return TEXT.index(words), TEXT.index(words) + len(words)


def answer_with(*citations, units=()):
    return Answer(
        question="问",
        status="answered",
        text="答",
        intent="owner",
        citations=citations,
        units=units,
        elapsed_ms=12.4,
    )


def unit(name, *, role="responsible", label="一"):
    return AnswerUnit(name=name, canonical=f"市{name}", role=role, label=label, document="d")


def quotes(shown):
    return [unescape(each) for each in re.findall(r"<q>(.*?)</q>", shown)]


def shown_for(*words):
    return evidence_html(answer_with(*(cite(DOCUMENT, CLAUSE, span_of(each)) for each in words)))


class TestEvidence:
    def test_every_quotation_is_a_link_to_its_place(self):
        start, end = span_of(QUOTE)
        assert f'href="original?document=d&amp;at={start}-{end}#quote"' in shown_for(QUOTE)
        assert quotes(shown_for(QUOTE)) == [QUOTE]

    def test_names_source_number_label_and_heading(self):
        shown = shown_for(QUOTE)
        assert "《关于&lt;b&gt;试点&lt;/b&gt;的通知》（云〔2022〕1号）" in shown
        assert '<b class="zc-label">一</b>保障&lt;i&gt;工资&lt;/i&gt;' in shown

    def test_gathers_the_quotations_of_one_clause(self):
        shown = shown_for(QUOTE, "（责任单位：人社局）")
        assert shown.count("<article") == 1
        assert "<small>1 条" in shown
        assert quotes(shown) == [QUOTE, "（责任单位：人社局）"]

    def test_lets_no_markup_of_the_document_through(self):
        hostile = replace(DOCUMENT, id='"><script>', file="<script>alert(1)</script>", metadata=Metadata())
        shown = evidence_html(answer_with(cite(hostile, CLAUSE, (0, 20))))
        assert "<script" not in shown
        assert "<i>" not in shown
        assert "<b>" not in shown

    def test_says_how_the_answer_was_made(self):
        assert "关键词＋语义检索 · 答案摘自原文 · 用时 12 毫秒" in evidence_html(answer_with())
        weaker = replace(answer_with(), retrieval_mode="sparse")
        assert "仅关键词检索" in evidence_html(weaker)

    def test_says_that_nothing_is_quoted(self):
        assert "没有引用文件原文" in evidence_html(answer_with())


class TestUnits:
    def test_lead_comes_first_and_is_named(self):
        shown = units_html([unit("财政局"), unit("人社局", role="lead"), unit("总工会", role="support")])
        names = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<a class=.zc-chip.*?</a>", shown)]
        assert names == ["牵头人社局", "财政局", "配合总工会"]
        assert re.findall(r'data-unit="(.*?)"', shown) == ["市人社局", "市财政局", "市总工会"]

    def test_unit_of_several_clauses_is_one_chip_that_counts_them(self):
        shown = units_html([unit("人社局", label="一"), unit("人社局", label="二")])
        assert shown.count("<a ") == 1
        assert "人社局<small>2 条</small>" in shown
        assert 'title="责任：一、二（点击查看全部任务）"' in shown

    @pytest.mark.parametrize("units", [[], ()])
    def test_no_units_show_nothing(self, units):
        assert units_html(units) == ""
