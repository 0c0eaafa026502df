"""A branch sent to the batch, and given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import open_run
from tests.tui.actions.looks import left_in
from tests.tui.stage import WIDE, app, notices, press, screen_text, write


async def test_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app(run=2)
    async with shown.run_test(size=WIDE) as pilot:
        game = shown.game
        game.order("WEST/answer", "firm")
        await press(pilot, "space", "f", "enter")
        game.set("alarm[WEST]", 0.75)
        await press(pilot, "B")
        text = screen_text(shown)
        assert "How many runs of main 2 from turn 0, with 1 order" in text
        assert "1 value set by hand" in text
        assert "does not go along" not in text
        await press(pilot, "ctrl+u")
        await write(pilot, "none")
        assert "A whole number from 1" in screen_text(shown)
        await press(pilot, "ctrl+u")
        await write(pilot, "5")
        assert "5 runs of main 2 are in runs/quarrel-seed-11-main-2" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]
        list(game.travel(12))
        opened = open_run("runs/quarrel-seed-11-main-2", 2)
        list(opened.game.travel(12))
        assert opened.hash == opened.game.now.hash == game.now.hash
        await press(pilot, "exclamation_mark", "B")
        text = screen_text(shown)
        assert "What does not go along:" in text
        assert "turn 12: luck was rolled again (stream 2)" in text


async def test_stop_sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "X")
        assert "No batch is being played" in notices(shown)
        await press(pilot, "B", "ctrl+u", *"1000000")
        await pilot.press("enter")
        await pilot.pause()
        assert "batch " in screen_text(shown).splitlines()[0]
        await pilot.press("B")
        await pilot.pause()
        assert "is being played already" in notices(shown)
        await press(pilot, "X")
        assert "nothing of it is kept" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]
        assert left_in(tmp_path) == []


async def test_a_batch_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").write_text("in the way", "utf-8")
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "B", "ctrl+u")
        await write(pilot, "3")
        assert "cannot be written" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]


async def test_leaving_gives_up_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "B", "ctrl+u", *"1000000")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("q")
    assert shown.return_code == 0
    assert left_in(tmp_path) == []
