"""What all reviews share: the scenario, what its Program can come to, and the words for why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final

from pydantic import BaseModel

from sim.compile import program as pr
from sim.compile.bounds import Reach
from sim.compile.dependencies import decisions_by_path, doings_of
from sim.compile.intervals import Interval
from sim.compile.reach import reach, rows_of_other_tables
from sim.compile.review.names import mentions
from sim.scenario import expressions as ex
from sim.scenario.doctrines import with_doctrines
from sim.scenario.load import PathOf, Scenario
from sim.text import Diagnostic, Diagnostics, Place, Scalar, locate

SHARED: Final = "library"
"""A folder of this name holds what scenarios share: no scenario uses all of it."""
_MOST_ROWS: Final = 2
_MOST_READ: Final = 4
_TOLD: Final = ("parameter", "attribute", "relation", "perception", "memory")


@dataclass(frozen=True, slots=True)
class Blamed:
    """The part of a condition that settles it."""

    offset: int
    node: int


class Causes(Diagnostics):
    """Collects warnings, the first of each place."""

    __slots__ = ("__dict__", "_places", "program", "scenario")

    def __init__(self, scenario: Scenario, program: pr.Program) -> None:
        super().__init__()
        self.scenario = scenario
        self.program = program
        self._places: set[Place | None] = set()

    @cached_property
    def reach(self) -> Reach:
        """What can come about."""
        return reach(self.program)

    @cached_property
    def decisions(self) -> dict[PathOf, list[pr.Decision]]:
        """All that was made of a rule, choice or inject, by its path."""
        return decisions_by_path(self.program)

    @cached_property
    def parts(self) -> dict[PathOf, BaseModel]:
        """Every part of the scenario by its path."""
        return dict(self.scenario.parts)

    @cached_property
    def perceptions(self) -> dict[Place, list[pr.Perception]]:
        """All that was made of a perception, by its place."""
        found: dict[Place, list[pr.Perception]] = defaultdict(list)
        for perception in self.program.perceptions:
            found[perception.place].append(perception)
        return found

    @cached_property
    def read(self) -> frozenset[int]:
        """Rows that something reads."""
        rows = {node.row for node in self.program.nodes if node.op == "row"}
        rows |= {row for seen in self.program.perceptions for row in (seen.of, seen.source)}
        rows |= {memory.row for memory in self.program.memories}
        rows |= {row for incident in self.program.incidents for row in incident.acts}
        return frozenset(rows | rows_of_other_tables(self.program))

    def asked(self, decision: pr.Decision) -> bool:
        """Whether something asks what was decided, or what would be: `reply` names the choice."""
        if isinstance(decision, pr.Choice):
            named = decision.id in self.mentions
            return named or not self.read.isdisjoint((decision.chosen, decision.standing))
        return decision.fired in self.read

    @cached_property
    def written(self) -> frozenset[int]:
        """Rows that something changes."""
        rows = {movement.row for movement in self.program.movements}
        rows |= {made.row for step in self.program.stages.passes() for made in step.assignments}
        for decision in self.program.decisions.values():
            for doings in doings_of(decision):
                rows |= {effect.row for effect in doings.effects}
        return frozenset(rows | rows_of_other_tables(self.program))

    @cached_property
    def mentions(self) -> dict[str, set[PathOf]]:
        """Names with the paths of the parts that mention them."""
        return mentions(self.scenario)

    def played(self, policy: str) -> bool:
        """Whether an actor has a policy, under a doctrine or another."""
        return any(
            policy
            in (*actor.policy, *(name for one in actor.doctrines.values() for name in one.policy or ()))
            for actor in self.scenario.model.actors.values()
        )

    @cached_property
    def _in_force(self) -> frozenset[str]:
        """Policies that actors play in the Program."""
        model = with_doctrines(self.scenario).model
        return frozenset(policy for actor in model.actors.values() for policy in actor.policy)

    @cached_property
    def _idle(self) -> frozenset[PathOf]:
        """Parts that take no part in play: told of, or for another doctrine."""
        model = self.scenario.model
        policies = {("policies", name) for name in model.policies if name not in self._in_force}
        others = {
            (kind, name)
            for kind, names in (("actions", model.actions), ("definitions", model.definitions))
            for name in names
            if not any(where[:2] != (kind, name) for where in self.mentions.get(name, ()))
        }
        return frozenset(policies | others)

    def awaited(self, name: str) -> bool:
        """Whether a part that takes no part in play mentions a name: it may be needed yet."""
        return any(where[:2] in self._idle for where in self.mentions.get(name, ()))

    def add(self, diagnostic: Diagnostic) -> None:
        """Take in a warning, unless its place has one already."""
        if diagnostic.place not in self._places:
            self._places.add(diagnostic.place)
            super().add(diagnostic)

    def warn(self, path: PathOf, message: str, advice: str, code: str, offset: int = 0) -> None:
        """Warn of the value at a path, or of the character at an offset of its text."""
        self.warning(self.scenario.value_place(*path, offset=offset), message, advice, code)

    def warn_key(self, path: PathOf, message: str, advice: str, code: str) -> None:
        """Warn of the key at a path."""
        self.warning(self.scenario.place(*path), message, advice, code)

    def shared(self, place: Place) -> bool:
        """Whether a place is in a file that other scenarios use too."""
        return SHARED in PurePath(place.file).parts[:-1]

    # Why something is always or never so

    def blamed(self, path: PathOf, node: int, known: Reach, *, never: bool) -> Blamed:
        """The part of a condition that makes it never (or else always) true, as narrow as can be said."""
        tree = self.tree(path)
        joint = "and" if never else "or"
        while isinstance(tree, ex.Logic) and tree.operator == joint:
            settled = (
                (part, index)
                for part, index in operands(self.program, tree, node)
                if (known.node(index).never if never else known.node(index).always)
            )
            found = next(settled, None)
            if found is None:
                break
            tree, node = found
        return Blamed(0 if tree is None else tree.offset, node)

    def tree(self, path: PathOf) -> ex.Expr | None:
        """The condition at a path, read again."""
        written = locate(self.scenario.root, path).node
        return ex.parse_expression(written.text).tree if isinstance(written, Scalar) else None

    def because(self, node: int) -> str:
        """Why an expression is what it is, in words that read on after a message; "" if there are none."""
        rows = sorted(self._rows_behind(node))
        if len(rows) > _MOST_READ:
            return ""
        words = [self._row(row, self.reach.rows[row]) for row in rows]
        told = [word for word in words if word][:_MOST_ROWS]
        return f": {' and '.join(told)}" if told else ""

    def _rows_behind(self, node: int) -> set[int]:
        """Rows that a node depends on; no more than are needed to see that they are many."""
        rows: set[int] = set()
        seen, waiting = {node}, [node]
        while waiting and len(rows) <= _MOST_READ:
            here = self.program.nodes[waiting.pop()]
            if here.op == "row":
                rows.add(here.row)
            waiting += set(here.args) - seen
            seen |= set(here.args)
        return rows

    def _row(self, row: int, bounds: Interval) -> str:
        variable = self.program.variables[row]
        words = in_words(bounds)
        if variable.kind == "act" and bounds.high == 0.0:
            action, actor, *target = variable.name.partition("[")[2].removesuffix("]").split(", ")
            return f"{action} is never done by {actor}" + (f" to {target[0]}" if target else "")
        if variable.kind not in _TOLD or not words:
            return ""
        name = variable.name.partition("@")[0]
        if variable.kind == "perception":
            perception = next(seen for seen in self.program.perceptions if seen.seen == row)
            name = f"{self.program.variables[perception.of].name} as {perception.owner} sees it"
        return f"{name} {words}"


def operands(program: pr.Program, tree: ex.Logic, node: int) -> Sequence[tuple[ex.Expr, int]]:
    """Each part of an `and` or `or`, with its node; parts that were settled before play may be missing."""
    found: list[tuple[ex.Expr, int]] = []
    for part in tree.operands[:-1]:
        made = program.nodes[node]
        if made.op != tree.operator:
            return [*found, (part, node)]
        found.append((part, made.args[0]))
        node = made.args[1]
    return [*found, (tree.operands[-1], node)]


def in_words(bounds: Interval) -> str:
    """`stays between 0 and 1`, `is always 2`, `is never below 0`; "" for what has no bounds."""
    if bounds.nan:
        return ""
    if bounds.one:
        return f"is always {bounds.low:g}"
    if math.isinf(bounds.low):
        return "" if math.isinf(bounds.high) else f"is never above {bounds.high:g}"
    if math.isinf(bounds.high):
        return f"is never below {bounds.low:g}"
    return f"stays between {bounds.low:g} and {bounds.high:g}"


def owned(decision: pr.Decision) -> str:
    """What a decision is called where it is told of."""
    if isinstance(decision, pr.Choice):
        return "choice"
    return "event" if decision.owner in ("world", "injects") else "rule"
