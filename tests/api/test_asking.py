"""``/api/ask`` by value, whole and step by step; judgements of answers."""

import json
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.conftest import interface, service_of_its_own
from assistant import contract
from assistant.api.asking import text_parts
from assistant.api.models import MAX_QUESTION, MAX_TURNS
from assistant.config import Settings
from assistant.datatypes import Question
from assistant.pipeline import Assistant, index_corpus
from assistant.service import Service
from generation.endpoints import Script, application, serving
from samples import BICYCLES

DOCUMENT = "lvliang-chan-gai-ban-2023-6"
WAGES = "农民工欠薪归谁管？"
WAGE_UNITS = ["人社局", "总工会", "市人大社建委", "卫健委", "应急局", "试点企业"]


def without_time(record):
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def events(client, **body):
    """``(event, data)`` of a stream, parsed as the specification says."""
    response = client.post("/api/ask/stream", json=body)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    found = []
    for block in response.text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


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

    def test_unknown_document_is_404_and_says_what_there_is(self, client, problem):
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

    def test_longer_question_is_refused_with_the_limit(self, client, problem):
        response = client.post("/api/ask", json={"question": "农" * (MAX_QUESTION + 1)})
        assert problem(response, 422) == "请求不符合要求：question 最多 10000 个字。格式见 /docs。"

    def test_too_many_earlier_turns_are_refused_with_the_limit(self, client, problem):
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
    def test_malformed_requests_say_which_field_is_wrong(self, client, body, fault, problem):
        response = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
        detail = problem(response, 422)
        assert fault in detail or (fault == "格式不对" and "缺少" in detail)

    def test_bytes_that_are_no_text_are_refused(self, client, problem):
        response = client.post("/api/ask", content=b"\xff\xfe", headers={"Content-Type": "application/json"})
        assert response.status_code in (400, 422)
        problem(response, response.status_code)

    def test_answers_with_vectors_say_so(self, tmp_path):
        (tmp_path / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
        settings = Settings(corpus_dir=tmp_path, index_dir=tmp_path / "index", state_dir=tmp_path / "state")
        index_corpus(settings, progress=lambda line: None)
        client = TestClient(interface(Service(settings, Assistant.open(settings))))
        got = client.post("/api/ask", json={"question": "站点布局由哪些单位负责？"}).json()
        assert got["retrieval_mode"] == "hybrid"
        assert [unit["name"] for unit in got["units"]] == ["市城管局", "住建局", "财政局"]


class TestStream:
    def test_gives_plan_evidence_parts_and_the_whole_answer_in_this_order(self, client, opened):
        got = events(client, question=WAGES)
        assert [name for name, _ in got][:2] == ["plan", "evidence"]
        assert {name for name, _ in got[2:-1]} == {"part"}
        assert got[0][1]["intent"] == "owner"
        assert got[1][1]["clauses"][0]["label"] == "二（三）1"
        assert got[1][1]["clauses"][0]["heading"] == "维护农民工合法权益"
        assert 0.9 < got[1][1]["clauses"][0]["evidence"] <= 1
        assert got[-1][0] == "answer"
        assert without_time(got[-1][1]) == without_time(contract.answer_record(opened.ask(Question(WAGES))))

    def test_parts_make_up_the_text(self, client):
        got = events(client, question=WAGES)
        parts = [data["text"] for name, data in got if name == "part"]
        assert len(parts) > 2
        assert "".join(parts) == got[-1][1]["text"]

    def test_what_needs_no_search_has_no_evidence(self, client):
        got = events(client, question="教育局有哪些任务？")
        assert got[1] == ("evidence", {"clauses": []})
        assert [unit["label"] for unit in got[-1][1]["units"]] == ["二（一）3", "二（二）2", "二（三）3"]

    def test_passes_earlier_turns_on(self, client):
        got = events(client, question="那教育局呢？", history=[WAGES])
        asked = client.post("/api/ask", json={"question": "那教育局呢？", "history": [WAGES]}).json()
        assert without_time(got[-1][1]) == without_time(asked)

    def test_unknown_document_is_refused_before_the_stream_begins(self, client, problem):
        response = client.post("/api/ask/stream", json={"question": WAGES, "document": "没有的文件"})
        assert "没有的文件" in problem(response, 404)

    @pytest.mark.parametrize(
        "text", ["", "一段", "一段\n\n二段", "\n\n", "> 引文\n> 引文\n\n\n尾\n\n", "a\n"]
    )
    def test_pieces_lose_nothing(self, text):
        assert "".join(text_parts(text)) == text


class TestFeedback:
    def test_is_kept_and_exported(self, changing):
        answer = changing.post("/api/ask", json={"question": "站点布局由哪些单位负责？"}).json()
        given = {
            "question": answer["question"],
            "history": ["前一句"],
            "verdict": "wrong",
            "reason": " 漏了财政局 ",
            "answer": answer["text"],
            "status": answer["status"],
            "labels": [each["label"] for each in answer["citations"]],
            "index_fingerprint": answer["index_fingerprint"],
        }
        assert changing.post("/api/feedback", json=given).status_code == 204
        (kept,) = changing.get("/api/feedback").json()
        assert kept.pop("time")[:2] == "20"
        assert kept == {
            "question": answer["question"],
            "history": ["前一句"],
            "document": "",
            "answer": answer["text"],
            "status": "answered",
            "labels": given["labels"],
            "fingerprint": answer["index_fingerprint"],
            "verdict": "wrong",
            "reason": "漏了财政局",
        }
        assert changing.service.feedback()[0].answer == answer["text"]

    def test_other_verdicts_are_refused(self, client, problem):
        response = client.post("/api/feedback", json={"question": WAGES, "verdict": "meh"})
        assert problem(response, 422) == "请求不符合要求：verdict 只能取文档列出的值。格式见 /docs。"


class TestStreamOfALanguageModel:
    @pytest.fixture
    def written(self, tmp_path):
        """A script, and a client over documents whose answers the scripted model words."""
        script = Script()
        with serving(application(script)) as url:
            service = service_of_its_own(tmp_path)
            settings = replace(service.settings, llm_url=url, llm_model="scripted", llm_timeout=20)
            yield script, TestClient(interface(Service.open(settings)))

    def test_sends_checked_sentences_that_the_answer_begins_with(self, written):
        script, client = written
        script.text = "每个站点补助1.5万元[1]。偏远乡镇站点补助9万元[1]。偏远乡镇站点补助2万元[1]。"
        got = events(client, question="每个站点补助多少钱？")
        parts = [data["text"] for name, data in got if name == "part"]
        assert parts[:2] == ["每个站点补助1.5万元。[1]", "偏远乡镇站点补助2万元。[1]"]
        assert [name for name, _ in got if name == "restart"] == []
        assert "".join(parts) == got[-1][1]["text"]
        assert got[-1][1]["answer_mode"] == "generated"

    def test_starts_again_with_the_extracted_answer_when_the_model_breaks_off(self, written):
        script, client = written
        script.text, script.silent_end = "每个站点补助1.5万元[1]。偏远乡镇站点补助2万元[1]。", True
        got = events(client, question="每个站点补助多少钱？")
        names = [name for name, _ in got]
        again = names.index("restart")
        assert got[again - 1][0] == "part"
        assert "".join(data["text"] for name, data in got[again:] if name == "part") == got[-1][1]["text"]
        assert got[-1][1]["text"].startswith("（语言模型的回答中途断开，以下是从原文摘取的回答。）")
        assert got[-1][1]["answer_mode"] == "extracted"

    def test_whole_answers_are_written_too(self, written):
        script, client = written
        script.text = "每个站点补助1.5万元[1]。"
        got = client.post("/api/ask", json={"question": "每个站点补助多少钱？"}).json()
        assert got["text"].startswith("每个站点补助1.5万元。[1]\n\n")
        assert got["answer_mode"] == "generated"
