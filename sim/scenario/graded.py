"""What every part of the format stands on: a mapping that knows its keys, grades, ranges."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from sim.scenario.fields import DateField, EvidenceId, EvidenceIds, Shown, UnitField
from sim.scenario.shorthand import spell_range
from sim.text import fail

Name = Annotated[Shown, StringConstraints(min_length=1, max_length=200)]
Sentence = Annotated[Shown, StringConstraints(max_length=2_000)]


class Part(BaseModel):
    """Any mapping of the file. `note` is free text for readers."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        strict=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    note: Shown | None = None


class Graded(Part):
    """A value, rule or choice that says how well it is known. At most one of the three grades."""

    measured: EvidenceIds | None = None
    """Facts that hold this value, or a range around it."""
    informed: EvidenceIds | None = None
    """Facts that support the direction or the order of magnitude."""
    assumed: Shown | None = None
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
        given = [name for name in ("measured", "informed", "assumed") if getattr(self, name) is not None]
        if len(given) > 1:
            raise fail(
                f"a value has one grade, not {' and '.join(given)}",
                "one of measured, informed and assumed",
                below=(given[-1],),
            )
        return self


class Bounded(Graded):
    """A quantity with a range: `range: [low, high]`, or `min:` or `max:` alone."""

    range: Annotated[tuple[float, float], BeforeValidator(spell_range)] | None = None
    min: float | None = None
    max: float | None = None
    unit: UnitField | None = None
    title: Shown | None = None

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
            below = "min" if self.min is not None else "max"
            raise fail(f"the range already has its {below}", "either range, or min and max", below=(below,))
        if not self.low <= self.high:
            raise fail(
                f"{self.low:g} is not below {self.high:g}",
                "the lower bound first",
                below=("range" if self.range is not None else "min",),
            )
        return self
