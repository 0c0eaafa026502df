"""The line on top: what is played, when, and on which luck."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from sim import Game, printable


class HeaderLine(Static):
    """Title, date and turn, seed and run, on one line whatever its width."""

    def show(self, game: Game) -> None:
        line = Table.grid(expand=True, padding=(0, 2, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, justify="right")
        when = f"{game.now.told.label} · turn {game.turn} of {game.turns}"
        if game.turn < game.played:
            when += f" (played to {game.played})"
        line.add_row(
            Text("foedus", "bold"),
            Text(printable(game.program.title)),
            Text(when, "bold"),
            Text(f"seed {game.seed} · run {game.run}", "dim"),
        )
        self.update(line)
