"""Where the arms of an experiment lie farthest apart: the lowest and the highest of each thing watched.

The two arms are picked because they lie apart, and the rows on top because their arms do. So the intervals
hold together, for every pair of arms of every row at once: each is the paired interval of `paired` at the
level 1 - 0.05/m, where m is the number of pairs times the number of rows (Bonferroni). They are the wider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Any, Final

from numpy.typing import NDArray

from sim.analysis.paired import PairedMean, PairedShare, paired_mean, paired_share

Values = NDArray[Any]
_MISS: Final = 0.05
"""How often any interval of a table may miss."""


@dataclass(frozen=True, slots=True)
class OutcomeSpread:
    """An outcome in the arms where it is the rarest and the most frequent."""

    id: str
    title: str
    shares: Mapping[str, float]
    """Share of the runs by arm."""
    lowest: str
    highest: str
    paired: PairedShare
    """The lowest arm in place of the base, and the highest."""
    interval: tuple[float, float]
    """Of the difference; with those of the other outcomes 95%."""


@dataclass(frozen=True, slots=True)
class IndicatorSpread:
    """An indicator at the end, in the arms of its lowest and of its highest mean."""

    id: str
    title: str
    unit: str
    means: Mapping[str, float]
    """Mean over the runs by arm."""
    lowest: str
    highest: str
    paired: PairedMean
    interval: tuple[float, float] | None
    """Of the difference; with those of the other indicators 95%. None of one run."""
    effect: float
    """The difference in standard deviations of the base."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is compared: its name, and its values in the base and in every arm, each of shape `(runs,)`."""

    id: str
    title: str
    unit: str
    base: Values
    arms: Mapping[str, Values]


def simultaneous_z(pairs: int, rows: int) -> float:
    """The normal quantile at which `pairs` times `rows` two-sided intervals hold together in 95 of 100."""
    return NormalDist().inv_cdf(1.0 - _MISS / 2 / max(pairs * rows, 1))


def outcome_spreads(watched: Sequence[Watched]) -> tuple[OutcomeSpread, ...]:
    """Outcomes, those first whose arms lie farthest apart; none for fewer than two arms."""
    found = [_outcome(one, _z(watched)) for one in watched if len(one.arms) > 1]
    return tuple(sorted(found, key=lambda spread: (-spread.paired.difference, spread.id)))


def indicator_spreads(watched: Sequence[Watched]) -> tuple[IndicatorSpread, ...]:
    """Indicators, those first whose arms lie farthest apart in standard deviations of the base."""
    found = [_indicator(one, _z(watched)) for one in watched if len(one.arms) > 1]
    return tuple(sorted(found, key=lambda spread: (-spread.effect, spread.id)))


def _z(watched: Sequence[Watched]) -> float:
    return simultaneous_z(sum(1 for _ in combinations(watched[0].arms, 2)), len(watched))


def _ends(levels: Mapping[str, float]) -> tuple[str, str]:
    """The lowest and the highest arm; of those that are level the first and the last."""
    order = sorted(levels, key=levels.__getitem__)
    return order[0], order[-1]


def _outcome(one: Watched, z: float) -> OutcomeSpread:
    shares = {arm: float(happened.mean()) for arm, happened in one.arms.items()}
    lowest, highest = _ends(shares)
    paired = paired_share(one.arms[lowest], one.arms[highest])
    return OutcomeSpread(one.id, one.title, shares, lowest, highest, paired, paired.within(z))


def _indicator(one: Watched, z: float) -> IndicatorSpread:
    means = {arm: float(values.mean()) for arm, values in one.arms.items()}
    lowest, highest = _ends(means)
    paired = paired_mean(one.arms[lowest], one.arms[highest])
    spread = paired_mean(one.base, one.base).spread
    effect = paired.difference / spread if spread else float("inf") if paired.difference else 0.0
    return IndicatorSpread(
        one.id, one.title, one.unit, means, lowest, highest, paired, paired.within(z), effect
    )
