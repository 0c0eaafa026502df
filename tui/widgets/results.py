"""What the scenario asks: which outcomes came about, and where its indicators stand."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim import Game, printable
from tui.widgets.figures import short_number, spark
from tui.widgets.pane import Pane

PATH: Final = 8


class ResultsPane(Pane):
    """Outcomes with their turn, then indicators with their path and value."""

    HEADING = "Outcomes and indicators"

    def draw(self, game: Game) -> RenderableType:
        parts: list[RenderableType] = []
        if game.program.outcomes:
            parts.append(self._outcomes(game))
        if game.program.indicators:
            parts += [Text(""), self._indicators(game)] if parts else [self._indicators(game)]
        return Group(*parts) if parts else Text("The scenario asks for none.", "dim")

    def _outcomes(self, game: Game) -> Table:
        label = game.program.clock.label
        table = Table.grid(expand=True, padding=(0, 1, 0, 0))
        table.add_column(width=1, no_wrap=True)
        table.add_column(ratio=1)
        for outcome in game.program.outcomes:
            title = printable(outcome.title)
            when = int(game.value(outcome.row))
            if when:
                table.add_row(Text("◆", "bold yellow"), Text(f"{title}  {label(when)}", "bold"))
            elif game.turn >= outcome.last:
                table.add_row(Text("-", "dim"), Text(f"{title}  did not happen", "dim"))
            else:
                due = Text(f"  by {label(outcome.last)}" if outcome.last < game.turns else "", "dim")
                table.add_row(Text("◇", "dim"), Text(title).append_text(due))
        return table

    def _indicators(self, game: Game) -> Table:
        table = Table.grid(expand=True, padding=(0, 1, 0, 0))
        table.add_column(ratio=1)
        table.add_column(no_wrap=True, width=PATH, justify="right", style="cyan")
        table.add_column(no_wrap=True, justify="right", min_width=5)
        for indicator in game.program.indicators:
            variable = game.program.variables[indicator.row]
            title = Text(printable(indicator.title))
            if indicator.unit:
                title.append(f", {printable(indicator.unit)}", "dim")
            bars = spark(game.path(indicator.row, PATH), variable.low, variable.high)
            table.add_row(title, Text(bars), Text(short_number(game.value(indicator.row))))
        return table
