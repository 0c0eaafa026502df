"""A game told afterwards, as Markdown: what happened turn by turn, and what was done by hand and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sim.engine.state import RESULTS_VERSION
from sim.report.plain import plain_number
from sim.session.differences import first_difference
from sim.session.game import Game
from sim.session.line import Line
from sim.session.log import FACILITATOR, Entry
from sim.text import printable

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")


def debrief(game: Game) -> str:
    """The whole game as a page of Markdown, every branch from where it left its parent."""
    return "\n".join(_lines(game)) + "\n"


def _lines(game: Game) -> Iterator[str]:
    yield f"# {_plain(game.base.title)}"
    yield ""
    yield (
        "A game played by hand on one run of a model: what could happen under its assumptions, not what will."
    )
    yield ""
    yield f"- scenario `{game.base.id}`, hash `{game.base.hash}`"
    yield f"- seed {game.seed}, run {game.run}, results version {RESULTS_VERSION}"
    for actor, doctrine in game.base.doctrines:
        yield f"- doctrine of {_plain(_actor(game, actor))}: {_plain(doctrine)}"
    if game.seats:
        yield f"- seats: {', '.join(_plain(_actor(game, seat)) for seat in game.seats)}"
    for line in game.lines.values():
        yield from _line(game, line)


def _line(game: Game, line: Line) -> Iterator[str]:
    yield ""
    yield f"## Branch {_plain(line.name)}"
    yield ""
    if line.origin is not None:
        parent = game.lines[line.origin.branch]
        yield f"Leaves {_plain(parent.name)} after turn {line.origin.turn}."
        if line.program is not parent.program:
            told = ", ".join(
                f"{_plain(_actor(game, actor))}: {_plain(name)}" for actor, name in line.program.doctrines
            )
            yield f"Doctrines from there on: {told}."
        if line.stream != parent.stream:
            yield f"New luck from there on: stream {line.stream}."
        found = first_difference(parent, line)
        if found is not None:
            yield f"First differs from {_plain(parent.name)} in {_plain(found.label)} (turn {found.turn})."
        yield ""
    for turn in range(line.began, line.played + 1):
        yield from _turn(game, line, turn)
    yield f"State after turn {line.played}: `{line.moments[-1].hash}`"


def _turn(game: Game, line: Line, turn: int) -> Iterator[str]:
    orders = [entry for entry in line.log if entry.turn == turn and entry.kind in ("order", "withdrawal")]
    others = [entry for entry in line.log if entry.turn == turn and entry not in orders]
    told = line.moments[turn].told
    new = turn > line.began
    if not (new or others):
        return
    yield f"### {_plain(told.heading)}"
    yield ""
    for entry in orders if new else ():
        yield f"- *{_plain(entry_text(game, entry))}*"
    sentences = told.news.sentences if new else ()
    for sentence in sentences:
        yield f"- {_plain(str(sentence))}"
    for entry in others:
        yield f"- *{_plain(entry_text(game, entry))}*"
    if new and not (orders or sentences or others):
        yield "- Nothing of note."
    yield ""


def entry_text(game: Game, entry: Entry) -> str:
    """An entry of the log in plain words, its reason behind it."""
    who = "The facilitator" if entry.by == FACILITATOR else _actor(game, entry.by)
    if entry.kind == "order":
        text = f"{who} orders {entry.about}: {entry.said}"
    elif entry.kind == "withdrawal":
        text = f"{who} lets the policy decide {entry.about}"
    elif entry.kind == "setting":
        text = f"{who} sets {entry.about} to {plain_number(entry.value or 0.0)}"
    elif entry.kind == "bookmark":
        text = f"Bookmark: {entry.said}"
    elif entry.kind == "note":
        text = f"Note: {entry.said}"
    else:
        text = f"A person {'takes' if entry.kind == 'seat' else 'leaves'} the seat of {who}"
    return f"{text} ({entry.reason})" if entry.reason else text


def _actor(game: Game, actor: str) -> str:
    return printable(game.base.names.get(actor, actor))


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", printable(text))
