"""A bordered, scrolling part of a screen."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from sim import Game


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

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def on_mount(self) -> None:
        self.border_title = self.HEADING

    def show(self, game: Game) -> None:
        """Draw the game as it is now."""
        self.query_one(Static).update(self.draw(game))

    def draw(self, game: Game) -> RenderableType:
        raise NotImplementedError
