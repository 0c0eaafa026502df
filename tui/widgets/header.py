"""The line on top: what is played, when, and on which luck."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from sim import printable
from tui.world import World


class HeaderLine(Static):
    """Title, date and turn, seed and run, on one line whatever its width."""

    def show(self, world: World) -> None:
        line = Table.grid(expand=True, padding=(0, 2, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, justify="right")
        when = f"{world.now.told.label} · turn {world.turn} of {world.turns}"
        if world.turn < world.played:
            when += f" (played to {world.played})"
        line.add_row(
            Text("foedus", "bold"),
            Text(printable(world.program.title)),
            Text(when, "bold"),
            Text(f"seed {world.seed} · run {world.run}", "dim"),
        )
        self.update(line)
