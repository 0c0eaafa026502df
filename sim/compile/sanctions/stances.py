"""How things stand in a regime: whether it is in force, who imposes it, who complies, what would be detected.

Rules X1, X2, X4, X5, X6 and X8; nodes on whatever state they are read on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sim.compile.compose import Composer
from sim.compile.program import Term
from sim.compile.sanctions.regimes import Sanctions
from sim.compile.scope import LoweringError, Scope
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.scenario.sanctions import SanctionType
from sim.text import quoted

Perceived = Mapping[int, int]


@dataclass(frozen=True)
class Stances:
    """Nodes of one regime."""

    compose: Composer
    regime: Sanctions
    without: frozenset[str]
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)
    _open: set[tuple[object, ...]] = field(default_factory=set)
    """What is being worked out."""

    # Force

    @property
    def in_force(self) -> int:
        """Whether the regime is in force."""
        return self._once(self._in_force, "when")

    def _in_force(self) -> int:
        compose, part = self.compose, self.regime.part
        if "X1" in self.without:
            return compose.true
        terms = []
        if part.when is not None:
            where = Scope((*self.regime.path, "when"))
            terms.append(
                Term(compose.lowering.words(part.when, where), compose.lowering.truth(part.when, where))
            )
        if self._by_choice:
            some = compose.any(*(self.imposes(sender) for sender in self.regime.senders))
            terms.append(Term("a sender imposes it", some))
        node = compose.all(*(term.node for term in terms))
        return compose.said(node, f"imposed({self.regime.id})", self.regime.path, terms, "and")

    @property
    def _by_choice(self) -> bool:
        return self.regime.part.imposing is not None and "X2" not in self.without

    def imposes(self, sender: str) -> int:
        """Whether a sender imposes the regime."""
        return self._stands(self.regime.imposing[sender].name, 1.0) if self._by_choice else self.compose.true

    def severity(self, type_: SanctionType) -> int:
        """How severe a type of measure is as things stand; 0 where it is not in force."""
        return self._once(lambda: self._severity(type_), "measures", type_)

    def _severity(self, type_: SanctionType) -> int:
        compose, path = self.compose, (*self.regime.path, "measures", type_)
        part = getattr(self.regime.part.measures, type_)
        in_force = self.in_force
        if part.when is not None and "X1" not in self.without:
            in_force = compose.all(in_force, compose.lowering.truth(part.when, Scope((*path, "when"))))
        stated = compose.lowering.number(part.severity, Scope((*path, "severity")), 0.0, 1.0)
        return compose.when(in_force, compose.clamp(stated, 0.0, 1.0), compose.const(0.0))

    @property
    def total_severity(self) -> int:
        """Of all types."""
        return self.compose.add(*(self.severity(type_) for type_ in self.regime.part.measures.stated))

    # Compliance

    def stands(self, party: str, stance: str) -> int:
        """Whether a third party complies, evades or defies."""
        if stance not in self.regime.stances:
            return self.compose.false
        return self._stands(self.regime.complying[party].name, float(self.regime.stances.index(stance) + 1))

    def _stands(self, name: str, option: float) -> int:
        return self.compose.compare("eq", self.compose.row(f"standing[{name}]"), self.compose.const(option))

    # Detection

    def detected(self, party: str) -> int:
        """Whether a third party's evasion was detected in the last count."""
        row = self.compose.row(f"fired[{self.regime.detecting[party].name}]")
        return self.compose.positive(row)

    def detection_rate(self, party: str, perceived: Perceived | None = None) -> int:
        """How often an evader would be found out in a year, as the monitor is."""
        seen = perceived or {}
        return self._once(lambda: self._detection_rate(party, seen), "monitor", party, bool(seen))

    def _detection_rate(self, party: str, perceived: Perceived) -> int:
        compose, part, path = self.compose, self.regime.part, self.regime.path
        if part.detection is None:
            return compose.const(0.0)
        scope = Scope(path, party, perceived=perceived)
        rate = self._yearly(part.detection.rate, part.detection.per, scope, (*path, "detection", "rate"))
        stated = compose.lowering.words(part.detection.rate, scope)
        if "X5" in self.without:
            return compose.said(rate, stated, path)
        monitor = compose.lowering.number(part.monitor, scope.at(*path, "monitor"), 0.0, 1.0)
        quality = compose.clamp(monitor, 0.0, 1.0)
        watched = compose.lowering.words(part.monitor, scope)
        text = f"detection under perfect monitoring * monitor, for {self.regime.id}"
        terms = (
            Term(f"a year under perfect monitoring: {stated}", rate),
            Term(f"monitor: {watched}", quality),
        )
        return compose.said(compose.mul(rate, quality), text, path, terms, ",")

    def _yearly(self, rate: Expression, per: str, scope: Scope, path: PathOf) -> int:
        """A rate a year; 0 if it is below 0."""
        compose = self.compose
        node = compose.lowering.number(rate, scope.at(*path))
        return compose.max(compose.mul(node, compose.const(PERIODS_PER_YEAR[per])), compose.const(0.0))

    def detection(self, party: str, perceived: Perceived | None = None) -> int:
        """The chance of being found out within a year."""
        compose = self.compose
        if self.regime.part.detection is None:
            return compose.const(0.0)
        rate = self.detection_rate(party, perceived)
        return compose.sub(compose.const(1.0), compose.exp(compose.neg(rate)))

    def _once(self, make: Callable[[], int], key: str, *of: object) -> int:
        """The node of something, worked out at the first call; `key` is where it stands in the regime."""
        name = (key, *of)
        if name in self._open:
            path = (*self.regime.path, key)
            message = f"{quoted(key)} of {self.regime.id} depends on itself"
            raise LoweringError(path, 0, message, "an end to the circle", code="circular")
        if name not in self._known:
            self._open.add(name)
            try:
                self._known[name] = make()
            finally:
                self._open.discard(name)
        return self._known[name]
