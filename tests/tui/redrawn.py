"""What stands on a terminal, letter by letter with styles, and the same after everything was drawn anew.

A terminal keeps what nobody writes over. So this one does: it holds what the application has painted since it
began, part by part, and tells where that differs from what the whole of it would be.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.cells import get_character_cell_size
from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

import tui.app
from sim import Forecaster, Line
from tui.app import FoedusApp
from tui.screens.game import GameScreen
from tui.views.facts import FactsPane
from tui.views.seats import OptionsPane
from tui.widgets.border import entitle
from tui.widgets.footer import KeysLine
from tui.widgets.header import HeaderLine
from tui.widgets.listing import Listing
from tui.widgets.pane import Pane

Cell = tuple[str, tuple[object, ...]]
_UNPAINTED: Cell = ("?", ())


class PaintedApp(FoedusApp):
    """Keeps what it paints as a terminal does."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("foedus.tcss"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._cells: list[list[Cell]] = []

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is None or self._batch_count:
            return
        assert isinstance(renderable, LayoutUpdate | ChopsUpdate)
        width, height = self.size
        if (len(self._cells), len(self._cells[0]) if self._cells else 0) != (height, width):
            self._cells = [[_UNPAINTED] * width for _ in range(height)]
        self._paint(renderable.__rich_console__(self.console, self.console.options))

    def _paint(self, segments: Iterable[Any]) -> None:
        column = line = 0
        for segment in segments:
            assert isinstance(segment, Segment)
            if segment.control:
                (_, *place), *_ = segment.control
                column, line = (int(number) for number in place)
            elif segment.text != "\n":
                column = self._write(segment, column, line)

    def _write(self, segment: Segment, column: int, line: int) -> int:
        """Write letters from a column on; gives the column after them."""
        look = _look(segment.style)
        for letter in segment.text:
            wide = get_character_cell_size(letter)
            for place in range(column, column + wide):
                if line < len(self._cells) and place < len(self._cells[line]):
                    self._cells[line][place] = (letter if place == column else "", look)
            column += wide
        return column

    def painted(self) -> list[list[Cell]]:
        """What stands on the terminal."""
        return [list(row) for row in self._cells]


def _look(style: Style | None) -> tuple[object, ...]:
    """Of a style what can be seen."""
    if style is None:
        return ()
    return style.color, style.bgcolor, style.bold, style.dim, style.italic, style.underline, style.reverse


def whole(shown: PaintedApp) -> list[list[Cell]]:
    """What the terminal would hold if everything were painted as the widgets are."""
    other = PaintedApp._write
    rows: list[list[Cell]] = []
    kept, shown._cells = shown._cells, rows
    try:
        for number, strip in enumerate(shown.screen._compositor.render_strips()):
            rows.append([_UNPAINTED] * shown.size.width)
            column = 0
            for segment in strip:
                if not segment.control:
                    column = other(shown, segment, column, number)
    finally:
        shown._cells = kept
    return rows


async def draw_anew(shown: PaintedApp, pilot: Pilot[Any]) -> None:
    """Forget everything in sight that was drawn, and draw it; cursors and what is scrolled to stay."""
    screen = shown.screen
    assert isinstance(screen, GameScreen)
    parts = [part for part in (*screen.view.query(Listing), *screen.view.query(Pane)) if part.display]
    places = {part: part.scroll_offset for part in parts}
    cursors = {part: part.highlighted for part in parts if isinstance(part, Listing)}
    for part in parts:
        entitle(part, part.HEADING)
        if isinstance(part, Pane):
            part._drawn = ""
        else:
            part._shown = []
            part._clear_caches()
        if isinstance(part, FactsPane | OptionsPane):
            part._known = None
    screen.query_one(HeaderLine)._shown = ("", "", "")
    keys = screen.query_one(KeysLine)
    keys._named = ()
    keys.call_later(keys.bindings_changed, screen)
    screen._draw()
    for listing, cursor in cursors.items():
        listing.highlighted = cursor
    shown.refresh_css(animate=False)
    for widget in screen.query(Widget):
        widget._styles_cache.clear()
        widget.refresh(layout=True)
    await pilot.pause()
    for part, place in places.items():
        part.scroll_to(place.x, place.y, animate=False, force=True, immediate=True)
    await pilot.pause()


def differences(one: list[list[Cell]], other: list[list[Cell]]) -> list[str]:
    """Lines that differ, each with both texts, or with the first column where only the styles do."""
    found = [] if len(one) == len(other) else [f"{len(one)} lines, {len(other)} lines"]
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            texts = ["".join(letter for letter, _ in row) for row in (left, right)]
            column = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), -1)
            styles = f" {left[column][1]} / {right[column][1]}" if texts[0] == texts[1] else ""
            found.append(f"{number}:{column}{styles}\n  {texts[0]}\n  {texts[1]}")
    return found


@contextmanager
def held_futures() -> Iterator[threading.Event]:
    """While what is given is cleared, futures are not begun."""
    held, forecasts = threading.Event(), GameScreen._forecasts
    held.set()

    def wait(self: GameScreen, line: Line) -> Forecaster:
        held.wait()
        return forecasts(self, line)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GameScreen, "_forecasts", wait)
        try:
            yield held
        finally:
            held.set()
