"""Freezing: a Program in which some variables are read as they were in another world.

What is frozen gets a *shadow*, a row that nothing in the Program writes. Whoever plays it fills the shadows,
at the start and before each turn, with what the variable was in the other world when the turn before ended.
The variable itself goes on as it would; but what reads it, reads the shadow. Indicators and outcomes alone
read what is so: were they frozen too, they would stand still whatever moved.

Both worlds that are compared, the one with the lever pulled and the one without, are frozen on one record:
so that shadows lag by a turn in both, and what is left of a difference went another way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sim.compile import program as pr
from sim.compile.dependencies import asked_nodes, records_of
from sim.compile.links import cleared

_Map = Callable[[int], int]


@dataclass(frozen=True)
class Frozen:
    """A program, and the shadows in it."""

    program: pr.Program
    shadows: tuple[tuple[int, int], ...] = ()
    """(row of the shadow, row whose record it takes) pairs."""


def frozen_rows(frozen: Frozen, rows: Sequence[int], *, results: bool = False) -> Frozen:
    """Everything in play that reads these variables, or what they were some turns ago, reads their shadows.

    Args:
        frozen: what is frozen already.
        rows: the variables.
        results: whether indicators and outcomes read the shadows too.
    """
    past = {memory.row: memory.rows for memory in frozen.program.memories}
    found, shadow_of = _with_shadows(frozen, [one for row in rows for one in (row, *past.get(row, ()))])
    program = found.program

    def shadowed(row: int) -> int:
        return shadow_of.get(row, row)

    def read(node: pr.Node) -> pr.Node:
        return replace(node, row=shadowed(node.row)) if node.op == "row" else node

    true = _Copier(map(read, program.nodes), {shadow: row for row, shadow in shadow_of.items()})
    indicators, outcomes = program.indicators, program.outcomes
    if not results:
        indicators = tuple(replace(one, node=true.copy(one.node)) for one in indicators)
        outcomes = tuple(replace(one, node=true.copy(one.node)) for one in outcomes)
    perceptions = tuple(
        replace(perception, of=shadowed(perception.of), source=shadowed(perception.source))
        for perception in program.perceptions
    )
    program = with_decisions(program, lambda one: replace(one, crisis=shadowed(one.crisis)))
    crisis = program.crisis
    if crisis is not None:
        crisis = replace(crisis, rows=tuple(map(shadowed, crisis.rows)))
    return replace(
        found,
        program=replace(
            program,
            nodes=tuple(true.nodes),
            indicators=indicators,
            outcomes=outcomes,
            perceptions=perceptions,
            crisis=crisis,
        ),
    )


def frozen_decision(frozen: Frozen, name: str) -> Frozen:
    """The decision is taken on shadows of all that it looks at; what it then does is as large as ever.

    What it did itself it sees as it is, and likewise what is set back at the start of each turn, of which the
    record of a turn's end says nothing.
    """
    program = frozen.program
    decision = program.decisions[name]
    read = frozenset().union(*(program.reads(node) for node in asked_nodes(decision)))
    if decision.crisis >= 0:
        read |= {decision.crisis}
    read -= frozenset(records_of(decision)) | cleared(program)
    found, shadow_of = _with_shadows(frozen, sorted(read))
    copier = _Copier(found.program.nodes, shadow_of)

    def copied(one: pr.Decision) -> pr.Decision:
        if one.name != name:
            return one
        return replace(_mapped(one, copier.copy), crisis=shadow_of.get(one.crisis, one.crisis))

    changed = with_decisions(found.program, copied)
    crisis = changed.crisis
    if crisis is not None and decision.crisis in shadow_of:
        crisis = replace(crisis, rows=(*crisis.rows, shadow_of[decision.crisis]))
    return replace(found, program=replace(changed, nodes=tuple(copier.nodes), crisis=crisis))


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


def with_decisions(program: pr.Program, change: Callable[[pr.Decision], pr.Decision]) -> pr.Program:
    """The program with every decision changed, wherever it is taken."""

    def rules(found: Sequence[pr.Rule]) -> tuple[pr.Rule, ...]:
        return tuple(one for one in map(change, found) if isinstance(one, pr.Rule))

    def choices(found: Sequence[pr.Choice]) -> tuple[pr.Choice, ...]:
        return tuple(one for one in map(change, found) if isinstance(one, pr.Choice))

    def of_pass(step: pr.Pass) -> pr.Pass:
        return replace(step, rules=rules(step.rules), choices=choices(step.choices))

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
        stages=program.stages.with_passes(of_pass),
    )


def _with_shadows(frozen: Frozen, rows: Iterable[int]) -> tuple[Frozen, dict[int, int]]:
    """The program with a shadow for each of the rows, and the shadows by row."""
    program = frozen.program
    shadow_of = {row: len(program.variables) + number for number, row in enumerate(dict.fromkeys(rows))}
    variables = tuple(
        replace(program.variables[row], name=f"frozen {shadow} {program.variables[row].name}", kind="domain")
        for row, shadow in shadow_of.items()
    )
    recorded = dict(frozen.shadows)
    pairs = ((shadow, recorded.get(row, row)) for row, shadow in shadow_of.items())
    changed = replace(program, variables=(*program.variables, *variables))
    return Frozen(changed, (*frozen.shadows, *pairs)), shadow_of


class _Copier:
    """Copies expressions, with some rows in place of others."""

    def __init__(self, nodes: Iterable[pr.Node], shadow_of: dict[int, int]) -> None:
        self.nodes = list(nodes)
        self._shadow_of = shadow_of
        self._copies: dict[int, int] = {}

    def copy(self, index: int) -> int:
        """The node's copy; itself if it reads none of the rows."""
        if index not in self._copies:
            node = self.nodes[index]
            args = tuple(self.copy(argument) for argument in node.args)
            row = self._shadow_of.get(node.row, node.row) if node.op == "row" else node.row
            same = args == node.args and row == node.row
            self._copies[index] = index if same else len(self.nodes)
            if not same:
                self.nodes.append(replace(node, args=args, row=row))
        return self._copies[index]


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
