"""The audit itself: mechanisms measured, all looked at together, and what is to be said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.mechanisms.carried import Carries
from sim.analysis.mechanisms.levers import Pulled
from sim.analysis.mechanisms.playing import BLOCK, Sample, watched
from sim.analysis.mechanisms.verdicts import Effect, Verdict, holm, verdict
from sim.analysis.mechanisms.worlds import Measured, Task, measured
from sim.batch.crew import Crew
from sim.compile import check_mechanisms
from sim.compile import program as pr
from sim.compile.links import Graph
from sim.scenario import Scenario
from sim.scenario.mechanisms import Mechanism
from sim.text import Diagnostics

Values = NDArray[np.float64]
Progress = Callable[[int], None]
"""Called with how many mechanisms are done."""

HISTORIES: Final = 10
"""Of each draw of the parameters."""
LEAST_DRAWS: Final = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A mechanism and its verdict."""

    mechanism: Mechanism
    measured: Measured
    chance: float
    """That the effect is none, adjusted for all tests."""
    crossing: float
    """That the effect has one sign in all draws, adjusted for all tests."""
    verdict: Verdict
    only_way: bool
    """Whether the link lies on every way from the lever to what the indicator reads, so that freezing it
    must take the effect away; False without a link.
    """

    @property
    def whole(self) -> Effect:
        """The effect of the whole way."""
        return self.measured.doses[-1]

    @property
    def carries(self) -> Carries:
        """How much of the effect the named link carries."""
        if self.mechanism.through is None:
            return "one step"
        frozen = self.measured.frozen
        if frozen is None:
            return "unknown"
        return frozen.carries(self.verdict, self.whole.size > 0.0, self.mechanism.least)

    @property
    def placebo_moved(self) -> bool:
        """Whether the placebo moved by what matters, or more, and not by chance."""
        low, high = self.measured.placebo.interval
        return abs(self.measured.placebo.size) >= self.mechanism.least and not low <= 0.0 <= high


@dataclass(frozen=True, slots=True)
class Audit:
    """All mechanisms of a scenario."""

    scenario: Scenario
    sample: Sample
    findings: tuple[Finding, ...]


def sample_of(runs: int, seed: int) -> Sample:
    """So many runs, ten histories of each draw.

    Raises:
        ValueError: for fewer than 20 draws.
    """
    draws = runs // HISTORIES
    if draws < LEAST_DRAWS:
        raise ValueError(f"{runs} runs are too few to tell")
    return Sample(draws, HISTORIES, seed)


def prepare(scenario: Scenario, program: pr.Program, sample: Sample, only: Sequence[str] = ()) -> Task:
    """Play the base case, for the spread of every indicator, and gather what is to be measured.

    Args:
        scenario: with mechanisms whose names the program has.
        program: compiled from it.
        sample: which runs.
        only: ids of mechanisms; all without it.

    Raises:
        FoedusError: if a value cannot be computed.
    """
    stated = scenario.model.mechanisms
    wanted = {id_: one for id_, one in stated.items() if not only or id_ in only}
    lasts = {program.clock.turns_in(one.horizon) for one in wanted.values()}
    units: dict[tuple[str, int], float] = {}
    if wanted:
        rows = [indicator.row for indicator in program.indicators]
        base = Pulled(program)
        parts = (
            _means(watched(base, sample, draws, max(lasts), rows), sorted(lasts))
            for draws in sample.blocks(BLOCK)
        )
        means = np.concatenate(list(parts), axis=2)
        for number, last in enumerate(sorted(lasts)):
            for column, indicator in enumerate(program.indicators):
                found = means[number, column]
                # Told by its ends: rounding gives a standard deviation to what never differs.
                units[indicator.id, last] = float(found.std(ddof=1)) if np.ptp(found) > 0.0 else 0.0
    return Task(replace(program, scenario=None), wanted, sample, units)


def _means(path: Values, lasts: Sequence[int]) -> Values:
    """Means over the turns 1 to each of the last ones, shape `(lasts, rows, runs)`."""
    return np.stack([path[1 : last + 1].mean(axis=0) for last in lasts])


def judged(scenario: Scenario, task: Task, measured: Iterable[Measured]) -> Audit:
    """The verdicts, once all are measured: both tests of each are adjusted for all tests together."""
    by_id = {one.id: one for one in measured}
    in_order = [by_id[id_] for id_ in task.mechanisms]
    wholes = [one.doses[-1] for one in in_order]
    adjusted = holm([one.chance for one in wholes] + [one.crossing for one in wholes])
    graph = Graph(task.program)
    findings = []
    for number, one in enumerate(in_order):
        mechanism = task.mechanisms[one.id]
        chance, crossing = adjusted[number], adjusted[len(wholes) + number]
        found = verdict(wholes[number], mechanism.sign, mechanism.least, chance, crossing)
        found = found if one.played else "unplayed"
        alone = _only_way(graph, task.program, mechanism)
        findings.append(Finding(mechanism, one, chance, crossing, found, alone))
    return Audit(scenario, task.sample, tuple(findings))


def _only_way(graph: Graph, program: pr.Program, mechanism: Mechanism) -> bool:
    """Whether every way from the lever to the observable passes the link, or what is held."""
    link = mechanism.through
    if link is None:
        return False
    node = next(one.node for one in program.indicators if one.id == mechanism.observable)
    passed = (*link.rows, *link.decisions, *mechanism.holding)
    return not graph.leads_around(passed, mechanism.lever.names, program.reads(node))


def audit(
    scenario: Scenario,
    program: pr.Program,
    sample: Sample,
    *,
    only: Sequence[str] = (),
    workers: int = 1,
    progress: Progress | None = None,
) -> Audit:
    """Measure the mechanisms of a scenario, and say what is to be said of each.

    Args:
        scenario: with mechanisms.
        program: compiled from it.
        sample: which runs.
        only: ids of mechanisms; all without it.
        workers: processes to play on.
        progress: told how many mechanisms are done.

    Raises:
        FoedusError: for names that the program does not have; if a value cannot be computed.
    """
    problems = Diagnostics()
    check_mechanisms(scenario, program, problems)
    problems.raise_if_errors()
    task = prepare(scenario, program, sample, only)
    found: list[Measured] = []
    for some in _all_measured(task, workers):
        found += some
        if progress is not None:
            progress(len(found))
    return judged(scenario, task, found)


def _all_measured(task: Task, workers: int) -> Iterator[tuple[Measured, ...]]:
    if workers == 1 or len(task.families) <= 1:
        yield from (measured(task, family) for family in task.families)
        return
    with Crew(task, min(workers, len(task.families))) as crew:
        yield from crew.each(measured, task.families)
