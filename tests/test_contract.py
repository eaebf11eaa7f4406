import json
import os

import pytest

from assistant import contract
from assistant.config import Settings
from assistant.datatypes import Answer, AnswerUnit, Citation, DutyRow
from assistant.errors import ZhengceError
from assistant.parsing import parse_text
from assistant.store.index import BuildReport
from samples import BICYCLES

DOCUMENT = parse_text(BICYCLES, document_id="bicycles", file="bicycles.txt")
ANSWER = Answer(
    question="谁管站点",
    status="answered",
    text="责任单位：住建局。",
    intent="owner",
    citations=(
        Citation(
            "bicycles",
            "方案",
            "云政办发〔2022〕15号",
            "bicycles.txt",
            "",
            ("二", "（一）"),
            "站点",
            "原文",
            3,
            5,
        ),
    ),
    units=(AnswerUnit("住建局", "市住建局", "responsible", "二（一）", "bicycles"),),
    verdict="yes",
    retrieval_mode="sparse",
    index_fingerprint="abc",
    elapsed_ms=12.3,
)
ROWS = (
    DutyRow(
        "a",
        "方案",
        "一号",
        "",
        ("一",),
        "站点",
        "住建局",
        "市住建局",
        "lead",
        ("6月底前",),
        "（住建局）",
        1,
        6,
    ),
    DutyRow(
        "a", "方案", "一号", "", ("二",), "桩", "供电公司", "供电公司", "support", (), "（供电公司）", 8, 14
    ),
    DutyRow("b", "", "", "附件1", ("一",), "", "公安局", "公安局", "responsible", (), "（公安局）", 2, 7),
)


def test_a_parsed_document_by_value():
    record = contract.document_record(DOCUMENT)
    assert {name: record[name] for name in ("title", "doc_number", "issuer", "date", "first_unit_leads")} == {
        "title": "关于推进公共自行车便民服务的实施方案",
        "doc_number": "云政办发〔2022〕15号",
        "issuer": "云桥市人民政府办公室",
        "date": "2022-05-08",
        "first_unit_leads": False,
    }
    assert record["recipients"] == "各县区人民政府，市政府各部门"
    assert [clause["label"] for clause in record["clauses"]] == [
        *["一", "二", "二（一）", "二（一）1", "二（一）2", "二（二）", "三"],
    ]
    start = BICYCLES.index("2、完善")
    end = BICYCLES.index("（二）严格") - 2
    assert record["clauses"][4] == {
        "part": "",
        "path": ["二", "（一）", "2"],
        "label": "二（一）2",
        "heading": "完善充电设施",
        "start": start,
        "end": end,
        "text": "2、完善充电设施。结合老旧小区改造，同步建设充电桩。（责任单位：住建局、供电公司）",
    }
    at = BICYCLES.index("供电公司")
    assert record["duties"][4] == {
        "part": "",
        "path": ["二", "（一）", "2"],
        "unit": "供电公司",
        "canonical": "供电公司",
        "role": "responsible",
        "start": at,
        "end": at + 4,
    }
    at = BICYCLES.index("9月30日前")
    assert record["deadlines"][1] == {
        "part": "",
        "path": ["三"],
        "text": "9月30日前",
        "start": at,
        "end": at + 6,
    }
    assert record["warnings"] == []


@pytest.mark.parametrize("name", ["clauses", "deadlines", "duties"])
def test_every_span_of_a_record_reads_as_its_text(name):
    for each in contract.document_record(DOCUMENT)[name]:
        expected = each["unit"] if name == "duties" else each["text"]
        assert BICYCLES[each["start"] : each["end"]] == expected


def test_a_document_for_people():
    lines = contract.document_summary(DOCUMENT).splitlines()
    assert lines[:6] == [
        "标题：关于推进公共自行车便民服务的实施方案",
        "文号：云政办发〔2022〕15号",
        "发文机关：云桥市人民政府办公室",
        "日期：2022-05-08",
        "主送：各县区人民政府，市政府各部门",
        "条款 7 条，责任 8 项，期限 2 处",
    ]
    assert "      二（一）2 完善充电设施　〔住建局、供电公司〕" in lines
    bare = contract.document_summary(parse_text("没有编号的说明。"))
    assert "文号：（未写明）" in bare
    assert "注意：没有识别出任何带编号的条款" in bare


def test_an_answer_by_value():
    assert contract.answer_record(ANSWER, identifier="s001") == {
        "id": "s001",
        "question": "谁管站点",
        "status": "answered",
        "text": "责任单位：住建局。",
        "intent": "owner",
        "citations": [
            {
                "document": "bicycles",
                "title": "方案",
                "doc_number": "云政办发〔2022〕15号",
                "file": "bicycles.txt",
                "part": "",
                "path": ["二", "（一）"],
                "label": "二（一）",
                "heading": "站点",
                "quote": "原文",
                "start": 3,
                "end": 5,
            }
        ],
        "units": [
            {
                "name": "住建局",
                "canonical": "市住建局",
                "role": "responsible",
                "label": "二（一）",
                "document": "bicycles",
            }
        ],
        "verdict": "yes",
        "retrieval_mode": "sparse",
        "answer_mode": "extracted",
        "index_fingerprint": "abc",
        "elapsed_ms": 12.3,
    }


@pytest.mark.parametrize("identifier", [0, "", 7, ["a"]])
def test_any_id_of_a_question_comes_back_first(identifier):
    record = contract.answer_record(ANSWER, identifier=identifier)
    assert next(iter(record.items())) == ("id", identifier)


def test_an_answer_without_an_id_has_none():
    assert "id" not in contract.answer_record(ANSWER)


def test_duties_by_value():
    records = contract.duty_records(ROWS)
    assert records[0] == {
        "document": "a",
        "title": "方案",
        "doc_number": "一号",
        "part": "",
        "path": ["一"],
        "label": "一",
        "heading": "站点",
        "unit": "住建局",
        "canonical": "市住建局",
        "role": "lead",
        "deadlines": ["6月底前"],
        "quote": "（住建局）",
        "start": 1,
        "end": 6,
    }
    assert [(each["unit"], each["role"]) for each in records[1:]] == [
        ("供电公司", "support"),
        ("公安局", "responsible"),
    ]


def test_the_ledger_for_a_terminal():
    assert contract.duty_table(ROWS).splitlines() == [
        "《方案》（一号）",
        "  一 站点：住建局（牵头）　期限：6月底前",
        "  二 桩：供电公司（配合）",
        "《b》",
        "  一 ：公安局（责任）",
        "共 3 项。",
    ]
    assert contract.duty_table([]) == "共 0 项。"


def test_what_a_build_did():
    report = BuildReport(("a", "b"), ("c",), (), ("d",), (("坏.txt", "文件没有内容"),), 12, "ff00")
    assert contract.build_summary(report, Settings()).splitlines() == [
        "索引已更新：index（编号 ff00，12 个片段）",
        "新增 2，更新 1，未变 1，移除 0",
        "未能收录 坏.txt：文件没有内容",
    ]


def test_a_file_is_written_whole_in_utf8_without_changing_line_ends(tmp_path):
    path = tmp_path / "答案.jsonl"
    path.write_text("旧", encoding="utf-8")
    contract.write_text(path, "新\n答案\u2028\n")
    assert path.read_bytes() == "新\n答案\u2028\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_usual_permissions(tmp_path):
    previous = os.umask(0o027)
    try:
        contract.write_bytes(tmp_path / "a", b"1")
    finally:
        os.umask(previous)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_an_overwritten_file_keeps_its_permissions(tmp_path):
    (tmp_path / "a").write_bytes(b"0")
    (tmp_path / "a").chmod(0o600)
    contract.write_bytes(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_what_is_no_regular_file_is_written_to_not_replaced(tmp_path):
    (tmp_path / "link").symlink_to("/dev/null")
    contract.write_text(tmp_path / "link", "答案")
    assert (tmp_path / "link").is_char_device()
    assert [path.name for path in tmp_path.iterdir()] == ["link"]


def test_a_link_to_a_file_stays_a_link(tmp_path):
    (tmp_path / "file").write_text("旧")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    contract.write_text(tmp_path / "link", "新")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "新"


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("旧", encoding="utf-8")

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ZhengceError, match=r"无法写入 .*No space left"):
        contract.write_text(path, "新")
    assert path.read_text(encoding="utf-8") == "旧"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["没有/a", "folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, place):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ZhengceError, match=f"无法写入 .*{place}"):
        contract.write_text(tmp_path / place, "新")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_records_are_json():
    for value in (
        contract.document_record(DOCUMENT),
        contract.answer_record(ANSWER),
        contract.duty_records(ROWS),
    ):
        assert json.loads(json.dumps(value, ensure_ascii=False)) == value
