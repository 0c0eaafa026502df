"""A small sanctions regime, for tests: two senders, a target, two third parties that comply or not."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hypothesis import strategies as st

from sim.compile import Program, compile_scenario
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.scenario import parse_scenario
from tests.worlds import text_of

SENDERS: Final = ("ALAND", "BLAND")
THIRD: Final = ("CLAND", "DLAND")
TARGET: Final = "TLAND"
STANCES: Final = ("comply", "defy", "evade")

WORLD: Final[dict[str, Any]] = {
    "foedus": 1,
    "id": "sanctioned",
    "title": "Sanctioned",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
    "actors": {
        **{
            actor: {"name": actor.capitalize(), "attributes": {"calm": {"initial": 0.5, "range": [0, 1]}}}
            for actor in (*SENDERS, *THIRD, TARGET)
        },
    },
    "world": {"attributes": {"watch": {"initial": 0.5, "range": [0, 1]}}},
    "relations": {
        "trade": {"default": 0, "pairs": {TARGET: {"ALAND": 0.1, "BLAND": 0.05, "CLAND": 0.5, "DLAND": 0.2}}}
    },
    "sanctions": {
        "ban": {
            "name": "The ban",
            "senders": list(SENDERS),
            "targets": TARGET,
            "third_parties": list(THIRD),
            "exposure": "trade[target, self]",
            "measures": {"trade": 0.6, "financial": 0.3},
            "porosity": 0.1,
            "evasion": 0.8,
            "monitor": "watch",
            "detection": {"per": "year", "rate": 2},
            "compliance": {
                "every": "month",
                "temperature": 0.1,
                "gain": 0.2,
                "penalty": 0.3,
                "defy": -1,
            },
        }
    },
}


def changed(changes: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """The world with parts replaced, by dotted path: `changed({"clock.turns": 3})`; None takes one away."""
    plain = copy.deepcopy(WORLD)
    for path, value in changes.items():
        at = plain
        *above, last = path.split(".")
        for key in above:
            at = at.setdefault(key, {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return plain


def compiled(changes: Mapping[str, Any] = MappingProxyType({}), without: tuple[str, ...] = ()) -> Program:
    """The world, compiled."""
    return compile_scenario(parse_scenario(text_of(changed(changes))), without)


def stance(party: str, option: str, turns: int = 12) -> list[Order]:
    """Orders that hold a third party to a stance."""
    return [Order(turn, party, "comply/regime=ban", option) for turn in range(1, turns + 1)]


NONE: Final[Mapping[str, Any]] = MappingProxyType({})
ALWAYS_EVADES: Final = {"sanctions.ban.compliance.gain": 10, "sanctions.ban.compliance.temperature": 0}
NOBODY_ELSE: Final = {
    "sanctions.ban.third_parties": None,
    "sanctions.ban.compliance": None,
    "sanctions.ban.detection": None,
}
"""Of a regime without third parties."""
DAY: Final = 1 / 365.25
SHARES: Final = st.floats(0, 1)


def played(
    changes: Mapping[str, Any] = NONE,
    turns: int = 1,
    runs: int = 1,
    *orders: Order,
    without: tuple[str, ...] = (),
) -> Model:
    """The world with some parts replaced, after some turns."""
    return Model(compiled(changes, without), runs=runs, seed=7, orders=orders).play(turns)


def one(model: Model, row: str) -> float:
    """A variable's value in the first run."""
    return float(model[row][0])
