"""The times that a decision was asked for in a turn: takes, waves and crisis rounds, as recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.analysis.working import Working
from sim.compile import program as pr
from sim.engine.trace import ChoiceTrace, Moment, RuleTrace
from sim.engine.vectors import Floats, one


@dataclass(frozen=True, slots=True)
class Time:
    """One time that a decision was asked for in a turn, or its not being asked for."""

    decision: pr.Decision
    """With the luck of the crisis round."""
    found: tuple[RuleTrace | ChoiceTrace, ...]
    """What was recorded: the takes of a choice; none if it was not asked for."""
    column: Floats
    """The values on which it was decided, shape `(variables,)`."""
    before: int
    """How many changes had been made by then."""
    until: int | None = None
    """How many had been made when it was asked for again; None if it was not."""
    round: int = 1
    """The crisis round; 1 outside of a crisis too."""


def times_of(working: Working, decision: pr.Decision) -> Iterator[Time]:
    """Each round and wave of the turn in which it was open; if it was in none, the last."""
    traces: list[RuleTrace | ChoiceTrace] = [*working.trace.rules, *working.trace.choices]
    asked: dict[Moment, list[RuleTrace | ChoiceTrace]] = {}
    for trace in traces:
        if trace.turn == working.turn and _decided(trace).name == decision.name:
            asked.setdefault(trace.moment, []).append(trace)
    if not asked:
        exogenous = decision.owner in ("world", "injects")
        states = working.trace.starts if exogenous else working.trace.states
        yield Time(decision, (), states[working.turn][:, 0], working.first_change)
        return
    moments = sorted(asked, key=lambda moment: moment.before)
    ends = [*(moment.before for moment in moments[1:]), None]
    times = [
        Time(
            _decided(asked[moment][0]),
            tuple(asked[moment]),
            moment.values[:, 0],
            moment.before,
            until,
            moment.round,
        )
        for moment, until in zip(moments, ends, strict=True)
    ]
    opened = [time for time in times if any(one(is_open(trace)) for trace in time.found)]
    yield from opened or times[-1:]


def in_crisis(working: Working, time: Time) -> bool:
    """Whether it is taken in crisis rounds: then it comes up whether or not it is due."""
    crisis = working.program.crisis
    several = crisis is not None and crisis.counts[working.turn] > 1
    return several and time.decision.crisis >= 0 and bool(time.column[time.decision.crisis] > 0.0)


def rounds_of(working: Working, time: Time) -> int:
    """How many crisis rounds of the turn it is taken in; 1 outside of a crisis."""
    crisis = working.program.crisis
    return crisis.counts[working.turn] if crisis is not None and in_crisis(working, time) else 1


def _decided(trace: RuleTrace | ChoiceTrace) -> pr.Decision:
    return trace.rule if isinstance(trace, RuleTrace) else trace.choice


def is_open(trace: RuleTrace | ChoiceTrace) -> Any:
    """Truth: whether it could fire, or was taken up."""
    return trace.gate if isinstance(trace, RuleTrace) else trace.taken_up
