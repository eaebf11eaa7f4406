"""The service core on real files: what a change does, what a failed one leaves, what readers see then."""

import json
import shutil
import threading
from dataclasses import replace

import pytest

from assistant import service as service_module
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.errors import (
    DataFileError,
    DocumentError,
    IndexMissingError,
    TooLargeError,
    UnknownDocumentError,
    UnsupportedFormatError,
    UsageError,
    ZhengceError,
)
from assistant.feedback import Feedback
from assistant.pipeline import Assistant, index_corpus
from assistant.service import Service
from assistant.validity import Validity
from samples import BICYCLES, LIBRARIES

STATIONS = "站点布局由哪些单位负责？"
READERS = "图书馆要藏书多少册？"


def settings_in(folder):
    return Settings(
        corpus_dir=folder / "corpus",
        index_dir=folder / "index",
        state_dir=folder / "state",
        embedding=NO_EMBEDDING,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A corpus of one document, indexed and opened once."""
    folder = tmp_path_factory.mktemp("built")
    settings = settings_in(folder)
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    index_corpus(settings, progress=lambda line: None)
    return folder, Assistant.open(settings)


@pytest.fixture
def settings(built, tmp_path):
    """A copy of it that the test may change."""
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    return settings_in(tmp_path)


@pytest.fixture
def service(built, settings):
    return Service(settings, built[1])


def ids(service):
    return [each.id for each in service.assistant.index.documents]


def files(settings):
    """Everything in the corpus folder, by relative path."""
    corpus = settings.corpus_dir
    return {str(path.relative_to(corpus)): path.read_bytes() for path in corpus.rglob("*") if path.is_file()}


class TestPreview:
    def test_parses_and_stores_nothing(self, service, settings):
        before = files(settings)
        seen = service.preview("图书馆.txt", LIBRARIES.encode())
        assert seen.document.id == "图书馆"
        assert seen.document.metadata.doc_number.value == "云文发〔2021〕8号"
        assert [clause.label for clause in seen.document.clauses] == ["一", "二", "二（一）", "二（二）"]
        assert (seen.replaces, seen.warnings) == ("", ())
        assert files(settings) == before
        assert ids(service) == ["bicycles"]

    def test_says_what_it_would_replace(self, service):
        assert service.preview("bicycles.md", BICYCLES.encode()).replaces == "bicycles"
        assert service.preview("x.txt", LIBRARIES.encode(), document="bicycles").replaces == "bicycles"

    def test_warns_of_the_same_number_under_another_name(self, service):
        (warning,) = service.preview("copy.txt", BICYCLES.encode()).warnings
        assert "云政办发〔2022〕15号" in warning
        assert "bicycles" in warning

    def test_warns_where_there_are_no_clauses_and_no_title(self, service):
        warnings = service.preview("note.txt", "今天天气很好。".encode()).warnings
        assert any("没有识别出任何带编号的条款" in each for each in warnings)

    @pytest.mark.parametrize(
        "name", ["", " ", ".txt", "..", "a\n.txt", "a\x00.txt", "\u202etxt.a.txt", "a/", "\ud800.txt"]
    )
    def test_refuses_what_cannot_be_a_name(self, service, name):
        with pytest.raises(UsageError, match="文件名无法使用"):
            service.preview(name, BICYCLES.encode())

    @pytest.mark.parametrize("name", ["a.exe", "a", "a.txt.zip"])
    def test_refuses_formats_without_a_reader(self, service, name):
        with pytest.raises(UnsupportedFormatError, match=r"不支持的文件格式.*\.docx"):
            service.preview(name, b"abc")

    def test_takes_the_last_step_of_a_path_only(self, service):
        assert service.preview("..\\..\\etc/图书 馆.txt", LIBRARIES.encode()).document.file == "图书 馆.txt"

    def test_limits_names_and_sizes(self, service, settings):
        with pytest.raises(UsageError, match="文件名太长：84 个字"):
            service.preview("长" * 80 + ".txt", b"abc")
        small = Service(replace(settings, max_upload_mb=1), service.assistant)
        with pytest.raises(TooLargeError, match=r"1\.5 MB，上限是 1 MB.*ZHENGCE_MAX_UPLOAD_MB"):
            small.preview("a.txt", b"x" * (3 << 19))

    def test_empty_and_broken_files_are_document_errors(self, service):
        with pytest.raises(DocumentError, match="没有内容"):
            service.preview("a.txt", b"")
        with pytest.raises(DocumentError):
            service.preview("a.docx", b"no archive")


class TestAdd:
    def test_makes_a_document_answerable_and_keeps_its_file(self, service, settings):
        steps = []
        added = service.add("图书馆.txt", LIBRARIES.encode(), lambda share, line: steps.append((share, line)))
        assert added == service.assistant.index.document("图书馆")
        assert "5000册" in service.assistant.ask(Question(READERS)).text
        assert (settings.corpus_dir / "图书馆.txt").read_text(encoding="utf-8") == LIBRARIES
        shares = [share for share, _ in steps]
        assert (shares[0], shares[-1], sorted(shares)) == (0.0, 1.0, shares)
        assert "已解析：4 条，4 项责任" in [line for _, line in steps]

    def test_is_there_for_the_next_process_and_unchanged_for_a_rebuild(self, service, settings):
        service.add("图书馆.txt", LIBRARIES.encode())
        fingerprint = service.assistant.index.fingerprint
        assert Assistant.open(settings).index.fingerprint == fingerprint
        report = index_corpus(settings, progress=lambda line: None)
        assert set(report.unchanged) == {"bicycles", "图书馆"}
        assert not report.added + report.changed + report.removed

    def test_an_answer_in_progress_keeps_its_state(self, service):
        reader = service.assistant
        service.add("图书馆.txt", LIBRARIES.encode())
        assert [each.id for each in reader.index.documents] == ["bicycles"]
        assert reader.ask(Question(STATIONS)).units[0].name == "市城管局"
        assert reader.ask(Question(STATIONS)).index_fingerprint != service.assistant.index.fingerprint

    def test_replaces_a_document_of_the_same_name(self, service, settings):
        changed = BICYCLES.replace("市城管局、住建局、财政局", "市交通局、住建局")
        service.add("bicycles.txt", changed.encode())
        answer = service.assistant.ask(Question(STATIONS))
        assert [unit.name for unit in answer.units] == ["市交通局", "住建局"]
        assert files(settings) == {"bicycles.txt": changed.encode()}

    def test_a_file_of_another_format_takes_the_place_of_the_former(self, service, settings):
        service.add("新名字.md", LIBRARIES.encode(), document="bicycles")
        assert ids(service) == ["bicycles"]
        assert files(settings) == {"bicycles.md": LIBRARIES.encode()}
        assert service.assistant.index.document("bicycles").file == "bicycles.md"

    def test_a_document_in_a_folder_is_replaced_there(self, settings):
        (settings.corpus_dir / "2021").mkdir()
        (settings.corpus_dir / "2021" / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
        index_corpus(settings, progress=lambda line: None)
        service = Service.open(settings)
        service.add("v2.txt", LIBRARIES.replace("5000", "6000").encode(), document="2021/libraries")
        assert "6000册" in service.assistant.ask(Question(READERS)).text
        assert set(files(settings)) == {"bicycles.txt", "2021/libraries.txt"}

    def test_keeps_documents_indexed_from_elsewhere(self, service, settings, tmp_path):
        outside = tmp_path / "elsewhere.txt"
        outside.write_text(LIBRARIES, encoding="utf-8")
        index_corpus(settings, [outside], progress=lambda line: None)
        service.add("bicycles.txt", BICYCLES.encode())
        assert sorted(ids(service)) == ["bicycles", "elsewhere"]

    def test_unreadable_file_changes_nothing(self, service, settings):
        before, fingerprint = files(settings), service.assistant.index.fingerprint
        with pytest.raises(DocumentError):
            service.add("bicycles.docx", b"no archive")
        assert files(settings) == before
        assert service.assistant.index.fingerprint == fingerprint

    @pytest.mark.parametrize("name", ["bicycles.txt", "bicycles.md", "new.txt"])
    def test_failing_to_open_the_new_index_brings_everything_back(self, service, settings, monkeypatch, name):
        before, fingerprint = files(settings), service.assistant.index.fingerprint

        def fail(*given):
            raise ZhengceError("没有内存了")

        monkeypatch.setattr(service_module, "Assistant", fail)
        with pytest.raises(ZhengceError, match="没有内存了"):
            service.add(name, LIBRARIES.encode())
        monkeypatch.undo()
        assert files(settings) == before
        assert service.assistant.index.fingerprint == fingerprint
        assert Assistant.open(settings).index.fingerprint == fingerprint

    def test_another_process_writing_is_reported_and_changes_nothing(self, service, settings):
        import fcntl

        before = files(settings)
        with (settings.index_dir / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(ZhengceError, match="另一个进程正在更新索引"):
                service.add("图书馆.txt", LIBRARIES.encode())
        assert files(settings) == before

    def test_concurrent_changes_all_take_place_and_no_reader_sees_a_mix(self, service):
        states, answered, done = {}, [], threading.Event()

        def read():
            while not done.is_set():
                assistant = service.assistant
                states[assistant.index.fingerprint] = [each.id for each in assistant.index.documents]
                answered.append(assistant.ask(Question(READERS)))

        reader = threading.Thread(target=read)
        writers = [
            threading.Thread(target=service.add, args=(f"d{i}.txt", LIBRARIES.encode())) for i in range(3)
        ]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        reader.join()
        assert sorted(ids(service)) == ["bicycles", "d0", "d1", "d2"]
        assert len(answered) > 3
        for answer in answered:
            held = states[answer.index_fingerprint]
            assert {citation.document for citation in answer.citations} <= set(held)
            assert (answer.status == "answered") == (len(held) > 1)


class TestRemove:
    def test_takes_document_file_and_dates_away(self, service, settings):
        service.add("图书馆.txt", LIBRARIES.encode())
        service.set_validity("图书馆", "2021-04-01", "")
        service.remove("图书馆")
        assert ids(service) == ["bicycles"]
        assert files(settings) == {"bicycles.txt": BICYCLES.encode()}
        assert service.assistant.ask(Question(READERS)).status == "no_evidence"

    def test_the_last_document_stays(self, service, settings):
        with pytest.raises(UsageError, match="最后一个文件"):
            service.remove("bicycles")
        assert set(files(settings)) == {"bicycles.txt"}

    def test_unknown_document(self, service):
        with pytest.raises(UnknownDocumentError, match="没有这个文件：nichts"):
            service.remove("nichts")


class TestValidity:
    def test_enters_the_metadata_and_leaves_again(self, service, settings):
        changed = service.set_validity("bicycles.txt", "2022-06-01", "2027-05-31")
        assert changed.metadata.effective.value == "2022-06-01"
        assert changed.metadata.expires.value == "2027-05-31"
        assert Assistant.open(settings).index.document("bicycles") == changed
        assert service.validity("bicycles") == Validity("2022-06-01", "2027-05-31")
        back = service.set_validity("bicycles")
        assert back.metadata.effective.value == ""
        assert set(files(settings)) == {"bicycles.txt"}

    def test_holds_through_a_rebuild_and_a_replacement(self, service, settings):
        service.set_validity("bicycles", "2022-06-01")
        assert index_corpus(settings, progress=lambda line: None).unchanged == ("bicycles",)
        preview = service.preview("bicycles.txt", LIBRARIES.encode())
        assert any("人工填写的有效期" in each for each in preview.warnings)
        assert preview.document.metadata.effective.value == "2022-06-01"
        assert service.add("bicycles.txt", LIBRARIES.encode()).metadata.effective.value == "2022-06-01"

    @pytest.mark.parametrize("days", [("2022-13-01", ""), ("2022-6-1", ""), ("", "明年"), ("20220601", "")])
    def test_refuses_what_is_no_day(self, service, days):
        with pytest.raises(UsageError, match="不是日期"):
            service.set_validity("bicycles", *days)

    def test_refuses_an_end_before_the_start(self, service):
        with pytest.raises(UsageError, match="2022-05-31 早于施行日期 2022-06-01"):
            service.set_validity("bicycles", "2022-06-01", "2022-05-31")

    def test_a_malformed_file_is_reported(self, service, settings):
        (settings.corpus_dir / "validity.json").write_text('{"bicycles": {"effective": "bald"}}')
        with pytest.raises(DataFileError, match=r"validity\.json.*不是日期"):
            service.set_validity("bicycles", "2022-06-01")


class TestOriginal:
    def test_is_the_file_byte_for_byte(self, service):
        assert service.original("bicycles") == ("bicycles.txt", BICYCLES.encode())

    def test_of_entered_dates_too(self, service):
        service.set_validity("bicycles", "2022-06-01")
        assert service.original("bicycles") == ("bicycles.txt", BICYCLES.encode())

    def test_a_file_that_is_not_the_indexed_one_is_not_given(self, service, settings):
        (settings.corpus_dir / "bicycles.txt").write_text("别的", encoding="utf-8")
        with pytest.raises(UnknownDocumentError, match="收录时的原文件"):
            service.original("bicycles")


class TestFollowing:
    def test_opens_what_another_process_published(self, service, settings):
        (settings.corpus_dir / "libraries.txt").write_text(LIBRARIES, encoding="utf-8")
        report = index_corpus(settings, progress=lambda line: None)
        assert ids(service) == ["bicycles", "libraries"]
        assert service.assistant.index.fingerprint == report.fingerprint
        assert service.assistant is service.assistant

    def test_goes_on_and_says_so_where_the_new_one_cannot_be_opened(self, service, settings, caplog):
        other = replace(settings, chunk_tokens=7)
        index_corpus(other, progress=lambda line: None)
        assert ids(service) == ["bicycles"]
        assert "其他设置" in service.trouble
        assert service.assistant.ask(Question(STATIONS)).status == "answered"
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
        index_corpus(settings, progress=lambda line: None)
        assert ids(service) == ["bicycles"]
        assert service.trouble == ""

    def test_goes_on_while_the_index_is_gone(self, service, settings):
        (settings.index_dir / "CURRENT").unlink()
        assert ids(service) == ["bicycles"]
        assert "没有找到索引" in service.trouble

    def test_needs_an_index_to_start(self, tmp_path):
        with pytest.raises(IndexMissingError):
            Service.open(Settings(index_dir=tmp_path))


class TestFeedback:
    def test_comes_back_as_given(self, service, settings):
        question = Question(STATIONS, history=("前一句",), document="bicycles")
        answer = service.assistant.ask(question)
        given = Feedback.of(question, answer, "wrong", " 还有财政局\n")
        service.record_feedback(given)
        service.record_feedback(replace(given, verdict="helpful", reason=""))
        assert service.feedback() == (given, replace(given, verdict="helpful", reason=""))
        assert (given.question, given.history, given.document) == (STATIONS, ("前一句",), "bicycles")
        assert (given.answer, given.status, given.reason) == (answer.text, "answered", "还有财政局")
        assert "二（一）1" in given.labels
        lines = (settings.state_dir / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["verdict"] for line in lines] == ["wrong", "helpful"]

    def test_there_is_none_at_first(self, service):
        assert service.feedback() == ()

    def test_other_verdicts_are_refused(self, service):
        answer = service.assistant.ask(Question(STATIONS))
        with pytest.raises(UsageError, match="helpful 或 wrong"):
            service.record_feedback(Feedback.of(Question(STATIONS), answer, "so-so"))
        assert service.feedback() == ()

    def test_a_malformed_line_is_named(self, service, settings):
        settings.state_dir.mkdir()
        (settings.state_dir / "feedback.jsonl").write_text("\n{}\n", encoding="utf-8")
        with pytest.raises(DataFileError, match=r"feedback\.jsonl 第 2 行"):
            service.feedback()
