"""What an arm orders and forbids, checked against the Program that is played."""

from __future__ import annotations

from sim.analysis.ordering import Part, PlaceOf, order_fault
from sim.compile import Program
from sim.compile.program import Decision, Rule
from sim.engine.orders import DO, REFRAIN, Order
from sim.scenario.experiment import Arm, Experiment, Forbidden
from sim.scenario.load import PathOf
from sim.text import Diagnostic, Diagnostics, quoted


def arm_orders(
    experiment: Experiment, arm: Arm, program: Program, problems: Diagnostics
) -> tuple[Order, ...]:
    """The decisions that an arm takes by hand, turn by turn.

    What is not there to be ordered is noted, each at the part of the order that is wrong.
    """
    found: list[Order] = []
    for index, stated in enumerate(arm.orders):
        listed = isinstance(stated.turns, tuple)
        turns = stated.turns if isinstance(stated.turns, tuple) else tuple(range(1, program.turns + 1))
        orders = [Order(turn, stated.actor, stated.decision, stated.option) for turn in turns]
        path = ("arms", arm.id, "orders", index)
        faults = [
            order_fault(program, order, _places(experiment, path, {"turn": ("turns", at)}))
            for at, order in enumerate(orders if listed else orders[:1])
        ]
        problems.extend(fault for fault in faults if fault is not None)
        if stated.turns == "due" and not any(faults):
            due = due_turns(program.decisions[orders[0].name])
            if due is None:
                message = f"{orders[0].name} has no turns in which it is due"
                problems.error(experiment.place(*path, "turns"), message, "a list of turns, or all")
            orders = [order for order in orders if order.turn in (due or ())]
        found += orders
    return tuple(found)


def due_turns(decision: Decision) -> frozenset[int] | None:
    """The turns in which a decision is taken up for sure or may be; None of one that comes up by chance."""
    if decision.due is None:
        return None
    return frozenset(turn for turn, times in enumerate(decision.due) if times and turn > 0)


def arm_bans(
    experiment: Experiment, arm: Arm, program: Program, problems: Diagnostics
) -> tuple[tuple[str, str], ...]:
    """Decision and option of all that an arm shuts.

    What is not there to be shut is noted, each at the part of the ban that is wrong.
    """
    found: list[tuple[str, str]] = []
    for index, stated in enumerate(arm.forbid):
        name = f"{stated.actor}/{stated.decision}"
        for at, option in enumerate(stated.options):
            fault = _ban_fault(experiment, ("arms", arm.id, "forbid", index), program, stated, at)
            if fault is not None:
                problems.add(fault)
            found.append((name, option))
    return tuple(found)


def _ban_fault(
    experiment: Experiment, path: PathOf, program: Program, stated: Forbidden, at: int
) -> Diagnostic | None:
    """What is wrong with the ban of an option, at the part that is."""
    option = stated.options[at]
    place = _places(experiment, path, {"option": ("options", at)})
    rule = isinstance(program.decisions.get(f"{stated.actor}/{stated.decision}"), Rule)
    if rule and option != DO:
        message = f"{stated.actor}/{stated.decision} is a rule, and has no option {quoted(option)}"
        return Diagnostic(place("option"), message, f"the word {DO}", DO)
    # A rule that may fire may be ordered not to.
    return order_fault(program, Order(1, stated.actor, stated.decision, REFRAIN if rule else option), place)


def _places(experiment: Experiment, path: PathOf, below: dict[Part, PathOf]) -> PlaceOf:
    """Where the parts of an order or a ban stand, those in lists `below`."""
    return lambda part: experiment.place(*path, *below.get(part, (part,)))
