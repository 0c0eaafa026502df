"""A seat: what its actor knows, and what it may do next, worked out from what it believes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.orders import DO, REFRAIN
from sim.engine.state import State
from sim.engine.vectors import Floats
from sim.report.plain import plain_number, with_unit
from sim.session.believed import believed
from sim.session.line import Line
from sim.text import printable

_MINDS: Final = 64
"""Draws of what the seat does not know, over which options are weighed."""


@dataclass(frozen=True, slots=True)
class Known:
    """Something that a seat knows, or believes."""

    title: str
    told: str
    """The value in plain words."""
    row: str
    """Its name."""


@dataclass(frozen=True, slots=True)
class SeatOption:
    """One thing that can be ordered."""

    id: str
    """As an order names it."""
    does: str
    """Its deeds, and what it changes with others, in short."""
    costs: tuple[str, ...]
    """What it changes of the actor's own and of how it stands with others, on average over what the seat does
    not know: `Chinese oil for North Korea -120`.
    """
    utility: float | None
    """What the actor's policy makes of it, on average over what the seat does not know; None for rules."""
    rung: int
    """The highest rung of the escalation ladder that it climbs to; 0 for none."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A decision of the seat in the next turn."""

    decision: str
    """Its name in the Program."""
    title: str
    comes_up: bool
    """Whether its policy would be asked in the next turn: what may come up at a rate is."""
    standing: str
    """The option that stands, or ""."""
    options: tuple[SeatOption, ...]
    """Those that are open to the seat, as far as it knows."""


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
            yield Known(printable(of.title or of.name), told, program.variables[perception.seen].name)
    for row, variable in enumerate(program.variables):
        if variable.kind == "belief" and variable.name.startswith(f"belief[{actor},"):
            spread = values[program.rows[variable.name.replace("belief[", "spread[", 1)]]
            told = f"about {plain_number(values[row])}, give or take {plain_number(spread)}"
            yield Known(printable(variable.title or variable.name), told, variable.name)
    for row, variable in enumerate(program.variables):
        if variable.kind == "relation" and actor in _pair(variable.name) and row not in hidden:
            yield Known(printable(variable.name), plain_number(values[row]), variable.name)


def _pair(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in name.partition("[")[2].removesuffix("]").split(","))


def matters(line: Line, turn: int, actor: str) -> tuple[Matter, ...]:
    """What an actor may decide in the next turn; what comes up before what does not, choices before rules."""
    program = line.program
    if turn >= program.turns:
        return ()
    state = line.moments[turn].state
    mind = believed(program, state, actor, range(_MINDS), state.stream + 1)
    with np.errstate(all="ignore"):
        ev = Evaluator(program, mind, turn + 1)
        found = [_choice(ev, choice, state) for choice in program.choices if choice.owner == actor]
        found += [
            _rule(ev, rule) for rule in program.rules if rule.owner == actor and rule.kind != "consequence"
        ]
    kept = [matter for matter in found if matter.options]
    return tuple(sorted(kept, key=lambda matter: not matter.comes_up))


def _choice(ev: Evaluator, choice: pr.Choice, state: State) -> Matter:
    due = choice.due is None or choice.due[ev.turn] > 0
    standing = int(state.values[choice.standing, 0])
    options = tuple(
        SeatOption(
            option.id,
            _does(ev, option.doings[0], choice.owner),
            _costs(ev, option.doings[0], choice.owner),
            _mean(ev, option.utility),
            _rung(ev.program, option.doings[0]),
        )
        for option in choice.options
        if _open(ev, option.gate)
    )
    stands = choice.options[standing - 1].id if standing else ""
    return Matter(choice.name, _title(choice), due and _open(ev, choice.gate), stands, options)


def _rule(ev: Evaluator, rule: pr.Rule) -> Matter:
    due = rule.due is None or rule.due[ev.turn]
    fires = "1" if rule.kind == "count" else DO
    owner = rule.owner
    does, costs = _does(ev, rule.doings, owner), _costs(ev, rule.doings, owner)
    options = (
        SeatOption(fires, does, costs, None, _rung(ev.program, rule.doings)),
        SeatOption(REFRAIN, "", (), None, 0),
    )
    return Matter(rule.name, _title(rule), due and _open(ev, rule.gate), "", options)


def _open(ev: Evaluator, gate: int | None) -> bool:
    """Whether it may be open, as far as the seat knows."""
    return gate is None or bool(np.any(ev.value(gate)))


def _mean(ev: Evaluator, node: int) -> float | None:
    values = np.broadcast_to(ev.value(node), (_MINDS,))
    sound = values[np.isfinite(values)]
    return float(sound.mean()) if len(sound) else None


def _title(decision: pr.Decision) -> str:
    bound = ", ".join(member for _, member in decision.bindings)
    return decision.id.replace("_", " ") + (f" ({bound})" if bound else "")


def _does(ev: Evaluator, doings: pr.Doings, owner: str) -> str:
    deeds = [f"{deed.action.replace('_', ' ')} {deed.target}".strip() for deed in doings.deeds]
    others = [_change(ev, effect) for effect in doings.effects if not _is_own(ev.program, effect, owner)]
    return printable(", ".join(dict.fromkeys(deeds or others)))


def _costs(ev: Evaluator, doings: pr.Doings, owner: str) -> tuple[str, ...]:
    own = [_change(ev, effect) for effect in doings.effects if _is_own(ev.program, effect, owner)]
    return tuple(printable(text) for text in dict.fromkeys(own))


def _is_own(program: Program, effect: pr.Effect, owner: str) -> bool:
    """Whether it changes something of the actor's, or how it stands with somebody."""
    return owner in _pair(program.variables[effect.row].name)


def _change(ev: Evaluator, effect: pr.Effect) -> str:
    """A row and by how much it changes; without a number where the seat cannot tell."""
    variable = ev.program.variables[effect.row]
    name = variable.title if variable.title and "[" not in variable.title else variable.name
    amount = _mean(ev, effect.value)
    if amount is None:
        return f"{name} changes"
    if effect.operator == "=":
        return f"{name} becomes {plain_number(amount)}"
    rises = (amount >= 0) == (effect.operator == "+=")
    return f"{name} {'+' if rises else '-'}{plain_number(abs(amount))}"


def _rung(program: Program, doings: pr.Doings) -> int:
    if program.scenario is None:
        return 0
    actions = program.scenario.model.actions
    rungs = [actions[deed.action].rung for deed in doings.deeds if deed.action in actions]
    return max((int(rung) for rung in rungs if rung), default=0)
