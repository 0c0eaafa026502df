"""Whether an effect goes one way in some draws of the parameters and the other way in others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = NDArray[np.float64]


def standardised(moved: Values) -> Values:
    """For each draw how surely its histories move one way, as a standard normal number.

    The t statistic of the draw's mean, at the normal quantile of its probability. No draw counts for more
    than the signs of its n histories can show, 2^-n: few equal differences are no proof.

    Args:
        moved: differences, shape `(draws, histories)`.
    """
    histories = moved.shape[1]
    means, errors = moved.mean(axis=1), moved.std(axis=1, ddof=1) / np.sqrt(histories)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(means == 0.0, 0.0, np.abs(means) / errors)
    tails = np.maximum(stats.t.sf(t, histories - 1), 0.5**histories)
    found: Values = np.sign(means) * stats.norm.isf(tails)
    return found


def gail_simon(standard: Values) -> float:
    """Probability of so much evidence of both signs if the effect had one sign in all groups.

    The smaller of the sums of squares of the positive and of the negative ones has, at the worst, a mixture
    of chi-squared distributions. Gail and Simon (1985), "Testing for qualitative interactions between
    treatment effects and patient subsets", Biometrics 41.

    Args:
        standard: effects over their standard errors, one for each group; groups of exactly none are left out.
    """
    there = standard[standard != 0.0]
    least = min(float((there[there > 0.0] ** 2).sum()), float((there[there < 0.0] ** 2).sum()))
    if least == 0.0:
        return 1.0
    others = len(there) - 1
    number = np.arange(1, others + 1)
    return float((stats.binom.pmf(number, others, 0.5) * stats.chi2.sf(least, number)).sum())
