import json

import pytest

from assistant.datatypes import Question
from assistant.errors import DataFileError
from assistant.evaluation.questions import Gold, read_questions, to_gold, to_question


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "questions.jsonl"
    path.write_bytes(text.encode(encoding))
    return path


def test_records_come_in_file_order_with_every_key(tmp_path):
    records = [{"id": "s2", "q": "欠薪归谁管？", "extra": [1]}, {"id": "s1", "q": ""}]
    text = "\n\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n \n"
    assert read_questions(write(tmp_path, text)) == records


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_marks_and_windows_line_ends_are_no_trouble(tmp_path, encoding, newline):
    text = newline.join(['{"q": "甲"}', '{"q": "乙"}', ""])
    assert read_questions(write(tmp_path, text, encoding)) == [{"q": "甲"}, {"q": "乙"}]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_line_separators_inside_a_question_do_not_end_the_line(tmp_path, separator):
    records = [{"q": f"甲{separator}乙"}]
    text = json.dumps(records[0], ensure_ascii=False)
    assert separator in text
    assert read_questions(write(tmp_path, text)) == records


def test_an_empty_file_has_no_questions(tmp_path):
    assert read_questions(write(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "第 2 行不是 JSON"),
        ("谁管欠薪", "第 2 行不是 JSON"),
        ("[]", "第 2 行：应为含有字符串 “q” 的 JSON 对象"),
        ('"q"', "第 2 行：应为含有"),
        ("null", "第 2 行：应为含有"),
        ('{"question": "甲"}', "第 2 行：应为含有"),
        ('{"q": 5}', "第 2 行：应为含有"),
        ('{"q": null}', "第 2 行：应为含有"),
        ('{"q": "甲", "history": "上一问"}', "第 2 行：“history”应为字符串的数组"),
        ('{"q": "甲", "history": [1]}', "第 2 行：“history”应为字符串的数组"),
        ('{"q": "甲", "history": {"role": "user"}}', "第 2 行：“history”应为字符串的数组"),
        ('{"q": "甲", "document": 7}', "第 2 行：.*“document”应为字符串"),
    ],
)
def test_a_malformed_line_is_named(tmp_path, line, message):
    with pytest.raises(DataFileError, match=rf"questions\.jsonl {message}"):
        read_questions(write(tmp_path, f'{{"q": "好"}}\n{line}\n'))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"问题文件无法读取：.*没有\.jsonl"):
        read_questions(tmp_path / "没有.jsonl")
    with pytest.raises(DataFileError, match="应为 UTF-8 编码的 JSON Lines"):
        read_questions(write(tmp_path, '{"q": "农民工工资归谁管"}', "gb18030"))


def test_the_question_of_a_record():
    record = {"id": "s1", "q": "那它归谁管", "history": ["欠薪怎么办", "有哪些措施"], "document": "bicycles"}
    assert to_question(record) == Question("那它归谁管", ("欠薪怎么办", "有哪些措施"), "bicycles")
    assert to_question({"q": "甲", "history": None, "document": None}) == Question("甲", (), "")


def test_the_gold_of_a_record_by_value():
    record = {
        "id": 7,
        "q": "甲",
        "type": "owner",
        "clauses": ["二（三）1"],
        "also": ["三"],
        "paths": [["二", "（一）"]],
        "file": "a.txt",
        "units": ["人社局"],
        "unit": "教育局",
        "must": [["一", "二"], ["三"]],
        "verdict": "no",
        "narrow": True,
        "abstain": False,
        "count": True,
    }
    assert to_gold(record) == Gold(
        id="7",
        type="owner",
        question=Question("甲"),
        clauses=("二（三）1", "三", "二（一）"),
        file="a.txt",
        units=("人社局",),
        unit="教育局",
        must=(("一", "二"), ("三",)),
        verdict="no",
        narrow=True,
        abstain=False,
        counted=True,
        also=("三",),
    )


def test_a_record_without_gold_has_empty_gold():
    assert to_gold({"q": "甲"}) == Gold("", "", Question("甲"))


def test_a_type_under_which_a_record_is_to_be_judged_goes_first():
    assert to_gold({"q": "甲", "type": "chained", "as_type": "owner"}).type == "owner"
