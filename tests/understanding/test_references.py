import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.references import (
    Reference,
    find_references,
    label_key,
    names_last_section,
    numeral_value,
    relative_ordinal,
    resolve,
    step,
)
from policies import document


def ordinals(question):
    return [reference.ordinals for reference in find_references(question)]


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("一", 1),
        ("（十二）", 12),
        ("二十", 20),
        ("第一百零二条", 102),
        ("第三百五十条", 350),
        ("两", 2),
        ("〇", 0),
        ("2.1", 1),
        ("（3）", 3),
        ("专栏", 0),
        ("", 0),
    ],
)
def test_numeral_value(item, value):
    assert numeral_value(item) == value


def chinese(number):
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


@given(st.integers(1, 999))
def test_numerals_of_articles_are_read_back(number):
    assert numeral_value(f"第{chinese(number)}条") == numeral_value(str(number)) == number


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("二（三）1讲的什么", [(2, 3, 1)]),
        ("二(三)1", [(2, 3, 1)]),
        ("二、（三）、1", [(2, 3, 1)]),
        ("二的（三）", [(2, 3)]),
        ("第二部分第三块的第2小点", [(2, 3, 2)]),
        ("第二大块里头第一项的第3条", [(2, 1, 3)]),
        ("2.1.4讲什么", [(2, 1, 4)]),
        ("2-3-1这条", [(2, 3, 1)]),
        ("二点一点五讲啥", [(2, 1, 5)]),
        ("第十二条怎么规定", [(12,)]),
        ("第二章第十条", [(2, 10)]),
        ("（三）归谁管", [(3,)]),
        ("二（一）1和二（一）2有什么区别", [(2, 1, 1), (2, 1, 2)]),
        ("第三条跟第五条比", [(3,), (5,)]),
    ],
)
def test_references_as_people_write_and_say_them(question, expected):
    assert ordinals(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "",
        "一共五条吗",
        "这一条归谁管",
        "哪几条提到工资",
        "补助50%",
        "1.5万元",
        "比例是3.5%吗",
        "2023-05-30印发的吗",
        "三点五个百分点",
        "alert(1)",
        "每一条都有的单位",
        "6月15日前报什么",
        "两项任务",
    ],
)
def test_what_names_no_clause(question):
    assert ordinals(question) == []


def test_a_reference_knows_where_its_words_stand():
    question = "请问第二部分第三块归谁管"
    (reference,) = find_references(question)
    assert question[reference.start : reference.end] == "第二部分第三块"


@pytest.mark.parametrize(("question", "relative"), [("第4条", True), ("第4章", False), ("二（三）4", False)])
def test_a_lone_number_of_an_inner_level_is_relative(question, relative):
    assert find_references(question)[0].is_relative is relative


@pytest.mark.parametrize(
    ("question", "ordinal"),
    [
        ("最后一条讲什么", -1),
        ("末条", -1),
        ("倒数第二条", -2),
        ("倒数第三个项", -3),
        ("头一条", 1),
        ("第一条", 0),
        ("最后那部分有几条", 0),
        ("最后一部分的最后一条", -1),
        ("最后怎么办", 0),
    ],
)
def test_relative_ordinal(question, ordinal):
    assert relative_ordinal(question) == ordinal


@pytest.mark.parametrize(
    ("question", "expected"), [("最后那部分", True), ("最后一章", True), ("最后一条", False), ("部分", False)]
)
def test_names_last_section(question, expected):
    assert names_last_section(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("下一条呢", 1),
        ("后面一条", 1),
        ("下面那条", 0),
        ("上一条呢", -1),
        ("前一项", -1),
        ("这条", 0),
        ("上条", 0),
    ],
)
def test_step(question, expected):
    assert step(question) == expected


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("二（三）1", "二(三)1"),
        ("二、（三）1.", "二(三)1"),
        ("二 (三) 1", "二(三)1"),
        ("第十二条", "第十二条"),
        ("2.1", "2.1"),  # not the clause 21
    ],
)
def test_label_key_drops_what_people_write_differently(label, key):
    assert label_key(label) == key


@pytest.mark.parametrize(
    ("name", "question", "path"),
    [
        ("corpus", "二（三）1", ("二", "（三）", "1")),
        ("corpus", "第二部分第三块", ("二", "（三）")),
        ("corpus", "二（三）9", ()),
        ("corpus", "第九部分", ()),
        ("elderly", "2.2.3", ("二", "（二）", "3")),
        ("elderly", "第三部分", ("三",)),
        ("parking", "第四条", ("第二章", "第四条")),
        ("parking", "第二章第四条", ("第二章", "第四条")),
        ("parking", "第三章", ("第三章",)),
        ("parking", "第七条", ()),
    ],
)
def test_resolve(name, question, path):
    assert resolve(find_references(question)[0], document(name)) == path


def test_an_article_is_found_in_the_chapter_that_has_it_only():
    assert resolve(Reference(0, 0, (2, 3)), document("parking")) == ("第二章", "第三条")
    assert resolve(Reference(0, 0, (1, 3)), document("parking")) == ()


@given(st.text(alphabet="第一二三十百条章（）()0123456789.的里、点部分大小", max_size=30))
def test_references_are_ordered_spans_of_the_question_and_resolve_without_error(question):
    found = find_references(question)
    assert all(0 <= each.start < each.end <= len(question) and each.ordinals for each in found)
    for reference in found:
        path = resolve(reference, document("elderly"))
        assert not path or any(clause.path == path for clause in document("elderly").clauses)
