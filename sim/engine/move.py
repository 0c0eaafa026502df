"""What moves by itself: perceptions (stage 2) and dynamics (stage 7), exact over a turn of any length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.compile.compose import LN2
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.vectors import anywhere, everywhere
from sim.text import Place


@dataclass(frozen=True, slots=True)
class _Decay:
    """What a half-life does in one turn."""

    theta: Any
    """ln 2 / half-life, per year."""
    factor: Any
    """exp(-theta dt): what is left of a distance."""

    def wandered(self) -> Any:
        """Spread of a stationary error after the turn, per unit of its own."""
        return np.sqrt(1.0 - self.factor * self.factor)

    def diffused(self) -> Any:
        """Spread that noise of 1 per square root of a year leaves after the turn."""
        return np.sqrt((1.0 - self.factor * self.factor) / (2.0 * self.theta))

    def drifted(self) -> Any:
        """How far a drift of 1 a year gets in the turn."""
        return (1.0 - self.factor) / self.theta


class Mover:
    """Moves perceptions or variables over one turn, all on the state that an evaluator reads."""

    def __init__(self, ev: Evaluator, dt: float, kept: Kept) -> None:
        self._ev = ev
        self._dt = dt
        self._kept = kept

    def perceptions(self, perceptions: Sequence[pr.Perception]) -> list[tuple[int, Any]]:
        """New `error` and `seen` of each; with dt 0 the first ones."""
        z = iter(self._normals([perception.draw for perception in perceptions]))
        changes: list[tuple[int, Any]] = []
        for perception in perceptions:
            error: Any = np.float64(0.0)
            if perception.noise is not None:
                error = self._error(perception, next(z))
                error = self._ev.stored(error, perception.error, perception.name, perception.place)
                changes.append((perception.error, error))
            source = perception.of if self._dt == 0.0 else perception.source
            seen = self._ev.state.values[source] + error
            seen = self._ev.stored(seen, perception.seen, perception.name, perception.place)
            changes.append((perception.seen, seen))
        return changes

    def _error(self, perception: pr.Perception, z: Any) -> Any:
        assert perception.noise is not None
        assert perception.half_life is not None
        name, place = perception.name, perception.place
        noise = self._spread(perception.noise, name, place)
        if self._dt == 0.0:
            return noise * z
        decay = self._decay(perception.half_life, name, place)
        wandered = self._kept.result("wandered", perception.half_life, self._dt, decay.wandered)
        return self._ev.state.values[perception.error] * decay.factor + (noise * wandered) * z

    def movements(
        self, movements: Sequence[pr.Movement], alike: Sequence[Sequence[pr.Movement]]
    ) -> list[tuple[int, Any]]:
        """The new value of each row that moves, in order; `alike` are the same ones, by their formula."""
        drawn = self._normals([movement.draw for movement in movements])
        rows = (movement.row for movement in movements if movement.draw is not None)
        z: dict[int, Any] = dict(zip(rows, drawn, strict=True))
        found: dict[int, Any] = {}
        for kind in alike:
            moved = self._together(kind, z)
            if moved is None:  # whoever moves them one by one finds out which is to blame
                return [(movement.row, self._moved(movement, z.get(movement.row))) for movement in movements]
            found.update(zip((movement.row for movement in kind), moved, strict=True))
        return [(movement.row, found[movement.row]) for movement in movements]

    def _together(self, movements: Sequence[pr.Movement], z: Mapping[int, Any]) -> Any:
        """What `_moved` gives for several movements of one kind, shape `(movements, runs)`; None if something
        cannot be computed, or is not as it must be.
        """
        ev, dt, kept = self._ev, self._dt, self._kept
        first = movements[0]
        variables = [ev.program.variables[movement.row] for movement in movements]
        value = ev.state.values[[movement.row for movement in movements]]
        drifted: Any = dt
        diffused: Any = np.sqrt(dt)

        def stack(nodes: Iterable[int | None]) -> Any:
            return self._finite(tuple(node for node in nodes if node is not None))

        if first.half_life is not None:
            mean = stack(movement.towards for movement in movements)
            lives = tuple(movement.half_life for movement in movements if movement.half_life is not None)
            decay = kept.result("decay", lives, dt, lambda: self._decays(lives))
            if mean is None or decay is None:
                return None
            value = mean + (value - mean) * decay.factor
            drifted = kept.result("drifted", lives, dt, decay.drifted)
            if first.noise is not None:
                diffused = kept.result("diffused", lives, dt, decay.diffused)
        elif first.growth is not None:
            growth = stack(movement.growth for movement in movements)
            if growth is None:
                return None
            value = value * ar.exp(growth * dt)
        total: Any = None
        for place in range(len(first.drifts)):
            drift = stack(movement.drifts[place] for movement in movements)
            if drift is None:
                return None
            total = drift if total is None else total + drift
        if total is not None:
            value = value + total * drifted
        if first.noise is not None:
            spread = stack(movement.noise for movement in movements)
            if spread is None or anywhere(spread < 0.0):
                return None
            value = value + (spread * diffused) * np.array([z[movement.row] for movement in movements])
        low, high = (
            np.array(ends)[:, np.newaxis]
            for ends in zip(*((variable.low, variable.high) for variable in variables), strict=True)
        )
        value = np.where(value < low, low, value)
        value = np.where(value > high, high, value)
        return value if everywhere(np.isfinite(value)) else None

    def _finite(self, nodes: tuple[int, ...]) -> Any:
        """Values of shape `(nodes, runs)`; None if one cannot be computed or is not finite."""
        values = self._kept.stack(nodes)(self._ev)
        bad = self._ev.bad
        if (bad and any(node in bad for node in nodes)) or not everywhere(np.isfinite(values)):
            return None
        return values

    def _decays(self, half_lives: tuple[int, ...]) -> _Decay | None:
        lives = self._finite(half_lives)
        return None if lives is None or anywhere(lives <= 0.0) else self._decayed(lives)

    def _decayed(self, half_life: Any) -> _Decay:
        theta = LN2 / half_life
        return _Decay(theta, ar.exp(-(theta * self._dt)))

    def _moved(self, movement: pr.Movement, z: Any) -> Any:
        ev, dt = self._ev, self._dt
        name = f"the dynamics of {ev.program.variables[movement.row].name}"
        place = movement.places[0]
        value: Any = ev.state.values[movement.row]
        drifted, diffused = dt, None
        if movement.towards is not None and movement.half_life is not None:
            mean = ev.used(movement.towards, None, name, place)
            decay = self._decay(movement.half_life, name, place)
            value = mean + (value - mean) * decay.factor
            drifted = self._kept.result("drifted", movement.half_life, dt, decay.drifted)
            diffused = self._kept.result("diffused", movement.half_life, dt, decay.diffused)
        elif movement.growth is not None:
            value = value * ar.exp(ev.used(movement.growth, None, name, place) * dt)
        if movement.drifts:
            total = ev.used(movement.drifts[0], None, name, place)
            for drift in movement.drifts[1:]:
                total = total + ev.used(drift, None, name, place)
            value = value + total * drifted
        if movement.noise is not None:
            spread = self._spread(movement.noise, name, place)
            value = value + (spread * (np.sqrt(dt) if diffused is None else diffused)) * z
        return ev.stored(value, movement.row, name, place)

    def _spread(self, node: int, name: str, place: Place) -> Any:
        spread = self._ev.used(node, None, name, place)
        wrong = spread < 0.0
        if anywhere(wrong):
            self._ev.fail(wrong, "the noise is below 0", name, place)
        return spread

    def _decay(self, node: int, name: str, place: Place) -> _Decay:
        half_life = self._ev.used(node, None, name, place)
        wrong = half_life <= 0.0
        if anywhere(wrong):
            self._ev.fail(wrong, "a half-life is not above 0", name, place)
        found: _Decay = self._kept.result("decay", node, self._dt, lambda: self._decayed(half_life))
        return found

    def _normals(self, draws: Sequence[int | None]) -> NDArray[np.float64]:
        """Standard normal numbers, shape `(draws that are not None, runs)`."""
        ev, state = self._ev, self._ev.state
        keys = [ev.program.draws[draw].key for draw in draws if draw is not None]
        if not keys:
            return np.empty((0, len(state.runs)))
        return ar.normal_quantile(luck.uniforms(state.seed, state.stream, state.lanes, ev.turn, keys))
