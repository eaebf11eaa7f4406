"""How sure a figure is, and whether two runs on the same questions differ.

Shares (right answers of all) get Wilson's interval, because resampling a set without a single error
yields an interval of no width. Averages (reciprocal ranks, precision, F1) and the difference of two runs
get percentile bootstrap intervals over questions, 2,000 resamples of a fixed seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CONFIDENCE = 0.95
_RESAMPLES = 2000
_SEED = 20230530

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure between 0 and 1 (a difference: -1 and 1) with its 95 % interval.

    Attributes:
        total: Over how many questions or, for quotations, quotations.
    """

    value: float
    low: float
    high: float
    total: int


@dataclass(frozen=True, slots=True)
class Paired:
    """Two runs on the same questions.

    Attributes:
        gained: Ids wrong before and right now, in the order of the set.
        lost: Ids right before and wrong now.
        difference: Accuracy now minus accuracy before, over the questions of both runs.
        p_value: Exact McNemar test, two-sided: how likely so uneven a split of the flips is if the runs
            are equally good; 1 without flips.
        p_worse: The same, one-sided: how likely so many losses are.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    difference: Estimate
    p_value: float
    p_worse: float


def share(right: int, total: int) -> Estimate:
    """A share with Wilson's score interval (E. B. Wilson 1927); ``total`` at least 1."""
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(_CONFIDENCE, method="wilson")
    return Estimate(right / total, float(interval.low), float(interval.high), total)


def mean(values: Sequence[float]) -> Estimate:
    """An average over at least one question with its bootstrap interval."""
    return ratio(values, [1.0] * len(values))


def ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Estimate:
    """The ratio of two sums over questions, which are resampled together; 0 where the lower sum is 0."""
    return bootstrap(_ratio, numerators, denominators)


def bootstrap(statistic: Callable[..., Numbers], *samples: Sequence[float]) -> Estimate:
    """A statistic of paired samples with its percentile bootstrap interval (B. Efron 1979).

    Args:
        statistic: Takes one array ``(…, n_questions)`` per sample and ``axis``, and reduces that axis.
        samples: One value per question each; of a single question the interval is the value itself.
    """
    from scipy import stats

    arrays = [np.asarray(sample, dtype=np.float64) for sample in samples]
    value, total = float(statistic(*arrays, axis=-1)), len(arrays[0])
    if total < 2:
        return Estimate(value, value, value, total)
    interval = stats.bootstrap(
        arrays,
        statistic,
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=_RESAMPLES,
        confidence_level=_CONFIDENCE,
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Estimate(value, float(interval.low), float(interval.high), total)


def _ratio(numerators: Numbers, denominators: Numbers, axis: int) -> Numbers:
    upper, lower = np.sum(numerators, axis=axis), np.sum(denominators, axis=axis)
    quotient: Numbers = np.divide(upper, lower, out=np.zeros_like(upper), where=lower > 0)
    return quotient


def compare(before: Mapping[str, bool], after: Mapping[str, bool]) -> Paired:
    """Compare two runs over the questions that both have: at least one, whether each was right by id.

    McNemar (1947): under equal quality each flip is a gain or a loss with probability one half, so that
    the losses among n flips are binomial.
    """
    from scipy.stats import binomtest

    common = [name for name in after if name in before]
    gained = tuple(name for name in common if after[name] and not before[name])
    lost = tuple(name for name in common if before[name] and not after[name])
    flips = len(gained) + len(lost)
    return Paired(
        gained=gained,
        lost=lost,
        difference=mean([float(after[name]) - float(before[name]) for name in common]),
        p_value=float(binomtest(len(lost), flips).pvalue) if flips else 1.0,
        p_worse=float(binomtest(len(lost), flips, alternative="greater").pvalue) if flips else 1.0,
    )
