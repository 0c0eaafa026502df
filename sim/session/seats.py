"""A seat: what its actor knows, and what it may do next, worked out from what it believes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.state import State
from sim.engine.vectors import Floats
from sim.report.plain import plain_number, with_unit
from sim.session.attention import attended
from sim.session.ballots import ballots
from sim.session.believed import believed
from sim.session.calls import calls
from sim.session.line import Line
from sim.session.options import (
    MINDS,
    Matter,
    SeatOption,
    cleared,
    costs,
    does,
    done_or_not,
    mean,
    open_to,
    pair_of,
    row_title,
    rung_of,
    standing_of,
    title_of,
)
from sim.text import printable


@dataclass(frozen=True, slots=True)
class Known:
    """Something that a seat knows, or believes."""

    title: str
    told: str
    """The value in plain words."""
    row: str
    """Its name."""


def knowledge(line: Line, turn: int, actor: str) -> tuple[Known, ...]:
    """What an actor knows in a turn: what it has, what it sees (never what is behind it), what it believes,
    how it stands with others.
    """
    program, values = line.program, line.moments[turn].state.values[:, 0]
    hidden = {perception.of for perception in program.perceptions if perception.owner == actor}
    return tuple(_known(program, values, actor, hidden))


def _known(program: Program, values: Floats, actor: str, hidden: set[int]) -> Iterator[Known]:
    for owner, attribute, row in program.attributes:
        if owner == actor and row not in hidden:
            variable = program.variables[row]
            title = variable.title or attribute.replace("_", " ")
            yield Known(printable(title), with_unit(values[row], printable(variable.unit)), variable.name)
    for perception in program.perceptions:
        if perception.owner == actor:
            of = program.variables[perception.of]
            told = f"about {with_unit(values[perception.seen], printable(of.unit))}, as seen"
            yield Known(
                row_title(program, perception.of, actor), told, program.variables[perception.seen].name
            )
    for row, variable in enumerate(program.variables):
        if variable.kind == "belief" and variable.name.startswith(f"belief[{actor},"):
            spread = values[program.rows[variable.name.replace("belief[", "spread[", 1)]]
            told = f"about {plain_number(values[row])}, give or take {plain_number(spread)}"
            yield Known(printable(variable.title or variable.name), told, variable.name)
    for row, variable in enumerate(program.variables):
        if variable.kind == "relation" and actor in pair_of(variable.name) and row not in hidden:
            yield Known(row_title(program, row, actor), plain_number(values[row]), variable.name)


def matters(line: Line, turn: int, actor: str) -> tuple[Matter, ...]:
    """What an actor may decide in the next turn; what comes up before what may in the course of the turn, and
    that before what does not, choices before rules.
    """
    program = line.program
    if turn >= program.turns:
        return ()
    state = line.moments[turn].state
    mind = believed(program, state, actor, range(MINDS), state.stream + 1)
    with np.errstate(all="ignore"):
        ev = Evaluator(program, mind, turn + 1)
        told = attended(ev, actor)
        found = [
            replace(_choice(ev, choice, state), attention=told.get(choice.name.partition("/")[2], ""))
            for choice in program.choices
            if choice.owner == actor
        ]
        found += [
            _rule(ev, rule) for rule in program.rules if rule.owner == actor and rule.kind != "consequence"
        ]
        if program.scenario is not None:
            begun = cleared(ev)
            found += [*calls(begun, actor), *ballots(begun, actor)]
    kept = [matter for matter in found if matter.options]
    return tuple(sorted(kept, key=lambda matter: (not matter.comes_up, not matter.when)))


def _choice(ev: Evaluator, choice: pr.Choice, state: State) -> Matter:
    due = choice.due is None or choice.due[ev.turn] > 0
    options = tuple(
        SeatOption(
            option.id,
            does(ev, option.doings[0], choice.owner),
            costs(ev, option.doings[0], choice.owner),
            mean(ev, option.utility),
            rung_of(ev.program, option.doings[0]),
        )
        for option in choice.options
        if open_to(ev, option.gate)
    )
    may = due and open_to(ev, choice.gate)
    return Matter(choice.name, title_of(choice), may, standing_of(choice, state), options)


def _rule(ev: Evaluator, rule: pr.Rule) -> Matter:
    due = rule.due is None or rule.due[ev.turn]
    return Matter(rule.name, title_of(rule), due and open_to(ev, rule.gate), "", done_or_not(ev, rule))
