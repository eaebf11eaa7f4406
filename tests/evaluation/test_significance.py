import math

import numpy as np
import pytest

from assistant.evaluation.significance import Estimate, compare, mean, ratio, share


def wilson(right, total):
    """The formula as printed: centre and half-width of the score interval."""
    z = 1.959963984540054
    p = right / total
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return centre - half, centre + half


@pytest.mark.parametrize(("right", "total"), [(174, 180), (7, 7), (0, 30), (1, 1)])
def test_a_share_has_wilsons_interval(right, total):
    found = share(right, total)
    low, high = wilson(right, total)
    assert (found.value, found.total) == (right / total, total)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))


def test_a_mean_and_its_interval_agree_with_resampling_by_hand():
    values = [0.0, 0.5, 1.0, 1.0, 1 / 3] * 20
    drawn = np.random.default_rng(1).choice(values, size=(20_000, len(values))).mean(axis=1)
    found = mean(values)
    assert found.value == pytest.approx(17 / 30)
    assert found.total == 100
    assert found.low == pytest.approx(np.percentile(drawn, 2.5), abs=0.01)
    assert found.high == pytest.approx(np.percentile(drawn, 97.5), abs=0.01)


def test_an_interval_is_the_same_in_every_run():
    assert mean([0.0, 1.0, 0.5]) == mean([0.0, 1.0, 0.5])


def test_a_ratio_of_sums_is_no_mean_of_ratios():
    assert ratio([1, 1], [1, 9]).value == pytest.approx(2 / 10)
    assert mean([1 / 1, 1 / 9]).value == pytest.approx(5 / 9)
    assert ratio([0, 0], [0, 0]) == Estimate(0.0, 0.0, 0.0, 2)


def test_a_ratio_resamples_questions_whole():
    # Numerator and denominator of a question stay together: the ratio of any resample is 1/2.
    assert ratio([1, 2, 3], [2, 4, 6]) == Estimate(0.5, 0.5, 0.5, 3)


def test_one_question_has_no_spread():
    assert mean([0.25]) == Estimate(0.25, 0.25, 0.25, 1)


def runs(*flips):
    """Two runs: ``+`` gained, ``-`` lost, ``1`` right in both, ``0`` wrong in both."""
    before = {str(index): flip in "-1" for index, flip in enumerate(flips)}
    after = {str(index): flip in "+1" for index, flip in enumerate(flips)}
    return before, after


def test_two_runs_question_by_question():
    found = compare(*runs(*"+--10-"))
    assert (found.gained, found.lost) == (("0",), ("1", "2", "5"))
    assert found.difference.value == pytest.approx(-2 / 6)
    assert found.difference.total == 6
    # Of 4 flips 3 or 4 are losses: (4 + 1) / 16; two-sided twice that.
    assert found.p_worse == pytest.approx(5 / 16)
    assert found.p_value == pytest.approx(10 / 16)


def test_five_losses_without_gain_are_hardly_chance():
    found = compare(*runs(*"-----111"))
    assert found.p_worse == pytest.approx(1 / 32)
    assert found.p_value == pytest.approx(2 / 32)


def test_without_flips_nothing_differs():
    found = compare(*runs(*"1100"))
    assert (found.gained, found.lost, found.p_value, found.p_worse) == ((), (), 1.0, 1.0)
    assert found.difference == Estimate(0.0, 0.0, 0.0, 4)


def test_only_questions_of_both_runs_are_compared():
    found = compare({"a": True, "b": True, "old": False}, {"b": False, "a": True, "new": True})
    assert (found.lost, found.difference.total, found.difference.value) == (("b",), 2, -0.5)
