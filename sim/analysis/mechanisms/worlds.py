"""The worlds of a family of mechanisms: free, pulled, with links frozen, and with the lever cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.mechanisms.carried import Carried, carried
from sim.analysis.mechanisms.freezing import Frozen, frozen_decision, frozen_rows, idle
from sim.analysis.mechanisms.levers import DOSES, Pulled, pulled
from sim.analysis.mechanisms.playing import BLOCK, Sample, watched
from sim.analysis.mechanisms.verdicts import Effect, effect
from sim.compile import program as pr
from sim.compile.dependencies import records_of
from sim.scenario.mechanisms import Lever, Mechanism
from sim.text import FoedusError

Values = NDArray[np.float64]

FROZEN_PART: Final = 4
"""Of the draws, one in so many is played with its link frozen."""
CUT_DRAWS: Final = 4
_NONE: Final = Effect(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 2)
"""Of worlds that cannot be played."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the worlds of one mechanism showed, before all are looked at together."""

    id: str
    doses: tuple[Effect, ...]
    """Of a third, two thirds and the whole of the way."""
    frozen: Carried | None
    """What is left with the link frozen; None without a link, and if that world cannot be played."""
    cut: bool | None
    """Whether nothing at all moved, in any indicator of any turn, when nobody felt the lever; None if that
    world cannot be played."""
    placebo: Effect
    still: bool = False
    """Whether the indicator never moves in the base case."""
    trouble: str = ""
    """Why a world cannot be played."""
    played: bool = True
    """Whether the worlds without and with the pull could be."""


Family = tuple[str, ...]
"""Mechanisms with one lever and horizon that hold the same still: their worlds are played together."""


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
        """The mechanisms, those of one family together."""
        found: dict[tuple[Lever, int, tuple[str, ...]], list[str]] = {}
        for id_, mechanism in self.mechanisms.items():
            alike = mechanism.lever, self.horizon(id_), mechanism.holding
            found.setdefault(alike, []).append(id_)
        return tuple(tuple(ids) for ids in found.values())


def measured(task: Task, family: Family) -> tuple[Measured, ...]:
    """Play the worlds of a family; one that cannot be played is told, and stops nothing else."""
    try:
        return _Worlds(task, family).measured()
    except FoedusError as error:
        return tuple(
            Measured(
                id_,
                (_NONE,) * len(DOSES),
                None,
                None,
                _NONE,
                trouble=_said(id_, "worlds", error),
                played=False,
            )
            for id_ in family
        )


def _said(id_: str, which: str, error: FoedusError) -> str:
    return f"{id_}: the {which} cannot be played: {error.diagnostics[0]}"


class _Worlds:
    """The worlds of a family."""

    def __init__(self, task: Task, family: Family) -> None:
        self._task = task
        self._family = family
        self._sample = task.sample
        self._last = task.horizon(family[0])
        first = task.mechanisms[family[0]]
        self._lever = first.lever
        self._held = Frozen(task.program)
        if first.holding:
            self._held = frozen_rows(self._held, [task.program.rows[name] for name in first.holding])
        rows = {indicator.id: indicator.row for indicator in task.program.indicators}
        stated = [task.mechanisms[id_] for id_ in family]
        names = dict.fromkeys(name for one in stated for name in (one.observable, one.placebo))
        self._seen = [rows[name] for name in names]
        """What is watched: observables and placebos."""
        self._column = {name: number for number, name in enumerate(names)}

    def measured(self) -> tuple[Measured, ...]:
        links = [_Link(self._held, self._task.mechanisms[id_]) for id_ in self._family]
        every = [
            source for one in (self._held, *(link.frozen for link in links)) for _, source in one.shadows
        ]
        sources = list(dict.fromkeys(every))
        plain: list[Values] = []
        doses: list[list[Values]] = [[] for _ in DOSES]
        part = max(self._sample.draws // FROZEN_PART, 2)
        for draws in self._sample.blocks(BLOCK):
            free = self._pull(self._task.program, Fraction(0))
            path = self._watched(free, draws, [*self._seen, *sources])
            record = dict(zip(sources, path[:, len(self._seen) :].swapaxes(0, 1), strict=True))
            if self._held.shadows:
                plain.append(self._frozen(self._held, Fraction(0), draws, record))
            else:
                plain.append(self._mean(path))
            for dose, found in zip(DOSES, doses, strict=True):
                found.append(self._frozen(self._held, dose, draws, record))
            few = range(draws.start, min(draws.stop, part))
            if few:
                for id_, link in zip(self._family, links, strict=True):
                    self._freeze(id_, link, few, record)
        base = np.concatenate(plain, axis=1)
        pulls = [np.concatenate(found, axis=1) for found in doses]
        cut, trouble = self._cut()
        return tuple(
            self._found(id_, base, pulls, link, cut=cut, trouble=trouble)
            for id_, link in zip(self._family, links, strict=True)
        )

    def _found(
        self,
        id_: str,
        base: Values,
        pulls: Sequence[Values],
        link: _Link,
        *,
        cut: bool | None,
        trouble: str,
    ) -> Measured:
        mechanism = self._task.mechanisms[id_]
        observable = mechanism.observable
        unit = self._unit(observable, base, pulls[-1])
        held = None
        if link.pairs and not link.trouble:
            without, with_pull = (np.concatenate(side, axis=1) for side in zip(*link.pairs, strict=True))
            runs = without.shape[1]
            free = self._shaped(observable, base[:, :runs]), self._shaped(observable, pulls[-1][:, :runs])
            frozen = self._shaped(observable, without), self._shaped(observable, with_pull)
            held = carried(free, frozen, unit)
        return Measured(
            id_,
            tuple(self._effect(observable, base, pull, unit) for pull in pulls),
            held,
            cut,
            self._effect(mechanism.placebo, base, pulls[-1], self._unit(mechanism.placebo, base, pulls[-1])),
            self._task.units[observable, self._last] == 0.0,
            link.trouble or trouble,
        )

    def _pull(self, program: pr.Program, dose: Fraction) -> Pulled:
        return pulled(program, self._lever, dose, self._last)

    def _watched(self, world: Pulled, draws: range, rows: Sequence[int]) -> Values:
        return watched(world, self._sample, draws, self._last, rows)

    def _frozen(self, frozen: Frozen, dose: Fraction, draws: range, record: dict[int, Values]) -> Values:
        """Means of a world in which something is frozen, on the record of the free one without the pull."""
        runs = len(draws) * self._sample.histories
        shown = [record[source][:, :runs] for _, source in frozen.shadows]
        world = self._pull(frozen.program, dose)
        if not shown:
            return self._mean(self._watched(world, draws, self._seen))
        shadows = np.stack(shown, axis=1)
        kept = watched(world, self._sample, draws, self._last, self._seen, shadows=frozen, record=shadows)
        return self._mean(kept)

    def _mean(self, path: Values) -> Values:
        """Means of what is watched over the turns from 1 on, shape `(watched, runs)`."""
        mean: Values = path[1:, : len(self._seen)].mean(axis=0)
        return mean

    def _unit(self, name: str, base: Values, whole: Values) -> float:
        """The standard deviation in the base case; of what never moves there, of both worlds together."""
        found = self._task.units[name, self._last]
        if found > 0.0:
            return found
        both = np.concatenate([world[self._column[name]] for world in (base, whole)])
        return float(both.std(ddof=1)) if np.ptp(both) > 0.0 else 1.0

    def _shaped(self, name: str, means: Values) -> Values:
        shaped: Values = means[self._column[name]].reshape(-1, self._sample.histories)
        return shaped

    def _effect(self, name: str, base: Values, other: Values, unit: float) -> Effect:
        return effect(self._shaped(name, base), self._shaped(name, other), unit)

    def _freeze(self, id_: str, link: _Link, draws: range, record: dict[int, Values]) -> None:
        """Play both worlds with a link frozen."""
        if link.trouble or not link.named:
            return
        try:
            without, with_pull = (
                self._frozen(link.frozen, dose, draws, record) for dose in (Fraction(0), Fraction(1))
            )
        except FoedusError as error:
            link.trouble = _said(id_, "world with the link frozen", error)
        else:
            link.pairs.append((without, with_pull))

    def _cut(self) -> tuple[bool | None, str]:
        """Whether all is the same to the bit if nobody feels the lever that is pulled; why one cannot say."""
        lever, program = self._lever, self._pull(self._task.program, Fraction(0)).program
        if lever.kind == "decision":
            felt = tuple(row for name in lever.names for row in records_of(program.decisions[name]))
            for name in lever.names:
                program = idle(program, name)
        elif lever.kind == "initial":
            felt = (program.rows[lever.names[0]],)
        else:
            felt = next(one.rows for one in program.parameters if one.id == lever.names[0])
        frozen = frozen_rows(Frozen(program), felt, results=True)
        draws = range(min(CUT_DRAWS, self._sample.draws))
        sources = [source for _, source in frozen.shadows]
        everything = [one.row for one in program.indicators] + [one.row for one in program.outcomes]
        try:
            record = self._watched(self._pull(self._task.program, Fraction(0)), draws, sources)
            without, with_pull = (
                watched(
                    self._pull(frozen.program, dose),
                    self._sample,
                    draws,
                    self._last,
                    everything,
                    shadows=frozen,
                    record=record,
                )
                for dose in (Fraction(0), Fraction(1))
            )
        except FoedusError as error:
            return None, _said(self._family[0], "world with the lever cut", error)
        return bool(np.array_equal(without, with_pull)), ""


class _Link:
    """What is frozen for a mechanism beside what is held, and what that showed."""

    def __init__(self, held: Frozen, mechanism: Mechanism) -> None:
        frozen = held
        through = mechanism.through
        self.named = through is not None
        if through is not None and through.rows:
            frozen = frozen_rows(frozen, [held.program.rows[name] for name in through.rows])
        for name in through.decisions if through is not None else ():
            frozen = frozen_decision(frozen, name)
        self.frozen = frozen
        self.pairs: list[tuple[Values, Values]] = []
        """Means without the pull and with it, block by block."""
        self.trouble = ""
        """Why it cannot be played."""
