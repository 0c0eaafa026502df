"""What sanctions regimes do in stage 7: detection, exposure and bite, pressure (X5, X6, X9 to X15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import add

from sim.scenario import expressions as tree
from sim.scenario.sanctions import Pressure
from tests.oracle.adjudicate import Decided, Done, arguments
from tests.oracle.arithmetic import LN2, exp
from tests.oracle.dates import PERIODS, years
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.disputes import State
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.minds import ids
from tests.oracle.names import Names, Scope
from tests.oracle.regimes import PENALISE, RegimeHere, not_below_zero, within_one
from tests.oracle.terms import Claim, Moment, Number, Quantity, Term, clamp, finite
from tests.oracle.turns import Turn
from tests.oracle.voting import Orders, Ranges, carry_out

Arguments = tuple[tree.Expr, ...]
TurnOf = Callable[[Moment], Turn]


@dataclass(frozen=True)
class Detection:
    """X5 and X6."""

    here: RegimeHere
    party: str
    rate: Number
    deeds: tuple[Performed, ...]

    @property
    def event(self) -> Event:
        return self.here.detects(self.party)

    def decide(self, turn: Turn, order: str | None) -> Decided:
        moment = turn.moment
        fires = self._fires(turn) if order is None else order == "do"
        writes = {self.event.row("fired"): float(fires)}
        if not fires:
            return Decided(writes)
        return Decided(writes, (Done(self.event.key, "", self.deeds, arguments(self.deeds, moment)),))

    def _fires(self, turn: Turn) -> bool:
        moment = turn.moment
        if not (self.here.in_force(moment) and self.here.stands(self.party, "evade", moment)):
            return False
        chance = 1 - exp(-(self.rate(moment) * turn.dt))
        return turn.u(self.event, "fires") < finite(chance, "a detection")


@dataclass(frozen=True)
class Pull:
    """An entry of `bites` or `costs`, for one actor."""

    row: str
    towards: Number
    rate: Number
    """A year, for an intensity of 1."""
    intensity: Number


@dataclass
class Sanctions:
    """All regimes of a scenario."""

    names: Names
    all: list[RegimeHere] = field(default_factory=list)
    detections: list[Detection] = field(default_factory=list)
    exposures: dict[tuple[str, str, str], tuple[Number, Number, Number]] = field(default_factory=dict)
    """(regime, target, jurisdiction): exposure, porosity, evasion."""
    channels: dict[tuple[str, str], tuple[Number, Number]] = field(default_factory=dict)
    """By regime and target: ceiling and premium."""
    pulls: list[Pull] = field(default_factory=list)

    def find(self) -> None:
        for name, regime in sorted(self.names.model.sanctions.items()):
            here = RegimeHere(name, regime, self.names)
            here.find()
            self.all.append(here)

    def read(self) -> None:
        for here in self.all:
            here.read()
            regime = here.regime
            for party in here.third if regime.detection else ():
                deeds = read_deeds(regime.detected, Scope(self.names, party)) if regime.detected else ()
                self.detections.append(Detection(here, party, here.detection(party, eyes=False), deeds))
            for target in here.targets:
                for j in self._jurisdictions(here):
                    scope, own = Scope(self.names, j, target), Scope(self.names, j)
                    porosity = read_number(regime.porosity, own)
                    self.exposures[here.id, target, j] = (
                        read_number(regime.exposure, scope),
                        porosity,
                        read_number(regime.evasion, own) if j in here.third else porosity,
                    )
                if regime.channels is not None:
                    parts = (regime.channels.ceiling, regime.channels.premium)
                    ceiling, premium = (read_number(part, Scope(self.names, target)) for part in parts)
                    self.channels[here.id, target] = ceiling, premium
            self._read_pulls(here)

    def _read_pulls(self, here: RegimeHere) -> None:
        for name, pressure in sorted(here.regime.bites.items()):
            for target in here.targets:
                row = here.row("bite", target)
                self._pull(name, target, pressure, partial(_row, row))
        for name, pressure in sorted(here.regime.costs.items()):
            for sender in here.senders:
                self._pull(name, sender, pressure, partial(_cost, here, sender))

    def _pull(self, name: str, actor: str, pressure: Pressure, intensity: Number) -> None:
        scope, periods = Scope(self.names, actor), PERIODS[pressure.per]
        rate = read_number(pressure.rate, scope)
        self.pulls.append(
            Pull(
                f"{name}[{actor}]",
                read_number(pressure.towards, scope),
                lambda moment: not_below_zero(rate(moment) * periods),
                intensity,
            )
        )

    @staticmethod
    def _jurisdictions(here: RegimeHere) -> list[str]:
        return sorted({*here.senders, *here.third})

    # --- rows -----------------------------------------------------------------------------------------------

    def start(self) -> State:
        rows: State = {}
        for here in self.all:
            for target in here.targets:
                kinds = [here.row(kind, target) for kind in ("exposure", "leakage", "bite")]
                kinds += [here.row("bite", target, kind) for kind in here.severities]
                rows |= dict.fromkeys(kinds, 0.0)
            for party in here.third:
                rows |= {here.row("penalised", party, sender): 0.0 for sender in here.penalising}
        for detection in self.detections:
            rows[detection.event.row("fired")] = 0.0
        return rows

    def first_channels(self, moment: Moment) -> State:
        rows: State = {}
        for here in self.all:
            if here.regime.channels is not None:
                initial = read_number(here.regime.channels.initial, Scope(self.names, start=True))
                value = within_one(finite(initial(moment), "channels"))
                rows |= {here.row("channels", target): value for target in here.targets}
        return rows

    def purposes(self) -> Iterator[str]:
        yield from (detection.event.purpose("fires") for detection in self.detections)

    # --- stage 7 --------------------------------------------------------------------------------------------

    def play(self, state: State, turn_of: TurnOf, past: list[State], orders: Orders, ranges: Ranges) -> None:
        turn = turn_of(Moment(len(past), dict(state), past))
        decided = [
            each.decide(turn, orders.get((each.event.owner, each.event.name))) for each in self.detections
        ]
        carry_out(state, decided, turn.moment, ranges)
        settled = Moment(len(past), dict(state), past)
        for here in self.all:
            self._fade(state, here, settled, turn.dt)
            self.settle(state, here, settled, turn.dt)
        self._press(state, Moment(len(past), dict(state), past), turn.dt, ranges)

    @staticmethod
    def _fade(state: State, here: RegimeHere, moment: Moment, dt: float) -> None:
        """X9."""
        secondary = here.regime.secondary
        for party in here.third if secondary else ():
            for sender in here.penalising:
                assert secondary is not None
                row = here.row("penalised", party, sender)
                chosen = moment.now[here.of_actor(sender, "penalise", party).row("chosen")]
                faded = moment.now[row] * exp(-((LN2 / years(secondary.half_life)) * dt))
                state[row] = 1.0 if chosen == PENALISE else within_one(faded)

    def settle(self, state: State, here: RegimeHere, moment: Moment, dt: float) -> None:
        """X10 to X13; before play nothing moves (dt is 0)."""
        severities = {kind: here.severity(kind, moment) for kind in here.severities}
        for target in here.targets:
            exposed, leakage = self._exposed(here, target, moment)
            bites = {kind: (s * exposed) * (1 - leakage) for kind, s in severities.items()}
            if here.regime.channels is not None:
                self._relieve(state, here, target, bites, moment, dt)
            state[here.row("exposure", target)] = finite(not_below_zero(exposed), "an exposure")
            state[here.row("leakage", target)] = within_one(finite(leakage, "a leakage"))
            for kind, bite in bites.items():
                state[here.row("bite", target, kind)] = finite(not_below_zero(bite), "a bite")
            state[here.row("bite", target)] = finite(not_below_zero(reduce(add, bites.values())), "a bite")

    def _exposed(self, here: RegimeHere, target: str, moment: Moment) -> tuple[float, float]:
        """E, and the part of it that leaks."""
        shares: list[tuple[float, Number]] = []
        for j in self._jurisdictions(here):
            exposure, porosity, evasion = self.exposures[here.id, target, j]
            evades = here.stands(j, "evade", moment)
            professes = evades or here.stands(j, "comply", moment)
            if professes or (j in here.senders and here.imposes(j, moment)):
                leak = evasion if evades else porosity
                shares.append((not_below_zero(exposure(moment)), leak))
            else:
                shares.append((0.0, lambda _: 0.0))
        exposed = reduce(add, [x for x, _ in shares])
        if not exposed > 0:
            return exposed, 0.0
        return exposed, reduce(add, [x * within_one(leak(moment)) for x, leak in shares]) / exposed

    def _relieve(  # noqa: PLR0917 - what a settlement stands on
        self, state: State, here: RegimeHere, target: str, bites: dict[str, float], moment: Moment, dt: float
    ) -> None:
        """X12 and X13: takes the relief off the bites, and moves the channels."""
        channels = here.regime.channels
        assert channels is not None
        ceiling, premium = self.channels[here.id, target]
        row = here.row("channels", target)
        a = moment.now[row]
        relieved = [kind for kind in bites if channels.relieves is None or kind in channels.relieves]
        whole = reduce(add, [bites[kind] for kind in relieved], 0.0)
        for kind in relieved:
            bites[kind] = bites[kind] * (1 - (a * (1 - within_one(premium(moment)))))
        if whole > 0 and moment.turn > 0:
            c = within_one(ceiling(moment))
            moved = c + ((a - c) * exp(-((LN2 / years(channels.half_life)) * dt)))
            state[row] = within_one(finite(moved, "channels"))

    def _press(self, state: State, moment: Moment, dt: float, ranges: Ranges) -> None:
        """X14 and X15."""
        for row in sorted({pull.row for pull in self.pulls}):
            here = [pull for pull in self.pulls if pull.row == row]
            strengths = [pull.rate(moment) * pull.intensity(moment) for pull in here]
            whole = reduce(add, strengths)
            if whole > 0:
                pulled = [k * pull.towards(moment) for k, pull in zip(strengths, here, strict=True)]
                m = reduce(add, pulled) / whole
                value = m + ((moment.now[row] - m) * exp(-(whole * dt)))
                state[row] = finite(clamp(value, *ranges[row]), row)

    # --- readers --------------------------------------------------------------------------------------------

    def readers(self) -> dict[str, Callable[[Arguments, Scope], Term]]:
        stances = {"complies": "comply", "evades": "evade", "defies": "defy"}
        return {
            "imposed": self._imposed,
            "imposes": self._imposes,
            "detected": self._detected,
            "detection": self._detection,
            **{name: partial(self._stands, stance) for name, stance in stances.items()},
            **{
                name: partial(self._number, name)
                for name in ("penalised", "exposure", "leakage", "bite", "channels")
            },
        }

    def _regime(self, arguments: Arguments) -> RegimeHere:
        name = ids(arguments)[0]
        return next(here for here in self.all if here.id == name)

    def _imposed(self, arguments: Arguments, scope: Scope) -> Term:
        here = self._regime(arguments)
        if scope.over_the_turn:  # notes what it reads; the condition itself is of what is
            read_truth(here.regime.when, Scope(self.names).measuring())
        return Claim(here.in_force)

    def _imposes(self, arguments: Arguments, scope: Scope) -> Term:
        here, sender = self._regime(arguments), scope.actor(ids(arguments)[1])
        return Claim(lambda moment: here.imposes(sender, moment))

    def _stands(self, stance: str, arguments: Arguments, scope: Scope) -> Term:
        here, party = self._regime(arguments), scope.actor(ids(arguments)[1])
        return Claim(lambda moment: here.stands(party, stance, moment))

    def _detected(self, arguments: Arguments, scope: Scope) -> Term:
        row = self._regime(arguments).detects(scope.actor(ids(arguments)[1])).row("fired")
        return Claim(lambda moment: moment.now[row] > 0)

    def _detection(self, arguments: Arguments, scope: Scope) -> Term:
        party = scope.actor(ids(arguments)[1])
        if scope.over_the_turn:
            self._regime(arguments).detection(party, eyes=False, over_the_turn=True)
        rate = self._regime(arguments).detection(party, eyes=False)
        return Quantity(lambda moment: 1 - exp(-rate(moment)))

    def _number(self, kind: str, arguments: Arguments, scope: Scope) -> Term:
        name, *about = ids(arguments)
        last = [about.pop()] if kind == "bite" and len(about) == 2 else []
        row = f"{kind}[{'/'.join((name, *(scope.actor(actor) for actor in about), *last))}]"
        return Quantity(partial(_row, row))


def _row(row: str, moment: Moment) -> float:
    return moment.now[row]


def _cost(here: RegimeHere, sender: str, moment: Moment) -> float:
    """X15."""
    if not here.imposes(sender, moment):
        return 0.0
    return reduce(add, [here.severity(kind, moment) for kind in here.severities])
