"""The application: one game, and the screen to look at it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App, SystemCommand
from textual.screen import Screen

from sim import Game
from tui.actions import ACTIONS
from tui.screens.game import GameScreen


class FoedusApp(App[None]):
    """Plays a game turn by turn, forward and back.

    Args:
        game: what to play.
        processes: on which futures are played beside it; none plays them in a thread of this one.
        futures: how many; none for none.
    """

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(self, game: Game, processes: int = 0, futures: int = 1_000) -> None:
        super().__init__()
        self.game = game
        self._processes = processes
        self._futures = futures

    def on_mount(self) -> None:
        screen = GameScreen(self.game)
        screen.processes, screen.futures_wanted = self._processes, self._futures
        self.push_screen(screen)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The registry of actions, for the palette."""
        if isinstance(screen, GameScreen):
            for action in ACTIONS:
                yield SystemCommand(
                    action.label, action.help, lambda id_=action.id: screen.call_later(screen.action_do, id_)
                )
