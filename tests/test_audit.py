"""Records of answers: what they hold, how long they stay, and what asking again brings to light."""

import json
import logging
import stat
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assistant import audit, cli
from assistant.audit import AuditLog, read_records
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.errors import DataFileError
from assistant.pipeline import Assistant, index_corpus
from assistant.service import Service
from samples import BICYCLES

STATIONS = Question("站点布局由哪些单位负责？", ("公共自行车有哪些任务？",))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    settings = Settings(
        corpus_dir=folder / "corpus",
        index_dir=folder / "index",
        state_dir=folder / "state",
        embedding=NO_EMBEDDING,
    )
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    index_corpus(settings, progress=lambda line: None)
    return settings


@pytest.fixture
def kept(settings, tmp_path):
    """A service whose records lie in a folder of the test's own."""
    service = Service.open(replace(settings, state_dir=tmp_path))
    service.keep_records()
    return service


@pytest.fixture(scope="module")
def asked(settings):
    """One question with its plan, clauses and answer."""
    return STATIONS, *audit.stages_of(Assistant.open(settings), STATIONS)


def files(folder):
    return sorted(path.name for path in (folder / "audit").glob("*"))


def records(folder):
    return [record for name in files(folder) for record in read_records(folder / "audit" / name)]


class TestRecording:
    def test_a_record_says_what_was_asked_found_and_answered(self, kept, tmp_path):
        answer = kept.assistant.ask(STATIONS)
        (record,) = records(tmp_path)
        assert record["question"] == {
            "text": STATIONS.text,
            "history": ["公共自行车有哪些任务？"],
            "document": "",
        }
        assert record["index_fingerprint"] == kept.assistant.index.fingerprint
        assert record["plan"]["intent"] == answer.intent == "owner"
        assert record["hits"][0]["path"] == ["二", "（一）", "1"]
        assert 0 < record["hits"][0]["evidence"] <= 1
        assert record["answer"]["text"] == answer.text
        assert [unit["name"] for unit in record["answer"]["units"]] == ["市城管局", "住建局", "财政局"]

    def test_an_index_that_a_change_has_made_records_too(self, settings, tmp_path):
        own = replace(settings, corpus_dir=tmp_path / "c", index_dir=tmp_path / "i", state_dir=tmp_path)
        own.corpus_dir.mkdir()
        (own.corpus_dir / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
        index_corpus(own, progress=lambda line: None)
        service = Service.open(own)
        service.keep_records()
        service.set_validity("bicycles", effective="2022-06-01")
        service.assistant.ask(STATIONS)
        assert [record["index_fingerprint"] for record in records(tmp_path)] == [
            service.assistant.index.fingerprint
        ]

    def test_none_is_kept_before_it_is_asked_for_or_where_it_is_switched_off(self, settings, tmp_path):
        service = Service.open(replace(settings, state_dir=tmp_path, audit=False))
        service.assistant.ask(STATIONS)
        service.keep_records()
        service.assistant.ask(STATIONS)
        assert files(tmp_path) == []

    def test_only_the_owner_may_read_it(self, kept, tmp_path):
        kept.assistant.ask(STATIONS)
        (path,) = (tmp_path / "audit").iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_an_answer_goes_out_though_it_cannot_be_recorded(self, kept, tmp_path, caplog):
        (tmp_path / "audit").write_text("in the way")
        with caplog.at_level(logging.ERROR):
            assert kept.assistant.ask(STATIONS).status == "answered"
            assert kept.assistant.ask(STATIONS).status == "answered"
        assert [each.message.partition(":")[0] for each in caplog.records] == ["answers are not recorded"]


class TestRetention:
    def write(self, folder, **sizes):
        (folder / "audit").mkdir()
        for day, size in sizes.items():
            (folder / "audit" / f"{day[1:].replace('_', '-')}.jsonl").write_bytes(b"x" * size)

    def test_what_is_too_old_goes_when_a_new_day_begins(self, tmp_path, asked, monkeypatch):
        self.write(tmp_path, d2024_01_01=9, d2024_01_10=9, d2024_01_11=9)
        (tmp_path / "audit" / "notes.txt").write_text("not ours")
        log = AuditLog(tmp_path / "audit", days=10, megabytes=1)
        assert log._file(date(2024, 1, 20)).name == "2024-01-20.jsonl"
        assert files(tmp_path) == ["2024-01-10.jsonl", "2024-01-11.jsonl", "notes.txt"]

    def test_the_oldest_go_when_space_is_short(self, tmp_path):
        # One megabyte for ten files: nine tenths may be there when a new file is begun.
        tenth = (1 << 20) // 10
        self.write(tmp_path, d2024_01_01=tenth * 4, d2024_01_02=tenth * 4, d2024_01_03=tenth * 4)
        log = AuditLog(tmp_path / "audit", days=100, megabytes=1)
        log._file(date(2024, 1, 4))
        assert files(tmp_path) == ["2024-01-02.jsonl", "2024-01-03.jsonl"]

    def test_a_full_file_is_followed_by_another_of_the_same_day(self, tmp_path):
        self.write(tmp_path, d2024_01_01=(1 << 20) // 10 + 1)
        log = AuditLog(tmp_path / "audit", days=100, megabytes=1)
        assert log._file(date(2024, 1, 1)).name == "2024-01-01-2.jsonl"
        (tmp_path / "audit" / "2024-01-01-2.jsonl").write_bytes(b"x")
        assert log._file(date(2024, 1, 1)).name == "2024-01-01-2.jsonl"

    def test_no_file_is_too_old_for_a_clock_set_back(self, tmp_path):
        self.write(tmp_path, d2024_01_01=9)
        AuditLog(tmp_path / "audit", days=10, megabytes=1)._file(date(1970, 1, 1))
        assert files(tmp_path) == ["2024-01-01.jsonl"]


class TestReplay:
    def record(self, asked):
        return json.loads(json.dumps(audit.audit_record(datetime.now(UTC), *asked)))

    def test_the_same_index_gives_the_same_answer(self, settings, asked):
        assert audit.replay(self.record(asked), Assistant.open(settings)) == []

    def test_another_text_shows_in_index_citations_and_answer(self, settings, asked, tmp_path):
        changed = replace(settings, corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
        changed.corpus_dir.mkdir()
        (changed.corpus_dir / "bicycles.txt").write_text(BICYCLES.replace("市城管局", "市园林局"))
        index_corpus(changed, progress=lambda line: None)
        differences = audit.replay(self.record(asked), Assistant.open(changed))
        names = {each.name for each in differences}
        assert {"index_fingerprint", "text", "citations", "units"} <= names
        assert "question" not in names
        assert audit.changes_answer(differences)
        lines = audit.difference_lines(self.record(asked), differences)
        assert "责任单位：" in "".join(lines)
        assert any("市园林局" in line for line in lines)

    def test_a_document_that_is_gone_is_a_difference(self, settings, asked):
        record = self.record(asked)
        record["question"]["document"] = "gone"
        ((difference,),) = audit.replay_all([record], Assistant.open(settings))
        assert "索引中没有这个文件：gone" in difference.now
        assert audit.changes_answer([difference])

    def test_other_scores_alone_do_not_change_the_answer(self, settings, asked):
        record = self.record(asked)
        record["hits"][0]["score"] += 1
        differences = audit.replay(record, Assistant.open(settings))
        assert [each.name for each in differences] == ["hits"]
        assert not audit.changes_answer(differences)

    @pytest.mark.parametrize(
        "line",
        ["{", "[]", "1", '{"format": 2}', '{"format": 1}', '{"format": 1, "question": 3}', "[" * 99999],
    )
    def test_a_line_that_is_no_record_is_named(self, tmp_path, line):
        path = tmp_path / "a.jsonl"
        path.write_text("\n" + line)
        with pytest.raises(DataFileError, match="第 2 行无法使用"):
            read_records(path)

    def test_the_command_says_what_differs(self, settings, kept, tmp_path, capsys):
        kept.assistant.ask(STATIONS)
        (path,) = (tmp_path / "audit").iterdir()
        arguments = ["replay", str(path), "--index", str(settings.index_dir)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ZHENGCE_EMBEDDING", NO_EMBEDDING)
            assert cli.main(arguments) == 0
            assert f"{STATIONS.text}　——与记录相同" in capsys.readouterr().out
            record = json.loads(path.read_text())
            record["answer"]["text"] = "别的"
            path.write_text(json.dumps(record))
            assert cli.main([*arguments, "--json"]) == 1
        (printed,) = json.loads(capsys.readouterr().out)
        (difference,) = printed["differences"]
        assert (difference["name"], difference["recorded"]) == ("text", "别的")
