"""Levers: a Program and orders with one thing pulled some part of the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Final

from sim.compile import program as pr
from sim.compile.links import due_turns
from sim.engine.orders import Order
from sim.scenario.mechanisms import Lever

DOSES: Final = (Fraction(1, 3), Fraction(2, 3), Fraction(1))
"""How far a lever is pulled: a third, two thirds, and the whole of the way."""
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True)
class Pulled:
    """A world with a lever at some point of its way."""

    program: pr.Program
    orders: tuple[Order, ...] = ()


def pulled(program: pr.Program, lever: Lever, dose: Fraction, last: int) -> Pulled:
    """The program with the lever a part of the way from its first value to its second.

    Args:
        program: the scenario.
        lever: one whose names it has.
        dose: 0 to 1. A number lies that part of the way between the two; an option is ordered in that part
            of the turns in which the decision is due, spread evenly, and the other in the rest.
        last: the last turn in which orders are given.
    """
    if lever.kind == "decision":
        orders = (order for name in lever.names for order in _orders(program, name, lever, dose, last))
        return Pulled(program, tuple(orders))
    assert isinstance(lever.from_, float)
    assert isinstance(lever.to, float)
    value = lever.from_ + (lever.to - lever.from_) * float(dose) if dose < 1 else lever.to
    set_to = _with_parameter if lever.kind == "parameter" else _with_initial
    return Pulled(set_to(program, lever.names[0], value))


def _with_parameter(program: pr.Program, id_: str, value: float) -> pr.Program:
    """A program in which a parameter has the same value in every run."""
    parameters = (
        replace(parameter, distribution=None, value=value) if parameter.id == id_ else parameter
        for parameter in program.parameters
    )
    return replace(program, parameters=tuple(parameters))


def _with_initial(program: pr.Program, name: str, value: float) -> pr.Program:
    """A program in which a variable begins with the same value in every run."""
    row = program.rows[name]
    nodes = (*program.nodes, pr.Node("const", value=value))
    initials = (
        replace(initial, node=len(nodes) - 1) if initial.row == row else initial
        for initial in program.initials
    )
    return replace(program, nodes=nodes, initials=tuple(initials))


def _orders(program: pr.Program, name: str, lever: Lever, dose: Fraction, last: int) -> list[Order]:
    """The one option in a part of the turns in which the decision is due, the other in the rest.

    Of each stretch of turns the middle is pulled, so that doses do not differ in when they begin.
    """
    owner, decision = name.split("/", 1)
    orders = []
    for index, turn in enumerate(due_turns(program.decisions[name], last)):
        pull = floor((index + 1) * dose + _HALF) > floor(index * dose + _HALF)
        orders.append(Order(turn, owner, decision, str(lever.to if pull else lever.from_)))
    return orders
