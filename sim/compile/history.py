"""Functions that look back: lag, after, holds, happened, times, recent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from sim.compile.asked import Asked
from sim.compile.folds import fold
from sim.compile.names import Names
from sim.compile.scope import LoweringError, Scope, arity, listed
from sim.scenario import expressions as ex
from sim.scenario.clock import parse_date, parse_duration
from sim.text import quoted

MAX_LAG: Final = 1_000
"""Turns back: each is a row."""


@dataclass
class History:
    """Nodes of what was."""

    names: Names
    asked: Asked
    without: frozenset[str] = frozenset()
    """Rules of adjudication that are left out."""
    _by_parties: dict[tuple[str | None, ...], list[int]] | None = None

    def node(self, tree: ex.Call, scope: Scope) -> int:
        """The node of one of these functions."""
        if scope.mode == "initial":
            raise LoweringError(
                scope.path,
                tree.offset,
                f"an initial value cannot depend on {tree.function}()",
                "numbers and parameters",
            )
        match tree.function:
            case "after":
                return self._after(tree, scope)
            case "lag":
                arity(tree, scope, 2, "lag(confidence[PRK], '6 months')")
                row = self.names.variable(tree.arguments[0], scope)
                turns = self.turns(tree.arguments[1], scope)
                self._doubt_lag(turns, tree, scope)
                return self.names.builder.read(self.recall(row, turns))
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
            arity(tree, scope, 3, "recent(press, CHN, PRK, '6 months')")
        rows = self._act_rows(tree, tree.arguments[:-1], scope, "times")
        turns = self.turns(tree.arguments[-1], scope)
        self._doubt(
            turns == 0,
            tree.arguments[-1],
            scope,
            "this is less than half a turn, so that recent() is always 0",
            "give it at least half a turn",
        )
        now = self._total(rows, tree, scope)
        then = self._total([self.recall(row, turns) for row in rows], tree, scope)
        return self.names.builder.node("sub", now, then)

    def _total(self, rows: Sequence[int], tree: ex.Call, scope: Scope) -> int:
        return fold(
            self.names.builder, "sum", [self.names.builder.read(row) for row in rows], tree.offset, scope
        )

    def recall(self, row: int, turns: int) -> int:
        """The row that holds what a row was so many turns ago."""
        return row if turns == 0 else self.names.builder.recall(row, turns)

    def turns(self, tree: ex.Expr, scope: Scope) -> int:
        """The turns that a duration in quotes reaches back."""
        duration = parse_duration(tree.value) if isinstance(tree, ex.Text) else None
        if duration is None:
            raise LoweringError(
                scope.path, tree.offset, "this is not a duration", "one in quotes, such as '6 months'"
            )
        turns = self.names.scenario.clock.turns_in(duration)
        if turns > MAX_LAG:
            raise LoweringError(
                scope.path, tree.offset, f"this reaches {turns:,} turns back", f"at most {MAX_LAG:,}"
            )
        return turns

    def _doubt_lag(self, turns: int, tree: ex.Call, scope: Scope) -> None:
        played = self.names.scenario.clock.turns
        if turns == 0:
            said = "this is less than half a turn, so that lag() is the present value"
            advice = "give it at least half a turn, or leave lag() out"
        else:
            said = "this reaches back before the start in every turn, so that lag() is always the first value"
            advice = f"reach back less than {played} turns"
        self._doubt(turns == 0 or turns >= played, tree.arguments[1], scope, said, advice)

    def _doubt(self, doubtful: bool, tree: ex.Expr, scope: Scope, message: str, advice: str) -> None:
        self.names.builder.problems.doubt(
            scope.path, tree.offset, doubtful=doubtful, message=message, advice=advice, code="time"
        )

    def _after(self, tree: ex.Call, scope: Scope) -> int:
        arity(tree, scope, 1, "after('2025-01-20')")
        argument = tree.arguments[0]
        day = parse_date(argument.value) if isinstance(argument, ex.Text) else None
        if day is None:
            raise LoweringError(
                scope.path, argument.offset, "this is not a date", "one in quotes, such as '2025-01-20'"
            )
        clock = self.names.scenario.clock
        first = clock.turn_from(day)
        said = f"every turn begins on or after {day}" if first <= 1 else f"no turn begins on or after {day}"
        truth = "true" if first <= 1 else "false"
        self._doubt(
            first <= 1 or first > clock.turns,
            argument,
            scope,
            f"{said}, so that after() is always {truth}",
            f"give a date after {clock.dates[0]} and up to {clock.first_day(clock.turns)}",
        )
        return self.names.builder.node("since_turn", value=float(first), truth=True)

    def _holds(self, tree: ex.Call, scope: Scope) -> int:
        found = self.asked.option(tree, scope, "whether an option of an actor's choice stands")
        builder = self.names.builder
        if found.idle:  # it is the actor's under another doctrine only
            stands = found.option == found.choice.initial and "D6" in self.without
            return builder.node("const", value=float(stands), truth=True)
        standing = builder.read(builder.rows[f"standing[{found.name}]"])
        return builder.node("eq", standing, builder.const(found.number), truth=True)

    def _act_rows(self, tree: ex.Call, arguments: Sequence[ex.Expr], scope: Scope, table: str) -> list[int]:
        """Rows of `acts` or `times` that match (action, ACTOR or any[, TARGET or any]), in order of name."""
        names = [argument.id for argument in arguments if isinstance(argument, ex.Name)]
        if len(names) != len(arguments) or not 2 <= len(names) <= 3:  # noqa: PLR2004 - action, actor, target
            last = ", '6 months'" if tree.function == "recent" else ""
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() asks for an action, by whom, and perhaps to whom",
                f"{tree.function}(press, CHN{last}), or {tree.function}(press, CHN, PRK{last})",
            )
        if names[0] not in self.names.symbols.actions:
            raise LoweringError(
                scope.path,
                arguments[0].offset,
                f"there is no action {quoted(names[0])}",
                listed(sorted(self.names.symbols.actions), "one that stands under 'actions'"),
                self.names.builder.problems.meant(names[0], self.names.symbols.actions),
                "unknown-name",
            )
        wanted = [
            None if name == "any" else self.names.actor(name, argument.offset, scope)
            for name, argument in zip(names[1:], arguments[1:], strict=True)
        ]
        rows = self._deeds().get((table, names[0], *wanted), [])
        value = "false" if tree.function == "happened" else "0"
        deed = f"{names[0]}({', '.join(name or 'any' for name in wanted)})"
        self.names.builder.problems.doubt(
            scope.path,
            tree.offset,
            doubtful=not rows,
            message=f"no decision performs {deed}, so that {tree.function}() is always {value}",
            advice="let a rule or an option perform it, or take this out",
            code="never-done",
        )
        return rows

    def _deeds(self) -> dict[tuple[str | None, ...], list[int]]:
        """Rows of deeds, in order of row name, by table, action, actor and target, each or any of them."""
        if self._by_parties is None:
            self._by_parties = {}
            for name, row in sorted(self.names.builder.rows.items()):
                table, _, rest = name.partition("[")
                if table in ("acts", "times") and "@" not in name:
                    action, *parties = rest[:-1].split(", ")
                    given = (parties[:1], parties) if len(parties) > 1 else (parties,)
                    for some in given:
                        for wanted in product(*((party, None) for party in some)):
                            self._by_parties.setdefault((table, action, *wanted), []).append(row)
        return self._by_parties
