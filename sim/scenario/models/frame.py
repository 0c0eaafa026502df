"""What stands around the actors: the clock, the world, and what is asked."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.scenario.clock import Clock
from sim.scenario.fields import DateField, ExpressionField, Id, StepField
from sim.scenario.graded import Name, Part
from sim.scenario.models.decisions import Rule
from sim.scenario.models.quantities import Attribute
from sim.scenario.shorthand import spelled_out
from sim.text import fail


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


class World(Part):
    """What belongs to no actor: the state of the world, and exogenous events."""

    attributes: dict[Id, Annotated[Attribute, spelled_out("initial")]] = {}
    rules: dict[Id, Rule] = {}


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
