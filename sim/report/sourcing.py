"""Where the numbers of a scenario come from: each value with its facts, each fact with what uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from sim.compile.grades import Grades
from sim.compile.program import Grade, Program
from sim.evidence import BaseRate, Evidence, Fact, Mechanism
from sim.scenario import Scenario
from sim.scenario.document import ScenarioModel
from sim.scenario.graded import Graded
from sim.scenario.load import PathOf
from sim.scenario.models import Indicator
from sim.text import Diagnostic, FoedusError, Place, nearest, quoted

GRADES: Final = ("measured", "informed", "assumed", "ungraded")
GradeName = Literal["measured", "informed", "assumed", "ungraded"]
_STRUCTURE: Final = frozenset(
    {
        *(
            "attributes",
            "pairs",
            "rules",
            "choices",
            "options",
            "articles",
            "measures",
            "ladder",
            "doctrines",
        ),
        *("drafts", "ballots", "tiers", "signals", "value", "matters", "third_parties", "parameters"),
    }
)
"""Keys that a short name leaves out: ids alone tell values apart."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value, rule, choice or other part that says how well it is known, or should."""

    path: PathOf
    """In the file: `("parameters", "boldness")`."""
    place: Place
    grade: Grade
    """Its own, or else that of the nearest part around it."""
    own: bool
    """Whether the grade is its own."""
    disagreement: str | None
    """Of the sources: what the value stands for."""
    review_by: date | None
    decisions: tuple[str, ...]
    """Names of the rules, choices and injects that it became."""

    @property
    def section(self) -> str:
        """The key at the top of the file."""
        return str(self.path[0])

    @property
    def name(self) -> str:
        """The path below its section without the keys that only give structure."""
        shown = [str(key) for key in self.path[1:] if key not in _STRUCTURE]
        return ".".join(shown) or self.section

    @property
    def known(self) -> GradeName:
        """The kind of the grade."""
        return self.grade.kind or "ungraded"


@dataclass(frozen=True)
class Sourcing:
    """The values of a scenario, and the ledgers they are held against."""

    id: str
    title: str
    hash: str
    values: tuple[Value, ...]
    """In the order of the format's sections, then of the file."""
    evidence: Evidence
    as_of: date
    """The day on which what is to be reviewed is old."""

    @cached_property
    def users(self) -> Mapping[str, tuple[Value, ...]]:
        """By fact and base rate: the values whose own grade cites it."""
        return _by_id((cited, value) for value in self.values if value.own for cited in value.grade.cited)

    @cached_property
    def standing_for(self) -> Mapping[str, tuple[Value, ...]]:
        """By disagreement: the values that stand for it."""
        return _by_id((value.disagreement, value) for value in self.values if value.disagreement)

    @property
    def counts(self) -> dict[GradeName, int]:
        """How many values are known how well."""
        found: dict[GradeName, int] = {"measured": 0, "informed": 0, "assumed": 0, "ungraded": 0}
        for value in self.values:
            found[value.known] += 1
        return found

    @property
    def unused(self) -> tuple[Fact, ...]:
        """Facts that no value cites."""
        return tuple(fact for name, fact in self.evidence.facts.items() if name not in self.users)

    @property
    def unused_mechanisms(self) -> tuple[Mechanism, ...]:
        """Mechanisms of which no value cites any fact."""
        mechanisms = self.evidence.mechanisms.values()
        return tuple(one for one in mechanisms if not any(name in self.users for name in one.facts))

    @property
    def stale_values(self) -> tuple[Value, ...]:
        return tuple(value for value in self.values if self.past(value.review_by))

    @property
    def stale_cited(self) -> tuple[Fact | BaseRate, ...]:
        """Facts and base rates in use that should have been looked at again."""
        cited: list[Fact | BaseRate] = [*self.evidence.facts.values(), *self.evidence.base_rates.values()]
        return tuple(one for one in cited if one.id in self.users and self.past(one.review_by))

    def weak(self, value: Value) -> bool:
        """Whether a value is informed by nothing better than facts of low confidence and remembered rates."""
        return value.own and value.known == "informed" and all(map(self._weak, value.grade.cited))

    def _weak(self, cited: str) -> bool:
        if fact := self.evidence.facts.get(cited):
            return fact.confidence == "low"
        return self.evidence.base_rates[cited].status == "remembered"

    def past(self, review_by: date | None) -> bool:
        """Whether a day of review has passed."""
        return review_by is not None and review_by < self.as_of

    def cited(self, name: str) -> Fact | BaseRate:
        """The fact or base rate of an id.

        Raises:
            FoedusError: if there is none, with the nearest.
        """
        found = self.evidence.facts.get(name) or self.evidence.base_rates.get(name)
        if found is None:
            raise _unknown("fact", name, "the id of a fact or a base rate", self.evidence.nearest(name))
        return found

    def mechanism(self, name: str) -> Mechanism:
        """The mechanism of an id.

        Raises:
            FoedusError: if there is none, with the nearest.
        """
        found = self.evidence.mechanisms.get(name)
        if found is None:
            near = nearest(name, self.evidence.mechanisms)
            raise _unknown("mechanism", name, "the id of a mechanism", near)
        return found

    def resting_on(self, facts: Iterable[str]) -> tuple[Value, ...]:
        """The values that cite any of these facts, in order."""
        wanted = set(facts)
        return tuple(value for value in self.values if value.own and wanted & set(value.grade.cited))


def sourcing(scenario: Scenario, program: Program, as_of: date) -> Sourcing:
    """Hold a compiled scenario against its ledgers. Indicators, which only ask, are left out."""
    decisions: dict[PathOf, list[str]] = {}
    for name, decision in program.decisions.items():
        decisions.setdefault(decision.path, []).append(name)
    grades = Grades(scenario)
    found: list[Value] = []
    for path, part in scenario.parts:
        if not isinstance(part, Graded) or isinstance(part, Indicator):
            continue
        found.append(
            Value(
                path=path,
                place=scenario.place(*path),
                grade=grades.at(path),
                own=part.grade is not None,
                disagreement=part.disagreement,
                review_by=part.review_by,
                decisions=tuple(decisions.get(path, ())),
            )
        )
    order = {name: number for number, name in enumerate(ScenarioModel.model_fields)}
    found.sort(key=lambda value: order.get(value.section, len(order)))
    return Sourcing(program.id, program.title, program.hash, tuple(found), scenario.evidence, as_of)


def _by_id(pairs: Iterable[tuple[str, Value]]) -> Mapping[str, tuple[Value, ...]]:
    found: dict[str, list[Value]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _unknown(kind: str, name: str, expected: str, near: str | None) -> FoedusError:
    message = f"the ledgers have no {kind} {quoted(name)}"
    return FoedusError([Diagnostic(None, message, expected, near or "", code=f"unknown-{kind}")])
