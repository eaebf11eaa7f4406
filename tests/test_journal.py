"""A file of lines: whole lines only, whatever the disk or another process does."""

import multiprocessing
import os
import stat

import pytest

from assistant.journal import append_line


def test_lines_follow_each_other(tmp_path):
    path = tmp_path / "new" / "a.jsonl"
    append_line(path, "一")
    append_line(path, "二\ud800")
    assert path.read_text(encoding="utf-8") == "一\n二?\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_cut_short_keeps_a_line_of_its_own(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("whole\ncut sho")
    append_line(path, "next")
    assert path.read_text() == "whole\ncut sho\nnext\n"


def test_what_the_disk_has_no_room_for_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    append_line(path, "before")
    write, calls = os.write, []

    def full(descriptor, data):
        calls.append(len(data))
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:3])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        append_line(path, "a long line")
    monkeypatch.undo()
    assert calls == [12, 9]
    assert path.read_text() == "before\n"


def _append_many(path, word):
    for _ in range(200):
        append_line(path, word * 500)


def test_lines_of_two_processes_do_not_mix(tmp_path):
    path = tmp_path / "a.jsonl"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append_many, args=(path, word)) for word in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sorted(path.read_text().splitlines()) == ["a" * 500] * 200 + ["b" * 500] * 200
