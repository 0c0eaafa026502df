"""What is done: actions, the calls of them, and effects."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.fields import ExpressionField, Id, StatementField, UnitField, several_parts
from sim.scenario.graded import Graded, Part, Sentence
from sim.scenario.shorthand import spell_call, spelled_out
from sim.text import fail

Level = Literal["threat", "display", "force", "war"]
"""Levels of hostility of the Correlates of War's disputes, 2 to 5; 1 is none."""


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
