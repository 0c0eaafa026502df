"""One agent that stands for many members: who takes part in what, once a signal passes each one's threshold.

What the keys mean exactly is fixed in `docs/adjudication.md`, section G.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.expressions import parse_expression
from sim.scenario.fields import DurationOrExpression, ExpressionField, Id
from sim.scenario.graded import Graded, Part

Shape = Literal["logistic", "normal", "uniform"]


class Thresholds(Graded):
    """How the members' thresholds are spread."""

    shape: Shape
    """Their distribution."""
    mean: ExpressionField
    """Their mean: where half of the members would take part."""
    spread: ExpressionField
    """The scale of a logistic distribution, the sd of a normal one, half the width of a uniform one."""


class Matter(Graded):
    """Something in which the members of a group take part, each once the signal reaches its threshold."""

    signal: ExpressionField
    """What the members look at. It may read how many have joined."""
    thresholds: Thresholds
    """At which signal they join."""
    half_life: DurationOrExpression
    """Time for half of those who would join or leave to do so: a duration, or an expression in years."""
    margin: ExpressionField | None = None
    """How far the signal must fall below a member's threshold before it leaves again."""
    initial: ExpressionField = parse_expression("0")
    """The share that takes part at the start: an expression over parameters."""
    when: ExpressionField | None = None
    """The condition without which nobody joins or leaves."""


class Group(Part):
    """The members that an actor stands for."""

    members: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """How many there are."""
    matters: Annotated[dict[Id, Matter], Field(min_length=1)]
    """In what they may take part."""
