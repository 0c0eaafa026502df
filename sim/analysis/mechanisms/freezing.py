"""Freezing: a Program in which some variables are read as they were in another world.

What is frozen gets a *shadow*, a row that nothing in the Program writes. Whoever plays it fills the shadows
before each turn with what the variable was in the other world when the turn before ended. The variable itself
goes on as it would; but what reads it, reads the shadow.

Both worlds that are compared, the one with the lever pulled and the one without, are frozen on one record:
so that shadows lag by a turn in both, and what is left of a difference went another way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sim.compile import program as pr

_Map = Callable[[int], int]


@dataclass(frozen=True)
class Frozen:
    """A program, and the shadows in it."""

    program: pr.Program
    shadows: tuple[tuple[int, int], ...] = ()
    """(row of the shadow, row whose record it takes) pairs."""


def frozen_rows(frozen: Frozen, rows: Sequence[int]) -> Frozen:
    """Everything that reads these variables reads their shadows."""
    found, shadow_of = _with_shadows(frozen, rows)
    program = found.program
    nodes = tuple(
        replace(node, row=shadow_of[node.row]) if node.op == "row" and node.row in shadow_of else node
        for node in program.nodes
    )

    def shadowed(row: int) -> int:
        return shadow_of.get(row, row)

    perceptions = tuple(
        replace(perception, of=shadowed(perception.of), source=shadowed(perception.source))
        for perception in program.perceptions
    )
    memories = tuple(replace(memory, row=shadowed(memory.row)) for memory in program.memories)
    return replace(found, program=replace(program, nodes=nodes, perceptions=perceptions, memories=memories))


def frozen_decision(frozen: Frozen, name: str) -> Frozen:
    """The decision is taken on shadows of all that it looks at; what it then does is as large as ever."""
    decision = frozen.program.decisions[name]
    program = frozen.program
    read = sorted(frozenset().union(*(program.reads(node) for node in _looked_at(decision))))
    if decision.crisis >= 0 and decision.crisis not in read:
        read.append(decision.crisis)
    found, shadow_of = _with_shadows(frozen, read)
    copier = _Copier(found.program.nodes, shadow_of)

    def copied(one: pr.Decision) -> pr.Decision:
        if one.name != name:
            return one
        return replace(_mapped(one, copier.copy), crisis=shadow_of.get(one.crisis, one.crisis))

    changed = with_decisions(found.program, copied)
    return replace(found, program=replace(changed, nodes=tuple(copier.nodes)))


def idle(program: pr.Program, name: str) -> pr.Program:
    """A program in which a decision is taken, and nothing comes of it."""

    def without(one: pr.Decision) -> pr.Decision:
        if one.name != name:
            return one
        if isinstance(one, pr.Rule):
            return replace(one, doings=pr.Doings())
        options = (
            replace(option, doings=tuple(pr.Doings() for _ in option.doings)) for option in one.options
        )
        return replace(one, options=tuple(options))

    return with_decisions(program, without)


def records(decision: pr.Decision) -> tuple[int, ...]:
    """Rows in which it stands what was decided."""
    if isinstance(decision, pr.Choice):
        return decision.chosen, decision.standing
    rows = (decision.fired, decision.ever, decision.campaign.row if decision.campaign else None)
    return tuple(row for row in rows if row is not None)


def with_decisions(program: pr.Program, change: Callable[[pr.Decision], pr.Decision]) -> pr.Program:
    """The program with every decision changed, wherever it is taken."""

    def rules(found: Sequence[pr.Rule]) -> tuple[pr.Rule, ...]:
        return tuple(one for one in map(change, found) if isinstance(one, pr.Rule))

    def choices(found: Sequence[pr.Choice]) -> tuple[pr.Choice, ...]:
        return tuple(one for one in map(change, found) if isinstance(one, pr.Choice))

    def of_pass(step: pr.Pass) -> pr.Pass:
        return replace(step, rules=rules(step.rules), choices=choices(step.choices))

    def of_step(step: pr.Step) -> pr.Step:
        if isinstance(step, pr.Pass):
            return of_pass(step)
        return replace(step, finding=of_pass(step.finding), passes=tuple(map(of_pass, step.passes)))

    stages = program.stages
    crisis = program.crisis
    if crisis is not None:
        later = tuple(pr.Round(rules(one.rules), choices(one.choices)) for one in crisis.later)
        crisis = replace(crisis, later=later)
    return replace(
        program,
        injects=rules(program.injects),
        events=rules(program.events),
        rules=rules(program.rules),
        choices=choices(program.choices),
        crisis=crisis,
        stages=replace(
            stages,
            **{name: tuple(map(of_step, getattr(stages, name))) for name in pr.Stages.__dataclass_fields__},
        ),
    )


def _with_shadows(frozen: Frozen, rows: Sequence[int]) -> tuple[Frozen, dict[int, int]]:
    """The program with a shadow for each of the rows, and the shadows by row.

    A shadow begins with the value that its variable begins with: the same draw of a parameter, the same first
    value. Of one that only play gives a value it is filled before the first turn, like all of them.
    """
    program = frozen.program
    shadow_of = {row: len(program.variables) + number for number, row in enumerate(dict.fromkeys(rows))}
    variables = tuple(
        replace(program.variables[row], name=f"frozen {shadow} {program.variables[row].name}", kind="domain")
        for row, shadow in shadow_of.items()
    )
    initials = tuple(
        replace(initial, row=shadow_of[initial.row])
        for initial in program.initials
        if initial.row in shadow_of
    )
    parameters = (
        replace(parameter, id=f"frozen {shadow_of[row]} {parameter.id}", rows=(shadow_of[row],))
        for parameter in program.parameters
        for row in parameter.rows[:1]
        if row in shadow_of and len(parameter.rows) == 1
    )
    changed = replace(
        program,
        variables=(*program.variables, *variables),
        initials=(*program.initials, *initials),
        parameters=(*program.parameters, *parameters),
    )
    recorded = dict(frozen.shadows)
    pairs = ((shadow, recorded.get(row, row)) for row, shadow in shadow_of.items())
    return Frozen(changed, (*frozen.shadows, *pairs)), shadow_of


class _Copier:
    """Copies expressions, with shadows in place of what they read."""

    def __init__(self, nodes: Sequence[pr.Node], shadow_of: dict[int, int]) -> None:
        self.nodes = list(nodes)
        self._shadow_of = shadow_of
        self._copies: dict[int, int] = {}

    def copy(self, index: int) -> int:
        """The node's copy; itself if it reads nothing that has a shadow."""
        if index not in self._copies:
            node = self.nodes[index]
            args = tuple(self.copy(argument) for argument in node.args)
            row = self._shadow_of.get(node.row, node.row) if node.op == "row" else node.row
            same = args == node.args and row == node.row
            self._copies[index] = index if same else len(self.nodes)
            if not same:
                self.nodes.append(replace(node, args=args, row=row))
        return self._copies[index]


def _looked_at(decision: pr.Decision) -> list[int]:
    """Nodes that it is decided on."""
    found: list[int] = []

    def note(index: int) -> int:
        found.append(index)
        return index

    _mapped(decision, note)
    return found


def _mapped(decision: pr.Decision, new: _Map) -> pr.Decision:
    """A decision taken on other nodes; what it does stays."""

    def maybe(index: int | None) -> int | None:
        return None if index is None else new(index)

    gate, rate = maybe(decision.gate), maybe(decision.rate)
    if isinstance(decision, pr.Rule):
        campaign = decision.campaign
        if campaign is not None:
            campaign = replace(campaign, starts=new(campaign.starts), ends=new(campaign.ends))
        return replace(decision, gate=gate, rate=rate, size=maybe(decision.size), campaign=campaign)
    return replace(
        decision,
        gate=gate,
        rate=rate,
        temperature=new(decision.temperature),
        bias=maybe(decision.bias),
        share=maybe(decision.share),
        options=tuple(
            replace(option, gate=maybe(option.gate), utility=new(option.utility))
            for option in decision.options
        ),
        nests=tuple(replace(nest, scale=new(nest.scale)) for nest in decision.nests),
        demands=tuple(replace(demand, node=new(demand.node)) for demand in decision.demands),
    )
