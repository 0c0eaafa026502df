"""Where numbers come from, as plain data for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.evidence import BaseRate, Fact, Mechanism
from sim.report.sourcing import Sourcing, Value
from sim.text import Place, printable


def sourcing_document(found: Sourcing) -> dict[str, Any]:
    """The whole of it: counts, values, facts and base rates with what uses them, disagreements."""
    evidence = found.evidence
    return {
        **_head(found),
        "grades": dict(found.counts),
        "values": [_value(found, value) for value in found.values],
        "facts": [_cited(found, fact) for fact in evidence.facts.values()],
        "base_rates": [_cited(found, rate) for rate in evidence.base_rates.values()],
        "disagreements": {name: _paths(found.standing_for.get(name, ())) for name in evidence.disagreements},
        "unused": [fact.id for fact in found.unused],
        "unused_mechanisms": [mechanism.id for mechanism in found.unused_mechanisms],
        "stale": {
            "values": _paths(found.stale_values),
            "cited": [one.id for one in found.stale_cited],
        },
    }


def fact_document(found: Sourcing, one: Fact | BaseRate) -> dict[str, Any]:
    """One fact or base rate, and the values that cite it."""
    users = found.users.get(one.id, ())
    return {**_head(found), "fact": _cited(found, one), "values": [_value(found, value) for value in users]}


def mechanism_document(found: Sourcing, mechanism: Mechanism) -> dict[str, Any]:
    """One mechanism, its facts, and the values that cite these."""
    evidence = found.evidence
    return {
        **_head(found),
        "mechanism": {
            "id": mechanism.id,
            "cause": printable(mechanism.cause),
            "effect": printable(mechanism.effect),
            "sign": mechanism.sign,
            "status": mechanism.status,
            "documents": list(mechanism.documents),
            "observables": {
                name: printable(evidence.observables[name].definition) for name in mechanism.observables
            },
            **_placed(mechanism.place),
        },
        "facts": [_cited(found, evidence.facts[name]) for name in mechanism.facts],
        "values": [_value(found, value) for value in found.resting_on(mechanism.facts)],
    }


def _head(found: Sourcing) -> dict[str, Any]:
    head = {"id": found.id, "title": printable(found.title), "hash": found.hash}
    return {**head, "as_of": found.as_of.isoformat()}


def _value(found: Sourcing, value: Value) -> dict[str, Any]:
    return {
        "path": _path(value),
        **_placed(value.place),
        "grade": value.known,
        "own": value.own,
        "facts": list(value.grade.cited),
        "reason": printable(value.grade.reason),
        "disagreement": value.disagreement,
        "review_by": value.review_by.isoformat() if value.review_by else None,
        "weak": found.weak(value),
        "stale": found.past(value.review_by),
        "decisions": list(value.decisions),
    }


def _cited(found: Sourcing, one: Fact | BaseRate) -> dict[str, Any]:
    return {
        "id": one.id,
        "documents": list(one.documents) if isinstance(one, Fact) else [],
        "says": printable(one.claim if isinstance(one, Fact) else one.what),
        **_placed(one.place),
        "review_by": one.review_by.isoformat() if one.review_by else None,
        "stale": found.past(one.review_by),
        "used_by": _paths(found.users.get(one.id, ())),
    }


def _placed(place: Place) -> dict[str, Any]:
    return {"file": printable(place.file), "line": place.line, "column": place.column}


def _paths(values: Iterable[Value]) -> list[str]:
    return [_path(value) for value in values]


def _path(value: Value) -> str:
    return ".".join(map(str, value.path))
