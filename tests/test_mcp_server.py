"""The tools, called by the SDK's own client over both transports."""

import asyncio
import os
import socket
import sys
import threading
from dataclasses import replace

import httpx
import pytest
import uvicorn
from mcp import Client, StdioServerParameters

from assistant import contract
from assistant.access import Access
from assistant.datatypes import Question
from assistant.server import build_interface
from assistant.service import Service
from samples import ROOT

DOCUMENT = "lvliang-chan-gai-ban-2023-6"
WAGES = "农民工欠薪归谁管？"
TOOLS = {"ask", "find_clauses", "unit_duties", "show_clause", "list_documents"}


@pytest.fixture(scope="module")
def service(corpus_settings, tmp_path_factory):
    return Service.open(replace(corpus_settings, state_dir=tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="module")
def address(service):
    """The interface on a port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = build_interface(service, Access(service.settings.state_dir), local_only=True)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join()


@pytest.fixture(params=["stdio", "http"])
def target(request, service):
    """What the client connects to: a command to start, or an address."""
    if request.param == "http":
        return request.getfixturevalue("address")
    settings = service.settings
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant.cli", "mcp", "--index", str(settings.index_dir)],
        cwd=ROOT,
        env={
            **os.environ,
            "ZHENGCE_EMBEDDING": settings.embedding,
            "ZHENGCE_CORPUS": str(settings.corpus_dir),
            "ZHENGCE_STATE": str(settings.state_dir),
        },
    )


def talk(target, *calls):
    """The tools offered, and the results of calls ``(name, arguments)`` in one connection."""

    async def run():
        async with Client(target, read_timeout_seconds=60) as client:
            tools = (await client.list_tools()).tools
            return client.instructions, tools, [await client.call_tool(*call) for call in calls]

    return asyncio.run(run())


def without_time(record):
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def test_every_tool_answers_with_typed_content(target, service):
    instructions, tools, results = talk(
        target,
        ("ask", {"question": WAGES}),
        ("ask", {"question": "那教育局呢？", "history": [WAGES], "document": DOCUMENT}),
        ("find_clauses", {"words": "劳务派遣", "limit": 2}),
        ("find_clauses", {"words": "劳务派遣", "unit": "教育局", "place": "吕梁市", "limit": 50}),
        ("unit_duties", {"unit": "教育局"}),
        ("show_clause", {"label": "二(三)1"}),
        ("list_documents", {}),
    )
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.output_schema and tool.description and tool.annotations.read_only_hint for tool in tools)
    assert "no_evidence" in instructions
    assert not any(result.is_error for result in results)
    asked, followed, found, of_unit, duties, clauses, documents = (
        result.structured_content for result in results
    )

    expected = contract.answer_record(service.assistant.ask(Question(WAGES)))
    assert without_time(asked) == without_time(expected)
    assert followed["text"] == service.assistant.ask(Question("那教育局呢？", (WAGES,), DOCUMENT)).text
    assert found["result"][0]["label"] == "二（三）4"
    assert "劳务派遣" in found["result"][0]["text"]
    assert len(found["result"]) == 2
    assert {each["label"] for each in of_unit["result"]} == {"二（一）3", "二（二）2", "二（三）3"}
    assert duties["result"] == contract.duty_records(service.assistant.duty_rows(unit="教育局"))
    assert [clause["label"] for clause in clauses["result"]] == ["二（三）1"]
    assert clauses["result"][0]["text"].startswith("1、维护农民工合法权益。")
    assert documents["result"][0]["id"] == DOCUMENT


def test_faults_are_told_to_the_model_in_chinese(target):
    _, _, results = talk(
        target,
        ("ask", {"question": WAGES, "document": "没有的文件"}),
        ("show_clause", {"label": "九（九）9"}),
        ("show_clause", {"label": " "}),
        ("unit_duties", {"unit": ""}),
        ("find_clauses", {"words": "x", "limit": 0}),
        ("find_clauses", {"words": "x", "place": "南京市"}),
        ("unit_duties", {"unit": "气象局"}),
    )
    texts = [result.content[0].text if result.content else "" for result in results]
    assert [result.is_error for result in results] == [True] * 6 + [False]
    assert "没有的文件" in texts[0]
    assert "九（九）9" in texts[1]
    assert "请给出条款编号" in texts[2]
    assert "请给出单位名称" in texts[3]
    assert "limit" in texts[4]
    assert "没有符合条件的文件：地区为“南京市”" in texts[5]
    assert results[6].structured_content == {"result": []}


class TestHttp:
    def test_needs_a_key_where_there_are_accounts(self, service, tmp_path):
        from starlette.testclient import TestClient

        access = Access(tmp_path)
        key = access.add_key("助手", "reader")
        request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        headers = {"Accept": "application/json, text/event-stream"}
        with TestClient(build_interface(service, access)) as client:
            assert client.post("/mcp", json=request, headers=headers).status_code == 401
            allowed = client.post("/mcp", json=request, headers=headers | {"Authorization": f"Bearer {key}"})
            assert {tool["name"] for tool in allowed.json()["result"]["tools"]} == TOOLS

    def test_answers_no_page_of_another_site(self, address):
        request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        headers = {"Accept": "application/json, text/event-stream", "Origin": "https://evil.example"}
        assert httpx.post(address, json=request, headers=headers).status_code == 403
        assert httpx.post(address, json=request, headers={"Host": "evil.example"}).status_code == 403
