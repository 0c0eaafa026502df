"""Small screens over the situation: which turn to go to, and what the keys do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class GoToScreen(ModalScreen[int | None]):
    """Asks for a turn, and gives its number, or None if it was called off."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Call off")]

    def __init__(self, turns: int) -> None:
        super().__init__()
        self._turns = turns

    def compose(self) -> ComposeResult:
        with Vertical(id="dialogue") as dialogue:
            dialogue.border_title = "Go to"
            yield Static(f"Which turn? 0 is before play, {self._turns} the last.", markup=False)
            yield Input(type="integer", placeholder="turn", max_length=6)
            yield Static(id="problem", markup=False)

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if text.isascii() and text.isdigit() and int(text) <= self._turns:
            self.dismiss(int(text))
        else:
            self.query_one("#problem", Static).update(f"A whole number from 0 to {self._turns}, please.")


class KeysScreen(ModalScreen[None]):
    """What each key does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def __init__(self, keys: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def compose(self) -> ComposeResult:
        table = Table.grid(padding=(0, 3, 0, 0))
        for key, meaning in self._keys:
            table.add_row(Text(key, "bold"), Text(meaning))
        with Vertical(id="dialogue") as dialogue:
            dialogue.border_title = "Keys"
            yield Static(table)
