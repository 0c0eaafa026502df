"""Small worlds of promises, for tests: three neighbours, one of whom attacks."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sim.compile import Program, compile_scenario
from sim.scenario import parse_scenario
from tests.worlds import text_of

WORLD: dict[str, Any] = {
    "foedus": 1,
    "id": "promised",
    "title": "Promised",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
    "actors": {
        "ALAND": {"name": "Aland", "policy": ["attacking"]},
        "BLAND": {"name": "Bland"},
        "CLAND": {"name": "Cland"},
        "DLAND": {"name": "Dland"},
    },
    "actions": {"strike": {"to": "one actor", "hostility": "force"}},
    "policies": {
        "attacking": {
            "rules": {"attack": {"once": True, "when": "elapsed > 0.1", "do": [{"strike": "BLAND"}]}}
        }
    },
    "commitments": {
        "pact": {
            "kind": "defence",
            "parties": ["BLAND", "CLAND"],
            "signed": "2029-01-01",
            "articles": {
                "article_1": {
                    "trigger": {"armed_attack": {}},
                    "ladder": {"statement": 0.05, "materiel": 0.3, "full_force": 0.8},
                    "honoured_from": "materiel",
                    "reliability": 0.6,
                }
            },
        }
    },
}


def changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The world with some parts replaced, by dotted path: `changed({"clock.turns": 3})`."""
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
