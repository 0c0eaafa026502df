"""A seat's screen shows what its actor sees, and nothing that is behind it."""

from __future__ import annotations

import sim
from sim import Game
from sim.session.believed import unseen
from tests.tui.stage import NARROW, WIDE, notices, press, screen_text, settle
from tui.app import FoedusApp
from tui.views.seats import KnownPane, OptionsPane, SeatsView

BORDER = sim.load("scenarios/border-clash.yaml")


def played(factor: float) -> Game:
    """Turn 3 of a world in which all that HARE cannot see is another."""
    game = Game(BORDER, seed=11, run=2)
    list(game.travel(3))
    state = game.line.moments[3].state
    for row in unseen(BORDER, "HARE"):
        variable = BORDER.variables[row]
        state.values[row] = min(max(state.values[row, 0] * factor, variable.low), variable.high)
    game.seat("HARE")
    game.seat("LYNX")
    return game


async def painted(factor: float, size: tuple[int, int]) -> str:
    shown = FoedusApp(played(factor), futures=8)
    async with shown.run_test(size=size) as pilot:
        await settle(pilot)
        shown.screen.query_one(SeatsView).sit("HARE")
        await press(pilot, "4")
        await settle(pilot)
        assert shown.screen.query_one(OptionsPane).weighed
        await press(pilot, "enter")
        assert "does not see behind the world" in notices(shown)
        said = notices(shown)
        return screen_text(shown) + said


async def test_two_worlds_that_differ_in_what_a_seat_cannot_see_paint_the_same_screen() -> None:
    for size in (NARROW, WIDE):
        assert await painted(1.0, size) == await painted(0.4, size)


async def test_options_say_what_they_cost_and_what_they_change() -> None:
    screen = await painted(1.0, (200, 60))
    assert "costs: " in screen
    assert "12 turns on: " in screen
    assert any(mark in screen for mark in (" ▲", " ▼", " ="))


async def test_the_next_seat_does_not_learn_what_the_last_one_was_shown() -> None:
    shown = FoedusApp(played(1.0), futures=8)
    async with shown.run_test(size=WIDE) as pilot:
        await settle(pilot)
        shown.screen.query_one(SeatsView).sit("HARE")
        await press(pilot, "4", "h")
        assert "Hare" not in screen_text(shown)
        await press(pilot, "enter")
        assert shown.screen.query_one(KnownPane).actor == "LYNX"
        assert "HARE/" not in screen_text(shown)
