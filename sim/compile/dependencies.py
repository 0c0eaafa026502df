"""The graph of what depends on what in a Program: for diagrams, and to follow a difference to its cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile.program import Choice, Decision, Doings, Movement, Program, Rule
from sim.text import Place


@dataclass(frozen=True, slots=True)
class Link:
    """`effect` depends on `cause`; both are names of rows or decisions."""

    cause: str
    effect: str
    via: str
    """`decides`, `effect`, `records`, `act`, `memory`, `dynamics`, `perception`, `settling`, `incident`,
    `start`, `crisis`, `indicator` or `outcome`; for what an effect reads, the decision's name.
    """
    part: str
    """What of the effect it is: `gate`, `rate`, `towards`, `growth`, `+=` and the like; "" for all of it."""
    node: int
    """The expression that reads the cause, or that says how much an effect adds; -1 if there is none."""
    place: Place
    """Where the file says so."""


def dependencies(program: Program) -> Iterator[Link]:
    """Every link of the graph, in a fixed order; a link may come more than once."""
    names = [variable.name for variable in program.variables]
    yield from _begun(program, names)
    for decision in program.decisions.values():
        yield from _of_decision(program, names, decision)
    yield from _moved(program, names)
    yield from _perceived(program, names)
    yield from _settled(program, names)
    for memory in program.memories:
        for row in memory.rows:
            yield Link(names[memory.row], names[row], "memory", "", -1, program.variables[memory.row].place)
    for indicator in program.indicators:
        for row in sorted(program.reads(indicator.node)):
            yield Link(names[row], names[indicator.row], "indicator", "", indicator.node, indicator.place)
    for outcome in program.outcomes:
        for row in sorted(program.reads(outcome.node)):
            yield Link(names[row], names[outcome.row], "outcome", "", outcome.node, outcome.place)


def _begun(program: Program, names: list[str]) -> Iterator[Link]:
    for initial in program.initials:
        for row in sorted(program.reads(initial.node)):
            yield Link(names[row], names[initial.row], "start", "", initial.node, initial.place)


def _moved(program: Program, names: list[str]) -> Iterator[Link]:
    for movement in program.movements:
        for part, node in _moving(movement):
            for row in sorted(program.reads(node)):
                yield Link(names[row], names[movement.row], "dynamics", part, node, movement.places[0])


def _perceived(program: Program, names: list[str]) -> Iterator[Link]:
    for perception in program.perceptions:
        seen, place = names[perception.seen], perception.place
        yield Link(names[perception.source], seen, "perception", "", -1, place)
        for part, node in (("noise", perception.noise), ("half_life", perception.half_life)):
            for row in sorted(program.reads(node)) if node is not None else ():
                yield Link(names[row], seen, "perception", part, node or 0, place)
        if perception.noise is not None:
            yield Link(names[perception.error], seen, "perception", "", -1, place)


def _settled(program: Program, names: list[str]) -> Iterator[Link]:
    for step in program.stages.passes():
        for assignment in step.assignments:
            for row in sorted(program.reads(assignment.node)):
                effect = names[assignment.row]
                yield Link(names[row], effect, "settling", "", assignment.node, assignment.place)
    for incident in program.incidents:
        for row in incident.acts:
            place = program.variables[incident.row].place
            yield Link(names[row], names[incident.row], "incident", "", -1, place)


def _of_decision(program: Program, names: list[str], decision: Decision) -> Iterator[Link]:
    for part, node in asked_parts(decision):
        for row in sorted(program.reads(node)):
            yield Link(names[row], decision.name, "decides", part, node, decision.place)
    if decision.crisis >= 0:
        yield Link(names[decision.crisis], decision.name, "crisis", "", -1, decision.place)
    for row in records_of(decision):
        yield Link(decision.name, names[row], "records", "", -1, decision.place)
    for doings in doings_of(decision):
        for effect in doings.effects:
            operator, node = effect.operator, effect.value
            yield Link(decision.name, names[effect.row], "effect", operator, node, decision.place)
            for row in sorted(program.reads(node)):
                yield Link(names[row], names[effect.row], decision.name, operator, node, decision.place)
        for deed in doings.deeds:
            yield Link(decision.name, names[deed.acts], "act", "", -1, decision.place)
            yield Link(names[deed.acts], names[deed.times], "act", "", -1, decision.place)


def asked_nodes(decision: Decision) -> Iterator[int]:
    """Nodes that a decision is made on."""
    yield from (node for _, node in asked_parts(decision))


def asked_parts(decision: Decision) -> Iterator[tuple[str, int]]:
    """Nodes that a decision is made on, each with what it is asked for."""
    candidates: list[tuple[str, int | None]] = [("gate", decision.gate), ("rate", decision.rate)]
    if isinstance(decision, Rule):
        candidates.append(("size", decision.size))
        if decision.campaign is not None:
            candidates += [("starts", decision.campaign.starts), ("ends", decision.campaign.ends)]
    else:
        candidates += [("temperature", decision.temperature), ("bias", decision.bias)]
        candidates.append(("share", decision.share))
        candidates += [("scale", nest.scale) for nest in decision.nests]
        candidates += [("demand", demand.node) for demand in decision.demands]
        for option in decision.options:
            candidates += [("open", option.gate), ("utility", option.utility)]
    yield from ((part, node) for part, node in candidates if node is not None)


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


def records_of(decision: Decision) -> Iterator[int]:
    """Rows that say what was decided."""
    if isinstance(decision, Choice):
        yield from (decision.chosen, decision.standing)
        return
    yield decision.fired
    if decision.ever is not None:
        yield decision.ever
    if decision.campaign is not None:
        yield decision.campaign.row


def _moving(movement: Movement) -> Iterator[tuple[str, int]]:
    parts = (("towards", movement.towards), ("half_life", movement.half_life), ("growth", movement.growth))
    drifts = (("drift", drift) for drift in movement.drifts)
    for part, node in (*parts, *drifts, ("noise", movement.noise)):
        if node is not None:
            yield part, node
