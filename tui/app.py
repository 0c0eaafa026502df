"""The application: one game, and the screen to look at it."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterable, Sequence
from multiprocessing import resource_tracker
from typing import Any, Final

from textual import work
from textual.app import SystemCommand
from textual.screen import ModalScreen, Screen

from sim import FoedusError, Game, Saving, printable
from tui.actions import ACTIONS
from tui.config import Config
from tui.screens.dialogues import LONG, HandOverScreen, PickScreen
from tui.screens.faults import FaultsScreen
from tui.screens.game import GameScreen
from tui.screens.picker import run_question
from tui.typing_ahead import TypingAhead
from tui.watching import Watched

IDLE: Final = 20.0
"""Seconds without a key after which nobody waits for one."""

_THRESHOLDS: Final = (10_000, 10, 1_000)
"""Of the collector of cycles: it hardly ever walks over everything by itself, which would hold up a key for a
quarter of a second.
"""


class FoedusApp(TypingAhead[None]):
    """Plays a game turn by turn, forward and back.

    Args:
        game: what to play.
        processes: on which futures are played beside it; none plays them in a thread of this one.
        futures: how many; none for none.
        config: theme and keys.
        watched: the files that the game was begun from; it begins again whenever an edit of them is saved.
        said: what is said first.
    """

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(
        self,
        game: Game,
        processes: int = 0,
        futures: int = 1_000,
        config: Config | None = None,
        *,
        watched: Watched | None = None,
        said: str = "",
    ) -> None:
        super().__init__()
        self.game = game
        self._said = said
        self.watched = watched
        self._processes = processes
        if processes:
            # Later on stderr is Textual's, which has no file number that the tracker could be given.
            resource_tracker.ensure_running()
        self._futures = futures
        self._thresholds = gc.get_threshold()
        self._tidied = 0.0
        dress(self, config or Config())

    async def on_mount(self) -> None:
        gc.set_threshold(*_THRESHOLDS)
        self.set_interval(IDLE, self.tidy)
        # Until it stands: an edit that was saved meanwhile puts another in its place.
        await self.push_screen(self._stage())
        if self._said:
            self.notify(printable(self._said), severity="warning", timeout=LONG, markup=False)
        if self.watched is not None:
            self._watch(self.watched)

    def on_unmount(self) -> None:
        gc.set_threshold(*self._thresholds)

    def tidy(self) -> None:
        """Walk over everything for cycles that nobody needs: once after each spell of typing."""
        if self._tidied < self.last_key <= time.monotonic() - IDLE:
            self._tidied = time.monotonic()
            gc.collect()

    def _stage(self) -> GameScreen:
        screen = GameScreen(self.game)
        screen.processes, screen.futures_wanted = self._processes, self._futures
        return screen

    @work(group="watch")
    async def _watch(self, watched: Watched) -> None:
        """Begin again with every good edit; show what is wrong with any other."""
        async for _ in watched.changes():
            try:
                game = await asyncio.to_thread(watched.begin)
            except FoedusError as error:
                await self._tell_faults(error)
            else:
                await self._begin_again(game)

    async def _tell_faults(self, error: FoedusError) -> None:
        """To the facilitator: a seat would read in them of what it does not see."""
        await self._clear(FaultsScreen)
        if self._shown.at_keyboard or self._covered:
            self.notify("The scenario was edited, and cannot be played; the game goes on.", markup=False)
        else:
            await self.push_screen(FaultsScreen(error))

    @property
    def _shown(self) -> GameScreen:
        """The game, be it on top or not."""
        return next(screen for screen in self.screen_stack if isinstance(screen, GameScreen))

    @property
    def _covered(self) -> bool:
        """Whether the game is hidden until somebody sits down."""
        return any(isinstance(screen, HandOverScreen) for screen in self.screen_stack)

    async def _begin_again(self, game: Game) -> None:
        """At turn 0, with the same people at the table: who has the keyboard keeps it."""
        kept, before, covered = self.game.saver, self._shown, self._covered
        game.seats = tuple(actor for actor in self.game.seats if actor in game.program.names)
        self.game = game
        stage = self._stage()
        with self.batch_update():  # what another person may see is not painted in between
            await self._clear(ModalScreen)
            await self.switch_screen(stage)
            await stage.go_on_from(before, covered=covered)
        said = "The scenario was edited: the game begins again."
        if isinstance(kept, Saving):
            kept.release()
            said += f" What was played is kept in {kept.path}." if kept.path.exists() else ""
        self.notify(printable(said), markup=False)

    async def _clear(self, kind: type[Screen[Any]]) -> None:
        """Close what stands over the game and is of a kind."""
        while isinstance(self.screen, kind):
            await self.pop_screen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The registry of actions, for the palette."""
        if isinstance(screen, GameScreen):
            for action in ACTIONS:
                yield SystemCommand(
                    action.label, action.help, lambda id_=action.id: screen.call_later(screen.action_do, id_)
                )


class PickerApp(TypingAhead[str]):
    """Has a scenario, a saved game or a run of a batch picked; its result is the path, or None."""

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(self, choices: Sequence[tuple[str, str]], config: Config | None = None) -> None:
        super().__init__()
        self._choices = choices
        self.number: int | None = None
        """Of the run, where a batch was picked."""
        dress(self, config or Config())

    def on_mount(self) -> None:
        self._pick()

    @work
    async def _pick(self) -> None:
        """Calling off the number of a run comes back to the list."""
        while (path := await self.push_screen_wait(PickScreen("What to play?", self._choices))) is not None:
            try:
                question = run_question(path)
            except FoedusError as error:
                self.notify(str(error), severity="error", markup=False)
                continue
            asked = None if question is None else await self.push_screen_wait(question)
            if question is None or asked is not None:
                self.number = None if asked is None else int(asked)
                break
        self.exit(path)


def dress(app: TypingAhead[Any], config: Config) -> None:
    """Give an application a person's theme and keys."""
    if config.theme:
        app.theme = config.theme
    if config.keys:
        app.own_keys = config.keys
        app.set_keymap(dict(config.keys))
