"""The facts that the scenario rests on, each with its documents."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from sim import Game, Program, cited_facts, fact_lines, printable
from tui.views.view import View
from tui.widgets.listing import Item, Listing
from tui.widgets.pane import Pane


class FactsPane(Listing):
    """Every fact and base rate that a parameter, number or decision cites."""

    HEADING = "Facts"
    EMPTY = "The scenario cites none."
    _known: tuple[Program, list[Item]] | None = None

    def items(self, game: Game) -> Sequence[Item]:
        if self._known is None or self._known[0] is not game.program:
            found = [
                Item(fact, Text.assemble((f"{printable(fact)}  ", "bold"), fact_lines(game, fact)[0]))
                for fact in cited_facts(game)
            ]
            self._known = (game.program, found)
        return self._known[1]


class FactPane(Pane):
    """One of them, with all of it."""

    HEADING = "Fact"
    fact = ""

    def draw(self, game: Game) -> RenderableType:
        text = Text.assemble((printable(self.fact), "bold"))
        for line in fact_lines(game, self.fact) if self.fact else ():
            text.append(f"\n{line}")
        return text


class FactsView(View):
    """The list, and the one with the cursor."""

    game: Game | None = None

    def compose(self) -> ComposeResult:
        yield FactsPane("facts-list")
        yield FactPane(id="fact")

    def show(self, game: Game) -> None:
        self.game = game
        super().show(game)

    @on(OptionList.OptionHighlighted, "#facts-list")
    def _point(self) -> None:
        pane, chosen = self.query_one(FactPane), self.query_one(FactsPane).chosen
        if self.game is not None and chosen != pane.fact:
            pane.fact = chosen
            pane.show(self.game)
