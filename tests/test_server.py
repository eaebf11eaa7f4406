"""The server: what it refuses, what it announces, and that page, interface and reference are there."""

import re
import socket
import subprocess
import sys
import threading
import typing
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant import server
from assistant.access import Access
from assistant.errors import IndexMissingError, UsageError, ZhengceError
from assistant.service import Service
from assistant.ui.examples import EXAMPLES
from samples import ROOT


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def settings(corpus_settings, tmp_path_factory):
    return replace(corpus_settings, state_dir=tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def service(settings):
    return Service.open(settings)


@pytest.fixture(scope="module")
def client(service):
    with TestClient(server.build_app(service, Access(service.settings.state_dir))) as running:
        yield running


class TestRefusals:
    @pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
    def test_this_machine_needs_no_permission(self, host):
        server.check_host(host, {}, has_accounts=False)

    @pytest.mark.parametrize(
        "host", ["0.0.0.0", "::", "", "192.168.1.5", "example.org", "localhost.example.org"]
    )
    @pytest.mark.parametrize("env", [{}, {"ZHENGCE_ALLOW_OPEN": "0"}, {"ZHENGCE_ALLOW_OPEN": ""}])
    def test_other_addresses_are_refused_with_the_two_ways_out(self, host, env):
        with pytest.raises(UsageError, match=r"zhengce access add-user.*ZHENGCE_ALLOW_OPEN=1"):
            server.check_host(host, env, has_accounts=False)
        server.check_host(host, env, has_accounts=True)

    def test_other_addresses_are_allowed_on_request(self):
        server.check_host("0.0.0.0", {"ZHENGCE_ALLOW_OPEN": "1"}, has_accounts=False)

    def test_open_host_is_refused_before_anything_else(self, settings, free_port, monkeypatch):
        monkeypatch.delenv("ZHENGCE_ALLOW_OPEN", raising=False)
        with pytest.raises(UsageError):
            server.serve(settings, host="0.0.0.0", port=free_port, announce=pytest.fail)

    def test_port_in_use_is_named_with_a_way_out(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(ZhengceError, match=f"端口 {port} 已被占用.*--port"):
                server.serve(settings, host="127.0.0.1", port=port, announce=pytest.fail)

    def test_address_of_another_machine_is_named(self, free_port):
        with pytest.raises(ZhengceError, match=r"192\.0\.2\.1"):
            server.listening_socket("192.0.2.1", free_port)

    def test_missing_index_says_what_to_run_and_frees_the_port(self, settings, tmp_path, free_port):
        settings = replace(settings, index_dir=tmp_path / "none")
        with pytest.raises(IndexMissingError, match="zhengce index"):
            server.serve(settings, host="127.0.0.1", port=free_port, announce=pytest.fail)
        server.listening_socket("127.0.0.1", free_port).close()


class TestAnnouncement:
    @pytest.mark.parametrize(
        ("host", "address"),
        [
            ("127.0.0.1", "http://127.0.0.1:7860"),
            ("0.0.0.0", "http://127.0.0.1:7860"),
            ("::1", "http://[::1]:7860"),
            ("::", "http://[::1]:7860"),
        ],
    )
    def test_gives_addresses_that_open(self, host, address):
        assert server._announcement(host, 7860) == f"网页：{address}　接口文档：{address}/docs"

    def test_comes_once_the_port_answers(self, settings, free_port, monkeypatch):
        answered = []
        servers = []
        original = server._Server.__init__

        def remember(self, *args):
            original(self, *args)
            servers.append(self)

        def announce(line):
            with socket.create_connection(("127.0.0.1", free_port), timeout=5):
                answered.append(line)
            servers[0].should_exit = True

        monkeypatch.setattr(server._Server, "__init__", remember)
        thread = threading.Thread(
            target=server.serve,
            args=(settings,),
            kwargs={"host": "127.0.0.1", "port": free_port, "announce": announce},
        )
        thread.start()
        thread.join(timeout=30)
        assert not thread.is_alive()
        assert answered == [server._announcement("127.0.0.1", free_port)]


class TestPage:
    def test_is_served_with_all_tabs_and_examples(self, client):
        page = client.get("/")
        assert page.status_code == 200
        config = client.get("/config").text
        for words in ("政策问答助手", "问答", "责任台账", "文件", "可以这样问"):
            assert words in config
        for question in (question for group in EXAMPLES.values() for question in group):
            assert question in config

    def test_loads_nothing_from_elsewhere(self, client):
        page = client.get("/").text
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(https?:[^\"' >]+)", page)
        assert loaded == []
        stylesheets = client.get("/theme.css").text
        assert not re.search(r"url\(['\"]?https?:|@import", stylesheets)

    def test_tells_the_browser_to_keep_to_this_site(self, client):
        for path in ("/", "/docs", "/api/health", "/api/nichts"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'self' ")
            assert headers["x-content-type-options"] == "nosniff"

    def test_keeps_no_record_of_questions_and_takes_no_part_in_statistics(self, client):
        config = client.get("/config").json()
        assert config["analytics_enabled"] is False
        assert not config.get("run_history")
        assert not config.get("footer_links")

    def test_offers_no_interface_of_its_own(self, client):
        info = client.get("/gradio_api/info").json()
        assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}
        events = client.get("/config").json()["dependencies"]
        assert {event["api_visibility"] for event in events} == {"private"}

    def test_takes_files_from_curators_only(self, client, service, tmp_path):
        upload = {"files": ("a.txt", b"ab")}
        assert client.post("/gradio_api/upload", files=upload).status_code == 200
        reading = TestClient(server.build_app(service, Access(tmp_path, anybody="reader")))
        refused = reading.post("/gradio_api/upload", files=upload)
        assert refused.status_code == 403
        assert "没有管理权限" in refused.text


class TestOtherSites:
    PREFLIGHT: typing.ClassVar = {
        "Origin": "https://a.example.cn",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    def test_may_not_call_by_default(self, client):
        assert "access-control-allow-origin" not in client.options("/api/ask", headers=self.PREFLIGHT).headers
        replied = client.get("/api/health", headers={"Origin": "https://a.example.cn"})
        assert "access-control-allow-origin" not in replied.headers

    def test_may_where_they_are_set(self, service, tmp_path):
        opened = Service(replace(service.settings, origins=("https://a.example.cn",)), service.assistant)
        client = TestClient(server.build_interface(opened, Access(tmp_path)))
        allowed = client.options("/api/ask", headers=self.PREFLIGHT)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "https://a.example.cn"
        assert "access-control-allow-credentials" not in allowed.headers
        other = client.options("/api/ask", headers=self.PREFLIGHT | {"Origin": "https://b.example.cn"})
        assert "access-control-allow-origin" not in other.headers
        question = {"question": "教育局有哪些任务？"}
        for origin, status in (("https://a.example.cn", 200), ("https://b.example.cn", 403)):
            assert client.post("/api/ask", json=question, headers={"Origin": origin}).status_code == status


def test_figures_are_served(client):
    before = client.get("/metrics").text
    client.post("/api/ask", json={"question": "教育局有哪些任务？"})
    after = client.get("/metrics").text
    counted = 'zhengce_answers_total{intent="duties",status="answered"} '
    assert float(after.partition(counted)[2].split()[0]) == 1 + float(
        before.partition(counted)[2].split()[0] if counted in before else 0
    )
    assert "zhengce_documents 1.0" in after
    assert "zhengce_index_stale 0.0" in after


class TestReference:
    def test_describes_every_operation_and_loads_nothing(self, client):
        page = client.get("/docs").text
        for path in client.get("/openapi.json").json()["paths"]:
            assert f"<code>{path}</code>" in page
        assert "农民工欠薪归谁管？" in page
        assert "http://" not in page
        assert "https://" not in page

    def test_interface_goes_before_the_page(self, client, service):
        health = client.get("/api/health").json()
        assert health["fingerprint"] == service.assistant.index.fingerprint


def test_import_of_the_command_line_loads_neither_gradio_nor_fastapi():
    code = "import sys, assistant, assistant.cli; print({'gradio', 'fastapi', 'uvicorn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_app_script_starts_the_server_with_its_options(monkeypatch, tmp_path):
    done = subprocess.run(
        [sys.executable, "app.py", "--index", str(tmp_path), "--host", "0.0.0.0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert "拒绝在 0.0.0.0 上对外开放" in done.stderr
