"""Threats: when they are put to the test, and whether they are carried out (rules K11 and K12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Maker, Reader
from sim.compile.credibility import Credit, Credits, Taught
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.scenario.beliefs import Threat

TESTED, IN_TIME = "K11", "K12"


class Threats:
    """The threats of a scenario."""

    rules: ClassVar[Mapping[str, str]] = {
        "K11": "Put to the test",
        "K12": "In time",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._without = without
        self._compose = Composer(lowering)
        self._maker = Maker(lowering, self._compose)
        self._credits = Credits(lowering, without)

    def readers(self) -> Mapping[str, Reader]:
        return {}

    def _credit(self, name: str, threat: Threat) -> Credit:
        path = ("threats", name)
        place = self._lowering.scenario.place(*path)
        return Credit(name, threat.by, threat.credibility, (*path, "credibility"), place)

    def declare(self) -> None:
        """Rows of each threat: whether it is due, what became of it, and what others believe."""
        for name, threat in self._threats().items():
            place = self._lowering.scenario.place("threats", name)
            for row in ("met", "pending", "carried_out", "let_pass"):
                self._maker.row(f"{row}[{name}]", place, low=0.0)
            self._credits.declare(self._credit(name, threat))

    def _threats(self) -> dict[str, Threat]:
        return dict(sorted(self._lowering.scenario.model.threats.items()))

    def compile(self, decisions: DecisionCompiler) -> None:  # noqa: ARG002 - nothing is decided
        made: list[pr.Assignment] = []
        for name, threat in self._threats().items():
            try:
                made += self._tested(name, threat)
            except LoweringError as fault:
                self._lowering.builder.problems.fault(fault)
        if made:
            self._made.perceiving.append(pr.Pass("threats", assignments=self._maker.in_order(made)))

    def _tested(self, name: str, threat: Threat) -> Iterator[pr.Assignment]:
        c, path, scenario = self._compose, ("threats", name), self._lowering.scenario
        credit = self._credit(name, threat)
        actors = [
            self._lowering.names.actor(actor, 0, Scope((*path, key)))
            for key, actor in (("by", threat.by), ("to", threat.to))
        ]
        scope = Scope(path, actors[0], {"target": actors[1]})
        met = self._lowering.truth(threat.if_, scope.at(*path, "if"))
        done = self._lowering.truth(threat.then, scope.at(*path, "then"))
        pending = c.row(f"pending[{name}]")
        due = c.positive(pending)
        kept = c.all(due, done)
        last = c.compare("le", pending, c.const(1.0))
        missed = c.all(due, c.negate(done), last)
        fresh = c.zero(c.row(f"met[{name}]"))
        starts = c.all(c.negate(due), met, fresh)
        if TESTED in self._without:
            starts = c.negate(due)
        turns = float(max(scenario.clock.turns_in(threat.within), 1))
        left = c.sub(pending, c.const(1.0))
        if IN_TIME in self._without:
            missed, left = c.false, pending
        zero = c.const(0.0)
        running = c.when(kept, zero, c.when(due, left, zero))
        row = self._maker.assign
        yield row(f"met[{name}]", c.number(met), credit.place, TESTED)
        yield row(f"pending[{name}]", c.when(starts, c.const(turns), running), credit.place, IN_TIME)
        for book, holds in (("carried_out", kept), ("let_pass", missed)):
            total = c.add(c.row(f"{book}[{name}]"), c.number(holds))
            yield row(f"{book}[{name}]", total, credit.place, IN_TIME)
        one = c.const(1.0)
        lessons = (
            Taught(f"{name} carried out", kept, 1.0, one),
            Taught(f"{name} not carried out", missed, 0.0, one),
        )
        self._made.initials += self._credits.before_play(credit, None)
        for observer in self._credits.observers(credit):
            yield from self._credits.moved(credit, observer, None, lessons)
