"""The application: one game, and the screen to look at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from multiprocessing import resource_tracker
from typing import Any

from textual import work
from textual.app import App, SystemCommand
from textual.screen import Screen

from sim import Game
from tui.actions import ACTIONS
from tui.config import Config
from tui.screens.dialogues import PickScreen
from tui.screens.game import GameScreen


class FoedusApp(App[None]):
    """Plays a game turn by turn, forward and back.

    Args:
        game: what to play.
        processes: on which futures are played beside it; none plays them in a thread of this one.
        futures: how many; none for none.
        config: theme and keys.
    """

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(
        self, game: Game, processes: int = 0, futures: int = 1_000, config: Config | None = None
    ) -> None:
        super().__init__()
        self.game = game
        self._processes = processes
        if processes:
            # Later on stderr is Textual's, which has no file number that the tracker could be given.
            resource_tracker.ensure_running()
        self._futures = futures
        dress(self, config or Config())

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


class PickerApp(App[str]):
    """Has a scenario or a saved game picked; its result is the path, or None."""

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(self, choices: Sequence[tuple[str, str]], config: Config | None = None) -> None:
        super().__init__()
        self._choices = choices
        dress(self, config or Config())

    def on_mount(self) -> None:
        self._pick()

    @work
    async def _pick(self) -> None:
        self.exit(await self.push_screen_wait(PickScreen("What to play?", self._choices)))


def dress(app: App[Any], config: Config) -> None:
    """Give an application a person's theme and keys."""
    if config.theme:
        app.theme = config.theme
    if config.keys:
        app.set_keymap(dict(config.keys))
