"""Expressions at work: values and parts on the state that a decision was taken on, and what made them so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sim.analysis.accounts import Cause, Part, Reading, Worked
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.state import State
from sim.engine.trace import ChangeTrace, Trace
from sim.engine.vectors import Floats

_BACK: Final = 6
"""Turns back that causes are told of."""
_MOST: Final = 4
"""Causes of one reading."""
_NOTHING: Final = 1e-12
"""A cause that is smaller beside the largest is what rounding left."""


class Then(Evaluator):
    """Values on the state on which a decision was taken."""

    def __init__(self, program: pr.Program, state: State, turn: int, before: int) -> None:
        super().__init__(program, state, turn)
        self.before = before
        """How many changes had been made by then."""


@dataclass(frozen=True, slots=True)
class Working:
    """One turn of one run that was played with a trace."""

    program: pr.Program
    state: State
    """After the last turn that was played."""
    trace: Trace
    turn: int

    def on(self, values: Floats, before: int) -> Then:
        """Values of expressions on a state of shape `(variables, 1)`, when so many changes had been made."""
        state = State(values, self.state.runs, self.state.seed, self.state.stream, self.turn - 1)
        return Then(self.program, state, self.turn, before)

    @property
    def first_change(self) -> int:
        """How many changes came before the turn."""
        return sum(change.turn < self.turn for change in self.trace.changes)

    def worked(self, ev: Then, node: int, *, whole: bool = False) -> Worked:
        """An expression at work; of a rate what was written, unless the whole (per year) is asked for."""
        written = self._written(node)
        source = self.program.sources.get(written, pr.Source("", (), ()))
        with np.errstate(all="ignore"):
            value = one(ev.value(node if whole else written))
            parts = tuple(self._part(ev, term) for term in source.terms)
        return Worked(source.text, value, parts, source.joint)

    def _written(self, node: int) -> int:
        """The node of the expression as it was written: of a rate, without its conversion to years."""
        sources = self.program.sources
        if node in sources:
            return node
        return next((inner for inner in self.program.nodes[node].args if inner in sources), node)

    def _part(self, ev: Then, term: pr.Term) -> Part:
        value = one(ev.value(term.node))
        failed = ev.failed_in(term.node)
        readings = tuple(
            self._reading(ev, row)
            for row in sorted(self.program.reads(term.node))
            if self.program.variables[row].kind != "parameter"
        )
        return Part(term.text, value, term.sign, readings, failed, self.program.nodes[term.node].truth)

    def _reading(self, ev: Then, row: int) -> Reading:
        causes = causes_of(self.changes_of(row, ev.before), self.turn)
        return Reading(self.program.variables[row].name, float(ev.state.values[row, 0]), causes[:_MOST])

    def changes_of(self, row: int, before: int | None = None) -> list[ChangeTrace]:
        """What moved a variable in the last turns, of the changes before one (or of all)."""
        return [
            change
            for change in self.trace.changes[:before]
            if change.row == row and change.turn >= self.turn - _BACK and one(change.happened)
        ]


def causes_of(changes: Iterable[ChangeTrace], turn: int) -> tuple[Cause, ...]:
    """The causes of some changes, the largest first; what a variable did by itself is one."""
    found: dict[tuple[int, str], Cause] = {}
    for change in changes:
        key = (change.turn if change.cause else turn, change.cause)
        known = found.get(key, Cause(*key, 0.0))
        weight = known.weight if change.weight is None else one(change.weight)
        found[key] = replace(known, change=known.change + one(change.moved), weight=weight)
    largest = max((abs(cause.change) for cause in found.values()), default=0.0)
    causes = [cause for cause in found.values() if abs(cause.change) > largest * _NOTHING]
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.change), cause.turn, cause.what)))


def said(text: str, value: float) -> Worked:
    """A number that came without its parts."""
    return Worked(text, value, (Part(text, value, "+", ()),))


def one(value: Any) -> float:
    """The value of a run that is alone."""
    return float(np.asarray(value).reshape(-1)[0])
