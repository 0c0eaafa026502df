"""A bordered, scrolling part of a screen."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from sim import Game
from tui.widgets.border import entitle
from tui.widgets.texts import alike


class Pane(VerticalScroll):
    """Shows one side of a game. Subclasses say what in `draw`.

    Everything that comes from a scenario reaches the screen as `rich.text.Text`, never as markup: a state may
    be called `[red]`.
    """

    ALLOW_MAXIMIZE = True
    HEADING: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
    ]

    _drawn: RenderableType = ""

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def on_mount(self) -> None:
        entitle(self, self.HEADING)

    def show(self, game: Game) -> None:
        """Draw the game as it is now, if that looks otherwise than before."""
        drawn = self.draw(game)
        if not alike(drawn, self._drawn):
            self._drawn = drawn
            self.query_one(Static).update(drawn)

    def draw(self, game: Game) -> RenderableType:
        raise NotImplementedError
