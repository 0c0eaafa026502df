"""A Program without what nobody asks: assignments on which no outcome, indicator or decision depends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from sim.compile import program as pr
from sim.compile.dependencies import records_of
from sim.compile.touched import nodes_of

_made: WeakKeyDictionary[pr.Program, pr.Program] = WeakKeyDictionary()


def needed(program: pr.Program) -> pr.Program:
    """The same world as far as decisions, indicators and outcomes go, to the last bit.

    Rows that only tell what happened, for a log or a screen, are not worked out; what cannot be computed in
    them is not noticed. Everything else is left as it is: rows keep their numbers, decisions their luck.
    """
    found = _made.get(program)
    if found is None:
        found = _made[program] = _cut(program)
    return found


def _cut(program: pr.Program) -> pr.Program:
    by_row: dict[int, list[pr.Assignment]] = defaultdict(list)
    for step in program.stages.passes():
        for assignment in step.assignments:
            by_row[assignment.row].append(assignment)
    remembered = {row: memory.row for memory in program.memories for row in memory.rows}
    asked = set(_asked(program))
    waiting = list(asked)
    while waiting:
        row = waiting.pop()
        before = {remembered[row]} if row in remembered else set()
        found = before.union(*(program.reads(assignment.node) for assignment in by_row[row])) - asked
        asked |= found
        waiting += found
    memories = tuple(memory for memory in program.memories if not asked.isdisjoint(memory.rows))

    def with_rows(step: pr.Pass) -> pr.Pass:
        return replace(step, assignments=tuple(one for one in step.assignments if one.row in asked))

    return replace(program, stages=program.stages.with_passes(with_rows), memories=memories)


def _asked(program: pr.Program) -> Iterator[int]:
    """Rows that are read by anything but assignments."""
    for node in _nodes(program):
        yield from program.reads(node)
    for decision in program.decisions.values():
        yield from records_of(decision)  # what stands, or was ever done, counts for the next time
        if decision.crisis >= 0:
            yield decision.crisis
    for perception in program.perceptions:
        yield from (perception.of, perception.source, perception.error)
    for incident in program.incidents:
        yield from incident.acts
    if program.crisis is not None:
        yield from program.crisis.rows


def _nodes(program: pr.Program) -> Iterator[int]:
    yield from (initial.node for initial in program.initials)
    for decision in program.decisions.values():
        yield from nodes_of(decision)
    for movement in program.movements:
        parts = (movement.towards, movement.half_life, movement.growth, movement.noise, *movement.drifts)
        yield from _stated(parts)
    for perception in program.perceptions:
        yield from _stated((perception.noise, perception.half_life))
    yield from (indicator.node for indicator in program.indicators)
    yield from (outcome.node for outcome in program.outcomes)
    for step in program.stages.passes():
        yield from (demand.node for demand in step.demands)
    for waves in program.stages.all():
        if isinstance(waves, pr.Waves):
            yield from (waves.open, waves.found)


def _stated(nodes: Iterable[int | None]) -> Iterator[int]:
    yield from (node for node in nodes if node is not None)
