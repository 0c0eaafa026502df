"""Commitments in the format: treaties with their articles, ladders of answers, and how disputes end.

What they do is fixed in `docs/adjudication.md`, sections E and C.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import model_validator

from sim.scenario.beliefs import Credibility
from sim.scenario.clock import Duration
from sim.scenario.fields import (
    ActorId,
    ActorIds,
    DateField,
    DurationField,
    ExpressionField,
    Id,
    Ids,
    Strings,
)
from sim.scenario.graded import Graded, Name, Part
from sim.scenario.models import Doing, Level
from sim.scenario.shorthand import spelled_out
from sim.text import fail

Rung = Literal["statement", "consultation", "materiel", "advisers", "limited_force", "full_force"]
RUNGS: Final[tuple[Rung, ...]] = get_args(Rung)
"""From the lowest."""
Kind = Literal[
    "defence",
    "offence",
    "neutrality",
    "nonaggression",
    "consultation",
    "partnership",
    "arms",
    "trade",
    "licence",
]
_SIX_MONTHS: Final = Duration(6.0, "month")
_FIVE_DAYS: Final = Duration(5.0, "day")


class Escalation(Graded):
    """How disputes between actors end."""

    quiet: DurationField = _SIX_MONTHS
    """A dispute ends after this long without an incident. Six months in the Correlates of War."""
    round: DurationField = _FIVE_DAYS
    """Length of a crisis round; five days if not given."""
    disputes: dict[ActorId, dict[ActorId, Level]] = {}
    """Levels of hostility before play, by actor and other actor."""


class RungOfLadder(Graded):
    """What an answer on this rung costs, and what it helps."""

    cost: ExpressionField
    """Against a help of 1 at a stake of 1. Numbers and parameters."""
    help: ExpressionField | None = None
    """0 to 1. Numbers and parameters."""


class Attack(Part):
    """Whom an article protects, from whom, and from what."""

    on: Strings = ("party",)
    """`party`, or ids of parties."""
    by: Strings = ("any",)
    """`any`, or ids of actors."""
    scale: Level = "force"
    """The lowest level of hostility that counts."""
    scope: Ids = ()
    """Scopes of acts that count beside acts without one; `any` for all."""
    unprovoked: bool = False
    """Whether the text covers only a victim who did not begin."""
    among_parties: bool = False
    """Whether an attack by one party on another counts."""

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        for key in ("on", "by"):
            if not getattr(self, key):
                raise fail(
                    f"the trigger names nobody under {key}", "party, any, or ids of actors", below=(key,)
                )
        return self


class Trigger(Part):
    """What brings an article about: an attack on those protected, or, for offensive pacts, one by them."""

    armed_attack: Attack | None = None
    """`by` attacks `on`."""
    attack_by: Attack | None = None
    """The same, the other way round: `on` attacks `by`."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.armed_attack is None) == (self.attack_by is None):
            raise fail("a trigger is one thing", "armed_attack: {...} or attack_by: {...}")
        return self


class CallPart(Graded):
    """How the victim decides whether to call."""

    utility: ExpressionField
    """Of calling; not to call has 0."""
    temperature: ExpressionField | None = None
    """How loosely utility decides; 0 if not given."""


class Article(Graded):
    """One article of a commitment: a trigger with the answers that it asks for, or something it forbids."""

    title: Name | None = None
    """What reports call it."""
    trigger: Trigger | None = None
    """What brings it about."""
    forbids: Level | None = None
    """The level of hostility between parties from which on it is broken."""
    breach: Literal["suspends", "ends"] | None = None
    """What a breach does to the commitment."""
    obliged: ActorIds | None = None
    """Who owes an answer; all parties if not given."""
    ladder: dict[Rung, Annotated[RungOfLadder, spelled_out("cost")]] = {}
    """The answers there are, from the lowest, with their costs."""
    honoured_from: Rung | None = None
    """The lowest answer that meets the text."""
    reliability: ExpressionField | None = None
    """Probability that a call that is recognised is honoured where stake and pressure are 0."""
    obligation: ExpressionField | None = None
    """What the promise weighs in an answer that meets it, in place of `reliability`."""
    temperature: ExpressionField | None = None
    """Of the answer; 0.25 if not given. Numbers and parameters."""
    stake: ExpressionField | None = None
    """What it is worth to the answerer (`self`) that the `caller` is helped against the `adversary`."""
    pressure: ExpressionField | None = None
    """What weighs against answering at all."""
    recognition: ExpressionField | None = None
    """Probability that a disputed claim is recognised; 0.5 if not given."""
    call: Annotated[CallPart, spelled_out("utility")] | None = None
    """What it is worth to the victim to call; 1 if not given."""
    automatic: bool = False
    """Whether the text itself answers, with the rung `honoured_from`."""
    delay: DurationField | None = None
    """From an answer to what it does."""
    secret: bool = False
    """Whether only the parties know of it."""
    disclosed: ExpressionField | None = None
    """Of a secret article: once this has held, everybody knows of it."""
    credibility: Credibility | None = None
    """What others believe of the parties' word; it moves with every answer that they give."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.trigger is None) == (self.forbids is None):
            raise fail(
                "an article asks for answers or forbids something",
                "trigger: {...} with a ladder, or forbids: LEVEL",
            )
        if self.trigger is not None:
            self._answerable()
        else:
            for key in ("ladder", "honoured_from", "credibility"):
                if getattr(self, key):
                    raise fail(
                        "an article that forbids something asks for no answers", "a trigger", below=(key,)
                    )
        if self.obligation is not None and self.reliability is not None:
            raise fail(
                "a promise weighs what its reliability says",
                "reliability or obligation, not both",
                below=("obligation",),
            )
        if self.disclosed is not None and not self.secret:
            raise fail("this is no secret", "secret: true beside it", below=("disclosed",))
        if self.breach is not None and self.forbids is None:
            raise fail("nothing is forbidden that could be broken", "forbids: LEVEL", below=("breach",))
        return self

    def _answerable(self) -> None:
        if not self.ladder or self.honoured_from is None:
            raise fail(
                "it is not said which answers there are, and which of them meets the text",
                "ladder: {RUNG: COST, ...} and honoured_from: RUNG",
                below=("ladder",) if self.ladder else (),
            )


class Notice(Part):
    """How a commitment is left."""

    length: DurationField
    """How long the commitment still binds."""
    on: DateField | None = None
    """The day on which notice is given."""
    when: ExpressionField | None = None
    """Whether notice is given."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.on is not None and self.when is not None:
            raise fail("notice is given once", "on: DATE or when: CONDITION", below=("when",))
        return self


class Commitment(Graded):
    """A treaty or standing promise."""

    title: Name | None = None
    """What reports call it."""
    kind: Kind
    """After the Alliance Treaty Obligations and Provisions project, with four kinds more."""
    parties: ActorIds
    """Who made it."""
    signed: DateField
    """The day of signature."""
    in_force: DateField | None = None
    """The day of entry into force; that of signature if not given."""
    enters: ExpressionField | None = None
    """What must hold, besides the day, for it to enter into force."""
    acts_before_force: bool = False
    """Whether it binds from signature on."""
    suspended: ExpressionField | None = None
    """Whether it is suspended."""
    notice: Notice | None = None
    """How it can be left."""
    ends: DateField | None = None
    """The day on which it runs out."""
    replaces: Ids = ()
    """Commitments that end when this one enters into force."""
    articles: dict[Id, Article] = {}
    """What it asks for."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if len(self.parties) < 2:  # noqa: PLR2004 - a promise needs somebody else
            raise fail("a commitment has two parties or more", "parties: [A, B]", below=("parties",))
        if len(set(self.parties)) < len(self.parties):
            raise fail("a party stands here twice", "each party once", below=("parties",))
        return self


class RungDoing(Doing):
    """What answers on a rung do, with `self`, `caller`, `adversary` and `share`."""
