"""Effects: everything a stage does to a variable is summed and applied at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.decide import Decided
from sim.engine.evaluate import Evaluator
from sim.engine.plan import ActPlan, PlannedEffect, RowPlan


def effects(ev: Evaluator, plans: Sequence[RowPlan], decided: Decided) -> list[tuple[int, Any]]:
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
            base = np.where(decided.happened[planned.slot], _value(ev, planned, decided), base)
        delta: Any = np.float64(0.0)
        for planned in additions:
            value = _value(ev, planned, decided)
            times = decided.counts.get(planned.slot)
            if times is not None:
                value = value * times
            if planned.effect.operator == "-=":
                value = -value
            delta = delta + np.where(decided.happened[planned.slot], value, 0.0)
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
