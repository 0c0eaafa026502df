"""How what is wrong with the form of a scenario is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from sim.scenario.layout import FORMAT
from sim.text import Diagnostic, Node
from sim.text.faults import MAX_FAULTS, Shape, told

__all__ = ["MAX_FAULTS", "diagnostics"]

_EXAMPLES: Final = {
    "foedus": "foedus: 1",
    "id": "id: NAME-OF-THE-SCENARIO",
    "title": "title: TEXT",
    "name": "name: TEXT",
    "clock": "clock: {start: 2024-07-01, turn: month, turns: 24}",
    "start": "start: 2024-07-01",
    "turn": "turn: month",
    "turns": "turns: 24",
    "actors": "actors: {PRK: {name: North Korea}}",
    "per": "per: year",
    "rate": "rate: NUMBER",
    "mean": "mean: NUMBER",
    "starts": "starts: NUMBER",
    "ends": "ends: NUMBER",
    "initial": "initial: NUMBER",
    "value": "value: EXPRESSION",
    "utility": "utility: EXPRESSION",
    "bias": "bias: NUMBER",
    "members": "members: [CHN, FRA]",
    "sponsor": "sponsor: USA",
    "body": "body: ID",
    "senders": "senders: [USA, JPN]",
    "targets": "targets: PRK",
    "exposure": "exposure: trade_share[target, self]",
    "measures": "measures: {trade: 0.5}",
    "severity": "severity: NUMBER",
    "gain": "gain: UTILITY",
    "impose": "impose: UTILITY",
    "penalise": "penalise: UTILITY",
    "cost": "cost: UTILITY",
    "half_life": "half_life: 1 year",
    "ceiling": "ceiling: NUMBER",
    "towards": "towards: NUMBER",
    "option": "option: ID",
    "every": "every: quarter",
    "temperature": "temperature: NUMBER",
    "options": "options: {ID: {utility: EXPRESSION}}",
    "of": "of: VARIABLE",
    "at": "at: 2024-07-01",
    "item": "item: ID",
    "stock": "stock: NUMBER",
    "from": "from: ACTOR",
    "to": "to: ACTOR",
    "unit": "unit: TEXT, such as rounds",
    "price": "price: NUMBER",
    "share": "share: NUMBER",
    "matters": "matters: {ID: {signal: EXPRESSION}}",
    "signal": "signal: EXPRESSION",
    "thresholds": "thresholds: {shape: normal, mean: NUMBER, spread: NUMBER}",
    "shape": "shape: normal",
    "spread": "spread: NUMBER",
    "effect": "effect: VARIABLE += EXPRESSION",
    "if": "if: CONDITION",
    "then": "then: CONDITION",
    "within": "within: 6 months",
    "credibility": "credibility: {mean: NUMBER, spread: NUMBER, noise: NUMBER}",
}
_NO_GRADE: Final = "grades on values, rules and choices alone; what is only asked or named may have a note"
_SCENARIO: Final = Shape(
    FORMAT,
    whole="the file",
    examples=_EXAMPLES,
    wanted={
        "finite_number": "a finite number, or no such key",
        "tuple_type": "one item, or a list of them",
    },
    words={"foedus": "1, the version of the format"},
    misplaced=dict.fromkeys(("measured", "informed", "assumed"), _NO_GRADE)
    | {"doctrines": "doctrines under their actor: actors: {PRK: {doctrines: {ID: {policy: ID}}}}"},
    many="a file of the scenario format",
)


def diagnostics(error: ValidationError, root: Node) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is wrong, up to `MAX_FAULTS`."""
    yield from told(error, root, _SCENARIO)
