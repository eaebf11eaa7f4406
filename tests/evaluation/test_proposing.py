import pytest

from assistant.evaluation.proposing import propose
from policies import assistant, document


def proposed(*names, several=False):
    opened = assistant(*names)
    found = propose(opened.index.documents[:1], opened.ledger, opened.lexicon.same_unit, several=several)
    return {each.id: each for each in found}


@pytest.fixture(scope="module")
def elderly():
    return proposed("elderly")


def test_owners_of_every_annotated_clause(elderly):
    owners = [each for each in elderly.values() if each.type == "owner"]
    assert [(each.labels, each.question, each.units) for each in owners] == [
        (("二（一）1",), "建设互助养老点由哪些单位负责？", ("县民政局", "县财政局", "县自然资源局")),
        (("二（一）2",), "改造居家环境由哪些单位负责？", ("县民政局", "县残联", "县住建局")),
        (("二（二）1",), "培训养老护理员由哪些单位负责？", ("县人社局", "县民政局", "县卫健局")),
        # Each annotation of a clause governs the sentences before it.
        (
            ("二（二）2",),
            "“对独居老人每周探访1次，建立巡访台账”由哪些单位负责？",
            ("县民政局", "各乡镇人民政府"),
        ),
        (
            ("二（二）2",),
            "“对拒不履行赡养义务的，开展法治宣传和调解”由哪些单位负责？",
            ("县司法局", "县公安局"),
        ),
    ]


def test_duties_of_every_unit_are_the_ledgers(elderly):
    duties = {each.unit: each.labels for each in elderly.values() if each.type == "duties"}
    assert duties["县民政局"] == ("二（一）1", "二（一）2", "二（二）1", "二（二）2")
    assert duties["县残联"] == ("二（一）2",)
    assert elderly["duties-县残联"].question == "县残联有哪些任务？"


def test_facts_leave_the_value_out(elderly):
    facts = {each.must[0][0]: each for each in elderly.values() if each.type == "fact"}
    assert facts["3000元"].question == "改造居家环境：每户改造费用不超过多少？"
    assert facts["3000元"].labels == ("二（一）2",)
    for value, fact in facts.items():
        assert value in "".join(document("elderly").text.split())
        assert value not in fact.question


def test_deadlines_are_asked_for_as_such(elderly):
    deadlines = {each.must[0][0]: each for each in elderly.values() if each.type == "deadline"}
    assert "11月20日前" in deadlines
    assert "什么时候将进展情况报县民政局？" in deadlines["11月20日前"].question
    assert not any("11月" in each.must[0] for each in elderly.values() if each.type == "fact")


def test_refusals_ask_for_what_the_document_does_not_say(elderly):
    refusals = [each for each in elderly.values() if each.type == "abstain"]
    questions = {each.question for each in refusals}
    assert "气象局有哪些任务？" in questions
    assert not any(each.startswith(("民政局", "司法局")) for each in questions)  # they have duties
    assert "举办老年食堂的咨询电话是多少？" in questions
    # The document gives amounts of money: no question on them is known to have no answer.
    assert not any("补多少钱" in each for each in questions)
    assert all(each.paths == () for each in refusals)


def test_with_several_documents_questions_name_theirs():
    found = proposed("elderly", "parking", several=True)
    owner = found["owner-elderly-二（一）1"]
    assert owner.question == "《关于提升农村养老服务水平的实施方案》里，建设互助养老点由哪些单位负责？"
    assert owner.record()["file"] == "elderly.txt"
    assert owner.record()["paths"] == [["二", "（一）", "1"]]


def test_ids_are_unique_and_the_same_in_every_run(elderly):
    opened = assistant("elderly")
    found = propose(opened.index.documents, opened.ledger, opened.lexicon.same_unit, several=False)
    assert len(found) == len(elderly)
    assert found == list(elderly.values())
