"""The scenario format: one pydantic model per mapping of the file, and nothing else defines it.

What the keys mean is fixed in `docs/reference/semantics.md`. Every model forbids keys it does not know.
Shorthands (a number for a mapping with that number in it) are spelled out before validation, so that the rest
of the program meets one form only.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from sim.scenario.clock import Clock
from sim.scenario.distributions import DistributionField
from sim.scenario.expressions import parse_expression
from sim.scenario.fields import (
    ActorId,
    DateField,
    DurationField,
    DurationOrExpression,
    EvidenceId,
    EvidenceIds,
    ExpressionField,
    Id,
    Ids,
    StatementField,
    StepField,
    Strings,
    fail,
    several,
)

Period = Literal["day", "week", "month", "quarter", "year"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Part(BaseModel):
    """Any mapping of the file. `note` is free text for readers."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, strict=True)

    note: str | None = None


class Graded(Part):
    """A value, rule or choice that says how well it is known. At most one of the three grades."""

    measured: EvidenceIds | None = None
    """Facts that hold this value, or a range around it."""
    informed: EvidenceIds | None = None
    """Facts that support the direction or the order of magnitude."""
    assumed: str | None = None
    """Why this was assumed, and over what range to vary it."""
    disagreement: EvidenceId | None = None
    """The disagreement among the sources that this value stands for."""
    review_by: DateField | None = None

    @property
    def grade(self) -> Literal["measured", "informed", "assumed"] | None:
        """The grade, or None if the value carries none."""
        if self.measured is not None:
            return "measured"
        if self.informed is not None:
            return "informed"
        return "assumed" if self.assumed is not None else None

    @model_validator(mode="after")
    def _one_grade(self) -> Self:
        if [self.measured, self.informed, self.assumed].count(None) < 2:  # noqa: PLR2004 - two of three
            raise fail("more than one grade", "one of measured, informed and assumed")
        return self


def _spelled_out(key: str) -> Any:
    """A validator that turns a bare scalar into a mapping with that scalar under `key`."""

    def spell_out(value: Any) -> Any:
        return value if isinstance(value, dict | BaseModel) else {key: value}

    return BeforeValidator(spell_out)


class Bounded(Graded):
    """A quantity with a range: `range: [low, high]`, or `min:` or `max:` alone."""

    range: Annotated[tuple[float, float], BeforeValidator(several)] | None = None
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    title: str | None = None

    @property
    def low(self) -> float:
        """Lower bound; minus infinity without one."""
        if self.range is not None:
            return float(self.range[0])
        return float("-inf") if self.min is None else float(self.min)

    @property
    def high(self) -> float:
        """Upper bound; infinity without one."""
        if self.range is not None:
            return float(self.range[1])
        return float("inf") if self.max is None else float(self.max)

    @model_validator(mode="after")
    def _range_in_order(self) -> Self:
        if self.range is not None and (self.min is not None or self.max is not None):
            raise fail("a range leaves nothing to min and max", "range, or min and max")
        if not self.low <= self.high:
            raise fail("the range is upside down", "the lower bound first")
        return self


class ClockPart(Part):
    start: DateField
    turn: StepField
    turns: Annotated[int, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _start_fits(self) -> Self:
        if self.turn.unit in ("month", "quarter", "year") and self.start.day > 28:  # noqa: PLR2004 - February
            raise fail("a clock in months must start on day 1 to 28", "a start such as 2024-07-01")
        try:
            self.turn.mark(self.start, self.turns)
        except OverflowError:
            raise fail("the clock runs past the year 9999", "fewer turns") from None
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
    pairs: dict[ActorId, dict[ActorId, Annotated[Pair, _spelled_out("value")]]] = {}


class Actor(Part):
    name: Name
    tags: Ids = ()
    attributes: dict[Id, Annotated[Attribute, _spelled_out("initial")]] = {}
    policy: Ids = ()
    aims: str | None = None


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
    other: bool = False
    listed: tuple[ActorId, ...] = ()
    where: ExpressionField | None = None


_EACH = re.compile(r"\s*each\s+(other\s+)?([a-z][a-z0-9_]*)(?:\s+where\s+(.*))?\Z", re.DOTALL)


def _members(value: Any) -> Any:
    if isinstance(value, list):
        return {"set": "", "listed": tuple(value)}
    if not isinstance(value, str):
        return value
    match = _EACH.match(value)
    if match is None:
        raise fail("cannot read this 'for'", "each [other] actor|TAG [where CONDITION], or a list of actors")
    members: dict[str, Any] = {
        "set": "actors" if match[2] == "actor" else match[2],
        "other": match[1] is not None,
    }
    if match[3] is not None:
        members["where"] = match[3]
    return members


def _for(value: Any) -> Any:
    return value if isinstance(value, dict) else {"other": value}


For = Annotated[dict[Id, Annotated[Members, BeforeValidator(_members)]], BeforeValidator(_for)]


class ActionCall(Part):
    """One item of `do`: `test`, `{press: PRK}` or `{squeeze: {target: PRK, amount: 0.2}}`."""

    action: Id
    target: str | None = None
    arguments: dict[Id, ExpressionField] = {}


def _call(value: Any) -> Any:
    if isinstance(value, str):
        return {"action": value}
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise fail(
            "one action an item", "- ACTION, - ACTION: TARGET, or - ACTION: {target: ACTOR, NAME: VALUE}"
        )
    ((action, rest),) = value.items()
    if rest is None:
        return {"action": action}
    if isinstance(rest, str):
        return {"action": action, "target": rest}
    if isinstance(rest, dict):
        named = dict(rest)
        target = named.pop("target", None)
        return {"action": action, "target": target, "arguments": named}
    raise fail(
        "an action takes a target or a mapping", "ACTION: TARGET or ACTION: {target: ACTOR, NAME: VALUE}"
    )


class EffectPart(Part):
    effect: StatementField
    priority: int = 0


Calls = Annotated[
    tuple[Annotated[ActionCall, BeforeValidator(_call)], ...],
    BeforeValidator(several),
]
Effects = Annotated[
    tuple[Annotated[EffectPart, _spelled_out("effect")], ...],
    BeforeValidator(several),
]


class Doing(Graded):
    """What a decision does: acts, own effects, and how the log says it."""

    do: Calls = ()
    effects: Effects = ()
    says: str | None = None


class Action(Graded):
    to: Literal["nobody", "one actor"] = "nobody"
    takes: dict[Id, float] = {}
    """Named numbers that a `do` may give, with their defaults."""
    effects: Effects = ()
    rung: Annotated[int, Field(ge=0, le=10)] | None = None
    """Its place on the escalation ladder."""
    says: str | None = None


class Deciding(Doing):
    """What rules, choices and injects share."""

    when: ExpressionField | None = None
    luck_key: Id | None = None
    for_: Annotated[For, Field(alias="for")] = {}


def _cadence(value: Any) -> Any:
    return value if isinstance(value, dict) else {"step": value}


class Every(Part):
    """How often: a cadence (`quarter`, `2 weeks`), or `{per: year, rate: 3}`."""

    step: StepField | None = None
    per: Period | None = None
    rate: ExpressionField | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.step is None) != (self.rate is not None and self.per is not None):
            raise fail("a cadence is a unit or a rate", "every: quarter, or every: {per: year, rate: 3}")
        return self


EveryField = Annotated[Every, BeforeValidator(_cadence)]


class Rule(Deciding):
    chance: Rate | None = None
    count: Count | None = None
    every: EveryField | None = None
    once: bool = False
    campaign: Campaign | None = None

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        triggers = [name for name in ("chance", "count", "every") if getattr(self, name) is not None]
        if len(triggers) > 1 or (not triggers and not self.once):
            raise fail("how often this fires is not settled", "one of chance, count and every, or once: true")
        if self.count is not None and self.once:
            raise fail("a count cannot fire once", "chance instead of count, or no once")
        if self.campaign is not None and self.count is None:
            raise fail("a campaign needs a count", "count: {per: year, mean: NUMBER}")
        return self


class Option(Doing):
    utility: ExpressionField
    when: ExpressionField | None = None


class StatusQuo(Part):
    option: Id
    """An option, or `standing` for the one that stands."""
    bias: ExpressionField


class Choice(Graded):
    every: EveryField
    when: ExpressionField | None = None
    several: bool = False
    temperature: ExpressionField
    status_quo: StatusQuo | None = None
    initial: Id | None = None
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


class Policy(Part):
    aims: str | None = None
    rules: dict[Id, Rule] = {}
    choices: dict[Id, Choice] = {}
    perceives: dict[Id, Perception] = {}


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
            raise fail("towards and half_life go together", "towards: VALUE with half_life: DURATION")
        kinds = [self.towards, self.growth, self.drift]
        if sum(kind is not None for kind in kinds) > 1:
            raise fail("one kind of movement an entry", "one of towards, growth and drift")
        if all(kind is None for kind in kinds) and self.noise is None:
            raise fail("nothing moves", "one of towards, growth, drift and noise")
        if self.noise is not None and (self.growth is not None or self.drift is not None):
            raise fail("noise stands alone or beside towards", "an entry of its own for the noise")
        return self


class World(Part):
    """What belongs to no actor: the state of the world, and exogenous events."""

    attributes: dict[Id, Annotated[Attribute, _spelled_out("initial")]] = {}
    rules: dict[Id, Rule] = {}


class Inject(Graded):
    at: DateField
    when: ExpressionField | None = None
    probability: ExpressionField | None = None
    effects: Effects = ()
    says: str | None = None
    luck_key: Id | None = None


class Definition(Graded):
    """A named expression; `of: [x]` makes it one per actor: `readiness[KOR]`."""

    value: ExpressionField
    of: Ids = ()
    unit: str | None = None
    title: str | None = None


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
            raise fail("an outcome is an event with a date", "happens with by (and from), or holds with at")
        return self


class ScenarioModel(Part):
    foedus: Literal[1]
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Name
    summary: str | None = None
    extends: Strings = ()
    evidence: str | None = None
    clock: ClockPart
    parameters: dict[Id, Annotated[Parameter, _spelled_out("value")]] = {}
    actors: Annotated[dict[ActorId, Actor], Field(min_length=1)]
    world: World = World()
    relations: dict[Id, Relation] = {}
    definitions: dict[Id, Annotated[Definition, _spelled_out("value")]] = {}
    actions: dict[Id, Action] = {}
    policies: dict[Id, Policy] = {}
    dynamics: dict[Id, Dynamics] = {}
    injects: dict[Id, Inject] = {}
    indicators: dict[Id, Annotated[Indicator, _spelled_out("value")]] = {}
    outcomes: dict[Id, Outcome] = {}
