"""The Program itself, and its tables that are not decided: starts, what moves by itself, results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sim.compile.program.decisions import Choice, Crisis, Decision, Rule
from sim.compile.program.nodes import Draw, Figure, Grade, Node, Source, Variable
from sim.compile.program.stages import Incident, Stages
from sim.scenario.clock import Clock
from sim.scenario.distributions import Distribution
from sim.scenario.load import Scenario
from sim.text import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class Perception:
    name: str
    owner: str
    of: int
    source: int
    """Row that is read each turn: `of` itself or its value some turns ago."""
    error: int
    seen: int
    noise: int | None
    half_life: int | None
    draw: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Movement:
    """All that moves one row by itself."""

    row: int
    towards: int | None
    half_life: int | None
    growth: int | None
    drifts: tuple[int, ...]
    """Nodes, per year, in order of event key text."""
    noise: int | None
    draw: int | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter to draw (or fixed, without a distribution). Rows and draws: one, or one for each
    component.
    """

    id: str
    rows: tuple[int, ...]
    distribution: Distribution | None
    value: float
    draws: tuple[int, ...]
    place: Place
    grade: Grade


@dataclass(frozen=True, slots=True)
class Initial:
    row: int
    node: int
    place: Place


@dataclass(frozen=True, slots=True)
class Memory:
    """Rows that remember a row's value at the end of the last turn, the one before, ..."""

    row: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    title: str
    unit: str
    row: int
    node: int
    place: Place


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    title: str
    row: int
    node: int
    first: int
    """First and last turn in which it is asked."""
    last: int
    place: Place


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled scenario. Rows are in order of name, decisions in order of name."""

    id: str
    title: str
    hash: str
    """Of the scenario it was compiled from."""
    clock: Clock
    doctrines: tuple[tuple[str, str], ...]
    """(actor, doctrine) for every doctrine in force, in order of actor."""
    names: dict[str, str]
    """Actor id to name."""
    offices: dict[str, str]
    """Id to name of what decides without being an actor: bodies, regimes."""
    variables: tuple[Variable, ...]
    draws: tuple[Draw, ...]
    nodes: tuple[Node, ...]
    parameters: tuple[Parameter, ...]
    initials: tuple[Initial, ...]
    injects: tuple[Rule, ...]
    events: tuple[Rule, ...]
    """Rules of the world."""
    perceptions: tuple[Perception, ...]
    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    movements: tuple[Movement, ...]
    indicators: tuple[Indicator, ...]
    outcomes: tuple[Outcome, ...]
    memories: tuple[Memory, ...]
    attributes: tuple[tuple[str, str, int], ...]
    """(actor, attribute, row) for every actor's attribute."""
    figures: tuple[Figure, ...]
    crisis: Crisis | None
    incidents: tuple[Incident, ...]
    """What deeds of a stage come to, by dyad and scope."""
    stages: Stages
    sources: dict[int, Source]
    """By node: the expressions that everything is made of, and the definitions in them."""
    scenario: Scenario | None = None
    """What it was compiled from, for expressions that are asked for later (`sim.compile.reader`); no
    backend needs it. None in a copy that is sent where nobody asks."""
    lead: tuple[str, ...] = ()
    """Indicators, outcomes and attributes that are shown before all others: their ids and rows' names."""
    without: tuple[str, ...] = ()
    """Rules of adjudication that were left out, in order."""
    warnings: tuple[Diagnostic, ...] = ()
    """What was found doubtful while it was compiled; `sim.compile.find_warnings` looks further."""

    def __repr__(self) -> str:
        return f"Program({self.id!r}, hash={self.hash[:16]!r})"  # thousands of nodes tell nobody anything

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row number by name."""
        return {variable.name: row for row, variable in enumerate(self.variables)}

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """Every rule, choice and inject by name, those of the later stages too."""
        everything: tuple[Decision, ...] = (*self.injects, *self.events, *self.rules, *self.choices)
        for step in self.stages.passes():
            everything += step.decisions
        return {decision.name: decision for decision in everything}

    @cached_property
    def led_indicators(self) -> tuple[Indicator, ...]:
        """Indicators as they are shown: those that lead, then the others in order of id."""
        return tuple(sorted(self.indicators, key=lambda found: (self.place_in_lead(found.id), found.id)))

    @cached_property
    def led_outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes as they are shown: those that lead, then the others in order of id."""
        return tuple(sorted(self.outcomes, key=lambda found: (self.place_in_lead(found.id), found.id)))

    def place_in_lead(self, name: str) -> int:
        """How many are shown before it; as many as lead for what does not."""
        return self.lead.index(name) if name in self.lead else len(self.lead)

    @property
    def turns(self) -> int:
        return self.clock.turns

    def reads(self, node: int) -> frozenset[int]:
        """Rows that a node's value depends on."""
        return self._reads[node]

    @cached_property
    def nodes_of_figure(self) -> dict[int, tuple[int, ...]]:
        """Nodes that are a figure, by figure."""
        return _grouped((node.figure, index) for index, node in enumerate(self.nodes))

    @cached_property
    def nodes_of_row(self) -> dict[int, tuple[int, ...]]:
        """Nodes that read a row, by row."""
        return _grouped((node.row, index) for index, node in enumerate(self.nodes))

    @cached_property
    def _reads(self) -> tuple[frozenset[int], ...]:
        found: list[frozenset[int]] = []
        for node in self.nodes:
            rows: frozenset[int] = frozenset()
            for argument in node.args:
                rows |= found[argument]
            found.append(rows | {node.row} if node.op == "row" else rows)
        return tuple(found)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """Second numbers by first; first numbers below 0 are left out."""
    found: dict[int, list[int]] = {}
    for first, second in pairs:
        if first >= 0:
            found.setdefault(first, []).append(second)
    return {first: tuple(seconds) for first, seconds in found.items()}
