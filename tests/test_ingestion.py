"""Documents prepared here, in other processes, or on a Ray cluster: the same index, byte for byte."""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from assistant import ingestion
from assistant.config import NO_EMBEDDING, Settings
from assistant.errors import DocumentError, IndexError_, UsageError
from assistant.ingestion import toolbox
from assistant.pipeline import index_corpus
from assistant.store.generations import current_generation
from assistant.store.index import Prepared, attempt, open_index
from samples import BICYCLES, CORPUS_FILE, LIBRARIES

DATES = '{"libraries": {"effective": "2021-09-01", "expires": ""}}'


@pytest.fixture
def settings(tmp_path):
    """Three documents, one of them with a date entered, and a file that cannot be read."""
    corpus = tmp_path / "corpus"
    (corpus / "市直").mkdir(parents=True)
    (corpus / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (corpus / "broken.txt").write_bytes(b"\x00\x01\x02" * 100)
    (corpus / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
    shutil.copy(CORPUS_FILE, corpus / "市直" / "plan.txt")
    (corpus / "validity.json").write_text(DATES, encoding="utf-8")
    return Settings(corpus_dir=corpus, index_dir=tmp_path / "index")


def bytes_of(settings):
    folder = current_generation(settings.index_dir)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def index(settings, **options):
    lines = []
    return index_corpus(settings, progress=lines.append, **options), lines


def test_several_processes_write_the_bytes_of_one(settings, tmp_path):
    one, said = index(settings)
    other = replace(settings, index_dir=tmp_path / "other")
    several, heard = index(other, workers=3)
    assert one.added == several.added == ("bicycles", "libraries", "市直/plan")
    assert [path.endswith("broken.txt") for path, _ in several.failed] == [True]
    assert several == one
    assert heard == said
    assert bytes_of(other) == bytes_of(settings)
    dates = {each.id: each.metadata.effective.value for each in open_index(other).documents}
    assert dates["libraries"] == "2021-09-01"


def test_an_update_by_several_processes_touches_what_changed(settings, tmp_path):
    index(settings)
    path = settings.corpus_dir / "bicycles.txt"
    path.write_text(BICYCLES.replace("站点", "岗亭"), encoding="utf-8")
    (settings.corpus_dir / "broken.txt").write_text(LIBRARIES, encoding="utf-8")
    report, _ = index(settings, workers=2)
    assert (report.added, report.changed) == (("broken",), ("bicycles",))
    assert report.unchanged == ("libraries", "市直/plan")
    anew = replace(settings, index_dir=tmp_path / "anew")
    index(anew)
    assert bytes_of(settings) == bytes_of(anew)


def test_nothing_new_starts_no_process(settings, monkeypatch):
    (settings.corpus_dir / "broken.txt").unlink()
    index(settings)
    monkeypatch.setattr(ingestion, "ProcessPoolExecutor", None)
    report, _ = index(settings, workers=2)
    assert len(report.unchanged) == 3


def _die(job):
    os._exit(1)


def test_a_process_that_dies_is_told_and_leaves_the_old_index(settings, monkeypatch):
    index(settings)
    before = bytes_of(settings)
    (settings.corpus_dir / "bicycles.txt").write_text(LIBRARIES, encoding="utf-8")
    monkeypatch.setattr(ingestion, "_attempt_here", _die)
    with pytest.raises(IndexError_, match=r"意外终止.*--workers"):
        index(settings, workers=2)
    assert bytes_of(settings) == before


def test_a_document_is_prepared_whole(settings):
    tools = toolbox(settings)
    done = attempt(tools, ("bicycles", settings.corpus_dir / "bicycles.txt"))
    assert isinstance(done, Prepared)
    assert done.document.text == BICYCLES
    assert {chunk.document for chunk in done.chunks} == {"bicycles"}
    assert done.counts.matrix.shape[0] == done.vectors.shape[0] == len(done.chunks) > 3
    failed = attempt(tools, ("broken", settings.corpus_dir / "broken.txt"))
    assert isinstance(failed, DocumentError)
    assert isinstance(attempt(tools, ("gone", settings.corpus_dir / "gone.txt")), OSError | DocumentError)
    assert attempt(toolbox(replace(settings, embedding=NO_EMBEDDING)), ("b", CORPUS_FILE)).vectors is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"workers": 0}, "--workers 应为正整数，实际是 0"),
        ({"workers": -2}, "实际是 -2"),
        ({"workers": 2, "ray": "local"}, "只能用一个"),
    ],
)
def test_a_number_of_processes_that_cannot_be_is_wrong_usage(settings, options, told):
    with pytest.raises(UsageError, match=told):
        index(settings, **options)
    assert not settings.index_dir.exists()


@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason='needs Ray: pip install "zhengce[cluster]"')
def test_a_ray_cluster_writes_the_bytes_of_one_process(settings, tmp_path):
    index(settings)
    other = replace(settings, index_dir=tmp_path / "other")
    command = ["index", "--corpus", settings.corpus_dir, "--index", other.index_dir, "--ray", "local"]
    # A process of its own: Ray leaves threads and sockets behind.
    result = subprocess.run(
        [sys.executable, "-m", "assistant.cli", *map(str, command)], capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 1, result.stderr  # for the file that cannot be read
    assert "broken.txt" in result.stdout
    assert "Traceback" not in result.stderr
    assert bytes_of(other) == bytes_of(settings)


@pytest.mark.skipif(not importlib.util.find_spec("ray"), reason='needs Ray: pip install "zhengce[cluster]"')
@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999"])
def test_a_cluster_that_does_not_answer_is_told(settings, address):
    command = ["index", "--corpus", settings.corpus_dir, "--index", settings.index_dir, "--ray", address]
    result = subprocess.run(
        [sys.executable, "-m", "assistant.cli", *map(str, command)], capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 1
    assert f"无法连接 Ray 集群（{address}）" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_ray_the_extra_is_named(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(IndexError_, match=r"zhengce\[cluster\]"):
        index(settings, ray="local")
