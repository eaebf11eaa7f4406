"""What the tabs show, as functions of the assistant: no browser, no server."""

import re
from dataclasses import replace

import gradio as gr
import pytest

from assistant.api.duties import selected_rows
from assistant.api.models import MAX_QUESTION
from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Document, DutyRow, Metadata, MetadataField, Question
from assistant.pipeline import index_corpus
from assistant.service import Service
from assistant.ui import routes
from assistant.ui.chat import asker
from assistant.ui.choices import document_choices
from assistant.ui.clausetree import tree_html
from assistant.ui.documents import document_view
from assistant.ui.examples import EXAMPLES
from assistant.ui.ledger import deadline_choices, ledger_view
from assistant.ui.ledgertable import SHOWN, ledger_html
from generation.endpoints import Script, application, serving
from samples import BICYCLES, LIBRARIES

WAGES = "农民工欠薪归谁管？"


@pytest.fixture(scope="module")
def opened(corpus_settings):
    return Service.open(corpus_settings)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Two documents, of which one has both lead and support units and one hostile words."""
    folder = tmp_path_factory.mktemp("library")
    hostile = LIBRARIES.replace("藏书", "<script>alert(1)</script>藏书")
    (folder / "bicycles.txt").write_text(BICYCLES, encoding="utf-8")
    (folder / "libraries.txt").write_text(hostile, encoding="utf-8")
    settings = Settings(corpus_dir=folder, index_dir=folder / "index", embedding=NO_EMBEDDING)
    index_corpus(settings, progress=lambda line: None)
    return Service.open(settings)


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    """One document with a time limit in one of its two duties' clauses."""
    folder = tmp_path_factory.mktemp("dated")
    text = LIBRARIES.replace("定期开展培训。", "于9月30日前开展培训。")
    text = text.replace("（责任单位：文旅局、民政局）", "（责任单位：民政局）")
    (folder / "libraries.txt").write_text(text, encoding="utf-8")
    settings = Settings(corpus_dir=folder, index_dir=folder / "index", embedding=NO_EMBEDDING)
    index_corpus(settings, progress=lambda line: None)
    return Service.open(settings).assistant


def words(markup):
    return re.sub(r"<[^>]+>", " ", markup)


def turns(service, text, *, document="", plain=False, history=(), exchanges=()):
    return list(asker(service)(text, document, plain, list(history), list(exchanges)))


class TestChat:
    def test_answer_comes_in_steps_and_stays_with_its_evidence(self, opened):
        steps = turns(opened, WAGES)
        logs = [step[1] for step in steps]
        assert "正在查阅 1 个文件" in logs[0]
        assert "找到相关条款：二（三）1 维护农民工合法权益" in logs[1]
        grown = [log for log in logs[2:] if "人社局、总工会" in log]
        assert sorted(map(len, grown)) == list(map(len, grown))
        assert words(logs[-1]).count(WAGES) == 1
        box, log, history, exchanges, evidence, _ = steps[-1]
        assert (box, history, exchanges) == ("", [WAGES], [log])
        assert evidence.count("<q>") == 3

    def test_refusal_of_the_program_is_shown_as_its_message(self, opened):
        *_, (_, log, history, _, evidence, _) = turns(opened, WAGES, document="<b>")
        assert "出错了：" in log
        assert history == [WAGES]
        assert "<b>" not in log + evidence

    def test_earlier_turns_are_passed_on_and_stay_on_the_page(self, opened):
        *_, (_, _, history, exchanges, _, _) = turns(opened, WAGES)
        *_, (_, log, history, grown, _, _) = turns(
            opened, "那教育局呢？", history=history, exchanges=exchanges
        )
        assert history == [WAGES, "那教育局呢？"]
        assert log == "".join(grown)
        assert grown[0] == exchanges[0]
        expected = opened.assistant.ask(Question("那教育局呢？", history=(WAGES,)))
        assert expected.text.splitlines()[0].replace("*", "") in words(grown[1])

    @pytest.mark.parametrize("nothing", ["", "  \n", None])
    def test_empty_question_changes_nothing(self, opened, nothing):
        [(box, log, history, exchanges, evidence, examples)] = turns(
            opened, nothing, history=["甲"], exchanges=["<p>甲</p>"]
        )
        assert (box, log, history, exchanges) == ("", "<p>甲</p>", ["甲"], ["<p>甲</p>"])
        assert evidence == examples == gr.skip()

    def test_question_is_shown_as_typed_and_nothing_in_it_runs(self, library):
        *_, (_, log, _, _, evidence, _) = turns(library, "<script>alert(1)</script> **藏书**多少")
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **藏书**多少</span>" in log
        assert "<script" not in log + evidence

    def test_scope_keeps_to_one_document(self, library):
        *_, (_, log, _, _, _, _) = turns(library, "文旅局有哪些任务？", document="bicycles")
        assert "图书馆" not in log

    def test_official_terms_are_explained_on_request(self, opened):
        question = "劳务派遣工能转成正式员工吗？"
        *_, (_, normal, _, _, _, _) = turns(opened, question)
        *_, (_, plain, _, _, _, _) = turns(opened, question, plain=True)
        assert "名词解释" in plain
        assert "名词解释" not in normal
        assert 'name="plain" value="true"' in plain

    @pytest.mark.parametrize("question", [question for group in EXAMPLES.values() for question in group])
    def test_every_example_has_an_answer(self, opened, question):
        answer = opened.assistant.ask(Question(question))
        assert answer.status == "answered"
        assert answer.citations

    def test_what_a_language_model_writes_is_shown_sentence_by_sentence(self, library):
        script = Script(text="偏远乡镇站点补助2万元[1]。每个站点补助9万元[1]。每个站点补助1.5万元[1]。")
        with serving(application(script)) as url:
            settings = replace(library.settings, llm_url=url, llm_model="scripted")
            logs = [words(step[1]) for step in turns(Service.open(settings), "每个站点补助多少钱？")]
        drafts = [log for log in logs if "正在逐句核对" in log]
        assert [log.count("[1]") for log in drafts] == [1, 2]
        assert "偏远乡镇站点补助2万元。[1]每个站点补助1.5万元。[1]" in drafts[1]
        assert "依据：" in logs[-1]
        assert "正在逐句核对" not in logs[-1]
        assert "9万元" not in "".join(logs)

    def test_where_the_model_breaks_off_the_extracted_answer_takes_the_place_of_the_draft(self, library):
        script = Script(text="偏远乡镇站点补助2万元[1]。每个站点补助1.5万元[1]。", silent_end=True)
        with serving(application(script)) as url:
            settings = replace(library.settings, llm_url=url, llm_model="scripted")
            logs = [words(step[1]) for step in turns(Service.open(settings), "每个站点补助多少钱？")]
        assert any("偏远乡镇站点补助2万元。[1]" in log for log in logs)
        assert "[1]" not in logs[-1]
        assert "语言模型的回答中途断开，以下是从原文摘取的回答" in logs[-1]

    def test_box_holds_as_much_as_the_http_interface_takes(self):
        assert routes.MAX_QUESTION == MAX_QUESTION


class TestLedger:
    def test_counts_and_groups_by_clause(self, library):
        links, table, _ = ledger_view(library.assistant, "", "bicycles", "")
        rows = library.assistant.duty_rows(document="bicycles")
        clauses = {row.path for row in rows}
        assert f"共 <b>{len(clauses)}</b> 条任务、<b>{len(rows)}</b> 项责任" in table
        assert table.count("<tr>") == 1 + len(clauses)
        assert 'href="api/duties.xlsx?document=bicycles"' in links

    def test_filters_by_unit_and_role_together(self, library):
        links, table, _ = ledger_view(library.assistant, "公安局", "", "support")
        assert "共 <b>1</b> 条任务、<b>1</b> 项责任" in table
        assert "配合" in table
        assert 'href="api/duties.xlsx?unit=%E5%85%AC%E5%AE%89%E5%B1%80&amp;role=support"' in links
        assert "没有符合条件的任务" in ledger_view(library.assistant, "公安局", "", "lead")[1]

    @pytest.mark.parametrize("empty", ["", None])
    def test_empty_filters_let_everything_through(self, library, empty):
        links, table, _ = ledger_view(library.assistant, empty, empty, empty)
        assert f"<b>{len(library.assistant.duty_rows())}</b> 项责任" in table
        assert 'href="api/duties.xlsx"' in links

    def test_picture_and_workbook_hold_the_same_rows(self, library):
        links, _, picture = ledger_view(library.assistant, "公安局", "bicycles", "", "any")
        chosen = "unit=%E5%85%AC%E5%AE%89%E5%B1%80&amp;document=bicycles&amp;deadline=any"
        assert f'href="api/duties.xlsx?{chosen}"' in links
        assert f'href="ledger.svg?{chosen}"' in links
        assert picture == ""
        assert 'src="ledger.svg?document=bicycles"' in ledger_view(library.assistant, "", "bicycles", "")[2]

    def test_filters_by_deadline(self, dated):
        assert deadline_choices(dated) == [("不限", ""), ("写明期限的", "any"), ("9月30日前", "9月30日前")]
        for deadline, count in (("", 3), ("any", 1), ("9月30日前", 1), ("1月1日前", 0)):
            rows = selected_rows(dated, deadline=deadline)
            assert len(rows) == count, deadline
        assert "共 <b>1</b> 条任务" in ledger_view(dated, "", "", "", "9月30日前")[1]

    def test_unknown_document_is_said(self, library):
        links, table, _ = ledger_view(library.assistant, "", "<x>", "")
        assert "索引中没有这个文件：&lt;x&gt;" in table
        assert links == ""

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
            r'<summary><b class="zc-label">(.*?)</b>', document_view(opened.assistant, corpus_document.id)
        )
        assert labels == [clause.label for clause in corpus_document.clauses]

    def test_tree_shows_all_text_once(self, library):
        document = library.assistant.index.document("bicycles")
        shown = re.sub(r"\s", "", words(tree_html(document)))
        for sentence in (
            "每个站点补助1.5万元",
            "每周巡查不少于2次",
            "于9月30日前报送工作总结",
            "云政办发〔2022〕15号",
        ):
            assert shown.count(sentence) == 1

    def test_lets_no_markup_through(self, library):
        assert "<script" not in document_view(library.assistant, "libraries")
        assert "&lt;script&gt;" in document_view(library.assistant, "libraries")

    @pytest.mark.parametrize(("chosen", "shown"), [(None, ""), ("", "")])
    def test_nothing_chosen_shows_nothing(self, opened, chosen, shown):
        assert document_view(opened.assistant, chosen) == shown

    def test_choices_tell_equal_titles_apart(self):
        def document(identifier, number=""):
            metadata = Metadata(title=MetadataField("通知"), doc_number=MetadataField(number))
            return Document(id=identifier, file=f"{identifier}.txt", text="", metadata=metadata)

        assert document_choices([document("a", "云〔2022〕1号"), document("b")], everything=True) == [
            ("全部文件", ""),
            ("通知（云〔2022〕1号）", "a"),
            ("通知（b）", "b"),
        ]
