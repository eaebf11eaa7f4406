import copy
import dataclasses

import pytest

from assistant.config import NO_EMBEDDING, Settings
from assistant.datatypes import Question
from assistant.errors import UnknownDocumentError, UsageError, VerificationError
from assistant.evaluation.questions import read_questions, to_question
from assistant.pipeline import Assistant, index_corpus
from policies import ELDERLY, PARKING, ask, assistant, document
from samples import CORPUS_FILE, ROOT

BOTH = ("elderly", "parking")
SETS = sorted((ROOT / "eval" / "questions").glob("corpus_*.jsonl"))
QUESTIONS = [to_question(record) for path in SETS for record in read_questions(path)]


@pytest.fixture(scope="module")
def answers():
    """Every question of the shipped sets, answered once."""
    opened = assistant("corpus")
    return [opened.ask(question) for question in QUESTIONS]


def settled(answer):
    return dataclasses.replace(answer, elapsed_ms=0.0)


# Properties of all answers


def test_there_are_questions():
    assert len(QUESTIONS) >= 700


def test_every_quotation_is_verbatim_and_stands_in_its_clause(answers):
    text = document("corpus").text
    spans = {clause.path: (clause.start, clause.end) for clause in document("corpus").clauses}
    for answer in answers:
        for each in answer.citations:
            assert each.quote
            assert text[each.start : each.end] == each.quote
            start, end = spans[each.path] if each.path else (0, len(text))
            assert start <= each.start < each.end <= end


def test_every_unit_stands_in_the_annotation_of_its_clause(answers):
    printed = {}
    for duty in document("corpus").duties:
        printed.setdefault("".join(duty.path), set()).add((duty.unit, duty.canonical, duty.role))
    for answer in answers:
        for unit in answer.units:
            assert (unit.name, unit.canonical, unit.role) in printed[unit.label]


def test_units_are_in_printed_order_within_a_clause(answers):
    order = {("".join(duty.path), duty.unit): duty.start for duty in document("corpus").duties}
    for answer in answers:
        for label in {unit.label for unit in answer.units}:
            starts = [order[unit.label, unit.name] for unit in answer.units if unit.label == label]
            assert starts == sorted(starts), answer.question


def test_refusals_assert_no_unit_no_verdict_and_quote_nothing(answers):
    refused = [answer for answer in answers if answer.status != "answered"]
    assert len(refused) > 100
    for answer in refused:
        assert (answer.units, answer.citations, answer.verdict) == ((), (), None), answer.question
        assert answer.text


def test_answers_have_evidence_unless_the_list_is_empty(answers):
    for answer in answers:
        if answer.status == "answered" and not answer.citations:
            assert "有 0 条" in answer.text, answer.question


def test_texts_are_readable_on_their_own(answers):
    for answer in answers:
        assert 0 < len(answer.text) <= 1500, answer.question
        if answer.citations:
            assert "出处：《关于建立健全全市推进产业工人队伍建设" in answer.text


def test_the_answer_is_the_same_again_and_in_any_order(answers):
    opened = assistant("corpus")
    for position in reversed(range(0, len(QUESTIONS), 8)):
        assert settled(opened.ask(QUESTIONS[position])) == settled(answers[position])


def test_questions_are_not_changed(answers):
    fresh = [to_question(record) for path in SETS for record in read_questions(path)]
    assert fresh == QUESTIONS


# One question


def test_what_every_answer_tells_of_itself():
    answer = ask(BOTH, "互助养老点归谁管？")
    assert answer.question == "互助养老点归谁管？"
    assert (answer.retrieval_mode, answer.answer_mode) == ("sparse", "extracted")
    assert answer.index_fingerprint == "in memory"
    assert answer.elapsed_ms > 0


def test_asking_leaves_documents_and_question_as_they_were():
    question = Question("那县残联呢", ("县人社局负责哪些任务",), "elderly")
    before = copy.deepcopy((question, document("elderly"), document("parking")))
    assistant(*BOTH).ask(question)
    assert before == (question, document("elderly"), document("parking"))


def test_the_question_as_typed_is_given_back_and_the_repair_noted():
    answer = ask(("corpus",), "農民工欠薪歸誰管")
    assert answer.question == "農民工欠薪歸誰管"
    assert [each.label for each in answer.citations[:1]] == ["二（三）1"]
    assert "（“职公”按“职工”理解）" in ask(("corpus",), "职公教育经费提多少").text


def test_a_document_is_chosen_by_id_or_file_name():
    by_id = ask(BOTH, "文件全称叫什么", document="parking")
    by_file = ask(BOTH, "文件全称叫什么", document="parking.txt")
    assert settled(by_id) == settled(by_file)
    assert {each.document for each in by_id.citations} == {"parking"}
    with pytest.raises(UnknownDocumentError, match="索引中没有这个文件：other"):
        ask(BOTH, "文号是多少", document="other")


def test_every_document_of_the_index_is_searched():
    assert ask(BOTH, "老年食堂送餐").citations[0].document == "elderly"
    assert ask(BOTH, "盲道停车").citations[0].document == "parking"


def test_half_a_surrogate_pair_in_a_question_or_its_history():
    answer = assistant("corpus").ask(Question("人社局\ud800呢", ("教育局\udfff有哪些任务",)))
    assert answer.question == "人社局\ufffd呢"
    answer.text.encode("utf-8")


@pytest.mark.parametrize("label", ["二（一）2", "二(一)2", "二、（一）2.", "二 （一） 2"])
def test_a_clause_by_its_label(label):
    text = assistant(*BOTH).clause_text(label)
    assert text.startswith("2. 改造居家环境。")
    assert text in ELDERLY


def test_a_clause_of_the_document_given():
    assert assistant(*BOTH).clause_text("第二章第三条", document="parking") in PARKING
    with pytest.raises(UnknownDocumentError, match="没有条款“二（一）2”"):
        assistant(*BOTH).clause_text("二（一）2", document="parking")
    with pytest.raises(UnknownDocumentError, match="没有条款“九”"):
        assistant(*BOTH).clause_text("九")


def test_the_ledger_has_every_duty_with_its_annotation():
    rows = assistant(*BOTH).duty_rows()
    assert [(row.unit, row.role) for row in rows] == [
        (duty.unit, duty.role) for duty in document("elderly").duties
    ]
    assert all(ELDERLY[row.start : row.end] == row.quote and row.unit in row.quote for row in rows)
    assert rows[0].deadlines == ("2024年10月底前",)
    assert (rows[0].heading, rows[0].doc_number) == ("建设互助养老点", "临政办发〔2024〕11号")


def test_the_ledger_of_one_unit_or_one_document():
    opened = assistant(*BOTH)
    assert ["".join(row.path) for row in opened.duty_rows(unit="民政局")] == [
        "二（一）1",
        "二（一）2",
        "二（二）1",
        "二（二）2",
    ]
    assert opened.duty_rows(unit="气象局") == []
    assert opened.duty_rows(document="parking") == []
    assert len(opened.duty_rows(unit="民政局", document="elderly")) == 4
    with pytest.raises(UnknownDocumentError):
        opened.duty_rows(document="other")


def test_how_a_question_is_understood():
    opened = assistant(*BOTH)
    plan, found = opened.considered(Question("互助养老点归谁管", document="elderly"))
    assert (plan.intent, plan.documents) == ("owner", ("elderly",))
    assert {opened.index.chunks[each.position].document for each in found} == {"elderly"}


@pytest.mark.parametrize("names", [("elderly",), BOTH])
def test_a_question_that_quotes_title_or_number_is_answered(names):
    for quoted in ("《关于提升农村养老服务水平的实施方案》", "《农村养老服务》", "临政办发〔2024〕11号"):
        answer = ask(names, f"{quoted}里互助养老点补助多少？")
        assert (answer.status, answer.citations[0].label) == ("answered", "二（一）1")
        assert "**8万元**" in answer.text


# Building


def settings(tmp_path):
    return Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index", embedding=NO_EMBEDDING)


def test_an_index_on_disk_answers_like_the_one_in_memory(tmp_path):
    folder = tmp_path / "corpus" / "county"
    folder.mkdir(parents=True)
    (folder / "elderly.txt").write_text(ELDERLY, encoding="utf-8")
    (tmp_path / "corpus" / "parking.txt").write_text(PARKING, encoding="utf-8")
    (tmp_path / "corpus" / "notes.unknown").write_text("no document", encoding="utf-8")
    report = index_corpus(settings(tmp_path), progress=lambda line: None)
    assert report.added == ("county/elderly", "parking")
    assert not report.failed
    opened = Assistant.open(settings(tmp_path))
    for question in ("互助养老点归谁管？", "县民政局负责哪些任务", "第五条讲的什么", "老年食堂补贴多少钱"):
        on_disk, in_memory = opened.ask(Question(question)), ask(BOTH, question)
        assert on_disk.text == in_memory.text
        assert [each.quote for each in on_disk.citations] == [each.quote for each in in_memory.citations]


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"找不到文件或目录：.*missing"):
        index_corpus(settings(tmp_path), [tmp_path / "missing"], progress=lambda line: None)


def test_a_file_given_is_added_and_what_is_there_stays(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "parking.txt").write_text(PARKING, encoding="utf-8")
    index_corpus(settings(tmp_path), progress=lambda line: None)
    report = index_corpus(settings(tmp_path), [CORPUS_FILE], progress=lambda line: None)
    assert (report.added, report.removed) == ((CORPUS_FILE.stem,), ())
    again = index_corpus(settings(tmp_path), progress=lambda line: None)
    assert again.removed == (CORPUS_FILE.stem,)


def test_an_answer_that_fails_its_check_is_withheld_and_said_to_be(corpus_settings, monkeypatch, caplog):
    assistant = Assistant.open(corpus_settings)

    def wrong(plan, hits):
        raise VerificationError("引文与原文不符")

    monkeypatch.setattr(assistant._answerer, "answer", wrong)
    answer = assistant.ask(Question("农民工欠薪归谁管？"))
    assert answer.status == "no_evidence"
    assert "没有通过与原文的逐字核对" in answer.text
    assert (answer.citations, answer.units) == ((), ())
    assert "withheld an answer" in caplog.text
