"""A bordered list from which something can be chosen: by arrows, vim keys or mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sim import Game, printable
from tui.keymap import worded


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    key: str
    """What it stands for; "" for what cannot be asked about."""
    text: Text


class Listing(OptionList):
    """Shows one side of a game as lines. Subclasses say which in `items`.

    Everything that comes from a scenario reaches the screen as `rich.text.Text`, never as markup.
    """

    ALLOW_MAXIMIZE = True
    HEADING: ClassVar[str]
    EMPTY: ClassVar[str] = "Nothing."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, markup=False)
        self._shown: list[Item] = []
        self.needle = ""
        """Only lines that have these words are shown."""

    def on_mount(self) -> None:
        self.border_title = self.HEADING

    def items(self, game: Game) -> Sequence[Item]:
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        """The key of the line with the cursor, or ""."""
        place = self.highlighted
        return "" if place is None or place >= len(self._shown) else self._shown[place].key

    def show(self, game: Game) -> None:
        """Draw the game as it is now; the cursor stays with what it was on."""
        before = self.chosen
        words = self.needle.casefold().split()
        self._shown = [
            item for item in self.items(game) if all(word in item.text.plain.casefold() for word in words)
        ]
        self.border_subtitle = Text(f"/{printable(self.needle)}" if self.needle else "")
        self.clear_options()
        if not self._shown:
            self.add_option(
                Option(
                    Text("Nothing has these words." if words else worded(self.app, self.EMPTY), "dim"),
                    disabled=True,
                )
            )
            return
        self.add_options(Option(item.text) for item in self._shown)
        keys = [item.key for item in self._shown]
        self.highlighted = keys.index(before) if before and before in keys else 0

    def choose(self, key: str) -> None:
        """Put the cursor on a line, if it is there."""
        keys = [item.key for item in self._shown]
        if key in keys:
            self.highlighted = keys.index(key)
