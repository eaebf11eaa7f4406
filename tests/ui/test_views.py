"""What the tabs show, as functions of the assistant: no browser, no server."""

import re

import gradio as gr
import pytest

from assistant import api
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Document, DutyRow, Metadata, MetadataField, Question
from assistant.pipeline import Assistant, index_corpus
from assistant.ui import chat
from assistant.ui.chat import _asker, answer_turn
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import tree_html
from assistant.ui.documents import document_view
from assistant.ui.examples import EXAMPLES
from assistant.ui.ledger import ledger_view
from assistant.ui.ledgertable import SHOWN, ledger_html
from samples import BICYCLES, LIBRARIES

WAGES = "农民工欠薪归谁管？"


@pytest.fixture(scope="module")
def opened(corpus_settings):
    return Assistant.open(corpus_settings)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Two documents, of which one has both lead and support units and one hostile words."""
    folder = tmp_path_factory.mktemp("library")
    hostile = LIBRARIES.replace("藏书", "<script>alert(1)</script>藏书")
    (folder / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (folder / "libraries.txt").write_text(hostile, encoding="utf-8")
    settings = Settings(corpus_dir=folder, index_dir=folder / "index", embedding=NO_EMBEDDING)
    index_corpus(settings, progress=lambda line: None)
    return Assistant.open(settings)


def words(markup):
    return re.sub(r"<[^>]+>", " ", markup)


class TestChat:
    def test_turn_shows_answer_and_evidence(self, opened):
        turn = answer_turn(opened, Question(WAGES))
        assert "人社局、总工会、市人大社建委、卫健委、应急局、试点企业" in turn.reply
        assert "<mark>" in turn.evidence
        assert "二（三）1" in turn.evidence

    def test_refusal_of_the_program_is_shown_as_its_message(self, opened):
        turn = answer_turn(opened, Question(WAGES, document="<b>"))
        assert turn.reply.startswith("出错了：")
        assert "<b>" not in turn.reply + turn.evidence

    def test_conversation_grows_and_earlier_turns_are_passed_on(self, opened):
        ask = _asker(opened)
        box, messages, history, _, _ = ask(WAGES, "", [], [])
        assert (box, history) == ("", [WAGES])
        assert [message["role"] for message in messages] == ["user", "assistant"]
        _, messages, history, _, _ = ask("那教育局呢？", "", history, messages)
        assert history == [WAGES, "那教育局呢？"]
        expected = answer_turn(opened, Question("那教育局呢？", history=(WAGES,))).reply
        assert messages[-1]["content"] == expected

    @pytest.mark.parametrize("nothing", ["", "  \n", None])
    def test_empty_question_changes_nothing(self, opened, nothing):
        box, messages, history, evidence, examples = _asker(opened)(nothing, "", ["甲"], [])
        assert (box, messages, history) == ("", [], ["甲"])
        assert evidence == examples == gr.skip()

    def test_question_is_shown_as_typed_and_nothing_in_it_runs(self, library):
        asked = "<script>alert(1)</script> **藏书**多少"
        _, messages, _, evidence, _ = _asker(library)(asked, "", [], [])
        assert messages[0]["content"] == r"&lt;script&gt;alert\(1\)&lt;\/script&gt; \*\*藏书\*\*多少"
        assert "<script" not in messages[1]["content"] + evidence

    def test_scope_keeps_to_one_document(self, library):
        _, messages, _, _, _ = _asker(library)("文旅局有哪些任务？", "bicycles", [], [])
        assert "图书馆" not in messages[1]["content"]

    @pytest.mark.parametrize("question", [question for group in EXAMPLES.values() for question in group])
    def test_every_example_has_an_answer(self, opened, question):
        answer = opened.ask(Question(question))
        assert answer.status == "answered"
        assert answer.citations

    def test_box_holds_as_much_as_the_http_interface_takes(self):
        assert chat.MAX_QUESTION == api.MAX_QUESTION


class TestLedger:
    def test_counts_and_groups_by_clause(self, library):
        table, link = ledger_view(library, "", "bicycles", "")
        rows = library.duty_rows(document="bicycles")
        clauses = {row.path for row in rows}
        assert f"共 <b>{len(clauses)}</b> 条任务、<b>{len(rows)}</b> 项责任" in table
        assert table.count("<tr>") == 1 + len(clauses)
        assert 'href="api/duties.xlsx?document=bicycles"' in link

    def test_filters_by_unit_and_role_together(self, library):
        table, link = ledger_view(library, "公安局", "", "support")
        assert "共 <b>1</b> 条任务、<b>1</b> 项责任" in table
        assert "配合" in table
        assert 'href="api/duties.xlsx?unit=%E5%85%AC%E5%AE%89%E5%B1%80&amp;role=support"' in link
        assert "没有符合条件的任务" in ledger_view(library, "公安局", "", "lead")[0]

    @pytest.mark.parametrize("empty", ["", None])
    def test_empty_filters_let_everything_through(self, library, empty):
        table, link = ledger_view(library, empty, empty, empty)
        assert f"<b>{len(library.duty_rows())}</b> 项责任" in table
        assert 'href="api/duties.xlsx"' in link

    def test_unknown_document_is_said(self, library):
        table, link = ledger_view(library, "", "<x>", "")
        assert "索引中没有这个文件：&lt;x&gt;" in table
        assert link == ""

    def test_long_ledgers_are_cut_with_a_notice(self):
        def row(number):
            return DutyRow("d", "题", "", "", (str(number),), "", "局", "局", "lead", (), "（局）", 0, 3)

        table = ledger_html([row(number) for number in range(SHOWN + 5)])
        assert table.count("<tr>") == 1 + SHOWN
        assert f"共 <b>{SHOWN + 5}</b> 条任务" in table
        assert f"显示前 {SHOWN} 条" in table

    def test_lets_no_markup_through(self):
        bad = "<script>alert(1)</script>"
        row = DutyRow("d", bad, bad, bad, (bad,), bad, bad, f'"{bad}', "lead", (bad,), bad, 0, 3)
        assert "<script" not in ledger_html([row])


class TestDocuments:
    def test_tree_holds_every_clause_in_order(self, opened, corpus_document):
        labels = re.findall(
            r'<summary><b class="zc-label">(.*?)</b>', document_view(opened, corpus_document.id)
        )
        assert labels == [clause.label for clause in corpus_document.clauses]

    def test_tree_shows_all_text_once(self, library):
        document = library.index.document("bicycles")
        shown = re.sub(r"\s", "", words(tree_html(document)))
        for sentence in (
            "每个站点补助1.5万元",
            "每周巡查不少于2次",
            "于9月30日前报送工作总结",
            "云政办发〔2022〕15号",
        ):
            assert shown.count(sentence) == 1

    def test_lets_no_markup_through(self, library):
        assert "<script" not in document_view(library, "libraries")
        assert "&lt;script&gt;" in document_view(library, "libraries")

    @pytest.mark.parametrize(("chosen", "shown"), [(None, ""), ("", "")])
    def test_nothing_chosen_shows_nothing(self, opened, chosen, shown):
        assert document_view(opened, chosen) == shown

    def test_choices_tell_equal_titles_apart(self):
        def document(identifier, number=""):
            metadata = Metadata(title=MetadataField("通知"), doc_number=MetadataField(number))
            return Document(id=identifier, file=f"{identifier}.txt", text="", metadata=metadata)

        assert document_choices([document("a", "云〔2022〕1号"), document("b")], everything=True) == [
            ("全部文件", ""),
            ("通知（云〔2022〕1号）", "a"),
            ("通知（b）", "b"),
        ]
