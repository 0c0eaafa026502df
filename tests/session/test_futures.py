"""Futures share their luck however they are split; a seat's know nothing of what it cannot see."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import Forecaster, Futures, Game, GivenUpError, Model, Order
from sim.session.believed import believed, unseen
from sim.session.futures import PERCENTS
from sim.session.seats import knowledge, matters
from tests.story.quarrel import compiled

QUARREL_PROGRAM = compiled()
BORDER = sim.load("scenarios/border-clash.yaml")


def begun(turn: int = 4) -> Game:
    game = Game(BORDER, seed=11, run=2)
    list(game.travel(turn))
    return game


def test_futures_are_what_a_fork_on_the_next_stream_plays() -> None:
    game = begun()
    futures = Forecaster(BORDER).futures(game.line, 4, runs=64)
    model = Model(BORDER, runs=[2], seed=11).play(4).fork(runs=range(64), stream=1).play()
    for index, outcome in enumerate(BORDER.outcomes):
        assert np.array_equal(futures.outcomes[index], model.state.values[outcome.row])
    for index, indicator in enumerate(BORDER.indicators):
        assert np.array_equal(futures.values(index)[-1], model.state.values[indicator.row])
    assert np.unique(model["fear_of_war"]).size == 1  # the run's parameters are held


def _alike(one: Futures, other: Futures) -> bool:
    """Whether the same came of both, to the last bit."""
    return np.array_equal(one.outcomes, other.outcomes) and all(
        np.array_equal(one.values(index), other.values(index)) for index in range(len(one.program.indicators))
    )


def test_futures_do_not_depend_on_how_they_are_split() -> None:
    game = begun()
    alone = Forecaster(BORDER).futures(game.line, 4, runs=65)
    with Forecaster(BORDER, workers=2) as forecaster:
        shared = forecaster.futures(game.line, 4, runs=65)
    assert _alike(alone, shared)


def test_futures_that_nobody_waits_for_are_given_up() -> None:
    game = begun(0)
    with Forecaster(BORDER, workers=1) as forecaster:
        forecaster.futures(game.line, 0, runs=8)  # the process is there
        timer = threading.Timer(0.1, forecaster.give_up)
        timer.start()
        with pytest.raises(GivenUpError):
            forecaster.futures(game.line, 0, runs=200_000)
        timer.join()
        assert forecaster.futures(game.line, 0, runs=8).runs == 8


def test_an_order_changes_only_what_it_touches() -> None:
    game, forecaster = begun(), Forecaster(QUARREL_PROGRAM)
    game = Game(QUARREL_PROGRAM, seed=3)
    list(game.travel(2))
    orders = [Order(3, "WEST", "answer", option) for option in ("calm", "sulk")]
    plain, calm, sulk = (
        forecaster.futures(game.line, 2, runs=200, orders=given) for given in ([], orders[:1], orders[1:])
    )
    ids = [indicator.id for indicator in QUARREL_PROGRAM.indicators]
    oil = ids.index("oil")  # the world's luck, which nobody's answer touches
    assert np.array_equal(plain.values(oil), calm.values(oil))
    assert np.array_equal(calm.values(oil), sulk.values(oil))


def test_a_line_takes_its_later_orders_into_its_futures() -> None:
    game = Game(QUARREL_PROGRAM, seed=3)
    order = Order(3, "WEST", "answer", "sulk")
    forecaster = Forecaster(QUARREL_PROGRAM)
    expected = forecaster.futures(game.line, 0, runs=50, orders=[order])
    game.order_later(order)
    assert _alike(forecaster.futures(game.line, 0, runs=50), expected)


def test_what_is_ordered_for_the_next_turn_can_be_left_to_the_policy() -> None:
    game, forecaster = Game(QUARREL_PROGRAM, seed=3), Forecaster(QUARREL_PROGRAM)
    list(game.travel(2))
    free = forecaster.futures(game.line, 2, runs=200)
    game.order("WEST/answer", "sulk")
    ordered = forecaster.futures(game.line, 2, runs=200)
    assert not _alike(free, ordered)
    assert _alike(forecaster.futures(game.line, 2, runs=200, free="WEST/answer"), free)
    assert _alike(forecaster.futures(game.line, 2, runs=200, free="EAST/probe"), ordered)


def test_what_has_come_about_is_told_apart_from_what_may() -> None:
    game = Game(QUARREL_PROGRAM, seed=11)
    list(game.seek(["outcome"]))
    happened = {outcome.id: int(game.value(outcome.row)) for outcome in QUARREL_PROGRAM.outcomes}
    for chance in Forecaster(QUARREL_PROGRAM).futures(game.line, game.turn, runs=40).chances():
        assert chance.since == happened[chance.id]
        assert chance.low <= chance.share <= chance.high
        if chance.since:
            assert chance.happened == 40


def test_a_fan_opens_from_the_moment_it_starts_from() -> None:
    game = begun()
    fan = Forecaster(BORDER).futures(game.line, 4, runs=100).fan("worst_danger")
    assert len(fan.quantiles) == len(PERCENTS)
    assert {quantile[0] for quantile in fan.quantiles} == {game.value(BORDER.rows["worst_danger"])}
    for lower, higher in zip(fan.quantiles, fan.quantiles[1:], strict=False):
        assert all(low <= high for low, high in zip(lower, higher, strict=True))
    assert fan.turns == tuple(range(4, 37))


# Seats


@given(factor=st.floats(0.0, 3.0), data=st.data())
@settings(max_examples=15, deadline=None)
def test_changing_what_a_seat_cannot_see_leaves_its_forecast_unchanged(
    factor: float, data: st.DataObject
) -> None:
    game = begun()
    forecaster = Forecaster(BORDER)
    expected = forecaster.futures(game.line, 4, runs=20, seat="HARE", last=12)
    options = matters(game.line, 4, "HARE")
    hidden = sorted(unseen(BORDER, "HARE"))
    state = game.line.moments[4].state
    for row in data.draw(st.lists(st.sampled_from(hidden), min_size=1, unique=True)):
        variable = BORDER.variables[row]
        state.values[row] = min(max(state.values[row, 0] * factor + 0.1, variable.low), variable.high)
    found = forecaster.futures(game.line, 4, runs=20, seat="HARE", last=12)
    assert _alike(found, expected)
    assert matters(game.line, 4, "HARE") == options


def test_what_a_seat_cannot_see_is_what_it_perceives_and_nothing_in_the_open() -> None:
    names = {BORDER.variables[row].name for row in unseen(BORDER, "HARE")}
    assert {
        "strength[BEAR]",
        "fear_of_war",
        "error[HARE/rivals_strength]",
        "seen[LYNX/rivals_strength]",
    } <= names
    assert names.isdisjoint({"strength[HARE]", "tension[BEAR, HARE]", "seen[HARE/rivals_strength]"})


def test_changing_what_a_seat_sees_changes_its_forecast() -> None:
    game = begun()
    forecaster = Forecaster(BORDER)
    before = forecaster.futures(game.line, 4, runs=20, seat="HARE")
    game.line.moments[4].state.values[BORDER.rows["seen[HARE/rivals_strength]"]] = 2.5
    after = forecaster.futures(game.line, 4, runs=20, seat="HARE")
    assert not _alike(before, after)


def test_a_seat_believes_in_as_many_worlds_as_it_has_doubts() -> None:
    game = begun()
    mind = believed(BORDER, game.line.moments[4].state, "HARE", range(500), 1)
    strength = mind.values[BORDER.rows["strength[BEAR]"]]
    seen = float(game.line.moments[4].state.values[BORDER.rows["seen[HARE/rivals_strength]"], 0])
    assert abs(float(strength.mean()) - seen) < 0.05
    assert 0.1 < float(strength.std()) < 0.2  # the noise of its sight
    assert np.array_equal(
        mind.values[BORDER.rows["strength[HARE]"]],
        np.full(500, game.now.state.values[BORDER.rows["strength[HARE]"], 0]),
    )


def test_a_seat_knows_what_it_sees_and_not_what_is_behind_it() -> None:
    game = begun()
    rows = {known.row for known in knowledge(game.line, 4, "HARE")}
    assert {"strength[HARE]", "seen[HARE/rivals_strength]", "tension[BEAR, HARE]"} <= rows
    assert "strength[BEAR]" not in rows
    assert "strength[LYNX]" not in rows


def test_a_seat_is_offered_the_options_that_are_open_to_it() -> None:
    game = begun(2)
    (matter,) = matters(game.line, 2, "HARE")
    assert not matter.comes_up  # quarterly: in January, April
    list(game.travel(3))
    (matter,) = matters(game.line, 3, "HARE")
    assert matter.comes_up
    assert [option.id for option in matter.options] == ["arm", "band_together", "wait"]
    assert all(option.utility is not None for option in matter.options)
    game.set("friendship[HARE, LYNX]", 0.96)
    (matter,) = matters(game.line, 3, "HARE")
    assert [option.id for option in matter.options] == ["arm", "wait"]
