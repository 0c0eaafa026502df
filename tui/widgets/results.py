"""What the scenario asks: which outcomes came about, and where its indicators stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from sim import Game, printable
from tui.widgets.actors import line_of
from tui.widgets.border import inside
from tui.widgets.listing import Item, Listing

PATH: Final = 8
_TAKEN: Final = PATH + 10
_LEAST: Final = 10


class ResultsPane(Listing):
    """Outcomes with their turn, then indicators with their path and value."""

    HEADING = "Outcomes and indicators"
    EMPTY = "The scenario asks for none."

    def items(self, game: Game) -> Sequence[Item]:
        return [*self._outcomes(game), *self._indicators(game)]

    def _outcomes(self, game: Game) -> Iterator[Item]:
        label = game.program.clock.label
        for outcome in game.program.led_outcomes:
            title = printable(outcome.title)
            when = int(game.value(outcome.row))
            if when:
                text = Text.assemble(("◆ ", "bold yellow"), (f"{title}  {label(when)}", "bold"))
            elif game.turn >= outcome.last:
                text = Text(f"- {title}  did not happen", "dim")
            else:
                due = f"  by {label(outcome.last)}" if outcome.last < game.turns else ""
                text = Text.assemble(("◇ ", "dim"), title, (due, "dim"))
            yield Item(outcome.id, text)

    def _indicators(self, game: Game) -> Iterator[Item]:
        room = max(inside(self).width - _TAKEN, _LEAST)
        for indicator in game.program.led_indicators:
            what = printable(indicator.title) + (f", {printable(indicator.unit)}" if indicator.unit else "")
            yield Item(indicator.id, line_of(game, indicator.row, what, room, PATH))
