import tomllib

import pytest

from assistant.datatypes import Answer, Citation
from assistant.glossary import gloss_records, glosses, with_glosses
from policies import ask, document
from policypairs import ask_cities
from samples import ROOT

TABLES = tomllib.loads((ROOT / "assistant" / "data" / "glossary.toml").read_text(encoding="utf-8"))
ENTRIES = {
    forms: text for name, table in TABLES.items() if name != "not_terms" for forms, text in table.items()
}


def answer(*quotes):
    citations = tuple(
        Citation("d", "文件", "", "d.txt", "", (label,), "标题", quote, 10, 10 + len(quote))
        for label, quote in quotes
    )
    return Answer("问", "answered", "答", "fact", citations=citations)


def terms(*quotes):
    return [each.term for each in glosses(answer(*(("一", quote) for quote in quotes)))]


def test_there_are_at_least_300_entries_in_plain_sentences():
    assert len(ENTRIES) >= 300
    for forms, text in ENTRIES.items():
        assert text.endswith("。"), forms
        assert len(text) <= 50, forms
        assert not any(character.isdecimal() for character in text), f"{forms}: no figures"


def test_no_form_stands_twice():
    forms = [form for entry in ENTRIES for form in entry.split("|")]
    assert len(forms) == len(set(forms))


def test_no_entry_only_repeats_its_term():
    assert [forms for forms, text in ENTRIES.items() if text.rstrip("。") in forms.split("|")] == []


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("推进同工同酬，规范劳务派遣用工。", ["同工同酬", "劳务派遣用工"]),
        ("给予失业保险金和失业保险补助", ["失业保险金", "失业保险"]),  # the longest at a place
        ("高级工程师和高级工", ["高级工程师", "高级工"]),
        ("享受低保的家庭，降低保费", ["低保"]),
        ("实施行动计划，办法自下月起施行", ["施行"]),
        ("拨打12345", ["12345"]),
        ("账号6212345678", []),
        ("最低工\n资标准", ["最低工资标准"]),
        ("没有官方词语", []),
    ],
)
def test_terms_of_a_quotation(quote, expected):
    assert terms(quote) == expected


def test_each_term_once_by_first_appearance():
    assert terms("工伤认定。", "低保和工伤认定。", "最低生活保障") == ["工伤认定", "低保"]


def test_offsets_are_those_of_the_document():
    quote = "推进同工\n同酬"
    (found,) = glosses(answer(("一", quote)))
    assert (found.start, found.end) == (10 + 2, 10 + 7)
    (real, *_) = glosses(ask(("corpus",), "派遣工能转正吗？"))
    text = document("corpus").text
    assert "".join(text[real.start : real.end].split()) == real.term


def test_every_line_names_the_clause_of_its_term():
    found = glosses(ask(("corpus",), "派遣工能转正吗？"))
    text = with_glosses(ask(("corpus",), "派遣工能转正吗？"), found).text
    lines = text.partition("**名词解释**（一般含义，以文件原文为准）\n\n")[2].splitlines()
    assert len(lines) == len(found) > 0
    assert (
        "- **劳务外包**：企业把一块活整个包给别的公司做，人由那家公司管。（见二（三）4 严格规范劳务派遣用工）"
        in lines
    )
    assert all(line.endswith("）") and "（见" in line for line in lines)


def test_the_document_is_named_where_there_are_several():
    found = ask_cities("太禾市和汾羊市的骑手驿站有什么不同")
    text = with_glosses(found, glosses(found)).text
    assert "（见《太禾市促进灵活就业人员参保的实施方案》二（二） 建设骑手驿站）" in text


def test_an_answer_without_terms_is_unchanged():
    plain = answer(("一", "没有官方词语"))
    assert with_glosses(plain, glosses(plain)) is plain


def test_the_record_by_value():
    quote = "推进同工同酬"
    assert gloss_records(glosses(answer(("一", quote)))) == [
        {
            "term": "同工同酬",
            "explanation": "干一样的活、出一样的力，就拿一样的钱，不看身份。",
            "document": "d",
            "part": "",
            "path": ["一"],
            "label": "一",
            "start": 12,
            "end": 16,
        }
    ]
