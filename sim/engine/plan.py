"""A Program made ready to run: which effects touch which row in which order, worked out once."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.compile.touched import touched
from sim.engine.evaluate import stated
from sim.engine.fused import Fused
from sim.text import Place

Slot = tuple[str, int, int]
"""A decision's name, the option (-1 for a rule) and the take: what either happened in a run or did not."""


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    slot: Slot
    effect: pr.Effect


@dataclass(frozen=True, slots=True)
class RowPlan:
    """All effects of a stage on one row: sets by rising priority, then additions in the order of the fold."""

    row: int
    sets: tuple[PlannedEffect, ...]
    additions: tuple[PlannedEffect, ...]
    slots: frozenset[Slot]


@dataclass(frozen=True, slots=True)
class ActPlan:
    """The deeds that count in one pair of `acts` and `times` rows."""

    acts: int
    times: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class ArgumentPlan:
    """The arguments of one deed."""

    slot: Slot
    nodes: tuple[int, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """The deeds that count in an incident row, with their levels."""

    row: int
    slots: tuple[tuple[Slot, float], ...]


@dataclass(frozen=True, slots=True)
class DoingsPlan:
    """What the decisions of a stage, or of one pass of it, may do."""

    effects: tuple[RowPlan, ...]
    acts: tuple[ActPlan, ...]
    arguments: tuple[ArgumentPlan, ...]
    incidents: tuple[IncidentPlan, ...]


@dataclass(frozen=True)
class Plan:
    """What a backend needs beside the Program's tables."""

    exogenous: DoingsPlan
    adjudicated: DoingsPlan
    rounds: DoingsPlan
    """Of crisis rounds after the first."""
    passes: dict[str, DoingsPlan]
    """By the id of the pass."""
    constant: frozenset[int]
    """Nodes whose value is the same in every turn: they read only what nothing writes."""
    fused: Fused
    numbers: tuple[Any, ...]
    """For each node its value, where the Program states it; else None."""
    at_hand: dict[str, NDArray[np.intp]]
    """Rows that waves can read or write, by their id; those of crisis rounds after the first under ""."""
    remembered: tuple[NDArray[np.intp], NDArray[np.intp]]
    """Rows, and those that remember them at the end of a turn."""
    movements: tuple[tuple[pr.Movement, ...], ...]
    """Those with the same parts in their formula together."""


_plans: weakref.WeakKeyDictionary[pr.Program, Plan] = weakref.WeakKeyDictionary()


def plan_of(program: pr.Program) -> Plan:
    """The plan of a program; made at the first call."""
    plan = _plans.get(program)
    if plan is None:
        plan = _plans[program] = _made(program)
    return plan


def _made(program: pr.Program) -> Plan:
    constant = _constant_nodes(program)
    return Plan(
        exogenous=_doings_plan((*program.injects, *program.events), ()),
        adjudicated=_adjudicated(program),
        rounds=_doings_plan(_in_crises(program), program.incidents),
        passes={
            step.id: _doings_plan(step.decisions, program.incidents if step.incidents else ())
            for step in program.stages.passes()
        },
        constant=constant,
        fused=Fused(program, constant),
        numbers=tuple(stated(node) if node.op == "const" else None for node in program.nodes),
        at_hand=_at_hand(program),
        remembered=_remembered(program.memories),
        movements=_alike(program.movements),
    )


def _at_hand(program: pr.Program) -> dict[str, NDArray[np.intp]]:
    rows = {step.id: touched(program, (step,)) for step in program.stages.all() if isinstance(step, pr.Waves)}
    if program.crisis is not None:
        later: list[pr.Decision] = []
        for one in program.crisis.later:
            later += one.rules
            later += one.choices
        rows[""] = touched(program, program.stages.answering, later) | set(program.crisis.rows)
        rows[""].update(row for incident in program.incidents for row in (incident.row, *incident.acts))
    return {name: np.array(sorted(found), dtype=np.intp) for name, found in rows.items()}


def _remembered(memories: Sequence[pr.Memory]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    pairs = [pair for memory in memories for pair in pairwise((memory.row, *memory.rows))]
    newer, older = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return newer, older


def _alike(movements: Sequence[pr.Movement]) -> tuple[tuple[pr.Movement, ...], ...]:
    kinds: dict[Hashable, list[pr.Movement]] = defaultdict(list)
    for movement in movements:
        parts = (movement.half_life is None, movement.growth is None, movement.noise is None)
        kinds[*parts, len(movement.drifts)].append(movement)
    return tuple(map(tuple, kinds.values()))


def _in_crises(program: pr.Program) -> tuple[pr.Decision, ...]:
    """Decisions that are taken in crisis rounds."""
    decisions: tuple[pr.Decision, ...] = (*program.rules, *program.choices)
    return tuple(decision for decision in decisions if decision.crisis >= 0)


def _adjudicated(program: pr.Program) -> DoingsPlan:
    """Stages 3 and 4. They begin the turn's count of every act, also of those that only later stages do."""
    plan = _doings_plan((*program.rules, *program.choices), program.incidents)
    counted = {act.acts for act in plan.acts}
    later = {
        deed.acts: deed.times
        for step in program.stages.passes()
        for _, doings in _slots(step.decisions)
        for deed in doings.deeds
        if deed.acts not in counted
    }
    return replace(
        plan, acts=(*plan.acts, *(ActPlan(acts, times, ()) for acts, times in sorted(later.items())))
    )


def _doings_plan(decisions: Sequence[pr.Decision], incidents: Sequence[pr.Incident]) -> DoingsPlan:
    return DoingsPlan(
        effects=_row_plans(decisions),
        acts=_act_plans(decisions),
        arguments=tuple(
            ArgumentPlan(slot, tuple(node for _, node in deed.arguments), deed.place)
            for slot, doings in _slots(decisions)
            for deed in doings.deeds
            if deed.arguments
        ),
        incidents=_incident_plans(decisions, incidents),
    )


def _incident_plans(
    decisions: Sequence[pr.Decision], incidents: Sequence[pr.Incident]
) -> tuple[IncidentPlan, ...]:
    done: dict[int, list[Slot]] = defaultdict(list)
    if incidents:
        for slot, doings in _slots(decisions):
            for deed in doings.deeds:
                done[deed.acts].append(slot)
    return tuple(
        IncidentPlan(
            incident.row,
            tuple(
                (slot, level)
                for acts, level in zip(incident.acts, incident.levels, strict=True)
                for slot in done.get(acts, ())
            ),
        )
        for incident in incidents
    )


def _slots(decisions: Sequence[pr.Decision]) -> Iterator[tuple[Slot, pr.Doings]]:
    for decision in decisions:
        if isinstance(decision, pr.Rule):
            yield (decision.name, -1, 0), decision.doings
            continue
        for index, option in enumerate(decision.options):
            for take, doings in enumerate(option.doings):
                yield (decision.name, index, take), doings


def _row_plans(decisions: Sequence[pr.Decision]) -> tuple[RowPlan, ...]:
    rows: dict[int, list[PlannedEffect]] = defaultdict(list)
    for slot, doings in _slots(decisions):
        for effect in doings.effects:
            rows[effect.row].append(PlannedEffect(slot, effect))
    plans = []
    for row, effects in sorted(rows.items()):
        effects.sort(key=lambda planned: (planned.effect.order, planned.effect.priority))
        sets = [planned for planned in effects if planned.effect.operator == "="]
        sets.sort(key=lambda planned: planned.effect.priority)
        additions = [planned for planned in effects if planned.effect.operator != "="]
        slots = frozenset(planned.slot for planned in effects)
        plans.append(RowPlan(row, tuple(sets), tuple(additions), slots))
    return tuple(plans)


def _act_plans(decisions: Sequence[pr.Decision]) -> tuple[ActPlan, ...]:
    found: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    for slot, doings in _slots(decisions):
        for deed in doings.deeds:
            found[deed.acts, deed.times].append(slot)
    return tuple(ActPlan(acts, times, tuple(slots)) for (acts, times), slots in sorted(found.items()))


_MOVING: Final = frozenset({"elapsed", "turn", "dt", "since_turn", "normal"})
"""Operations whose value changes from turn to turn by itself."""


def _constant_nodes(program: pr.Program) -> frozenset[int]:
    written = _written(program)
    moving: list[bool] = []
    for node in program.nodes:
        moves = node.op in _MOVING or (node.op == "row" and node.row in written)
        moving.append(moves or any(moving[argument] for argument in node.args))
    return frozenset(index for index, moves in enumerate(moving) if not moves)


def _written(program: pr.Program) -> frozenset[int]:
    """Rows that some turn can change: all but parameters, and attributes and relations that nothing
    touches.
    """
    touched = {movement.row for movement in program.movements}
    for _, doings in _slots(tuple(program.decisions.values())):
        touched.update(effect.row for effect in doings.effects)
    for step in program.stages.passes():
        touched.update(assignment.row for assignment in step.assignments)
    kinds = ("parameter", "attribute", "relation")
    return frozenset(
        row for row, variable in enumerate(program.variables) if variable.kind not in kinds or row in touched
    )
