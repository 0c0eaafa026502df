"""Branches: leaving a line, telling lines apart, other luck and other doctrines."""

from __future__ import annotations

from tests.session.test_game import DOCTRINES
from tests.tui.stage import WIDE, app, notices, press, screen_text, settle, write
from tui.views.branches import ComparePane


async def test_fork() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "b", "f")
        await write(pilot, "what if")
        assert list(shown.game.lines) == ["main", "what if"]
        assert (shown.game.line.name, shown.game.turn, shown.game.played) == ("what if", 1, 1)
        await press(pilot, "f")
        await write(pilot, "main")
        assert "a branch of this name already" in screen_text(shown)
        await press(pilot, "escape")
        assert len(shown.game.lines) == 2


async def test_rename() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "R", "ctrl+u")
        await write(pilot, "base")
        assert list(shown.game.lines) == ["base"]


async def test_next_branch() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "right_square_bracket")
        assert "one branch only" in notices(shown)
        shown.game.fork("other")
        await press(pilot, "right_square_bracket")
        assert shown.game.line.name == "main"


async def test_compare() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "f", "enter")
        shown.game.order("WEST/answer", "sulk")
        await press(pilot, "space", "right_square_bracket", "space", "c")
        assert shown.screen.query_one(ComparePane).pair == ("main", "main 2")
        text = screen_text(shown)
        assert "First difference: Feb 2030 (turn 2)" in text
        assert "main 2" in text


async def test_against() -> None:
    shown = app(futures=16)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "r")
        assert "left no other" in notices(shown)
        await press(pilot, "f", "enter")
        shown.game.order("WEST/answer", "sulk")
        await press(pilot, "r", "ctrl+u")
        await write(pilot, "none")
        assert "A whole number from 1" in screen_text(shown)
        await press(pilot, "ctrl+u")
        await write(pilot, "32")
        await settle(pilot)
        text = screen_text(shown)
        assert "main 2 against main: 32 futures each from turn 1" in text
        found = shown.screen.query_one(ComparePane).against
        assert found is not None
        assert {pair.runs for _, pair in found.outcomes} == {32}


async def test_roll_again() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "exclamation_mark")
        assert shown.game.line.stream == 2
        await press(pilot, "exclamation_mark")
        assert shown.game.line.stream == 4


async def test_doctrine() -> None:
    plain = app()
    async with plain.run_test(size=WIDE) as pilot:
        await press(pilot, "D")
        assert "one doctrine for each actor" in notices(plain)
    shown = app(DOCTRINES)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "D")
        assert "meek  (in force)" in screen_text(shown)
        await write(pilot, "bold")
        assert dict(shown.game.program.doctrines) == {"WEST": "bold"}
        await press(pilot, "space")
        assert shown.game.turn == 2
