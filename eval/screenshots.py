"""Take the pictures of the README from the running page: ``python eval/screenshots.py``.

The shipped document is indexed in a temporary folder, the page is served from it, and Chromium (named by
``CHROMIUM``, or ``chromium`` on the path) is driven with playwright, which comes with the extra ``test``.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from assistant.access import Access
from assistant.config import Settings
from assistant.pipeline import index_corpus
from assistant.server import build_app, listening_socket
from assistant.service import Service

ROOT = Path(__file__).parents[1]
QUESTION = "农民工欠薪归谁管？"
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
_SETTLED_MS = 400  # opening panels and loading pictures


def main() -> int:
    """Write the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="folder of the pictures")
    chosen = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.stderr.write(
            "找不到 Chromium。请先安装（如 apt-get install chromium），或用 CHROMIUM 指明程序。\n"
        )
        return 1
    with served() as address, sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []  # the sandbox refuses to run for root
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        for name, (view, take) in PICTURES.items():
            page = browser.new_page(viewport=view, device_scale_factor=1, locale="zh-CN")  # type: ignore[arg-type]
            page.goto(address)
            expect(page.locator("#zc-question textarea")).to_be_focused()
            take(page)
            page.wait_for_timeout(_SETTLED_MS)
            page.screenshot(path=chosen.out / name)
            print(chosen.out / name)
        browser.close()
    return 0


@contextmanager
def served() -> Iterator[str]:
    """Serve the shipped documents from a temporary folder; gives the address."""
    with tempfile.TemporaryDirectory(prefix="zhengce-") as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(ROOT / "corpus", corpus)
        settings = Settings(corpus, Path(folder) / "index", state_dir=Path(folder) / "state")
        index_corpus(settings, progress=lambda line: None)
        listener = listening_socket("127.0.0.1", 0)
        app = build_app(Service.open(settings), Access(settings.state_dir), local_only=True)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


def _ask(page: Page) -> None:
    page.locator("#zc-question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".zc-actions")).to_be_visible()


def _chat(page: Page) -> None:
    _ask(page)


def _original(page: Page) -> None:
    _ask(page)
    page.locator(".zc-exchange strong a").click()
    expect(page.locator("#zc-original mark").first).to_be_visible()
    page.mouse.move(0, 0)


def _ledger(page: Page) -> None:
    page.get_by_role("tab", name="责任台账").click()
    expect(page.locator("#zc-ledger tbody tr").first).to_be_visible()


def _matrix(page: Page) -> None:
    _ledger(page)
    page.get_by_role("button", name="单位与条款对照图").click()
    page.wait_for_function("document.querySelector('#zc-matrix img').naturalWidth > 0")


def _documents(page: Page) -> None:
    page.get_by_role("tab", name="文件").click()
    page.get_by_role("button", name="增加或替换文件").click()
    upload = page.locator("#zc-upload input[type=file]")
    upload.set_input_files(next((ROOT / "corpus").glob("*.txt")))
    expect(page.locator("#zc-preview .zc-tree")).to_be_visible()


#: Window and preparation of every picture.
PICTURES: dict[str, tuple[dict[str, int], Callable[[Page], None]]] = {
    "chat-desktop.png": (DESKTOP, _original),
    "chat-phone.png": (PHONE, _chat),
    "original-phone.png": (PHONE, _original),
    "ledger.png": (DESKTOP, _ledger),
    "matrix.png": (DESKTOP, _matrix),
    "documents.png": (DESKTOP, _documents),
}

if __name__ == "__main__":
    sys.exit(main())
