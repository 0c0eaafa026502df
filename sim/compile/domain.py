"""The constructs of the domain: what commitments, bodies, sanctions, flows and beliefs add to a Program.

Each construct is a module of this room with a class that declares rows, offers functions to expressions and
adds passes to the stages of a turn. `docs/adjudication.md` has the rules they follow, each with a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.scope import Scope
from sim.scenario import expressions as ex
from sim.text import FoedusError, Place, nearest, quoted

Reader = Callable[[ex.Call, Scope], int]
"""What a function of the domain means where it is called: the node of its value."""


@dataclass
class Made:
    """What the constructs add to a Program."""

    initials: list[pr.Initial] = field(default_factory=list)
    incidents: list[pr.Incident] = field(default_factory=list)
    clearing: list[pr.Assignment] = field(default_factory=list)
    perceiving: list[pr.Step] = field(default_factory=list)
    answering: list[pr.Step] = field(default_factory=list)
    voting: list[pr.Step] = field(default_factory=list)
    settling: list[pr.Step] = field(default_factory=list)

    def stages(self, name: Callable[[int], str]) -> pr.Stages:
        """The stages; `name` gives a row's name, for the order of what is set back."""
        clearing = tuple(sorted(self.clearing, key=lambda assignment: name(assignment.row)))
        return pr.Stages(
            clearing=(pr.Pass("clearing", assignments=clearing),) if clearing else (),
            perceiving=tuple(self.perceiving),
            answering=tuple(self.answering),
            voting=tuple(self.voting),
            settling=tuple(self.settling),
        )


class Construct(Protocol):
    """One construct of the domain."""

    rules: Mapping[str, str]
    """Number and title of the rules of adjudication that it follows."""

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None: ...

    def readers(self) -> Mapping[str, Reader]:
        """Functions that expressions may call."""

    def declare(self) -> None:
        """Declare rows, before any expression is read."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Add initial values, passes and incidents."""


CONSTRUCTS: Final[tuple[type[Construct], ...]] = ()
"""In the order in which a turn plays their passes within a stage."""

RULES: Final[Mapping[str, str]] = {
    number: title for construct in CONSTRUCTS for number, title in construct.rules.items()
}
"""Every numbered rule of adjudication."""


class Domain:
    """All constructs of a scenario."""

    def __init__(self, lowering: Lowering, without: frozenset[str]) -> None:
        self.made = Made()
        self._constructs = [construct(lowering, self.made, without) for construct in CONSTRUCTS]
        for construct in self._constructs:
            lowering.readers.update(construct.readers())

    def declare(self) -> None:
        """Declare the rows of every construct."""
        for construct in self._constructs:
            construct.declare()

    def compile(self, decisions: DecisionCompiler) -> Made:
        """What the constructs add."""
        for construct in self._constructs:
            construct.compile(decisions)
        return self.made


def checked_rules(numbers: frozenset[str]) -> frozenset[str]:
    """Numbers of rules to leave out.

    Raises:
        FoedusError: for one that `docs/adjudication.md` does not have.
    """
    for number in sorted(numbers):
        if number not in RULES:
            raise FoedusError.at(
                None,
                f"there is no rule {quoted(number)}",
                "a rule of docs/adjudication.md",
                nearest(number, RULES) or "",
            )
    return numbers


@dataclass(frozen=True)
class Maker:
    """What constructs share: nodes, rows and assignments made from them."""

    lowering: Lowering
    compose: Composer

    def row(self, name: str, place: Place, *, low: float = float("-inf"), high: float = float("inf")) -> int:
        """Declare a row of the domain."""
        return self.lowering.builder.declare(name, "domain", place, low=low, high=high)

    def assign(self, name: str, node: int, place: Place, rule: str = "") -> pr.Assignment:
        """The row of that name takes the value of a node."""
        return pr.Assignment(self.lowering.builder.rows[name], node, name, place, rule)

    def initial(self, name: str, node: int, place: Place) -> pr.Initial:
        """The row of that name starts at the value of a node over parameters."""
        return pr.Initial(self.lowering.builder.rows[name], node, place)
