"""The actors' attributes: where they stand and how they came there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from sim import Game, Program, printable
from tui.widgets.border import inside
from tui.widgets.figures import short_number, spark
from tui.widgets.listing import Item, Listing

PATH: Final = 12
"""How many turns a path shows where there is room."""
SHORT_PATH: Final = 6
ROOM: Final = 60
_NUMBER: Final = 7
_MARGIN: Final = 4
_LEAST: Final = 10

WORLD: Final = "World"
INDICATORS: Final = "Indicators"
"""Over those that are pinned: they are no actor's."""


def attributes(program: Program) -> Iterator[tuple[str, str, int]]:
    """(actor's id, title of the attribute, row) of each attribute; those of the world come last."""
    for actor, attribute, row in program.attributes:
        yield actor, program.variables[row].title or attribute.replace("_", " "), row
    for row, variable in enumerate(program.variables):
        if variable.kind == "attribute" and "[" not in variable.name:
            yield WORLD, variable.title or variable.name.replace("_", " "), row


def pinned(game: Game) -> Iterator[tuple[str, str, int]]:
    """(actor's id, title, row) of what is pinned: attributes by actor, indicators after them."""
    program = game.program
    owners = {row: actor for actor, _, row in attributes(program)}
    titles = {row: title for _, title, row in attributes(program)}
    indicators = {found.id: found for found in program.indicators}
    names = game.pinned
    rows = [program.rows[name] for name in names if name in program.rows and name not in indicators]
    actors = list(dict.fromkeys(owners[row] for row in rows))
    for actor in actors:
        for row in rows:
            if owners[row] == actor:
                yield actor, titles[row], row
    for name in names:
        if name in indicators:
            yield "", indicators[name].title, indicators[name].row


class ActorsPane(Listing):
    """One line a number: whose, what, its path, its value; those that are pinned first, and marked.

    An actor is named once; where a filter leaves some of its lines, on each of them.
    """

    HEADING = "Actors"

    def items(self, game: Game) -> Sequence[Item]:
        first = list(pinned(game))
        kept = {row for _, _, row in first}
        found = first + [one for one in attributes(game.program) if one[2] not in kept]
        name = max((len(actor) for actor, _, _ in found), default=0)
        turns = PATH if inside(self).width >= ROOM else SHORT_PATH
        room = max(inside(self).width - name - turns - _NUMBER - _MARGIN, _LEAST)
        items: list[Item] = []
        before = None
        for actor, title, row in found:
            variable = game.program.variables[row]
            what = printable(title) + (f", {printable(variable.unit)}" if variable.unit else "")
            mark = ("*", "bold yellow") if row in kept else " "
            if not actor and before != actor and not self.needle:
                items.append(Item("", Text(INDICATORS, "bold")))
            whose = actor if actor != before or self.needle else ""
            text = Text.assemble((f"{whose:<{name}}", "bold"), mark)
            text.append(line_of(game, row, what, room, turns))
            items.append(Item(variable.name, text))
            before = actor
        return items


def line_of(game: Game, row: int, what: str, room: int, turns: int) -> Text:
    """What a row is called, its path and its value, on one line."""
    variable = game.program.variables[row]
    title = Text(what)
    title.truncate(room, overflow="ellipsis", pad=True)
    bars = spark(game.path(row, turns), variable.low, variable.high)
    number = short_number(game.value(row))
    return Text.assemble(title, " ", (f"{bars:>{turns}}", "cyan"), f" {number:>{_NUMBER}}", no_wrap=True)
