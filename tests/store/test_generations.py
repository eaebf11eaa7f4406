import os
import subprocess
import sys

import pytest

from assistant.errors import IndexDamagedError, IndexError_, IndexMissingError
from assistant.store.generations import building, current_generation, publish


def make(index_dir, fingerprint, content):
    with building(index_dir) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "data").write_text(content)
        return publish(index_dir, folder, fingerprint)


def served(index_dir):
    return (current_generation(index_dir) / "sub" / "data").read_text()


def names(index_dir):
    return sorted(path.name for path in index_dir.iterdir())


def test_nothing_published_is_a_missing_index(tmp_path):
    with pytest.raises(IndexMissingError, match=f"没有找到索引：{tmp_path}.*zhengce index"):
        current_generation(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"  \n", b"../elsewhere", b"/etc", b"a\x00b"])
def test_a_pointer_that_names_no_generation_is_damage(tmp_path, content):
    make(tmp_path, "one", "1")
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"CURRENT.*zhengce index"):
        current_generation(tmp_path)


def test_a_published_generation_is_the_current_one_and_the_only_one(tmp_path):
    index_dir = tmp_path / "a" / "index"
    make(index_dir, "one", "1")
    assert served(index_dir) == "1"
    make(index_dir, "two", "2")
    assert served(index_dir) == "2"
    assert names(index_dir) == [".lock", "CURRENT", "generation-two"]


def test_publishing_the_same_state_again_serves_the_new_files(tmp_path):
    make(tmp_path, "one", "damaged")
    make(tmp_path, "one", "whole")
    assert served(tmp_path) == "whole"
    assert len(list(tmp_path.glob("generation-*"))) == 1


def test_at_no_moment_is_the_served_generation_gone(tmp_path, monkeypatch):
    make(tmp_path, "one", "1")
    seen = []
    fsync = os.fsync

    def watched(descriptor):
        seen.append(served(tmp_path))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    make(tmp_path, "one", "2")
    assert seen[0] == "1"
    assert seen[-1] == "2"
    assert seen == sorted(seen)


def test_an_exception_leaves_what_was_served_and_no_scratch_folder(tmp_path):
    make(tmp_path, "one", "1")

    def fail():
        with building(tmp_path) as folder:
            (folder / "half").write_text("x")
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        fail()
    assert served(tmp_path) == "1"
    assert names(tmp_path) == [".lock", "CURRENT", "generation-one"]


def test_what_a_killed_build_left_is_cleared_away(tmp_path):
    (tmp_path / "building-killed").mkdir()
    (tmp_path / "building-killed" / "half").write_text("x")
    make(tmp_path, "one", "1")
    assert names(tmp_path) == [".lock", "CURRENT", "generation-one"]


def test_a_second_writer_of_this_process_is_refused(tmp_path):
    with (
        building(tmp_path) as first,
        pytest.raises(IndexError_, match=f"另一个进程正在更新索引 {tmp_path}"),
        building(tmp_path),
    ):
        pytest.fail("two writers at once")
    assert not first.exists()
    make(tmp_path, "one", "1")


def test_a_second_writer_of_another_process_is_refused(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from assistant.errors import IndexError_\n"
        "from assistant.store.generations import building\n"
        "try:\n"
        "    with building(pathlib.Path(sys.argv[1])): print('entered')\n"
        "except IndexError_ as error: print('refused', error)\n"
    )

    def other():
        command = [sys.executable, "-c", code, str(tmp_path)]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout

    with building(tmp_path) as folder:
        assert other().startswith("refused 另一个进程正在更新索引")
        assert folder.is_dir()
    assert other() == "entered\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(IndexError_, match=r"无法写入索引目录 .*index.*权限"),
        building(tmp_path / "file" / "index"),
    ):
        pass


def test_an_index_is_readable_by_whoever_may_read_its_folder(tmp_path):
    previous = os.umask(0o022)
    try:
        generation = make(tmp_path, "one", "1")
    finally:
        os.umask(previous)
    assert generation.stat().st_mode & 0o777 == 0o755
