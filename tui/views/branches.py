"""The tree of branches, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult

from sim import Against, Difference, Game, Line, Sentence, difference, first_difference, printable
from tui.keymap import worded
from tui.views.view import View
from tui.widgets.figures import short_number
from tui.widgets.listing import Item, Listing
from tui.widgets.pane import Pane
from tui.widgets.told import sentence_text

_BEND = 2
"""Letters before the name of a branch that leaves another."""
_ROWS = 20
"""Rows that differ that are told."""


class TreePane(Listing):
    """Branches, each under the one that it left, a dot a turn."""

    HEADING = "Branches"

    def items(self, game: Game) -> Sequence[Item]:
        lines = list(_tree(game))
        width = max(2 * depth + len(line.name) for line, depth in lines) + _BEND
        return [Item(line.name, self._line(game, line, depth, width)) for line, depth in lines]

    def _line(self, game: Game, line: Line, depth: int, width: int) -> Text:
        here = line is game.line
        bend = "  " * depth + ("└ " if depth else "")
        text = Text.assemble(("▶ " if here else "  ", "bold"), (bend, "dim"))
        text.append(f"{line.name:<{width - len(bend)}} ", "bold" if here else "")
        for turn in range(line.played + 1):
            own = turn > line.began or line.origin is None
            letter = "◉" if here and turn == game.turn else "●" if own else "─"
            text.append(letter, "cyan" if own else "dim")
        text.append(f" {line.moments[-1].told.label}", "dim")
        if line.origin is not None:
            text.append(f"  leaves {line.origin.branch} after turn {line.origin.turn}", "dim")
        if line.stream:
            text.append(f"  stream {line.stream}", "dim")
        return text


def _tree(game: Game, parent: str | None = None, depth: int = 0) -> Iterator[tuple[Line, int]]:
    """Lines with their depth, each followed by those that leave it."""
    for line in game.lines.values():
        if (None if line.origin is None else line.origin.branch) == parent:
            yield line, depth
            yield from _tree(game, line.name, depth + 1)


class ComparePane(Pane):
    """Two branches side by side, with the first difference marked."""

    HEADING = "Side by side"
    pair: tuple[str, str] | None = None

    against: Against | None = None
    """Futures of a branch and its parent, the last that were asked for."""

    def draw(self, game: Game) -> RenderableType:
        side_by_side = self._side_by_side(game)
        return side_by_side if self.against is None else Group(_paired(self.against), side_by_side)

    def _side_by_side(self, game: Game) -> RenderableType:
        if self.pair is None or not set(self.pair) <= set(game.lines):
            return Text(
                worded(self.app, "Enter shows a branch; {compare} compares it with the one that is shown."),
                "dim",
            )
        left, right = (game.lines[name] for name in self.pair)
        first = first_difference(left, right)
        if first is None:
            return Text(f"{left.name} and {right.name} are the same world as far as both were played.")
        table = Table(expand=True, show_edge=False, title_justify="left")
        table.title = Text(f"First difference: {first.label} (turn {first.turn})", "bold yellow")
        for line in (left, right):
            table.add_column(Text(line.name, "bold"), ratio=1)
        for turn in range(first.turn, min(left.played, right.played) + 1):
            found = first if turn == first.turn else difference(left, right, turn)
            if found is not None:
                label = Text(f"{'▶ ' if turn == first.turn else ''}{found.label}", "bold cyan")
                table.add_row(label, Text(""))
                table.add_row(*(_told(side) for side in (found.left, found.right)))
                table.add_row(*_numbers(game, found))
        return table


def _paired(found: Against) -> RenderableType:
    """Outcomes of a branch against its parent, those that differ first."""
    table = Table(expand=True, show_edge=False, title_justify="left", caption_justify="left")
    table.title = Text(
        f"{found.branch} against {found.parent}: {found.runs:,} futures each from turn {found.turn}",
        "bold",
    )
    said = "Points with 95% intervals of the pairs: sampling only."
    if found.left_out:
        said += f" {found.left_out} values set after the fork are left out."
    table.caption = Text(said, "dim")
    table.add_column("Outcome", ratio=1)
    for name in (found.parent, found.branch, "Points", "95%"):
        table.add_column(Text(name), justify="right", no_wrap=True)
    for title, pair in sorted(found.outcomes, key=lambda one: -abs(one[1].difference)):
        low, high = pair.interval
        sign = "▲" if pair.difference > 0 else "▼" if pair.difference < 0 else "="
        points = f"{sign} {abs(pair.difference) * 100:.1f}"
        interval = f"{low * 100:.1f} to {high * 100:.1f}"
        table.add_row(Text(printable(title)), f"{pair.base:.0%}", f"{pair.arm:.0%}", points, interval)
    return table


def _told(sentences: Sequence[Sentence]) -> Text:
    shown = [sentence_text(found, detail=False) for found in sentences]
    return Text("\n").join(shown) if shown else Text("nothing else", "dim")


def _numbers(game: Game, found: Difference) -> tuple[Text, Text]:
    """Indicators and attributes that differ, with both values."""
    kinds = {variable.name: variable for variable in game.program.variables}
    told = [
        (name, one, other)
        for name, one, other in found.rows
        if name in kinds and kinds[name].kind in ("indicator", "attribute", "outcome", "parameter")
    ][:_ROWS]
    return (
        Text(
            "\n".join(
                f"{printable(kinds[name].title or name)}: {short_number(one)}" for name, one, _ in told
            ),
            "dim",
        ),
        Text(
            "\n".join(
                f"{printable(kinds[name].title or name)}: {short_number(other)}" for name, _, other in told
            ),
            "dim",
        ),
    )


class BranchesView(View):
    """The tree above, the comparison below."""

    def compose(self) -> ComposeResult:
        yield TreePane("tree")
        yield ComparePane(id="compare")
