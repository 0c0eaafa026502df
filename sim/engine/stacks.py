"""Stacks: the values of several nodes as the rows of one array, those that are alike worked out at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.evaluate import Evaluator

Nodes = tuple[int, ...]
Function = Callable[[Evaluator], Any]


@dataclass(frozen=True, slots=True)
class Alike:
    """Nodes whose trees are alike."""

    nodes: Nodes
    function: Function
    """Their values of shape `(nodes, runs)`, or the same for all; None if one by one they must be asked."""


class Stack:
    """Values of some nodes of one kind, truths or numbers.

    Args:
        nodes: in the order of the rows; the same one may stand in several.
        often: how often it is asked for before what is alike is looked for.
        alike: finds nodes that are alike among some that differ.
    """

    __slots__ = ("_groups", "_left", "_look", "_whole", "nodes")

    def __init__(self, nodes: Nodes, often: int, alike: Callable[[Nodes], Sequence[Alike]]) -> None:
        self.nodes = nodes
        self._look = alike
        self._left = often
        self._groups: Sequence[Alike] = ()
        self._whole = False
        """Whether the one group is all there is, in order."""

    def __call__(self, ev: Evaluator) -> Any:
        """Shape `(nodes, runs)`, not to be written to. What cannot be computed is in `ev.bad`, as ever."""
        found = ev.stacks.get(self)
        if found is None:
            found = ev.stacks[self] = self._worked_out(ev)
        return found

    def _worked_out(self, ev: Evaluator) -> Any:
        self._left -= 1
        if self._left == 0:
            self._groups = self._look(tuple(dict.fromkeys(self.nodes)))
            self._whole = len(self._groups) == 1 and self._groups[0].nodes == self.nodes
        memo, runs = ev.memo, len(ev.state.runs)
        for group in self._groups:
            if any(memo[node] is None for node in group.nodes):
                values = group.function(ev)
                if values is None:
                    continue
                for node, row in zip(group.nodes, _rows(values, len(group.nodes), runs), strict=True):
                    memo[node] = row
                ev.filled += group.nodes
                if self._whole and values.shape == (len(group.nodes), runs):
                    return values
        return self._gathered(ev)

    def _gathered(self, ev: Evaluator) -> Any:
        first = ev.value(self.nodes[0])
        rows = np.empty((len(self.nodes), len(ev.state.runs)), first.dtype)
        rows[0] = first
        for place, node in enumerate(self.nodes[1:], 1):
            rows[place] = ev.value(node)
        return rows


def _rows(values: Any, nodes: int, runs: int) -> Sequence[Any]:
    """The value of each node: of shape `(runs,)`, or `()`."""
    if values.shape in {(), (runs,)}:
        return [values] * nodes
    rows: Sequence[Any] = values if values.shape == (nodes, runs) else values[:, 0]
    return rows
