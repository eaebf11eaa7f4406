"""The guard before an application that tells who it was called by and how much it received."""

import json

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.access import Access, Sessions
from assistant.api.problems import add_problem_handlers
from assistant.guard import COOKIE, Guard, Rules

PASSWORD = "long enough"
BEARER = "密钥不对或已被移除"


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path)


@pytest.fixture
def sessions():
    return Sessions()


def guarded(access, sessions, base_url="http://127.0.0.1:7860", **rules):
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def tell(path: str, request: Request):
        caller = request.state.caller
        body = await request.body()
        return {
            "name": caller and caller.name,
            "key": caller and caller.key,
            "change": caller and caller.may_change,
            "bytes": len(body),
        }

    add_problem_handlers(app)
    app.add_middleware(Guard, access=access, sessions=sessions, rules=Rules(**rules))
    return TestClient(app, base_url=base_url, client=("127.0.0.1", 5), follow_redirects=False)


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


class TestWho:
    def test_everybody_while_there_are_no_accounts(self, access, sessions):
        assert guarded(access, sessions).get("/api/x").json()["change"] is True
        # OpenAI's client always sends a key.
        assert guarded(access, sessions).get("/v1/models", headers=bearer("any")).status_code == 200

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
    def test_what_a_proxy_passes_on_is_only_read_for(self, access, sessions, header):
        client = guarded(access, sessions, local_only=True)
        assert client.get("/api/x", headers={header: "192.0.2.1"}).json()["change"] is False

    def test_beyond_this_machine_nobody_may_change_without_an_account(self, tmp_path, sessions):
        client = guarded(Access(tmp_path, anybody="reader"), sessions)
        assert client.get("/api/x").json()["change"] is False

    def test_programs_with_a_key(self, access, sessions):
        key = access.add_key("门户", "reader")
        got = guarded(access, sessions).get("/api/x", headers=bearer(key)).json()
        assert got == {"name": "门户", "key": key.split("_")[1], "change": False, "bytes": 0}
        lower = {"Authorization": f"bearer {key}"}
        assert guarded(access, sessions).get("/api/x", headers=lower).status_code == 200

    def test_people_with_a_session(self, access, sessions):
        access.add_user("张三", PASSWORD, "curator")
        client = guarded(access, sessions)
        client.cookies.set(COOKIE, sessions.start("张三"))
        assert client.get("/").json()["name"] == "张三"
        access.remove("张三")
        assert client.get("/api/x").status_code == 401

    @pytest.mark.parametrize(
        "path", ["/", "/docs", "/openapi.json", "/api/ask", "/gradio_api/x", "/v1/models", "/mcp"]
    )
    def test_nobody_else(self, access, sessions, path):
        access.add_key("门户", "reader")
        client = guarded(access, sessions)
        for headers in ({}, bearer("x"), {"Cookie": f"{COOKIE}=x"}, {"Authorization": "Basic YTpi"}):
            response = client.get(path, headers=headers)
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == 'Bearer realm="zhengce"'

    def test_a_wrong_key_is_not_saved_by_a_session(self, access, sessions):
        access.add_user("张三", PASSWORD, "curator")
        client = guarded(access, sessions)
        client.cookies.set(COOKIE, sessions.start("张三"))
        assert BEARER in client.get("/api/x", headers=bearer("x")).json()["detail"]

    def test_browsers_are_sent_to_the_login_page(self, access, sessions):
        access.add_key("门户", "reader")
        response = guarded(access, sessions).get("/docs", headers={"Accept": "text/html,*/*"})
        assert (response.status_code, response.headers["location"]) == (303, "/login?next=/docs")

    def test_login_and_health_are_open(self, access, sessions):
        access.add_key("门户", "reader")
        for path in ("/login", "/api/health"):
            assert guarded(access, sessions).get(path).json()["name"] is None

    def test_below_v1_in_the_form_of_openai(self, access, sessions):
        access.add_key("门户", "reader")
        error = guarded(access, sessions).get("/v1/models", headers=bearer("x")).json()["error"]
        assert (error["type"], error["code"]) == ("authentication_error", "invalid_api_key")


class TestOtherSites:
    @pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "127.0.0.1"])
    def test_names_of_this_machine_are_answered(self, access, sessions, host):
        client = guarded(access, sessions, local_only=True)
        assert client.get("/", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize(
        "host", ["evil.example:7860", "127.0.0.1.evil.example", "", "[", "localhost@evil.example"]
    )
    def test_other_names_are_refused_while_nobody_logs_in(self, access, sessions, host):
        client = guarded(access, sessions, local_only=True)
        response = client.get("/", headers={"Host": host})
        assert response.status_code == 403
        assert "127.0.0.1" in response.json()["detail"]

    def test_the_name_of_a_proxy_is_answered_where_it_is_set(self, access, sessions):
        client = guarded(access, sessions, local_only=True, origins=("https://zc.example.cn",))
        assert client.get("/", headers={"Host": "zc.example.cn"}).status_code == 200

    def test_with_accounts_any_name_is(self, access, sessions):
        key = access.add_key("门户", "reader")
        client = guarded(access, sessions, local_only=True)
        assert client.get("/", headers={"Host": "zc.example.cn", **bearer(key)}).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST", "PUT", "DELETE"])
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://["])
    def test_calls_of_their_pages_are_refused(self, access, sessions, method, origin):
        response = guarded(access, sessions).request(method, "/api/documents", headers={"Origin": origin})
        assert response.status_code == 403
        assert "ZHENGCE_ORIGINS" in response.json()["detail"]

    def test_those_of_this_site_and_of_allowed_ones_pass(self, access, sessions):
        client = guarded(access, sessions, origins=("https://a.example.cn",))
        for origin in ("http://127.0.0.1:7860", "https://a.example.cn"):
            assert client.post("/api/x", headers={"Origin": origin}).status_code == 200

    def test_a_key_is_no_browsers_doing(self, access, sessions):
        key = access.add_key("门户", "curator")
        headers = {"Origin": "https://tool.example", **bearer(key)}
        assert guarded(access, sessions).post("/api/x", headers=headers).status_code == 200


class TestHowMuch:
    def test_a_stated_length_beyond_the_limit_is_refused(self, access, sessions):
        client = guarded(access, sessions, max_body_mb=1, max_upload_mb=2)
        assert client.post("/api/ask", content=b"x" * (1 << 20)).json()["bytes"] == 1 << 20
        response = client.post("/api/ask", content=b"x" * ((1 << 20) + 1))
        assert response.status_code == 413
        assert response.json()["detail"] == "请求内容超过上限 1 MB。请缩短后再试。"
        assert client.post("/api/documents", content=b"x" * (3 << 20)).status_code == 200
        assert "上限 2 MB" in client.put("/api/documents/a", content=b"x" * ((3 << 20) + 1)).json()["detail"]

    def test_so_is_an_unstated_one(self, access, sessions):
        client = guarded(access, sessions, max_body_mb=1)
        response = client.post("/api/ask", content=(b"x" * 100_000 for _ in range(11)))
        assert response.status_code == 413
        assert (
            client.post("/api/ask", content=(b"x" * 100_000 for _ in range(10))).json()["bytes"] == 1_000_000
        )


class TestHowOften:
    def test_each_key_and_address_has_its_own_allowance(self, access, sessions):
        first, second = access.add_key("a", "reader"), access.add_key("b", "reader")
        client = guarded(access, sessions, per_minute=3)
        statuses = [client.get("/api/x", headers=bearer(first)).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        assert client.get("/v1/models", headers=bearer(second)).status_code == 200
        response = client.get("/v1/models", headers=bearer(first))
        assert 1 <= int(response.headers["retry-after"]) <= 120
        assert response.json()["error"]["type"] == "rate_limit_error"
        assert "每分钟最多 3 次" in response.json()["error"]["message"]

    def test_guessing_keys_is_limited_by_address(self, access, sessions):
        access.add_key("a", "reader")
        client = guarded(access, sessions, per_minute=3)
        assert [client.get("/api/x", headers=bearer("x")).status_code for _ in range(4)] == [
            401,
            401,
            401,
            429,
        ]

    def test_guessing_passwords_is_limited(self, access, sessions):
        client = guarded(access, sessions, per_minute=1000)
        statuses = [client.post("/login").status_code for _ in range(12)]
        assert statuses == [200] * 10 + [429] * 2

    def test_the_page_and_ones_own_machine_are_not_limited(self, access, sessions):
        client = guarded(access, sessions, per_minute=1)
        assert [client.get("/assets/x").status_code for _ in range(3)] == [200] * 3
        assert [client.post("/gradio_api/run/x").status_code for _ in range(2)] == [200, 429]
        local = guarded(access, sessions, per_minute=1, local_only=True)
        assert [local.get("/api/x").status_code for _ in range(3)] == [200] * 3


def test_a_websocket_is_closed(access, sessions):
    from starlette.websockets import WebSocketDisconnect

    client = guarded(access, sessions)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/x"):
        pass


def test_a_malformed_file_of_accounts_lets_nobody_in(access, sessions):
    access._path.write_text(json.dumps({"users": [1]}), encoding="utf-8")
    client = guarded(access, sessions)
    client_lenient = TestClient(client.app, raise_server_exceptions=False)
    assert client_lenient.get("/api/x").status_code == 500
