"""What only play shows: some runs are played, and what came of them in practice is looked at.

All runs are played together, turn by turn. What the compiler can prove before play is its own affair
(`sim.compile.find_warnings`); here stands what was so in these runs, and may be otherwise in more of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.compile.dependencies import decisions_by_path
from sim.engine.advance import advance
from sim.engine.evaluate import Evaluator
from sim.engine.start import start
from sim.engine.state import State
from sim.engine.trace import Trace
from sim.engine.vectors import Floats
from sim.scenario.load import PathOf, Scenario
from sim.text import Diagnostic, Diagnostics, in_order

RUNS: Final = 200
SEED: Final = 0
STUCK: Final = 0.5
"""Share of all turns of all runs from which on a variable counts as stuck at the end of its range."""
OUTSIDE: Final = 0.01
"""Share from which on an indicator is told to leave the range that it is said to have."""
HELD: Final = 0.1
"""Share of draws from which on a parameter is told to be held within its range a lot."""

_MOVING: Final = ("attribute", "relation")


def probe(
    scenario: Scenario, program: pr.Program, runs: int = RUNS, seed: int = SEED
) -> tuple[Diagnostic, ...]:
    """Warnings of what was so in every one, or in most, of some runs; sorted by place.

    Raises:
        FoedusError: if a run meets a value that cannot be computed.
    """
    seen = _Seen(program, runs, seed)
    seen.play()
    found = Diagnostics()
    for warnings in (_parameters, _variables, _indicators, _decisions, _outcomes):
        for warning in warnings(scenario, seen):
            found.add(warning)
    return in_order(found)


@dataclass
class _Tally:
    """In how many turns of runs something was asked, and in how many it was so."""

    asked: int = 0
    so: int = 0

    @property
    def never(self) -> bool:
        return self.asked > 0 and self.so == 0

    @property
    def always(self) -> bool:
        return self.asked > 0 and self.so == self.asked


_Whose = tuple[str, str]
"""A decision's name and an option's id; no option for the gate of the decision itself."""


class _Seen:
    """Plays the runs, and counts."""

    def __init__(self, program: pr.Program, runs: int, seed: int) -> None:
        self.program = program
        self.runs = runs
        self.state: State = start(program, np.arange(runs), seed)
        self.drawn: Floats = self.state.values.copy()
        rows = len(program.variables)
        self.low = np.array([variable.low for variable in program.variables])[:, None]
        self.high = np.array([variable.high for variable in program.variables])[:, None]
        self.at_low = np.zeros(rows)
        self.at_high = np.zeros(rows)
        self.between = np.zeros(rows, dtype=bool)
        """Rows that were ever within their range, not at an end of it."""
        self.outside = np.zeros(rows)
        self.gates: dict[_Whose, _Tally] = defaultdict(_Tally)
        """Of decisions and of options that have one."""
        self.fired: dict[str, int] = defaultdict(int)
        """By rule: in how many turns of runs."""
        self.chosen: dict[str, Floats] = {}
        """By choice: how often each option was."""

    @property
    def moments(self) -> int:
        """Turns of all runs together."""
        return self.program.turns * self.runs

    def play(self) -> None:
        for turn in range(1, self.program.turns + 1):
            trace = Trace()
            advance(self.program, self.state, (), turn, turn, trace=trace)
            self._look(turn, trace)
            self._count(self.state.values)

    def _count(self, values: Floats) -> None:
        """Who is where: at an end of its range to which it came, between the ends, beyond them."""
        low, high = values <= self.low, values >= self.high
        self.at_low += np.count_nonzero(low & (self.drawn > self.low), axis=1)
        self.at_high += np.count_nonzero(high & (self.drawn < self.high), axis=1)
        self.between |= (~low & ~high).any(axis=1)
        self.outside += np.count_nonzero((values < self.low) | (values > self.high), axis=1)

    def _look(self, turn: int, trace: Trace) -> None:
        program = self.program
        with np.errstate(all="ignore"):
            self._gates(turn, trace.starts[turn], (*program.injects, *program.events))
            self._gates(turn, trace.states[turn], (*program.rules, *program.choices))
        for rule in trace.rules:  # rounds and waves are played by some of the runs
            self.fired[rule.rule.name] += _number(np.asarray(rule.fired) > 0, len(rule.moment.runs))
        for taken in trace.choices:
            counts = self.chosen.setdefault(taken.choice.name, np.zeros(len(taken.choice.options)))
            for index in range(len(counts)):
                counts[index] += _number(np.asarray(taken.chosen) == index + 1.0, len(taken.moment.runs))

    def _gates(self, turn: int, values: Floats, decisions: Sequence[pr.Decision]) -> None:
        state = State(values, self.state.runs, self.state.seed, self.state.stream, turn - 1)
        ev = Evaluator(self.program, state, turn)
        for decision in decisions:
            if decision.due is not None and not decision.due[turn]:
                continue
            up = self._gate(ev, (decision.name, ""), decision.gate, np.True_)
            if isinstance(decision, pr.Choice) and up.any():
                for option in decision.options:
                    self._gate(ev, (decision.name, option.id), option.gate, up)

    def _gate(self, ev: Evaluator, whose: _Whose, gate: int | None, asked: Any) -> Any:
        """Count in how many of the runs in which it is asked a gate is open."""
        if gate is None:
            return asked
        is_open = asked & ev.value(gate)
        self.gates[whose].asked += _number(asked, self.runs)
        self.gates[whose].so += _number(is_open, self.runs)
        return is_open


def _number(truth: Any, runs: int) -> int:
    """In how many runs something is true."""
    return int(np.count_nonzero(np.broadcast_to(truth, (runs,))))


def _often(seen: _Seen, times: float) -> str:
    return f"in {times / seen.moments:.0%} of all turns of {seen.runs} runs"


# Parameters, variables, indicators


def _parameters(scenario: Scenario, seen: _Seen) -> Iterator[Diagnostic]:
    for parameter in seen.program.parameters:
        if parameter.distribution is None or parameter.distribution.family == "discrete":
            continue
        values = seen.drawn[list(parameter.rows)]
        for end, bound in (("lowest", seen.low), ("highest", seen.high)):
            held = np.count_nonzero(values == bound[list(parameter.rows)])
            if held > HELD * values.size:
                at = float(bound[parameter.rows[0], 0])
                share = f"{held / values.size:.0%} of what is drawn"
                said = f"{share} lies beyond {at:g}, its {end} value, and is held there"
                place = scenario.value_place("parameters", parameter.id, "distribution")
                yield _warning(place, said, "widen the range, or narrow the distribution", "probe-held")


def _variables(scenario: Scenario, seen: _Seen) -> Iterator[Diagnostic]:  # noqa: ARG001 - one form for all
    """Variables that came to an end of their range and stayed there: one a place."""
    found: dict[Any, list[tuple[float, str]]] = defaultdict(list)
    for row, variable in enumerate(seen.program.variables):
        if variable.kind in _MOVING and seen.between[row]:  # what only knows its two ends is a switch
            for times, end in ((seen.at_low[row], variable.low), (seen.at_high[row], variable.high)):
                if times > STUCK * seen.moments:
                    said = f"{variable.name} is at {end:g}, the end of its range, {_often(seen, times)}"
                    found[variable.place].append((-times, said))
    for place, stuck in found.items():
        more = f", and {len(stuck) - 1} more of it beside" if len(stuck) > 1 else ""
        advice = "widen the range, or weaken what drives it there"
        yield _warning(place, min(stuck)[1] + more, advice, "probe-stuck")


def _indicators(scenario: Scenario, seen: _Seen) -> Iterator[Diagnostic]:
    for indicator in seen.program.indicators:
        row, part = indicator.row, scenario.model.indicators[indicator.id]
        if seen.outside[row] > OUTSIDE * seen.moments:
            said = f"this indicator is beyond its range {_often(seen, seen.outside[row])}"
            yield _warning(indicator.place, said, "widen the range", "probe-outside")
        for times, end in ((seen.at_low[row], part.low), (seen.at_high[row], part.high)):
            if seen.between[row] and times > STUCK * seen.moments:
                said = f"this indicator is at {end:g}, the end of its range, {_often(seen, times)}"
                yield _warning(indicator.place, said, "watch something that moves", "probe-stuck")


# Decisions


def _decisions(scenario: Scenario, seen: _Seen) -> Iterator[Diagnostic]:
    """Rules that never fired, options never chosen, gates never or always open: whoever they belong to."""
    for path, decisions in decisions_by_path(seen.program).items():
        gate = _gate_told(scenario, seen, (*path, "when"), [(decision.name, "") for decision in decisions])
        if gate is not None:
            yield gate
        if gate is not None and gate.code == "probe-never-open":
            continue  # that is why
        choices = [decision for decision in decisions if isinstance(decision, pr.Choice)]
        if choices:
            yield from _options(scenario, seen, path, choices)
        elif not any(seen.fired[decision.name] for decision in decisions):
            what = "event" if decisions[0].owner in ("world", "injects") else "rule"
            verb = "happened" if what == "event" else "fired"
            said = f"this {what} never {verb} in {seen.runs} runs"
            advice = "raise its rate, or leave it if it is meant to be so rare"
            yield _warning(scenario.place(*path), said, advice, "probe-never-fired")


def _gate_told(scenario: Scenario, seen: _Seen, path: PathOf, owners: Iterable[_Whose]) -> Diagnostic | None:
    """Of a condition that came out one way only, for all that have it."""
    tallies = [seen.gates[whose] for whose in owners if whose in seen.gates]
    if tallies and all(tally.never for tally in tallies):
        advice = "loosen it, or leave it if it is meant to be so rare"
        said = f"this condition was never true in {seen.runs} runs"
        return _warning(scenario.value_place(*path), said, advice, "probe-never-open")
    if tallies and all(tally.always for tally in tallies):
        said = f"this condition was true whenever it was asked in {seen.runs} runs"
        return _warning(scenario.value_place(*path), said, "tighten it, or leave it out", "probe-always-open")
    return None


def _options(
    scenario: Scenario, seen: _Seen, path: PathOf, choices: Sequence[pr.Choice]
) -> Iterator[Diagnostic]:
    if not any(choice.name in seen.chosen and seen.chosen[choice.name].any() for choice in choices):
        said = f"this choice was never taken up in {seen.runs} runs"
        yield _warning(scenario.place(*path), said, "let it come up more often", "probe-never-fired")
        return
    for index, option in enumerate(choices[0].options):
        here = (*path, "options", option.id)
        gate = _gate_told(scenario, seen, (*here, "when"), [(choice.name, option.id) for choice in choices])
        if gate is not None:
            yield gate
        if gate is not None and gate.code == "probe-never-open":
            continue
        if not any(seen.chosen[choice.name][index] for choice in choices if choice.name in seen.chosen):
            said = f"this option was never chosen in {seen.runs} runs"
            advice = "raise its utility, or take it out"
            yield _warning(scenario.place(*here), said, advice, "probe-never-chosen")


# Outcomes


def _outcomes(scenario: Scenario, seen: _Seen) -> Iterator[Diagnostic]:
    for outcome in seen.program.outcomes:
        runs = int(np.count_nonzero(seen.state.values[outcome.row] > 0.0))
        if runs in (0, seen.runs):
            said = "none" if runs == 0 else "every one"
            yield _warning(
                scenario.place("outcomes", outcome.id),
                f"this outcome came about in {said} of {seen.runs} runs",
                "ask for something less certain, or leave it if that is the finding",
                "probe-outcome",
            )


def _warning(place: Any, message: str, advice: str, code: str) -> Diagnostic:
    return Diagnostic(place, message, severity="warning", code=code, advice=advice)
