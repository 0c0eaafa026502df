"""Small screens over the game: a line to write, something to pick, what the keys do, a hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from sim import printable
from tui.actions import ACTIONS, keys_said
from tui.keymap import keys_of
from tui.widgets.listing import Lines

LONG: Final = 30
"""Seconds for which a file's name is shown: long enough to be written down."""
MAX_LINE = 2_000
"""Longest line that can be written; what is pasted beyond it is dropped."""


class LineInput(Input):
    """A line of at most `MAX_LINE`; of what would make it longer, what still has room is taken."""

    def replace(self, text: str, start: int, end: int) -> None:
        room = MAX_LINE - len(self.value) + abs(end - start)
        super().replace(text[:room], start, end)


def no_number(most: int) -> Callable[[str], str]:
    """A check for `AskScreen`: what is wrong with a whole number from 1 to the most, or ""."""

    def check(text: str) -> str:
        if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 0 < int(text) <= most:
            return ""
        return f"A whole number from 1 to {most:,}, please."

    return check


class AskScreen(ModalScreen[str | None]):
    """Asks for a line, and gives it, or None if it was called off.

    Args:
        heading: what it is about.
        question: what to write.
        check: what is wrong with an answer, or "".
        value: what stands there at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Call off")]

    def __init__(
        self, heading: str, question: str, check: Callable[[str], str] = lambda _: "", value: str = ""
    ) -> None:
        super().__init__()
        self._heading = heading
        self._question = question
        self._check = check
        self._value = value

    def compose(self) -> ComposeResult:
        with Vertical(id="dialogue") as dialogue:
            dialogue.border_title = Text(self._heading)
            yield Static(self._question, markup=False)
            yield LineInput(self._value, max_length=MAX_LINE)
            yield Static(id="problem", markup=False)

    def on_mount(self) -> None:
        # At once: what is typed before the first picture is heard too.
        self.set_focus(self.query_one(Input))

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        problem = self._check(event.value.strip())
        if problem:
            self.query_one("#problem", Static).update(problem)
        else:
            self.dismiss(event.value.strip())


class PickScreen(ModalScreen[str | None]):
    """Has one of several things picked; what is typed narrows them down.

    Args:
        heading: what it is about.
        choices: key and what is shown for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Call off"),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
    ]

    def __init__(self, heading: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._heading = heading
        self._choices = choices
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialogue") as dialogue:
            dialogue.border_title = Text(self._heading)
            yield LineInput(placeholder="type to narrow down", max_length=MAX_LINE)
            yield Lines(markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))
        self._fill("")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, needle: str) -> None:
        words = needle.casefold().split()
        found = [
            (key, said)
            for key, said in self._choices
            if all(word in f"{key} {said}".casefold() for word in words)
        ]
        self._shown = [key for key, _ in found]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(Option(Text(printable(said))) for _, said in found)
        listed.highlighted = 0 if found else None

    def action_move(self, by: int) -> None:
        listed = self.query_one(OptionList)
        if self._shown:
            listed.highlighted = min(max((listed.highlighted or 0) + by, 0), len(self._shown) - 1)

    @on(Input.Submitted)
    def _pick(self) -> None:
        place = self.query_one(OptionList).highlighted
        if place is not None and place < len(self._shown):
            self.dismiss(self._shown[place])

    @on(OptionList.OptionSelected)
    def _click(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])


class KeysScreen(ModalScreen[None]):
    """What each key does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        table = Table.grid(padding=(0, 3, 0, 0))
        group = ""
        for action in ACTIONS:
            if action.group != group:
                table.add_row(Text(action.group, "bold cyan"), Text(""))
                group = action.group
            table.add_row(Text(keys_said(keys_of(self.app, action.id)), "bold"), Text(action.help))
        for keys, does in (
            ("enter", "why of what is chosen; in Seats the order, in Branches the branch"),
            ("tab", "the next pane; arrows, page keys, j and k move in it"),
            ("esc", "back out: of a filter, a large pane, a dialogue"),
            ("ctrl+p", "every action by its name"),
        ):
            table.add_row(Text(keys, "bold"), Text(does))
        with VerticalScroll(id="dialogue") as dialogue:
            dialogue.border_title = "Keys"
            yield Static(table)


class HandOverScreen(ModalScreen[None]):
    """Hides the game until the next person sits at the keyboard."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "dismiss", "I am here")]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        yield Static(
            f"The keyboard goes to {self._name}.\n\nEverybody else looks away. Enter when you are here.",
            id="hand-over",
            markup=False,
        )
