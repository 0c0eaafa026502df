"""Parts of choices beyond utility: nests of options, gains and losses, and the attention that matters claim.

What they mean is fixed in `docs/adjudication.md`, section Q.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.expressions import parse_expression
from sim.scenario.fields import DurationOrExpression, ExpressionField, Id, Ids
from sim.scenario.graded import Graded
from sim.scenario.shorthand import spelled_out


class Nest(Graded):
    """Options that are alike: they share their luck (nested logit)."""

    options: Annotated[Ids, Field(min_length=1)]
    """The options in it; an option is in one nest at most."""
    scale: ExpressionField
    """How much they differ: at 1 no more alike than others, near 0 as good as one option."""


class Reference(Graded):
    """A quantity of which an actor feels gains and losses."""

    of: ExpressionField
    """The quantity as it is now."""
    half_life: DurationOrExpression
    """Time for half of a change to become what one is used to: a duration, or an expression in years."""
    weight: ExpressionField
    """Utility of a gain of 1. Below 0: less of it is better."""


class ValueFunction(Graded):
    """How gains and losses are felt; by default as Tversky and Kahneman (1992) measured it."""

    aversion: ExpressionField = parse_expression("2.25")
    """How many times a loss counts what a gain of the same size does."""
    gains: ExpressionField = parse_expression("0.88")
    """Power of a gain: below 1, twice as much is less than twice as good."""
    losses: ExpressionField = parse_expression("0.88")
    """Power of a loss."""


class Claim(Graded):
    """Something outside the actor's choices that claims its attention. A bare value is its `weight`."""

    weight: ExpressionField
    """How much it claims."""
    when: ExpressionField | None = None
    """The condition under which it claims."""


class Attention(Graded):
    """How much an actor can attend to at once. A bare value is its `budget`."""

    budget: ExpressionField
    """If the claims on it come to more, every matter is attended to in proportion."""
    claims: dict[Id, Annotated[Claim, spelled_out("weight")]] = {}
    """What claims attention beside the choices that have `attention`."""
