"""Questions to a game, answered in plain words: why it came out so, what a number is made of and cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.analysis.accounts import Explanation
from sim.analysis.working import Then, Working
from sim.compile import program as pr
from sim.engine.state import State
from sim.report.plain import plain_number
from sim.report.why import why
from sim.session.game import Game
from sim.text import FoedusError, printable

_PARTS = 12
"""Parts of a number that are told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Why something is as it is."""

    heading: str
    lines: tuple[str, ...]
    facts: tuple[str, ...] = ()
    """Ids of facts and base rates that it rests on."""


def why_here(game: Game, about: str, *, what_if: bool = True) -> Answer:
    """Why a decision, outcome, indicator or other row is as it is in the turn that is shown.

    Args:
        game: where to look.
        about: a decision's name in the Program, the id of an outcome or indicator, or the name of a row.
        what_if: look for what would have flipped a decision (some hundredths of a second).

    Raises:
        FoedusError: at turn 0, or for what is not there.
    """
    program = game.now.program
    if game.turn == 0:
        raise FoedusError.at(None, "nothing has been decided before play", "a turn from 1 on")
    if about in program.decisions:
        owner, _, name = about.partition("/")
        explanation = game.explained(actor=owner, decision=name, what_if=what_if)
        lines = tuple(why(program, explanation))[1:]
        return Answer(f"Why {printable(about)}? {explanation.label}", lines, _cited(explanation))
    return _number(game, about)


def decisions_here(game: Game) -> list[tuple[str, str]]:
    """(name, sentence) of what was decided or happened in the turn that is shown and can be asked about."""
    return [(sentence.about, sentence.text) for sentence in game.now.told.sentences if sentence.about]


def _cited(explanation: Explanation) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for account in explanation.accounts:
        found |= dict.fromkeys(account.asked.grade.cited)
    return tuple(found)


def _number(game: Game, about: str) -> Answer:
    """What an indicator or outcome is made of, or what moved a row."""
    line = game.player(game.turn)
    program, state = game.now.program, game.now.state
    assert line.trace is not None
    working = Working(program, state, line.trace, game.turn)
    asked: tuple[pr.Indicator | pr.Outcome, ...] = (*program.indicators, *program.outcomes)
    nodes = {found.id: (found.node, found.row, found.title) for found in asked}
    if about in nodes:
        node, row, title = nodes[about]
        lines = [f"{printable(title)}: {_value(state, row)}", *_parts(working, state, node)]
    elif about in program.rows:
        row = program.rows[about]
        title = program.variables[row].title or about
        lines = [f"{printable(title)} ({printable(about)}): {_value(state, row)}"]
        lines += [f"stands at {program.variables[row].place}", *_moved(working, row)]
    else:
        raise FoedusError.at(None, f"nothing here is called {printable(about)}")
    return Answer(f"What makes up {printable(about)}? {game.now.told.label}", tuple(lines))


def _parts(working: Working, state: State, node: int) -> Iterator[str]:
    ev = Then(working.program, state, state.turn, len(working.trace.changes))
    with np.errstate(all="ignore"):
        worked = working.worked(ev, node)
    yield f"  = {worked.text}"
    for part in worked.parts[:_PARTS]:
        told = ("false", "true")[bool(part.value)] if part.truth else plain_number(part.value)
        yield f"    {part.sign if worked.joint == '+' else ''} {part.text}: {told}"
        for reading in part.readings[:_PARTS]:
            yield f"      {reading.name} is {plain_number(reading.value)}"
            for cause in reading.causes:
                what = cause.what or "by itself"
                yield f"        {what}, turn {cause.turn}: {cause.change:+.3g}"


def _moved(working: Working, row: int) -> Iterator[str]:
    causes = working.causes.of(row)
    yield "moved of late by" if causes else "nothing has moved it of late"
    for cause in causes:
        yield f"  {cause.what or 'itself'}, turn {cause.turn}: {cause.change:+.3g}"


def _value(state: State, row: int) -> str:
    return plain_number(float(state.values[row, 0]))


def fact_lines(game: Game, id_: str) -> tuple[str, ...]:
    """A fact or base rate of the ledgers in plain words; empty for what they do not hold."""
    scenario = game.program.scenario
    if scenario is None:
        return ()
    if (fact := scenario.evidence.facts.get(id_)) is not None:
        sources = ", ".join(fact.documents)
        said = f", said by {fact.attributed_to}" if fact.attributed_to else ""
        confidence = f", {fact.confidence} confidence" if fact.confidence else ""
        lines = [fact.claim, f"{fact.kind}, {fact.modality}{confidence}{said}", f"documents: {sources}"]
        lines += [f"date: {fact.date}"] if fact.date else []
        lines += [f"note: {fact.note}"] if fact.note else []
        return tuple(printable(line) for line in (*lines, f"stands at {fact.place}"))
    if (rate := scenario.evidence.base_rates.get(id_)) is not None:
        return tuple(
            printable(line) for line in (rate.what, f"source: {rate.source}", f"stands at {rate.place}")
        )
    return ()


def cited_facts(game: Game) -> list[str]:
    """Ids of every fact and base rate that the scenario's parameters and decisions rest on, in order."""
    program = game.program
    grades = [found.grade for found in (*program.parameters, *program.figures, *program.decisions.values())]
    cited = {id_ for grade in grades for id_ in grade.cited}
    return sorted(id_ for id_ in cited if fact_lines(game, id_))
