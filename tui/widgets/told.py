"""What happened, in sentences: this turn with its reasons, and the turns before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from sim import Game, Sentence, entry_text
from tui.keymap import worded
from tui.widgets.listing import Item, Listing

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
BY_HAND: Final = ("✎", "bold magenta")

LOG_TURNS: Final = 60
"""How many turns the log looks back."""


def sentence_text(sentence: Sentence, *, detail: bool = True) -> Text:
    """A sentence with the mark of its kind before it."""
    text = Text.assemble(_MARKS.get(sentence.kind, _UNMARKED), " ", sentence.text)
    if detail and sentence.detail:
        text.append(f"  {sentence.detail}", "dim")
    return text


class TurnPane(Listing):
    """Sentences of the turn that is shown, with their reasons."""

    HEADING = "This turn"
    EMPTY = "Nothing of note."
    verbose = False
    """Tell also of what stays as it is."""

    def items(self, game: Game) -> Sequence[Item]:
        found = []
        if game.fault is not None and game.at_the_end:
            found.append(Item("", Text(f"The next turn cannot be played: {game.fault}", "bold red")))
        told = game.now.told if self.verbose else game.now.told.news
        found += [Item(sentence.about, sentence_text(sentence)) for sentence in told.sentences]
        found += [
            Item("", Text.assemble(BY_HAND, " ", entry_text(game, entry)))
            for entry in game.log()
            if entry.turn == game.turn
        ]
        if game.turn == 0 and not found:
            said = worded(self.app, "Before play: {step} plays the first turn, {keys} shows all keys.")
            found.append(Item("", Text(said, "dim")))
        return found


class LogPane(Listing):
    """The last turns up to this one, briefly; the newest at the bottom."""

    HEADING = "Log"
    EMPTY = "Nothing yet."

    def items(self, game: Game) -> Sequence[Item]:
        turns = [moment.told for moment in game.past if moment.told.turn > 0]
        found = []
        if len(turns) > LOG_TURNS:
            found.append(
                Item(
                    "",
                    Text(
                        worded(self.app, f"{len(turns) - LOG_TURNS} earlier turns: {{go_to}} goes to one"),
                        "dim",
                    ),
                )
            )
        for told in turns[-LOG_TURNS:]:
            shown = [
                sentence for sentence in told.news.sentences if sentence.kind not in ("indicator", "again")
            ]
            by_hand = [entry for entry in game.log() if entry.turn == told.turn]
            if not (shown or by_hand):
                continue
            found.append(Item("", Text(told.heading, "bold")))
            found += [Item("", sentence_text(sentence, detail=False)) for sentence in shown]
            found += [Item("", Text.assemble(BY_HAND, " ", entry_text(game, entry))) for entry in by_hand]
        return found

    def show(self, game: Game) -> None:
        """Draw it; the cursor comes to the newest where there is something new."""
        before = self._shown
        super().show(game)
        if self._shown is not before:
            self.highlighted = self.option_count - 1
