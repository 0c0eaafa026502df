"""Two lines of a game side by side: the first turn in which they differ, and in what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.report.story import Sentence
from sim.session.line import Line, Moment


@dataclass(frozen=True, slots=True)
class Difference:
    """A turn in which two lines are not the same world."""

    turn: int
    label: str
    left: tuple[Sentence, ...]
    """What happened in the one and not in the other, most important first."""
    right: tuple[Sentence, ...]
    rows: tuple[tuple[str, float, float], ...]
    """Name and both values of every row that differs, in order of name; of the rows that both have."""


def first_difference(left: Line, right: Line) -> Difference | None:
    """The first turn that both have and in which their states differ; None if there is none."""
    for turn in range(min(left.played, right.played) + 1):
        found = difference(left, right, turn)
        if found is not None:
            return found
    return None


def difference(left: Line, right: Line, turn: int) -> Difference | None:
    """What differs after a turn; None if it is the same world.

    Raises:
        IndexError: for a turn that one of them does not have.
    """
    one, other = left.moments[turn], right.moments[turn]
    if one is other:
        return None
    rows = tuple(_rows(one, other))
    if not rows:
        return None
    mine, yours = one.told.sentences, other.told.sentences
    return Difference(
        turn,
        one.told.label,
        tuple(sentence for sentence in mine if sentence not in yours),
        tuple(sentence for sentence in yours if sentence not in mine),
        rows,
    )


def _rows(one: Moment, other: Moment) -> Iterator[tuple[str, float, float]]:
    """Rows that both have, with another value in each."""
    for row, variable in enumerate(one.program.variables):
        there = other.program.rows.get(variable.name)
        if there is not None:
            values = float(one.state.values[row, 0]), float(other.state.values[there, 0])
            if values[0] != values[1]:
                yield variable.name, *values
