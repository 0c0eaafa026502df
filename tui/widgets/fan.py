"""A fan chart in letters: the path so far, then shades for where half and nine in ten futures lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from sim import Fan, Futures, Game, printable
from tui.widgets.border import entitle, inside
from tui.widgets.figures import short_number
from tui.widgets.pane import Pane
from tui.widgets.texts import runs

_PATH, _MEDIAN, _HALF, _MOST = "●", "━", "▒", "░"
_LABEL: Final = 8
_MARGIN: Final = 4
_FRAME: Final = 4
_LEAST: Final = 4


class FanPane(Pane):
    """One indicator: how it went, and how it goes on in the futures."""

    HEADING = "Fan"
    futures: Futures | None = None
    indicator = ""
    """The one that is shown; the first without a name."""

    def draw(self, game: Game) -> Text:
        futures = self.futures
        indicators = {indicator.id: indicator for indicator in game.program.led_indicators}
        if not indicators:
            entitle(self, self.HEADING)
            return Text("The scenario has no indicators.", "dim")
        shown = indicators.get(self.indicator, next(iter(indicators.values())))
        entitle(self, printable(shown.title) + (f", {printable(shown.unit)}" if shown.unit else ""))
        if futures is None or (futures.program, futures.turn) != (game.program, game.turn):
            return Text("No futures yet.", "dim")
        fan = futures.fan(shown.id)
        width = max(inside(self).width - _LABEL - _MARGIN, _LEAST)
        height = max(inside(self).height - _FRAME, _LEAST)
        path = game.path(shown.row, game.turn + 1)
        text = Text("\n").join(fan_lines(path, fan, game.turns, width, height))
        text.append(f"\n{'':>{_LABEL}} {axis(futures.turn, game.turns, width)}", "dim")
        text.append("\n● so far  ━ median  ▒ half of the futures  ░ nine in ten", "dim")
        return text


def axis(here: int, turns: int, width: int) -> str:
    """What stands under the chart: the turn that it starts from; the first and the last if they have room."""
    cells = " " * width
    for text, turn in ((f"turn {here}", here), ("0", 0), (str(turns), turns)):
        middle = round(turn / max(turns, 1) * (width - 1))
        left = min(max(middle - len(text) // 2, 0), max(width - len(text), 0))
        if not cells[max(left - 1, 0) : left + len(text) + 1].strip():
            cells = cells[:left] + text + cells[left + len(text) :]
    return cells


def fan_lines(path: Sequence[float], fan: Fan, turns: int, width: int, height: int) -> list[Text]:
    """The chart, line by line from the top.

    Args:
        path: values of turns 0 to the one that the fan starts from.
        fan: what comes after.
        turns: the last turn of the clock; the chart spans all of it.
        width: cells for the turns.
        height: lines.
    """
    least, half_low, median, half_high, most = fan.quantiles
    bottom, top = min(*path, *least), max(*path, *most)
    if top <= bottom:
        bottom, top = bottom - 0.5, top + 0.5

    def line(value: float) -> int:
        return round((top - value) / (top - bottom) * (height - 1))

    grid = [[(" ", "")] * width for _ in range(height)]
    first = fan.turns[0]
    for cell in range(width):
        turn = round(cell / max(width - 1, 1) * turns)
        if turn <= first:
            grid[line(path[turn])][cell] = (_PATH, "bold cyan")
        elif turn <= fan.turns[-1]:
            at = turn - first
            for place in range(line(most[at]), line(least[at]) + 1):
                grid[place][cell] = (_MOST, "dim")
            for place in range(line(half_high[at]), line(half_low[at]) + 1):
                grid[place][cell] = (_HALF, "cyan")
            grid[line(median[at])][cell] = (_MEDIAN, "bold")
    lines = []
    for place, cells in enumerate(grid):
        value = top - (top - bottom) * place / max(height - 1, 1)
        label = short_number(value) if place in (0, height // 2, height - 1) else ""
        text = Text(f"{label:>{_LABEL}} ", "dim")
        for letters, style in runs(cells):
            text.append(letters, style)
        lines.append(text)
    return lines
