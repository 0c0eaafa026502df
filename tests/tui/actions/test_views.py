"""What is shown: views, panes, and what they tell."""

from __future__ import annotations

from tests.tui.actions.looks import view_of
from tests.tui.stage import NARROW, WIDE, app, notices, press, screen_text, settle, write
from tui.actions import ACTIONS
from tui.screens.dialogues import KeysScreen
from tui.widgets.told import TurnPane


async def test_why() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "w")
        assert "This is turn 0" in notices(shown)
        await press(pilot, "space", "space")
        about = shown.screen.query_one(TurnPane).chosen
        assert about in shown.game.program.decisions
        await press(pilot, "enter")
        await settle(pilot)
        assert view_of(shown) == "why"
        assert f"Why {about}?" in screen_text(shown)
        assert "stands at scenario.yaml" in screen_text(shown)
        await press(pilot, "escape")
        assert view_of(shown) == "situation"


async def test_verbose() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        while shown.game.now.told == shown.game.now.told.news:
            await press(pilot, "space")
        assert "│ · " not in screen_text(shown)
        await press(pilot, "v")
        assert "│ · " in screen_text(shown)


async def test_log() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "space", "l")
        assert "─ Log ─" in screen_text(shown)
        assert "Jan 2030 (turn 1)" in screen_text(shown)


async def test_more_panes() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        assert "Commitments" not in screen_text(shown)
        await press(pilot, "u")
        assert "Commitments" in screen_text(shown)
        await press(pilot, "u")
        assert "─ This turn ─" in screen_text(shown)


async def test_filter() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "v", "space", "slash")
        await write(pilot, "westland answer")
        text = screen_text(shown)
        assert "/westland answer" in text
        assert "Eastland fires" not in text
        await press(pilot, "escape")
        assert "/westland" not in screen_text(shown)


async def test_zoom() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "z")
        assert "─ Actors ─" not in screen_text(shown)
        await press(pilot, "escape")
        assert "─ Actors ─" in screen_text(shown)


async def goes_to(key: str, view: str) -> None:
    """A key shows a view, and the way out of it leads back."""
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", key)
        assert view_of(shown) == view
        await press(pilot, "escape")
        assert view_of(shown) == "situation"


async def test_view_situation() -> None:
    await goes_to("1", "situation")


async def test_view_why() -> None:
    await goes_to("2", "why")


async def test_view_seats() -> None:
    await goes_to("4", "seats")


async def test_view_branches() -> None:
    await goes_to("5", "branches")


async def test_view_map() -> None:
    await goes_to("7", "map")


async def test_view_forecast() -> None:
    shown = app(futures=64)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "3")
        await settle(pilot)
        text = screen_text(shown)
        assert "Forecast: 64 futures" in text
        assert "Westland panics" in text
        assert "median" in text


async def test_view_facts() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "6")
        assert "The scenario cites none." in screen_text(shown)


async def test_keys() -> None:
    shown = app()
    async with shown.run_test(size=(120, 60)) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(shown.screen, KeysScreen)
        text = screen_text(shown)
        assert all(action.help in text for action in ACTIONS)
