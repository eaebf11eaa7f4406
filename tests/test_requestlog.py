"""Request ids, log lines and figures of a small application."""

import json
import logging

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from assistant.access import Caller
from assistant.api.metrics import Metrics
from assistant.api.problems import add_problem_handlers
from assistant.requestlog import JsonFormatter, RequestLog


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def client(metrics):
    app = FastAPI()

    @app.get("/api/things/{name}")
    def thing(name: str, request: Request):
        request.state.caller = Caller("张三", "reader", "0a1b2c3d")
        if name == "broken":
            raise RuntimeError("秘密的问题")
        return name

    app.router.routes.append(Mount("/", app=PlainTextResponse("page")))
    add_problem_handlers(app)
    app.add_middleware(RequestLog, metrics=metrics)
    return TestClient(app, raise_server_exceptions=False, client=("192.0.2.7", 5))


def lines(caplog):
    return [
        json.loads(JsonFormatter().format(record))
        for record in caplog.records
        if record.name == "assistant.requests"
    ]


@pytest.fixture(autouse=True)
def _every_level(caplog):
    caplog.set_level(logging.DEBUG, "assistant.requests")


def test_a_line_says_who_called_what_and_how_it_went(client, caplog):
    client.get("/api/things/a%0Ab?question=秘密的问题", headers={"Authorization": "Bearer zc_secret"})
    (line,) = lines(caplog)
    assert line["ms"] >= 0
    assert {key: line[key] for key in ("level", "method", "path", "status", "client", "caller")} == {
        "level": "INFO",
        "method": "GET",
        "path": "/api/things/a%0Ab",
        "status": 200,
        "client": "192.0.2.7",
        "caller": "0a1b2c3d",
    }
    assert "秘密" not in json.dumps(line, ensure_ascii=False)
    assert "zc_secret" not in json.dumps(line)


def test_parts_of_the_page_are_logged_only_when_they_fail(client, caplog):
    client.get("/assets/a.js")
    assert [line["level"] for line in lines(caplog)] == ["DEBUG"]


@pytest.mark.parametrize("given", ["abc", "a.B_c-9", "x" * 64])
def test_a_well_formed_id_is_kept(client, given):
    assert client.get("/api/things/a", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\tb", '{"a":1}', "-a", "ä"])
def test_any_other_is_replaced(client, given):
    response = client.get("/api/things/a", headers={"X-Request-ID": given.encode("latin-1")})
    assert len(response.headers["x-request-id"]) == 32
    assert int(response.headers["x-request-id"], 16)


def test_a_defect_has_its_id_in_reply_and_log(client, caplog):
    response = client.get("/api/things/broken", headers={"X-Request-ID": "id-1"})
    assert response.status_code == 500
    assert response.headers["x-request-id"] == "id-1"
    assert "秘密" not in response.text
    (error,) = [record for record in caplog.records if record.message == "unexpected error"]
    assert json.loads(JsonFormatter().format(error))["request_id"] == "id-1"
    assert lines(caplog)[0]["status"] == 500


def test_what_a_record_holds_cannot_forge_a_line():
    message = 'a\n{"level": "ERROR"}\r\u2028\x85\x9b31m\x1b'
    record = logging.LogRecord("x", logging.INFO, "", 0, message, None, None)
    text = JsonFormatter().format(record)
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    assert json.loads(text)["message"] == message


def test_requests_are_counted_by_pattern(client, metrics):
    for path in ("/api/things/a", "/api/things/b", "/assets/c", "/d"):
        client.get(path)
    text = metrics._registry
    value = text.get_sample_value
    labels = {"method": "GET", "route": "/api/things/{name}", "status": "200"}
    assert value("zhengce_requests_total", labels) == 2
    assert value("zhengce_requests_total", {**labels, "route": "page"}) == 2
    assert value("zhengce_request_seconds_count", {"route": "/api/things/{name}"}) == 2
