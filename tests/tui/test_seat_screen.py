"""A seat's screen shows what its actor sees, and nothing that is behind it."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import ContentSwitcher

import sim
from sim import Game
from sim.session.believed import unseen
from tests.tui.stage import NARROW, WIDE, notices, press, screen_text, settle, write
from tui.actions import ACTIONS
from tui.app import FoedusApp
from tui.screens.game import GameScreen
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


async def painted(factor: float, size: tuple[int, int], futures: int = 8) -> str:
    shown = FoedusApp(played(factor), futures=futures)
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
    screen = await painted(1.0, (200, 60), futures=60)
    assert "for you: " in screen
    assert "12 turns on: " in screen
    assert any(mark in screen for mark in (" ▲", " ▼", " ="))


async def test_the_next_seat_does_not_learn_what_the_last_one_was_shown() -> None:
    shown = FoedusApp(played(1.0), futures=8)
    async with shown.run_test(size=WIDE) as pilot:
        await settle(pilot)
        shown.screen.query_one(SeatsView).sit("HARE")
        await press(pilot, "4", "h", "enter", "h")
        assert "Hare" not in screen_text(shown)
        await press(pilot, "enter")
        assert shown.screen.query_one(KnownPane).actor == "LYNX"
        assert "HARE/" not in screen_text(shown)


def at_the_seats(shown: FoedusApp) -> bool:
    """Whether the seat's screen is shown and nothing over it."""
    return isinstance(shown.screen, GameScreen) and shown.screen.query_one(ContentSwitcher).current == "seats"


LOCKED = [action for action in ACTIONS if not action.seats]


def test_a_seat_may_only_do_what_shows_no_more_than_it_sees() -> None:
    assert {action.id for action in ACTIONS} - {action.id for action in LOCKED} == {
        "step",
        "pass_on",
        "give_back",
        "filter",
        "zoom",
        "view_seats",
        "keys",
        "quit",
    }


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_while_a_seat_is_at_the_keyboard_only_its_screen_is_shown(size: tuple[int, int]) -> None:
    shown = FoedusApp(played(1.0), futures=0)
    async with shown.run_test(size=size) as pilot:
        await press(pilot, "h", "enter")
        before, log = screen_text(shown), shown.game.log()
        assert "HARE is at the keyboard" in before
        for action in LOCKED:
            for key in action.keys.split(","):
                shown.clear_notifications()
                await press(pilot, key)
                assert "HARE is at the keyboard: H gives it back to the facilitator." in notices(shown), key
        for key in ("escape", "enter"):  # out of the view, and why of what the seat knows
            await press(pilot, key)
            assert at_the_seats(shown)
        shown.clear_notifications()
        await settle(pilot)
        assert screen_text(shown) == before
        assert list(shown.game.lines) == ["main"]
        assert shown.game.log() == log


async def test_the_palette_is_locked_as_the_keys_are() -> None:
    shown = FoedusApp(played(1.0), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "h", "enter", "ctrl+p")
        assert isinstance(shown.screen, CommandPalette)
        commands = {
            command.title: command.callback for command in shown.get_system_commands(shown.screen_stack[1])
        }
        assert set(commands) == {action.label for action in ACTIONS}
        await press(pilot, "escape")
        for action in LOCKED:
            shown.clear_notifications()
            commands[action.label]()
            await settle(pilot)
            assert "HARE is at the keyboard" in notices(shown), action.id
        assert at_the_seats(shown)


async def test_a_seat_plays_turns_and_orders_and_the_facilitator_sees_all_again() -> None:
    shown = FoedusApp(played(1.0), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "h", "enter", "space")
        assert at_the_seats(shown)
        assert shown.game.turn == 4
        await press(pilot, "H")
        assert "Hare" not in screen_text(shown)
        await press(pilot, "enter", "7")
        assert shown.screen.query_one(ContentSwitcher).current == "map"
        assert "is at the keyboard" not in screen_text(shown)


async def test_nobody_reads_on_the_next_seats_screen_what_was_said_to_the_last() -> None:
    shown = FoedusApp(played(1.0), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        shown.notify("a secret", markup=False)
        await press(pilot, "4", "slash")
        await write(pilot, "secret")
        await press(pilot, "h")
        assert "secret" not in screen_text(shown)
        await press(pilot, "enter")
        assert "secret" not in screen_text(shown)


async def test_with_seats_that_were_not_given_the_keyboard_nothing_is_locked() -> None:
    shown = FoedusApp(played(1.0), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        for number, view in enumerate(
            ("situation", "why", "forecast", "seats", "branches", "facts", "map"), 1
        ):
            await press(pilot, str(number))
            assert shown.screen.query_one(ContentSwitcher).current == view
