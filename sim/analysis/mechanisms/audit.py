"""The audit itself: one family of paired worlds for each mechanism, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.mechanisms.freezing import Frozen, frozen_decision, frozen_rows, idle, records
from sim.analysis.mechanisms.levers import DOSES, Pulled, pulled
from sim.analysis.mechanisms.playing import Sample, watched
from sim.analysis.mechanisms.verdicts import Effect, Verdict, effect, holm, verdict
from sim.batch.crew import Crew
from sim.compile import check_mechanisms
from sim.compile import program as pr
from sim.scenario import Scenario
from sim.scenario.mechanisms import Lever, Mechanism
from sim.text import Diagnostics, FoedusError

Values = NDArray[np.float64]
Progress = Callable[[int], None]
"""Called with how many mechanisms are done."""

HISTORIES: Final = 10
"""Of each draw of the parameters."""
LEAST_DRAWS: Final = 20
BLOCK: Final = 2_000
"""Runs played at once."""
FROZEN_PART: Final = 4
"""Of the draws, one in so many is played with its link frozen."""
CUT_DRAWS: Final = 4

Carries = Literal["all", "part", "none", "unknown"]
"""How much of an effect goes through the link that is named: frozen, the rest is below what matters and below
half; below half of the whole; half or more; there was no effect to tell."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the worlds of one mechanism showed, before all are looked at together."""

    id: str
    doses: tuple[Effect, ...]
    """Of a third, two thirds and the whole of the way."""
    frozen: Effect | None
    """The whole way with the link frozen; None if that world cannot be played."""
    cut: bool
    """Whether nothing at all moved, in any indicator of any turn, when nobody felt the lever."""
    placebo: Effect
    trouble: str = ""
    """Why the frozen world cannot be played."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mechanism and its verdict."""

    mechanism: Mechanism
    measured: Measured
    chance: float
    """That the effect is none, adjusted for all mechanisms."""
    verdict: Verdict

    @property
    def whole(self) -> Effect:
        """The effect of the whole way."""
        return self.measured.doses[-1]

    @property
    def carries(self) -> Carries:
        """How much of the effect the named link carries."""
        frozen, whole = self.measured.frozen, abs(self.whole.size)
        if frozen is None or whole < self.mechanism.least:
            return "unknown"
        left = abs(frozen.size)
        if left >= whole / 2:
            return "none"
        return "all" if left < self.mechanism.least else "part"

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


Family = tuple[str, ...]
"""Mechanisms with one lever and one horizon: their worlds are played together."""


@dataclass(frozen=True)
class Task:
    """All that is needed to measure mechanisms of a scenario, in this process or in another."""

    program: pr.Program
    mechanisms: dict[str, Mechanism]
    sample: Sample
    units: dict[tuple[str, int], float]
    """By indicator and horizon: the standard deviation of the base case, 0 where it never differs."""

    def horizon(self, id_: str) -> int:
        """The last turn that a mechanism is watched in."""
        return self.program.clock.turns_in(self.mechanisms[id_].horizon)

    @property
    def families(self) -> tuple[Family, ...]:
        """The mechanisms, those of one lever and horizon together."""
        found: dict[tuple[Lever, int], list[str]] = {}
        for id_, mechanism in self.mechanisms.items():
            found.setdefault((mechanism.lever, self.horizon(id_)), []).append(id_)
        return tuple(tuple(ids) for ids in found.values())


def measured(task: Task, family: Family) -> tuple[Measured, ...]:
    """Play the worlds of a family."""
    return _Worlds(task, family).measured()


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
                units[indicator.id, last] = float(means[number, column].std(ddof=1))
    return Task(replace(program, scenario=None), wanted, sample, units)


def _means(path: Values, lasts: Sequence[int]) -> Values:
    """Means over the turns 1 to each of the last ones, shape `(lasts, rows, runs)`."""
    return np.stack([path[1 : last + 1].mean(axis=0) for last in lasts])


def judged(scenario: Scenario, task: Task, measured: Iterable[Measured]) -> Audit:
    """The verdicts, once all are measured: each is adjusted for how many were asked."""
    by_id = {one.id: one for one in measured}
    in_order = [by_id[id_] for id_ in task.mechanisms]
    chances = holm([one.doses[-1].chance for one in in_order])
    alike = holm([one.doses[-1].alike for one in in_order])
    findings = []
    for one, chance, same in zip(in_order, chances, alike, strict=True):
        mechanism = task.mechanisms[one.id]
        found = verdict(one.doses[-1], mechanism.sign, mechanism.least, chance, same)
        findings.append(Finding(mechanism, one, chance, found))
    return Audit(scenario, task.sample, tuple(findings))


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
    if workers == 1:
        yield from (measured(task, family) for family in task.families)
        return
    with Crew(task, workers) as crew:
        yield from crew.each(measured, task.families)


class _Worlds:
    """The worlds of a family."""

    def __init__(self, task: Task, family: Family) -> None:
        self._task = task
        self._family = family
        self._sample = task.sample
        self._last = task.horizon(family[0])
        self._lever = task.mechanisms[family[0]].lever
        self._base = pulled(task.program, self._lever, Fraction(0), self._last)
        rows = {indicator.id: indicator.row for indicator in task.program.indicators}
        stated = [task.mechanisms[id_] for id_ in family]
        names = dict.fromkeys(name for one in stated for name in (one.observable, one.placebo))
        self._seen = [rows[name] for name in names]
        """What is watched: observables and placebos."""
        self._column = {name: number for number, name in enumerate(names)}

    def measured(self) -> tuple[Measured, ...]:
        links = [_Link(self._base.program, self._task.mechanisms[id_]) for id_ in self._family]
        sources = [source for link in links for source in link.sources]
        plain: list[Values] = []
        doses: list[list[Values]] = [[] for _ in DOSES]
        part = max(self._sample.draws // FROZEN_PART, 2)
        for draws in self._sample.blocks(BLOCK):
            path = self._watched(self._base, draws, [*self._seen, *sources])
            plain.append(self._mean(path))
            for dose, found in zip(DOSES, doses, strict=True):
                world = pulled(self._base.program, self._lever, dose, self._last)
                found.append(self._mean(self._watched(world, draws, self._seen)))
            few = range(draws.start, min(draws.stop, part))
            if few:
                first = len(self._seen)
                for link in links:
                    record = path[:, first : first + len(link.sources), : len(few) * self._sample.histories]
                    first += len(link.sources)
                    self._freeze(link, few, record)
        base = np.concatenate(plain, axis=1)
        pulls = [np.concatenate(found, axis=1) for found in doses]
        cut = self._cut()
        return tuple(
            self._found(id_, base, pulls, link, cut=cut)
            for id_, link in zip(self._family, links, strict=True)
        )

    def _found(self, id_: str, base: Values, pulls: Sequence[Values], link: _Link, *, cut: bool) -> Measured:
        mechanism = self._task.mechanisms[id_]
        observable, placebo = mechanism.observable, mechanism.placebo
        held = None
        if not link.trouble:
            without, with_pull = (np.concatenate(side, axis=1) for side in zip(*link.pairs, strict=True))
            held = self._effect(observable, without, with_pull)
        return Measured(
            id_,
            tuple(self._effect(observable, base, pull) for pull in pulls),
            held,
            cut,
            self._effect(placebo, base, pulls[-1]),
            link.trouble,
        )

    def _watched(self, world: Pulled, draws: range, rows: Sequence[int]) -> Values:
        return watched(world, self._sample, draws, self._last, rows)

    def _mean(self, path: Values) -> Values:
        """Means of what is watched over the turns from 1 on, shape `(watched, runs)`."""
        mean: Values = path[1:, : len(self._seen)].mean(axis=0)
        return mean

    def _effect(self, name: str, base: Values, other: Values) -> Effect:
        before, after = (
            means[self._column[name]].reshape(-1, self._sample.histories) for means in (base, other)
        )
        unit = self._task.units[name, self._last]
        if unit == 0.0:  # what never moves in the base case is measured by how it moves here
            unit = float(np.concatenate([before, after]).std(ddof=1)) or 1.0
        return effect(before, after, unit)

    def _freeze(self, link: _Link, draws: range, record: Values) -> None:
        """Play both worlds with a link frozen."""
        if link.trouble:
            return
        try:
            without, with_pull = (
                self._mean(
                    watched(
                        world,
                        self._sample,
                        draws,
                        self._last,
                        self._seen,
                        shadows=link.frozen,
                        record=record,
                    )
                )
                for world in self._both(link.frozen.program)
            )
        except FoedusError as error:
            link.trouble = error.diagnostics[0].message
        else:
            link.pairs.append((without, with_pull))

    def _both(self, program: pr.Program) -> Iterator[Pulled]:
        """The lever not pulled, and pulled the whole way."""
        yield Pulled(program, self._base.orders)
        yield pulled(program, self._lever, Fraction(1), self._last)

    def _cut(self) -> bool:
        """Whether all is the same, bit for bit, if the lever is pulled and nobody feels it."""
        lever, program = self._lever, self._base.program
        if lever.kind == "decision":
            felt = tuple(row for name in lever.names for row in records(program.decisions[name]))
            for name in lever.names:
                program = idle(program, name)
        elif lever.kind == "initial":
            felt = (program.rows[lever.names[0]],)
        else:
            felt = next(one.rows for one in program.parameters if one.id == lever.names[0])
        frozen = frozen_rows(Frozen(program), felt)
        draws = range(min(CUT_DRAWS, self._sample.draws))
        record = self._watched(self._base, draws, [source for _, source in frozen.shadows])
        everything = [one.row for one in program.indicators] + [one.row for one in program.outcomes]
        without, with_pull = (
            watched(world, self._sample, draws, self._last, everything, shadows=frozen, record=record)
            for world in self._both(frozen.program)
        )
        return bool(np.array_equal(without, with_pull))


class _Link:
    """What is frozen for a mechanism, and what that showed."""

    def __init__(self, program: pr.Program, mechanism: Mechanism) -> None:
        frozen = Frozen(program)
        through = mechanism.through
        if through.rows:
            frozen = frozen_rows(frozen, [program.rows[name] for name in through.rows])
        for name in through.decisions:
            frozen = frozen_decision(frozen, name)
        self.frozen = frozen
        self.sources = [source for _, source in frozen.shadows]
        self.pairs: list[tuple[Values, Values]] = []
        """Means without the pull and with it, block by block."""
        self.trouble = ""
        """Why it cannot be played."""
