"""A document full of markup, formulas and control characters, wherever its text comes out again."""

import io
import json
import logging
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from fastapi.testclient import TestClient
from lxml import html

from assistant import server
from assistant.access import Access
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.export import answer_docx
from assistant.pipeline import Assistant, index_corpus
from assistant.requestlog import JsonFormatter
from assistant.service import Service
from assistant.spreadsheet import duties_workbook
from assistant.ui.markup import answer_html

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = f"""关于推进{SCRIPT}养护工作的方案

一、主要任务

（一）修剪树木{SCRIPT}。每月修剪行道树[链接](javascript:alert(3))和![图](http://example.cn/x.png)两次。（责任单位：=HYPERLINK("http://example.cn")局、园林局）

（二）灌溉草坪"><b>。每周灌溉草坪三次，补助1.5万元。（责任单位：@SUM(1)局、水务局）
"""
QUESTION = Question("每月修剪行道树几次？")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(
        corpus_dir=folder / "corpus",
        index_dir=folder / "index",
        state_dir=folder / "state",
        embedding=NO_EMBEDDING,
    )
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "trees.txt").write_text(HOSTILE, encoding="utf-8")
    index_corpus(settings, progress=lambda line: None)
    return Assistant.open(settings)


@pytest.fixture(scope="module")
def answer(opened):
    answer = opened.ask(QUESTION)
    assert "修剪行道树" in answer.citations[0].quote
    return answer


def active(page):
    """Elements that run or fetch something, attributes that do, and addresses that are scripts."""
    tree = html.fromstring(f"<div>{page}</div>")
    for element in tree.iter():
        if element.tag in ("script", "img", "iframe", "object", "embed", "style"):
            yield element.tag
        for name, value in element.attrib.items():
            if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name}={value}"


def test_the_page_shows_an_answer_as_text(answer):
    page = answer_html(answer)
    assert list(active(page)) == []
    assert "修剪" in page


def test_the_check_sees_what_would_run():
    assert list(active('<p onclick="x">a</p><script></script><a href=" JavaScript:x">b</a>')) == [
        "onclick=x",
        "script",
        "href= JavaScript:x",
    ]


def test_no_cell_of_the_ledger_is_a_formula(opened):
    rows = opened.duty_rows()
    assert rows
    # Units as a hostile document might have them, whatever the parser makes of this one's.
    rows = [
        *rows,
        replace(rows[0], unit='=HYPERLINK("http://x")', canonical="+1", heading="@SUM(1)", quote="-2"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(duties_workbook(rows)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert '=HYPERLINK("http://x")' in {str(cell.value).lstrip("'") for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_a_word_file_holds_an_answer_as_text_and_fetches_nothing(opened, answer):
    documents = {each.id: each for each in opened.index.documents}
    with zipfile.ZipFile(io.BytesIO(answer_docx(answer, documents, "f"))) as archive:
        body = archive.read("word/document.xml").decode()
        relations = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
    assert "<script" not in body
    assert b'TargetMode="External"' not in relations
    assert b"javascript:" not in relations


def test_control_characters_of_an_answer_reach_no_word_file(opened, answer):
    spoilt = replace(answer, question="a\x00b\x0b\ufffe", text=f"{answer.text}\x1f")
    documents = {each.id: each for each in opened.index.documents}
    assert answer_docx(spoilt, documents, "f")[:2] == b"PK"


@pytest.fixture
def client(opened, tmp_path):
    settings = replace(opened_settings(opened, tmp_path))
    service = Service(settings, opened)
    service.keep_records()
    app = server.build_interface(service, Access(settings.state_dir))
    return TestClient(app, raise_server_exceptions=False)


def opened_settings(opened, folder):
    return Settings(
        corpus_dir=folder / "corpus",
        index_dir=folder / "index",
        state_dir=folder / "state",
        embedding=NO_EMBEDDING,
    )


@pytest.mark.parametrize(
    "name", ["../../etc/x.txt", "..\\..\\x.txt", "/etc/x.txt", "a/../../x.txt", "x.txt\x00.pdf"]
)
def test_no_upload_leaves_the_folder(client, tmp_path, name):
    response = client.post("/api/documents/preview", files={"file": (name, HOSTILE.encode())})
    if response.status_code == 200:
        assert response.json()["document"]["id"] == "x"
    else:
        assert response.status_code == 422
    assert [path for path in tmp_path.rglob("*") if path.name.endswith((".txt", ".pdf"))] == []


@pytest.mark.parametrize(
    "path", ["../../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%2e%2e/%2e%2e/etc/passwd"]
)
def test_no_download_leaves_the_folder(client, path):
    response = client.get(f"/api/documents/{path}/original")
    assert response.status_code == 404
    assert "root:" not in response.text


def test_a_name_cannot_add_a_header(client):
    from assistant.api.documents import attachment

    value = attachment('报告"\r\nSet-Cookie: a=b;.txt')
    assert "\r" not in value
    assert "\n" not in value
    assert value.count('"') == 2


def test_a_question_cannot_forge_a_log_line_or_stand_in_one(client, caplog):
    question = '秘密的事\n{"level": "ERROR"}\r\u2028'
    with caplog.at_level(logging.DEBUG):
        client.post(
            "/api/ask", json={"question": question}, headers={"Authorization": "Bearer zc_secret_key"}
        )
        client.get("/api/documents/%0d%0aX-Evil:1", headers={"Cookie": "zhengce_session=secret-session"})
    lines = [
        JsonFormatter().format(record) for record in caplog.records if record.name.startswith("assistant")
    ]
    assert lines
    for line in lines:
        assert len(line.splitlines()) == 1
        json.loads(line)
        assert not re.search("秘密|zc_secret|secret-session", line)


def test_no_secret_is_in_the_figures_or_the_records(client, tmp_path):
    headers = {"Authorization": "Bearer zc_secret_key", "Cookie": "zhengce_session=secret-session"}
    client.post("/api/ask", json={"question": "秘密的事"}, headers=headers)
    assert "秘密" not in client.get("/metrics").text
    kept = "".join(path.read_text() for path in (tmp_path / "state").rglob("*.jsonl"))
    assert "secret" not in kept
