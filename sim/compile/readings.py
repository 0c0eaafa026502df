"""What expressions can read of commitments: their state, calls, answers and breaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.compile.construct import Reader
from sim.compile.ground import Ground
from sim.compile.lifecycle import ENDED, IN_FORCE, SIGNED, SUSPENDED, Lifecycle
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.scenario.clock import parse_duration
from sim.text import quoted

_STATES: Final[Mapping[str, float]] = {
    "signed": SIGNED,
    "in_force": IN_FORCE,
    "suspended": SUSPENDED,
    "ended": ENDED,
}
_BOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "called": ("calls", "V, A"),
    "honoured": ("honoured", "P, V, A"),
    "hedged": ("hedged", "P, V, A"),
    "defected": ("defected", "P, V, A"),
    "declined": ("declined", "P, V, A"),
    "fought": ("fought", "P, V, A"),
    "violated": ("violated", "A, V"),
}
"""By function: the table of rows, and who its rows are about."""


_LAST_TURN: Final = "last turn"
"""In place of a duration: the turn before the one that is played."""


def _apart(arguments: Sequence[ex.Expr]) -> tuple[Sequence[ex.Expr], ex.Text | None]:
    """Arguments that are names, and the text at the end, if there is one."""
    last = arguments[-1] if arguments else None
    return (arguments[:-1], last) if isinstance(last, ex.Text) else (arguments, None)


class PromiseReader:
    """Reads commitments for expressions."""

    def __init__(self, ground: Ground, lifecycle: Lifecycle) -> None:
        self._g = ground
        self._lifecycle = lifecycle

    def readers(self) -> Mapping[str, Reader]:
        """Functions, by name."""
        return {
            **dict.fromkeys(_STATES, self._state),
            **dict.fromkeys(_BOOKS, self._book),
            "under_notice": self._notice,
            "tally": self._tally,
            "given": self._given,
        }

    # States

    def _state(self, tree: ex.Call, scope: Scope) -> int:
        """`in_force(T)` and the like."""
        name = self._commitment(
            self._names(tree, tree.arguments, scope, f"{tree.function}(COMMITMENT)"), tree, scope
        )
        c = self._g.compose
        status = c.row(f"status[{name}]")
        if tree.function == "signed":
            return c.all(c.positive(status), c.compare("ne", status, c.const(ENDED)))
        return self._lifecycle.is_at(name, _STATES[tree.function])

    def _notice(self, tree: ex.Call, scope: Scope) -> int:
        name = self._commitment(
            self._names(tree, tree.arguments, scope, "under_notice(COMMITMENT)"), tree, scope
        )
        c = self._g.compose
        row = f"notice[{name}]"
        return c.positive(c.row(row)) if row in self._g.lowering.builder.rows else c.false

    def _commitment(self, names: Sequence[str], tree: ex.Call, scope: Scope) -> str:
        known = self._g.lowering.scenario.model.commitments
        offset = tree.arguments[0].offset if tree.arguments else tree.offset
        if not names or names[0] not in known:
            raise LoweringError(
                scope.path,
                offset,
                f"there is no commitment {quoted(names[0] if names else '')}",
                listed(sorted(known), "one that stands under 'commitments'"),
                self._g.lowering.builder.problems.meant(names[0], known) if names else "",
                "unknown-name",
            )
        return names[0]

    # Books

    def _book(self, tree: ex.Call, scope: Scope) -> int:
        """`called(T, a, V, A)`: whether it has come to this so far, or in the time given last."""
        return self._g.compose.positive(self._counted(tree, tree.arguments, tree.function, scope))

    def _tally(self, tree: ex.Call, scope: Scope) -> int:
        """`tally(honoured, T, a, P)`: how often."""
        first = tree.arguments[0] if tree.arguments else None
        if not isinstance(first, ex.Name) or first.id not in _BOOKS:
            raise LoweringError(
                scope.path,
                tree.offset if first is None else first.offset,
                "tally() counts what has been booked",
                f"tally(BOOK, COMMITMENT, ARTICLE, ...) with one of {', '.join(_BOOKS)}",
                self._g.lowering.builder.problems.meant(first.id, _BOOKS)
                if isinstance(first, ex.Name)
                else "",
            )
        return self._counted(tree, tree.arguments[1:], first.id, scope)

    def _counted(self, tree: ex.Call, arguments: Sequence[ex.Expr], book: str, scope: Scope) -> int:
        c = self._g.compose
        table, about = _BOOKS[book]
        arguments, last = _apart(arguments)
        rows = self._rows(tree, arguments, scope, table, f"{book}(COMMITMENT, ARTICLE[, {about}])")
        if last is None:
            return self._total(rows)
        if last.value == _LAST_TURN:
            return c.sub(self._total(rows, 1), self._total(rows, 2))
        return c.sub(self._total(rows), self._total(rows, self._turns(last, scope)))

    def _total(self, rows: Sequence[str], back: int = 0) -> int:
        """The sum of some rows, or of what they were at the end of a turn some turns back."""
        c, builder = self._g.compose, self._g.lowering.builder
        if not back:
            return c.add(*(c.row(row) for row in rows))
        return c.add(*(builder.read(builder.recall(builder.rows[row], back)) for row in rows))

    def _given(self, tree: ex.Call, scope: Scope) -> int:
        """`given(T, a, P, V, A)`: the strength of what was given in this turn, or in the last."""
        arguments, last = _apart(tree.arguments)
        if last is not None and last.value != _LAST_TURN:
            raise LoweringError(
                scope.path, last.offset, "given() knows this turn and the last", f"'{_LAST_TURN}'"
            )
        rows = self._rows(tree, arguments, scope, "given", "given(COMMITMENT, ARTICLE[, P, V, A])")
        return self._total(rows, 0 if last is None else 1)

    def _turns(self, tree: ex.Text, scope: Scope) -> int:
        duration = parse_duration(tree.value)
        if duration is None:
            raise LoweringError(
                scope.path,
                tree.offset,
                "this is not a duration",
                f"one in quotes, such as '6 months', or '{_LAST_TURN}'",
            )
        return self._g.turns(duration, scope.path)

    def _rows(
        self, tree: ex.Call, arguments: Sequence[ex.Expr], scope: Scope, table: str, form: str
    ) -> list[str]:
        """Rows that match, each actor given or `any`, in order of name."""
        names = self._names(tree, arguments, scope, form)
        commitment = self._commitment(names, tree, scope)
        articles = self._g.lowering.scenario.model.commitments[commitment].articles
        offset = arguments[1].offset if len(arguments) > 1 else tree.offset
        if len(names) < 2 or names[1] not in articles:  # noqa: PLR2004 - commitment and article
            given = names[1] if len(names) > 1 else ""
            raise LoweringError(
                scope.path,
                offset,
                f"{quoted(commitment)} has no article {quoted(given)}",
                listed(sorted(articles), form),
                self._g.lowering.builder.problems.meant(given, articles),
                "unknown-name",
            )
        wanted = [
            None if name == "any" else self._g.lowering.names.actor(name, argument.offset, scope)
            for name, argument in zip(names[2:], arguments[2:], strict=True)
        ]
        head = f"{table}[{commitment}.{names[1]}, "
        found = []
        rows = self._g.lowering.builder.rows
        for row in sorted(row for row in rows if row.startswith(head) and "@" not in row):
            actors = row[len(head) : -1].split(", ")
            if len(wanted) > len(actors):
                raise LoweringError(scope.path, tree.offset, "this is about fewer actors", form)
            if all(w in (None, a) for w, a in zip(wanted, actors, strict=False)):
                found.append(row)
        return found

    @staticmethod
    def _names(tree: ex.Call, arguments: Sequence[ex.Expr], scope: Scope, form: str) -> list[str]:
        names = [argument.id for argument in arguments if isinstance(argument, ex.Name)]
        if len(names) != len(arguments) or not names:
            raise LoweringError(scope.path, tree.offset, f"{tree.function}() takes names", form)
        return names
