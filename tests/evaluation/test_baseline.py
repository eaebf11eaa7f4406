import json

import pytest

from assistant.errors import DataFileError
from assistant.evaluation.baseline import (
    Baseline,
    Standing,
    pooled,
    read_baseline,
    read_run,
    standing,
)


def write(tmp_path, value):
    path = tmp_path / "file.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def outcomes(flags):
    return {f"q{number}": flag == "1" for number, flag in enumerate(flags)}


def test_a_baseline_is_a_figure_or_question_by_question(tmp_path):
    path = write(tmp_path, {"a": 0.9, "b": {"accuracy": 0.5, "questions": {"q1": True, "q2": False}}})
    assert read_baseline(path) == {"a": Baseline(0.9), "b": Baseline(0.5, {"q1": True, "q2": False})}
    assert read_baseline(tmp_path / "none.json") == {}


@pytest.mark.parametrize("value", ["[]", "{", '{"a": "much"}', '{"a": {"accuracy": 1}}', '{"a": null}'])
def test_a_malformed_baseline_is_an_error(tmp_path, value):
    with pytest.raises(DataFileError, match=r"基线文件无法读取：.*file\.json.*eval/accuracy\.py"):
        read_baseline(write(tmp_path, value))


def test_a_saved_run_gives_the_outcomes_of_its_questions(tmp_path):
    questions = [{"id": "q1", "type": "fact", "right": True}, {"id": "q2", "type": "fact", "right": False}]
    path = write(tmp_path, [{"set": "a", "accuracy": 0.5, "questions": questions}])
    assert read_run(path) == {"a": {"q1": True, "q2": False}}


@pytest.mark.parametrize(
    "value", ["", "[1]", '{"a": 1}', '[{"set": "a"}]', '[{"set": "a", "questions": [1]}]']
)
def test_a_file_that_is_no_saved_run_is_an_error(tmp_path, value):
    with pytest.raises(DataFileError, match=r"对比文件无法读取：.*zhengce eval --json"):
        read_run(write(tmp_path, value))
    with pytest.raises(DataFileError, match="文件无法读取"):
        read_run(tmp_path / "none.json")


def test_a_bare_figure_is_a_floor():
    assert standing(Baseline(0.5), outcomes("10"), 0.5) == Standing(0.5, None, worse=False)
    assert standing(Baseline(0.5), outcomes("100"), 1 / 3).worse


@pytest.mark.parametrize(
    ("now", "worse"),
    [
        ("1111111111", False),
        ("1111111110", False),
        ("1111110000", False),  # four losses: one in sixteen by chance
        ("1111100000", True),  # five: one in thirty-two
    ],
)
def test_a_drop_counts_when_chance_does_not_explain_it(now, worse):
    found = standing(Baseline(1.0, outcomes("1" * 10)), outcomes(now), now.count("1") / 10)
    assert found.worse is worse
    assert len(found.paired.lost) == now.count("0")


def test_gains_make_up_for_losses():
    before, after = outcomes("1" * 5 + "0" * 5), outcomes("0" * 5 + "1" * 5)
    assert not standing(Baseline(0.5, before), after, 0.5).worse


def test_a_baseline_of_other_questions_is_only_a_figure():
    found = standing(Baseline(1.0, outcomes("11")), outcomes("110"), 2 / 3)
    assert found == Standing(1.0, None, worse=True)


def test_sets_are_pooled_with_questions_apart():
    found = pooled({"a": outcomes("11"), "b": outcomes("0")}, {"a": outcomes("10"), "b": outcomes("1")})
    assert (found.gained, found.lost, found.difference.total) == (("b/q0",), ("a/q1",), 3)
    assert pooled({}, {"a": outcomes("1")}) is None
