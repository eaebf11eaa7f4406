import pytest

from assistant.datatypes import Question
from assistant.parsing import parse_text
from policies import ask, document, open_in_memory

CORPUS, ELDERLY, PARKING, BOTH = ("corpus",), ("elderly",), ("parking",), ("elderly", "parking")


def labels(answer):
    return [each.label for each in answer.citations]


@pytest.mark.parametrize(
    ("names", "question", "label"),
    [
        (ELDERLY, "二（一）1讲的是什么", "二（一）1"),
        (ELDERLY, "第二部分第二块第3条讲了什么", "二（二）3"),
        (PARKING, "第五条讲的什么", "第三章第五条"),
        (CORPUS, "二（三）2的原文是什么", "二（三）2"),
        (CORPUS, "2.1.4讲什么", "二（一）4"),
    ],
)
def test_a_clause_is_quoted_whole(names, question, label):
    answer = ask(names, question)
    (text,) = (document(names[0]),)
    clause = next(each for each in text.clauses if each.label == label)
    assert (answer.status, answer.intent, labels(answer)) == ("answered", "clause", [label])
    assert answer.citations[0].quote == text.text[clause.start : clause.end].strip()


def test_a_clause_comes_with_its_units():
    answer = ask(ELDERLY, "二（一）1讲的是什么")
    assert answer.text.split("\n\n")[2] == "牵头单位：县民政局；配合单位：县财政局、县自然资源局。"
    assert [unit.name for unit in answer.units] == ["县民政局", "县财政局", "县自然资源局"]


def test_of_a_section_the_headings_below_are_shown():
    answer = ask(ELDERLY, "二（二）讲的是什么")
    assert "- 二（二）1 培训养老护理员\n- 二（二）2 开展巡访关爱\n- 二（二）3 举办老年食堂" in answer.text


def test_a_long_clause_is_cut_in_the_text_and_whole_in_the_citation():
    body = "".join(f"第{number}项工作要按时完成并报送情况。" for number in range(100))
    text = f"关于有关事项的通知\n\n一、工作安排。{body}\n"
    answer = open_in_memory((parse_text(text, document_id="long"),)).ask(Question("第一部分讲什么"))
    assert f"> {text[11:911]}……（全文见原文）" in answer.text
    assert len(answer.text) <= 1500
    assert answer.citations[0].quote == text[11:].strip()


@pytest.mark.parametrize(
    ("names", "question"),
    [
        (ELDERLY, "二（五）是什么"),
        (PARKING, "第九条是什么"),
        (CORPUS, "第八部分讲什么"),
        (CORPUS, "二（三）9说的啥"),
    ],
)
def test_a_clause_that_does_not_exist(names, question):
    answer = ask(names, question)
    assert (answer.status, answer.units, answer.citations) == ("no_evidence", (), ())
    assert answer.text.endswith("没有所说的这一条，请核对条款编号。")


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (ELDERLY, "方案分几部分", ["一", "二", "三"]),
        (ELDERLY, "加强服务力量有哪几条", ["二（二）1", "二（二）2", "二（二）3"]),
        (ELDERLY, "第二部分有哪几项", ["二（一）", "二（二）"]),
        (PARKING, "第二章有哪几条", ["第二章第三条", "第二章第四条"]),
        (CORPUS, "保障措施有几条，分别是什么", ["三（一）", "三（二）", "三（三）"]),
        (CORPUS, "农民工那部分有哪几条", ["二（三）1", "二（三）2", "二（三）3", "二（三）4"]),
        (CORPUS, "文件分成几大块", ["一", "二", "三"]),
    ],
)
def test_the_list_of_a_section(names, question, expected):
    answer = ask(names, question)
    assert (answer.status, labels(answer)) == ("answered", expected)
    assert f"分为 {len(expected)} 项：" in answer.text
    assert answer.units == ()
    for number, citation in enumerate(answer.citations, 1):
        assert f"{number}. {citation.label} {citation.heading}".strip() in answer.text


@pytest.mark.parametrize(
    ("names", "question", "expected"),
    [
        (ELDERLY, "哪些条提到了扶手", ["二（一）2"]),
        (ELDERLY, "“台账”出现在哪几条", ["二（二）2"]),
        (ELDERLY, "哪几条提到过补助", ["二（一）1"]),
        (PARKING, "哪些条款提到消防", ["第二章第三条", "第三章第五条"]),
        (BOTH, "“临河县”出现在哪里", ["", "", ""]),
        (CORPUS, "“五小”出现在哪几处", ["二（二）3"]),
        (CORPUS, "哪些条提到了工匠学院", ["二（一）5", "二（二）2"]),
        (CORPUS, "哪条提到年薪制", ["二（一）2"]),
    ],
)
def test_every_clause_that_has_the_words(names, question, expected):
    answer = ask(names, question)
    if names == BOTH:
        # Front and end matter of both: cited without a clause, once for each document.
        assert {each.label for each in answer.citations} == {""}
        assert [each.document for each in answer.citations] == ["elderly", "parking"]
        return
    assert (answer.intent, labels(answer)) == ("term", expected)
    assert f"出现在以下 {len(expected)} 处条款" in answer.text


def test_words_that_stand_across_a_page_end_are_found():
    # 技能 ↵↵ 升技术工人创新能力 of the source: 提升技术工人创新能力 is broken by a page end.
    answer = ask(CORPUS, "“提升技术工人创新能力”出现在哪几条")
    assert labels(answer) == ["二（二）3"]


@pytest.mark.parametrize("question", ["哪些条提到了光伏", "“元宇宙”出现在哪几处"])
def test_words_that_stand_nowhere(question):
    answer = ask(CORPUS, question)
    assert (answer.status, answer.citations, answer.units) == ("no_evidence", (), ())
