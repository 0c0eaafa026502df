"""The actors' attributes: where they stand and how they came there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim import Game, Program, printable
from tui.widgets.figures import short_number, spark
from tui.widgets.pane import Pane

PATH: Final = 12
"""How many turns a path shows where there is room."""
SHORT_PATH: Final = 6
ROOM: Final = 60

WORLD: Final = "World"


def attributes(program: Program) -> Iterator[tuple[str, str, int]]:
    """(actor's id, title of the attribute, row) of each attribute; those of the world come last."""
    for actor, attribute, row in program.attributes:
        yield actor, program.variables[row].title or attribute.replace("_", " "), row
    for row, variable in enumerate(program.variables):
        if variable.kind == "attribute" and "[" not in variable.name:
            yield WORLD, variable.title or variable.name.replace("_", " "), row


class ActorsPane(Pane):
    """One line an attribute: whose, what, its path, its value."""

    HEADING = "Actors"

    def draw(self, game: Game) -> RenderableType:
        turns = PATH if self.size.width >= ROOM else SHORT_PATH
        table = Table.grid(expand=True, padding=(0, 1, 0, 0))
        table.add_column(no_wrap=True, style="bold")
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        table.add_column(no_wrap=True, width=turns, justify="right", style="cyan")
        table.add_column(no_wrap=True, justify="right", min_width=5)
        before = ""
        for actor, title, row in attributes(game.program):
            variable = game.program.variables[row]
            bars = spark(game.path(row, turns), variable.low, variable.high)
            what = Text(printable(title))
            if variable.unit:
                what.append(f", {printable(variable.unit)}", "dim")
            table.add_row(
                Text(actor if actor != before else ""),
                what,
                Text(bars),
                Text(short_number(game.value(row))),
            )
            before = actor
        return table
