"""Crises beside the flagship under edits, doctrines and orders, and what each owes its reader."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.compile import Program, compile_scenario
from sim.engine.orders import Order
from tests.scenarios.ensembles import Played, play
from tests.scenarios.sound import edited, scenario

RUNS = 300
ORDERED_RUNS = 150


@lru_cache(maxsize=4)
def made(name: str, edit: str = "", **doctrines: str) -> Program:
    """A crisis, with an edit in YAML laid over it, under doctrines by actor."""
    if not edit:
        return compile_scenario(scenario(name), doctrines=doctrines)
    return edited(name, edit, **doctrines)


@lru_cache(maxsize=4)  # some thirty megabytes each
def ensemble(name: str, edit: str = "", **doctrines: str) -> Played:
    """Runs 0 to 299 of seed 0: two such ensembles share their luck, run by run."""
    return play(made(name, edit, **doctrines), RUNS)


def steered(name: str, decisions: dict[str, str], turns: range, edit: str = "") -> Played:
    """The first half of these runs, with decisions (`actor/name`: option) taken by order in some turns."""
    orders = []
    for turn in turns:
        for decision, option in decisions.items():
            actor, matter = decision.split("/", 1)
            orders.append(Order(turn, actor, matter, option))
    return play(made(name, edit), ORDERED_RUNS, orders)


def difference(outcome: str, more: Played, less: Played) -> float:
    """How many runs in a hundred more see the outcome."""
    return 100 * (more.share(outcome) - less.share(outcome))


def assert_moved(name: str, actor: str, less: str, more: str, outcome: str, *, by: float) -> None:
    """One doctrine of an actor brings an outcome about in more runs than another, by so many in a hundred."""
    found = difference(outcome, ensemble(name, **{actor: more}), ensemble(name, **{actor: less}))
    assert found > by


def ever(played: Played, row: str) -> NDArray[np.bool_]:
    """In which runs a row was ever above 0, shape `(runs,)`."""
    found: NDArray[np.bool_] = np.any(played[row] > 0, axis=0)
    return found


def untold(name: str) -> list[str]:
    """Decisions of which a log would say nothing."""
    program = made(name)
    rules = [rule.name for rule in program.rules if not rule.doings.sayings]
    options = [
        f"{choice.name}: {option.id}"
        for choice in program.choices
        for option in choice.options
        if not all(doings.sayings for doings in option.doings)
    ]
    return rules + options


def choices_of(name: str, actor: str) -> int:
    return sum(choice.owner == actor for choice in made(name).choices)


def stuck(name: str, switches: set[str]) -> list[str]:
    """Indicators and variables at an end of their range in half of the runs or more, at the end of play."""
    played = ensemble(name)
    found = []
    for variable in played.program.variables:
        if variable.kind == "domain" or variable.name in switches:
            continue
        if not (np.isfinite(variable.low) and np.isfinite(variable.high)):
            continue
        values = played.final(variable.name)
        if max((values <= variable.low).mean(), (values >= variable.high).mean()) >= 0.5:
            found.append(variable.name)
    return found
