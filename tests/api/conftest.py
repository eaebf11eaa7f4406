"""The interface over the shipped document, and over one that a test may change."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from assistant.access import Access
from assistant.config import NO_EMBEDDING, Settings
from assistant.pipeline import index_corpus
from assistant.server import build_interface
from assistant.service import Service
from samples import BICYCLES, LIBRARIES


@pytest.fixture(scope="package")
def service(corpus_settings, tmp_path_factory):
    """The shipped document; do not change it."""
    state_dir = tmp_path_factory.mktemp("state")
    return Service.open(replace(corpus_settings, state_dir=state_dir, rate_per_minute=1_000_000))


@pytest.fixture(scope="package")
def opened(service):
    return service.assistant


@pytest.fixture(scope="package")
def client(service):
    """Everybody is a curator, as on one's own machine."""
    with TestClient(interface(service), raise_server_exceptions=False) as running:
        yield running


@pytest.fixture
def changing(tmp_path):
    """A client over two documents that a test may change; ``changing.service`` is behind it."""
    service = service_of_its_own(tmp_path)
    client = TestClient(interface(service), raise_server_exceptions=False)
    client.service = service
    return client


def service_of_its_own(folder):
    """Two documents below a folder, indexed."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (corpus / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
    settings = Settings(
        corpus_dir=corpus,
        index_dir=folder / "index",
        state_dir=folder / "state",
        embedding=NO_EMBEDDING,
        max_upload_mb=1,
        rate_per_minute=1_000_000,
    )
    index_corpus(settings, progress=lambda line: None)
    return Service.open(settings)


def interface(service, **options):
    return build_interface(service, Access(service.settings.state_dir), **options)


@pytest.fixture(scope="session")
def problem():
    """Checks that a reply is problem+json and gives its detail."""

    def check(response, status):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        body = response.json()
        assert set(body) == {"type", "title", "status", "detail"}
        assert body["status"] == status
        return body["detail"]

    return check
