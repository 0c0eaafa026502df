"""Arrows beside a forecast compare with the one before it: of the same branch, and earlier."""

from __future__ import annotations

from sim import Forecaster
from tests.tui.stage import app, press
from tui.screens.game import GameScreen
from tui.widgets.forecast import ForecastPane


async def test_a_forecast_is_compared_with_an_earlier_one_of_its_branch_alone() -> None:
    shown = app()
    async with shown.run_test() as pilot:
        await press(pilot, "space", "space", "space")
        screen = shown.screen
        assert isinstance(screen, GameScreen)
        pane, line = screen.query(ForecastPane).first(), screen.game.line
        first, second, third = (Forecaster(line.program).futures(line, turn, runs=20) for turn in (1, 2, 3))
        screen._foreseen(first, "main")
        assert pane.before == {}
        screen._foreseen(second, "main")
        assert pane.before == {chance.id: chance.share for chance in first.chances()} != {}
        screen._foreseen(third, "what if")
        assert pane.before == {}
        screen._foreseen(second, "what if")
        assert pane.before == {}  # a step back
