"""The line on top: what is played, when, on which luck and branch, and whether it is saved."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from sim import Game, Saving, printable


class HeaderLine(Static):
    """Title, date and turn, seed, run and branch, on one line whatever its width."""

    _shown: tuple[str, str, str] = ("", "", "")

    def show(self, game: Game, playing: str = "", seat: str = "") -> None:
        """Draw it if it changed; for a seat with who has the keyboard in place of luck and branch."""
        shown = printable(game.program.title), f"{playing} {_when(game)}".strip(), _luck(game, seat)
        if shown != self._shown:
            self._shown = shown
            self.update(_line(*shown), layout=False)


def _when(game: Game) -> str:
    when = f"{game.now.told.label} · turn {game.turn} of {game.turns}"
    return f"{when} (played to {game.played})" if game.turn < game.played else when


def _luck(game: Game, seat: str) -> str:
    luck = f"seed {game.seed} · run {game.run}"
    if len(game.lines) > 1:
        luck += f" · {game.line.name[:20]}"
    if seat:
        luck = f"{seat} is at the keyboard"
    if isinstance(game.saver, Saving) and game.saver.fault is not None:
        luck += " · NOT SAVED"
    return luck


def _line(title: str, when: str, luck: str) -> Table:
    line = Table.grid(expand=True, padding=(0, 2, 0, 0))
    line.add_column(no_wrap=True)
    line.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    line.add_column(no_wrap=True)
    line.add_column(no_wrap=True, justify="right")
    line.add_row(Text("foedus", "bold"), Text(title), Text(when, "bold"), Text(luck, "dim"))
    return line
