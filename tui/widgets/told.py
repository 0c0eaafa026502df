"""What happened, in sentences: this turn with its reasons, and the turns before."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim import Game, Sentence, Told
from tui.widgets.pane import Pane

_MARKS: Final = {
    "outcome": ("◆", "bold yellow"),
    "inject": ("▲", "magenta"),
    "event": ("▲", "magenta"),
    "act": ("●", "cyan"),
    "choice": ("●", "cyan"),
    "again": ("○", "cyan"),
    "indicator": ("~", "green"),
}
_UNMARKED: Final = ("·", "dim")
"""For what is told only when asked for."""

LOG_TURNS: Final = 60
"""How many turns the log looks back."""


def _listed() -> Table:
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    table.add_column(width=1, no_wrap=True)
    table.add_column(ratio=1)
    return table


def _mark(sentence: Sentence) -> Text:
    return Text(*_MARKS.get(sentence.kind, _UNMARKED))


def _quiet(sentence: Sentence) -> bool:
    return sentence.kind not in _MARKS


class TurnPane(Pane):
    """Sentences of the turn that is shown, with their reasons."""

    HEADING = "This turn"
    verbose = False
    """Tell also of what stays as it is."""

    def draw(self, game: Game) -> RenderableType:
        parts: list[RenderableType] = []
        if game.fault is not None and game.turn == game.played:
            parts.append(Text(f"The next turn cannot be played: {game.fault}", "bold red"))
        told = game.now.told
        shown = [sentence for sentence in told.sentences if self.verbose or not _quiet(sentence)]
        table = _listed()
        for sentence in shown:
            words = Text(sentence.text)
            if sentence.detail:
                words.append(f"  {sentence.detail}", "dim")
            table.add_row(_mark(sentence), words)
        parts.append(table if shown else _nothing(told))
        return Group(*parts)


def _nothing(told: Told) -> Text:
    if told.turn == 0:
        return Text("Before play. Space plays the first turn; ? shows all keys.", "dim")
    return Text("Nothing of note.", "dim")


class LogPane(Pane):
    """The last turns up to this one, briefly; the newest at the bottom."""

    HEADING = "Log"

    def draw(self, game: Game) -> RenderableType:
        turns = [moment.told for moment in game.past if moment.told.turn > 0]
        parts: list[RenderableType] = []
        if len(turns) > LOG_TURNS:
            parts.append(Text(f"{len(turns) - LOG_TURNS} earlier turns: g goes to one", "dim"))
        for told in turns[-LOG_TURNS:]:
            shown = [s for s in told.sentences if not _quiet(s) and s.kind not in ("indicator", "again")]
            if not shown:
                continue
            table = _listed()
            for sentence in shown:
                table.add_row(_mark(sentence), Text(sentence.text))
            parts += [Text(told.heading, "bold"), table]
        return Group(*parts) if parts else Text("Nothing yet.", "dim")

    def show(self, game: Game) -> None:
        super().show(game)
        self.call_after_refresh(self.scroll_end, animate=False)
