"""What a sane base case of the flagship was expected to look like, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scripts.base_rates import FULL_FORCE, LAUNCHES, History, figures
from sim.batch import BatchResult
from sim.report.plain import percent, plain_number


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line of the plan, with the figure and what the words were taken to mean."""

    expected: str
    shown: str
    meaning: str
    met: bool


def expectations(result: BatchResult, history: History) -> Iterator[Expectation]:
    """Every expectation that is a number.

    Args:
        result: of a batch of the flagship.
        history: rows of the same runs.
    """
    share = {one.id: one.happened / result.manifest.runs for one in result.manifest.outcomes}
    found = figures(history)
    yield _share("A half-year without a launch: about one in six", quiet_half_years(history), 0.08, 0.3)
    yield _share("A nuclear test in two years: unlikely, not remote", share["nuclear_test"], 0.05, 0.4)
    yield _rate("Lethal clashes in Korea: about 0.1 a year", found["prk_lethal_clash"].value, 0.05, 0.2)
    yield _rate("Russian vetoes: about two a year", found["unsc_vetoes_russia"].value, 1.5, 2.5)
    yield _share("Nobody's war by default: in Korea", share["war_in_korea"], 0.0, 0.1)
    yield _share("Nobody's war by default: over Taiwan", share["blockade_of_taiwan"], 0.0, 0.1)
    called, armed, force = article_4(result, history)
    said = f"of the {percent(called)} of runs in which it is called on"
    yield _share(f"Article 4, if called on: answered with arms or more, {said}", armed, 0.0, 1.0)
    yield _share(f"Article 4, if called on: seldom with full force, {said}", force, 0.0, 0.5)
    yield _share("Missile technology: shared in a minority of runs", share["missile_help"], 0.0, 0.5)
    yield _share("Nuclear technology: shared in a minority of runs", share["nuclear_help"], 0.0, 0.5)
    yield _share("Satellite help: in most", share["satellite_help"], 0.5, 1.0)
    kit = float((history["times[share_conventional, RUS, PRK]"][-1] > 0).mean())
    yield _share("Conventional help: in most", kit, 0.5, 1.0)
    yield _share("No rupture between Moscow and Beijing: runs with one", share["rupture"], 0.0, 0.05)
    yield _share("No Vietnamese arms for Russia: runs with some", share["hanoi_arms_moscow"], 0.0, 0.05)
    trade = {x: float(history[f"trade_with_hanoi[{x}]"][-1].mean()) for x in ("RUS", "CHN", "USA")}
    for other, name in (("CHN", "China"), ("USA", "America")):
        expected = f"Vietnam's trade with Russia: small beside that with {name}"
        yield _share(expected, trade["RUS"] / trade[other], 0.0, 0.1)


def _share(expected: str, value: float, low: float, high: float) -> Expectation:
    return Expectation(expected, percent(value), f"{percent(low)} to {percent(high)}", low <= value <= high)


def _rate(expected: str, value: float, low: float, high: float) -> Expectation:
    meaning = f"{plain_number(low)} to {plain_number(high)}"
    return Expectation(expected, plain_number(value), meaning, low <= value <= high)


def quiet_half_years(history: History) -> float:
    """The share of calendar half-years without a launch; the first is among them."""
    count = sum((history[row] for row in LAUNCHES), np.zeros(1))
    return float((np.diff(count[::6], axis=0) == 0).mean())


def article_4(result: BatchResult, history: History) -> tuple[float, float, float]:
    """How often it is called on, and how often then answered with arms or more, and with full force."""
    called, armed = (
        result.runs[f"outcome.article_4_{done}"].to_numpy() > 0 for done in ("called", "honoured")
    )
    force = np.zeros(len(called), dtype=bool)
    for adversary in ("KOR", "USA"):
        force |= (history[FULL_FORCE.format(adversary=adversary)] > 0).any(axis=0)
    return float(called.mean()), float(armed[called].mean()), float(force[called].mean())
