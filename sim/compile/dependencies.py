"""The graph of what depends on what in a Program: for diagrams, and to follow a difference to its cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile.program import Choice, Decision, Doings, Movement, Program, Rule


@dataclass(frozen=True, slots=True)
class Link:
    """`effect` depends on `cause`; both are names of rows or decisions."""

    cause: str
    effect: str
    via: str
    """`decides`, `effect`, `records`, `act`, `memory`, `dynamics`, `perception`, `settling`, `indicator` or
    `outcome`; for what an effect reads, the decision's name.
    """


def dependencies(program: Program) -> Iterator[Link]:
    """Every link of the graph, in a fixed order; a link may come more than once."""
    names = [variable.name for variable in program.variables]
    for decision in program.decisions.values():
        yield from _of_decision(program, names, decision)
    for movement in program.movements:
        for node in _moving(movement):
            for row in sorted(program.reads(node)):
                yield Link(names[row], names[movement.row], "dynamics")
    for perception in program.perceptions:
        yield Link(names[perception.source], names[perception.seen], "perception")
    yield from _settled(program, names)
    for memory in program.memories:
        for row in memory.rows:
            yield Link(names[memory.row], names[row], "memory")
    for indicator in program.indicators:
        for row in sorted(program.reads(indicator.node)):
            yield Link(names[row], names[indicator.row], "indicator")
    for outcome in program.outcomes:
        for row in sorted(program.reads(outcome.node)):
            yield Link(names[row], names[outcome.row], "outcome")


def _settled(program: Program, names: list[str]) -> Iterator[Link]:
    for step in program.stages.passes():
        for assignment in step.assignments:
            for row in sorted(program.reads(assignment.node)):
                yield Link(names[row], names[assignment.row], "settling")


def _of_decision(program: Program, names: list[str], decision: Decision) -> Iterator[Link]:
    for node in asked_nodes(decision):
        for row in sorted(program.reads(node)):
            yield Link(names[row], decision.name, "decides")
    for row in _records(decision):
        yield Link(decision.name, names[row], "records")
    for doings in doings_of(decision):
        for effect in doings.effects:
            yield Link(decision.name, names[effect.row], "effect")
            for row in sorted(program.reads(effect.value)):
                yield Link(names[row], names[effect.row], decision.name)
        for deed in doings.deeds:
            yield Link(decision.name, names[deed.acts], "act")
            yield Link(names[deed.acts], names[deed.times], "act")


def asked_nodes(decision: Decision) -> Iterator[int]:
    """Nodes that a decision is made on."""
    candidates: list[int | None] = [decision.gate, decision.rate]
    if isinstance(decision, Rule):
        candidates.append(decision.size)
        if decision.campaign is not None:
            candidates += [decision.campaign.starts, decision.campaign.ends]
    else:
        candidates += [decision.temperature, decision.bias, decision.share]
        candidates += [nest.scale for nest in decision.nests]
        candidates += [demand.node for demand in decision.demands]
        for option in decision.options:
            candidates += [option.gate, option.utility]
    yield from (node for node in candidates if node is not None)


def decisions_by_path(program: Program) -> dict[tuple[str | int, ...], list[Decision]]:
    """The rules, choices and injects that the file states, by where it states them.

    What a construct of the domain decides stands at no place of its own, and is left out.
    """
    found: dict[tuple[str | int, ...], list[Decision]] = defaultdict(list)
    stated: tuple[Decision, ...] = (*program.injects, *program.events, *program.rules, *program.choices)
    for decision in stated:
        found[decision.path].append(decision)
    return dict(found)


def doings_of(decision: Decision) -> Iterator[Doings]:
    """What a decision can do: of each option, its first take."""
    if isinstance(decision, Rule):
        yield decision.doings
    else:
        for option in decision.options:
            yield option.doings[0]


def _records(decision: Decision) -> Iterator[int]:
    """Rows that say what was decided."""
    if isinstance(decision, Choice):
        yield from (decision.chosen, decision.standing)
        return
    yield decision.fired
    if decision.ever is not None:
        yield decision.ever
    if decision.campaign is not None:
        yield decision.campaign.row


def _moving(movement: Movement) -> Iterator[int]:
    nodes = (movement.towards, movement.half_life, movement.growth, *movement.drifts, movement.noise)
    yield from (node for node in nodes if node is not None)
