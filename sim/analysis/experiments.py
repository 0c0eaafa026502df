"""Experiments: every arm played on the same luck, and what differs from the base, run by run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.analysis.arms import arm_bans, arm_orders
from sim.analysis.paired import PairedMean, PairedShare, paired_mean, paired_share
from sim.analysis.spread import (
    IndicatorSpread,
    OutcomeSpread,
    Values,
    Watched,
    indicator_spreads,
    outcome_spreads,
)
from sim.batch import BatchResult, run_batch
from sim.compile import Program, compile_scenario
from sim.compile.alike import played_alike
from sim.compile.forbidding import forbidding
from sim.engine.orders import Order
from sim.scenario.experiment import Arm, Experiment
from sim.text import Diagnostic, Diagnostics, FoedusError, quoted

Progress = Callable[[str, int], None]
"""Called with an arm's id and the number of its runs done so far."""


@dataclass(frozen=True)
class LoadedExperiment:
    """An experiment whose arms are sound in form and meaning."""

    experiment: Experiment
    programs: tuple[Program, ...]
    """One for each arm."""
    orders: tuple[tuple[Order, ...], ...]

    @property
    def unchanged(self) -> tuple[str, ...]:
        """Arms that say nothing which is played: every run of them is the base's, to the bit."""
        base = self.programs[0]
        arms = zip(self.experiment.arms[1:], self.programs[1:], self.orders[1:], strict=True)
        return tuple(arm.id for arm, program, orders in arms if not orders and played_alike(base, program))

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What is doubtful, each with its place."""
        found = Diagnostics()
        for id_ in self.unchanged:
            found.warning(
                self.experiment.arm_place(id_),
                f"the arm {quoted(id_)} changes nothing that is played: every run of it is the base's",
                "say how it differs; as a placebo it may stay",
                code="unchanged",
            )
        return found.warnings


@dataclass(frozen=True, slots=True)
class OutcomeEffect:
    """An outcome of the base and of an arm."""

    id: str
    title: str
    paired: PairedShare


@dataclass(frozen=True, slots=True)
class IndicatorEffect:
    """An indicator at the end, in the base and in an arm."""

    id: str
    title: str
    unit: str
    paired: PairedMean


@dataclass(frozen=True, slots=True)
class Named:
    """An outcome or an indicator that one of two sides has not, so that nothing can be compared."""

    kind: Literal["outcome", "indicator"]
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class ArmAnswer:
    """What an arm changes."""

    id: str
    title: str
    outcomes: tuple[OutcomeEffect, ...]
    """Those that base and arm have, the greatest difference first."""
    indicators: tuple[IndicatorEffect, ...]
    """Those that base and arm have, the greatest effect in standard deviations of the base first."""
    unchanged: bool = False
    """Whether it says nothing that is played."""
    lost: tuple[Named, ...] = ()
    """What the base compares and this arm has not, outcomes first; so `gained`, which the base has not."""
    gained: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What an experiment came to."""

    experiment: Experiment
    runs: int
    seed: int
    base: BatchResult
    arms: tuple[ArmAnswer, ...]
    outcomes: tuple[OutcomeSpread, ...]
    """Those that all arms have, where the arms lie farthest apart first; none for a single arm."""
    indicators: tuple[IndicatorSpread, ...]


def prepare(experiment: Experiment) -> LoadedExperiment:
    """Compile every arm.

    Raises:
        FoedusError: with everything that is wrong in any arm, each with its place.
    """
    problems = Diagnostics()
    base = experiment.arms[0].scenario
    programs: list[Program] = []
    orders: list[tuple[Order, ...]] = []
    for arm in experiment.arms:
        try:
            same = programs and arm.scenario is base  # it differs by orders alone
            program = programs[0] if same else compile_scenario(arm.scenario)
            said = Diagnostics()
            orders.append(arm_orders(experiment, arm, program, said))
            bans = arm_bans(experiment, arm, program, said)
            said.raise_if_errors()
            programs.append(forbidding(program, bans))
        except FoedusError as error:
            problems.extend(_in_arm(experiment, arm, error))
    problems.raise_if_errors()
    return LoadedExperiment(experiment, tuple(programs), tuple(orders))


def _in_arm(experiment: Experiment, arm: Arm, error: FoedusError) -> list[Diagnostic]:
    """What is wrong in a scenario's own file only as an arm changes it says in which arm."""
    if arm.scenario is experiment.arms[0].scenario:
        return list(error.diagnostics)
    return [
        found
        if found.place is None or found.place.file == experiment.file
        else replace(found, message=f"in the arm {quoted(arm.id)}: {found.message}")
        for found in error.diagnostics
    ]


def answer(
    loaded: LoadedExperiment,
    *,
    runs: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Answer:
    """Play every arm on the same luck, and compare each with the base.

    Args:
        loaded: the arms.
        runs: how many, in place of what the file says.
        seed: in place of what the file says.
        workers: processes to play on.
        progress: told how far an arm has come.

    Raises:
        FoedusError: as `run_batch`.
    """
    experiment = loaded.experiment
    count = experiment.model.runs if runs is None else runs
    luck = experiment.model.seed if seed is None else seed
    results = [
        run_batch(
            program,
            count,
            luck,
            workers=workers,
            orders=orders,
            progress=None if progress is None else _of(progress, arm.id),
        )
        for arm, program, orders in zip(experiment.arms, loaded.programs, loaded.orders, strict=True)
    ]
    base, *others = results
    arms = zip(experiment.arms[1:], loaded.programs[1:], others, strict=True)
    found = tuple(_compared(loaded, arm, program, base, result) for arm, program, result in arms)
    shared = _shared(experiment, loaded.programs, results)
    return Answer(
        experiment,
        count,
        luck,
        base,
        found,
        outcome_spreads(shared["outcome"]),
        indicator_spreads(shared["indicator"]),
    )


def _shared(
    experiment: Experiment, programs: tuple[Program, ...], results: list[BatchResult]
) -> dict[str, list[Watched]]:
    """What base and all arms have, by kind."""
    found: dict[str, list[Watched]] = {}
    for kind, stated, watched in (
        ("outcome", [(one.id, one.title, "") for one in programs[0].outcomes], experiment.model.outcomes),
        (
            "indicator",
            [(one.id, one.title, one.unit) for one in programs[0].indicators],
            experiment.model.indicators,
        ),
    ):
        found[kind] = []
        for id_, title, unit in stated:
            column = f"{kind}.{id_}"
            everywhere = all(column in result.columns for result in results)
            if everywhere and _is_of(watched, id_):
                base, *arms = (_values(kind, result, column) for result in results)
                named = {arm.id: values for arm, values in zip(experiment.arms[1:], arms, strict=True)}
                found[kind].append(Watched(id_, title, unit, base, named))
    return found


def _values(kind: str, result: BatchResult, column: str) -> Values:
    """An indicator at the end, or whether an outcome came about, shape `(runs,)`."""
    values = result.column(column).to_numpy()
    return values > 0 if kind == "outcome" else np.asarray(values, dtype=np.float64)


def _of(progress: Progress, arm: str) -> Callable[[int], None]:
    return lambda done: progress(arm, done)


def _compared(
    loaded: LoadedExperiment, arm: Arm, program: Program, base: BatchResult, result: BatchResult
) -> ArmAnswer:
    experiment = loaded.experiment
    outcomes = sorted(
        _outcomes(experiment, program, base, result),
        key=lambda effect: (-abs(effect.paired.difference), effect.id),
    )
    indicators = sorted(
        _indicators(experiment, program, base, result),
        key=lambda effect: (-abs(effect.paired.effect), effect.id),
    )
    ours, theirs = _named(experiment, loaded.programs[0]), _named(experiment, program)
    return ArmAnswer(
        arm.id,
        arm.title,
        tuple(outcomes),
        tuple(indicators),
        arm.id in loaded.unchanged,
        lost=tuple(ours[key] for key in ours if key not in theirs),
        gained=tuple(theirs[key] for key in theirs if key not in ours),
    )


def _named(experiment: Experiment, program: Program) -> dict[tuple[str, str], Named]:
    """What a Program has of that which is compared, by kind and id."""
    model = experiment.model
    found = [
        *(Named("outcome", one.id, one.title) for one in program.outcomes if _is_of(model.outcomes, one.id)),
        *(
            Named("indicator", one.id, one.title)
            for one in program.indicators
            if _is_of(model.indicators, one.id)
        ),
    ]
    return {(one.kind, one.id): one for one in found}


def _is_of(watched: tuple[str, ...] | None, id_: str) -> bool:
    """Whether it is compared: everything is, where nothing is said of it."""
    return watched is None or id_ in watched


def _outcomes(
    experiment: Experiment, program: Program, base: BatchResult, result: BatchResult
) -> Iterator[OutcomeEffect]:
    watched = experiment.model.outcomes
    for outcome in program.outcomes:
        column = f"outcome.{outcome.id}"
        if column in base.columns and _is_of(watched, outcome.id):
            happened = (_values("outcome", table, column) for table in (base, result))
            yield OutcomeEffect(outcome.id, outcome.title, paired_share(*happened))


def _indicators(
    experiment: Experiment, program: Program, base: BatchResult, result: BatchResult
) -> Iterator[IndicatorEffect]:
    watched = experiment.model.indicators
    for indicator in program.indicators:
        column = f"indicator.{indicator.id}"
        if column in base.columns and _is_of(watched, indicator.id):
            values = (_values("indicator", table, column) for table in (base, result))
            yield IndicatorEffect(indicator.id, indicator.title, indicator.unit, paired_mean(*values))
