"""Bodies: who sits in them, how they decide, what they have in force and what may be tabled.

What they do is fixed in `docs/adjudication.md`, section B.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from sim.scenario.fields import (
    ActorId,
    DateField,
    DurationField,
    ExpressionField,
    Id,
    Ids,
    Parties,
    Shown,
)
from sim.scenario.graded import Graded, Name, Sentence
from sim.scenario.models import Effects, EveryField, Option, StatusQuo
from sim.scenario.shorthand import spelled_out
from sim.text import fail

MAX_SEATS: Final = 10_000

Seats = Annotated[int, Field(ge=1, le=MAX_SEATS)]


class Aftermath(Graded):
    """What follows when something comes about: effects, and how logs tell it."""

    effects: Effects = ()
    says: Sentence | None = None


class Vote(Option):
    """One of the three ways to vote. A bare value is its `utility`."""

    @model_validator(mode="after")
    def _expects_nothing(self) -> Self:
        if self.expects:
            raise fail("a vote has no gains and losses", "a utility", below=("expects",))
        return self


VoteField = Annotated[Vote, spelled_out("utility")]


class Ballot(Graded):
    """How a member votes: what each way is worth to it. A way that nobody states cannot be taken."""

    for_: Annotated[VoteField | None, Field(alias="for")] = None
    """To vote for the draft."""
    abstain: VoteField | None = None
    """To abstain. No veto, whoever does it."""
    against: VoteField | None = None
    """To vote against it: of a permanent member, a veto."""
    temperature: ExpressionField | None = None
    """How loosely utility decides; the body's if it is not stated."""
    status_quo: StatusQuo | None = None
    """A bias for one way to vote, or for the last one."""


class OwnBallot(Ballot):
    """How one actor votes in a body: what it states takes the place of what drafts say of all members."""

    body: Id
    drafts: Ids = ()
    """The drafts that it is about; without it all for which the actor has no other entry."""


class Measure(Graded):
    """Something that a body has in force: until it is ended, or, with a `term`, until it runs out."""

    title: Shown | None = None
    in_force: bool = False
    """Whether it is in force at the start."""
    term: DurationField | None = None
    """How long a mandate lasts, and a renewal of it. Without one the measure stands until it is ended."""
    until: DateField | None = None
    """When a mandate that is in force at the start runs out; without it, a term after the start."""
    lapsed: Aftermath | None = None
    """What follows when the mandate runs out."""

    @model_validator(mode="after")
    def _only_mandates_lapse(self) -> Self:
        for key in ("until", "lapsed"):
            if getattr(self, key) is not None and self.term is None:
                raise fail(
                    "a measure without a term never runs out",
                    f"term: DURATION, or no {key}",
                    below=(key,),
                    at_key=True,
                )
        if self.until is not None and not self.in_force:
            raise fail("what is not in force cannot run out", "in_force: true", below=("until",), at_key=True)
        return self


PACES: Final = ("every", "on", "ahead")
PURPOSES: Final = ("adopts", "renews", "ends")


class Draft(Graded):
    """What a body may vote on: to adopt, renew or end a measure, or to declare something."""

    title: Shown | None = None
    sponsor: Annotated[Parties, Field(min_length=1)]
    """Who may table it."""
    when: ExpressionField | None = None
    """The condition under which it is tabled, with `self` the sponsor."""
    every: EveryField | None = None
    """It is tabled at this pace."""
    on: Id | None = None
    """It is tabled whenever the sponsor does this action."""
    ahead: DurationField | None = None
    """It is tabled this long before the mandate that it renews runs out."""
    adopts: Id | None = None
    """The measure that it puts into force."""
    renews: Id | None = None
    """The mandate that it renews."""
    ends: Id | None = None
    """The measure that it ends."""
    procedural: bool = False
    """Whether it is beyond any veto."""
    luck_key: Id | None = None
    """Id to draw under, so that a renamed draft keeps its draws."""
    votes: Ballot = Ballot()
    """How members vote on it, with `self` the member; their own policies may say otherwise."""
    tabled: Aftermath | None = None
    """What follows when it is tabled, with `self` the sponsor."""
    passed: Aftermath | None = None
    """What follows when it passes."""
    failed: Aftermath | None = None
    """What follows when it fails for want of votes."""
    vetoed: Aftermath | None = None
    """What follows when it is vetoed."""

    @model_validator(mode="after")
    def _one_pace_and_one_purpose(self) -> Self:
        paces = _given(self, PACES)
        if len(paces) > 1:
            raise fail(
                f"a draft has one pace, not {' and '.join(paces)}",
                "one of every, on and ahead",
                below=(paces[-1],),
                at_key=True,
            )
        if not paces:
            raise fail("it is not said how often this is tabled", "one of every, on and ahead")
        purposes = _given(self, PURPOSES)
        if len(purposes) > 1:
            raise fail(
                f"a draft is about one measure, not one that it {' and one that it '.join(purposes)}",
                "one of adopts, renews and ends",
                below=(purposes[-1],),
                at_key=True,
            )
        if self.ahead is not None and self.renews is None:
            raise fail("only a renewal has an end to be ahead of", "renews: MANDATE", below=("ahead",))
        return self


def _given(part: Graded, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(part, name) is not None]


class Body(Graded):
    """Actors who vote: a council, an alliance, a union."""

    name: Name
    members: Annotated[Parties, Field(min_length=1)]
    """Who votes."""
    seats: dict[ActorId, Seats] = {}
    """How many votes a member has; 1 if it is not named here."""
    permanent: Parties = ()
    """Members whose vote against a draft is a veto."""
    majority: bool = False
    """A draft needs more votes for it than against it."""
    at_least: Annotated[int, Field(ge=1)] | None = None
    """A draft needs this many votes for it."""
    unanimity: bool = False
    """A draft needs votes for it, and none against it."""
    abstention_blocks: bool = False
    """Whether unanimity needs everybody's vote for it."""
    single: ActorId | None = None
    """A draft needs the vote of this member alone."""
    quorum: Annotated[int, Field(ge=1)] | None = None
    """How many votes must be cast, abstentions included."""
    temperature: ExpressionField
    """How loosely utility decides the votes: at 0 the best way to vote always wins."""
    luck_key: Id | None = None
    """Id to draw under, so that a renamed body keeps its draws."""
    measures: dict[Id, Measure] = {}
    """What it can have in force."""
    drafts: dict[Id, Draft] = {}
    """What may be tabled."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The keys that say how it decides; one of them, in a valid body."""
        stated: tuple[tuple[str, Any], ...] = (
            ("majority", self.majority),
            ("at_least", self.at_least),
            ("unanimity", self.unanimity),
            ("single", self.single),
        )
        return tuple(name for name, value in stated if value)

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if len(self.rules) > 1:
            raise fail(
                f"a body decides by one rule, not {' and '.join(self.rules)}",
                "one of majority, at_least, unanimity and single",
                below=(self.rules[-1],),
                at_key=True,
            )
        if not self.rules:
            raise fail(
                "it is not said how this body decides",
                "majority: true, at_least: VOTES, unanimity: true or single: ACTOR",
            )
        if self.permanent and self.rules[0] in ("unanimity", "single"):
            why = "every member has a veto" if self.unanimity else "one member decides alone"
            raise fail(
                f"no veto here: {why}",
                "permanent members under majority or at_least",
                below=("permanent",),
                at_key=True,
            )
        if self.abstention_blocks and not self.unanimity:
            raise fail(
                "an abstention blocks under unanimity only",
                "unanimity: true",
                below=("abstention_blocks",),
                at_key=True,
            )
        return self
