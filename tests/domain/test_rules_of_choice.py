"""Every rule of choice and of doctrines matters: without it the same world, on the same luck, is another."""

from __future__ import annotations

from typing import Any

import pytest

from sim.compile import compile_scenario
from sim.compile.domain import RULES
from sim.scenario import parse_scenario
from tests.worlds import played, text_of

OURS = sorted(rule for rule in RULES if rule[0] in "QD")

CHOICE: dict[str, Any] = {
    "every": "month",
    "temperature": 0.5,
    "when": "heat < 0.8",
    "initial": "wait",
    "status_quo": {"option": "standing", "bias": 0.4},
    "alone": "wait",
    "nests": {"hard": {"options": ["send", "strike"], "scale": 0.3}},
    "reference": {
        "shells": {"of": "shells", "half_life": "2 months", "weight": 0.4},
        "losses": {"of": "losses", "half_life": "1 year", "weight": -0.3},
    },
    "options": {
        "wait": {"utility": 0.5, "expects": {"shells": "shells"}},
        "send": {"utility": 0.9, "expects": {"shells": "shells - 2"}, "effects": ["shells -= 2"]},
        "strike": {
            "utility": 1.1,
            "expects": {"losses": "losses + 1"},
            "effects": ["losses += 1", "shells -= 3"],
        },
    },
}
OTHER: dict[str, Any] = {
    "temperature": 0.5,
    "options": {"yes": {"utility": 0, "effects": ["heat += 0.1"]}, "no": {"utility": 0}},
}
SCENARIO: dict[str, Any] = {
    "foedus": 1,
    "id": "rules",
    "title": "Rules",
    "clock": {"start": "2030-01-01", "turn": "month", "turns": 12},
    "parameters": {"p": {"distribution": {"uniform": [0, 1]}, "range": [0, 0.5]}},
    "actors": {
        "USA": {
            "name": "America",
            "attributes": {"heat": 0.2, "shells": 10, "losses": 0},
            "attention": {"budget": 1, "claims": {"home": {"weight": 0.4, "when": "heat < 0.5"}}},
            "policy": "watch",
        },
        "RUS": {
            "name": "Russia",
            "attributes": {"heat": {"initial": 0.1}},
            "policy": "idle",
            "doctrine": "bold",
            "doctrines": {
                "bold": {
                    "policy": "push",
                    "attributes": {"heat": "p"},
                    "parameters": {"p": {"distribution": {"uniform": [0.2, 1]}}},
                }
            },
        },
        "PRC": {
            "name": "China",
            "attributes": {"heat": 0.1},
            "policy": "idle",
            "doctrine": "calm",
            "doctrines": {"calm": {}, "loud": {"policy": ["idle", "speak"]}},
        },
    },
    "policies": {
        "watch": {
            "choices": {
                "taiwan": CHOICE | {"attention": 1},
                "gaza": OTHER | {"every": {"per": "month", "rate": 1}, "attention": 0.7},
            }
        },
        "idle": {"rules": {"cool": {"every": "month", "effects": ["heat -= 0.01"]}}},
        "push": {"rules": {"warm": {"every": "month", "effects": ["heat += 0.01"]}}},
        "speak": {
            "choices": {
                "talk": {
                    "every": "month",
                    "temperature": 1,
                    "initial": "quiet",
                    "options": {"quiet": {"utility": 0}, "loud": {"utility": 0}},
                }
            }
        },
    },
    "indicators": {"quiet": "1 if holds(PRC, talk, quiet) else 0"},
}


@pytest.mark.parametrize("rule", OURS)
def test_without_the_rule_the_world_goes_another_way(rule: str) -> None:
    scenario = parse_scenario(text_of(SCENARIO))
    with_it, without = compile_scenario(scenario), compile_scenario(scenario, without=[rule])
    assert with_it.hash != without.hash
    names = {variable.name for variable in with_it.variables} & {v.name for v in without.variables}
    states = [played(program, 200) for program in (with_it, without)]
    same = all(
        (states[0].values[with_it.rows[name]] == states[1].values[without.rows[name]]).all() for name in names
    )
    assert not (same and with_it.rows.keys() == without.rows.keys())


def test_there_are_rules_to_leave_out() -> None:
    assert len(OURS) == 20
