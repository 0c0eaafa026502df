"""A megabyte pasted into a line, and a terminal that shrinks to nothing and comes back."""

from __future__ import annotations

import pytest
from textual.events import Paste
from textual.widgets import Input

from tests.tui.stage import WIDE, app, press, screen_text


@pytest.mark.parametrize("key", ["t", "m", "f", "g", "s", "slash", "R", "equals_sign"])
async def test_of_a_great_paste_a_line_takes_what_has_room(key: str) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", key)
        line = shown.screen.query_one(Input)
        line.post_message(Paste("x" * 1_000_000 + "\nsecond"))
        await pilot.pause()
        assert len(line.value) == 2_000
        assert line.value.endswith("x")
        await press(pilot, "escape")
        assert shown.game.turn == 1


async def test_a_terminal_that_shrinks_to_nothing_while_the_game_plays_shows_it_again() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await pilot.press("p")
        for size in ((1, 1), (0, 0), (30, 3), WIDE):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await press(pilot, "p")
        await pilot.pause()
        assert f"turn {shown.game.turn} of 12" in screen_text(shown)
