"""What becomes of drafts and measures: results, lapses, and what is in force (rules B14 to B17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile import program as pr
from sim.compile.bodies.chambers import Chamber
from sim.compile.bodies.counting import Count
from sim.compile.compose import Composer
from sim.compile.construct import Maker
from sim.compile.decisions import DecisionCompiler
from sim.compile.doings import Whose
from sim.compile.program import Term
from sim.compile.records import Records, Speaker, Subject, told
from sim.scenario.bodies import Aftermath
from sim.scenario.load import PathOf


@dataclass(frozen=True)
class OutcomeCompiler:
    """Compiles the rules and assignments of one body."""

    maker: Maker
    decisions: DecisionCompiler
    chamber: Chamber
    counts: dict[str, Count]
    """By draft."""
    without: frozenset[str]

    @property
    def _compose(self) -> Composer:
        return self.maker.compose

    # Results

    def passing(self) -> Iterator[pr.Rule]:
        """Which drafts pass."""
        for count in self.counts.values():
            motion = count.motion
            yield self._rule(
                motion.passes,
                count.passes(),
                motion.part.passed,
                (*motion.path, "passed"),
                f'"{motion.title}" passes ({self.chamber.part.name})',
            )

    def vetoing(self) -> Iterator[pr.Rule]:
        """Which drafts are vetoed."""
        for count in self.counts.values():
            motion = count.motion
            yield self._rule(
                motion.vetoed,
                count.vetoed(),
                motion.part.vetoed,
                (*motion.path, "vetoed"),
                f'"{motion.title}" is vetoed ({self.chamber.part.name})',
            )

    def following(self) -> Iterator[pr.Rule]:
        """Which drafts fail, and which mandates run out."""
        for count in self.counts.values():
            motion = count.motion
            yield self._rule(
                motion.fails,
                count.fails(),
                motion.part.failed,
                (*motion.path, "failed"),
                f'"{motion.title}" fails ({self.chamber.part.name})',
            )
        for measure, subject in self.chamber.lapses.items():
            part = self.chamber.part.measures[measure]
            title = part.title or measure.replace("_", " ")
            yield self._rule(
                subject,
                self._lapses(measure),
                part.lapsed,
                (*subject.path, "lapsed"),
                f'"{title}" runs out ({self.chamber.part.name})',
            )

    def _rule(
        self, subject: Subject, gate: int, part: Aftermath | None, path: PathOf, sentence: str
    ) -> pr.Rule:
        records = Records(self.maker.lowering, self.decisions)
        doings = (
            pr.Doings()
            if part is None
            else self.decisions.doings.own(part, Speaker(path), Whose(subject.key), path)
        )
        return records.rule(subject, gate=gate, pace=records.each_turn, doings=told(doings, sentence))

    # Measures

    def _lapses(self, measure: str) -> int:
        compose = self._compose
        if "B15" in self.without:
            return compose.false
        until = compose.row(self.chamber.row("until", measure))
        ids = f"{self.chamber.id}, {measure}"
        terms = [
            Term(f"measure({ids})", self._in_force(measure)),
            Term(
                "its time is up",
                compose.all(self._in_force(measure), compose.compare("ge", compose.turn, until)),
            ),
            Term(
                "no draft on it passed",
                compose.negate(compose.any(self._passed(measure, "ends"), self._extended(measure))),
            ),
        ]
        node = compose.all(*(term.node for term in terms))
        path = self.chamber.lapses[measure].path
        return compose.said(node, " and ".join(term.text for term in terms), path, terms, "and")

    def measures(self) -> Iterator[pr.Assignment]:
        """What is in force, and until when."""
        for measure in sorted(self.chamber.part.measures):
            place = self.maker.lowering.scenario.place(*self.chamber.path, "measures", measure)
            name = self.chamber.row("measure", measure)
            yield self.maker.assign(name, self._then_in_force(measure), place, "B17", cause=self.chamber.id)
            if measure in self.chamber.lapses:
                name = self.chamber.row("until", measure)
                yield self.maker.assign(name, self._then_until(measure), place, "B16", cause=self.chamber.id)

    def _then_in_force(self, measure: str) -> int:
        compose = self._compose
        rest = compose.row(self.chamber.row("measure", measure))
        if measure in self.chamber.lapses:
            lapsed = compose.positive(compose.row(f"fired[{self.chamber.lapses[measure].name}]"))
            rest = compose.when(lapsed, compose.const(0.0), rest)
        verdicts = [
            (self._extended(measure), compose.const(1.0)),
            (self._passed(measure, "ends"), compose.const(0.0)),
        ]
        for condition, value in verdicts if "B17" not in self.without else reversed(verdicts):
            rest = compose.when(condition, value, rest)
        return rest

    def _then_until(self, measure: str) -> int:
        compose = self._compose
        term = self.chamber.part.measures[measure].term
        assert term is not None
        until = compose.row(self.chamber.row("until", measure))
        base = compose.turn
        if "B16" not in self.without:
            base = compose.when(self._in_force(measure), until, compose.turn)
        turns = float(self.maker.lowering.scenario.clock.turns_in(term))
        return compose.when(self._extended(measure), compose.add(base, compose.const(turns)), until)

    def _in_force(self, measure: str) -> int:
        return self._compose.positive(self._compose.row(self.chamber.row("measure", measure)))

    def _extended(self, measure: str) -> int:
        """Whether a draft that adopts or renews it passed."""
        return self._compose.any(self._passed(measure, "adopts"), self._passed(measure, "renews"))

    def _passed(self, measure: str, purpose: str) -> int:
        """Whether a draft with this purpose passed."""
        return self._compose.any(
            *(
                count.fired("passes")
                for count in self.counts.values()
                if getattr(count.motion.part, purpose) == measure
            )
        )
