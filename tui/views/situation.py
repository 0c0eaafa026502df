"""The situation: what happened this turn, where everybody stands, what came of it so far."""

from __future__ import annotations

from textual.app import ComposeResult

from tui.views.view import View
from tui.widgets.actors import ActorsPane
from tui.widgets.domain import PactsPane, TensionPane
from tui.widgets.forecast import ForecastPane
from tui.widgets.results import ResultsPane
from tui.widgets.told import LogPane, TurnPane


class SituationView(View):
    """Six panes; on a narrow screen three of them, and the others on request."""

    def compose(self) -> ComposeResult:
        yield TurnPane("turn")
        yield LogPane("log")
        yield TensionPane("tension")
        yield ForecastPane("outlook")
        yield ActorsPane("actors")
        yield PactsPane("pacts")
        yield ResultsPane("results")
