"""What need not be worked out again: values of nodes that no turn changes, and what follows from them alone.

Kept while one ensemble plays some turns. Only saves work: whatever is taken from here has the bits that
working it out again would give.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.plan import Plan
from sim.engine.state import State


class Kept:
    """Constant nodes of one ensemble, and results that depend on a constant node and the length of a turn."""

    def __init__(self, program: pr.Program, state: State, plan: Plan) -> None:
        self._program = program
        self._state = state
        self._constant = plan.constant
        self._functions = plan.fused.functions
        self.stack = plan.fused.stack
        self._pending = list(plan.fused.lasting)
        self._values: list[Any] = list(plan.numbers)
        self._results: dict[tuple[str, int | tuple[int, ...], float], Any] = {}

    def evaluator(self, turn: int) -> Evaluator:
        """A fresh evaluator for a stage, with the constant nodes filled in."""
        return Evaluator(self._program, self._state, turn, self._values, self._functions)

    def keep(self, ev: Evaluator) -> None:
        """Take over what a stage has worked out."""
        memo, bad = ev.memo, ev.bad
        found = [index for index in self._pending if memo[index] is not None and index not in bad]
        if found:
            for index in found:
                self._values[index] = memo[index]
            self._pending = [index for index in self._pending if self._values[index] is None]

    def result(self, purpose: str, of: int | tuple[int, ...], dt: float, work_out: Callable[[], Any]) -> Any:
        """A result of the value of a node, or several, and dt alone: worked out once if constant."""
        if not self._constant.issuperset((of,) if isinstance(of, int) else of):
            return work_out()
        key = (purpose, of, dt)
        if key not in self._results:
            self._results[key] = work_out()
        return self._results[key]
