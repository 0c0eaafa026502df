"""The line on top: what is played, when, on which luck and branch, and whether it is saved."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from sim import Game, Saving, printable


class HeaderLine(Static):
    """Title, date and turn, seed, run and branch, on one line whatever its width."""

    def show(self, game: Game, playing: str = "", seat: str = "") -> None:
        """Draw it; for a seat with who has the keyboard in place of luck and branch."""
        line = Table.grid(expand=True, padding=(0, 2, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, justify="right")
        when = f"{game.now.told.label} · turn {game.turn} of {game.turns}"
        if game.turn < game.played:
            when += f" (played to {game.played})"
        luck = f"seed {game.seed} · run {game.run}"
        if len(game.lines) > 1:
            luck += f" · {game.line.name[:20]}"
        if seat:
            luck = f"{seat} is at the keyboard"
        if isinstance(game.saver, Saving) and game.saver.fault is not None:
            luck += " · NOT SAVED"
        line.add_row(
            Text("foedus", "bold"),
            Text(printable(game.program.title)),
            Text(f"{playing} {when}".strip(), "bold"),
            Text(luck, "dim"),
        )
        self.update(line)
