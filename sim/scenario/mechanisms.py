"""The audit of mechanisms: what is pulled, what should move, by which way, and by how much at the least.

What is written here is a prediction: it is settled before anything is measured (`docs/mechanisms.md`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from sim.scenario.fields import DurationField, Id, Shown, several
from sim.scenario.graded import Part
from sim.text import fail

RowName = Annotated[Shown, StringConstraints(min_length=1, max_length=200)]


_KINDS: Final = {
    "parameter": "parameter",
    "initial": "value at the start",
    "decision": "decision",
}


class Lever(Part):
    """What is pulled: a parameter, the value of a row at the start, or a decision, from one value to another.

    A number moves a third, two thirds and the whole of the way; an option is ordered in a third, two thirds
    and all of the turns in which the decision is due, and the option it comes from in the others.
    """

    parameter: Id | None = None
    """A parameter, by its id."""
    initial: RowName | None = None
    """A variable whose value at the start is set, by its row: `trust[PRK]`."""
    decision: Annotated[tuple[RowName, ...] | None, BeforeValidator(several), Field(min_length=1)] = None
    """A decision that is ordered, by its name: `PRK/deliver_shells`; several if they are ordered alike."""
    from_: Annotated[float | str, Field(alias="from")]
    """Where the lever stands first: a number, or an option (`do` or `refrain` of a rule)."""
    to: float | str
    """Where it is pulled to."""

    @property
    def kind(self) -> Literal["parameter", "initial", "decision"]:
        """Which of the three it is."""
        if self.parameter is not None:
            return "parameter"
        return "decision" if self.initial is None else "initial"

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameter, the row or the decisions."""
        return self.decision or (self.parameter or self.initial or "",)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [key for key in ("parameter", "initial", "decision") if getattr(self, key) is not None]
        if len(given) != 1:
            found = "nothing" if not given else " and ".join(given)
            raise fail(
                f"this lever moves {found}",
                "one of parameter, initial and decision",
                below=tuple(given[-1:]),
            )
        wanted, words = (str, "an option") if given == ["decision"] else (float, "a number")
        for key, value in (("from", self.from_), ("to", self.to)):
            if not isinstance(value, wanted):
                raise fail(f"this is not {words}", f"{words}, for a {_KINDS[given[0]]}", below=(key,))
        return self


class Link(Part):
    """What the effect goes through: it is frozen, and the effect should be gone."""

    rows: Annotated[tuple[RowName, ...], BeforeValidator(several)] = ()
    """Variables that everything then reads as they were without the pull."""
    decisions: Annotated[tuple[RowName, ...], BeforeValidator(several)] = ()
    """Decisions that are then taken on what they would have seen without the pull."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.rows and not self.decisions:
            raise fail("this link is nothing", "rows or decisions that carry the effect")
        return self


class Mechanism(Part):
    """What the sources say moves what, as it can be measured in this scenario."""

    claim: Shown | None = None
    """What it says, of a mechanism that the ledgers do not have."""
    lever: Lever
    """What is pulled."""
    through: Link | None = None
    """What carries the effect; left out, with a note that says why, where nothing lies between the lever and
    what is watched."""
    holding: Annotated[tuple[RowName, ...], BeforeValidator(several)] = ()
    """Variables that are held still meanwhile, so that what goes by way of them does not count."""
    observable: Id
    """The indicator that should move."""
    sign: Literal["+", "-", "mixed"]
    """Which way it should move as the lever is pulled; `mixed` if that depends on what is uncertain."""
    horizon: DurationField
    """How long the indicator is watched: its mean over the turns up to then is compared."""
    least: Annotated[float, Field(ge=0.1, le=10.0)] = 0.1
    """The smallest effect that matters, in standard deviations of that mean over runs of the base case."""
    placebo: Id
    """An indicator that this should leave alone."""

    @model_validator(mode="after")
    def _linked(self) -> Self:
        if self.through is None and self.note is None:
            raise fail(
                "this mechanism has no link",
                "a line 'through:', or a note that says why nothing lies between",
            )
        return self


Mechanisms = dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=120)], Mechanism]
"""By the id that the ledgers give it."""
