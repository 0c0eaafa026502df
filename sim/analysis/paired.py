"""Two arms on the same luck: by how much an outcome or an indicator differs, run by run.

The runs of two arms are paired: run k of one has the luck of run k of the other, so that what differs is the
effect. The intervals tell what playing more runs could change, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Z95, wilson

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class PairedShare:
    """How often something happened in two arms, and by how much that differs."""

    runs: int
    both: int
    """Runs in which it happened in both arms."""
    only_base: int
    only_arm: int

    @property
    def base(self) -> float:
        """Share of the base."""
        return (self.both + self.only_base) / self.runs

    @property
    def arm(self) -> float:
        """Share of the arm."""
        return (self.both + self.only_arm) / self.runs

    @property
    def difference(self) -> float:
        """Share of the arm, less that of the base."""
        return (self.only_arm - self.only_base) / self.runs

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the difference, `(low, high)`; both 0 if no run differs."""
        return self.within(Z95)

    def within(self, z: float) -> tuple[float, float]:
        """The interval of the difference at a normal quantile, `(low, high)`; both 0 if no run differs.

        Wilson's intervals of the two shares, put together with the correlation phi of the pair:
        d - sqrt((p2-l2)^2 - 2 phi (p2-l2)(u1-p1) + (u1-p1)^2) and likewise above. Newcombe (1998), "Improved
        confidence intervals for the difference between binomial proportions based on paired data",
        Statistics in Medicine 17, method 10.
        """
        if self.only_base == self.only_arm == 0:
            return 0.0, 0.0
        low_base, high_base = wilson(self.both + self.only_base, self.runs, z)
        low_arm, high_arm = wilson(self.both + self.only_arm, self.runs, z)
        below_arm, above_arm = self.arm - low_arm, high_arm - self.arm
        below_base, above_base = self.base - low_base, high_base - self.base
        phi = self._phi
        down = sqrt(max(below_arm**2 - 2 * phi * below_arm * above_base + above_base**2, 0.0))
        up = sqrt(max(above_arm**2 - 2 * phi * above_arm * below_base + below_base**2, 0.0))
        return self.difference - down, self.difference + up

    @property
    def _phi(self) -> float:
        """Correlation of the pair; 0 where one of the shares is none or all."""
        neither = self.runs - self.both - self.only_base - self.only_arm
        base, arm = self.both + self.only_base, self.both + self.only_arm
        whole = base * (self.runs - base) * arm * (self.runs - arm)
        return 0.0 if whole == 0 else (self.both * neither - self.only_base * self.only_arm) / sqrt(whole)


@dataclass(frozen=True, slots=True)
class PairedMean:
    """The mean of a number in two arms, and by how much it differs."""

    runs: int
    base: float
    arm: float
    difference: float
    """Mean of the differences."""
    error: float | None
    """Standard error of that mean; 0 if all runs differ by the same, None of one run."""
    spread: float | None
    """Standard deviation over the runs of the base; None of one run."""
    rises: int
    """Runs in which the arm's number is the greater."""
    falls: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the difference, from the normal distribution; None of one run."""
        return self.within(Z95)

    def within(self, z: float) -> tuple[float, float] | None:
        """The interval of the difference at a normal quantile; None of one run, which tells of no spread."""
        if self.error is None:
            return None
        return self.difference - z * self.error, self.difference + z * self.error

    @property
    def effect(self) -> float:
        """The difference in standard deviations of the base; 0 where there is no difference."""
        if self.difference == 0.0:
            return 0.0
        return self.difference / self.spread if self.spread else float(np.copysign(np.inf, self.difference))


def paired_share(base: Values, arm: Values) -> PairedShare:
    """Compare truths, both of shape `(runs,)`, run k standing beside run k.

    Raises:
        ValueError: for vectors of different lengths, or none.
    """
    _check(base, arm)
    first, second = base.astype(bool), arm.astype(bool)
    both = np.count_nonzero(first & second)
    only_base, only_arm = np.count_nonzero(first & ~second), np.count_nonzero(~first & second)
    return PairedShare(len(first), int(both), int(only_base), int(only_arm))


def paired_mean(base: Values, arm: Values) -> PairedMean:
    """Compare numbers, both of shape `(runs,)`, run k standing beside run k.

    Raises:
        ValueError: for vectors of different lengths, or none.
    """
    _check(base, arm)
    moved = arm.astype(np.float64) - base
    runs = len(moved)
    error = float(moved.std(ddof=1)) / sqrt(runs) if runs > 1 else None
    return PairedMean(
        runs,
        float(base.mean()),
        float(arm.mean()),
        float(moved.mean()),
        error,
        float(base.std(ddof=1)) if runs > 1 else None,
        int(np.count_nonzero(moved > 0.0)),
        int(np.count_nonzero(moved < 0.0)),
    )


def _check(base: Values, arm: Values) -> None:
    if base.shape != arm.shape or base.ndim != 1 or not len(base):
        raise ValueError(f"{base.shape} and {arm.shape} are no pairs of runs")
