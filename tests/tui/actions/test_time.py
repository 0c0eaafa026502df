"""Time: turns forward and back, by themselves, and to a moment that is named."""

from __future__ import annotations

from tests.tui.actions.looks import stage
from tests.tui.stage import WIDE, app, notices, press, screen_text, write


async def test_step() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "n")
        assert shown.game.turn == 2


async def test_back() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "b")
        assert (shown.game.turn, shown.game.played) == (1, 2)
        await press(pilot, "b", "b")
        assert "This is turn 0" in notices(shown)


async def test_play() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, *["plus"] * 4)
        stage(shown).seconds = 0.0
        await press(pilot, "p")
        assert shown.game.turn == 12
        assert not stage(shown).playing


async def test_faster() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        assert stage(shown).seconds == 0.5
        assert "2 turns a second" in notices(shown)


async def test_slower() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "minus")
        assert stage(shown).seconds == 2.0


async def test_go_to() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g")
        await write(pilot, "2030-04-01")
        assert shown.game.turn == 3
        shown.game.bookmark("peak")
        await press(pilot, "g")
        await write(pilot, "0")
        await press(pilot, "g")
        assert "Bookmarks: peak" in screen_text(shown)
        await write(pilot, "peak")
        assert shown.game.turn == 3


async def test_next_event() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "e")
        await write(pilot, "inject")
        assert shown.game.turn == 3
        assert "An election" in screen_text(shown)
