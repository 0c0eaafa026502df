"""A case of the public suite: a small scenario, what must come of it, and the rules that it hinges on.

The expectations become indicators of the scenario, `expect_1`, `expect_2` ... in the order of the file:
whoever plays the scenario works out the rows, and judging a case is comparing numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from sim.scenario.load import Reading, Scenario, read_tree
from sim.scenario.merge import merge, read_with_extends
from sim.text import (
    Diagnostics,
    Entry,
    FoedusError,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    TextModel,
    UnfitError,
    checked,
    locate,
    nearest,
    quoted,
    read_document,
)
from sim.text.checking import described


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

P = TypeVar("P", bound=TextModel)
Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]
Written = str | int | float | bool
"""An expression, read with the scenario."""


class Expectation(TextModel):
    """What must hold when a turn has been played: exactly one of `that`, `value` and `share`."""

    turn: Annotated[int, Field(ge=0)]
    that: Written | None = None
    """A condition that holds in every run."""
    value: Written | None = None
    """A number that is the same in every run: `equals`, or lies `between`."""
    equals: float | None = None
    between: tuple[float, float] | None = None
    share: Written | None = None
    """A condition that holds in a share of the runs: `of`."""
    of: Annotated[float, Field(ge=0, le=1)] | None = None

    @field_validator("between", mode="before")
    @classmethod
    def _two_numbers(cls, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - low and high
            raise UnfitError("between needs two numbers", "[LOW, HIGH]")
        return tuple(value)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.that is not None, self.value is not None, self.share is not None]
        if sum(kinds) != 1:
            raise UnfitError("an expectation is of one kind", "one of that, value and share")
        compared = (self.equals is not None) + (self.between is not None)
        if compared != (self.value is not None):
            raise UnfitError("value is held against one thing", "value with either equals or between")
        if (self.of is None) != (self.share is None):
            raise UnfitError("share and of go together", "share: CONDITION and of: PROBABILITY")
        return self

    @property
    def text(self) -> str:
        """The expression as the file has it, white space made single blanks."""
        written = next(one for one in (self.that, self.value, self.share) if one is not None)
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
    rules: tuple[Text, ...] = ()
    """Numbers of the rules of adjudication without which it would come out otherwise."""
    note: Text | None = None

    @field_validator("family")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in FAMILIES:
            raise UnfitError(
                f"there is no family {quoted(value)}",
                f"one of {', '.join(FAMILIES)}",
                nearest(value, FAMILIES) or "",
            )
        return value

    @field_validator("orders", "expect", "rules", mode="before")
    @classmethod
    def _lists(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, list):
            raise UnfitError(f"{info.field_name} is a list", "'- item' lines or [item, item]")
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

    @property
    def number(self) -> int:
        return self.model.case

    @property
    def family(self) -> Family:
        return FAMILIES[self.model.family]

    def place(self, *path: str | int) -> Place:
        """Where a value of the file stands."""
        return locate(self.root, path).value_place


@dataclass(frozen=True)
class CaseReading:
    """What was read of a case: whole, or in spite of its faults of form."""

    problems: Diagnostics
    """Of the case; those of the scenario in it are in its reading."""
    model: CaseModel | None
    reading: Reading | None
    root: Mapping
    file: str

    @cached_property
    def expectations(self) -> dict[int, Expectation]:
        """Those of the expectations that are sound, by place in the list."""
        return _sound(Expectation, self.root, "expect")

    @cached_property
    def orders(self) -> dict[int, CaseOrder]:
        """Those of the orders that are sound, by place in the list."""
        return _sound(CaseOrder, self.root, "orders")

    def place(self, *path: str | int) -> Place:
        """Where a value of the file stands."""
        return locate(self.root, path).value_place


def _items(root: Mapping, key: str) -> tuple[Node, ...]:
    node = root.get(key)
    return node.items if isinstance(node, Sequence) else ()


def _sound(part: type[P], root: Mapping, key: str) -> dict[int, P]:
    read = ((index, checked(part, node, Diagnostics())) for index, node in enumerate(_items(root, key)))
    return {index: found for index, found in read if found is not None}


def row_of(index: int) -> str:
    """The name of the row of an expectation, `index` counting from 0."""
    return f"expect_{index + 1}"


def read_case(path: Path | str) -> CaseReading:
    """Read the file of a case.

    Raises:
        FoedusError: if there is no case to read: a file that is missing, or is no mapping.
    """
    file = str(path)
    root = read_document(Path(path), file)
    if not isinstance(root, Mapping):
        raise FoedusError.at(root.place, f"this file holds {described(root)}", "a case: a mapping of keys")
    problems = Diagnostics()
    model = checked(CaseModel, root, problems)
    if model is not None:
        _check_number(model, root, file, problems)
    return CaseReading(problems, model, _scenario(root, file, problems), root, file)


def _check_number(model: CaseModel, root: Mapping, file: str, problems: Diagnostics) -> None:
    family = FAMILIES[model.family]
    place = locate(root, ("case",)).value_place
    if not family.first <= model.case <= family.last:
        problems.error(
            place,
            f"{model.case} is no number of the family {quoted(model.family)}",
            f"a number from {family.first} to {family.last}",
        )
    if not Path(file).name.startswith(f"{model.case:03}-"):
        problems.error(
            place, f"the name of the file begins otherwise: {quoted(Path(file).name)}", f"{model.case:03}-..."
        )


def _scenario(root: Mapping, file: str, problems: Diagnostics) -> Reading | None:
    """The scenario of a case, its expectations being indicators."""
    inline = root.get("scenario")
    if not isinstance(inline, Mapping):
        return None
    try:
        own = read_with_extends(inline, file)
    except FoedusError as error:
        problems.extend(error.diagnostics)
        return None
    _check_free(own, problems)
    tree = merge(merge(_defaults(root), own), _mapping(_rows(root), inline.place))
    return read_tree(tree, file)


def _defaults(root: Mapping) -> Mapping:
    """What every scenario must have, and a case need not say twice."""
    number, title = root.get("case"), root.get("title")
    text = number.text if isinstance(number, Scalar) else "0"
    known: tuple[tuple[str, Node], ...] = (
        ("foedus", Scalar(1, root.place, "1", "plain")),
        ("id", Scalar(f"case-{text}", root.place, f"case-{text}", "plain")),
        ("title", title if isinstance(title, Scalar) else Scalar("a case", root.place, "a case", "plain")),
    )
    return _mapping(known, root.place)


def _rows(root: Mapping) -> Iterator[tuple[str, Node]]:
    rows = [
        (row_of(index), entry.node)
        for index, item in enumerate(_items(root, "expect"))
        if isinstance(item, Mapping)
        for entry in item
        if entry.key in ("that", "value", "share") and isinstance(entry.node, Scalar)
    ]
    if rows:
        yield "indicators", _mapping(rows, root.place)


def _mapping(items: Iterable[tuple[str, Node]], place: Place) -> Mapping:
    return Mapping(tuple(Entry(key, node.place, node) for key, node in items), place)


def _check_free(own: Mapping, problems: Diagnostics) -> None:
    indicators = own.get("indicators")
    for entry in indicators if isinstance(indicators, Mapping) else ():
        if entry.key.startswith("expect_"):
            problems.error(
                entry.key_place, f"{quoted(entry.key)} is a name that the case itself takes", "another name"
            )


def check_turns(case: CaseReading, scenario: Scenario) -> Diagnostics:
    """Every turn that is asked about must be played."""
    problems = Diagnostics()
    last = scenario.clock.turns
    for index, expectation in case.expectations.items():
        if expectation.turn > last:
            problems.error(
                case.place("expect", index, "turn"),
                f"turn {expectation.turn} is not played",
                f"a turn from 0 to {last}",
            )
    return problems


def check_rules(case: CaseReading, known: Collection[str]) -> Diagnostics:
    """Every rule that a case names must be one of the numbers known."""
    problems = Diagnostics()
    for number in _items(case.root, "rules"):
        if isinstance(number, Scalar) and number.text not in known:
            problems.error(
                number.place,
                f"there is no rule {quoted(number.text)}",
                "a rule of docs/adjudication.md",
                nearest(number.text, known) or "",
                "unknown-rule",
            )
    return problems
