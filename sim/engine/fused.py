"""Expressions as Python functions: what is asked for often is written out as one function without detours.

The interpreter (`sim.engine.evaluate`) calls several functions for each node, which costs more than the
arithmetic while an ensemble has but some thousand runs. A node that has been worked out often enough is
therefore turned into a function that works out its whole tree, down to nodes that others share, with the same
operations in the same order: the same bits. Assignments of a pass that are alike are worked out at once. When
something cannot be computed in a run that takes that way, the function gives up and leaves the node to the
interpreter, which knows whom to blame.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.evaluate import Evaluator, bounds, interpreted, proper
from sim.engine.stacks import Alike, Function, Nodes, Stack
from sim.engine.vectors import everywhere
from sim.engine.written import LIGHTEST, PLAIN, WRITTEN, Writer, column, picked

OFTEN: Final = 48
"""Writing a function costs about as much as interpreting its nodes so many times."""


@dataclass(frozen=True, slots=True)
class Together:
    """Assignments of a pass whose trees are alike, worked out at once."""

    rows: Any
    """What picks their rows of a state."""
    low: Any
    """Least values that they may hold, as `written.column` gives them."""
    high: Any
    function: Function


class Fused:
    """The functions of a Program's nodes, made as they are needed.

    `functions[node](ev)` works the node out, whatever it is; ask an evaluator rather than calling it.
    """

    def __init__(self, program: pr.Program, constant: frozenset[int]) -> None:
        self._kept_elsewhere = weakref.ref(program)  # a plan, which holds this, goes when its Program goes
        self._heads = _heads(program, constant)
        self.lasting = tuple(sorted(index for index in self._heads if index in constant))
        """Constant nodes that are worth keeping from turn to turn."""
        self.functions: list[Function] = [
            self._counting(index) if program.nodes[index].op in WRITTEN else _interpreting(index)
            for index in range(len(program.nodes))
        ]
        self._stacks: dict[Nodes, Stack] = {}
        self._passes: dict[str, int] = defaultdict(int)
        self._alike: dict[str, tuple[tuple[Together, ...], tuple[pr.Assignment, ...]]] = {}

    @property
    def _program(self) -> pr.Program:
        program = self._kept_elsewhere()
        assert program is not None  # who asks for a node has it
        return program

    def _counting(self, index: int) -> Function:
        """Interprets the node until it has been asked for often, then puts a function of its own in place."""
        left = OFTEN

        def count(ev: Evaluator) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                self.functions[index] = _written(self._function((index,)), index)
            return interpreted(ev, index)

        return count

    def _function(self, nodes: Nodes) -> Function:
        return Writer(self._program, self._heads, nodes, self.stack).function()

    def stack(self, nodes: Nodes) -> Stack:
        """What gives the values of some nodes, truths or numbers, together."""
        found = self._stacks.get(nodes)
        if found is None:
            found = self._stacks[nodes] = Stack(nodes, OFTEN, self._alike_among)
        return found

    def _alike_among(self, nodes: Nodes) -> list[Alike]:
        kinds: dict[Hashable, list[int]] = defaultdict(list)
        for node in nodes:
            op = self._program.nodes[node].op
            if op not in PLAIN:
                kinds[op if op == "normal" else self._form(node, top=True)].append(node)
        return [
            Alike(tuple(alike), self._normals(alike) if form == "normal" else self._function(tuple(alike)))
            for form, alike in kinds.items()
            if form is not None and len(alike) > 1
        ]

    def _normals(self, nodes: Sequence[int]) -> Function:
        keys = [self._program.draws[self._program.nodes[node].draw].key for node in nodes]

        def draw(ev: Evaluator) -> Any:
            state = ev.state
            return ar.normal_quantile(luck.uniforms(state.seed, state.stream, state.lanes, ev.turn, keys))

        return draw

    def assigned(self, ev: Evaluator, step: pr.Pass) -> tuple[list[tuple[Any, Any]], Sequence[pr.Assignment]]:
        """What a pass assigns, as far as it can be worked out together: what picks the rows, and their values
        of shape `(rows, runs)`; and the assignments that are left to be worked out one by one.
        """
        found = self._alike.get(step.id)
        if found is None:
            self._passes[step.id] += 1
            if self._passes[step.id] < OFTEN:
                return [], step.assignments
            found = self._alike[step.id] = self._sorted(step)
        together, alone = found
        changes = []
        for alike in together:
            values = alike.function(ev)
            if values is None or not everywhere(proper(values, alike.low, alike.high)):
                return [], step.assignments  # in their order, so that the first that fails is blamed
            changes.append((alike.rows, values if values.base is None else values.copy()))
        return changes, alone

    def _sorted(self, step: pr.Pass) -> tuple[tuple[Together, ...], tuple[pr.Assignment, ...]]:
        kinds: dict[Hashable, list[pr.Assignment]] = defaultdict(list)
        for assignment in step.assignments:
            kinds[self._form(assignment.node, top=True)].append(assignment)
        together, alone = [], []
        for form, assignments in kinds.items():
            if form is None or len(assignments) == 1:
                alone += assignments
            else:
                together.append(self._together(assignments))
        return tuple(together), tuple(alone)

    def _form(self, index: int, *, top: bool = False) -> Hashable:
        """What trees that are alike have in common; None for a tree that is nothing but an asked node."""
        node = self._program.nodes[index]
        if node.op in PLAIN:
            return node.op, node.truth
        if node.op not in WRITTEN or (index in self._heads and not top):
            return None
        return node.op, tuple(self._form(argument) for argument in node.args)

    def _together(self, assignments: Sequence[pr.Assignment]) -> Together:
        nodes = tuple(assignment.node for assignment in assignments)
        low, high = zip(*(bounds(self._program.variables[one.row]) for one in assignments), strict=True)
        return Together(
            picked([assignment.row for assignment in assignments]),
            column([np.float64(bound) for bound in low]),
            column([np.float64(bound) for bound in high]),
            self._function(nodes),
        )


def _written(function: Function, index: int) -> Function:
    def ask(ev: Evaluator) -> Any:
        found = function(ev)
        return interpreted(ev, index) if found is None else found

    return ask


def _interpreting(index: int) -> Function:
    return lambda ev: interpreted(ev, index)


def _heads(program: pr.Program, constant: frozenset[int]) -> frozenset[int]:
    """Nodes worked out by a function of their own and kept for the rest of a stage: what stands alone, what
    several others read, and the constant nodes that others begin with (they are worked out once a play).
    """
    readers = [0] * len(program.nodes)
    moving = [False] * len(program.nodes)
    light = [_is_light(program, node) for node in program.nodes]
    for index, node in enumerate(program.nodes):
        for argument in node.args:
            readers[argument] += 1
            moving[argument] |= index not in constant
    return frozenset(
        index
        for index, node in enumerate(program.nodes)
        if node.op not in PLAIN
        and (
            (readers[index] != 1 and not light[index])
            or node.op not in WRITTEN
            or (index in constant and moving[index])
        )
    )


def _is_light(program: pr.Program, node: pr.Node) -> bool:
    """Whether it is one quick operation on rows and numbers: quicker done again than asked for."""
    return node.op in LIGHTEST and all(program.nodes[argument].op in PLAIN for argument in node.args)
