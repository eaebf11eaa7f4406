"""The HTTP interface by value, over the shipped document."""

import io

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from assistant import contract
from assistant.api import MAX_QUESTION, MAX_TURNS, add_problem_handlers, build_router
from assistant.config import Settings
from assistant.datatypes import Question
from assistant.pipeline import Assistant, index_corpus
from samples import BICYCLES

DOCUMENT = "lvliang-chan-gai-ban-2023-6"
TITLE = "关于建立健全全市推进产业工人队伍建设改革分类指导机制的实施方案"
WAGES = "农民工欠薪归谁管？"
WAGE_UNITS = ["人社局", "总工会", "市人大社建委", "卫健委", "应急局", "试点企业"]


@pytest.fixture(scope="module")
def opened(corpus_settings):
    return Assistant.open(corpus_settings)


def client_of(assistant):
    app = FastAPI()
    app.include_router(build_router(assistant))
    add_problem_handlers(app)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(opened):
    return client_of(opened)


def problem(response, status):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    return body["detail"]


def without_time(record):
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


class TestAsk:
    def test_answers_with_the_record_of_the_contract_and_nothing_else(self, client, opened):
        got = client.post("/api/ask", json={"question": WAGES}).json()
        assert list(got) == list(contract.answer_record(opened.ask(Question(WAGES))))
        assert without_time(got) == without_time(contract.answer_record(opened.ask(Question(WAGES))))

    def test_names_every_responsible_unit_and_quotes_the_document(self, client, opened):
        got = client.post("/api/ask", json={"question": WAGES}).json()
        text = opened.index.documents[0].text
        assert got["status"] == "answered"
        assert [unit["name"] for unit in got["units"]] == WAGE_UNITS
        assert {unit["label"] for unit in got["units"]} == {"二（三）1"}
        assert got["citations"]
        for citation in got["citations"]:
            assert citation["quote"] == text[citation["start"] : citation["end"]]

    def test_passes_earlier_turns_on(self, client, opened):
        history = [WAGES]
        got = client.post("/api/ask", json={"question": "那教育局呢？", "history": history}).json()
        alone = client.post("/api/ask", json={"question": "那教育局呢？"}).json()
        expected = opened.ask(Question("那教育局呢？", history=tuple(history)))
        assert without_time(got) == without_time(contract.answer_record(expected))
        assert got["text"] != alone["text"]

    @pytest.mark.parametrize("document", [DOCUMENT, f"{DOCUMENT}.txt", "", None])
    def test_takes_a_document_by_id_or_file_name_or_none(self, client, document):
        response = client.post("/api/ask", json={"question": WAGES, "document": document})
        assert response.json()["citations"][0]["document"] == DOCUMENT

    def test_unknown_document_is_404_and_says_what_there_is(self, client):
        response = client.post("/api/ask", json={"question": WAGES, "document": "没有的文件"})
        detail = problem(response, 404)
        assert "没有的文件" in detail
        assert DOCUMENT in detail

    @pytest.mark.parametrize("question", ["", "   ", "\n", "\x00", "？？？", "<script>alert(1)</script>"])
    def test_odd_questions_are_answered(self, client, question):
        response = client.post("/api/ask", json={"question": question})
        assert response.status_code == 200
        assert response.json()["question"] == question
        assert response.json()["text"]

    @pytest.mark.parametrize("character", ["农", "a", "（", "1", "\U0001f600"])
    def test_longest_question_is_answered(self, client, character):
        response = client.post("/api/ask", json={"question": character * MAX_QUESTION})
        assert response.status_code == 200

    def test_longer_question_is_refused_with_the_limit(self, client):
        response = client.post("/api/ask", json={"question": "农" * (MAX_QUESTION + 1)})
        assert problem(response, 422) == "请求不符合要求：question 最多 10000 个字。格式见 /docs。"

    def test_too_many_earlier_turns_are_refused_with_the_limit(self, client):
        response = client.post("/api/ask", json={"question": WAGES, "history": ["是吗"] * (MAX_TURNS + 1)})
        assert problem(response, 422) == "请求不符合要求：history 最多 20 项。格式见 /docs。"

    @pytest.mark.parametrize(
        ("body", "fault"),
        [
            (b"{}", "question 缺少"),
            (b'{"question": 1}', "question 应为字符串"),
            (b'{"question": "a", "history": "b"}', "history 应为数组"),
            (b'{"question": "a", "history": [1]}', "history.0 应为字符串"),
            (b'{"question": "\\ud800"}', "question 含有无法识别的字符"),
            (b'{"question', "不是合法的 JSON"),
            (b"", "格式不对"),
            (b"[]", "格式不对"),
        ],
    )
    def test_malformed_requests_say_which_field_is_wrong(self, client, body, fault):
        response = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
        detail = problem(response, 422)
        assert fault in detail or (fault == "格式不对" and "缺少" in detail)

    def test_bytes_that_are_no_text_are_refused(self, client):
        response = client.post("/api/ask", content=b"\xff\xfe", headers={"Content-Type": "application/json"})
        assert response.status_code in (400, 422)
        problem(response, response.status_code)


class TestDocumentsAndClauses:
    def test_lists_documents_with_counts(self, client, corpus_document):
        assert client.get("/api/documents").json() == [
            {
                "id": DOCUMENT,
                "file": f"{DOCUMENT}.txt",
                "title": TITLE,
                "doc_number": "吕产改办发〔2023〕6号",
                "issuer": corpus_document.metadata.issuer.value,
                "date": corpus_document.metadata.date.value,
                "clauses": 23,
                "duties": len(corpus_document.duties),
            }
        ]

    @pytest.mark.parametrize("label", ["二（三）1", "二(三)1", "二、（三）1"])
    def test_gives_a_clause_verbatim_by_its_label(self, client, opened, label):
        (clause,) = client.get("/api/clauses", params={"label": label}).json()
        text = opened.index.documents[0].text
        assert (clause["label"], clause["heading"]) == ("二（三）1", "维护农民工合法权益")
        assert clause["text"] == text[clause["start"] : clause["end"]]
        assert clause["text"].startswith("1、维护农民工合法权益。")

    def test_gives_all_clauses_of_a_document_in_order(self, client):
        clauses = client.get("/api/clauses", params={"document": DOCUMENT}).json()
        assert [clause["label"] for clause in clauses][:4] == ["一", "二", "二（一）", "二（一）1"]
        assert len(clauses) == 23

    def test_wants_a_label_or_a_document(self, client):
        assert "label" in problem(client.get("/api/clauses"), 422)

    def test_unknown_label_is_404(self, client):
        assert "九（九）9" in problem(client.get("/api/clauses", params={"label": "九（九）9"}), 404)


class TestDuties:
    def test_is_the_ledger_of_the_command_line(self, client, opened):
        assert client.get("/api/duties").json() == contract.duty_records(opened.duty_rows())

    def test_keeps_to_one_unit(self, client, opened):
        rows = client.get("/api/duties", params={"unit": "教育局"}).json()
        assert [row["label"] for row in rows] == ["二（一）3", "二（二）2", "二（三）3"]
        assert rows == contract.duty_records(opened.duty_rows(unit="教育局"))

    def test_keeps_to_one_role(self, client):
        roles = [row["role"] for row in client.get("/api/duties").json()]
        for role in ("lead", "responsible", "support"):
            assert len(client.get("/api/duties", params={"role": role}).json()) == roles.count(role)

    def test_unit_without_duties_has_an_empty_ledger(self, client):
        assert client.get("/api/duties", params={"unit": "气象局"}).json() == []

    def test_unknown_role_is_refused(self, client):
        assert "role" in problem(client.get("/api/duties", params={"role": "boss"}), 422)

    def test_workbook_holds_the_same_rows(self, client):
        response = client.get("/api/duties.xlsx", params={"unit": "教育局"})
        assert response.headers["content-disposition"] == (
            "attachment; filename=\"duties.xlsx\"; filename*=UTF-8''%E8%B4%A3%E4%BB%BB%E5%8F%B0%E8%B4%A6.xlsx"
        )
        rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
        assert rows[0][2:5] == ("条款", "标题", "责任单位")
        assert [row[2] for row in rows[1:]] == ["二（一）3", "二（二）2", "二（三）3"]


class TestTheRest:
    def test_health_names_the_index(self, client, opened):
        expected = {"status": "ok", "fingerprint": opened.index.fingerprint, "documents": 1}
        assert client.get("/api/health").json() == expected

    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/api/nichts"), ("GET", "/api/ask"), ("POST", "/api/x/y")]
    )
    def test_unknown_addresses_are_answered_as_problems(self, client, method, path):
        assert (
            problem(client.request(method, path), 404) == f"没有这个接口：{method} {path}。接口文档见 /docs。"
        )

    def test_a_defect_is_reported_without_internals(self, opened, caplog):
        class Broken:
            index = opened.index

            def ask(self, question):
                raise RuntimeError("secret detail")

        response = client_of(Broken()).post("/api/ask", json={"question": WAGES})
        assert "secret" not in problem(response, 500)
        assert "secret detail" in caplog.text

    def test_answers_with_vectors_say_so(self, tmp_path):
        (tmp_path / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
        settings = Settings(corpus_dir=tmp_path, index_dir=tmp_path / "index")
        index_corpus(settings, progress=lambda line: None)
        got = (
            client_of(Assistant.open(settings))
            .post("/api/ask", json={"question": "站点布局由哪些单位负责？"})
            .json()
        )
        assert got["retrieval_mode"] == "hybrid"
        assert [unit["name"] for unit in got["units"]] == ["市城管局", "住建局", "财政局"]
