"""Crises: rounds of some days inside a turn, only where somebody is in crisis."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from sim.compile import Program
from sim.engine.model import Model
from tests.domain.promised import compiled

CRISIS: dict[str, Any] = {
    "commitments": None,
    "escalation": {"disputes": {"ALAND": {"BLAND": "display"}}},
    "actions": {
        "strike": {"to": "one actor", "hostility": "force"},
        "invade": {"to": "one actor", "hostility": "war"},
        "truce": {"to": "one actor", "settles": True},
    },
    "policies": {
        "attacking": {
            "rules": {
                "escalate": {
                    "crisis": "BLAND",
                    "when": "disputing(self, BLAND) and hostility(self, BLAND) < 4",
                    "chance": {"per": "month", "rate": 0.8},
                    "do": [{"strike": "BLAND"}],
                },
                "war": {
                    "crisis": "BLAND",
                    "when": "hostility(BLAND, self) >= 4",
                    "chance": {"per": "month", "rate": 0.5},
                    "do": [{"invade": "BLAND"}],
                },
                "settle": {
                    "crisis": "BLAND",
                    "when": "disputing(self, BLAND)",
                    "chance": {"per": "month", "rate": 1},
                    "do": [{"truce": "BLAND"}],
                },
            }
        },
        "replying": {
            "choices": {
                "reply": {
                    "crisis": "ALAND",
                    "every": "5 days",
                    "when": "disputing(ALAND, self)",
                    "temperature": 0.3,
                    "options": {
                        "wait": {"utility": 0.6},
                        "strike": {
                            "utility": 0.1,
                            "when": "hostility(ALAND, self) >= 4",
                            "do": [{"strike": "ALAND"}],
                        },
                        "truce": {"utility": 0.3, "do": [{"truce": "ALAND"}]},
                    },
                }
            }
        },
    },
    "actors.BLAND.policy": ["replying"],
}


def world(turn: str, turns: int, changes: Mapping[str, Any] = MappingProxyType({})) -> Program:
    clock = {"start": "2030-01-01", "turn": turn, "turns": turns}
    return compiled({**CRISIS, "clock": clock, **changes})


def levels(turn: str, turns: int, runs: int) -> list[np.ndarray[Any, Any]]:
    """Shares of the levels of hostility at the end, both ways."""
    model = Model(world(turn, turns), runs=runs, seed=4).play()
    rows = ("hostility[ALAND, BLAND]", "hostility[BLAND, ALAND]")
    return [np.array([(model[row] == level).mean() for level in range(1, 6)]) for row in rows]


def test_a_crisis_ends_alike_on_a_monthly_clock_and_on_one_of_five_days() -> None:
    runs = 20_000
    for monthly, fine in zip(levels("30 days", 4, runs), levels("5 days", 24, runs), strict=True):
        error = np.sqrt(np.maximum(monthly * (1 - monthly), 1e-5) * 2 / runs)
        assert (np.abs(monthly - fine) < 4 * error).all()
        assert monthly[0] < 0.95  # it does not simply end


def test_rounds_are_played_where_somebody_is_in_crisis_and_nowhere_else() -> None:
    calm = world("30 days", 3, {"escalation": {"round": "5 days"}})
    assert (Model(calm, runs=100, seed=1).play()["times[strike, ALAND, BLAND]"] == 0).all()
    chance = {
        "policies.attacking.rules.flare": {
            "chance": {"per": "month", "rate": 0.3},
            "do": [{"strike": "BLAND"}],
        }
    }
    mixed = world("30 days", 6, {"escalation": {"round": "5 days"}, **chance})
    together = Model(mixed, runs=200, seed=1).play()
    for run in (3, 77):
        assert Model(mixed, runs=[run], seed=1).play().state.hash(0) == together.state.hash(run)


def test_a_crisis_of_one_round_is_a_plain_turn() -> None:
    fine = world("5 days", 12)
    assert fine.crisis is not None
    assert set(fine.crisis.counts) == {1}
    assert not fine.crisis.later


@pytest.mark.parametrize(("days", "rounds"), [("10 days", 3), ("2 days", 15), ("30 days", 1)])
def test_a_turn_has_as_many_rounds_as_fit(days: str, rounds: int) -> None:
    found = world("30 days", 2, {"escalation.round": days}).crisis
    assert found is not None
    assert found.counts == (1, rounds, rounds)


def test_a_campaign_steps_once_a_turn_while_only_others_are_in_crisis() -> None:
    patrol = {
        "crisis": "DLAND",
        "count": {"per": "month", "mean": 1},
        "campaign": {"per": "month", "starts": 0.5, "ends": 0.5},
        "when": "elapsed < 0",
        "do": [{"strike": "DLAND"}],
    }
    aside = {
        "policies.patrolling": {"rules": {"patrol": patrol}},
        "actors.CLAND.policy": ["patrolling"],
    }
    calm = Model(world("month", 8, {**aside, "escalation": None}), runs=200, seed=3).play()
    tense = Model(world("month", 8, aside), runs=200, seed=3).play()
    assert tense["crisis[ALAND, BLAND]"].any()
    assert np.array_equal(calm["campaign[CLAND/patrol]"], tense["campaign[CLAND/patrol]"])


def test_nobody_is_asked_out_of_turn_because_others_are_in_crisis() -> None:
    only_at_first = "1 / (1 if elapsed == 0 else 0) > 0"
    rule = {"crisis": "DLAND", "every": "year", "when": only_at_first}
    choice = {
        "crisis": "DLAND",
        "every": "year",
        "when": only_at_first,
        "temperature": 0,
        "options": {"wait": {"utility": 0}, "strike": {"utility": -1, "do": [{"strike": "DLAND"}]}},
    }
    aside = {
        "policies.patrolling": {"rules": {"patrol": rule}, "choices": {"course": choice}},
        "actors.CLAND.policy": ["patrolling"],
    }
    model = Model(world("month", 3, aside), runs=50, seed=3).play()
    assert model["crisis[ALAND, BLAND]"].any()
    assert model["standing[CLAND/course]"].all()
