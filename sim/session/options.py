"""What a seat may order, and what each option does, over what the seat believes the world to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.orders import DO, REFRAIN
from sim.engine.state import State
from sim.report.plain import plain_number
from sim.text import printable

MINDS: Final = 64
"""Draws of what the seat does not know, over which options are weighed."""


@dataclass(frozen=True, slots=True)
class SeatOption:
    """One thing that can be ordered."""

    id: str
    """As an order names it."""
    does: str
    """Its deeds, and what it changes with others, in short."""
    costs: tuple[str, ...]
    """What it changes of the actor's own and of how it stands with others, on average over what the seat does
    not know: `Chinese oil for North Korea -120`. Of an answer to a call, also what its rung costs and weighs.
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
    when: str = ""
    """What has to happen in the turn itself for it to come up: `if North Korea calls`; "" for nothing."""
    attention: str = ""
    """What it claims of the actor's attention, and how much it gets; "" where nothing is diluted."""


def done_or_not(ev: Evaluator, rule: pr.Rule) -> tuple[SeatOption, SeatOption]:
    """What can be ordered of a rule: of one that counts, that it fires once."""
    done, cost = does(ev, rule.doings, rule.owner), costs(ev, rule.doings, rule.owner)
    fires = "1" if rule.kind == "count" else DO
    return (
        SeatOption(fires, done, cost, None, rung_of(ev.program, rule.doings)),
        SeatOption(REFRAIN, "", (), None, 0),
    )


def standing_of(choice: pr.Choice, state: State) -> str:
    """The option that stands in the first run, or ""."""
    standing = int(state.values[choice.standing, 0])
    return choice.options[standing - 1].id if standing else ""


def supposed(ev: Evaluator, rows: Mapping[str, float]) -> Evaluator:
    """The same turn over a world in which some rows hold something else; other names are left out."""
    here = ev.state
    values = here.values.copy()
    for name, value in rows.items():
        if name in ev.program.rows:
            values[ev.program.rows[name]] = value
    return Evaluator(ev.program, State(values, here.runs, here.seed, here.stream, here.turn), ev.turn)


def cleared(ev: Evaluator) -> Evaluator:
    """The same turn once rows that speak of one turn only have been set back."""
    variables = ev.program.variables
    return supposed(
        ev,
        {
            variables[assignment.row].name: 0.0
            for step in ev.program.stages.clearing
            if isinstance(step, pr.Pass)
            for assignment in step.assignments
        },
    )


def open_to(ev: Evaluator, gate: int | None) -> bool:
    """Whether a gate may be open, as far as the seat knows."""
    return gate is None or bool(np.any(ev.value(gate)))


def mean(ev: Evaluator, node: int) -> float | None:
    """A number on average over what the seat does not know; None where it cannot tell."""
    values = np.broadcast_to(ev.value(node), ev.state.runs.shape)
    sound = values[np.isfinite(values)]
    return float(sound.mean()) if len(sound) else None


def title_of(decision: pr.Decision) -> str:
    """What a decision is called, with those whom it is about."""
    bound = ", ".join(member for _, member in decision.bindings)
    return decision.id.replace("_", " ") + (f" ({bound})" if bound else "")


def does(ev: Evaluator, doings: pr.Doings, owner: str) -> str:
    """Deeds; where there are none, what changes with others."""
    deeds = [f"{deed.action.replace('_', ' ')} {deed.target}".strip() for deed in doings.deeds]
    others = [
        _change(ev, effect, owner) for effect in doings.effects if not _is_own(ev.program, effect, owner)
    ]
    return printable(", ".join(dict.fromkeys(deeds or others)))


def costs(ev: Evaluator, doings: pr.Doings, owner: str) -> tuple[str, ...]:
    """What changes of the owner's own, and of how it stands with others."""
    own = [_change(ev, effect, owner) for effect in doings.effects if _is_own(ev.program, effect, owner)]
    return tuple(printable(text) for text in dict.fromkeys(own))


def rung_of(program: Program, doings: pr.Doings) -> int:
    """The highest rung of the escalation ladder that deeds climb to; 0 for none."""
    if program.scenario is None:
        return 0
    actions = program.scenario.model.actions
    rungs = [actions[deed.action].rung for deed in doings.deeds if deed.action in actions]
    return max((int(rung) for rung in rungs if rung), default=0)


def pair_of(name: str) -> tuple[str, ...]:
    """The actors that a row's name has in brackets."""
    return tuple(part.strip() for part in name.partition("[")[2].removesuffix("]").split(","))


def row_title(program: Program, row: int, actor: str) -> str:
    """What a row is called to an actor: whose it is where it is not the actor's own, and with whom.

    `Kim's confidence`, `threat perception (KOR)`, `tension (KOR, PRK)`.
    """
    variable = program.variables[row]
    title = variable.title or variable.name.partition("[")[0].replace("_", " ")
    whose = pair_of(variable.name)
    if variable.kind not in ("attribute", "relation"):
        return printable(variable.title or variable.name)
    return printable(title if whose in ((actor,), ("",)) else f"{title} ({', '.join(whose)})")


def _is_own(program: Program, effect: pr.Effect, owner: str) -> bool:
    """Whether it changes something of the actor's, or how it stands with somebody."""
    return owner in pair_of(program.variables[effect.row].name)


def _change(ev: Evaluator, effect: pr.Effect, owner: str) -> str:
    """A row and by how much it changes; without a number where the seat cannot tell."""
    name = row_title(ev.program, effect.row, owner)
    amount = mean(ev, effect.value)
    if amount is None:
        return f"{name} changes"
    if effect.operator == "=":
        return f"{name} becomes {plain_number(amount)}"
    rises = (amount >= 0) == (effect.operator == "+=")
    return f"{name} {'+' if rises else '-'}{plain_number(abs(amount))}"
