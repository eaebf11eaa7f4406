"""What all tests share: no network, the corpus document, one small index, and skips with a reason."""

import ipaddress
import os
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.config import NO_EMBEDDING, Settings
from assistant.parsing import parse_file
from samples import CORPUS, CORPUS_FILE, SHARED

# A search for new counterexamples belongs to a person's run; a check of a submission repeats itself.
settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")


def pytest_collection_modifyitems(items):
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason=f"needs the benchmark documents in {SHARED}, which this machine lacks")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(skip)


def _is_local(address):
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Connecting anywhere but to this machine is an error, so that no test can download anything."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            original = getattr(socket.socket, name)

            def guarded(self, address, original=original):
                if not _is_local(address):
                    raise RuntimeError(f"a test tried to reach the network: {address}")
                return original(self, address)

            patch.setattr(socket.socket, name, guarded)
        yield


@pytest.fixture(scope="session")
def corpus_document():
    """The shipped document, parsed once."""
    return parse_file(CORPUS_FILE)


@pytest.fixture(scope="session")
def corpus_settings(tmp_path_factory):
    """Settings whose index is the shipped corpus without vectors, built once; do not write to it."""
    from assistant.pipeline import index_corpus

    settings = Settings(
        corpus_dir=CORPUS, index_dir=tmp_path_factory.mktemp("corpus") / "index", embedding=NO_EMBEDDING
    )
    index_corpus(settings, progress=lambda line: None)
    return settings


@pytest.fixture
def own_corpus_settings(corpus_settings, tmp_path):
    """A copy of that index which a test may damage."""
    index_dir = tmp_path / "index"
    shutil.copytree(corpus_settings.index_dir, index_dir)
    return Settings(corpus_dir=Path(CORPUS), index_dir=index_dir, embedding=NO_EMBEDDING)
