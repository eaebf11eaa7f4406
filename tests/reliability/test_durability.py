"""The scripts of ``eval/reliability``, quick: kills, damages, full disks, readers beside a writer."""

import random

import pytest

from assistant.config import NO_EMBEDDING

from .scripts import script

crash, disk, readers, rot, stage = map(script, ("crash", "disk", "readers", "rot", "stage"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("durability")


@pytest.mark.parametrize("change", crash.CHANGES)
def test_a_kill_at_any_call_leaves_the_state_before_or_after(folder, tmp_path, change):
    template = crash.template_for(change, folder, NO_EMBEDDING)
    trials = list(crash.every_call(change, template, tmp_path / "scratch", step=31))
    assert [trial for trial in trials if trial.faults] == []
    seen = [trial.seen for trial in trials]
    # Killed at the first call nothing had changed; at the last the change had got through.
    assert (trials[0].killed, seen[0]) == (True, "none" if change == "build" else "before")
    assert (trials[-1].killed, seen[-1]) == (False, "after")
    assert seen == sorted(seen, key=("none", "before", "after").index)


def test_a_kill_at_any_time_does_too(folder, tmp_path):
    template = crash.template_for("replace", folder, NO_EMBEDDING)
    trials = list(crash.random_times("replace", template, tmp_path / "scratch", 6, random.Random(7)))
    assert len(trials) == 6
    assert [trial for trial in trials if trial.faults] == []


def test_the_check_sees_a_torn_file_and_a_lost_one(folder, tmp_path, monkeypatch):
    def tear(stage):
        stage.write({"garden.txt": "half"})
        (stage.settings.corpus_dir / "lamps.txt").unlink(missing_ok=True)

    monkeypatch.setitem(crash.CHANGES, "tear", crash.Change(tear, stage.DOCUMENTS))
    template = crash.template_for("tear", folder, NO_EMBEDDING)
    trial = crash.attempt("tear", template, tmp_path / "scratch")
    assert "torn file garden.txt" in trial.faults
    assert "lost files ['lamps.txt']" in trial.faults


def test_every_flipped_bit_is_noticed(tmp_path):
    own = stage.Stage(tmp_path)  # with vectors: they are a file of their own
    own.write(stage.DOCUMENTS)
    own.index()
    found = list(rot.missed(own, 5, random.Random(3)))
    assert [each for each in found if not each[2]] == []
    assert {file for file, _, _ in found} >= {
        "CURRENT",
        "manifest.json",
        "documents.jsonl",
        "chunks.jsonl",
        "vectors.faiss",
    }
    assert own.served() is not None


@pytest.mark.parametrize("change", ["update", "add"])
def test_a_full_disk_is_told_and_loses_nothing(folder, tmp_path, change):
    template = crash.template_for(change, folder, NO_EMBEDDING)
    cases = [
        disk.refused(change, template, tmp_path / "scratch", disk.full_at(call), f"full at {call}")
        for call in (1, 2, 5, 9)
    ]
    cases.append(disk.refused(change, template, tmp_path / "scratch", disk.small_files(1000), "small"))
    assert [case for case in cases if case.faults] == []
    assert all("无法" in case.message for case in cases)


@pytest.mark.parametrize("seconds", [1.0, 4_102_444_800.0])
def test_a_clock_that_jumped_changes_nothing(folder, tmp_path, seconds):
    template = crash.template_for("update", folder, NO_EMBEDDING)
    case = disk.refused("update", template, tmp_path / "scratch", disk.clock_at(seconds), "clock")
    assert (case.message, case.faults) == ("", ())


def test_readers_beside_a_writer_see_whole_states(tmp_path):
    published, opened, answered, faults = readers.run(tmp_path, seconds=3, readers=1, embedding=NO_EMBEDDING)
    assert faults == []
    assert min(published, opened, answered) > 1
