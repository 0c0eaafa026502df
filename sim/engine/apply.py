"""Effects: everything a stage does to a variable is summed and applied at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from sim.engine.decide import Decided
from sim.engine.evaluate import Evaluator, bounds, clamped, proper
from sim.engine.plan import ActPlan, ArgumentPlan, IncidentPlan, PlannedEffect, RowPlan
from sim.engine.trace import ChangeTrace, Trace, recorded
from sim.engine.vectors import anywhere, everywhere


def effects(
    ev: Evaluator, plans: Sequence[RowPlan], decided: Decided, trace: Trace | None = None
) -> list[tuple[int, Any]]:
    """The new values of every row that something decided touches: base (or set), plus the fold of additions,
    clamped.

    Reads only; the caller writes.
    """
    changes: list[tuple[int, Any]] = []
    if not decided.happened:
        return changes
    for plan in plans:
        if decided.happened.keys().isdisjoint(plan.slots):
            continue
        sets = [planned for planned in plan.sets if planned.slot in decided.happened]
        additions = [planned for planned in plan.additions if planned.slot in decided.happened]
        before: Any = ev.state.values[plan.row]
        base = before
        for planned in sets:
            value = _value(ev, planned, decided)
            base = np.where(decided.happened[planned.slot], value, base)
            if trace is not None:
                trace.changes.append(_traced(ev, planned, decided, value, value - before))
        delta: Any = np.float64(0.0)
        for planned in additions:
            value = _value(ev, planned, decided)
            times = decided.counts.get(planned.slot)
            if times is not None:
                value = value * times
            if planned.effect.operator == "-=":
                value = -value
            delta = delta + np.where(decided.happened[planned.slot], value, 0.0)
            if trace is not None:
                trace.changes.append(_traced(ev, planned, decided, value, value))
        changes.append((plan.row, _stored(ev, plan, (*sets, *additions), decided, base + delta)))
    return changes


def _value(ev: Evaluator, planned: PlannedEffect, decided: Decided) -> Any:
    return ev.computed(
        planned.effect.value, decided.happened[planned.slot], planned.slot[0], planned.effect.place
    )


def _traced(ev: Evaluator, planned: PlannedEffect, decided: Decided, value: Any, moved: Any) -> ChangeTrace:
    operator: Literal["+=", "="] = "=" if planned.effect.operator == "=" else "+="
    happened = decided.happened[planned.slot]
    return ChangeTrace(
        ev.turn, planned.effect.row, planned.slot[0], operator, recorded(value), recorded(moved), happened
    )


def _stored(
    ev: Evaluator, plan: RowPlan, effects: Sequence[PlannedEffect], decided: Decided, values: Any
) -> Any:
    """The new values; one that is not finite is laid at the door of an effect of that very run."""
    variable = ev.program.variables[plan.row]
    if everywhere(proper(values, *bounds(variable))):
        return values
    kept = clamped(values, variable)
    wrong = np.broadcast_to(~np.isfinite(kept), ev.state.runs.shape)
    if anywhere(wrong):
        columns = np.flatnonzero(wrong)
        lowest = columns[ev.state.runs[columns].argmin()]
        blamed = next(planned for planned in effects if decided.happened[planned.slot][lowest])
        ev.fail(wrong, "a value is not finite", blamed.slot[0], blamed.effect.place)
    return kept


def arguments(ev: Evaluator, plans: Sequence[ArgumentPlan], decided: Decided) -> None:
    """Arguments of what is done must be numbers, whether or not an effect reads them."""
    for plan in plans:
        happened = decided.happened.get(plan.slot)
        if happened is not None:
            for node in plan.nodes:
                ev.used(node, happened, plan.slot[0], plan.place)


def incidents(
    ev: Evaluator, plans: Sequence[IncidentPlan], decided: Decided, trace: Trace | None = None
) -> list[tuple[int, Any]]:
    """The highest level of what was done, by incident row; 0 where nothing was."""
    changes: list[tuple[int, Any]] = []
    for plan in plans:
        highest: Any = np.float64(0.0)
        for slot, level in plan.slots:
            mask = decided.happened.get(slot)
            if mask is not None:
                highest = np.where(mask & (level > highest), level, highest)
        if trace is not None:
            trace.changes += _traced_incidents(ev, plan, decided, highest)
        changes.append((plan.row, highest))
    return changes


def _traced_incidents(
    ev: Evaluator, plan: IncidentPlan, decided: Decided, highest: Any
) -> Iterator[ChangeTrace]:
    """Whose deeds reached the highest level."""
    for slot, level in plan.slots:
        mask = decided.happened.get(slot)
        if mask is not None and anywhere(mask & (highest == level)):
            reached = mask & (highest == level)
            yield ChangeTrace(ev.turn, plan.row, slot[0], "=", np.float64(level), np.float64(level), reached)


def acts(
    ev: Evaluator, plans: Sequence[ActPlan], decided: Decided, *, adding: bool = False
) -> list[tuple[int, Any]]:
    """How often each action was done in the turn, and so far; `adding` to what was done in it before."""
    changes: list[tuple[int, Any]] = []
    for plan in plans:
        total: Any = np.float64(0.0)
        for slot in plan.slots:
            mask = decided.happened.get(slot)
            if mask is not None:
                total = total + decided.counts.get(slot, mask)
        changes.append((plan.acts, ev.state.values[plan.acts] + total if adding else total))
        if anywhere(total):
            changes.append((plan.times, ev.state.values[plan.times] + total))
    return changes
