"""Futures from here: outcomes as bars with their interval, and a fan of one indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from sim import Chance, Futures, Game, printable
from tui.widgets.border import entitle
from tui.widgets.figures import arrow
from tui.widgets.listing import Item, Listing

BAR: Final = 10


class ForecastPane(Listing):
    """Outcomes over many futures, the likeliest that are still open first."""

    HEADING = "Forecast"
    EMPTY = "No futures yet."
    futures: Futures | None = None
    before: Mapping[str, float] = {}
    """Shares in the forecast of the turn before, by outcome."""
    waiting = False

    def items(self, game: Game) -> Sequence[Item]:
        futures = self.futures
        if futures is None or (futures.program, futures.turn) != (game.program, game.turn):
            said = "Playing futures..." if self.waiting else "No futures yet."
            entitle(self, self.HEADING)
            return [Item("", Text(said, "dim"))]
        entitle(self, f"Forecast: {futures.runs:,} futures")
        chances = sorted(futures.chances(), key=lambda chance: self._importance(game, chance))
        return [
            *(Item(chance.id, self._line(game, chance)) for chance in chances),
            Item("", Text("From the true state, this run's parameters held. Ranges: sampling only.", "dim")),
        ]

    @staticmethod
    def _importance(game: Game, chance: Chance) -> tuple[bool, int, float, str]:
        """What is still open before what has come about; what leads before the rest; the likelier first."""
        return chance.since > 0, game.program.place_in_lead(chance.id), -chance.share, chance.id

    def _line(self, game: Game, chance: Chance) -> Text:
        title = printable(chance.title)
        if chance.since:
            return Text.assemble(("◆ ", "bold yellow"), f"{title}  {game.program.clock.label(chance.since)}")
        text = Text.assemble(f"{title}\n", bar(chance.share, chance.low, chance.high))
        text.append(f" {chance.share:>4.0%}", "bold")
        text.append(f" {chance.low * 100:.0f}-{chance.high:.0%}", "dim")
        moved = chance.share - self.before.get(chance.id, chance.share)
        if found := arrow(moved):
            text.append(f" {found}%", "magenta")
        return text


def bar(share: float, low: float, high: float, cells: int = BAR) -> Text:
    """A share as a bar: full up to the lower end of its interval, shaded up to the higher."""
    full, shaded = round(low * cells), round(high * cells)
    if share > 0.0:
        shaded = max(shaded, 1)
    text = Text("█" * full, "cyan")
    text.append("▓" * (shaded - full), "cyan")
    text.append("░" * (cells - shaded), "dim")
    return text
