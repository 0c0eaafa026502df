"""What people want to find again: in the log, beside the saved game, pinned."""

from __future__ import annotations

from pathlib import Path

from sim import resume
from tests.tui.actions.looks import kept
from tests.tui.stage import WIDE, app, notices, press, screen_text, write
from tui.widgets.actors import ActorsPane


async def test_bookmark() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "m", "enter")
        assert shown.game.bookmarks == {"Jan 2030": 1}


async def test_note() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "t")
        await write(pilot, "[red] odd")
        assert shown.game.log()[0].said == "[red] odd"
        assert "Note: [red] odd" in screen_text(shown)


async def test_debrief(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "x")
        assert (tmp_path / "game.md").read_text("utf-8").startswith("# A quarrel")
    bare = app()
    async with bare.run_test(size=WIDE) as pilot:
        await press(pilot, "x")
        assert "This game is not saved" in notices(bare)


async def test_picture(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "P")
        assert (tmp_path / "game-turn-1.svg").read_text("utf-8").startswith("<svg")


async def test_pin(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "asterisk")
        assert "Choose an indicator or an attribute" in notices(shown)
        actors = shown.screen.query_one(ActorsPane)
        actors.choose("alarm[WEST]")
        actors.focus()
        await press(pilot, "asterisk")
        assert list(shown.game.pinned) == ["alarm[WEST]"]
        assert "WEST *alarm" in screen_text(shown)
        assert resume(tmp_path / "game.session.json").pinned == ("alarm[WEST]",)
        await press(pilot, "asterisk")
        assert list(shown.game.pinned) == []


async def test_quit(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        await pilot.press("q")
    assert shown.return_code == 0
    assert resume(tmp_path / "game.session.json").now.hash == shown.game.now.hash
