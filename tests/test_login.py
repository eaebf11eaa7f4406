"""Logging in and out at the page of the whole interface."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant.access import Access
from assistant.guard import COOKIE
from assistant.login import _inside
from assistant.server import build_interface
from assistant.service import Service

PASSWORD = "正确的密码 2024"


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    access = Access(tmp_path_factory.mktemp("state"))
    access.add_user("张三", PASSWORD, "curator")
    access.add_user("李四", PASSWORD, "reader")
    return access


@pytest.fixture
def client(access, corpus_settings, tmp_path):
    service = Service.open(replace(corpus_settings, state_dir=tmp_path))
    return TestClient(build_interface(service, access), follow_redirects=False)


def enter(client, name="张三", password=PASSWORD, **more):
    return client.post("/login", data={"name": name, "password": password, **more})


def test_right_password_opens_page_reference_and_interface(client):
    for path in ("/docs", "/openapi.json", "/api/documents", "/metrics"):
        assert client.get(path).status_code == 401
    response = enter(client, next="/docs")
    assert (response.status_code, response.headers["location"]) == (303, "/docs")
    for path in ("/docs", "/openapi.json", "/api/documents", "/metrics"):
        assert client.get(path).status_code == 200


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = enter(client).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert attribute in cookie
    assert "Secure" not in cookie
    assert (
        "Secure"
        in TestClient(client.app, base_url="https://testserver", follow_redirects=False)
        .post("/login", data={"name": "张三", "password": PASSWORD})
        .headers["set-cookie"]
    )


@pytest.mark.parametrize(
    ("name", "password"), [("张三", "falsch"), ("王五", PASSWORD), ("", ""), ("张三", "")]
)
def test_wrong_password_says_no_more_than_that(client, name, password):
    response = enter(client, name, password)
    assert response.status_code == 401
    assert "用户名或密码不对。" in response.text
    assert "set-cookie" not in response.headers


def test_logging_out_ends_the_session_for_good(client):
    token = enter(client).cookies[COOKIE]
    assert client.post("/logout").headers["location"] == "/login"
    client.cookies.set(COOKIE, token)
    assert client.get("/api/documents").status_code == 401


def test_readers_may_not_change_documents(client):
    enter(client, "李四")
    assert client.get("/api/documents").status_code == 200
    upload = {"file": ("a.txt", "一、目标".encode())}
    for response in (
        client.post("/api/documents", files=upload),
        client.post("/api/documents/preview", files=upload),
        client.put("/api/documents/x", files=upload),
        client.put("/api/documents/x/validity", json={}),
        client.delete("/api/documents/x"),
        client.get("/api/feedback"),
    ):
        assert response.status_code == 403
        assert "curator" in response.json()["detail"]


def test_page_is_complete_and_shows_no_markup_of_the_address(client):
    page = client.get("/login", params={"next": '/"><script>x</script>'}).text
    assert 'action="/login"' in page
    assert 'type="password"' in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "", "x", "/a\r\nSet-Cookie: b"]
)
def test_addresses_elsewhere_lead_to_the_front_page(client, address):
    assert _inside(address) == "/"
    assert enter(client, next=address).headers["location"] == "/"
