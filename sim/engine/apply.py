"""Effects: everything a stage does to a variable is summed and applied at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.decide import Decided
from sim.engine.evaluate import Evaluator
from sim.engine.plan import ActPlan, PlannedEffect, RowPlan
from sim.engine.trace import ChangeTrace, Trace


def effects(
    ev: Evaluator, plans: Sequence[RowPlan], decided: Decided, trace: Trace | None = None
) -> list[tuple[int, Any]]:
    """The new values of every row that something decided touches: base (or set), plus the fold of additions,
    clamped.

    Reads only; the caller writes.
    """
    changes = []
    for plan in plans:
        sets = [planned for planned in plan.sets if planned.slot in decided.happened]
        additions = [planned for planned in plan.additions if planned.slot in decided.happened]
        if not sets and not additions:
            continue
        base: Any = ev.state.values[plan.row]
        for planned in sets:
            happened, value = decided.happened[planned.slot], _value(ev, planned, decided)
            base = np.where(happened, value, base)
            if trace is not None:
                trace.changes.append(ChangeTrace(ev.turn, plan.row, planned.slot[0], "=", value, happened))
        delta: Any = np.float64(0.0)
        for planned in additions:
            value = _value(ev, planned, decided)
            times = decided.counts.get(planned.slot)
            if times is not None:
                value = value * times
            if planned.effect.operator == "-=":
                value = -value
            happened = decided.happened[planned.slot]
            delta = delta + np.where(happened, value, 0.0)
            if trace is not None:
                trace.changes.append(ChangeTrace(ev.turn, plan.row, planned.slot[0], "+=", value, happened))
        first = (*sets, *additions)[0]
        changes.append((plan.row, ev.stored(base + delta, plan.row, first.slot[0], first.effect.place)))
    return changes


def _value(ev: Evaluator, planned: PlannedEffect, decided: Decided) -> Any:
    return ev.used(
        planned.effect.value, decided.happened[planned.slot], planned.slot[0], planned.effect.place
    )


def acts(ev: Evaluator, plans: Sequence[ActPlan], decided: Decided) -> list[tuple[int, Any]]:
    """How often each action was done in the turn, and so far."""
    changes: list[tuple[int, Any]] = []
    for plan in plans:
        total: Any = np.float64(0.0)
        for slot in plan.slots:
            mask = decided.happened.get(slot)
            if mask is not None:
                total = total + decided.counts.get(slot, mask)
        changes.append((plan.acts, total))
        if np.any(total):
            changes.append((plan.times, ev.state.values[plan.times] + total))
    return changes
