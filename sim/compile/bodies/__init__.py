"""Bodies: drafts are tabled, members vote, measures come into force, are ended or run out.

What they do is fixed in `docs/adjudication.md`, section B.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.bodies.ballots import WAYS, Ballots, VoteCompiler, find_deeds_of
from sim.compile.bodies.chambers import Chamber, Checking, chambers
from sim.compile.bodies.counting import Count
from sim.compile.bodies.outcomes import OutcomeCompiler
from sim.compile.bodies.readers import BodyReaders
from sim.compile.bodies.tabling import TablingCompiler
from sim.compile.compose import Composer
from sim.compile.construct import Made, Maker, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.declare import declare_deeds
from sim.compile.lower import Lowering
from sim.compile.records import declare_choice, declare_rule
from sim.scenario.bodies import Measure
from sim.scenario.load import PathOf

__all__ = ["Bodies"]


class Bodies:
    """The construct."""

    rules: ClassVar[Mapping[str, str]] = {
        "B1": "Tabling",
        "B2": "Something to decide",
        "B3": "Own ballot",
        "B4": "Seats",
        "B5": "Absence",
        "B6": "Majority",
        "B7": "Threshold",
        "B8": "Unanimity",
        "B9": "Single",
        "B10": "Quorum",
        "B11": "Veto",
        "B12": "An abstention is no veto",
        "B13": "Procedure",
        "B14": "Vetoed or failed",
        "B15": "Lapse",
        "B16": "A renewal runs on from the end",
        "B17": "An end outweighs",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._without = without
        self._compose = Composer(lowering)
        self._maker = Maker(lowering, self._compose)
        self._ballots = Ballots(lowering, own="B3" not in without)
        self._counted: dict[str, dict[str, Count]] = {}

    def readers(self) -> Mapping[str, Reader]:
        """Functions that ask for measures, drafts and votes."""
        return BodyReaders(self._compose, lambda: self._chambers, self._counts).all()

    @cached_property
    def _chambers(self) -> dict[str, Chamber]:
        return chambers(self._lowering)

    def _counts(self, chamber: Chamber) -> dict[str, Count]:
        """The count of each of a body's drafts."""
        if chamber.id not in self._counted:
            self._counted[chamber.id] = {
                draft: Count(
                    self._compose, chamber, motion, self._ballots.voters(chamber, motion), self._without
                )
                for draft, motion in chamber.motions.items()
            }
        return self._counted[chamber.id]

    def declare(self) -> None:
        """Rows of drafts, votes, results and measures."""
        checking = Checking(self._lowering)
        deeds: dict[str, PathOf] = {}
        for chamber in self._chambers.values():
            checking.check(chamber)
            for count in self._counts(chamber).values():
                self._declare_draft(count)
                for voter in count.voters:
                    find_deeds_of(self._lowering, voter, deeds)
            for subject in chamber.lapses.values():
                declare_rule(self._lowering, subject)
            for measure in chamber.part.measures:
                self._declare_measure(chamber, measure)
        self._ballots.check(self._chambers)
        declare_deeds(self._lowering, deeds)

    def _declare_draft(self, count: Count) -> None:
        motion = count.motion
        for subject in (*motion.tables, motion.passes, motion.fails, motion.vetoed):
            declare_rule(self._lowering, subject)
        for subject in motion.votes:
            declare_choice(self._lowering, subject)
        for way in WAYS:
            self._maker.row(count.row(way), self._lowering.scenario.place(*motion.path), low=0.0)

    def _declare_measure(self, chamber: Chamber, measure: str) -> None:
        place = self._lowering.scenario.place(*chamber.path, "measures", measure)
        self._maker.row(chamber.row("measure", measure), place, low=0.0, high=1.0)
        if measure in chamber.lapses:
            self._maker.row(chamber.row("until", measure), place, low=0.0)

    def compile(self, decisions: DecisionCompiler) -> None:
        """The passes of stage 6."""
        bodies = [(chamber, self._counts(chamber)) for chamber in self._chambers.values()]
        if not bodies:
            return
        for chamber, _ in bodies:
            self._made.offices[chamber.id] = chamber.part.name
            self._made.initials += self._initials(chamber)
        counts = [count for _, of_body in bodies for count in of_body.values()]
        outcomes = [
            OutcomeCompiler(self._maker, decisions, chamber, of_body, self._without)
            for chamber, of_body in bodies
        ]
        tabling = TablingCompiler(self._lowering, decisions, self._without)
        self._made.voting += [
            pr.Pass(
                "bodies: tabling",
                rules=_rules(
                    rule for count in counts for rule in tabling.tables(count.chamber, count.motion)
                ),
            ),
            pr.Pass("bodies: voting", choices=tuple(self._votes(counts, decisions))),
            pr.Pass("bodies: counting", assignments=self._maker.in_order(self._tallies(counts))),
            *(
                pr.Pass(f"bodies: {name}", rules=_rules(rule for body in outcomes for rule in rules(body)))
                for name, rules in (
                    ("passing", OutcomeCompiler.passing),
                    ("vetoing", OutcomeCompiler.vetoing),
                    ("following", OutcomeCompiler.following),
                )
            ),
            pr.Pass(
                "bodies: measures",
                assignments=self._maker.in_order(entry for body in outcomes for entry in body.measures()),
            ),
        ]

    def _votes(self, counts: Iterable[Count], decisions: DecisionCompiler) -> Iterator[pr.Choice]:
        compiler = VoteCompiler(self._lowering, decisions, own="B3" not in self._without)
        found = [
            compiler.vote(count.chamber, count.motion, voter, count.tabled)
            for count in counts
            for voter in count.voters
        ]
        yield from sorted((vote for vote in found if vote is not None), key=lambda vote: vote.name)

    def _tallies(self, counts: Iterable[Count]) -> Iterator[pr.Assignment]:
        for count in counts:
            place = self._lowering.scenario.place(*count.motion.path)
            for way in WAYS:
                cause = count.chamber.id
                yield self._maker.assign(count.row(way), count.tally(way), place, "B4", cause=cause)

    def _initials(self, chamber: Chamber) -> Iterator[pr.Initial]:
        for id_, measure in sorted(chamber.part.measures.items()):
            place = self._lowering.scenario.place(*chamber.path, "measures", id_)
            in_force = self._compose.const(float(measure.in_force))
            yield self._maker.initial(chamber.row("measure", id_), in_force, place)
            if measure.term is not None:
                until = self._compose.const(float(self._until(measure)))
                yield self._maker.initial(chamber.row("until", id_), until, place)

    def _until(self, measure: Measure) -> int:
        """The turn in which a mandate runs out that is in force at the start; 0 for others."""
        clock = self._lowering.scenario.clock
        if not measure.in_force or measure.term is None:
            return 0
        if measure.until is None:
            return clock.turns_in(measure.term)
        return clock.turn_of(measure.until) or clock.turns + 1


def _rules(rules: Iterable[pr.Rule]) -> tuple[pr.Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: rule.name))
