"""Rows that a part of a turn can read or write: all that has to be at hand to play it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.compile import program as pr
from sim.compile.dependencies import asked_nodes, records_of


def touched(program: pr.Program, steps: Iterable[pr.Step], decisions: Iterable[pr.Decision] = ()) -> set[int]:
    """Rows that some steps of a stage, and some decisions beside them, can read or write."""
    found: set[int] = set()
    for decision in decisions:
        found |= _by_decision(program, decision)
    for step in steps:
        if isinstance(step, pr.Waves):
            found |= program.reads(step.open) | program.reads(step.found)
        for one in pr.passes_of(step):
            found |= _by_pass(program, one)
    return found


def nodes_of(decision: pr.Decision) -> Iterator[int]:
    """Nodes that a decision is made on, or that what it does is worked out from."""
    yield from asked_nodes(decision)
    for doings in every_doings(decision):
        yield from (effect.value for effect in doings.effects)
        yield from (node for deed in doings.deeds for _, node in deed.arguments)


def every_doings(decision: pr.Decision) -> Iterator[pr.Doings]:
    """What a decision can do, in every take of a turn."""
    if isinstance(decision, pr.Rule):
        yield decision.doings
    else:
        yield from (doings for option in decision.options for doings in option.doings)


def _by_pass(program: pr.Program, step: pr.Pass) -> set[int]:
    found: set[int] = set()
    for assignment in step.assignments:
        found |= program.reads(assignment.node) | {assignment.row}
    for demand in step.demands:
        found |= program.reads(demand.node)
    for decision in step.decisions:
        found |= _by_decision(program, decision)
    for incident in program.incidents if step.incidents else ():
        found |= {incident.row, *incident.acts}
    return found


def _by_decision(program: pr.Program, decision: pr.Decision) -> set[int]:
    found = set(records_of(decision))
    if decision.crisis >= 0:
        found.add(decision.crisis)
    for node in nodes_of(decision):
        found |= program.reads(node)
    for doings in every_doings(decision):
        found |= {effect.row for effect in doings.effects}
        found |= {row for deed in doings.deeds for row in (deed.acts, deed.times)}
    return found
