"""What is counted and carried: items with their stocks, production and use, and flows between actors.

What the keys mean exactly is fixed in `docs/adjudication.md`, section F.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.scenario.clock import Period
from sim.scenario.fields import ActorId, ActorIds, DurationField, ExpressionField, Id, Shown, UnitField
from sim.scenario.graded import Graded, Part, Sentence
from sim.scenario.models import Effects, Rate
from sim.scenario.shorthand import spelled_out
from sim.text import fail


class Production(Graded):
    """What an actor makes of an item, while a condition holds."""

    per: Period
    """The period that rate and capacity are for."""
    rate: ExpressionField
    """How much in that period. What moves within a turn by dynamics is read at its mean over the turn."""
    capacity: ExpressionField | None = None
    """The most that it can make in that period. An attribute with dynamics is a capacity that grows."""
    when: ExpressionField | None = None
    """The condition without which nothing is made."""


class Use(Graded):
    """What an actor uses up of an item, while a condition holds."""

    per: Period
    """The period that the rate is for."""
    rate: ExpressionField
    """How much in that period."""
    when: ExpressionField | None = None
    """The condition without which nothing is used."""
    priority: int = 0
    """Where the stock runs short, who has the higher number is served first; equal ones share."""


class Tier(Graded):
    """A stage of technology: a stock that, once reached, unlocks something after a time."""

    stock: ExpressionField
    """The stock that reaches it: an expression over parameters."""
    after: DurationField | None = None
    """How long it takes from there."""
    who: ActorIds = ()
    """Who can unlock it; without it, every holder."""
    effects: Effects = ()
    """What changes when it is unlocked; `self` is who unlocks it."""
    says: Sentence | None = None
    """How logs and reports tell it."""


class Origin(Graded):
    """How much of a stock came from one supplier. A bare value is its `share`."""

    share: ExpressionField
    """The share of the stock at the start, 0 to 1: an expression over parameters."""


class Item(Part):
    """Something that is counted. Its stock with an actor is that actor's attribute of the same name."""

    title: Shown | None = None
    """What reports call it."""
    unit: UnitField
    """What it is counted in. Attributes of its name have the same unit, or none of their own."""
    copied: bool = False
    """Whether who sends it keeps it, as with knowledge."""
    made: dict[ActorId, Production] = {}
    """Who makes it."""
    used: dict[ActorId, Use] = {}
    """Who uses it up."""
    tiers: dict[Id, Tier] = {}
    """What reaching some stock of it unlocks."""
    arsenal: dict[ActorId, dict[ActorId, Annotated[Origin, spelled_out("share")]]] = {}
    """Whose stock is told apart by supplier, and what came from each supplier before the start."""


class Interdiction(Graded):
    """What is lost on the way: a share of everything sent; or, with a `chance`, of what is at sea when a raid
    comes.
    """

    share: ExpressionField
    """The share that is lost, 0 to 1."""
    chance: Rate | None = None
    """How often raids come, at most one a turn. The flow needs a `delay`."""
    says: Sentence | None = None
    """How logs and reports tell a raid."""
    luck_key: Id | None = None
    """Id to draw under, so that a renamed flow keeps its draws."""

    @model_validator(mode="after")
    def _raids_have_words(self) -> Self:
        if self.chance is None:
            for name in ("says", "luck_key"):
                if getattr(self, name) is not None:
                    raise fail(
                        f"{name!r} is for raids, and there is no chance of them",
                        "chance: {per: year, rate: NUMBER} beside it",
                        below=(name,),
                    )
        return self


class Payment(Graded):
    """What the recipient gives in return, at once in an `item`, or by a `flow` that goes the other way."""

    item: Id | None = None
    """What is paid with, handed over when the goods are sent."""
    flow: Id | None = None
    """The flow that pays. It has no rate of its own: it sends what is due."""
    price: ExpressionField
    """How much of what is paid with for one unit of what is sent."""
    credit: bool = False
    """Whether goods are sent before they are paid for; what is not paid is owed."""
    priority: int = 0
    """Of a payment in an item, among the claims on the stock that it is paid from."""

    @model_validator(mode="after")
    def _one_means(self) -> Self:
        if (self.item is None) == (self.flow is None):
            raise fail("a payment is made in an item or by a flow", "one of item: ITEM and flow: FLOW")
        if self.flow is not None and "priority" in self.model_fields_set:
            raise fail("the flow that pays has the priority", "priority in that flow", below=("priority",))
        return self


class Flow(Graded):
    """Something that one actor sends to another: so much per period, on its way for some time, perhaps
    intercepted, perhaps paid for.
    """

    title: Shown | None = None
    """What reports call it."""
    item: Id
    """What is sent."""
    from_: Annotated[ActorId, Field(alias="from")]
    """Who sends it."""
    to: ActorId
    """Who receives it."""
    per: Period | None = None
    """The period that rate and capacity are for."""
    rate: ExpressionField | None = None
    """How much is to be sent in that period. A flow that pays for others has none."""
    capacity: ExpressionField | None = None
    """The most that can be sent in that period."""
    when: ExpressionField | None = None
    """The condition without which nothing is sent. What is on its way arrives all the same."""
    priority: int = 0
    """Where the stock runs short, who has the higher number is served first; equal ones share."""
    delay: DurationField | None = None
    """How long it takes, rounded to turns."""
    interdiction: Interdiction | None = None
    """What is lost on the way."""
    payment: Payment | None = None
    """What it costs."""

    @model_validator(mode="after")
    def _amounts_have_a_period(self) -> Self:
        amounts = [name for name in ("rate", "capacity") if getattr(self, name) is not None]
        if amounts and self.per is None:
            raise fail(
                f"the {amounts[0]} has no period", "per: month, or another period", below=(amounts[0],)
            )
        if self.per is not None and not amounts:
            raise fail("there is nothing per period", "rate: NUMBER beside it", below=("per",))
        return self
