"""Functions that look back: lag, after, holds, happened, times, recent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.compile.folds import fold
from sim.compile.names import Names
from sim.compile.scope import LoweringError, Scope, arity
from sim.scenario import expressions as ex
from sim.scenario.clock import parse_date, parse_duration
from sim.text import nearest, quoted


@dataclass
class History:
    """Nodes of what was."""

    names: Names

    def node(self, tree: ex.Call, scope: Scope) -> int:
        """The node of one of these functions."""
        if scope.mode == "initial":
            raise LoweringError(
                scope.path, tree.offset, f"{tree.function}() has no value before play", "parameters only"
            )
        match tree.function:
            case "after":
                return self._after(tree, scope)
            case "lag":
                arity(tree, scope, 2)
                row = self.names.variable(tree.arguments[0], scope)
                return self.names.builder.read(self._recall(row, self._turns(tree.arguments[1], scope)))
            case "holds":
                return self._holds(tree, scope)
            case "happened":
                happened = [
                    self.names.builder.node(
                        "gt", self.names.builder.read(row), self.names.builder.const(0.0), truth=True
                    )
                    for row in self._act_rows(tree, tree.arguments, scope, "acts")
                ]
                return fold(self.names.builder, "any", happened, tree.offset, scope)
            case "times":
                return self._total(self._act_rows(tree, tree.arguments, scope, "times"), tree, scope)
        return self._recent(tree, scope)

    def _recent(self, tree: ex.Call, scope: Scope) -> int:
        if not tree.arguments:
            arity(tree, scope, 3)
        rows = self._act_rows(tree, tree.arguments[:-1], scope, "times")
        turns = self._turns(tree.arguments[-1], scope)
        now = self._total(rows, tree, scope)
        then = self._total([self._recall(row, turns) for row in rows], tree, scope)
        return self.names.builder.node("sub", now, then)

    def _total(self, rows: Sequence[int], tree: ex.Call, scope: Scope) -> int:
        return fold(
            self.names.builder, "sum", [self.names.builder.read(row) for row in rows], tree.offset, scope
        )

    def _recall(self, row: int, turns: int) -> int:
        return row if turns == 0 else self.names.builder.recall(row, turns)

    def _turns(self, tree: ex.Expr, scope: Scope) -> int:
        duration = parse_duration(tree.value) if isinstance(tree, ex.Text) else None
        if duration is None:
            raise LoweringError(
                scope.path, tree.offset, "this is not a duration", "a quoted duration such as '6 months'"
            )
        turns = self.names.scenario.clock.turns_in(duration)
        if turns > 1000:  # noqa: PLR2004 - each turn back is a row
            raise LoweringError(
                scope.path, tree.offset, f"this reaches {turns:,} turns back", "at most 1,000"
            )
        return turns

    def _after(self, tree: ex.Call, scope: Scope) -> int:
        arity(tree, scope, 1)
        argument = tree.arguments[0]
        day = parse_date(argument.value) if isinstance(argument, ex.Text) else None
        if day is None:
            raise LoweringError(
                scope.path, argument.offset, "this is not a date", "a quoted date such as after('2025-01-20')"
            )
        clock = self.names.scenario.clock
        first = next(
            (turn for turn in range(clock.turns + 1) if clock.first_day(turn) >= day), clock.turns + 1
        )
        return self.names.builder.node("since_turn", value=float(first), truth=True)

    def _holds(self, tree: ex.Call, scope: Scope) -> int:
        names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) < 3:  # noqa: PLR2004 - actor, choice, option
            raise LoweringError(
                scope.path,
                tree.offset,
                "holds() takes an actor, a choice and an option",
                "holds(CHN, choice, option)",
            )
        actor = self.names.actor(names[0], tree.arguments[0].offset, scope)
        choices = self.names.symbols.choices[actor]
        if names[1] not in choices:
            raise LoweringError(
                scope.path,
                tree.arguments[1].offset,
                f"{actor} has no choice {quoted(names[1])}",
                f"one of {', '.join(sorted(choices))}" if choices else "an actor with choices",
                nearest(names[1], choices) or "",
                "unknown-name",
            )
        model = self.names.scenario.model
        policy = next(
            p
            for p in model.actors[actor].policy
            if p in model.policies and names[1] in model.policies[p].choices
        )
        choice = model.policies[policy].choices[names[1]]
        options = sorted(choice.options)
        if names[2] not in options:
            raise LoweringError(
                scope.path,
                tree.arguments[2].offset,
                f"{names[1]} has no option {quoted(names[2])}",
                f"one of {', '.join(options)}",
                nearest(names[2], options) or "",
                "unknown-name",
            )
        bound = [
            self.names.actor(name, a.offset, scope)
            for name, a in zip(names[3:], tree.arguments[3:], strict=True)
        ]
        if len(bound) != len(choice.for_):
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{names[1]} needs {len(choice.for_)} more actors",
                "holds(A, choice, option, B)",
            )
        bindings = ",".join(
            f"{name}={member}" for name, member in zip(sorted(choice.for_), bound, strict=True)
        )
        row = self.names.builder.rows.get(f"standing[{actor}/{names[1]}{'/' if bindings else ''}{bindings}]")
        if row is None:
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{names[1]} of {actor} is never about {', '.join(bound)}",
                "another actor",
            )
        index = self.names.builder.const(float(options.index(names[2]) + 1))
        return self.names.builder.node("eq", self.names.builder.read(row), index, truth=True)

    def _act_rows(self, tree: ex.Call, arguments: Sequence[ex.Expr], scope: Scope, table: str) -> list[int]:
        """Rows of `acts` or `times` that match (action, ACTOR or any[, TARGET or any]), in order of name."""
        names = [argument.id for argument in arguments if isinstance(argument, ex.Name)]
        if len(names) != len(arguments) or not 2 <= len(names) <= 3:  # noqa: PLR2004 - action, actor, target
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() takes an action, an actor and perhaps a target",
                f"{tree.function}(press, CHN, PRK)",
            )
        if names[0] not in self.names.symbols.actions:
            raise LoweringError(
                scope.path,
                arguments[0].offset,
                f"there is no action {quoted(names[0])}",
                "an action",
                nearest(names[0], self.names.symbols.actions) or "",
                "unknown-name",
            )
        wanted = [
            None if name == "any" else self.names.actor(name, argument.offset, scope)
            for name, argument in zip(names[1:], arguments[1:], strict=True)
        ]
        rows = []
        for name in sorted(self.names.builder.rows):
            if not name.startswith(f"{table}[{names[0]}, ") or "@" in name:
                continue
            parts = name[len(table) + 1 : -1].split(", ")[1:]
            if wanted[0] not in (None, parts[0]):
                continue
            if len(wanted) > 1 and (len(parts) < 2 or wanted[1] not in (None, parts[1])):  # noqa: PLR2004
                continue
            rows.append(self.names.builder.rows[name])
        return rows
