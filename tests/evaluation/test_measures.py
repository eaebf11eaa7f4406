import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import MEASURES, by_type, ranking_measures, summarise
from assistant.evaluation.measuring import UnitCounts

from .fixtures import measurement


def values(*measurements):
    return {name: each.value for name, each in summarise(measurements).items()}


def totals(*measurements):
    return {name: each.total for name, each in summarise(measurements).items()}


def test_clause_measures_by_hand():
    questions = [
        measurement(cited=(True, False), clauses_found=1, clauses_wanted=2),
        measurement(cited=(False, True), clauses_found=1, clauses_wanted=1),
        measurement(cited=(False, False, False, True), clauses_found=1, clauses_wanted=1),
        measurement(cited=(), clauses_wanted=1, right=False, status="no_evidence"),
        measurement(),
    ]
    found = values(*questions)
    assert found["clause_hit@1"] == 1 / 4
    assert found["clause_hit@3"] == 2 / 4
    assert found["clause_mrr"] == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)
    assert found["citation_precision"] == pytest.approx((1 / 2 + 1 / 2 + 1 / 4 + 0) / 4)
    assert found["citation_recall"] == pytest.approx((1 / 2 + 1 + 1 + 0) / 4)
    assert {totals(*questions)[name] for name in found if name.startswith(("clause", "citation"))} == {4}


@given(st.lists(st.lists(st.booleans(), max_size=8), min_size=1, max_size=6))
def test_rankings_are_measured_as_ir_measures_does_on_documents(rankings):
    qrels = [
        ir_measures.Qrel(str(query), f"d{place}", int(relevant))
        for query, ranking in enumerate(rankings)
        for place, relevant in enumerate(ranking)
    ]
    # One relevant document that no ranking has: every query is judged.
    qrels += [ir_measures.Qrel(str(query), "elsewhere", 1) for query in range(len(rankings))]
    run = [
        ir_measures.ScoredDoc(str(query), f"d{place}", 100.0 - place)
        for query, ranking in enumerate(rankings)
        for place in range(len(ranking))
    ]
    measures = [ir_measures.Success @ 1, ir_measures.Success @ 3, ir_measures.RR]
    wanted = ir_measures.calc_aggregate(measures, qrels, run)
    found = ranking_measures(rankings)
    for measure, value in wanted.items():
        assert sum(each[str(measure)] for each in found) / len(rankings) == pytest.approx(value)


def test_unit_measures_by_hand():
    # The first question: P 2/2, R 2/4; the second: P 1/4, R 1/1; the third asserts none.
    questions = [
        measurement(units=UnitCounts(given=2, wanted=4, matched=2)),
        measurement(units=UnitCounts(given=4, wanted=1, matched=1)),
        measurement(units=UnitCounts(given=0, wanted=1, matched=0)),
        measurement(),
    ]
    found = values(*questions)
    assert found["unit_micro_precision"] == pytest.approx(3 / 6)
    assert found["unit_micro_recall"] == pytest.approx(3 / 6)
    assert found["unit_micro_f1"] == pytest.approx(3 / 6)
    assert found["unit_macro_precision"] == pytest.approx((1 + 1 / 4 + 0) / 3)
    assert found["unit_macro_recall"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    # Mean of the questions' F1 (2/3, 2/5, 0), not the F1 of the mean precision and recall.
    assert found["unit_macro_f1"] == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)
    assert totals(*questions)["unit_macro_f1"] == 3


def test_refusals_verdicts_documents_and_quotations_by_hand():
    questions = [
        measurement(abstain=True, kind="abstain", status="no_evidence"),
        measurement(abstain=True, kind="abstain", right=False),
        measurement(abstain=True, kind="abstain", right=False, status="failed"),
        measurement(right=False, status="no_evidence", verdict_right=False, document_right=False),
        measurement(verdict_right=True, document_right=True, quotes=3, verbatim=3),
        measurement(right=False, status="failed"),
        measurement(quotes=1, verbatim=0),
    ]
    assert values(*questions) == {
        "quotes_verbatim": 3 / 4,
        "verdicts": 1 / 2,
        "right_document": 1 / 2,
        "false_answers": 1 / 3,
        "false_refusals": 1 / 4,
        "failed": 2 / 7,
    }
    assert totals(*questions)["false_refusals"] == 4


def test_a_measure_without_gold_is_left_out():
    assert set(summarise([measurement()])) == {"false_refusals", "failed"}
    assert set(MEASURES) >= set(summarise([measurement(cited=(True,), clauses_wanted=1)]))


def test_accuracy_by_type_and_altogether():
    questions = [measurement(kind="owner"), measurement(kind="owner", right=False), measurement(kind="fact")]
    found = by_type(questions)
    assert list(found) == ["fact", "owner", "all"]
    assert {name: (each.value, each.total) for name, each in found.items()} == {
        "fact": (1.0, 1),
        "owner": (0.5, 2),
        "all": (pytest.approx(2 / 3), 3),
    }
