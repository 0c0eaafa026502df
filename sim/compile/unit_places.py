"""What every place of a scenario takes: utilities are pure numbers, effects are counted in what changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from pydantic import BaseModel

from sim.compile.known_units import KnownUnits, unit_of
from sim.compile.quantities import Quantity, Wanted
from sim.compile.sayings import holes, split_format
from sim.compile.scope import LoweringError
from sim.compile.unit_faults import named
from sim.scenario import expressions as ex
from sim.scenario import models as md
from sim.scenario.load import PathOf
from sim.text import PURE, quoted, read_unit


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression, and what the place takes that it stands at."""

    tree: ex.Expr
    keys: PathOf
    """From the part to the expression."""
    wanted: Wanted | None = None
    """None for a condition, and where anything will do."""
    what: str = ""
    """What stands there, as a message begins with it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of the scenario stands, and what its names are counted in."""

    path: PathOf
    known: KnownUnits
    infer: Callable[[ex.Expr], Quantity]
    """What an expression of this part is counted in."""

    def like(self, quantity: Quantity, name: str = "") -> Wanted | None:
        """What fits to the quantity of that name."""
        if not quantity.firm:
            return None
        return Wanted((quantity.unit,), lacking=name if quantity.unit.is_pure else "")


_PURE: Final = Wanted((PURE,))
_CHANGES: Final = {"+=": "what is added to", "-=": "what is subtracted from", "=": "what is given to"}


def _when(condition: ex.Expression | None, key: str = "when") -> Iterator[Asked]:
    if condition is not None:
        yield Asked(condition.tree, (key,))


def _start(expression: ex.Expression, key: str, name: str, part: Part) -> Iterator[Asked]:
    wanted = part.like(part.known(name), name)
    yield Asked(expression.tree, (key,), wanted, f"the start of {quoted(name)}")


def _named(model: md.Definition | md.Indicator, part: Part) -> Iterator[Asked]:
    wanted = None if model.unit is None else Wanted((unit_of(model.unit),), naming=True)
    yield Asked(model.value.tree, ("value",), wanted, f"the value of {quoted(str(part.path[-1]))}")


def _outcome(model: md.Outcome, part: Part) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield from _when(model.happens, "happens")
    yield from _when(model.holds, "holds")


# Doings


def _call(model: md.ActionCall, part: Part) -> Iterator[Asked]:
    taken = part.known.taken(model.action)
    for name, value in model.arguments.items():
        wanted = part.like(taken[name], name) if name in taken else None
        yield Asked(value.tree, (model.action, name), wanted, f"{quoted(name)} of {quoted(model.action)}")


def _effect(model: md.EffectPart, part: Part) -> Iterator[Asked]:
    statement, name = model.effect, named(model.effect.target)
    wanted = part.like(part.infer(statement.target), name)
    yield Asked(statement.value, ("effect",), wanted, f"{_CHANGES[statement.operator]} {quoted(name)}")


def _says(model: md.Doing | md.Action | md.Inject, part: Part) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    """The numbers in a sentence; those written with % must be what a percentage is made of."""
    try:
        found = holes(model.says, ()) if model.says is not None and "{" in model.says else []
    except LoweringError:  # told where the sentence is compiled
        return
    for _, hole, offset in found:
        source, form = split_format(hole or "")
        try:
            tree = ex.parse_expression(source, offset).tree
        except ex.ExpressionError:  # so is this
            continue
        wanted = _PURE if form.endswith("%") else None
        yield Asked(tree, ("says",), wanted, "a number that is written with '%'")


# Decisions


def _rule(model: md.Rule, part: Part) -> Iterator[Asked]:
    yield from _when(model.when)
    if model.chance is not None:
        yield Asked(model.chance.rate.tree, ("chance", "rate"), _often(model.chance.per), "a rate")
    if model.count is not None:
        often = _often(model.count.per)
        yield Asked(model.count.mean.tree, ("count", "mean"), often, "a mean")
        if model.count.size is not None:
            yield Asked(model.count.size.tree, ("count", "size"), often, "a size")
    if model.campaign is not None:
        often = _often(model.campaign.per)
        yield Asked(model.campaign.starts.tree, ("campaign", "starts"), often, "a rate")
        yield Asked(model.campaign.ends.tree, ("campaign", "ends"), often, "a rate")
    yield from _every(model.every)
    yield from _says(model, part)


def _every(every: md.Every | None) -> Iterator[Asked]:
    if every is not None and every.rate is not None and every.per is not None:
        yield Asked(every.rate.tree, ("every", "rate"), _often(every.per), "a rate")


def _often(per: str) -> Wanted:
    """A pure number, which is taken per period, or a number or a count of anything per period."""
    period = read_unit(per)
    return Wanted((PURE, period ** Fraction(-1)), per=period)


def _choice(model: md.Choice, part: Part) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield from _when(model.when)
    yield from _every(model.every)
    yield Asked(model.temperature.tree, ("temperature",), _PURE, "a temperature")
    if model.status_quo is not None:
        yield Asked(model.status_quo.bias.tree, ("status_quo", "bias"), _PURE, "a bias")


def _option(model: md.Option, part: Part) -> Iterator[Asked]:
    yield from _when(model.when)
    yield Asked(model.utility.tree, ("utility",), _PURE, "a utility")
    yield from _says(model, part)


def _inject(model: md.Inject, part: Part) -> Iterator[Asked]:
    yield from _when(model.when)
    if model.probability is not None:
        yield Asked(model.probability.tree, ("probability",), _PURE, "a probability")
    yield from _says(model, part)


# Movements


def _wandering(model: md.Perception | md.Dynamics, part: Part) -> Iterator[Asked]:
    """Noise, and how long half of a way takes."""
    if model.noise is not None:
        yield Asked(model.noise.tree, ("noise",), part.like(part.infer(model.of.tree)), "noise")
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), part.like(part.known.years), "a half-life")


def _dynamics(model: md.Dynamics, part: Part) -> Iterator[Asked]:
    moved = part.infer(model.of.tree)
    yield from _wandering(model, part)
    if model.towards is not None:
        yield Asked(model.towards.tree, ("towards",), part.like(moved), "what it moves towards")
    if model.growth is not None:
        wanted = Wanted((PURE, read_unit(model.growth.per) ** Fraction(-1)))
        yield Asked(model.growth.rate.tree, ("growth", "rate"), wanted, "a rate of growth")
    if model.drift is not None:
        drifts = Wanted((moved.unit, moved.unit / read_unit(model.drift.per))) if moved.firm else None
        yield Asked(model.drift.rate.tree, ("drift", "rate"), drifts, "a drift")


ASKED: Final[dict[type[BaseModel], Callable[[Any, Part], Iterator[Asked]]]] = {
    md.Attribute: lambda model, part: _start(model.initial, "initial", str(part.path[-1]), part),
    md.Relation: lambda model, part: _start(model.default, "default", str(part.path[-1]), part),
    md.Pair: lambda model, part: _start(model.value, "value", str(part.path[1]), part),
    md.Definition: _named,
    md.Indicator: _named,
    md.Outcome: _outcome,
    md.Action: _says,
    md.ActionCall: _call,
    md.EffectPart: _effect,
    md.Rule: _rule,
    md.Choice: _choice,
    md.Option: _option,
    md.Inject: _inject,
    md.Perception: _wandering,
    md.Dynamics: _dynamics,
}
"""By class: every expression of a part, without those of the parts below it."""
