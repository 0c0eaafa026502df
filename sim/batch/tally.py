"""What is known of an indicator over many runs without keeping every value: counts, extremes and exact sums.

Everything here merges exactly, so that it does not matter how the runs were split into blocks or who played
them. Counts are integers. Floating-point sums are left folds over aligned grains of 256 runs (runs 0-255,
256-511, ...), and the grains are folded in order. Bins are fixed by the first grain before anything is
counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.vectors import Floats

Counts = NDArray[np.int64]

GRAIN: Final = 256
"""Runs in a grain. Blocks of a batch are whole grains, but for the last one."""
BINS: Final = 512
"""Bins of a histogram, beside one below and one above them."""
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """`BINS` bins of equal width for each indicator, the same in every turn.

    Bin 0 holds what is not above `low`, bin `BINS + 1` what is not below `low + BINS * width`; bin i between
    them holds `low + (i - 1) * width <= x < low + i * width`. Runs that share the least or the greatest
    value, say because it is clamped, so have a bin of their own.
    """

    low: Floats
    """Shape `(indicators,)`."""
    width: Floats
    """Shape `(indicators,)`."""

    @classmethod
    def around(cls, pilot: Floats) -> Bins:
        """Bins from the least to the greatest value of the pilot runs over all turns.

        Args:
            pilot: values of the first grain of runs, shape `(turns + 1, indicators, runs)`.
        """
        low, high = pilot.min(axis=(0, 2)), pilot.max(axis=(0, 2))
        width = high / BINS - low / BINS
        return cls(low, np.where(width > 0, width, np.maximum(np.abs(low), 1.0) / BINS))

    def index(self, values: Floats) -> Counts:
        """The bin of each value, shape `(indicators, runs)` like the values."""
        low = self.low[:, None]
        with np.errstate(over="ignore"):
            position = np.floor((values - low) / self.width[:, None])
        return np.where(values <= low, 0, np.clip(position, 0, BINS).astype(np.int64) + 1)

    def edges(self) -> Floats:
        """Where bins begin and end, shape `(indicators, BINS + 1)`."""
        return self.low[:, None] + self.width[:, None] * np.arange(BINS + 1)


@dataclass(slots=True, eq=False)
class Tally:
    """Indicators of some runs that follow each other, from a run that begins a grain."""

    counts: Counts
    """Runs in each bin, shape `(turns + 1, indicators, BINS + 2)`."""
    minimum: Floats
    """Shape `(turns + 1, indicators)`."""
    maximum: Floats
    whole: NDArray[np.bool_]
    """Whether all values of an indicator are whole numbers, shape `(indicators,)`."""
    sums: list[Floats]
    """Of each grain in order, shape `(turns + 1, indicators)` each."""
    runs: int

    @classmethod
    def of(cls, values: Floats, bins: Bins) -> Tally:
        """The tally of values of shape `(turns + 1, indicators, runs)`."""
        values = values + 0.0
        turns, indicators, runs = values.shape
        counts = np.zeros((turns, indicators, BINS + 2), dtype=np.int64)
        offsets = np.arange(indicators)[:, None] * (BINS + 2)
        for turn in range(turns):
            found = (bins.index(values[turn]) + offsets).ravel()
            counts[turn] = np.bincount(found, minlength=indicators * (BINS + 2)).reshape(indicators, BINS + 2)
        grains = range(0, runs, GRAIN)
        # `accumulate` adds from the left, whatever the shape; `sum` would not.
        sums = [
            np.add.accumulate(values[:, :, first : first + GRAIN], axis=2)[:, :, -1].copy()
            for first in grains
        ]
        whole = (np.rint(values) == values).all(axis=(0, 2))
        return cls(counts, values.min(axis=2), values.max(axis=2), whole, sums, runs)

    def add(self, later: Tally) -> None:
        """Take in the tally of the runs that follow.

        Raises:
            ValueError: if this one does not end with a whole grain.
        """
        if self.runs % GRAIN:
            raise ValueError("only the last block of a batch may end within a grain")
        self.counts += later.counts
        np.minimum(self.minimum, later.minimum, out=self.minimum)
        np.maximum(self.maximum, later.maximum, out=self.maximum)
        self.whole &= later.whole
        self.sums = [_fold([*self.sums, *later.sums])]
        self.runs += later.runs

    def mean(self) -> Floats:
        """Shape `(turns + 1, indicators)`."""
        return _fold(self.sums) / self.runs

    def quantile(self, percent: int, bins: Bins) -> Floats:
        """A quantile, to within the width of a bin, shape `(turns + 1, indicators)`.

        The bin is the one that holds the order statistic number `ceil(percent / 100 * runs)`; within it
        runs are taken to lie evenly, and never beyond the least and the greatest value. Of counts and other
        whole numbers it is exact, unless they spread so wide that a bin holds several.
        """
        below = np.cumsum(self.counts, axis=2)
        found = np.argmax(below * 100 >= percent * self.runs, axis=2)[:, :, None]
        inside = np.take_along_axis(self.counts, found, axis=2)[:, :, 0]
        before = np.take_along_axis(below, found, axis=2)[:, :, 0] - inside
        left, right = self.bounds(found[:, :, 0], bins)
        share = (percent * self.runs / 100 - before) / np.maximum(inside, 1)
        value = np.clip(left + share * (right - left), self.minimum, self.maximum)
        # A bin narrower than 1 holds one whole number at most; an edge may be a rounding error off.
        only = np.ceil(left - _TOLERANCE * np.maximum(np.abs(left), 1.0))
        alone = np.where(right - left < 1, only, np.rint(value))
        return np.where(self.whole, np.clip(alone, self.minimum, self.maximum), value)

    def bounds(self, found: Counts, bins: Bins) -> tuple[Floats, Floats]:
        """Where a bin of each indicator and turn begins and ends; the outer ones at the extreme values."""
        edges = bins.edges()
        which = np.arange(edges.shape[0])[None, :]
        left = np.where(found == 0, self.minimum, edges[which, np.maximum(found - 1, 0)])
        right = np.where(found == BINS + 1, self.maximum, edges[which, np.minimum(found, BINS)])
        return left, right


def _fold(sums: list[Floats]) -> Floats:
    total = sums[0]
    for grain in sums[1:]:
        total = total + grain
    return total
