"""The situation: what happened this turn, where everybody stands, what came of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Footer, Static

from sim import Game
from tui.screens.dialogues import GoToScreen, KeysScreen
from tui.widgets.actors import ActorsPane
from tui.widgets.header import HeaderLine
from tui.widgets.pane import Pane
from tui.widgets.results import ResultsPane
from tui.widgets.told import LogPane, TurnPane

LEAST_WIDTH: Final = 80
LEAST_HEIGHT: Final = 24
WIDE: Final = 110
"""From this width on there is room for the log beside the turn."""
_PLAYING: Final = "playing"


class SituationScreen(Screen[None]):
    """Plays the world forward and back."""

    # Textual declares these two for instances.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LEAST_HEIGHT, "-high")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,n", "step", "step", key_display="space", tooltip="play the next turn"),
        Binding("b", "back", "back", tooltip="show the turn before, as it was"),
        Binding("g", "go_to", "go to", tooltip="go to any turn, played or not"),
        Binding("v", "verbose", "more", tooltip="tell also of what stays as it is"),
        Binding("l", "log", "log", tooltip="the log; on a narrow screen in place of this turn"),
        Binding("z", "zoom", "zoom", tooltip="give the pane with the cursor the whole screen; esc goes back"),
        Binding("question_mark", "keys", "keys", key_display="?", tooltip="this page"),
        Binding("q", "app.quit", "quit", tooltip="leave; a run plays again from its seed and number"),
    ]

    def __init__(self, game: Game) -> None:
        super().__init__()
        self._game = game

    def compose(self) -> ComposeResult:
        yield HeaderLine()
        with Container(id="panes"):
            yield TurnPane(id="turn")
            yield LogPane(id="log")
            yield ActorsPane(id="actors")
            yield ResultsPane(id="results")
        yield Static(id="small", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.show()

    def on_resize(self, event: Resize) -> None:
        self.query_one("#small", Static).update(
            f"foedus needs a terminal of at least {LEAST_WIDTH} by {LEAST_HEIGHT};\n"
            f"this one is {event.size.width} by {event.size.height}. Please make it larger."
        )
        # What a pane draws depends on its width, which it learns after the screen.
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Draw everything as it is now."""
        self.query_one(HeaderLine).show(self._game)
        for pane in self.query(Pane):
            pane.show(self._game)

    # Time

    def action_step(self) -> None:
        self._stop_playing()
        if not self._game.forward():
            self._say_why_not()
        self._arrived()

    def action_back(self) -> None:
        self._stop_playing()
        self._game.back()
        self._arrived()

    def action_go_to(self) -> None:
        self._stop_playing()
        self.app.push_screen(GoToScreen(self._game.turns), self._go_to)

    def _go_to(self, turn: int | None) -> None:
        if turn is not None:
            self._play_to(turn)

    @work(exclusive=True, group=_PLAYING)
    async def _play_to(self, turn: int) -> None:
        """Go to a turn; keys are heard meanwhile, and stop it."""
        while self._game.turn > turn:
            self._game.back()
        while self._game.turn < turn:
            if not self._game.forward():
                self._say_why_not()
                break
            self.query_one(HeaderLine).show(self._game)
            await asyncio.sleep(0)
        self._arrived()

    def _stop_playing(self) -> None:
        self.workers.cancel_group(self, _PLAYING)

    def _arrived(self) -> None:
        self.show()
        self.query_one(TurnPane).scroll_home(animate=False)

    def _say_why_not(self) -> None:
        if self._game.fault is not None:
            self.notify(str(self._game.fault), severity="error", markup=False)
        else:
            self.notify("This is the last turn.", markup=False)

    # What is shown

    def action_verbose(self) -> None:
        pane = self.query_one(TurnPane)
        pane.verbose = not pane.verbose
        pane.show(self._game)

    def action_log(self) -> None:
        self.toggle_class("-log")
        shown = LogPane if self.has_class("-log") else TurnPane
        self.query_one(shown).focus()

    def action_zoom(self) -> None:
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused)

    def action_keys(self) -> None:
        self.app.push_screen(KeysScreen(self._keys()))

    def _keys(self) -> Iterator[tuple[str, str]]:
        for binding in self.BINDINGS:
            assert isinstance(binding, Binding)
            keys = binding.key.replace("question_mark", "?").replace(",", " or ")
            yield keys, binding.tooltip
        yield "tab", "the next pane; arrows and page keys scroll it"
