"""What observers believe, and the signals that move it (K1 to K7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt

from sim.scenario.beliefs import Belief, Signal
from tests.oracle.dates import PERIODS
from tests.oracle.disputes import State
from tests.oracle.draws import Draws
from tests.oracle.events import Event, events
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault
from tests.oracle.learning import Heard, Prior, above_zero, observers, read_half_life, time_before
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Moment, Number, Truth, finite


@dataclass(frozen=True)
class SignalHere:
    """A signal as one observer hears it."""

    id: str
    when: Truth
    says: Number
    noise: Number
    error: Number | None
    per: str | None

    def heard(self, event: Event, moment: Moment, draws: Draws, dt: float) -> Heard | None:
        if (self.per is not None and moment.turn == 1) or not self.when(moment):
            return None
        n = above_zero(finite(self.noise(moment), "a noise"), "a noise")
        times = 1.0 if self.per is None else dt * PERIODS[self.per]
        says = self.says(moment)
        if self.error is not None:
            e = self.error(moment)
            e = e if self.per is None else e / sqrt(times)
            says = says + e * draws.z(moment.turn, event.purpose(f"error:{self.id}"))
        return Heard(says, times / (n * n))


@dataclass(frozen=True)
class Held:
    """A belief of one observer, about the actors that are bound in it."""

    event: Event
    prior: Prior
    signals: tuple[SignalHere, ...]
    """Those that it hears, in order of id."""

    def row(self, kind: str) -> str:
        about = (self.event.owner, self.event.id, *(actor for _, actor in self.event.bound))
        return f"{kind}[{', '.join(about)}]"


@dataclass
class Beliefs:
    """All beliefs of a scenario."""

    names: Names
    all: list[Held] = field(default_factory=list)
    rows: set[str] = field(default_factory=set)

    def find(self) -> None:
        """Who believes something about whom."""
        for event, _belief, _scope in self._stand():
            about = (event.owner, event.id, *(actor for _, actor in event.bound))
            self.rows |= {f"{kind}[{', '.join(about)}]" for kind in ("belief", "spread")}

    def _stand(self) -> Iterator[tuple[Event, Belief, Scope]]:
        plain = Scope(self.names)
        for name, belief in sorted(self.names.model.beliefs.items()):
            for bound, scope in events("", name, belief.luck_key, belief.for_, plain):
                for observer in observers(belief.by, scope):
                    event = Event(observer, name, bound.luck_id, bound.bound)
                    yield event, belief, Scope(self.names, observer, bound=scope.bound)

    def read(self) -> None:
        for event, belief, scope in self._stand():
            before = Scope(self.names, scope.me, bound=scope.bound, start=True)
            prior = Prior(
                read_number(belief.mean, before),
                read_number(belief.spread, before),
                read_half_life(belief.half_life, scope),
                belief.low,
                belief.high,
            )
            signals = [
                (signal, self._signal(name, signal, belief, scope))
                for name, signal in sorted(belief.signals.items())
            ]
            heard = [
                here
                for signal, here in signals
                if signal.seen_by is None or event.owner in observers(signal.seen_by, scope)
            ]
            self.all.append(Held(event, prior, tuple(heard)))

    @staticmethod
    def _signal(name: str, signal: Signal, belief: Belief, scope: Scope) -> SignalHere:
        says = signal.says or belief.of
        if says is None:
            raise Fault(f"{name} says nothing")
        return SignalHere(
            name,
            read_truth(signal.when, scope),
            read_number(says, scope),
            read_number(signal.noise, scope),
            None if signal.error is None else read_number(signal.error, scope),
            signal.per,
        )

    def purposes(self) -> Iterator[str]:
        for held in self.all:
            for signal in held.signals:
                if signal.error is not None:
                    yield held.event.purpose(f"error:{signal.id}")

    def start(self, moment: Moment) -> State:
        rows = {}
        for held in self.all:
            rows[held.row("belief")], rows[held.row("spread")] = held.prior.first(moment)
        return rows

    def learn(self, state: State, moment: Moment, draws: Draws) -> None:
        """Pass *beliefs*."""
        dt = time_before(self.names.calendar, moment.turn)
        for held in self.all:
            rows = held.row("belief"), held.row("spread")
            heard = [signal.heard(held.event, moment, draws, dt) for signal in held.signals]
            found = moment.now[rows[0]], moment.now[rows[1]]
            known = [each for each in heard if each is not None]
            state[rows[0]], state[rows[1]] = held.prior.moved(found, known, moment, dt)
