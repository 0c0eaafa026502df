"""What is wrong with an order that a file gives: said at the part of it that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Literal

from sim.compile.program import Program, Rule
from sim.engine.orders import Order, checked
from sim.text import Diagnostic, FoedusError, Place, nearest, quoted
from sim.text.checking import one_of

Part = Literal["turn", "actor", "decision", "option"]
PlaceOf = Callable[[Part], Place]
"""Where a part of an order stands."""
_LISTED: Final = 12
"""Names that a message lists."""


def order_fault(program: Program, order: Order, place: PlaceOf) -> Diagnostic | None:
    """What is wrong with an order, at the turn, actor, decision or option that is; None of a sound one."""
    wrong = _wrong_name(program, order, place)
    if wrong is not None:
        return wrong
    try:
        checked(program, [order])
    except FoedusError as error:
        decision = program.decisions[order.name]
        part: Part = "option"
        if not 1 <= order.turn <= program.turns:
            part = "turn"
        elif isinstance(decision, Rule) and decision.kind == "consequence":
            part = "decision"
        return replace(error.diagnostics[0], place=place(part))
    return None


def _wrong_name(program: Program, order: Order, place: PlaceOf) -> Diagnostic | None:
    """An actor that decides nothing, or a decision that it has not."""
    owners = {name.partition("/")[0] for name in program.decisions}
    if order.actor not in owners:
        known = order.actor in program.names
        said = f"{order.actor} decides nothing" if known else f"there is no actor {quoted(order.actor)}"
        near = nearest(order.actor, owners) or ""
        return Diagnostic(place("actor"), said, _listed(owners), near, code="unknown-name")
    if order.name in program.decisions:
        return None
    own = [name.partition("/")[2] for name in program.decisions if name.startswith(f"{order.actor}/")]
    message = f"{order.actor} has no decision {quoted(order.decision)}"
    near = nearest_decision(order.decision, own)
    return Diagnostic(place("decision"), message, _listed(own), near, code="unknown-name")


def nearest_decision(decision: str, known: Iterable[str]) -> str:
    """The nearest of an actor's decisions; if none is as a whole, one of the nearest id."""
    found = sorted(known)
    whole = nearest(decision, found)
    if whole is not None:
        return whole
    heads: dict[str, str] = {}
    for name in found:
        heads.setdefault(name.partition("/")[0], name)
    head = nearest(decision.partition("/")[0], heads)
    return "" if head is None else heads[head]


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    if len(found) <= _LISTED:
        return one_of(found)
    return f"one of {', '.join(found[:_LISTED])} and {len(found) - _LISTED} more"
