"""How often each outcome happened, and how sure the number of runs lets us be.

Everything is worked out from integers: counts of runs and numbers of turns. The interval tells what playing
more runs could change, and nothing else: it knows nothing of the model's assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

from sim.batch import BatchResult, OutcomeCount
from sim.scenario import Clock

Z95: Final = 1.959963984540054
"""The 97.5% point of the normal distribution: for two-sided 95% intervals."""


@dataclass(frozen=True, slots=True)
class OutcomeEstimate:
    """An outcome over the runs of a batch."""

    id: str
    title: str
    happened: int
    """Runs in which it came about."""
    runs: int
    share: float
    low: float
    """Wilson 95% interval of the share."""
    high: float
    first_turn: int
    """First and last turn in which it is asked; the same for an outcome that is asked at one date."""
    last_turn: int
    median_turn: int | None
    """Turn by which it had come about in half of the runs in which it did; None if it never did."""
    median_date: str
    """That turn as a person names it, or ""."""


def wilson(happened: int, runs: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share, `(low, high)`.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Wilson (1927), "Probable inference, the law
    of succession, and statistical inference", JASA 22; recommended by Brown, Cai and DasGupta (2001),
    Statistical Science 16(2).

    Args:
        happened: how often it happened.
        runs: of how many.
        z: normal quantile; 1.96 for 95%.

    Raises:
        ValueError: unless 0 <= happened <= runs and runs > 0.
    """
    if not 0 <= happened <= runs or runs == 0:
        raise ValueError(f"{happened} of {runs} is no share")
    centre = happened + z * z / 2
    spread = z * sqrt(happened * (runs - happened) / runs + z * z / 4)
    total = runs + z * z
    low = 0.0 if happened == 0 else (centre - spread) / total
    high = 1.0 if happened == runs else (centre + spread) / total
    return low, high


def outcome_estimates(result: BatchResult) -> tuple[OutcomeEstimate, ...]:
    """Every outcome, the most frequent first; equally frequent ones in order of id."""
    found = [_estimate(result, outcome) for outcome in result.manifest.outcomes]
    return tuple(sorted(found, key=lambda estimate: (-estimate.happened, estimate.id)))


def _estimate(result: BatchResult, outcome: OutcomeCount) -> OutcomeEstimate:
    runs = result.manifest.runs
    turns = result.column(f"outcome.{outcome.id}")
    came = turns.filter(turns > 0).sort()
    low, high = wilson(len(came), runs)
    median = int(came[(len(came) - 1) // 2]) if len(came) else None
    return OutcomeEstimate(
        id=outcome.id,
        title=outcome.title,
        happened=len(came),
        runs=runs,
        share=len(came) / runs,
        low=low,
        high=high,
        first_turn=outcome.first,
        last_turn=outcome.last,
        median_turn=median,
        median_date=_label(result.manifest.clock, median),
    )


def _label(clock: Clock, turn: int | None) -> str:
    return "" if turn is None else clock.label(turn)
