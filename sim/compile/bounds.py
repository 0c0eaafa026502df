"""Bounds of what the expressions of a Program come to and its decisions do, given bounds of its rows.

Sound, not complete (see `sim.compile.intervals`): variables are taken to be independent of each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sim.compile import intervals as iv
from sim.compile import program as pr
from sim.compile.intervals import Interval

_LUCK: Final = (-3.2, 22.9)
"""Bounds of a standard Gumbel number made of a word of 32 bits: -log(-log(u)), u not below 2**-33."""
_LUCK_IN_NESTS: Final = (-4.0, 45.0)
"""Bounds of the same within a nest of any scale: what its options share is never far below 0."""
_NORMAL: Final = (-7.0, 7.0)
"""Bounds of a standard normal number made of such a word."""


class Reach:
    """Bounds of rows and nodes while some turns are played."""

    def __init__(self, program: pr.Program, rows: tuple[Interval, ...], first: int, last: int) -> None:
        self._program = program
        self.rows = rows
        self._first = first
        self._last = last
        self._nodes: dict[int, Interval] = {}

    def during(self, first: int, last: int) -> Reach:
        """The same in some of the turns only."""
        return Reach(self._program, self.rows, first, last)

    def node(self, index: int | None) -> Interval:
        """Bounds of a node's value; without a node, true."""
        if index is None:
            return iv.TRUE
        found = self._nodes.get(index)
        if found is None:
            found = self._nodes[index] = self._worked_out(self._program.nodes[index])
        return found

    def _worked_out(self, node: pr.Node) -> Interval:
        clock = self._program.clock
        match node.op:
            case "const":
                return iv.point(node.value)
            case "row":
                return self.rows[node.row]
            case "elapsed":
                return iv.between(clock.elapsed(self._first), clock.elapsed(self._last))
            case "turn":
                return iv.between(float(self._first), float(self._last))
            case "dt":
                return self._length(int(node.value))
            case "normal":
                return iv.between(*_NORMAL)
            case "since_turn":
                return iv.truth(self._last >= node.value, self._first < node.value)
            case "if":
                return self._conditional(node)
            case "and" if self._contradicts_itself(node):
                return iv.FALSE
        if len(node.args) == 2 and node.args[0] == node.args[1]:  # noqa: PLR2004 - both sides are one
            return self._twice(node)
        operation = iv.OPERATIONS.get(node.op)
        if operation is None:
            return iv.ANYTHING
        return operation(*(self.node(argument) for argument in node.args))

    def _length(self, back: int) -> Interval:
        """Length of the turn so many turns back, in years; 0 before the first."""
        clock = self._program.clock
        turns = (turn - back for turn in range(self._first, self._last + 1))
        lengths = [clock.dt(turn) if turn >= 1 else 0.0 for turn in turns]
        return iv.between(min(lengths), max(lengths))

    def _conditional(self, node: pr.Node) -> Interval:
        condition, then, otherwise = node.args
        chosen = self.node(condition)
        if chosen.always:
            return self.node(then)
        if chosen.never:
            return self.node(otherwise)
        return self.node(then).joined(self.node(otherwise))

    def _twice(self, node: pr.Node) -> Interval:
        """An operation on a value and itself."""
        side = self.node(node.args[0])
        sound = not (side.nan or side.infinite)
        if node.op == "mul":
            return iv.square(side)
        if node.op == "sub" and sound:
            return iv.point(0.0)
        if node.op in ("le", "ge", "eq") and sound:
            return iv.TRUE
        if node.op in ("lt", "gt") or (node.op == "ne" and sound):
            return iv.FALSE
        return iv.OPERATIONS[node.op](side, side)

    # Conditions that exclude each other

    def _contradicts_itself(self, node: pr.Node) -> bool:
        """Whether comparisons that must all hold leave some value no room: `x > 0.7 and x < 0.3`."""
        room: dict[int, Interval] = {}
        for index in self._operands(node):
            for side, wanted in self._demands(self._program.nodes[index]):
                left = room.get(side, self.node(side)).cut(wanted)
                if left is None:
                    return True
                room[side] = left
        return False

    def _operands(self, node: pr.Node) -> Iterator[int]:
        for index in node.args:
            inner = self._program.nodes[index]
            if inner.op == "and":
                yield from self._operands(inner)
            else:
                yield index

    def _demands(self, node: pr.Node) -> Iterator[tuple[int, Interval]]:
        """What a comparison that holds says of its sides."""
        if node.op not in ("lt", "le", "gt", "ge", "eq"):
            return
        smaller, larger = node.args if node.op in ("lt", "le", "eq") else node.args[::-1]
        low, high = self.node(smaller).low, self.node(larger).high
        if node.op == "eq":
            one, other = self.node(smaller), self.node(larger)
            yield smaller, replace(other, infinite=True)
            yield larger, replace(one, infinite=True)
            return
        if node.op in ("lt", "gt"):
            low, high = math.nextafter(low, math.inf), math.nextafter(high, -math.inf)
        yield smaller, Interval(-math.inf, high, infinite=True)
        yield larger, Interval(low, math.inf, infinite=True)

    # What can be decided

    def fires(self, rule: pr.Rule) -> bool:
        """Whether a rule, event or inject can ever fire."""
        if rule.kind == "inject":
            assert rule.due is not None
            turn = rule.due.index(True)
            now = self.during(turn, turn)
            return not now.node(rule.gate).never and (rule.rate is None or now.node(rule.rate).high > 0.0)
        if self.node(rule.gate).never or not _comes_up(rule):
            return False
        if rule.campaign is not None and not self.node(rule.campaign.starts).high > 0.0:
            return False
        return rule.rate is None or self.node(rule.rate).high > 0.0

    def taken_up(self, choice: pr.Choice) -> bool:
        """Whether a choice is ever taken up."""
        if self.node(choice.gate).never or not _comes_up(choice):
            return False
        return choice.rate is None or self.node(choice.rate).high > 0.0

    def chosen(self, choice: pr.Choice) -> tuple[bool, ...]:
        """Which of the options can be chosen."""
        if not self.taken_up(choice):
            return (False,) * len(choice.options)
        scores = [self._score(choice, index) for index in range(len(choice.options))]
        sure = [
            score.low
            for option, score in zip(choice.options, scores, strict=True)
            if self.node(option.gate).always and not score.nan
        ]
        bar = max(sure, default=-math.inf)
        return tuple(
            not self.node(option.gate).never and not score.high < bar
            for option, score in zip(choice.options, scores, strict=True)
        )

    def _score(self, choice: pr.Choice, index: int) -> Interval:
        """Utility, bias if it can have it, and luck."""
        score = self.node(choice.options[index].utility)
        if choice.bias is not None and choice.status_quo in (-1, index):
            bias = self.node(choice.bias)
            score = iv.plus(score, bias if choice.status_quo == index else bias.joined(iv.FALSE))
        temperature = self.node(choice.temperature).clamped(0.0, math.inf)
        nested = any(index in nest.options for nest in choice.nests)
        luck = iv.between(*(_LUCK_IN_NESTS if nested else _LUCK))
        return iv.plus(score, iv.times(temperature, luck))


def _comes_up(decision: pr.Decision) -> bool:
    """Whether a decision is due in some turn; in a crisis it comes up whether or not it is due."""
    return decision.due is None or decision.crisis >= 0 or any(decision.due[1:])
