"""An order for what comes up in the course of a turn does something where it does, and nothing elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import Forecaster, Game, Line, Order, among, coming_up, matters
from tests.session.test_game import PROGRAM
from tests.session.test_seat_options import ANSWER, of_case
from tests.worlds import SCENARIOS

RUNS = 120
CALLED = "RUS/russia_dprk.article_3.answer/adversary=KOR,caller=PRK"
VOTE = "CHN/vote/body=unsc,draft=panel_anew"
RAIDS = f"""
foedus: 1
id: raids
title: Raids
extends: {SCENARIOS.absolute()}/cases/bases/pact.yaml
actors: {{A: {{policy: [raiding]}}}}
policies: {{raiding: {{rules: {{raid: {{chance: {{per: month, rate: 0.5}}, do: [attack: B]}}}}}}}}
outcomes:
  kept: {{title: The promise is kept, happens: "honoured(pact, article_1, C, B, A)", by: 2030-06-01}}
indicators: {{help: "given(pact, article_1, C, B, A)"}}
"""
"""Aland attacks Bland in some months, and Bland calls on Cland."""


@pytest.fixture
def raided(tmp_path: Path) -> Line:
    path = tmp_path / "raids.yaml"
    path.write_text(RAIDS, "utf-8")
    return Game(sim.load(path), seed=1).line


@cache
def korea() -> Line:
    """Turn 6 of a crisis in which Pyongyang may call on Moscow."""
    game = Game(sim.load("scenarios/korea-crisis.yaml"), seed=7)
    list(game.travel(6))
    return game.line


def test_an_answer_comes_up_where_the_call_comes_and_nowhere_else() -> None:
    game = Game(of_case(314), seed=1)
    quiet = coming_up(game.line, 0, "C", ANSWER, 20)
    assert quiet is not None
    assert not quiet.any()
    game.order("A/attack/x=B", "do")
    game.order("B/pact.article_1.call/adversary=A", "call")
    asked = coming_up(game.line, 0, "C", ANSWER, 20)
    assert asked is not None
    assert asked.all()


def test_an_order_that_stands_for_it_does_not_bring_it_about() -> None:
    game = Game(of_case(314), seed=1)
    game.order(ANSWER, "materiel", by="C")
    found = coming_up(game.line, 0, "C", ANSWER, 20)
    assert found is not None
    assert not found.any()


@pytest.mark.parametrize(("option", "keeps"), [("none", False), ("materiel", True)])
def test_an_order_does_what_it_does_in_those_futures_and_nothing_in_the_others(
    raided: Line, option: str, keeps: bool
) -> None:
    """Equipment keeps the promise where Bland calls in the next turn; where it does not, nothing does."""
    case = coming_up(raided, 0, "C", ANSWER, RUNS)
    assert case is not None
    assert 0.25 * RUNS < case.sum() < 0.55 * RUNS  # a raid comes in 1 - exp(-0.5) of the months
    with Forecaster(raided.program) as forecaster:
        orders = [Order(1, "C", ANSWER.partition("/")[2], option)]
        found = forecaster.futures(raided, 0, runs=RUNS, seat="C", orders=orders, last=1)
    assert np.array_equal(found.outcomes[0] > 0, case if keeps else np.zeros(RUNS, bool))
    assert among(found, case).chances()[0].share == float(keeps)


@pytest.mark.parametrize("option", ["none", "statement", "consultation"])
def test_where_it_does_not_come_up_an_order_changes_nothing(option: str) -> None:
    """Run by run on the same luck, in every outcome and every indicator of every turn."""
    line = korea()
    case = coming_up(line, 6, "RUS", CALLED, RUNS)
    assert case is not None
    assert 0 < case.sum() < RUNS
    with Forecaster(line.program) as forecaster:

        def played(*orders: Order) -> sim.Futures:
            return forecaster.futures(line, 6, runs=RUNS, seat="RUS", orders=orders, last=12)

        plain, ordered = played(), played(Order(7, "RUS", CALLED.partition("/")[2], option))
    assert np.array_equal(plain.outcomes[:, ~case], ordered.outcomes[:, ~case])
    for before, after in zip(plain.blocks, ordered.blocks, strict=True):
        assert np.array_equal(before[:, :, ~case], after[:, :, ~case])


def test_a_vote_comes_up_where_the_draft_is_tabled() -> None:
    game = Game(sim.load("scenarios/pyongyang-hanoi-2024.yaml"), seed=7)
    list(game.travel(3))
    game.order("USA/table/body=unsc,draft=panel_anew", "refrain")
    never = coming_up(game.line, 3, "CHN", VOTE, 40)
    game.order("USA/table/body=unsc,draft=panel_anew", "do")
    always = coming_up(game.line, 3, "CHN", VOTE, 40)
    assert never is not None
    assert always is not None
    assert always.all()
    assert not never.all()


def test_of_rules_it_cannot_be_told() -> None:
    rules = [found.decision for found in matters(korea(), 6, "RUS") if ".recognise/" in found.decision]
    assert rules
    assert coming_up(korea(), 6, "RUS", rules[0], 5) is None


def test_some_futures_are_those_and_no_others() -> None:
    game = Game(PROGRAM, seed=5)
    with Forecaster(game.program) as forecaster:
        whole = forecaster.futures(game.line, 0, runs=30)
    some = np.arange(30) % 3 == 0
    found = among(whole, some)
    assert found.runs == 10
    assert np.array_equal(found.outcomes, whole.outcomes[:, some])
    assert np.array_equal(found.values(0), whole.values(0)[:, some])
    assert [chance.runs for chance in found.chances()] == [10] * len(found.chances())
