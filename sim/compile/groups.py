"""Groups: one agent with many members, who take part once a signal reaches each one's threshold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Final

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.program import Term
from sim.compile.scope import LoweringError, Scope, arity, listed
from sim.scenario import expressions as ex
from sim.scenario.clock import Duration
from sim.scenario.groups import Matter
from sim.scenario.load import PathOf
from sim.text import quoted

_STEPS_A_HALF_LIFE: Final = 16
_MAX_STEPS: Final = 64


@dataclass(frozen=True)
class _Issue:
    """A matter of a group."""

    group: str
    id: str
    part: Matter

    @property
    def path(self) -> PathOf:
        return ("groups", self.group, "matters", self.id)

    @property
    def share(self) -> str:
        return f"share[{self.group}, {self.id}]"

    @property
    def halfway(self) -> str:
        return f"halfway[{self.group}, {self.id}]"


class Groups:
    """Groups: `docs/adjudication.md`, section G."""

    rules: ClassVar[Mapping[str, str]] = {
        "G1": "Thresholds",
        "G2": "Half-life",
        "G3": "Cascade",
        "G4": "Margin",
        "G5": "Members",
        "G6": "Gate",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._scenario = lowering.scenario
        self._builder = lowering.builder
        self._made = made
        self._without = without
        self._c = Composer(lowering)
        self._cascading = False
        """Whether some signal depends on a share."""

    def readers(self) -> Mapping[str, Reader]:
        """Functions of groups."""
        return {"share": self._share, "joined": self._joined, "members": self._members}

    # What expressions may ask

    def _group(self, name: ex.Expr, tree: ex.Call, scope: Scope, form: str) -> str:
        groups = self._scenario.model.groups
        if not isinstance(name, ex.Name):
            raise LoweringError(scope.path, tree.offset, f"{tree.function}() asks for a group", form)
        actor = self._lowering.names.actor(name.id, name.offset, scope)
        if actor not in groups:
            raise LoweringError(
                scope.path,
                name.offset,
                f"{actor} is not a group",
                listed(
                    sorted(groups.keys() & self._lowering.symbols.actors),
                    "an actor with an entry under 'groups'",
                ),
                code="not-of-actor",
            )
        return actor

    def _share(self, tree: ex.Call, scope: Scope) -> int:
        form = f"{tree.function}(GROUP, MATTER)"
        arity(tree, scope, 2, form)
        group = self._group(tree.arguments[0], tree, scope, form)
        matter, matters = tree.arguments[1], self._scenario.model.groups[group].matters
        if not isinstance(matter, ex.Name):
            raise LoweringError(scope.path, tree.offset, f"{tree.function}() asks for a matter", form)
        if matter.id not in matters:
            raise LoweringError(
                scope.path,
                matter.offset,
                f"{group} has no matter {quoted(matter.id)}",
                listed(sorted(matters)),
                self._builder.problems.meant(matter.id, matters),
                "unknown-name",
            )
        row = self._builder.rows[f"share[{group}, {matter.id}]"]
        return self._builder.read(scope.perceived.get(row, row))

    def _joined(self, tree: ex.Call, scope: Scope) -> int:
        c, share = self._c, self._share(tree, scope)
        group = self._group(tree.arguments[0], tree, scope, "joined(GROUP, MATTER)")
        counted = c.mul(share, c.const(float(self._scenario.model.groups[group].members)))
        if "G5" in self._without:
            return counted
        return self._builder.node("floor", c.add(counted, c.const(0.5)))

    def _members(self, tree: ex.Call, scope: Scope) -> int:
        arity(tree, scope, 1, "members(GROUP)")
        group = self._group(tree.arguments[0], tree, scope, "members(GROUP)")
        return self._c.const(float(self._scenario.model.groups[group].members))

    # Rows and passes

    @property
    def _issues(self) -> tuple[_Issue, ...]:
        """Every matter of every group that is an actor, in order of id."""
        return tuple(
            _Issue(group_id, matter_id, matter)
            for group_id, group in sorted(self._scenario.model.groups.items())
            if group_id in self._lowering.symbols.actors
            for matter_id, matter in sorted(group.matters.items())
        )

    def declare(self) -> None:
        """Declare the share of each matter."""
        actors = self._lowering.symbols.actors
        for group_id in self._scenario.model.groups:
            if group_id not in actors:
                self._builder.problems.fault(
                    LoweringError(
                        ("groups", group_id),
                        0,
                        f"there is no actor {quoted(group_id)}",
                        listed(actors),
                        self._builder.problems.meant(group_id, actors),
                        "unknown-name",
                        at_key=True,
                    )
                )
        for issue in self._issues:
            place = self._scenario.place(*issue.path)
            self._builder.declare(issue.share, "domain", place, low=0.0, high=1.0)

    def compile(self, decisions: DecisionCompiler) -> None:
        """Add first shares and the passes that move them, after flows."""
        del decisions
        issues, c = self._issues, self._c
        for issue in issues:
            scope = Scope((*issue.path, "initial"), mode="initial")
            node = self._lowering.number(issue.part.initial, scope, 0.0, 1.0)
            place = self._scenario.place(*issue.path)
            self._made.initials.append(pr.Initial(self._builder.rows[issue.share], node, place))
        if not issues:
            return
        found = [self._target(issue, {}) for issue in issues]
        if not self._cascading or "G3" in self._without:
            self._pass("groups", [self._moved(issue, found[n], c.dt) for n, issue in enumerate(issues)])
            return
        swaps = {}
        for issue in issues:
            place = self._scenario.place(*issue.path)
            row = self._builder.declare(issue.halfway, "domain", place, low=0.0, high=1.0)
            swaps[self._builder.rows[issue.share]] = row
        later = [self._target(issue, swaps) for issue in issues]
        steps = self._steps()
        step = c.div(c.dt, c.const(float(steps)))
        half = c.div(step, c.const(2.0))
        first = [self._moved(issue, found[n], half, issue.halfway) for n, issue in enumerate(issues)]
        second = [self._moved(issue, later[n], step) for n, issue in enumerate(issues)]
        for number in range(1, steps + 1):
            self._pass(f"groups {number} halfway", first)
            self._pass(f"groups {number}", second)

    # How shares move

    def _target(self, issue: _Issue, swaps: Mapping[int, int]) -> int:
        """The share that would take part, with the words that explain it.

        `swaps` gives the rows to read in place of shares.
        """
        c, lowering, part = self._c, self._lowering, issue.part
        scope = Scope(issue.path, issue.group, perceived=swaps)
        at = partial(self._at, scope)
        signal = lowering.number(part.signal, at("signal"))
        mean = lowering.number(part.thresholds.mean, at("thresholds", "mean"))
        spread = lowering.number(part.thresholds.spread, at("thresholds", "spread"))
        lowering.positive(spread, "a spread", at("thresholds", "spread"))
        read = [signal, mean, spread]
        low = self._would_join(issue, signal, mean, spread)
        share = self._builder.read(
            swaps.get(self._builder.rows[issue.share], self._builder.rows[issue.share])
        )
        target = low
        terms = [Term(part.signal.text, signal), Term("share that would join", low)]
        if part.margin is not None and "G4" not in self._without:
            margin = c.max(lowering.number(part.margin, at("margin"), 0.0), c.const(0.0))
            read.append(margin)
            high = self._would_join(issue, c.add(signal, margin), mean, spread)
            target = c.max(low, c.min(share, high))
            terms.append(Term("share that would not leave", high))
        if part.when is not None and "G6" not in self._without:
            gate = lowering.truth(part.when, at("when"))
            target = c.when(gate, target, c.row(issue.share))
            terms.append(Term(f"while {part.when.text}", gate))
        shares = {self._builder.rows[other.share] for other in self._issues}
        self._cascading = self._cascading or not shares.isdisjoint(self._builder.reads(read))
        return c.said(target, "share that takes part in the end", issue.path, terms, ",")

    def _at(self, scope: Scope, *path: str) -> Scope:
        return scope.at(*scope.path, *path)

    def _would_join(self, issue: _Issue, signal: int, mean: int, spread: int) -> int:
        c = self._c
        if "G1" in self._without:
            return c.number(c.compare("ge", signal, mean))
        z = c.div(c.sub(signal, mean), c.above_zero(spread))
        match issue.part.thresholds.shape:
            case "logistic":
                return self._builder.node("logistic", z)
            case "normal":
                return self._builder.node("normal_share", z)
        return c.clamp(c.div(c.add(z, c.const(1.0)), c.const(2.0)), 0.0, 1.0)

    def _moved(self, issue: _Issue, target: int, years: int, row: str = "") -> tuple[str, int, _Issue]:
        """The share some time on: the rest of the way halves in each half-life."""
        c = self._c
        node = target
        if "G2" not in self._without:
            where = Scope((*issue.path, "half_life"), issue.group)
            left = c.kept(self._lowering.half_life(issue.part.half_life, where), years)
            node = c.add(target, c.mul(c.sub(c.row(issue.share), target), left))
        if not row:
            c.said(node, "share that takes part", issue.path, self._lowering.composed[target].terms, ",")
        return row or issue.share, node, issue

    def _pass(self, name: str, moved: list[tuple[str, int, _Issue]]) -> None:
        assignments = [
            pr.Assignment(
                self._builder.rows[row],
                node,
                f"the share of {issue.group} in {issue.id}",
                self._scenario.place(*issue.path),
                "G2",
                issue.group,
            )
            for row, node, issue in sorted(moved, key=lambda item: item[0])
        ]
        self._made.settling.append(pr.Pass(name, assignments=tuple(assignments)))

    # Cascades

    def _steps(self) -> int:
        """Steps in a turn, so that none is longer than a sixteenth of a half-life."""
        turn = self._scenario.clock.turn.nominal_days
        most = 1
        for issue in self._issues:
            half_life = issue.part.half_life
            if not isinstance(half_life, Duration):
                most = max(most, _STEPS_A_HALF_LIFE)
            elif half_life.days:
                most = max(most, math.ceil((_STEPS_A_HALF_LIFE * turn) / half_life.days))
        return min(most, _MAX_STEPS)
