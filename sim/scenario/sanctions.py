"""Sanctions regimes: who imposes what on whom, who complies, what is seen of it and what it does.

What they do is fixed in `docs/adjudication.md`, section X.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.bodies import Aftermath
from sim.scenario.clock import Period
from sim.scenario.expressions import parse_expression
from sim.scenario.fields import DurationField, ExpressionField, Id, Parties, several
from sim.scenario.graded import Graded, Name, Part
from sim.scenario.models import EveryField, Rate, StatusQuo
from sim.scenario.shorthand import spelled_out
from sim.text import fail, quoted

SanctionType = Literal["trade", "arms", "military", "financial", "travel", "other"]
"""The types of the Global Sanctions Data Base."""
TYPES: Final[tuple[SanctionType, ...]] = get_args(SanctionType)

_ZERO: Final = parse_expression("0")
_ONE: Final = parse_expression("1")


class SanctionMeasure(Graded):
    """What is done to the targets in one field. A bare value is its `severity`."""

    severity: ExpressionField
    """How much of what it is aimed at it takes away where everybody complies: 0 to 1."""
    when: ExpressionField | None = None
    """The condition under which this measure is in force, beside that of the regime."""


MeasureField = Annotated[SanctionMeasure, spelled_out("severity")]


class SanctionMeasures(Part):
    """The measures of a regime, by the types of the Global Sanctions Data Base."""

    trade: MeasureField | None = None
    """Goods and services."""
    arms: MeasureField | None = None
    """Arms."""
    military: MeasureField | None = None
    """Military assistance."""
    financial: MeasureField | None = None
    """Payments, credit, assets."""
    travel: MeasureField | None = None
    """Travel of persons."""
    other: MeasureField | None = None
    """What fits nowhere else, such as flights and ports."""

    @property
    def stated(self) -> tuple[SanctionType, ...]:
        """The types that it has, in the order of the data base."""
        return tuple(name for name in TYPES if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.stated:
            raise fail("a regime without measures does nothing", f"one of {', '.join(TYPES)}")
        return self


class Imposing(Graded):
    """The senders' choice: each imposes the regime or lifts its part in it."""

    every: EveryField
    """How often a sender takes the matter up. In between, its last choice stands."""
    temperature: ExpressionField
    """How loosely utility decides."""
    impose: ExpressionField
    """What imposing is worth to the sender (`self`)."""
    lift: ExpressionField = _ZERO
    """What lifting is worth to it."""
    status_quo: StatusQuo | None = None
    """A bias for `impose`, `lift` or the one that stands."""
    initial: Literal["impose", "lift"] = "impose"
    """What stands at the start."""


class Compliance(Graded):
    """The third parties' choice: each complies, evades, or openly defies."""

    every: EveryField
    """How often a third party takes the matter up. In between, its last choice stands."""
    temperature: ExpressionField
    """How loosely utility decides."""
    comply: ExpressionField = _ZERO
    """What complying is worth to the third party (`self`)."""
    gain: ExpressionField
    """What evasion brings it."""
    penalty: ExpressionField = _ZERO
    """What it costs to be found out; it counts by the chance of that within a year."""
    defy: ExpressionField | None = None
    """What open defiance is worth to it; without it nobody defies openly."""
    status_quo: StatusQuo | None = None
    """A bias for one of the three, or for the one that stands."""
    initial: Literal["comply", "evade", "defy"] = "comply"
    """What stands at the start."""

    @model_validator(mode="after")
    def _begins_with_an_option(self) -> Self:
        if self.initial == "defy" and self.defy is None:
            raise fail("nobody can defy here", "defy: UTILITY beside it", below=("initial",))
        return self


class Secondary(Graded):
    """Secondary sanctions: a sender may penalise a third party that was caught, or that defies openly."""

    by: Annotated[Parties, Field(min_length=1)]
    """The senders who may."""
    temperature: ExpressionField
    """How loosely utility decides."""
    penalise: ExpressionField
    """What it is worth to the sender (`self`) to penalise the third party (`party`)."""
    spare: ExpressionField = _ZERO
    """What it is worth to let it pass."""
    cost: ExpressionField
    """What evading or defying further costs the third party (`self`) once the `sender` has penalised it."""
    half_life: DurationField
    """Time for half of a penalty to wear off."""
    penalised: Aftermath | None = None
    """What follows, with `self` the sender and `party` the third party."""


class Channels(Graded):
    """Other channels for payment: they grow while sanctions bite, and then take some of the bite away."""

    ceiling: ExpressionField
    """How far they can carry: 0 to 1."""
    half_life: DurationField
    """Time for half of the way to the ceiling."""
    premium: ExpressionField = _ZERO
    """Extra cost of what goes over them: at 1 they relieve nothing."""
    initial: ExpressionField = _ZERO
    """How far they carry at the start."""
    relieves: Annotated[tuple[SanctionType, ...], BeforeValidator(several), Field(min_length=1)] | None = None
    """The types of measures that they relieve; all if not stated."""


class Pressure(Graded):
    """How an attribute is pressed: towards a value, at a rate."""

    towards: ExpressionField
    """The value that it is pressed to."""
    per: Period
    """The period that the rate is for."""
    rate: ExpressionField
    """Rate at which the distance shrinks, for a bite (or a cost) of 1."""


class Regime(Graded):
    """A sanctions regime."""

    name: Name
    senders: Annotated[Parties, Field(min_length=1)]
    """Who imposes it."""
    targets: Annotated[Parties, Field(min_length=1)]
    """On whom."""
    third_parties: Parties = ()
    """Who complies or not by choice."""
    when: ExpressionField | None = None
    """The condition under which it is in force, such as `measure(unsc, ban)`; without one it always is."""
    exposure: ExpressionField
    """Share of the target's dealings that is with a jurisdiction: `trade_share[target, self]`."""
    porosity: ExpressionField = _ZERO
    """Part that leaks through a jurisdiction (`self`) that complies: 0 to 1."""
    evasion: ExpressionField = _ONE
    """Part that leaks through one that evades: 0 to 1."""
    monitor: ExpressionField = _ONE
    """Quality of the monitoring: 0 to 1."""
    detection: Rate | None = None
    """How often an evading third party (`self`) is found out under perfect monitoring."""
    detected: Aftermath | None = None
    """What follows for the third party (`self`)."""
    luck_key: Id | None = None
    """Id to draw under, so that a renamed regime keeps its draws."""
    measures: SanctionMeasures
    """What is done to the targets."""
    imposing: Imposing | None = None
    """The choice of the senders; without it all of them impose."""
    compliance: Compliance | None = None
    """The choice of the third parties."""
    secondary: Secondary | None = None
    """What senders may do to third parties."""
    channels: Channels | None = None
    """How targets adapt."""
    bites: dict[Id, Pressure] = {}
    """What the bite does to attributes of the targets."""
    costs: dict[Id, Pressure] = {}
    """What imposing does to attributes of the senders, for a severity of 1."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.third_parties and self.compliance is None:
            raise fail(
                "it is not said how third parties choose",
                "compliance: {every, temperature, gain}",
                below=("third_parties",),
                at_key=True,
            )
        for key, needed in (
            ("compliance", "third_parties"),
            ("detection", "compliance"),
            ("detected", "detection"),
            ("secondary", "detection"),
        ):
            if getattr(self, key) is not None and not getattr(self, needed):
                message = f"there is no {quoted(key)} without {quoted(needed)}"
                raise fail(message, f"{needed}: ... beside it", below=(key,), at_key=True)
        return self
