"""A case of the public suite: a small scenario, what must come of it, and the rules that it hinges on.

The expectations become indicators of the scenario, `expect_1`, `expect_2` ... in the order of the file:
whoever plays the scenario works out the rows, and judging a case is comparing numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from sim.scenario.load import Scenario
from sim.scenario.texts import Wording
from sim.text import Mapping, Place, TextModel, fail, locate, nearest, quoted


@dataclass(frozen=True, slots=True)
class Family:
    """Cases about one part of the adjudication, and the numbers kept for them."""

    title: str
    first: int
    last: int


FAMILIES: Final = {
    "sequence_of_play": Family("Sequence of play", 1, 49),
    "escalation": Family("Escalation", 50, 99),
    "casus_foederis": Family("Casus foederis", 100, 199),
    "contested_aggressor": Family("Contested aggressor", 200, 249),
    "ladder": Family("Ladder and latitude", 250, 299),
    "calls_waves_chains": Family("Calls, waves and chains", 300, 349),
    "life_cycle": Family("Life cycle", 350, 399),
    "bodies": Family("Bodies", 400, 499),
    "sanctions": Family("Sanctions", 500, 599),
    "flows": Family("Flows", 600, 699),
    "beliefs": Family("Beliefs", 700, 749),
    "choice": Family("Choice and caution", 750, 849),
    "groups": Family("Groups", 850, 899),
}
"""In order of their numbers."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]
Written = str | int | float | bool
"""An expression, read with the scenario."""


class Expectation(TextModel):
    """What must hold when a turn has been played: exactly one of `that`, `value`, `row` and `share`."""

    turn: Annotated[int, Field(ge=0)]
    that: Written | None = None
    """A condition that holds in every run."""
    value: Written | None = None
    """A number that is the same in every run: `equals`, or lies `between`."""
    row: Text | None = None
    """A row of the state by its name, held against a number as `value` is."""
    equals: float | None = None
    between: tuple[float, float] | None = None
    share: Written | None = None
    """A condition that holds in a share of the runs: `of`."""
    of: Annotated[float, Field(ge=0, le=1)] | None = None

    @field_validator("between", mode="before")
    @classmethod
    def _two_numbers(cls, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - low and high
            raise fail("between needs two numbers", "[LOW, HIGH]")
        return tuple(value)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [part is not None for part in (self.that, self.value, self.row, self.share)]
        if sum(kinds) != 1:
            raise fail("an expectation is of one kind", "one of that, value, row and share")
        compared = (self.equals is not None) + (self.between is not None)
        if compared != (self.value is not None or self.row is not None):
            expected = "value or row with either equals or between"
            raise fail("a number is held against one thing", expected)
        if (self.of is None) != (self.share is None):
            raise fail("share and of go together", "share: CONDITION and of: PROBABILITY")
        return self

    @property
    def text(self) -> str:
        """What is expected as the file has it, white space made single blanks."""
        parts = (self.that, self.value, self.row, self.share)
        written = next(part for part in parts if part is not None)
        return " ".join(str(written).split())


class CaseOrder(TextModel):
    """A decision taken by hand."""

    turn: Annotated[int, Field(ge=1)]
    actor: Text
    decision: Text
    option: Text


class CaseModel(TextModel):
    """A case as its file states it."""

    case: Annotated[int, Field(ge=1, le=999)]
    title: Text
    family: Text
    situation: Text
    """Two sentences in plain words."""
    scenario: dict[str, Any]
    orders: tuple[CaseOrder, ...] = ()
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    expect: Annotated[tuple[Expectation, ...], Field(min_length=1)]
    reason: Text
    """Why it comes out so, by the rules."""
    treaty: Text | None = None
    """A text of the library, in place of the wording of the article under test."""
    under_test: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")] | None = None
    """The article, `commitment.article`, whose wording is the point: another treaty's can take its place."""
    rules: tuple[Text, ...] = ()
    """Numbers of the rules of adjudication without which it would come out otherwise."""
    note: Text | None = None

    @model_validator(mode="after")
    def _treaty_is_tested(self) -> Self:
        if self.treaty is not None and self.under_test is None:
            raise fail("the treaty's words have no place", "under_test: COMMITMENT.ARTICLE beside treaty")
        return self

    @field_validator("family")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in FAMILIES:
            raise fail(
                f"there is no family {quoted(value)}",
                f"one of {', '.join(FAMILIES)}",
                suggestion=nearest(value, FAMILIES) or "",
            )
        return value

    @field_validator("orders", "expect", "rules", mode="before")
    @classmethod
    def _lists(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, list):
            raise fail(f"{info.field_name} is a list", "'- item' lines or [item, item]")
        return tuple(value)


@dataclass(frozen=True)
class Case:
    """A case of the suite."""

    model: CaseModel
    scenario: Scenario
    """With the expectations as indicators."""
    root: Mapping
    """The tree of the file."""
    file: str
    text: Wording | None
    """Of the treaty that it is drawn from, if it is drawn from one."""
    unworded: Mapping
    """The tree of the scenario before that treaty's words were put in."""

    @property
    def number(self) -> int:
        return self.model.case

    @property
    def family(self) -> Family:
        return FAMILIES[self.model.family]

    def place(self, *path: str | int) -> Place:
        """Where a value of the file stands."""
        return locate(self.root, path).value_place


def row_of(index: int) -> str:
    """The name of the row of an expectation, `index` counting from 0."""
    return f"expect_{index + 1}"
