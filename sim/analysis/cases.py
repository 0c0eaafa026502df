"""Cases judged: each is played, and its rows are held against what it expects."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.suite import LoadedCase, order_of, row_name
from sim.compile import compile_scenario
from sim.compile.domain import RULES
from sim.engine.state import State
from sim.scenario.case import Case, Expectation
from sim.text import FoedusError

ENSEMBLE: Final = 1_000
"""Runs from which on shares are judged."""
LEVEL: Final = 0.001
"""A share is as expected if so rare a count, or a rarer one, has at least this probability."""
TOLERANCE: Final = 1e-9
"""Of equal numbers, relative to the larger of 1 and the number expected."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one expectation."""

    expectation: Expectation
    values: tuple[tuple[float, int], ...]
    """Different values found, each with the number of runs; the most frequent first."""
    held: int
    """Runs in which it is as expected."""
    against: int | None
    """The lowest run in which it is not."""
    passed: bool | None
    """None for a share, in fewer runs than shares are judged by."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case."""

    case: Case
    runs: int
    findings: tuple[Finding, ...]
    fault: FoedusError | None = None
    """Why it could not be played, if it could not."""

    @property
    def passed(self) -> bool:
        return self.fault is None and all(finding.passed is not False for finding in self.findings)


def judge(loaded: LoadedCase, runs: int = 1) -> Verdict:
    """Play a case and hold what comes of it against what it expects.

    Args:
        loaded: the case.
        runs: how many, numbered from 0. From `ENSEMBLE` on shares are judged.
    """
    case = loaded.case
    try:
        observed = _observed(loaded, runs)
    except FoedusError as error:
        return Verdict(case, runs, (), error)
    return Verdict(case, runs, tuple(map(_finding, case.model.expect, observed)))


def judge_without(case: Case, rules: Collection[str], runs: int = 1) -> Verdict:
    """Judge a case in a world in which some rules of adjudication do not hold.

    Raises:
        FoedusError: for a rule that is not there.
    """
    try:
        program = compile_scenario(case.scenario, without=rules)
    except FoedusError as error:
        if set(rules) - set(RULES):
            raise
        return Verdict(case, runs, (), error)
    return judge(LoadedCase(case, program), runs)


def _observed(loaded: LoadedCase, runs: int) -> list[NDArray[np.float64]]:
    """The row of each expectation when its turn has been played, each of shape `(runs,)`.

    A row that a world without some rule does not have holds NaN.
    """
    from sim.engine.model import Model  # noqa: PLC0415 - imports Mesa, which takes a second

    model = loaded.case.model
    wanted = [expectation.turn for expectation in model.expect]
    rows = [loaded.program.rows.get(row_name(loaded.case, index)) for index in range(len(wanted))]
    found: dict[int, Any] = {}

    def observe(state: State) -> None:
        for index, (turn, row) in enumerate(zip(wanted, rows, strict=True)):
            if turn == state.turn:
                found[index] = np.full(runs, np.nan) if row is None else state.values[row].copy()

    played = Model(loaded.program, runs, seed=model.seed, orders=tuple(map(order_of, model.orders)))
    observe(played.state)
    played.play(max(wanted), observe)
    return [found[index] for index in range(len(wanted))]


def _finding(expectation: Expectation, row: NDArray[np.float64]) -> Finding:
    values, counts = np.unique(row + 0.0, return_counts=True)
    held = _holds(expectation, row)
    against = np.flatnonzero(~held)
    return Finding(
        expectation,
        tuple(sorted(zip(values.tolist(), counts.tolist(), strict=True), key=lambda one: (-one[1], one[0]))),
        int(held.sum()),
        int(against[0]) if len(against) else None,
        _passed(expectation, int(held.sum()), len(row)),
    )


def _holds(expectation: Expectation, row: NDArray[np.float64]) -> NDArray[np.bool_]:
    low, high = expectation.between or (None, None)
    if expectation.equals is not None:
        allowed = TOLERANCE * max(1.0, abs(expectation.equals))
        low, high = expectation.equals - allowed, expectation.equals + allowed
    if low is None or high is None:
        return np.not_equal(row, 0.0)
    return np.logical_and(low <= row, row <= high)


def _passed(expectation: Expectation, held: int, runs: int) -> bool | None:
    if expectation.of is None:
        return held == runs
    if runs < ENSEMBLE:
        return None
    from scipy.stats import binomtest  # noqa: PLC0415 - as slow to import as Mesa

    return bool(binomtest(held, runs, expectation.of).pvalue >= LEVEL)
