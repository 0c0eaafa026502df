"""What it would be worth to know: by how much settling a parameter would narrow an outcome.

Runs differ in their parameters and in their luck. If a parameter were known, an outcome would vary less: by
the variance of its mean given the parameter. That part of the whole variance is the parameter's first-order
index (Sobol' 1993). It is estimated from the runs of a plain batch, sorted by the parameter and cut into
groups of equal size (Plischke, Borgonovo and Smith 2013, "Global sensitivity measures from given data", EJOR
226), less what luck alone would make of the groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimates import Z95
from sim.batch import BatchResult
from sim.scenario import Scenario

GROUPS: Final = 20
"""Into which the runs are cut by a parameter."""
FOLDS: Final = 10
"""Parts of the runs that are left out in turn, for the interval."""
_SURE: Final = 3.09
"""The 99.9% point of the normal distribution."""
LEAST: Final = 400
"""Runs without which nothing is said."""

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a variance that a parameter carries, 0 to 1."""

    parameter: str
    """Its name; of a parameter with components `name[component]`."""
    grade: str
    """`measured`, `informed`, `assumed` or ""."""
    disagreement: str
    """The disagreement among the sources that it stands for, or ""."""
    share: float
    error: float
    """Standard error, from leaving out a tenth of the runs at a time."""

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval, `(low, high)`."""
        return self.share - Z95 * self.error, self.share + Z95 * self.error

    @property
    def told(self) -> bool:
        """Whether it can be told from 0, among so many: of a thousand that carry nothing one would be."""
        return self.share > _SURE * self.error


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An outcome, and what its variance rests on."""

    id: str
    title: str
    happened: float
    """Share of the runs in which it came about."""
    shares: tuple[Share, ...]
    """The greatest first."""

    @property
    def told(self) -> tuple[Share, ...]:
        """Those that can be told from 0."""
        return tuple(share for share in self.shares if share.told)

    def by_grade(self, grade: str) -> float:
        """What parameters of a grade carry one by one; what they do together only is not in it."""
        return sum(share.share for share in self.told if share.grade == grade)

    @property
    def rest(self) -> float:
        """What no parameter carries alone: luck, and what several do together only."""
        return max(1.0 - sum(share.share for share in self.told), 0.0)


@dataclass(frozen=True, slots=True)
class Settled:
    """A disagreement among the sources, and by how much settling it would narrow the outcomes."""

    disagreement: str
    parameters: tuple[str, ...]
    share: float
    """Mean over the outcomes of the part of the variance that its parameters carry."""
    most: str
    """The outcome that it would narrow most, and by which part of its variance."""
    most_share: float


def first_order(values: Values, outcome: Values, groups: int = GROUPS) -> float:
    """First-order index of a parameter: the part of the outcome's variance that lies between groups of runs
    that are alike in the parameter, less what luck alone would make of it.

    Args:
        values: the parameter, shape `(runs,)`. One that takes few values is grouped by them.
        outcome: a number of each run, shape `(runs,)`.
        groups: at most so many.

    Returns:
        eta squared, adjusted: 1 - (1 - SSB/SST) (n - 1)/(n - k). About 0 for what carries nothing, and then
        as often below as above.
    """
    count = len(values)
    spread = float(((outcome - outcome.mean()) ** 2).sum())
    kinds, inverse = np.unique(values, return_inverse=True)
    if spread == 0.0 or len(kinds) < 2:  # noqa: PLR2004 - nothing to tell apart
        return 0.0
    if len(kinds) > groups:
        order = np.argsort(values, kind="stable")
        inverse = np.empty(count, dtype=np.intp)
        inverse[order] = np.arange(count) * groups // count
    sizes = np.bincount(inverse)
    means = np.bincount(inverse, weights=outcome) / sizes
    between = float((sizes * (means - outcome.mean()) ** 2).sum())
    used = len(sizes)
    return 1.0 - (1.0 - between / spread) * (count - 1) / (count - used)


def share_of(values: Values, outcome: Values) -> tuple[float, float]:
    """The index and its standard error, by the delete-a-group jackknife: `(share, error)`."""
    whole = first_order(values, outcome)
    fold = np.arange(len(values)) % FOLDS
    parts = np.array([first_order(values[fold != k], outcome[fold != k]) for k in range(FOLDS)])
    error = sqrt((FOLDS - 1) / FOLDS * float(((parts - parts.mean()) ** 2).sum()))
    return whole, error


def uncertain(scenario: Scenario, result: BatchResult) -> tuple[Uncertain, ...]:
    """Every outcome that came about in some runs and not in all, with what its variance rests on.

    Args:
        scenario: what was played.
        result: at least 400 runs of it.

    Raises:
        ValueError: for fewer runs.
    """
    if result.manifest.runs < LEAST:
        raise ValueError(f"{result.manifest.runs} runs are too few to tell")
    return tuple(_uncertain(scenario, result))


def _uncertain(scenario: Scenario, result: BatchResult) -> Iterator[Uncertain]:
    drawn = {
        name.removeprefix("parameter."): column.to_numpy()
        for name in result.columns
        if name.startswith("parameter.") and (column := result.column(name)).n_unique() > 1
    }
    for outcome in result.manifest.outcomes:
        happened = (result.column(f"outcome.{outcome.id}").to_numpy() > 0).astype(np.float64)
        if 0.0 < happened.mean() < 1.0:
            shares = [_share(scenario, name, values, happened) for name, values in drawn.items()]
            shares.sort(key=lambda share: (-share.share, share.parameter))
            yield Uncertain(outcome.id, outcome.title, float(happened.mean()), tuple(shares))


def _share(scenario: Scenario, name: str, values: Values, outcome: Values) -> Share:
    stated = scenario.model.parameters.get(name.partition("[")[0])
    grade = "" if stated is None else stated.grade or ""
    disagreement = "" if stated is None else stated.disagreement or ""
    return Share(name, grade, disagreement, *share_of(values, outcome))


def settled(found: tuple[Uncertain, ...]) -> tuple[Settled, ...]:
    """The disagreements, those first that it would be worth most to settle."""
    named = {share.disagreement for outcome in found for share in outcome.shares if share.disagreement}
    ranked = [_settled(found, disagreement) for disagreement in sorted(named)]
    return tuple(sorted(ranked, key=lambda one: (-one.share, one.disagreement)))


def _settled(found: tuple[Uncertain, ...], disagreement: str) -> Settled:
    parts = {
        outcome.id: sum(share.share for share in outcome.told if share.disagreement == disagreement)
        for outcome in found
    }
    parameters = sorted({share.parameter for share in found[0].shares if share.disagreement == disagreement})
    most = max(parts, key=lambda id_: parts[id_])
    return Settled(disagreement, tuple(parameters), sum(parts.values()) / len(parts), most, parts[most])
