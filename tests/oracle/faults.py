"""What can go wrong in the oracle: a scenario that cannot be played, and a run that cannot go on."""

from __future__ import annotations


class Fault(Exception):  # noqa: N818 - a fault of the scenario
    """The scenario cannot be played at all: what a compiler should have refused."""


class Undefined(Exception):  # noqa: N818 - said of an expression
    """An expression has no value in this run: a division by zero, a value that is not finite."""


class OracleError(Exception):
    """A run that cannot go on."""

    def __init__(self, run: int, turn: int, what: str) -> None:
        super().__init__(f"run {run}, turn {turn}: {what}")
        self.run = run
        self.turn = turn
        self.what = what
