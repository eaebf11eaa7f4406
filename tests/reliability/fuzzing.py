"""What holds for any input: each function takes bytes or a text and raises where a promise is broken.

The tests feed them a little from Hypothesis, ``eval/reliability/fuzz.py`` feeds them for minutes.
"""

import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from fastapi.testclient import TestClient

from assistant import server
from assistant.access import Access
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.errors import DocumentError, IndexError_
from assistant.parsing import READERS, parse_file, parse_text
from assistant.pipeline import Assistant, index_corpus
from assistant.service import Service
from assistant.store import open_index
from samples import BICYCLES, LIBRARIES

#: Formats that need no program of another maker and no model.
SUFFIXES = tuple(suffix for suffix in READERS if suffix in (".txt", ".md", ".docx", ".html", ".pdf", ".ofd"))


@functools.cache
def folder():
    """A folder for the whole process, with an index of two documents."""
    made = Path(tempfile.mkdtemp(prefix="zhengce-fuzz-"))
    settings = settings_in(made)
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (settings.corpus_dir / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
    index_corpus(settings, progress=lambda line: None)
    return made


def settings_in(made):
    return Settings(
        corpus_dir=made / "corpus",
        index_dir=made / "index",
        state_dir=made / "state",
        embedding=NO_EMBEDDING,
        rate_per_minute=10**9,
    )


@functools.cache
def assistant():
    return Assistant.open(settings_in(folder()))


@functools.cache
def client():
    app = server.build_interface(Service(settings_in(folder()), assistant()), Access(folder() / "state"))
    return TestClient(app, raise_server_exceptions=True)


def parse(text):
    """Any text gives a document whose spans lie in it."""
    document = parse_text(text)
    assert document.text == text
    for clause in document.clauses:
        assert 0 <= clause.start < clause.end <= len(text)
    for duty in document.duties:
        assert text[duty.start : duty.end] == duty.unit


def read(suffix, data):
    """Any bytes under any suffix give a document or an error that says why not."""
    path = folder() / f"fuzz{suffix}"
    path.write_bytes(data)
    with contextlib.suppress(DocumentError):
        parse(parse_file(path).text)


def ask(text, history=()):
    """Any question gets an answer whose quotations are verbatim; without evidence it asserts no unit."""
    opened = assistant()
    answer = opened.ask(Question(text, tuple(history)))
    texts = {each.id: each.text for each in opened.index.documents}
    for citation in answer.citations:
        assert texts[citation.document][citation.start : citation.end] == citation.quote
    assert answer.status in ("answered", "no_evidence", "chat")
    assert answer.status == "answered" or answer.units == ()
    assert answer.text.strip()


def call(body):
    """Any body of a request is answered, or refused in the form of a problem."""
    response = client().post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 400, 404, 413, 422), response.text
    said = response.json()["text" if response.status_code == 200 else "detail"]
    assert any("\u4e00" <= character <= "\u9fff" for character in said), said


def load(place, data):
    """An index with other bytes somewhere in its files opens as it was, or is refused by an error of ours."""
    spoilt = folder() / "spoilt"
    shutil.rmtree(spoilt, ignore_errors=True)
    shutil.copytree(folder() / "index", spoilt / "index")
    paths = sorted(path for path in (spoilt / "index").rglob("*") if path.is_file() and path.stat().st_size)
    path = paths[place % len(paths)]
    former = path.read_bytes()
    path.write_bytes(
        data if place % 3 else former[: place % len(former)] + data + former[place % len(former) :]
    )
    with contextlib.suppress(IndexError_):
        assert open_index(settings_in(spoilt)).documents == assistant().index.documents
