"""The parts of the scenario format: one pydantic model per mapping of the file, and nothing else defines it.

What the keys mean is fixed in `docs/reference/semantics.md`. Every model forbids keys it does not know.
Shorthands (a number for a mapping with that number in it) are spelled out before validation, so that the rest
of the program meets one form only.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from annotated_types import MaxLen, MinLen
from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.choice import Attention, Nest, Reference, ValueFunction
from sim.scenario.clock import Clock
from sim.scenario.distributions import DistributionField
from sim.scenario.expressions import parse_expression
from sim.scenario.fields import (
    ActorId,
    DateField,
    DurationField,
    DurationOrExpression,
    ExpressionField,
    Id,
    Ids,
    Shown,
    StatementField,
    StepField,
    Strings,
    UnitField,
    several_parts,
)
from sim.scenario.graded import Bounded, Graded, Name, Part, Period, Sentence
from sim.scenario.shorthand import spell_call, spell_every, spell_for, spell_members, spelled_out
from sim.text import fail

# Handed on, beside all that stands here.
__all__ = ["Bounded", "Graded", "Name", "Part", "Period", "Sentence"]

Level = Literal["threat", "display", "force", "war"]
"""Levels of hostility of the Correlates of War's disputes, 2 to 5; 1 is none."""


class ClockPart(Part):
    start: DateField
    turn: StepField
    turns: Annotated[int, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _start_fits(self) -> Self:
        if self.turn.unit in ("month", "quarter", "year") and self.start.day > 28:  # noqa: PLR2004 - February
            raise fail(
                f"a clock of {self.turn.unit}s cannot start on day {self.start.day}: not every month has it",
                "day 1 to 28",
                below=("start",),
            )
        try:
            self.turn.mark(self.start, self.turns)
        except OverflowError:
            raise fail(
                "the clock runs past the year 9999", "fewer or shorter turns", below=("turns",)
            ) from None
        return self

    def clock(self) -> Clock:
        return Clock(self.start, self.turn, self.turns)


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


class Start(Graded):
    """What an attribute is at the start under a doctrine. A bare value is its `initial`."""

    initial: ExpressionField


class Doctrine(Part):
    """Another account of an actor: what is not said here is as the actor and the scenario have it."""

    title: Name | None = None
    aims: Shown | None = None
    policy: Ids | None = None
    """By which policies it then acts, in place of the actor's own."""
    attributes: dict[Id, Annotated[Start, spelled_out("initial")]] = {}
    """What attributes of the actor then are at the start."""
    parameters: dict[Id, Annotated[Parameter, spelled_out("value")]] = {}
    """What is then known of parameters of the scenario."""


class Actor(Part):
    name: Name
    tags: Ids = ()
    attributes: dict[Id, Annotated[Attribute, spelled_out("initial")]] = {}
    policy: Ids = ()
    capacity: ExpressionField | None = None
    """How much its answers to calls may weigh in a turn; without it there is no limit."""
    aims: Shown | None = None
    attention: Annotated[Attention, spelled_out("budget")] | None = None
    """How much it can attend to at once. Without it, everything."""
    doctrine: Id | None = None
    """Which of its doctrines is in force, unless who plays chooses another."""
    doctrines: dict[Id, Doctrine] = {}
    """Other accounts of how it acts, of which one at a time is in force."""


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


class Members(Part):
    """Over whom a bound name runs. Written `each actor`, `each other us_ally where has(x, shells)`, or a list
    of ids.
    """

    set: str
    """`actors`, a tag, or "" for listed ids."""
    set_offset: int = 0
    other: bool = False
    listed: tuple[ActorId, ...] = ()
    where: ExpressionField | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for index, actor in enumerate(self.listed):
            if actor in self.listed[:index]:
                raise fail(f"{actor} stands in this list already", "each actor once", below=(index,))
        return self


For = Annotated[dict[Id, Annotated[Members, BeforeValidator(spell_members)]], BeforeValidator(spell_for)]


class ActionCall(Part):
    """One item of `do`: `test`, `{press: PRK}` or `{squeeze: {target: PRK, amount: 0.2}}`."""

    action: Id
    target: str | None = None
    arguments: dict[Id, ExpressionField] = {}


class EffectPart(Part):
    effect: StatementField
    priority: int = 0


Calls = Annotated[
    tuple[Annotated[ActionCall, BeforeValidator(spell_call)], ...],
    BeforeValidator(several_parts),
]
Effects = Annotated[
    tuple[Annotated[EffectPart, spelled_out("effect")], ...],
    BeforeValidator(several_parts),
]


class Doing(Graded):
    """What a decision does: acts, own effects, and how the log says it."""

    do: Calls = ()
    effects: Effects = ()
    says: Sentence | None = None


class Argument(Part):
    """A named number that an action takes. A bare number is its `default`."""

    default: float
    unit: UnitField | None = None


class Action(Graded):
    to: Literal["nobody", "one actor"] = "nobody"
    takes: dict[Id, Annotated[Argument, spelled_out("default")]] = {}
    """Named numbers that a `do` may give, with their defaults."""
    effects: Effects = ()
    rung: Annotated[int, Field(ge=0, le=10)] | None = None
    """Its place on the escalation ladder."""
    hostility: Level | None = None
    """How hostile it is, on the levels of the Correlates of War."""
    scope: Id | None = None
    """Where, or against what, it is hostile, for treaties that cover some places only."""
    settles: bool = False
    """An offer to settle a dispute: it ends where both sides make one."""
    stands_down: bool = False
    """Whether it ends the actor's own hostility towards the target."""
    says: Sentence | None = None

    @model_validator(mode="after")
    def _hostile_to_somebody(self) -> Self:
        marks = {
            "hostility": self.hostility is not None,
            "settles": self.settles,
            "stands_down": self.stands_down,
        }
        given = [name for name, is_given in marks.items() if is_given]
        if given and self.to == "nobody":
            raise fail(f"{given[0]} is towards somebody", "to: one actor", below=(given[0],))
        if len(given) > 1:
            raise fail(
                f"an act is one thing, not {' and '.join(given)}",
                f"one of {', '.join(marks)}",
                below=(given[-1],),
            )
        if self.scope is not None and self.hostility is None:
            raise fail("only a hostile act has a scope", "hostility: LEVEL beside it", below=("scope",))
        return self


class Deciding(Doing):
    """What rules, choices and injects share."""

    when: ExpressionField | None = None
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}


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


class World(Part):
    """What belongs to no actor: the state of the world, and exogenous events."""

    attributes: dict[Id, Annotated[Attribute, spelled_out("initial")]] = {}
    rules: dict[Id, Rule] = {}


class Inject(Graded):
    at: DateField
    when: ExpressionField | None = None
    probability: ExpressionField | None = None
    effects: Effects = ()
    says: Sentence | None = None
    luck_key: Id | None = None


class Definition(Graded):
    """A named expression; `of: [x]` makes it one per actor: `readiness[KOR]`."""

    value: ExpressionField
    of: Ids = ()
    unit: UnitField | None = None
    title: Shown | None = None


class Indicator(Bounded):
    value: ExpressionField


class Outcome(Part):
    """`happens` with `by`: the first turn in which it is true. `holds` with `at`: whether it is true at that
    date.
    """

    title: Name
    happens: ExpressionField | None = None
    holds: ExpressionField | None = None
    from_: Annotated[DateField | None, Field(alias="from")] = None
    by: DateField | None = None
    at: DateField | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        happens = self.happens is not None and self.by is not None and self.holds is None and self.at is None
        holds = self.holds is not None and self.at is not None and self.happens is None
        if holds and (self.by is not None or self.from_ is not None):
            holds = False
        if not happens and not holds:
            raise fail(
                "it is not clear what is asked, and when",
                "happens: CONDITION with by: DATE (and from: DATE), or holds: CONDITION with at: DATE",
            )
        return self
