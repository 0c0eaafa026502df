"""What a scenario may cite: facts from documents and published base rates; and all that ledgers hold.

A fact carries its figure in a form that the grade of a number can be checked against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as day
from typing import Literal

from sim.evidence.accounts import (
    Actor,
    Commitment,
    Disagreement,
    Document,
    Mechanism,
    Observable,
    Question,
)
from sim.text.diagnostics import Place
from sim.text.nearest import nearest

Kind = Literal["event", "figure", "commitment", "capability", "intent", "constraint", "forecast", "opinion"]
Modality = Literal["asserted", "hedged", "alleged", "attributed"]
Confidence = Literal["low", "moderate", "high"]
"""Levels of analytic confidence as in ICD 203."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as its source gives it: a value, a range around it, or a range alone."""

    value: float | None
    """None where the source gives a range alone."""
    low: float
    """The value itself where the source gives no range; so for `high`."""
    high: float
    unit: str
    """In the words of the source; empty for a pure number."""
    qualifier: str = ""
    """Such as "up to" or "nearly"."""

    def holds(self, number: float) -> bool:
        """Whether `number`, in the same unit, is the value or lies in the range."""
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Fact:
    """A claim of one or more documents."""

    id: str
    claim: str
    documents: tuple[str, ...]
    """Short ids of the documents that make the claim."""
    actors: tuple[str, ...]
    kind: Kind
    modality: Modality
    place: Place
    date: str | None = None
    """A day, month or year, or two of them with a slash between; either may be left out: `2022/`."""
    quantity: Quantity | None = None
    confidence: Confidence | None = None
    attributed_to: str | None = None
    """Who says it, where the document reports another's claim."""
    review_by: day | None = None
    """From which day on the claim should be looked at again; None if it speaks of what is past."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BaseRate:
    """A published figure to calibrate against."""

    id: str
    what: str
    quantity: Quantity
    source: str
    status: str
    """How far the source was seen: verified, computed, remembered."""
    place: Place
    review_by: day | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the ledgers hold, by id, in the order of the files' names and then of the lines."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    base_rates: Mapping[str, BaseRate] = field(default_factory=dict)
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)
    mechanisms: Mapping[str, Mechanism] = field(default_factory=dict)
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    observables: Mapping[str, Observable] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    fitted: tuple[str, ...] = ()
    """Base rates that parameters were set with."""
    held_out: tuple[str, ...] = ()
    """Base rates kept back to check a model against."""

    @classmethod
    def empty(cls) -> Evidence:
        """Return the evidence of a scenario that names none."""
        return cls()

    def citable(self, cited: str) -> bool:
        """Whether a grade may cite `cited`: a fact or a base rate, not a disagreement."""
        return cited in self.facts or cited in self.base_rates

    def quantity(self, cited: str) -> Quantity | None:
        """Return the figure that a citable `cited` holds, if it holds one."""
        if rate := self.base_rates.get(cited):
            return rate.quantity
        fact = self.facts.get(cited)
        return fact.quantity if fact else None

    def nearest(self, cited: str) -> str | None:
        """Return the citable id most like a wrong one."""
        return nearest(cited, [*self.facts, *self.base_rates])
