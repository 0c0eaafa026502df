"""What the tests of actions look at, and a game that is saved."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import ContentSwitcher

from sim import Game, Saving
from tests.story.quarrel import QUARREL, compiled
from tui.app import FoedusApp
from tui.screens.game import GameScreen


def view_of(shown: FoedusApp) -> str:
    return str(shown.screen.query_one(ContentSwitcher).current)


def stage(shown: FoedusApp) -> GameScreen:
    assert isinstance(shown.screen, GameScreen)
    return shown.screen


def kept(tmp_path: Path) -> FoedusApp:
    path = tmp_path / "quarrel.yaml"
    path.write_text(QUARREL, "utf-8")
    game = Game(compiled(), seed=11, source=path)
    game.saver = Saving(tmp_path / "game.session.json")
    return FoedusApp(game, futures=0)


def left_in(folder: Path) -> list[str]:
    """What has been written there."""
    return [path.name for path in folder.rglob("*")]
