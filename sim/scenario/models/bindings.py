"""Names bound to actors: over whom a part of the scenario is said."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from sim.scenario.fields import ActorId, ExpressionField, Id
from sim.scenario.graded import Part
from sim.scenario.shorthand import spell_for, spell_members
from sim.text import fail


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
