"""A branch against the line that it left, over many futures on the same luck."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis.paired import PairedShare, paired_share
from sim.session.futures import Futures
from sim.session.line import Line


@dataclass(frozen=True, slots=True)
class Against:
    """How often each outcome comes about in a branch and in its parent, from the turn after which it left."""

    branch: str
    parent: str
    turn: int
    runs: int
    outcomes: tuple[tuple[str, PairedShare], ...]
    """Title and both shares, in the order in which outcomes are shown; the parent is the base."""
    left_out: int
    """Values set by hand after the branch left: they do not go along, since they are no orders."""


def against(line: Line, base: Futures, arm: Futures) -> Against:
    """Pair the futures of a branch with those of its parent, run by run.

    Args:
        line: the branch.
        base: futures of its parent from where it left.
        arm: as many of the branch, from the same turn on the same stream.

    Raises:
        ValueError: for futures that are not of the same runs.
    """
    assert line.origin is not None
    if (base.turn, base.runs, base.stream, base.last) != (arm.turn, arm.runs, arm.stream, arm.last):
        raise ValueError("futures are paired run by run, from one turn to another")
    before = {outcome.id: index for index, outcome in enumerate(base.program.outcomes)}
    after = {outcome.id: index for index, outcome in enumerate(arm.program.outcomes)}
    outcomes = tuple(
        (found.title, paired_share(base.outcomes[before[found.id]] > 0, arm.outcomes[after[found.id]] > 0))
        for found in arm.program.led_outcomes
        if found.id in before
    )
    late = sum(entry.kind == "setting" and entry.turn > line.origin.turn for entry in line.log)
    return Against(line.name, line.origin.branch, line.origin.turn, arm.runs, outcomes, late)
