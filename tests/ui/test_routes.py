"""What the page links to: original texts in every format, answers to file, the picture, judgements."""

import io
import json
import re
from html import unescape
from xml.etree import ElementTree

import docx
import pytest
from fastapi.testclient import TestClient

from assistant.access import Access
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.feedback import Feedback
from assistant.pipeline import index_corpus
from assistant.server import build_interface
from assistant.service import Service
from assistant.ui.links import original_address
from assistant.ui.routes import view_router
from samples import BICYCLES, LIBRARIES

SENTENCE = "招募志愿者，定期开展培训。"


def app_of(service, **access):
    app = build_interface(service, Access(service.settings.state_dir, **access))
    app.include_router(view_router(service))
    return TestClient(app)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """One text in three formats, and another document."""
    folder = tmp_path_factory.mktemp("routes")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (corpus / "plain.txt").write_text(LIBRARIES, encoding="utf-8")
    lines = [line for line in LIBRARIES.splitlines() if line]
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    (corpus / "site.html").write_text(
        f'<html><meta charset="utf-8"><body>{paragraphs}</body></html>', encoding="utf-8"
    )
    written = docx.Document()
    for line in lines:
        written.add_paragraph(line)
    written.save(corpus / "word.docx")
    settings = Settings(corpus, folder / "index", NO_EMBEDDING, state_dir=folder / "state")
    index_corpus(settings, progress=lambda line: None)
    return Service.open(settings)


@pytest.fixture(scope="module")
def client(service):
    return app_of(service)


def marks(page):
    return [unescape(each) for each in re.findall(r"<mark[^>]*>(.*?)</mark>", page)]


class TestOriginal:
    @pytest.mark.parametrize("document", ["plain", "site", "word"])
    def test_highlights_the_quoted_words_in_every_format(self, client, service, document):
        answer = service.assistant.ask(Question("志愿者培训归谁负责？", document=document))
        quoted = next(each for each in answer.citations if SENTENCE in each.quote)
        page = client.get("/" + original_address(document, [(quoted.start, quoted.end)]))
        assert page.status_code == 200
        assert marks(page.text) == [quoted.quote]
        assert page.text.index('id="quote"') < page.text.index(SENTENCE)

    def test_shows_the_whole_text(self, client, service):
        page = client.get("/original?document=plain").text
        shown = unescape(re.sub(r"<[^>]+>", "", page.partition('<div class="zc-text">')[2]))
        assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", service.assistant.index.document("plain").text)
        assert marks(page) == []

    @pytest.mark.parametrize(
        ("query", "status"),
        [("document=none", 404), ("document=plain&at=5-99999", 422), ("document=plain&at=x", 422)],
    )
    def test_says_what_is_wrong_with_an_address(self, client, query, status):
        refused = client.get(f"/original?{query}")
        assert refused.status_code == status
        assert re.search("没有这个文件|不在这个文件里", refused.json()["detail"])


class TestFiles:
    def test_answer_to_file_is_that_of_the_conversation(self, client, service):
        asked = {"question": "那民政局呢？", "history": "文旅局有哪些任务？", "document": "plain"}
        reply = client.post("/answer.docx", data=asked)
        text = "\n".join(each.text for each in docx.Document(io.BytesIO(reply.content)).paragraphs)
        answer = service.assistant.ask(Question("那民政局呢？", ("文旅局有哪些任务？",), "plain"))
        assert answer.status == "answered"
        assert SENTENCE.strip("。") in text or answer.citations[0].quote in text
        assert "那民政局呢？" in text

    def test_picture_follows_the_filters(self, client):
        whole, filtered = (client.get(f"/ledger.svg{query}").text for query in ("", "?role=lead"))
        assert "城管局" in "".join(ElementTree.fromstring(filtered).itertext())
        assert "财政局" in "".join(ElementTree.fromstring(whole).itertext())
        assert "财政局" not in "".join(ElementTree.fromstring(filtered).itertext())

    def test_judgements_are_for_curators(self, client, service):
        answer = service.assistant.ask(Question("文旅局有哪些任务？"))
        service.record_feedback(Feedback.of(Question("文旅局有哪些任务？"), answer, "wrong", "少了一条"))
        [line] = client.get("/feedback.jsonl").text.splitlines()
        kept = json.loads(line)
        assert (kept["verdict"], kept["reason"]) == ("wrong", "少了一条")
        assert app_of(service, anybody="reader").get("/feedback.jsonl").status_code == 403
