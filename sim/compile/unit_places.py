"""What every place of a scenario takes: utilities are pure numbers, effects are counted in what changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from sim.compile.known_units import KnownUnits, unit_of
from sim.compile.quantities import UNKNOWN, Inference, Quantity, Wanted, believed, overlook, price_of, sent_by
from sim.compile.sayings import holes, split_format
from sim.compile.scope import LoweringError
from sim.compile.unit_faults import named
from sim.scenario import beliefs as bl
from sim.scenario import choice as ch
from sim.scenario import expressions as ex
from sim.scenario import flows as fl
from sim.scenario import groups as gr
from sim.scenario import models as md
from sim.scenario.bodies import Aftermath
from sim.scenario.keys import unwrapped
from sim.scenario.load import PathOf
from sim.scenario.sanctions import Pressure
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
class Where:
    """Where a part of the scenario stands, and what its names are counted in."""

    path: PathOf
    known: KnownUnits

    def changed(self, tree: ex.Expr) -> Quantity:
        """What a variable is counted in that changes, moves or is seen."""
        return self.known(named(tree)) if isinstance(tree, ex.Name | ex.Index) else UNKNOWN

    def like(self, quantity: Quantity, name: str = "") -> Wanted | None:
        """What fits to the quantity of that name."""
        if not quantity.firm:
            return None
        return Wanted((quantity.unit,), lacking=name if quantity.unit.is_pure else "")


_PURE: Final = Wanted((PURE,))
_PURE_KEYS: Final = frozenset(
    {
        *("utility", "temperature", "bias", "probability"),
        *("cost", "help", "stake", "pressure", "reliability", "recognition"),
        *("impose", "lift", "comply", "gain", "penalty", "defy", "penalise", "spare"),
        *("severity", "exposure", "porosity", "evasion", "monitor", "ceiling", "premium"),
        *("attention", "budget", "scale", "aversion", "gains", "losses"),
    }
)
"""Keys that take pure numbers wherever they stand."""
_CHANGES: Final = {"+=": "what is added to", "-=": "what is subtracted from", "=": "what is given to"}


def asked(model: BaseModel, where: Where) -> Iterator[Asked]:
    """Every expression of a part, without those of the parts below it."""
    ask = _ASKED.get(type(model))
    if ask is not None:
        yield from ask(model, where)
        return
    yield from _plain(model)
    if isinstance(model, md.Doing | md.Action | md.Inject) and model.says is not None:
        yield from _sentence(model.says)


def _plain(model: BaseModel) -> Iterator[Asked]:
    """The expressions that stand right under the keys of a part."""
    for field, key in _expressions(type(model)):
        value = getattr(model, field)
        if isinstance(value, ex.Expression):
            wanted = _PURE if key in _PURE_KEYS else None
            yield Asked(value.tree, (key,), wanted, f"the {key}")
    if isinstance(model, md.Doing | md.Action | md.Inject | Aftermath) and model.says is not None:
        yield from _sentence(model.says)


@cache
def _expressions(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Fields that hold an expression, and how the file names them."""
    fields = model.model_fields.items()
    return tuple(
        (name, field.alias or name) for name, field in fields if unwrapped(field.annotation) is ex.Expression
    )


def _sentence(template: str) -> Iterator[Asked]:
    """The numbers in a sentence; those written with % must be what a percentage is made of."""
    try:
        found = holes(template, ()) if "{" in template else []
    except LoweringError:  # told where the sentence is compiled
        return
    for _, hole, offset in found:
        source, form = split_format(hole or "")
        try:
            tree = ex.parse_expression(source, offset).tree
        except ex.ExpressionError:  # so is this
            continue
        wanted = _PURE if form.endswith("%") else None
        yield Asked(tree, ("says",), wanted, "the number that is written with '%'")


# Values


def _start(expression: ex.Expression, key: str, name: str, where: Where) -> Iterator[Asked]:
    wanted = where.like(where.known(name), name)
    yield Asked(expression.tree, (key,), wanted, f"the start of {quoted(name)}")


def _named(model: md.Definition | md.Indicator, where: Where) -> Iterator[Asked]:
    wanted = None if model.unit is None else Wanted((unit_of(model.unit),), naming=True)
    yield Asked(model.value.tree, ("value",), wanted, f"the value of {quoted(str(where.path[-1]))}")


# Doings


def _call(model: md.ActionCall, where: Where) -> Iterator[Asked]:
    taken = where.known.taken(model.action)
    for name, value in model.arguments.items():
        wanted = where.like(taken[name], name) if name in taken else None
        yield Asked(value.tree, (model.action, name), wanted, f"{quoted(name)} of {quoted(model.action)}")


def _effect(model: md.EffectPart, where: Where) -> Iterator[Asked]:
    statement, name = model.effect, named(model.effect.target)
    wanted = where.like(where.changed(statement.target), name)
    yield Asked(statement.value, ("effect",), wanted, f"{_CHANGES[statement.operator]} {quoted(name)}")


# Paces


def _often(per: str) -> Wanted:
    """A pure number, which is taken per period, or a number or a count of anything per period."""
    period = read_unit(per)
    return Wanted((PURE, period ** Fraction(-1)), per=period)


def _rate(model: md.Rate, where: Where) -> Iterator[Asked]:
    if where.path[0] != "dynamics":  # what moves says what its rate is of
        yield Asked(model.rate.tree, ("rate",), _often(model.per), "the rate")


def _every(model: md.Every, where: Where) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    if model.rate is not None and model.per is not None:
        yield Asked(model.rate.tree, ("rate",), _often(model.per), "the rate")


def _count(model: md.Count, where: Where) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield Asked(model.mean.tree, ("mean",), _often(model.per), "the mean")
    if model.size is not None:
        yield Asked(model.size.tree, ("size",), _often(model.per), "the size")


def _campaign(model: md.Campaign, where: Where) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield Asked(model.starts.tree, ("starts",), _often(model.per), "the rate")
    yield Asked(model.ends.tree, ("ends",), _often(model.per), "the rate")


def _pressure(model: Pressure, where: Where) -> Iterator[Asked]:
    name = str(where.path[-1])
    wanted = where.like(where.known(name), name)
    yield Asked(model.towards.tree, ("towards",), wanted, f"what {quoted(name)} is pressed to")
    yield Asked(model.rate.tree, ("rate",), _often(model.per), "the rate")


# Choices


def _choice(model: md.Choice, where: Where) -> Iterator[Asked]:
    """Its own expressions, and what its options expect of quantities that are as they are counted."""
    yield from _plain(model)
    for option_id, option in model.options.items():
        for quantity, value in option.expects.items():
            keys = ("options", option_id, "expects", quantity)
            reference = model.reference.get(quantity)
            wanted = None if reference is None else where.like(where.changed(reference.of.tree))
            yield Asked(value.tree, keys, wanted, f"what is expected of {quoted(quantity)}")


def _reference(model: ch.Reference, where: Where) -> Iterator[Asked]:
    yield Asked(model.of.tree, ("of",))
    yield Asked(model.weight.tree, ("weight",))
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), where.like(where.known.years), "the half-life")


# Movements


def _wandering(model: md.Perception | md.Dynamics, where: Where) -> Iterator[Asked]:
    """Noise, and how long half of a way takes."""
    if model.noise is not None:
        yield Asked(model.noise.tree, ("noise",), where.like(where.changed(model.of.tree)), "the noise")
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), where.like(where.known.years), "the half-life")


def _dynamics(model: md.Dynamics, where: Where) -> Iterator[Asked]:
    moved = where.changed(model.of.tree)
    yield from _wandering(model, where)
    if model.towards is not None:
        yield Asked(model.towards.tree, ("towards",), where.like(moved), "what it moves towards")
    if model.growth is not None:
        wanted = Wanted((PURE, read_unit(model.growth.per) ** Fraction(-1)))
        yield Asked(model.growth.rate.tree, ("growth", "rate"), wanted, "the rate of growth")
    if model.drift is not None:
        drifts = Wanted((moved.unit, moved.unit / read_unit(model.drift.per))) if moved.firm else None
        yield Asked(model.drift.rate.tree, ("drift", "rate"), drifts, "the drift")


# Beliefs


def _belief(model: bl.Belief, where: Where) -> Iterator[Asked]:
    """All of it is counted in what the belief is about."""
    name = str(where.path[-1])
    wanted = where.like(where.known(believed(name)), name)
    yield Asked(model.mean.tree, ("mean",), wanted, f"the mean of {quoted(name)}")
    yield Asked(model.spread.tree, ("spread",), wanted, f"the spread of {quoted(name)}")
    if model.of is not None:
        yield Asked(model.of.tree, ("of",), wanted, f"what {quoted(name)} is of")
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), where.like(where.known.years), "the half-life")


def _signal(model: bl.Signal, where: Where) -> Iterator[Asked]:
    name = str(where.path[1])
    wanted = where.like(where.known(believed(name)), name)
    yield Asked(model.when.tree, ("when",))
    yield Asked(model.noise.tree, ("noise",), wanted, "the noise")
    if model.says is not None:
        yield Asked(model.says.tree, ("says",), wanted, f"what is said of {quoted(name)}")
    if model.error is not None:
        yield Asked(model.error.tree, ("error",), wanted, "the error")


def _credibility(model: bl.Credibility, where: Where) -> Iterator[Asked]:
    if model.mean is not None:
        yield Asked(model.mean.tree, ("mean",), _PURE, "the mean")
    yield Asked(model.spread.tree, ("spread",), _PURE, "the spread")
    yield Asked(model.noise.tree, ("noise",), _PURE, "the noise")
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), where.like(where.known.years), "the half-life")


# Items and flows


def _amounts(
    model: fl.Production | fl.Use | fl.Flow, capacity: ex.Expression | None, goods: Quantity, where: Where
) -> Iterator[Asked]:
    """A rate and a capacity: so much in the period."""
    del where
    if model.when is not None:
        yield Asked(model.when.tree, ("when",))
    if model.per is not None and goods.firm:
        wanted = Wanted((goods.unit, goods.unit / read_unit(model.per)))
        for key, value in (("rate", model.rate), ("capacity", capacity)):
            if value is not None:
                yield Asked(value.tree, (key,), wanted, f"the {key}")


def _entry(model: fl.Production | fl.Use, where: Where) -> Iterator[Asked]:
    capacity = model.capacity if isinstance(model, fl.Production) else None
    return _amounts(model, capacity, where.known(str(where.path[1])), where)


def _flow(model: fl.Flow, where: Where) -> Iterator[Asked]:
    return _amounts(model, model.capacity, where.known(sent_by(str(where.path[1]))), where)


def _payment(model: fl.Payment, where: Where) -> Iterator[Asked]:
    wanted = where.like(where.known(price_of(str(where.path[1]))))
    yield Asked(model.price.tree, ("price",), wanted, "the price")


def _interdiction(model: fl.Interdiction, where: Where) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield Asked(model.share.tree, ("share",), _PURE, "the share that is lost")
    yield from _sentence(model.says or "")


def _origin(model: fl.Origin, where: Where) -> Iterator[Asked]:  # noqa: ARG001 - as the others
    yield Asked(model.share.tree, ("share",), _PURE, "the share of a supplier")


def _tier(model: fl.Tier, where: Where) -> Iterator[Asked]:
    wanted = where.like(where.known(str(where.path[1])))
    yield Asked(model.stock.tree, ("stock",), wanted, "the stock of a tier")
    yield from _sentence(model.says or "")


# Groups


def _matter(model: gr.Matter, where: Where) -> Iterator[Asked]:
    """Thresholds and margins are counted in what the signal is."""
    signal = Inference(where.known, {}, overlook).of(model.signal.tree)
    wanted = where.like(signal)
    yield Asked(model.signal.tree, ("signal",))
    yield Asked(model.thresholds.mean.tree, ("thresholds", "mean"), wanted, "the mean of the thresholds")
    yield Asked(
        model.thresholds.spread.tree, ("thresholds", "spread"), wanted, "the spread of the thresholds"
    )
    if model.margin is not None:
        yield Asked(model.margin.tree, ("margin",), wanted, "the margin")
    yield Asked(model.initial.tree, ("initial",), _PURE, "the share at the start")
    if model.when is not None:
        yield Asked(model.when.tree, ("when",))
    if isinstance(model.half_life, ex.Expression):
        yield Asked(model.half_life.tree, ("half_life",), where.like(where.known.years), "the half-life")


_ASKED: Final[dict[type[BaseModel], Callable[[Any, Where], Iterator[Asked]]]] = {
    md.Attribute: lambda model, where: _start(model.initial, "initial", str(where.path[-1]), where),
    md.Relation: lambda model, where: _start(model.default, "default", str(where.path[-1]), where),
    md.Pair: lambda model, where: _start(model.value, "value", str(where.path[1]), where),
    md.Definition: _named,
    md.Indicator: _named,
    md.ActionCall: _call,
    md.EffectPart: _effect,
    md.Rate: _rate,
    md.Every: _every,
    md.Count: _count,
    md.Campaign: _campaign,
    md.Choice: _choice,
    ch.Reference: _reference,
    md.Start: lambda model, where: _start(model.initial, "initial", str(where.path[-1]), where),
    md.Perception: _wandering,
    md.Dynamics: _dynamics,
    bl.Belief: _belief,
    bl.Signal: _signal,
    bl.Credibility: _credibility,
    Pressure: _pressure,
    fl.Origin: _origin,
    fl.Production: _entry,
    fl.Use: _entry,
    fl.Tier: _tier,
    fl.Flow: _flow,
    fl.Payment: _payment,
    fl.Interdiction: _interdiction,
    gr.Matter: _matter,
    gr.Thresholds: lambda _, __: iter(()),
    md.Members: lambda _, __: iter(()),
}
"""Parts whose places take something of their own. Of others, `_PURE_KEYS` are all that is known."""
