"""What is wrong with an edited scenario, over the game that goes on with the last good one."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from sim import FoedusError


class FaultsScreen(ModalScreen[None]):
    """Shows each finding with its place; it leaves by itself when an edit is good again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "dismiss", "Close")]

    def __init__(self, error: FoedusError) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        text = Text()
        for found in self._error.diagnostics:
            place = "" if found.place is None else f"{found.place}: "
            text.append(place, "bold").append(f"{str(found).removeprefix(place)}\n\n")
        text.append("The game goes on with the scenario as it was; esc closes this.", "dim")
        with VerticalScroll(id="dialogue") as dialogue:
            dialogue.border_title = "The edit cannot be played"
            yield Static(text)
