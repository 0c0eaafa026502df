"""The parts of the format that say what actors believe: beliefs, the signals that move them, threats."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.clock import Period
from sim.scenario.fields import ActorId, DurationField, DurationOrExpression, ExpressionField, Id
from sim.scenario.graded import Bounded, Graded
from sim.scenario.models import For, Members
from sim.scenario.shorthand import spell_members
from sim.text import fail

MembersField = Annotated[Members, BeforeValidator(spell_members)]


class Signal(Graded):
    """Something that is heard and moves a belief: an announcement, a deed that is noticed, a delivery."""

    when: ExpressionField
    """The condition under which it is heard: of what has been done since beliefs last moved."""
    says: ExpressionField | None = None
    """The value that it speaks for; what the belief is `of` if not said."""
    noise: ExpressionField
    """Its spread in the observer's eyes, above 0: the smaller, the more it moves the belief."""
    per: Period | None = None
    """For a signal that lasts: the period that one signal of this noise stands for."""
    error: ExpressionField | None = None
    """Standard deviation of an error in what it says, drawn for each observer; none if not said."""
    seen_by: MembersField | None = None
    """Who alone hears it: `each TAG`, or a list of actors. All observers if not said."""


class Belief(Bounded):
    """What actors believe of a quantity: a mean and a spread for each observer, moved by signals."""

    of: ExpressionField | None = None
    """The truth, if there is one: what signals say that say nothing else. `self` is the observer."""
    by: MembersField
    """Who believes: `each actor`, `each TAG where CONDITION` (of `self`), or a list of actors."""
    for_: Annotated[For, Field(alias="for")] = {}
    """One belief about each of several actors."""
    mean: ExpressionField
    """Mean before play: an expression over parameters, in which `self` is the observer."""
    spread: ExpressionField
    """Standard deviation before play, above 0: an expression over parameters."""
    half_life: DurationOrExpression | None = None
    """Time for half of what was learnt to be forgotten; nothing is if not said."""
    signals: dict[Id, Signal] = {}
    """What moves it."""
    luck_key: Id | None = None
    """Id to draw under, so that a renamed belief keeps its draws."""

    @model_validator(mode="after")
    def _signals_say_something(self) -> Self:
        if self.of is None:
            for name, signal in self.signals.items():
                if signal.says is None:
                    raise fail(
                        "it is not said what this signal speaks for",
                        "says: VALUE here, or of: VALUE in the belief",
                        below=("signals", name),
                        at_key=True,
                    )
        return self


class Credibility(Graded):
    """What others believe of a promise or a threat: that it is kept. It moves when it is put to the test."""

    by: MembersField | None = None
    """Who believes; every other actor if not said."""
    mean: ExpressionField | None = None
    """Believed probability before play: over parameters. Of an article its reliability if not said."""
    spread: ExpressionField
    """Standard deviation of that belief before play, above 0: over parameters."""
    noise: ExpressionField
    """Spread of what one test teaches, above 0: the smaller, the more one test moves it."""
    half_life: DurationOrExpression | None = None
    """Time for half of what was learnt to be forgotten; nothing is if not said."""


class Threat(Graded):
    """A threat, or a promise of the same form: if this happens, that will be done within some time."""

    by: ActorId
    """Who threatens: `self` in its expressions."""
    to: ActorId
    """Whom: `target` in its expressions."""
    if_: Annotated[ExpressionField, Field(alias="if")]
    """The condition. The threat is put to the test whenever it comes to hold."""
    then: ExpressionField
    """What was threatened, as a condition that holds when it is done: `happened(strike, self, target)`."""
    within: DurationField
    """How long there is to carry it out."""
    credibility: Credibility
    """What others believe of it."""

    @model_validator(mode="after")
    def _between_two(self) -> Self:
        if self.by == self.to:
            raise fail(f"{self.by} threatens itself", "another actor", below=("to",))
        if self.credibility.mean is None:
            raise fail(
                "it is not said how far the threat is believed before play",
                "mean: PROBABILITY",
                below=("credibility",),
            )
        return self
