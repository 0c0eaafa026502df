"""Why: everything that was decided this turn, and the explanation of what is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult

from sim import Answer, Game, decisions_here, fact_lines, printable
from tui.views.view import View
from tui.widgets.listing import Item, Listing
from tui.widgets.pane import Pane


class QuestionsPane(Listing):
    """What can be asked about in this turn."""

    HEADING = "This turn"
    EMPTY = "Nothing was decided here."

    def items(self, game: Game) -> Sequence[Item]:
        return [Item(about, Text(printable(text))) for about, text in decisions_here(game)]


class AnswerPane(Pane):
    """The explanation: gate, terms, draw, what it did, what would have flipped it, what it rests on."""

    HEADING = "Why?"
    answer: Answer | None = None
    waiting = ""
    """What is being asked, until it is answered."""

    def draw(self, game: Game) -> RenderableType:
        if self.waiting:
            return Text(f"Looking into {printable(self.waiting)}...", "dim")
        if self.answer is None:
            return Text("Enter on a line asks why.", "dim")
        text = Text.assemble((self.answer.heading, "bold"))
        for line in self.answer.lines:
            text.append(f"\n{line}", _style(line))
        for fact in self.answer.facts:
            text.append(f"\n\n{printable(fact)}", "bold cyan")
            for line in fact_lines(game, fact):
                text.append(f"\n  {line}")
        return text


def _style(line: str) -> str:
    """Chosen options stand out, places recede."""
    if ", chosen" in line:
        return "bold"
    if line.lstrip().startswith(("smallest change", "or if")):
        return "yellow"
    return "dim" if "stands at" in line else ""


class WhyView(View):
    """Questions on the left, the answer on the right."""

    def compose(self) -> ComposeResult:
        yield QuestionsPane("questions")
        yield AnswerPane(id="answer")
