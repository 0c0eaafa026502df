"""Expressions at work: values and parts on the state that a decision was taken on, and what made them so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from sim.analysis.accounts import Part, Reading, Worked
from sim.analysis.causes import Causes
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.state import State
from sim.engine.trace import Trace
from sim.engine.vectors import Floats, one

_MOST: Final = 4
"""Causes of one reading."""


class Then(Evaluator):
    """Values on the state on which a decision was taken."""

    def __init__(self, program: pr.Program, state: State, turn: int, before: int) -> None:
        super().__init__(program, state, turn)
        self.before = before
        """How many changes had been made by then."""


@dataclass(frozen=True)
class Working:
    """One turn of one run that was played with a trace."""

    program: pr.Program
    state: State
    """After the last turn that was played."""
    trace: Trace
    turn: int

    @cached_property
    def causes(self) -> Causes:
        """What moved variables of late, and by whose doing."""
        return Causes(self.program, self.trace, self.turn, lambda values: self.on(values, 0))

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
        causes = self.causes.of(row, ev.before)
        return Reading(self.program.variables[row].name, float(ev.state.values[row, 0]), causes[:_MOST])


def said(text: str, value: float) -> Worked:
    """A number that came without its parts."""
    return Worked(text, value, (Part(text, value, "+", ()),))
