"""Numbers of a scenario: what they are, what is made of them, how they are seen and move by themselves."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.scenario.distributions import DistributionField
from sim.scenario.expressions import parse_expression
from sim.scenario.fields import (
    ActorId,
    DurationField,
    DurationOrExpression,
    ExpressionField,
    Id,
    Ids,
    Shown,
    UnitField,
)
from sim.scenario.graded import Bounded, Graded
from sim.scenario.models.bindings import For
from sim.scenario.models.decisions import Rate
from sim.scenario.shorthand import spelled_out
from sim.text import fail


class Parameter(Bounded):
    """A value drawn once a run, or fixed. `value: x` or a bare number is fixed."""

    value: float | None = None
    distribution: DistributionField | None = None
    luck_key: Id | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.value is None) == (self.distribution is None):
            raise fail(
                "a parameter has either a value or a distribution", "value: NUMBER or distribution: {...}"
            )
        return self


class Attribute(Bounded):
    initial: ExpressionField


class Pair(Graded):
    value: ExpressionField


class Relation(Bounded):
    """A number for each pair of actors: `tension[KOR, PRK]`. Directed unless `symmetric`."""

    symmetric: bool = False
    default: ExpressionField = parse_expression("0")
    pairs: dict[ActorId, dict[ActorId, Annotated[Pair, spelled_out("value")]]] = {}


class Definition(Graded):
    """A named expression; `of: [x]` makes it one per actor: `readiness[KOR]`."""

    value: ExpressionField
    of: Ids = ()
    unit: UnitField | None = None
    title: Shown | None = None


class Indicator(Bounded):
    value: ExpressionField


class Perception(Graded):
    """How an actor sees a quantity: late, and with an error that wanders."""

    of: ExpressionField
    lag: DurationField | None = None
    noise: ExpressionField | None = None
    half_life: DurationOrExpression | None = None
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}

    @model_validator(mode="after")
    def _noise_wanders(self) -> Self:
        if (self.noise is None) != (self.half_life is None):
            raise fail(
                "noise and half_life go together", "both, so that the error means the same on any clock"
            )
        if self.noise is None and self.lag is None:
            raise fail("this perception changes nothing", "a lag, or noise with half_life")
        return self


class Dynamics(Graded):
    """How a variable moves by itself."""

    of: ExpressionField
    towards: ExpressionField | None = None
    half_life: DurationOrExpression | None = None
    growth: Rate | None = None
    drift: Rate | None = None
    noise: ExpressionField | None = None
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.towards is None) != (self.half_life is None):
            raise fail("towards and half_life go together", "towards: VALUE and half_life: DURATION")
        kinds = [self.towards, self.growth, self.drift]
        if sum(kind is not None for kind in kinds) > 1:
            raise fail("an entry moves in one way", "one of towards, growth and drift")
        if all(kind is None for kind in kinds) and self.noise is None:
            raise fail("nothing moves", "one of towards, growth, drift and noise")
        if self.noise is not None and (self.growth is not None or self.drift is not None):
            raise fail("noise stands alone or beside towards", "an entry of its own for the noise")
        return self
