"""What need not be worked out again: values of nodes that no turn changes, and what follows from them alone.

Kept while one ensemble plays some turns. Only saves work: whatever is taken from here has the bits that
working it out again would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

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
        self._current: Evaluator | None = None
        """Of the state as it is now, if anybody has asked since it was last changed."""
        self._last: Evaluator | None = None
        self._written: set[int] = set()
        """Rows that were written to."""
        self._numbers = np.arange(len(program.variables))
        self._results: dict[tuple[str, int | tuple[int, ...], float], Any] = {}

    def evaluator(self, turn: int) -> Evaluator:
        """An evaluator of the state as it is now, with the constant nodes filled in. It serves until the next
        is asked for.
        """
        if self._current is None or self._current.turn != turn:
            self._last = Evaluator(self._program, self._state, turn, self._memo(), self._functions)
            self._current = self._last
        return self._current

    def _memo(self) -> list[Any]:
        """Values of constant nodes, and None for every other: the last evaluator's list, cleared. There are
        thousands of nodes, and a stage works out few of them.
        """
        last, values = self._last, self._values
        if last is None:
            return values.copy()
        memo, last.memo = last.memo, []
        for index in last.filled:
            memo[index] = values[index]
        return memo

    def write(self, changes: Iterable[tuple[Any, Any]]) -> None:
        """Change rows of the state, each picked by its number, a stretch or a list of them: the only way to
        do so within a turn. Between turns anybody may: a turn begins with a fresh evaluator.
        """
        values = self._state.values
        for rows, new in changes:
            values[rows] = new
            self._current = None
            if isinstance(rows, int):
                self._written.add(rows)
            else:
                self._written.update(self._numbers[rows])

    def take_over(self, part: Kept, columns: Any) -> None:
        """Write what was written to a part of the ensemble, whose runs stand in these columns."""
        rows = np.array(sorted(part._written), dtype=np.intp)
        self._state.values.reshape(-1)[self._state.places(rows, columns)] = part._state.values[rows]
        self._written |= part._written
        self._current = None

    def keep(self, ev: Evaluator) -> None:
        """Take over what a stage has worked out."""
        memo, bad = ev.memo, ev.bad
        found = [index for index in self._pending if memo[index] is not None and index not in bad]
        if found:
            for index in found:
                self._values[index] = memo[index]
            self._pending = [index for index in self._pending if self._values[index] is None]

    def lasts(self, node: int) -> bool:
        """Whether a node's value is the same in every turn."""
        return node in self._constant

    def result(self, purpose: str, of: int | tuple[int, ...], dt: float, work_out: Callable[[], Any]) -> Any:
        """A result of the value of a node, or several, and dt alone: worked out once if constant."""
        if not self._constant.issuperset((of,) if isinstance(of, int) else of):
            return work_out()
        key = (purpose, of, dt)
        if key not in self._results:
            self._results[key] = work_out()
        return self._results[key]
