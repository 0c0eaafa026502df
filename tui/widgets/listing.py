"""A bordered list from which something can be chosen: by arrows, vim keys or mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sim import Game, printable
from tui.keymap import worded
from tui.widgets.border import add_below, entitle
from tui.widgets.line import Line
from tui.widgets.texts import alike


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One line of a list."""

    key: str
    """What it stands for; "" for what cannot be asked about."""
    text: Text
    stands_for_none: bool = False
    """Whether it only says that there is nothing."""

    def __eq__(self, other: object) -> bool:
        """Whether it stands for the same and looks the same."""
        return (
            isinstance(other, Item)
            and (self.key, self.stands_for_none) == (other.key, other.stands_for_none)
            and alike(self.text, other.text)
        )

    __hash__ = None  # type: ignore[assignment] # a text can change


class Lines(OptionList):
    """A list whose pages can be asked for also where it has no room: Textual's own then knows no lines."""

    def action_page_up(self) -> None:
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]


class Listing(Lines):
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
        self._room = 0
        """Columns that the lines are wrapped for."""

    def on_mount(self) -> None:
        entitle(self, self.HEADING)

    def on_resize(self, event: Resize) -> None:
        """Wrap the lines anew for another width only: to Textual coming into sight is a change of size."""
        room = self.scrollable_content_region.width
        if room == self._room:
            event.prevent_default()
        self._room = room

    def items(self, game: Game) -> Sequence[Item]:
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        """The key of the line with the cursor, or ""."""
        place = self.highlighted
        return "" if place is None or place >= len(self._shown) else self._shown[place].key

    def show(self, game: Game) -> None:
        """Draw the game as it is now, if that looks otherwise; the cursor stays with what it was on."""
        words = self.needle.casefold().split()
        found = [
            item for item in self.items(game) if all(word in item.text.plain.casefold() for word in words)
        ]
        add_below(self, f"/{printable(self.needle)}" if self.needle else "")
        if not found:
            said = "Nothing has these words." if words else worded(self.app, self.EMPTY)
            found = [Item("", Text(said, "dim"), stands_for_none=True)]
        if found != self._shown:
            before = self.chosen
            self._shown = found
            self.set_options(Option(Line(item.text), disabled=item.stands_for_none) for item in found)
            keys = [item.key for item in found]
            self.highlighted = keys.index(before) if before and before in keys else 0

    def choose(self, key: str) -> None:
        """Put the cursor on a line, if it is there."""
        keys = [item.key for item in self._shown]
        if key in keys:
            self.highlighted = keys.index(key)
