"""What a regime comes to for a target: exposure, leakage, other channels, bite (rules X10 to X13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sim.compile.compose import Composer
from sim.compile.sanctions.regimes import Sanctions
from sim.compile.sanctions.stances import Stances
from sim.compile.scope import Scope
from sim.scenario.clock import Duration
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.scenario.sanctions import SanctionType


@dataclass(frozen=True)
class Bite:
    """Nodes of one regime and one target."""

    stances: Stances
    target: str
    without: frozenset[str]

    @property
    def _regime(self) -> Sanctions:
        return self.stances.regime

    @property
    def _compose(self) -> Composer:
        return self.stances.compose

    @property
    def _types(self) -> tuple[SanctionType, ...]:
        return self._regime.part.measures.stated

    # Exposure

    def exposure(self) -> int:
        """Share of the target's dealings that is with who professes to comply."""
        return self._compose.add(*(share for share, _ in self._shares))

    def leakage(self) -> int:
        """Part of that which leaks; 0 of nothing."""
        compose = self._compose
        if "X11" in self.without:
            return compose.const(0.0)
        exposure = self.exposure()
        leaking = compose.add(*(part for _, part in self._shares))
        return compose.when(compose.positive(exposure), compose.div(leaking, exposure), compose.const(0.0))

    @cached_property
    def _shares(self) -> tuple[tuple[int, int], ...]:
        """For each jurisdiction its share, and the part of it that leaks; 0 where it does not profess."""
        return tuple(self._shared())

    def _shared(self) -> Iterator[tuple[int, int]]:
        compose, nothing = self._compose, self._compose.const(0.0)
        for actor in self._regime.jurisdictions:
            if actor == self.target:
                continue  # it has been noted
            scope = Scope((*self._regime.path, "exposure"), actor, {"target": self.target})
            stated = compose.lowering.number(self._regime.part.exposure, scope)
            share = compose.max(stated, nothing)
            professes, leak = self._stance(actor)
            yield (
                compose.when(professes, share, nothing),
                compose.when(professes, compose.mul(share, leak), nothing),
            )

    def _stance(self, actor: str) -> tuple[int, int]:
        """Whether a jurisdiction professes to comply, and how much of its share leaks."""
        compose, part = self._compose, self._regime.part
        porosity = self._part(part.porosity, actor, "porosity")
        if actor not in self._regime.complying:
            return self.stances.imposes(actor), porosity
        complies, evades, defies = (
            self.stances.stands(actor, stance) for stance in ("comply", "evade", "defy")
        )
        leak = compose.when(evades, self._part(part.evasion, actor, "evasion"), porosity)
        if "X10" in self.without:
            return compose.true, compose.when(defies, compose.const(1.0), leak)
        return compose.any(complies, evades), leak

    def _part(self, expression: Expression, actor: str, key: str) -> int:
        path: PathOf = (*self._regime.path, key)
        stated = self._compose.lowering.number(expression, Scope(path, actor), 0.0, 1.0)
        return self._compose.clamp(stated, 0.0, 1.0)

    # Bite

    def before_channels(self, type_: SanctionType) -> int:
        """The bite of a type, other channels apart."""
        compose = self._compose
        met = compose.mul(self.stances.severity(type_), self.exposure())
        return compose.mul(met, compose.sub(compose.const(1.0), self.leakage()))

    def of_type(self, type_: SanctionType) -> int:
        """The bite of a type."""
        compose, gross = self._compose, self.before_channels(type_)
        if type_ not in self._relieved:
            return gross
        return compose.mul(gross, compose.sub(compose.const(1.0), self._relief()))

    def total(self) -> int:
        """The bite of all types."""
        return self._compose.add(*(self.of_type(type_) for type_ in self._types))

    # Other channels

    @property
    def _relieved(self) -> tuple[SanctionType, ...]:
        channels = self._regime.part.channels
        if channels is None:
            return ()
        relieved = self._types if channels.relieves is None else channels.relieves
        return tuple(type_ for type_ in self._types if type_ in relieved)

    @property
    def channels_row(self) -> str:
        """The name of the row of the target's other channels."""
        return self._regime.row("channels", self.target)

    def _relief(self) -> int:
        """What other channels take away of the bite."""
        compose, channels = self._compose, self._regime.part.channels
        assert channels is not None
        carried = compose.row(self.channels_row)
        if "X13" in self.without:
            return compose.mul(carried, compose.const(1.0))
        premium = self._of_channels(channels.premium, "premium")
        return compose.mul(carried, compose.sub(compose.const(1.0), premium))

    def channels(self) -> int:
        """How far other channels have grown."""
        compose, channels = self._compose, self._regime.part.channels
        assert channels is not None
        now = compose.row(self.channels_row)
        if "X12" in self.without:
            return now
        ceiling = self._of_channels(channels.ceiling, "ceiling")
        left = faded(compose, channels.half_life, (*self._regime.path, "channels", "half_life"))
        grown = compose.add(ceiling, compose.mul(compose.sub(now, ceiling), left))
        bites = compose.add(*(self.before_channels(type_) for type_ in self._relieved))
        return compose.when(compose.positive(bites), grown, now)

    def _of_channels(self, expression: Expression, key: str) -> int:
        scope = Scope((*self._regime.path, "channels", key), self.target)
        stated = self._compose.lowering.number(expression, scope, 0.0, 1.0)
        return self._compose.clamp(stated, 0.0, 1.0)


def faded(compose: Composer, half_life: Duration, path: PathOf) -> int:
    """What is left after the turn of something with a half-life."""
    return compose.kept(compose.lowering.half_life(half_life, Scope(path)), compose.dt)
