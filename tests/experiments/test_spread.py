"""Where arms lie farthest apart: the right ends, in the right order, with intervals that hold together."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import binom

from sim.analysis.experiments import Answer, answer, prepare
from sim.analysis.paired import paired_share
from sim.analysis.spread import Watched, indicator_spreads, outcome_spreads, simultaneous_z
from sim.report.answers import answer_document, answer_page, tables
from sim.scenario.experiment import load_experiment

# At a rate of r a month in four months: heads at all with 1 - exp(-4r), in 4(1 - exp(-r)) months.
COIN = """
foedus: 1
id: coin
title: A coin
clock: {start: 2030-01-01, turn: month, turns: 4}
parameters: {r: {value: 0.1, range: [0, 1], assumed: invented}}
actors: {TOM: {name: Tom, policy: tossing, attributes: {heads: {initial: 0, assumed: invented}}}}
policies: {tossing: {rules: {toss: {chance: {per: month, rate: r}, effects: ["heads += 1"]}}}}
indicators:
  headcount: {title: Heads, value: "heads[TOM]"}
  tosses: {title: Tosses, value: "4 + 0*heads[TOM]"}
outcomes:
  any: {title: Heads at all, happens: "heads[TOM] > 0", by: 2030-05-01}
  five: {title: Five heads, happens: "heads[TOM] > 4", by: 2030-05-01}
"""
COINS = """
experiment: coins
title: Coins
scenario: coin.yaml
runs: 4000
arms:
  middling: {parameters: {r: 0.3}}
  rare: {title: A rare one, parameters: {r: 0.05}}
  frequent: {title: A frequent one, parameters: {r: 0.6}}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    folder = tmp_path_factory.mktemp("coins")
    (folder / "coin.yaml").write_text(COIN, "utf-8")
    (folder / "coins.yaml").write_text(COINS, "utf-8")
    return answer(prepare(load_experiment(folder / "coins.yaml")))


def test_the_arms_farthest_apart_are_named_with_what_is_known_of_them(found: Answer) -> None:
    first, last = found.outcomes
    assert (first.id, first.lowest, first.highest) == ("any", "rare", "frequent")
    wanted = exp(-4 * 0.05) - exp(-4 * 0.6)
    low, high = first.interval
    assert low < wanted < high
    assert first.shares["middling"] == pytest.approx(1 - exp(-4 * 0.3), abs=0.03)
    assert (last.id, last.paired.difference, last.interval) == ("five", 0.0, (0.0, 0.0))


def test_indicators_are_ordered_by_standard_deviations_of_the_base(found: Answer) -> None:
    first, last = found.indicators
    assert (first.id, first.lowest, first.highest) == ("headcount", "rare", "frequent")
    assert first.interval is not None
    low, high = first.interval
    wanted = 4 * (exp(-0.05) - exp(-0.6))
    assert low < wanted < high
    month = exp(-0.1)
    assert first.effect == pytest.approx(wanted / (4 * month * (1 - month)) ** 0.5, rel=0.1)
    assert (last.id, last.effect, last.interval) == ("tosses", 0.0, (0.0, 0.0))


def test_an_arm_of_a_pair_is_one_of_the_arms_and_never_the_base(found: Answer) -> None:
    ends = {(spread.lowest, spread.highest) for spread in found.outcomes}
    ends |= {(spread.lowest, spread.highest) for spread in found.indicators}
    assert {arm for pair in ends for arm in pair} <= {"middling", "rare", "frequent"}


def test_three_arms_of_two_outcomes_share_one_miss_in_twenty() -> None:
    assert simultaneous_z(3, 2) == pytest.approx(NormalDist().inv_cdf(1 - 0.05 / 12))
    assert simultaneous_z(1, 1) == pytest.approx(1.959964)


def test_an_interval_is_the_wider_the_more_is_compared(found: Answer) -> None:
    spread = found.outcomes[0]
    low, high = spread.paired.interval
    assert spread.interval[0] < low < high < spread.interval[1]


def test_intervals_that_hold_together_hold_together() -> None:
    """Twelve rows of four arms that do not differ: 400 tables, of which 20 may leave out a true 0 somewhere.

    Of the intervals that hold one by one, some in nearly every table do.
    """
    luck = np.random.default_rng(1)
    together = one_by_one = 0
    for _ in range(400):
        rows = [
            Watched(str(row), "", "", np.zeros(1), {str(arm): luck.random(300) < 0.4 for arm in range(4)})
            for row in range(12)
        ]
        found = outcome_spreads(rows)
        together += all(spread.interval[0] <= 0.0 <= spread.interval[1] for spread in found)
        one_by_one += all(spread.paired.interval[0] <= 0.0 for spread in found)
    assert together >= binom(400, 0.95).ppf(0.001)
    assert one_by_one < 0.3 * 400


def test_the_ends_do_not_depend_on_the_order_of_the_arms() -> None:
    luck = np.random.default_rng(2)
    arms = {name: luck.random(500) < share for name, share in (("a", 0.2), ("b", 0.5), ("c", 0.8))}
    for order in (("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a")):
        (spread,) = outcome_spreads([Watched("x", "", "", arms["a"], {name: arms[name] for name in order})])
        assert (spread.lowest, spread.highest) == ("a", "c")
        assert spread.paired == paired_share(arms["a"], arms["c"])


def test_a_single_arm_has_nothing_to_lie_apart_from() -> None:
    watched = [Watched("x", "", "", np.zeros(9), {"a": np.ones(9)})]
    assert outcome_spreads(watched) == ()
    assert indicator_spreads(watched) == ()


def test_what_the_base_never_varies_in_and_the_arms_do_comes_first() -> None:
    still = Watched("still", "", "", np.zeros(9), {"a": np.zeros(9), "b": np.ones(9)})
    moving = Watched("moving", "", "", np.arange(9.0), {"a": np.arange(9.0), "b": 50 + np.arange(9.0)})
    assert [spread.id for spread in indicator_spreads([moving, still])] == ["still", "moving"]


def test_the_spread_is_told_on_a_terminal_as_a_page_and_as_data(found: Answer) -> None:
    titles = [str(table.title) for table in tables(found)]
    assert titles[-2:] == ["Where the arms differ most", "Where the arms differ most: at the end"]
    page = answer_page(found)
    section = page.partition("## Where the arms differ most")[2].partition("\n## ")[0]
    assert "Bonferroni" in section
    assert "| Heads at all | A rare one 1" in section
    assert "same in every run" in section
    spread = answer_document(found)["spread"]
    assert [one["id"] for one in spread["outcomes"]] == ["any", "five"]
    assert spread["outcomes"][0]["highest"] == "frequent"


def test_an_effect_without_bound_is_none_in_the_data(tmp_path: Path) -> None:
    """In the base no coin ever comes up, so that nothing is a standard deviation."""
    (tmp_path / "coin.yaml").write_text(COIN.replace("value: 0.1", "value: 0"), "utf-8")
    path = tmp_path / "still.yaml"
    path.write_text(COINS.replace("4000", "50"), "utf-8")
    document = answer_document(answer(prepare(load_experiment(path))))
    assert document["spread"]["indicators"][0]["effect"] is None
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_of_a_single_arm_no_spread_is_told(tmp_path: Path) -> None:
    (tmp_path / "coin.yaml").write_text(COIN, "utf-8")
    path = tmp_path / "one.yaml"
    path.write_text(COINS.partition("  rare:")[0].replace("4000", "50"), "utf-8")
    one = answer(prepare(load_experiment(path)))
    assert "differ most" not in answer_page(one)
    assert answer_document(one)["spread"] == {"outcomes": [], "indicators": []}
