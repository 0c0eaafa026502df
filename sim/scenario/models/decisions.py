"""When something is decided, and by what: rules, choices and injects."""

from __future__ import annotations

from typing import Annotated, Self

from annotated_types import MaxLen, MinLen
from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.choice import Nest, Reference, ValueFunction
from sim.scenario.clock import Period
from sim.scenario.fields import DateField, ExpressionField, Id, Ids, StepField, Strings
from sim.scenario.graded import Graded, Part, Sentence
from sim.scenario.models.bindings import For
from sim.scenario.models.doings import Doing, Effects
from sim.scenario.shorthand import spell_every
from sim.text import fail


class Rate(Part):
    per: Period
    rate: ExpressionField


class Count(Part):
    per: Period
    mean: ExpressionField
    size: ExpressionField | None = None
    """Size of the negative binomial, per the same period; Poisson without it."""


class Campaign(Part):
    per: Period
    starts: ExpressionField
    ends: ExpressionField


class Every(Part):
    """How often: a cadence (`quarter`, `2 weeks`), or `{per: year, rate: 3}`."""

    step: StepField | None = None
    per: Period | None = None
    rate: ExpressionField | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.step is None) != (self.rate is not None and self.per is not None):
            raise fail("a cadence is a unit or a rate", "a unit such as quarter, or {per: year, rate: 3}")
        return self


EveryField = Annotated[Every, BeforeValidator(spell_every)]

CrisisPair = Annotated[Strings, MinLen(1), MaxLen(2)]


class Deciding(Doing):
    """What rules, choices and injects share."""

    when: ExpressionField | None = None
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}


class Rule(Deciding):
    chance: Rate | None = None
    count: Count | None = None
    every: EveryField | None = None
    once: bool = False
    campaign: Campaign | None = None
    crisis: CrisisPair | None = None
    """Two actors (or one, with the actor itself): while they are in crisis it is taken in rounds."""

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        triggers = [name for name in ("chance", "count", "every") if getattr(self, name) is not None]
        if len(triggers) > 1:
            raise fail(
                f"a rule has one pace, not {' and '.join(triggers)}",
                "one of chance, count and every",
                below=(triggers[-1],),
            )
        if not triggers and not self.once:
            raise fail(
                "it is not said how often this happens", "one of chance, count and every, or once: true"
            )
        if self.count is not None and self.once:
            raise fail("a count cannot happen once", "chance instead of count, or no once", below=("once",))
        if self.campaign is not None and self.count is None:
            raise fail(
                "a campaign needs a count", "count: {per: year, mean: NUMBER} beside it", below=("campaign",)
            )
        return self


class Option(Doing):
    utility: ExpressionField
    when: ExpressionField | None = None
    expects: dict[Id, ExpressionField] = {}
    """What quantities of the choice's `reference` will be if it is taken; of others, that they stay."""


class StatusQuo(Part):
    option: Id
    """An option, or `standing` for the one that stands."""
    bias: ExpressionField


class Choice(Graded):
    every: EveryField
    when: ExpressionField | None = None
    several: bool = False
    crisis: CrisisPair | None = None
    """Two actors (or one, with the actor itself): while they are in crisis it is taken in rounds."""
    attention: ExpressionField | None = None
    """How much of its actor's attention it claims while it presses."""
    pressing: ExpressionField | None = None
    """The condition under which it claims attention; without it, `when`."""
    temperature: ExpressionField
    status_quo: StatusQuo | None = None
    initial: Id | None = None
    alone: Ids = ()
    """Options that belong to no nest, where there are nests."""
    nests: dict[Id, Nest] = {}
    """Groups of options that are alike: what makes one of them likelier makes the others so too."""
    reference: dict[Id, Reference] = {}
    """Quantities of which gains and losses count, from a point that follows what one has got used to."""
    value_function: ValueFunction | None = None
    """How gains and losses are felt, if not as by default."""
    options: Annotated[dict[Id, Option], Field(min_length=1)]
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}


class Inject(Graded):
    at: DateField
    when: ExpressionField | None = None
    probability: ExpressionField | None = None
    effects: Effects = ()
    says: Sentence | None = None
    luck_key: Id | None = None
