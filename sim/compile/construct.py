"""What every construct of the domain stands on: what it adds to a Program, and how its rows are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.scope import Scope
from sim.scenario import expressions as ex
from sim.text import Place

Reader = Callable[[ex.Call, Scope], int]
"""What a function of the domain means where it is called: the node of its value."""


@dataclass
class Made:
    """What the constructs add to a Program."""

    parameters: list[pr.Parameter] = field(default_factory=list)
    choices: list[pr.Choice] = field(default_factory=list)
    """Choices of actors that are taken with all others, in stage 3."""
    offices: dict[str, str] = field(default_factory=dict)
    """Id to name of what decides without being an actor."""
    initials: list[pr.Initial] = field(default_factory=list)
    incidents: list[pr.Incident] = field(default_factory=list)
    movements: list[pr.Movement] = field(default_factory=list)
    opening: list[pr.Step] = field(default_factory=list)
    clearing: list[pr.Assignment] = field(default_factory=list)
    perceiving: list[pr.Step] = field(default_factory=list)
    delivering: list[pr.Step] = field(default_factory=list)
    answering: list[pr.Step] = field(default_factory=list)
    voting: list[pr.Step] = field(default_factory=list)
    settling: list[pr.Step] = field(default_factory=list)
    moving: Mapping[int, pr.Movement] = field(default_factory=dict)
    """By row: what moves by itself."""
    perceptions: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By actor: which row it sees in place of which."""

    def perceived(self, actor: str) -> Mapping[int, int]:
        """Which row an actor sees in place of which."""
        return self.perceptions.get(actor, {})

    def stages(self, name: Callable[[int], str]) -> pr.Stages:
        """The stages; `name` gives a row's name, for the order of what is set back."""
        clearing = tuple(sorted(self.clearing, key=lambda assignment: name(assignment.row)))
        return pr.Stages(
            opening=tuple(self.opening),
            clearing=(pr.Pass("clearing", assignments=clearing),) if clearing else (),
            perceiving=tuple(self.perceiving),
            delivering=tuple(self.delivering),
            answering=tuple(self.answering),
            voting=tuple(self.voting),
            settling=tuple(self.settling),
        )


class Construct(Protocol):
    """One construct of the domain."""

    rules: ClassVar[Mapping[str, str]]
    """Number and title of the rules of adjudication that it follows."""

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None: ...

    def readers(self) -> Mapping[str, Reader]:
        """Functions that expressions may call."""

    def declare(self) -> None:
        """Declare rows, before any expression is read."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Add initial values, passes and incidents."""


@dataclass(frozen=True)
class Maker:
    """What constructs share: nodes, rows and assignments made from them."""

    lowering: Lowering
    compose: Composer

    def row(self, name: str, place: Place, *, low: float = float("-inf"), high: float = float("inf")) -> int:
        """Declare a row of the domain."""
        return self.lowering.builder.declare(name, "domain", place, low=low, high=high)

    def assign(
        self,
        name: str,
        node: int,
        place: Place,
        rule: str = "",
        *,
        cause: str = "",
        pushes: tuple[pr.Push, ...] = (),
    ) -> pr.Assignment:
        """The row of that name takes the value of a node; `cause` and `pushes` are what it is put down to."""
        row = self.lowering.builder.rows[name]
        return pr.Assignment(row, node, name, place, rule, cause=cause, pushes=pushes)

    def initial(self, name: str, node: int, place: Place) -> pr.Initial:
        """The row of that name starts at the value of a node over parameters."""
        return pr.Initial(self.lowering.builder.rows[name], node, place)

    def in_order(self, assignments: Iterable[pr.Assignment]) -> tuple[pr.Assignment, ...]:
        """In order of row name."""
        variables = self.lowering.builder.variables
        return tuple(sorted(assignments, key=lambda one: variables[one.row].name))
