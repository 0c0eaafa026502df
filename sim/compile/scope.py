"""Where an expression stands, and what is said when it cannot be read there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sim.scenario import expressions as ex
from sim.scenario.load import PathOf
from sim.text import quoted


class LoweringError(Exception):
    """One thing wrong with an expression, at an offset of its source."""

    def __init__(  # noqa: PLR0917 - the order of a Diagnostic's own fields
        self,
        path: PathOf,
        offset: int,
        message: str,
        expected: str = "",
        suggestion: str = "",
        code: str = "",
        *,
        at_key: bool = False,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.offset = offset
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.code = code
        self.at_key = at_key
        """Whether the key at the path is at fault, not its value."""
        self.used = False
        """Whether the message says where the definition at fault is used."""
        self.also: tuple[LoweringError, ...] = ()
        """What is wrong beside it."""

    def again(self) -> LoweringError:
        """The same fault, met at another place; what is wrong beside it has been said."""
        fault = LoweringError(
            self.path,
            self.offset,
            self.message,
            self.expected,
            self.suggestion,
            self.code,
            at_key=self.at_key,
        )
        fault.used = self.used
        return fault


def joined(faults: Sequence[LoweringError]) -> LoweringError:
    """Several faults as one to raise."""
    first = faults[0]
    first.also += tuple(found for fault in faults[1:] for found in (fault, *fault.also))
    return first


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: whose it is and which names are bound."""

    path: PathOf
    self_id: str | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    """Bound name (and `target`) to actor id."""
    arguments: Mapping[str, int] = field(default_factory=dict)
    """An action's `takes`, already nodes."""
    perceived: Mapping[int, int] = field(default_factory=dict)
    """Row to the row that the actor sees in its place."""
    mode: Literal["play", "initial", "outcome"] = "play"
    inside: tuple[str, ...] = ()
    """Definitions being written out."""
    replying: bool = False
    """Whether it is part of what another actor is expected to reply."""

    def at(self, *path: str | int) -> Scope:
        """The same scope for another expression."""
        return Scope(
            path,
            self.self_id,
            self.bound,
            self.arguments,
            self.perceived,
            self.mode,
            self.inside,
            self.replying,
        )


_MOST_LISTED: Final = 12


def listed(names: Iterable[str], otherwise: str = "another name") -> str:
    """What there is to choose from: "one of a, b, c", cut where it grows too long to help."""
    known = list(names)
    if len(known) < 2:  # noqa: PLR2004 - nothing to choose from
        return quoted(known[0]) if known else otherwise
    rest = len(known) - _MOST_LISTED
    shown = ", ".join(known[:_MOST_LISTED])
    return f"one of {shown}" + (f" and {rest} more" if rest > 0 else "")


def arity(tree: ex.Call, scope: Scope, wanted: int, form: str) -> None:
    """Refuse a call with another number of arguments; `form` shows a right one."""
    given = len(tree.arguments)
    if given != wanted:
        number = "an argument" if given == 1 else f"{given or 'no'} arguments"
        raise LoweringError(scope.path, tree.offset, f"{tree.function}() has {number}", form)
