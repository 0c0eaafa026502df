"""Whatever is pressed, the game stays whole: its session file plays to the same state."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import Game, Saving, resume
from tests.story.quarrel import QUARREL, compiled
from tests.tui.stage import NARROW, settle
from tui.actions import ACTIONS
from tui.app import FoedusApp

OTHERS = ("enter", "escape", "tab", "up", "down", "j", "k", "a", "5", "backspace", "ctrl+a")
LEAVING = ("quit", "play", "picture")
PRESSED = 200


@pytest.mark.parametrize("seed", [1, 2])
async def test_two_hundred_random_keys_leave_a_game_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.chdir(tmp_path)  # where batches are written that a key sends
    source = tmp_path / "quarrel.yaml"
    source.write_text(QUARREL, "utf-8")
    game = Game(compiled(), seed=seed, source=source)
    game.saver = Saving(tmp_path / "game.session.json")
    shown = FoedusApp(game, futures=0)
    keys = [action.keys.split(",")[0] for action in ACTIONS if action.id not in LEAVING]
    weighted = [*keys, *keys, *["space"] * 12, *OTHERS, *["enter"] * 8]
    luck = np.random.default_rng(seed)
    async with shown.run_test(size=NARROW) as pilot:
        for key in luck.choice(weighted, PRESSED):
            await pilot.press(str(key))
        await settle(pilot)
    assert shown.return_code in (0, None)
    game.saver(game)
    found = resume(tmp_path / "game.session.json")
    assert {name: line.moments[-1].hash for name, line in found.lines.items()} == {
        name: line.moments[-1].hash for name, line in game.lines.items()
    }
    assert found.now.hash == game.now.hash
