"""The line at the bottom: the keys that are used most, each of which can be clicked."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer


class KeysLine(Footer):
    """Made anew only when it would name other keys.

    Textual's own is made anew whenever the cursor comes into another pane, though no key that it names
    belongs to a pane: after each change of view the screen would be laid out and painted once more.
    """

    _named: tuple[tuple[Binding, bool], ...] = ()
    """What it names, and whether that can be used."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)

    def bindings_changed(self, screen: Screen[Any]) -> None:
        named = tuple(
            (found.binding, found.enabled) for found in screen.active_bindings.values() if found.binding.show
        )
        if self.app.app_focus and named != self._named:
            self._named = named
            super().bindings_changed(screen)
