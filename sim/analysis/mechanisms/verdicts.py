"""What an audit finds of a mechanism, from the differences that pulling its lever makes, draw by draw.

The verdict is a rule that was settled before anything was measured (`docs/mechanisms.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.mechanisms.crossing import gail_simon, standardised

Values = NDArray[np.float64]
Verdict = Literal["reproduced", "absent", "reversed", "depends", "unplayed"]
Sign = Literal["+", "-", "mixed"]

LEVEL: Final = 0.05
"""Of all tests of an audit together."""
BOTH_WAYS: Final = (1 / 3, 2 / 3)
"""Between these shares of the draws an effect is said to depend on what is uncertain."""


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much an indicator differs between two worlds, in standard deviations of the base case."""

    size: float
    error: float
    """Standard error over the draws of the parameters."""
    up: float
    """Share of the draws, among those that it moves at all, in which the mean of their histories rises."""
    moved: float
    """Share of the draws that it moves at all."""
    spread: float
    """Standard deviation of the effect from draw to draw, less what luck alone would make of it."""
    alike: float
    """Probability of so much spread if the effect were the same in every draw: of the F test."""
    crossing: float
    """Probability of so much evidence of both signs if the effect had the same sign in every draw."""
    draws: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the size, from Student's distribution."""
        return _interval(self.size, self.error, self.draws)

    @property
    def chance(self) -> float:
        """Two-sided probability of a size so far from 0 if there were no effect."""
        if self.error == 0.0:
            return 1.0 if self.size == 0.0 else 0.0
        return float(2.0 * stats.t.sf(abs(self.size) / self.error, self.draws - 1))

    def with_sign(self, sign: Sign) -> float:
        """Share of the draws that it moves the expected way; of a mixed one, upward."""
        return 1.0 - self.up if sign == "-" and self.moved > 0.0 else self.up


def effect(base: Values, other: Values, unit: float) -> Effect:
    """The effect from pairs of runs.

    Args:
        base: shape `(draws, histories)`.
        other: the same runs of the other world.
        unit: the standard deviation that counts as 1; above 0.

    Raises:
        ValueError: for shapes that differ, fewer than two draws or two histories, or no unit.
    """
    if base.shape != other.shape or base.ndim != 2 or min(base.shape) < 2 or not unit > 0.0:  # noqa: PLR2004 - two at least
        raise ValueError(f"{base.shape} and {other.shape} in units of {unit} are no pairs of runs")
    moved = (other - base) / unit
    draws, histories = moved.shape
    means = moved.mean(axis=1)
    touched = (moved != 0.0).any(axis=1)
    within = float(moved.var(axis=1, ddof=1).mean())
    between = float(means.var(ddof=1))
    number = int(np.count_nonzero(touched))
    rises = float((means[touched] > 0.0).sum() + 0.5 * (means[touched] == 0.0).sum())
    return Effect(
        size=float(means.mean()),
        error=sqrt(between / draws),
        up=rises / number if number else 0.0,
        moved=number / draws,
        spread=sqrt(max(between - within / histories, 0.0)),
        alike=_alike(between * histories, within, draws, histories),
        crossing=gail_simon(standardised(moved)),
        draws=draws,
    )


def middle(values: Values) -> tuple[float, float]:
    """The 95% interval of a mean, from values of shape `(draws,)`."""
    return _interval(float(values.mean()), sqrt(float(values.var(ddof=1)) / len(values)), len(values))


def _interval(size: float, error: float, draws: int) -> tuple[float, float]:
    reach = float(stats.t.ppf(0.975, draws - 1)) * error
    return size - reach, size + reach


def _alike(between: float, within: float, draws: int, histories: int) -> float:
    if within == 0.0:
        return 1.0 if between == 0.0 else 0.0
    return float(stats.f.sf(between / within, draws - 1, draws * (histories - 1)))


def holm(chances: Sequence[float]) -> tuple[float, ...]:
    """Probabilities adjusted for how many were asked: the largest (m - i + 1) p_(i) so far, at most 1.

    Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6.
    """
    adjusted = [1.0] * len(chances)
    worst = 0.0
    for rank, index in enumerate(sorted(range(len(chances)), key=lambda one: chances[one])):
        worst = max(worst, min((len(chances) - rank) * chances[index], 1.0))
        adjusted[index] = worst
    return tuple(adjusted)


def verdict(found: Effect, sign: Sign, least: float, by_chance: float, crossing: float) -> Verdict:
    """What is to be said of a mechanism.

    - *depends*: there is evidence of both signs, the effect differs from draw to draw by `least` or more, and
      of the draws that it moves it moves between a third and two thirds upward;
    - else *reproduced*: it is at least `least` the expected way, and not by chance; of a *mixed* one never;
    - *reversed*: the same the other way; of a *mixed* one, either way;
    - *absent*: anything else.

    Args:
        found: the effect of the whole way.
        sign: which way was expected.
        least: the smallest effect that matters.
        by_chance: the effect's chance, adjusted for all that was asked.
        crossing: likewise of the test for both signs.
    """
    low, high = BOTH_WAYS
    if crossing < LEVEL and found.spread >= least and low < found.up < high:
        return "depends"
    if by_chance >= LEVEL or abs(found.size) < least:
        return "absent"
    return "reproduced" if sign == ("+" if found.size > 0.0 else "-") else "reversed"
