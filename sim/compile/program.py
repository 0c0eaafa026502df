"""The Program: a scenario as flat data that a backend interprets.

Tables of variables, draws, nodes (expressions as a graph without repetition), decisions, effects and
movements, each with the place in the file that it came from. Everything that can be settled before play is
settled here: quantified rules are unrolled, cadences are lists of turns, names are row numbers, sums stand in
the order of the exact rules. A backend needs nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sim.scenario.clock import Clock
from sim.scenario.distributions import Distribution
from sim.scenario.load import Scenario
from sim.text import Diagnostic, Place

Kind = Literal[
    "parameter",
    "attribute",
    "relation",
    "decision",
    "act",
    "perception",
    "memory",
    "domain",
    "belief",
    "indicator",
    "outcome",
]


@dataclass(frozen=True, slots=True)
class Variable:
    """A row of the state."""

    name: str
    kind: Kind
    low: float
    high: float
    unit: str
    title: str
    place: Place


@dataclass(frozen=True, slots=True)
class Draw:
    """An address of luck, but for run, turn, seed and stream."""

    text: str
    """`owner/id/bindings/purpose`."""
    key: int
    """BLAKE2b-64 of the text."""
    place: Place


Op = Literal[
    "const",
    "row",
    "elapsed",
    "turn",
    "dt",
    "since_turn",
    "normal",
    "positive",
    "float",
    "neg",
    "not",
    "add",
    "sub",
    "mul",
    "div",
    "pow",
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
    "and",
    "or",
    "if",
    "abs",
    "sqrt",
    "floor",
    "ceil",
    "exp",
    "log",
    "logistic",
    "normal_share",
    "min",
    "max",
    "clamp",
]


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `args` are indices of earlier nodes; `value` is a constant's, `row` a variable's row.

    `turn` is the number of the turn being played, 0 before play; `dt` is the length in years of the turn
    `value` turns back, 0 before the first; `since_turn` is true from turn `value` on; `normal` is a standard
    normal number of luck; `positive` is its argument, which must be above 0. Truth-valued: the comparisons,
    `and`, `or`, `not`, `since_turn`, an `if` over truth values, and a `const` whose `truth` is set.
    """

    op: Op
    args: tuple[int, ...] = ()
    value: float = 0.0
    row: int = -1
    truth: bool = False
    figure: int = -1
    """Index of the `Figure` that a constant is; -1 for constants that no one wrote."""
    draw: int = -1
    """Of a `normal`: its address of luck."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How well something is known."""

    kind: Literal["measured", "informed", "assumed", ""]
    cited: tuple[str, ...] = ()
    """Ids of facts and base rates."""
    reason: str = ""
    """Why it was assumed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is written in an expression of the file."""

    value: float
    path: tuple[str | int, ...]
    """Of the expression it stands in."""
    place: Place
    grade: Grade
    """Its own, or that of the nearest part around it that has one."""


Joint = Literal["+", "and", "or", ","]
"""How the parts of an expression hang together; `,` for parts that are only told beside it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression: a summand with its sign, or an operand of `and` or `or`."""

    text: str
    """With names in place of `self` and the like."""
    node: int
    sign: Literal["+", "-"] = "+"


@dataclass(frozen=True, slots=True)
class Source:
    """The expression that a node was written as."""

    text: str
    path: tuple[str | int, ...]
    terms: tuple[Term, ...]
    """Its summands, or the operands of its `and` or `or`; itself alone if it has no parts."""
    joint: Joint = "+"


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of one row by one decision (or by one option of a choice)."""

    row: int
    operator: Literal["+=", "-=", "="]
    value: int
    priority: int
    order: tuple[str, str, str, str]
    """Place in the fold: key text, option, call text, effect text."""
    place: Place


@dataclass(frozen=True, slots=True)
class Deed:
    """An action that a decision performs."""

    action: str
    actor: str
    target: str
    """"" for an action to nobody."""
    arguments: tuple[tuple[str, int], ...]
    """Name and node of each of the action's `takes`, in order of name."""
    acts: int
    times: int
    place: Place


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence for the log: literal texts, names, and numbers to be filled in."""

    pieces: tuple[str | tuple[int, str], ...]
    """Texts, and (node, format specification) pairs; node -1 is the count."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What a decision, or an option of one, does."""

    deeds: tuple[Deed, ...] = ()
    effects: tuple[Effect, ...] = ()
    """Own effects and those of the deeds."""
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    row: int
    starts: int
    """Node: rate per year at which a campaign begins."""
    ends: int
    draw: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of an actor or of the world, or an inject."""

    name: str
    """`owner/id` or `owner/id/bindings`."""
    owner: str
    id: str
    bindings: tuple[tuple[str, str], ...]
    kind: Literal["chance", "count", "cadence", "once", "inject", "probability", "consequence"]
    gate: int | None
    rate: int | None
    """Node: rate or mean per year; of an inject, or where a probability is stated, that probability; None if
    it always fires when due.
    """
    size: int | None
    due: tuple[bool, ...] | None
    """Per turn from 0 on, for cadences and injects."""
    draw: int | None
    fired: int
    ever: int | None
    campaign: Campaign | None
    doings: Doings
    place: Place
    path: tuple[str | int, ...]
    grade: Grade
    crisis: int = -1
    """Row that is above 0 while it is taken in crisis rounds; -1 if it never is."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Bounds that a number must keep wherever it is used; a value beyond them stops the run."""

    node: int
    what: str
    """What it is, as the message begins: `the scale of nest hard`."""
    place: Place
    low: float = float("-inf")
    high: float = float("inf")
    above: bool = False
    """Whether it must be above `low`, not at it."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Options of a choice that share a part of their luck."""

    id: str
    options: tuple[int, ...]
    """Indices of its options, in order."""
    scale: int
    """Node: 1 for options no more alike than others, near 0 for those as good as one."""
    draws: tuple[int, ...]
    """One for each take of a turn; so are `angles`."""
    angles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    gate: int | None
    utility: int
    draws: tuple[int, ...]
    """One for each take of a turn."""
    doings: tuple[Doings, ...]
    """One for each take: the order of effects differs."""
    place: Place


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    owner: str
    id: str
    bindings: tuple[tuple[str, str], ...]
    gate: int | None
    due: tuple[int, ...] | None
    """How often it is taken up in each turn from 0 on; None if at a rate."""
    rate: int | None
    taken_up: int | None
    """Draw, for choices taken up at a rate."""
    temperature: int
    options: tuple[Option, ...]
    """In order of id."""
    status_quo: int | None
    """Index of the option with the bias; -1 for the one that stands."""
    bias: int | None
    initial: int
    """1 + index of the option that stands at the start, or 0."""
    chosen: int
    standing: int
    place: Place
    path: tuple[str | int, ...]
    grade: Grade
    crisis: int = -1
    """Row that is above 0 while it is taken in crisis rounds; -1 if it never is."""
    nests: tuple[Nest, ...] = ()
    share: int | None = None
    """Node: of a choice with a cadence, the probability with which each take that is due is taken, None for
    certain; of one with a rate, the last factor of it, if that is diluted."""
    share_draws: tuple[int, ...] = ()
    """One for each take of a turn, where a cadence has a share."""
    demands: tuple[Demand, ...] = ()
    """What must hold where it is taken up."""


Decision = Rule | Choice


@dataclass(frozen=True, slots=True)
class Round:
    """The decisions of a crisis round after the first, with that round's luck."""

    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Crisis:
    """Rounds of some days inside a turn, in the runs in which somebody is in crisis."""

    counts: tuple[int, ...]
    """Rounds in each turn, from 0 on."""
    rows: tuple[int, ...]
    """Rows that are above 0 where a pair of actors is in crisis."""
    later: tuple[Round, ...]
    """Rounds 2, 3, ..., as many as the longest turn has."""


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
class Push:
    """One of several things that move what an assignment works out."""

    cause: str
    """As explanations name it: `signal summit`."""
    moved: int
    """Node: by how much it moves the row; 0 where it does not."""
    weight: int | None = None
    """Node: how much it counts beside the others, 0 to 1, where that can be said."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A row that a pass works out from the state that it finds."""

    row: int
    node: int
    whose: str
    """What it belongs to, as messages name it: `the leakage of dprk`."""
    place: Place
    rule: str = ""
    """The rule of `docs/adjudication.md` that it follows."""
    owner: str = ""
    """The actor whose it is, or ""."""
    cause: str = ""
    """What its move is put down to, but for the pushes; "" for what it does by itself."""
    pushes: tuple[Push, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A row that holds the highest level of what was done in a stage: 0 if nothing was."""

    row: int
    acts: tuple[int, ...]
    """`acts` rows of the deeds that count."""
    levels: tuple[float, ...]
    """The level of each."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A part of a stage: decisions and assignments that all read the state it finds."""

    id: str
    rules: tuple[Rule, ...] = ()
    choices: tuple[Choice, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    """In order of row name; none of a row that the decisions' effects touch."""
    incidents: bool = False
    """Whether what is done here counts as incidents: their rows are written anew."""
    demands: tuple[Demand, ...] = ()
    """What must hold in every run."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Its rules, then its choices."""
        return (*self.rules, *self.choices)


@dataclass(frozen=True, slots=True)
class Waves:
    """Passes that are played again and again, in the runs that still have something to settle.

    What their decisions fired or chose stays in its row until the turn ends: each is taken once a turn.
    """

    id: str
    open: int
    """Node: whether a run has something to settle."""
    finding: Pass
    """Finds out what there is to settle."""
    found: int
    """Node, after that: whether there is anything. Where there is not, the rest of the wave is not played."""
    passes: tuple[Pass, ...]
    """The rest of a wave."""
    place: Place


Step = Pass | Waves


@dataclass(frozen=True, slots=True)
class Stages:
    """What the constructs of the domain add to a turn, stage by stage."""

    opening: tuple[Step, ...] = ()
    """At turn 0, before indicators: what stands on the first values of attributes and perceptions."""
    clearing: tuple[Step, ...] = ()
    """Before stage 1: what speaks of one turn only is set back."""
    perceiving: tuple[Step, ...] = ()
    """After stage 2: beliefs, and what else must be known before anyone decides."""
    delivering: tuple[Step, ...] = ()
    """Before stage 5: what was promised in an earlier turn for this one."""
    answering: tuple[Step, ...] = ()
    """Stage 5: calls and answers; again in every crisis round."""
    voting: tuple[Step, ...] = ()
    """Stage 6: bodies vote."""
    settling: tuple[Step, ...] = ()
    """Stage 7, before dynamics: flows, sanctions."""

    def passes(self) -> Iterator[Pass]:
        """Every pass, in the order of play; one inside waves once."""
        stages = (
            *(self.opening, self.clearing, self.perceiving, self.delivering),
            *(self.answering, self.voting, self.settling),
        )
        for step in (step for steps in stages for step in steps):
            yield from (step,) if isinstance(step, Pass) else (step.finding, *step.passes)


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
    without: tuple[str, ...] = ()
    """Rules of adjudication that were left out, in order."""
    warnings: tuple[Diagnostic, ...] = ()
    """What was found doubtful while it was compiled; `sim.compile.find_warnings` looks further."""

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
