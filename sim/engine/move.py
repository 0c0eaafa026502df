"""What moves by itself: perceptions (stage 2) and dynamics (stage 7), exact over a turn of any length."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.evaluate import Evaluator, clamped

LN2: Final = float.fromhex("0x1.62e42fefa39efp-1")


def perceive(ev: Evaluator, perception: pr.Perception, dt: float) -> list[tuple[int, Any]]:
    """New `error` and `seen` of one perception; with dt 0 the first ones."""
    source = perception.of if dt == 0.0 else perception.source
    error: Any = np.float64(0.0)
    changes: list[tuple[int, Any]] = []
    if perception.noise is not None and perception.half_life is not None:
        noise = _spread(ev, perception.noise, perception.name, perception.place)
        z = _normal(ev, perception.draw)
        if dt == 0.0:
            error = noise * z
        else:
            _, decay = _decay(ev, perception.half_life, dt, perception.name, perception.place)
            error = ev.state.values[perception.error] * decay + (noise * np.sqrt(1.0 - decay * decay)) * z
        changes.append((perception.error, error))
    seen = clamped(ev.state.values[source] + error, ev.program.variables[perception.seen])
    changes.append((perception.seen, seen))
    return changes


def move(ev: Evaluator, movement: pr.Movement, dt: float) -> tuple[int, Any]:
    """The new value of one row."""
    x: Any = ev.state.values[movement.row]
    name = f"the dynamics of {ev.program.variables[movement.row].name}"
    place = movement.places[0]
    theta: Any = None
    decay: Any = None
    base = x
    if movement.towards is not None and movement.half_life is not None:
        mean = ev.used(movement.towards, None, name, place)
        theta, decay = _decay(ev, movement.half_life, dt, name, place)
        base = mean + (x - mean) * decay
    elif movement.growth is not None:
        base = x * ar.exp(ev.used(movement.growth, None, name, place) * dt)
    if movement.drifts:
        total = ev.used(movement.drifts[0], None, name, place)
        for drift in movement.drifts[1:]:
            total = total + ev.used(drift, None, name, place)
        base = base + (total * dt if theta is None else total * ((1.0 - decay) / theta))
    if movement.noise is not None:
        spread = _spread(ev, movement.noise, name, place)
        scale = np.sqrt(dt) if theta is None else np.sqrt((1.0 - decay * decay) / (2.0 * theta))
        base = base + (spread * scale) * _normal(ev, movement.draw)
    value = clamped(base, ev.program.variables[movement.row])
    finite = np.isfinite(value)
    if not finite.all():
        ev.fail(~finite, "a value is not finite", name, place)
    return movement.row, value


def _spread(ev: Evaluator, node: int, name: str, place: Any) -> Any:
    spread = ev.used(node, None, name, place)
    wrong = spread < 0.0
    if wrong.any():
        ev.fail(wrong, "the noise is below 0", name, place)
    return spread


def _decay(ev: Evaluator, node: int, dt: float, name: str, place: Any) -> tuple[Any, Any]:
    """theta = ln 2 / half-life, and exp(-theta dt)."""
    half_life = ev.used(node, None, name, place)
    wrong = half_life <= 0.0
    if wrong.any():
        ev.fail(wrong, "a half-life is not above 0", name, place)
    theta = LN2 / half_life
    return theta, ar.exp(-(theta * dt))


def _normal(ev: Evaluator, draw: int | None) -> Any:
    assert draw is not None
    state = ev.state
    key = ev.program.draws[draw].key
    return ar.normal_quantile(luck.uniform(state.seed, state.stream, state.lanes, ev.turn, key))
