"""The forecast: outcomes over many futures, and a fan of any indicator."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from sim import Game, printable
from tui.views.view import View
from tui.widgets.actors import line_of
from tui.widgets.border import inside
from tui.widgets.fan import FanPane
from tui.widgets.forecast import ForecastPane
from tui.widgets.listing import Item, Listing
from tui.widgets.results import PATH


class IndicatorsPane(Listing):
    """Which indicator the fan shows."""

    HEADING = "Indicators"
    EMPTY = "The scenario has none."

    def items(self, game: Game) -> Sequence[Item]:
        room = max(inside(self).width - PATH - 10, 10)
        return [
            Item(found.id, line_of(game, found.row, printable(found.title), room, PATH))
            for found in game.program.led_indicators
        ]


class ForecastView(View):
    """Bars on the left, a fan on the right, the indicators under it."""

    game: Game | None = None

    def compose(self) -> ComposeResult:
        yield ForecastPane("chances")
        yield FanPane(id="fan")
        yield IndicatorsPane("indicators")

    def show(self, game: Game) -> None:
        self.game = game
        super().show(game)

    @on(OptionList.OptionHighlighted, "#indicators")
    def _point(self) -> None:
        fan, chosen = self.query_one(FanPane), self.query_one(IndicatorsPane).chosen
        if self.game is not None and chosen != fan.indicator:
            fan.indicator = chosen
            fan.show(self.game)
