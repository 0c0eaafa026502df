"""What sanctions do to attributes of targets and senders (rules X14 and X15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Maker
from sim.compile.sanctions.regimes import Sanctions
from sim.compile.sanctions.stances import Stances
from sim.compile.scope import Scope
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.scenario.load import PathOf
from sim.scenario.sanctions import Pressure

_WORDS: Final = {"bites": "bite", "costs": "cost"}


@dataclass(frozen=True)
class Pull:
    """One thing that moves a row: towards a value, at a rate a year."""

    row: str
    towards: int
    rate: int
    cause: str
    """As explanations name it."""
    path: PathOf


@dataclass(frozen=True)
class Pressing:
    """All pulls of all regimes."""

    maker: Maker
    without: frozenset[str]

    @property
    def _compose(self) -> Composer:
        return self.maker.compose

    def pulls(self, stances: Stances) -> Iterator[Pull]:
        """The pulls of one regime: what bites, then what it costs."""
        regime, compose = stances.regime, self._compose
        for target in regime.targets:
            bite = compose.const(0.0) if "X14" in self.without else compose.row(regime.row("bite", target))
            yield from self._of(regime, "bites", regime.part.bites, target, bite)
        for sender in regime.senders:
            severity = compose.when(stances.imposes(sender), stances.total_severity, compose.const(0.0))
            cost = compose.const(0.0) if "X15" in self.without else severity
            yield from self._of(regime, "costs", regime.part.costs, sender, cost)

    def _of(
        self, regime: Sanctions, section: str, entries: dict[str, Pressure], actor: str, strength: int
    ) -> Iterator[Pull]:
        compose = self._compose
        for attribute, entry in sorted(entries.items()):
            row = f"{attribute}[{actor}]"
            if row not in compose.builder.rows:
                continue  # it has been noted
            path: PathOf = (*regime.path, section, attribute)
            scope = Scope(path, actor)
            stated = compose.lowering.number(entry.rate, scope.at(*path, "rate"))
            yearly = compose.mul(stated, compose.const(PERIODS_PER_YEAR[entry.per]))
            rate = compose.mul(compose.max(yearly, compose.const(0.0)), strength)
            towards = compose.lowering.number(entry.towards, scope.at(*path, "towards"))
            yield Pull(row, towards, rate, f"{_WORDS[section]} of {regime.id}", path)

    def assignments(self, pulls: list[Pull]) -> Iterator[pr.Assignment]:
        """Each row that is pulled, in order of name; pulls on one row add up as rates."""
        by_row: dict[str, list[Pull]] = {}
        for pull in pulls:
            by_row.setdefault(pull.row, []).append(pull)
        for row, several in sorted(by_row.items()):
            place = self.maker.lowering.scenario.place(*several[0].path)
            moved, pushes = self._moved(row, several)
            yield self.maker.assign(row, moved, place, "X14", pushes=pushes)

    def _moved(self, row: str, pulls: list[Pull]) -> tuple[int, tuple[pr.Push, ...]]:
        """Where the pulls take a row, and what each of them contributes."""
        compose = self._compose
        now = compose.row(row)
        rate = compose.add(*(pull.rate for pull in pulls))
        weighed = compose.add(*(compose.mul(pull.rate, pull.towards) for pull in pulls))
        centre = compose.div(weighed, rate)
        left = compose.exp(compose.neg(compose.mul(rate, compose.dt)))
        gone = compose.add(centre, compose.mul(compose.sub(now, centre), left))
        moved = compose.when(compose.positive(rate), gone, now)
        # What one pull does by itself; the last has what is left, so that together they make up the move.
        rest = compose.sub(moved, now)
        pushes = []
        for pull in pulls[:-1]:
            way = compose.mul(pull.rate, compose.sub(pull.towards, now))
            share = compose.mul(compose.div(way, rate), compose.sub(compose.const(1.0), left))
            part = compose.when(compose.positive(rate), share, compose.const(0.0))
            pushes.append(pr.Push(pull.cause, part))
            rest = compose.sub(rest, part)
        return moved, (*pushes, pr.Push(pulls[-1].cause, rest))
