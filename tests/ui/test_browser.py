"""The page in a real browser: what a person does with it, with keyboard and on a phone."""

import io
import os
import shutil
import threading
import time
from dataclasses import replace

import docx
import openpyxl
import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from assistant.access import Access
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.pipeline import index_corpus
from assistant.server import build_app, listening_socket
from assistant.service import Service
from samples import BICYCLES, CORPUS_FILE, LIBRARIES

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
if not CHROMIUM:
    pytest.skip(
        "needs Chromium: apt-get install chromium, or name its program in CHROMIUM", allow_module_level=True
    )

WAGES = "农民工欠薪归谁管？"
QUOTE = "落实《保障农民工工资支付条例》，确保农民工工资按时足额发放。"
HOSTILE = LIBRARIES.replace("藏书", '<img src="x" onerror="window.hacked=1">**藏书**')


class Served:
    """A server in a thread, and its address."""

    def __init__(self, service, **access):
        self.service = service
        listener = listening_socket("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        app = build_app(service, Access(service.settings.state_dir, **access), local_only=True)
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self):
        self._server.should_exit = True
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "corpus").mkdir()
    shutil.copy(CORPUS_FILE, folder / "corpus")
    (folder / "corpus" / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    settings = Settings(folder / "corpus", folder / "index", NO_EMBEDDING, state_dir=folder / "state")
    index_corpus(settings, progress=lambda line: None)
    running = Served(Service.open(settings))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def reading(served, tmp_path_factory):
    """The same documents for people who may not change them."""
    service = served.service
    settings = replace(service.settings, state_dir=tmp_path_factory.mktemp("state"))
    running = Served(Service(settings, service.assistant), anybody="reader")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(served, reading):  # after the servers: gradio wants no event loop while it is mounted
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to run for root, as in containers.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens a page, and sees afterwards that it reported no fault and kept to its site."""
    contexts, faults = [], []

    def opened(server, *, width=1280, height=860):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((server.address, "data:", "blob:")) or faults.append(request.url)
            ),
        )
        page.goto(server.address)
        expect(question_box(page)).to_be_focused()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def question_box(page):
    return page.locator("#zc-question textarea")


def ask(page, question):
    """Type, press Enter, wait for the whole answer; its section of the conversation."""
    asked = page.locator(".zc-exchange").count()
    question_box(page).fill(question)
    question_box(page).press("Enter")
    exchange = page.locator(".zc-exchange").nth(asked)
    expect(exchange.locator(".zc-actions")).to_be_visible()
    return exchange


def tab(page, name):
    page.get_by_role("tab", name=name).click()


def in_view(locator):
    """Whether an element lies wholly inside the window and is not covered there."""
    return locator.evaluate(
        """(element) => {
          const box = element.getClientRects()[0];
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return box.top >= 0 && box.bottom <= innerHeight && element.contains(top);
        }"""
    )


class TestConversation:
    def test_answer_follow_up_and_clearing(self, served, visit):
        page = visit(served)
        first = ask(page, WAGES)
        expect(first).to_contain_text("责任单位：人社局、总工会、市人大社建委、卫健委、应急局、试点企业")
        expect(question_box(page)).to_have_value("")
        expect(page.locator("#zc-evidence")).to_contain_text(QUOTE)
        second = ask(page, "那教育局呢？")
        expected = served.service.assistant.ask(Question("那教育局呢？", (WAGES,))).text.splitlines()[0]
        expect(second).to_contain_text(expected.strip("*（）"))
        expect(first).to_contain_text(WAGES)
        page.get_by_role("button", name="清空").click()
        expect(page.locator(".zc-exchange")).to_have_count(0)

    def test_examples_are_asked_with_one_click(self, served, visit):
        page = visit(served)
        page.get_by_role("button", name="老板拖欠工资，该找哪个部门？").click()
        expect(page.locator(".zc-exchange")).to_contain_text("人社局")

    def test_answer_is_copied_with_its_citations(self, served, visit):
        page = visit(served)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, WAGES).get_by_role("button", name="复制答案和引文").click()
        expect(page.locator(".zc-said")).to_have_text("已复制。")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"问：{WAGES}")
        assert f"1. “{QUOTE}”——《关于建立健全全市推进" in copied

    def test_answer_is_exported_as_a_word_file(self, served, visit):
        page = visit(served)
        exchange = ask(page, WAGES)
        with page.expect_download() as download:
            exchange.get_by_role("button", name="导出 Word").click()
        assert download.value.suggested_filename == "政策查询答复单.docx"
        text = "\n".join(each.text for each in docx.Document(download.value.path()).paragraphs)
        assert WAGES in text
        assert f"“{QUOTE}”" in text

    def test_judgement_is_kept_with_its_reason(self, served, visit):
        page = visit(served)
        exchange = ask(page, WAGES)
        exchange.get_by_role("button", name="有错误").click()
        exchange.get_by_label("哪里不对？").fill("还应有住建局")
        exchange.get_by_role("button", name="提交").click()
        expect(exchange.locator(".zc-said")).to_have_text("已记录，谢谢。")
        kept = served.service.feedback()[-1]
        assert (kept.question, kept.verdict, kept.reason) == (WAGES, "wrong", "还应有住建局")
        assert kept.labels == ("二（三）1",)


class TestOriginal:
    def test_citation_opens_beside_the_answer_at_the_quoted_words(self, served, visit):
        page = visit(served)
        exchange = ask(page, WAGES)
        link = exchange.locator("blockquote", has_text=QUOTE).locator("a")
        link.click()
        mark = page.locator("#zc-original mark")
        expect(mark).to_have_text(QUOTE)
        assert in_view(mark)
        assert in_view(exchange.locator("blockquote").first)
        expect(page.locator("#zc-original h2")).to_contain_text("分类指导机制的实施方案")
        page.keyboard.press("Escape")
        expect(page.locator("#zc-original")).to_be_hidden()
        expect(link).to_be_focused()

    def test_heading_of_an_answer_highlights_all_it_quotes(self, served, visit):
        page = visit(served)
        exchange = ask(page, WAGES)
        page.locator("#zc-evidence a.zc-quote").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#zc-original mark")).to_have_count(1)
        exchange.locator("strong a").click()
        expect(page.locator("#zc-original mark")).to_have_count(3)

    def test_on_a_phone_it_covers_the_answer(self, served, visit):
        page = visit(served, width=390, height=844)
        exchange = ask(page, WAGES)
        assert in_view(page.locator("#zc-send"))
        exchange.locator("blockquote a").first.click()
        expect(page.locator("#zc-original mark")).to_have_text(QUOTE)
        assert page.locator("#zc-original").bounding_box()["width"] == 390
        assert in_view(page.locator("#zc-original mark"))
        page.get_by_role("button", name="关闭").click()
        for name in ("问答", "责任台账", "文件"):
            tab(page, name)
            page.wait_for_timeout(150)
            assert page.evaluate("document.documentElement.scrollWidth") == 390, name


class TestLedger:
    def test_chip_opens_the_duties_of_its_unit_and_they_are_exported(self, served, visit):
        page = visit(served)
        ask(page, WAGES).locator("a.zc-chip", has_text="总工会").click()
        expect(page.locator("#zc-unit input")).to_have_value("市总工会")
        rows = served.service.assistant.duty_rows(unit="市总工会")
        expect(page.locator("#zc-ledger")).to_contain_text(f"共 {len(rows)} 条任务、{len(rows)} 项责任")
        with page.expect_download() as download:
            page.get_by_role("link", name="下载 Excel").click()
        sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
        assert [cells[4].value for cells in sheet.iter_rows(min_row=2)] == [row.unit for row in rows]

    def test_filters_and_picture(self, served, visit):
        page = visit(served)
        tab(page, "责任台账")
        page.locator("#zc-role input").click()
        page.get_by_role("option", name="牵头").click()
        expect(page.locator("#zc-ledger tbody tr")).to_have_count(1)
        expect(page.locator("#zc-ledger tbody")).to_contain_text("城管局")
        page.get_by_role("button", name="单位与条款对照图").click()
        picture = page.locator("#zc-matrix img")
        expect(picture).to_be_visible()
        expect(picture).to_have_attribute("src", "ledger.svg?role=lead")
        page.wait_for_function("document.querySelector('#zc-matrix img').naturalWidth > 400")


class TestDocuments:
    def test_upload_preview_confirm_ask_date_and_remove(self, served, visit, tmp_path):
        page = visit(served)
        file = tmp_path / "关于社区图书馆〔2021〕8号.txt"
        file.write_text(HOSTILE, encoding="utf-8")
        tab(page, "文件")
        page.get_by_role("button", name="增加或替换文件").click()
        page.locator("#zc-upload input[type=file]").set_input_files(file)
        preview = page.locator("#zc-preview")
        expect(preview).to_contain_text("解析完成，尚未收录")
        expect(preview).to_contain_text("云文发〔2021〕8号")
        expect(preview.locator(".zc-node")).to_have_count(5)
        assert len(served.service.assistant.index.documents) == 2
        page.get_by_role("button", name="确认收录").click()
        expect(page.locator("#zc-curating-said")).to_contain_text("已收录：关于建设社区图书馆的通知")
        expect(page.locator(".zc-header")).to_contain_text("已收录 3 个文件")
        assert served.service.assistant.index.document(file.name).id == file.stem

        tab(page, "问答")
        exchange = ask(page, "志愿者培训归谁负责？")
        expect(exchange).to_contain_text("文旅局、民政局")
        ask(page, "每个社区的图书馆藏书多少册？").locator("a.zc-cite").last.click()
        expect(page.locator("#zc-original .zc-text")).to_contain_text(
            '<img src="x" onerror="window.hacked=1">'
        )
        assert page.evaluate("window.hacked") is None
        page.keyboard.press("Escape")

        tab(page, "文件")
        page.locator("#zc-chosen input").click()
        page.get_by_role("option", name="关于建设社区图书馆的通知").click()
        page.get_by_role("button", name="有效期和移除").click()
        page.get_by_label("失效日期").fill("2020年")
        page.get_by_role("button", name="保存有效期").click()
        expect(page.locator("#zc-curating-said")).to_contain_text("不是日期")
        page.get_by_label("失效日期").fill("2030-12-31")
        page.get_by_role("button", name="保存有效期").click()
        expect(page.locator("#zc-listing")).to_contain_text("2030-12-31 失效")
        page.get_by_role("button", name="移除这个文件").click()
        expect(page.locator("#zc-sure")).to_contain_text("确定移除")
        page.get_by_role("button", name="确认移除").click()
        expect(page.locator(".zc-header")).to_contain_text("已收录 2 个文件")
        expect(page.locator("#zc-listing")).not_to_contain_text("社区图书馆")

    def test_a_file_that_cannot_be_read_is_refused_with_its_reason(self, served, visit, tmp_path):
        page = visit(served)
        broken = tmp_path / "坏.pdf"
        broken.write_bytes(b"%PDF-1.4 broken")
        tab(page, "文件")
        page.get_by_role("button", name="增加或替换文件").click()
        page.locator("#zc-upload input[type=file]").set_input_files(broken)
        expect(page.locator("#zc-preview [role=alert]")).to_contain_text("PDF")
        expect(page.locator("#zc-confirm")).to_be_disabled()

    def test_readers_are_offered_no_changes(self, reading, visit):
        page = visit(reading)
        tab(page, "文件")
        expect(page.locator("#zc-listing")).to_contain_text("下载原文件")
        expect(page.get_by_role("button", name="增加或替换文件")).to_have_count(0)
