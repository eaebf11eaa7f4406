"""Invariants of every parse, whatever the text."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.datatypes import Document
from assistant.parsing import parse_text

FRAGMENTS = st.sampled_from(
    [
        "一、",
        "二、",
        "（一）",
        "(二)",
        "1.",
        "2．",
        "（1）",
        "①",
        "第一条",
        "第二章\u3000",
        "1.1 ",
        "附件1\n",
        "附件：",
        "专栏1 \n",
        "责任单位：",
        "（责任单位：",
        "牵头单位：市工信局",
        "市发改委、财政局",
        "等部门）",
        "负责）",
        "（",
        "）",
        "〔",
        "〕",
        "《",
        "》",
        "。",
        "；",
        "：",
        "，",
        "\n",
        "\n\n",
        "\u3000\u3000",
        "\t",
        " ",
        "总体要求",
        "某市人民政府",
        "2019年6月28日",
        "目录\n",
        "\u200b",
        "关于印发方案的通知",
        "某政发〔2019〕1号",
        "6月15日前",
        "&quot;",
        "\ue010",
        "列第一位的为牵头单位，下同",
        "序号\t责任单位\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=60).map("".join))


def check(document: Document, text: str) -> None:
    assert document.text == text
    starts = [c.start for c in document.clauses]
    assert starts == sorted(set(starts))
    open_clauses: list = []
    for clause in document.clauses:
        assert 0 <= clause.start < clause.end <= len(text)
        assert text[clause.end - 1] not in " \n\t\u3000"
        while open_clauses and clause.start >= open_clauses[-1].end:
            open_clauses.pop()
        if len(clause.path) > 1:
            parent = open_clauses[-1]
            assert clause.path[:-1] == parent.path
            assert clause.end <= parent.end
        open_clauses.append(clause)
    paths = {(c.part, c.path) for c in document.clauses}
    for duty in document.duties:
        assert text[duty.start : duty.end] == duty.unit
        assert duty.annotation_start <= duty.start < duty.end <= duty.annotation_end
        assert duty.scope_start <= duty.annotation_start
        assert not duty.path or (duty.part, duty.path) in paths
    for deadline in document.deadlines:
        assert text[deadline.start : deadline.end] == deadline.text
    meta = document.metadata
    for field in (meta.title, meta.doc_number, meta.issuer, meta.date, meta.recipients, *meta.basis):
        assert 0 <= field.start <= field.end <= len(text)
        assert bool(field.value) == (field.start < field.end)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_any_text_parses(text):
    check(parse_text(text), text)


@settings(max_examples=40, deadline=None)
@given(st.lists(FRAGMENTS, min_size=200, max_size=400).map("".join))
def test_long_mixtures_parse(text):
    check(parse_text(text), text)


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_parsing_twice_gives_the_same(text):
    assert parse_text(text) == parse_text(text)


@pytest.mark.parametrize(
    "unit",
    [
        "（",
        "一、",
        "市",
        "（责任单位：",
        "责任单位：市工信局、",
        "《",
        "2019年",
        " ",
        "　\n",
        "1.1 甲",
        "、",
        "各县、区",
        "甲 ",
    ],
)
def test_repetition_is_not_slow(unit):
    text = unit * (60_000 // len(unit))
    begin = time.perf_counter()
    parse_text(text)
    assert time.perf_counter() - begin < 3


def test_import_loads_no_heavy_module():
    code = (
        "import sys, assistant.parsing;"
        "print([m for m in ('jieba', 'numpy', 'faiss', 'charset_normalizer', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
