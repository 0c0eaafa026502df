"""Sanctions: who imposes, who complies, what is seen of it, how it bites and what it costs.

What they do is fixed in `docs/adjudication.md`, section X.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Maker, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.doings import Whose
from sim.compile.lower import Lowering
from sim.compile.program import Term
from sim.compile.records import (
    Pace,
    Records,
    Speaker,
    declare_choice,
    declare_rule,
    told,
)
from sim.compile.sanctions.bite import Bite, faded
from sim.compile.sanctions.choosing import ChoiceCompiler
from sim.compile.sanctions.pressing import Pressing, Pull
from sim.compile.sanctions.readers import SanctionReaders
from sim.compile.sanctions.regimes import Checking, Sanctions, regimes
from sim.compile.sanctions.stances import Stances
from sim.compile.scope import Scope

__all__ = ["Regimes"]


class Regimes:
    """The construct."""

    rules: ClassVar[Mapping[str, str]] = {
        "X1": "Force",
        "X2": "Imposing",
        "X3": "Compliance",
        "X4": "Evasion",
        "X5": "Detection",
        "X6": "Only a violation is detected",
        "X7": "Secondary sanctions",
        "X8": "The price of having been caught",
        "X9": "Penalties fade",
        "X10": "Who defies is no exposure",
        "X11": "Leakage",
        "X12": "Other channels",
        "X13": "A premium",
        "X14": "Bite",
        "X15": "Cost",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._without = without
        self._compose = Composer(lowering)
        self._maker = Maker(lowering, self._compose)
        self._stances: dict[str, Stances] = {}

    def readers(self) -> Mapping[str, Reader]:
        """Functions that ask how things stand."""
        return SanctionReaders(self._compose, lambda: self._regimes, self._stances_of).all()

    @cached_property
    def _regimes(self) -> dict[str, Sanctions]:
        return regimes(self._lowering)

    def _stances_of(self, regime: Sanctions) -> Stances:
        if regime.id not in self._stances:
            self._stances[regime.id] = Stances(self._compose, regime, self._without)
        return self._stances[regime.id]

    def _bites(self, regime: Sanctions) -> list[Bite]:
        return [Bite(self._stances_of(regime), target, self._without) for target in regime.targets]

    # Rows

    def declare(self) -> None:
        """Rows of choices, detection and bite."""
        checking = Checking(self._lowering)
        for regime in self._regimes.values():
            checking.check(regime)
            choices = (regime.imposing, regime.complying, regime.penalising)
            for subject in (subject for several in choices for subject in several.values()):
                declare_choice(self._lowering, subject)
            for subject in regime.detecting.values():
                declare_rule(self._lowering, subject)
            place = self._lowering.scenario.place(*regime.path)
            for name in self._shares(regime):
                self._maker.row(name, place, low=0.0, high=1.0)
            for name in self._amounts(regime):
                self._maker.row(name, place, low=0.0)

    @staticmethod
    def _shares(regime: Sanctions) -> Iterator[str]:
        """Rows from 0 to 1."""
        for target in regime.targets:
            yield regime.row("leakage", target)
            if regime.part.channels is not None:
                yield regime.row("channels", target)
        yield from (regime.row("penalised", *pair) for pair in regime.penalising)

    @staticmethod
    def _amounts(regime: Sanctions) -> Iterator[str]:
        """Rows of at least 0."""
        for target in regime.targets:
            yield from (regime.row(table, target) for table in ("exposure", "bite"))
            yield from (regime.row("bite", target, type_) for type_ in regime.part.measures.stated)

    # Passes

    def compile(self, decisions: DecisionCompiler) -> None:
        """Choices of stage 3, and the passes of stage 7."""
        if not self._regimes:
            return
        pressing = Pressing(self._maker, self._without)
        detection: list[pr.Rule] = []
        comes_to: list[pr.Assignment] = []
        carried_on: list[pr.Assignment] = []
        pulls: list[Pull] = []
        for regime in self._regimes.values():
            self._made.offices[regime.id] = regime.part.name
            self._made.initials += self._initials(regime)
            stances = self._stances_of(regime)
            self._made.choices += ChoiceCompiler(stances, decisions, self._without).choices()
            detection += self._detection(regime, decisions)
            comes_to += self._comes_to(regime)
            carried_on += self._carried_on(regime)
            pulls += pressing.pulls(stances)
        self._made.opening.append(
            pr.Pass("sanctions: before play", assignments=self._maker.in_order(comes_to))
        )
        self._made.settling += [
            pr.Pass("sanctions: detection", rules=tuple(sorted(detection, key=lambda rule: rule.name))),
            pr.Pass("sanctions: settling", assignments=self._maker.in_order([*comes_to, *carried_on])),
            pr.Pass("sanctions: pressing", assignments=tuple(pressing.assignments(pulls))),
        ]

    def _initials(self, regime: Sanctions) -> Iterator[pr.Initial]:
        channels = regime.part.channels
        if channels is None:
            return
        path = (*regime.path, "channels", "initial")
        node = self._lowering.number(channels.initial, Scope(path, mode="initial"), 0.0, 1.0)
        place = self._lowering.scenario.place(*path)
        for target in regime.targets:
            yield self._maker.initial(regime.row("channels", target), node, place)

    def _detection(self, regime: Sanctions, decisions: DecisionCompiler) -> Iterator[pr.Rule]:
        compose, stances = self._compose, self._stances_of(regime)
        records, part = Records(self._lowering, decisions), regime.part
        actors = self._lowering.scenario.model.actors
        for party, subject in regime.detecting.items():
            terms = [Term(f"imposed({regime.id})", stances.in_force)]
            if "X6" not in self._without:
                terms.append(Term(f"evades({regime.id}, {party})", stances.stands(party, "evade")))
            gate = compose.all(*(term.node for term in terms))
            text = " and ".join(term.text for term in terms)
            doings = pr.Doings()
            if part.detected is not None:
                path = (*regime.path, "detected")
                doings = decisions.doings.own(part.detected, Speaker(path, party), Whose(subject.key), path)
            sentence = f"{actors[party].name} is found evading: {part.name}"
            yield records.rule(
                subject,
                gate=compose.said(gate, text, regime.path, terms, "and"),
                pace=Pace(None, stances.detection_rate(party), "fires"),
                doings=told(doings, sentence),
            )

    def _comes_to(self, regime: Sanctions) -> Iterator[pr.Assignment]:
        """What the regime comes to for its targets, as things stand."""
        place = self._lowering.scenario.value_place(*regime.path, "exposure")
        for bite in self._bites(regime):
            nodes = {
                regime.row("exposure", bite.target): (bite.exposure(), "X10"),
                regime.row("leakage", bite.target): (bite.leakage(), "X11"),
                regime.row("bite", bite.target): (bite.total(), "X11"),
            }
            for type_ in regime.part.measures.stated:
                nodes[regime.row("bite", bite.target, type_)] = (bite.of_type(type_), "X11")
            for name, (node, rule) in nodes.items():
                yield self._maker.assign(name, node, place, rule, cause=regime.id)

    def _carried_on(self, regime: Sanctions) -> Iterator[pr.Assignment]:
        """What goes on from what it was: other channels, and penalties that wear off."""
        place, compose = self._lowering.scenario.place(*regime.path), self._compose
        if regime.part.channels is not None:
            for bite in self._bites(regime):
                yield self._maker.assign(bite.channels_row, bite.channels(), place, "X12", cause=regime.id)
        if regime.part.secondary is not None:
            path = (*regime.path, "secondary", "half_life")
            left = faded(compose, regime.part.secondary.half_life, path)
            for pair, subject in regime.penalising.items():
                name = regime.row("penalised", *pair)
                now = compose.row(name)
                faded_now = now if "X9" in self._without else compose.mul(now, left)
                chosen = compose.compare("eq", compose.row(f"chosen[{subject.name}]"), compose.const(1.0))
                yield self._maker.assign(
                    name, compose.when(chosen, compose.const(1.0), faded_now), place, "X9", cause=subject.name
                )
