"""The application: one game, and the screens to look at it."""

from __future__ import annotations

from textual.app import App

from sim import Game
from tui.screens.situation import SituationScreen


class FoedusApp(App[None]):
    """Plays a game turn by turn, forward and back."""

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(self, game: Game) -> None:
        super().__init__()
        self.game = game

    def on_mount(self) -> None:
        self.push_screen(SituationScreen(self.game))
