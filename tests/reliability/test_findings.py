"""What the scripts found once, kept as tests."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from assistant.contract import write_text
from assistant.errors import IndexDamagedError, IndexError_
from assistant.store.generations import building, current_generation, publish
from assistant.store.manifest import read_manifest

from . import fuzzing


def make(index_dir, fingerprint):
    with building(index_dir) as folder:
        (folder / "data").write_text(fingerprint)
        return publish(index_dir, folder, fingerprint)


def test_leftovers_of_killed_writers_are_cleared_and_stand_in_nobodys_way(tmp_path):
    ours, dead, running, another = (
        tmp_path / name
        for name in (f".a.txt.{os.getpid()}", ".a.txt.999999999", ".a.txt.1", ".b.txt.999999999")
    )
    for path in (ours, dead, running, another):
        path.write_text("half")
    write_text(tmp_path / "a.txt", "whole")
    assert (tmp_path / "a.txt").read_text() == "whole"
    assert [path.exists() for path in (ours, dead, running, another)] == [False, False, True, True]


def test_an_older_generation_that_stays_is_no_failure(tmp_path, monkeypatch, caplog):
    make(tmp_path, "one")
    remove = shutil.rmtree

    def refuse(path, *rest):
        if "generation-" in str(path):
            raise OSError(errno.EACCES, "Permission denied")
        remove(path, *rest)

    monkeypatch.setattr(shutil, "rmtree", refuse)
    make(tmp_path, "two")
    assert current_generation(tmp_path).name == "generation-two"
    assert "stays until the next build" in caplog.text
    monkeypatch.undo()
    make(tmp_path, "three")
    assert [path.name for path in tmp_path.glob("generation-*")] == ["generation-three"]


def test_an_index_that_may_not_be_read_is_not_called_missing(tmp_path, monkeypatch):
    make(tmp_path, "one")

    def refuse(self, *rest, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(IndexError_, match=r"无法读取索引：.*CURRENT（Permission denied）"):
        current_generation(tmp_path)


def test_a_manifest_nested_too_deeply_is_damage(tmp_path):
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(IndexDamagedError, match="索引清单无法读取"):
        read_manifest(tmp_path, settings="")


def test_a_request_that_is_no_text_is_refused_in_chinese():
    response = fuzzing.client().post(
        "/api/ask", content=b"\x00" * 9, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["detail"].startswith("请求内容无法读取：应为 UTF-8 的 JSON")
