"""A forecast on the screen is that of the moment that is shown, with what was ordered and set there."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

import sim
from sim import FoedusError, Forecaster, Futures, Game
from tests.tui.redrawn import held_futures
from tests.tui.snapshots import SCENARIO
from tests.tui.stage import WIDE, app, press, screen_text, settle
from tui.app import FoedusApp
from tui.screens.forecasting import Forecasting
from tui.screens.game import GameScreen
from tui.views.seats import OptionsPane
from tui.widgets.fan import FanPane
from tui.widgets.forecast import ForecastPane

FUTURES = 8


def outlook(shown: FoedusApp) -> Futures | None:
    return shown.screen.query_one("#outlook", ForecastPane).futures


def is_of_this_moment(shown: FoedusApp) -> bool:
    """Whether the forecast is what this moment's futures are, played once more."""
    game, found = shown.game, outlook(shown)
    with Forecaster(game.program) as forecaster:
        fresh = forecaster.futures(game.line, game.turn, runs=FUTURES)
    return found is not None and bool((found.outcomes == fresh.outcomes).all())


async def press_held(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def test_the_screen_says_that_futures_are_being_played() -> None:
    shown = app(futures=FUTURES)
    with held_futures() as held:
        async with shown.run_test(size=WIDE) as pilot:
            await settle(pilot)
            held.clear()
            await press_held(pilot, "space")
            assert "Playing futures..." in screen_text(shown)
            held.set()
            await settle(pilot)
            assert "Playing futures..." not in screen_text(shown)


async def test_nobody_writes_a_world_out_to_begin_its_futures() -> None:
    shown = app(futures=FUTURES)
    with held_futures() as held:
        async with shown.run_test(size=WIDE) as pilot:
            await settle(pilot)
            held.clear()
            await press_held(pilot, "space")
            described = [worker.description for worker in shown.workers]  # Textual puts the arguments in
            assert described
            assert max(map(len, described)) < 1_000
            held.set()
            await settle(pilot)


async def test_another_branch_does_not_show_the_forecast_of_the_one_before() -> None:
    shown = app(futures=FUTURES)
    with held_futures() as held:
        async with shown.run_test(size=WIDE) as pilot:
            await press(pilot, "space", "exclamation_mark")
            held.clear()
            await press_held(pilot, "right_square_bracket")
            assert outlook(shown) is None
            assert shown.screen.query_one(FanPane).futures is None
            held.set()
            await settle(pilot)
            assert is_of_this_moment(shown)


async def test_what_a_seat_orders_is_in_the_forecast_that_is_looked_at_next() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=FUTURES)
    shown.game.seat("LYNX")
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "4")
        before = outlook(shown)
        pane = shown.screen.query_one(OptionsPane)
        pane.focus()
        await press(pilot, "down", "enter")
        assert shown.game.orders()
        await press(pilot, "1")
        assert outlook(shown) is not before
        assert is_of_this_moment(shown)


async def test_what_is_shown_again_is_not_played_again() -> None:
    shown = app(futures=FUTURES)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        before = outlook(shown)
        await press(pilot, "3", "1", "R")
        await press(pilot, "a", "enter")
        assert outlook(shown) is before


async def test_options_are_weighed_anew_once_a_value_was_set() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=FUTURES)
    shown.game.seat("LYNX")
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "4")
        pane = shown.screen.query_one(OptionsPane)
        assert pane.weighed
        before = dict(pane.weighed)
        shown.game.set("grain[HARE]", 1.0)
        assert isinstance(shown.screen, GameScreen)
        shown.screen.arrived()
        await settle(pilot)
        assert set(pane.weighed) == set(before)
        assert all(found is not before[name] for name, found in pane.weighed.items())


async def test_a_question_in_between_does_not_lose_the_forecast() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=FUTURES)
    shown.game.seat("LYNX")
    with held_futures() as held:
        async with shown.run_test(size=WIDE) as pilot:
            await press(pilot, "space", "4")
            held.clear()
            await press_held(pilot, "space")
            shown.screen.query_one(OptionsPane).focus()
            await press_held(pilot, "home", "enter")
            held.set()
            await settle(pilot)
            assert is_of_this_moment(shown)


async def test_futures_that_cannot_be_played_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Forecaster:
        raise FoedusError.at(None, "no futures", "some")

    monkeypatch.setattr(Forecasting, "_forecasts", fail)
    shown = app(futures=FUTURES)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        assert "Playing futures..." not in screen_text(shown)
        assert "No futures yet." in screen_text(shown)
