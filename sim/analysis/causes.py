"""What moved a variable of late, and by whose doing.

Effects and signals carry their cause. What a pass works out does not: there the doers are found by asking, on
the very state that the pass found, which of the things done in the turn made a difference to the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.analysis.accounts import Cause
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.trace import ChangeTrace, Trace
from sim.engine.vectors import Floats, one

BACK: Final = 6
"""Turns back that causes are told of."""
_NOTHING: Final = 1e-12
"""A cause that is smaller beside the largest is what rounding left."""

EvaluatorOn = Callable[[Floats], Evaluator]


class Causes:
    """Causes in one turn of one run."""

    def __init__(self, program: pr.Program, trace: Trace, turn: int, evaluator_on: EvaluatorOn) -> None:
        self._program = program
        self._trace = trace
        self._turn = turn
        self._evaluator_on = evaluator_on
        self._chains: dict[int, dict[str, int]] = {}

    def of(self, row: int, before: int | None = None, *, back: int = BACK) -> tuple[Cause, ...]:
        """What moved a variable in the last turns, of the changes before one (or of all): the largest first.

        What it did by itself is one. The records of a decision speak of nothing else, and what is set back
        every turn remembers only this one.
        """
        if row in self._records:
            return ()
        clearing = self._clearing.get(row)
        first = self._turn - back if clearing is None else self._turn
        found: dict[tuple[int, str], Cause] = {}
        for index, change in self._changes(row, before):
            if change.turn >= first and (clearing is None or change.node != clearing):
                what = change.cause or ", ".join(self._doers(index))
                key = (change.turn if what else self._turn, what)
                known = found.get(key, Cause(*key, 0.0))
                weight = known.weight if change.weight is None else one(change.weight)
                found[key] = replace(known, change=known.change + one(change.moved), weight=weight)
        return tuple(_in_order(found.values()))

    def _changes(self, row: int, before: int | None = None) -> Iterator[tuple[int, ChangeTrace]]:
        for index in self._by_row.get(row, ()):
            if (before is None or index < before) and one(self._trace.changes[index].happened):
                yield index, self._trace.changes[index]

    # Who is behind what a pass worked out

    def _doers(self, index: int) -> list[str]:
        """Decisions of the turn but for which a change had not come about: of a chain (the attack, the call,
        the answer) those taken last. None if it came by itself.
        """
        found = self._chain(index)
        last = max(found.values(), default=0)
        return sorted(name for name, taken in found.items() if taken == last)

    def _chain(self, index: int) -> dict[str, int]:
        """What led to a change, and when it was decided: the number of changes made before. Each change is
        looked into once, however many others rest on it.
        """
        if index not in self._chains:
            self._chains[index] = dict(self._links(index))
        return self._chains[index]

    def _links(self, index: int) -> Iterator[tuple[str, int]]:
        change = self._trace.changes[index]
        if change.found is None or change.turn not in self._trace.states:
            return
        for row in self._decisive(index, change):
            if row in self._records:
                yield self._records[row], self._taken(self._records[row], index)
            else:
                made = [(at, one) for at, one in self._changes(row, index) if one.turn == change.turn]
                for at, one in _latest(made) if row in self._incidents else made:
                    if one.cause:
                        yield one.cause, self._taken(one.cause, at)
                    else:
                        yield from self._chain(at).items()

    def _taken(self, name: str, index: int) -> int:
        """When a decision was last taken before a change; of what is no decision, when it made the change."""
        return max((moment for moment in self._moments.get(name, ()) if moment <= index), default=index)

    @cached_property
    def _moments(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for rule in self._trace.rules:
            found.setdefault(rule.rule.name, []).append(rule.moment.before)
        for choice in self._trace.choices:
            found.setdefault(choice.choice.name, []).append(choice.moment.before)
        return found

    def _decisive(self, index: int, change: ChangeTrace) -> list[int]:
        """Rows that were moved in the turn, without which the value would be another."""
        assert change.node is not None
        rows = sorted(self._program.reads(change.node))
        found = self._trace.states[change.turn].copy()
        found[rows] = change.found
        value = one(self._evaluator_on(found).value(change.node))
        decisive = []
        for row in rows:
            undone = self._undone(row, index, change.turn, float(found[row, 0]))
            if row != change.row and undone is not None:
                other = found.copy()
                other[row] = undone
                with np.errstate(all="ignore"):
                    if one(self._evaluator_on(other).value(change.node)) != value:
                        decisive.append(row)
        return decisive

    def _undone(self, row: int, index: int, turn: int, value: float) -> float | None:
        """What a row would hold if nothing had been done to it in the turn; None if nothing was."""
        if row in self._records or row in self._incidents:
            before = float(self._trace.starts[turn][row, 0]) if row in self._standing else 0.0
            return before if value != before else None
        moved = [one(change.moved) for _, change in self._changes(row, index) if change.turn == turn]
        return value - sum(moved) if moved else None

    @cached_property
    def _by_row(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index, change in enumerate(self._trace.changes):
            found.setdefault(change.row, []).append(index)
        return found

    @cached_property
    def _records(self) -> dict[int, str]:
        """Rows that say how a decision came out, and its name."""
        found = {}
        for decision in self._program.decisions.values():
            if isinstance(decision, pr.Rule):
                found[decision.fired] = decision.name
            else:
                found |= {decision.chosen: decision.name, decision.standing: decision.name}
        return found

    @cached_property
    def _standing(self) -> frozenset[int]:
        """Records that outlast the turn."""
        return frozenset(
            choice.standing for choice in self._program.decisions.values() if isinstance(choice, pr.Choice)
        )

    @cached_property
    def _incidents(self) -> frozenset[int]:
        return frozenset(incident.row for incident in self._program.incidents)

    @cached_property
    def _clearing(self) -> dict[int, int]:
        """Rows that speak of one turn only, and the nodes that set them back."""
        steps = self._program.stages.clearing
        passes = [step for step in steps if isinstance(step, pr.Pass)]
        return {assignment.row: assignment.node for step in passes for assignment in step.assignments}


def _latest(made: list[tuple[int, ChangeTrace]]) -> list[tuple[int, ChangeTrace]]:
    """Of what was written anew several times in a turn the last: changes that stand side by side."""
    kept: list[tuple[int, ChangeTrace]] = []
    for at, change in reversed(made):
        if kept and kept[-1][0] != at + 1:
            break
        kept.append((at, change))
    return kept


def _in_order(causes: Iterable[Cause]) -> list[Cause]:
    """The largest first, without what rounding left."""
    causes = list(causes)
    largest = max((abs(cause.change) for cause in causes), default=0.0)
    kept = [cause for cause in causes if abs(cause.change) > largest * _NOTHING]
    return sorted(kept, key=lambda cause: (-abs(cause.change), cause.turn, cause.what))
