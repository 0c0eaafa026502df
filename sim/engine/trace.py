"""What a decision was made on, recorded while it is made; never narrated afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim.compile import program as pr
from sim.engine.provenance import PolicyRecord


def recorded(value: Any) -> Any:
    """A copy of a vector: one that is a row of the state would change when the state does."""
    return None if value is None else np.copy(value)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """When decisions were taken together, and on what: in a stage, a wave of it or a crisis round."""

    turn: int
    runs: Any
    """The runs in which they were asked for, shape `(runs,)`: in waves and later rounds not all."""
    values: Any
    """The state that they were decided on, shape `(variables, runs)`."""
    before: int
    """How many changes had been recorded by then."""
    round: int
    """From 1 on; 1 outside of a crisis too."""
    rounds: int
    """Crisis rounds in the turn."""


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule or inject in one turn. Vectors have shape `(runs,)`, or `()` where all runs agree; None: not
    looked at.
    """

    moment: Moment
    rule: pr.Rule
    gate: Any
    """Truth: whether it could fire at all."""
    level: Any
    """Probability; for a count its mean."""
    drawn: Any
    """The uniform number."""
    fired: Any
    """How often it fired."""
    ordered: str
    """The option of an order, or ""."""
    crisis: Any
    """Truth: whether it was decided in crisis rounds."""
    campaign: Any = None
    """Truth: whether its campaign was on."""
    by: PolicyRecord | None = None
    """The policy written in Python that decided."""

    @property
    def turn(self) -> int:
        """In which it was decided."""
        return self.moment.turn


@dataclass(frozen=True, slots=True)
class ChoiceTrace:
    """One take of a choice in one turn."""

    moment: Moment
    choice: pr.Choice
    take: int
    taken_up: Any
    available: tuple[Any, ...]
    utilities: tuple[Any, ...]
    """With the bias, without luck; per option."""
    scores: tuple[Any, ...]
    temperature: Any
    drawn: tuple[Any, ...]
    chosen: Any
    """0, or 1 + index of the option."""
    ordered: str
    crisis: Any
    """Truth: whether it was taken in crisis rounds."""
    by: PolicyRecord | None = None
    """The policy written in Python that decided."""
    said: tuple[Any, ...] = ()
    """The utilities that it gave, per option, without the bias; none if it decided itself."""
    level: Any = None
    """Probability of being taken up, where that is left to chance."""
    up_drawn: Any = None
    """The uniform number that decided whether it is taken up."""
    noises: tuple[Any, ...] = ()
    """Luck of each option in units of the temperature: the score is utility + temperature * noise."""
    scales: tuple[Any, ...] = ()
    """The scale of each nest."""

    @property
    def turn(self) -> int:
        """In which it was taken."""
        return self.moment.turn


@dataclass(frozen=True, slots=True)
class ChangeTrace:
    """One change of one variable. Vectors have shape `(runs,)` or `()`."""

    turn: int
    row: int
    cause: str
    """A decision's name, or what else moved it, such as `signal summit`; "" for what it did by itself."""
    operator: Literal["+=", "="]
    value: Any
    """What was added, with its sign; or what it was set to."""
    moved: Any
    """By how much that moved it, before its range was kept."""
    happened: Any
    """Truth: in which runs."""
    weight: Any = None
    """How much it counted beside the other causes, 0 to 1, where that can be said."""
    node: int | None = None
    """What it was worked out from, of a pass; None for all else."""
    found: Any = None
    """What the pass found in the rows that the node reads, in their order, shape `(rows, runs)`."""


@dataclass(frozen=True, slots=True)
class PassTrace:
    """A pass that works rows out, in one turn."""

    turn: int
    step: pr.Pass
    values: Any
    """The state that it found, shape `(variables, runs)`."""


@dataclass(slots=True)
class Trace:
    """Collects what the engine tells of its decisions. Changes no outcome; without one nothing is
    collected.
    """

    rules: list[RuleTrace] = field(default_factory=list)
    choices: list[ChoiceTrace] = field(default_factory=list)
    changes: list[ChangeTrace] = field(default_factory=list)
    """In the order of play."""
    passes: list[PassTrace] = field(default_factory=list)
    """Those of which there is something to tell."""
    starts: dict[int, Any] = field(default_factory=dict)
    """Turn to a copy of the values at its start, on which injects and the world's events were settled."""
    states: dict[int, Any] = field(default_factory=dict)
    """Turn to a copy of the values on which its actors decided and acted, shape `(variables, runs)`."""
