"""Alliances among many: some dozens who may all attack each other are played; too many are told why."""

from __future__ import annotations

from typing import Any

import pytest

from sim.compile import Program, compile_scenario
from sim.engine.model import Model
from sim.scenario import parse_scenario
from sim.text import FoedusError
from tests.worlds import text_of


def alliances(actors: int, pacts: int, **trigger: Any) -> dict[str, Any]:
    """Everyone may attack everyone; pacts of four, against anybody unless the trigger says otherwise."""
    ids = [f"A{number:02}" for number in range(actors)]
    article = {
        "trigger": {"armed_attack": trigger},
        "ladder": {"statement": 0.05, "full_force": 0.8},
        "honoured_from": "statement",
    }
    attack = {
        "for": {"other": "each other actor"},
        "chance": {"per": "year", "rate": 0.5},
        "do": [{"strike": "other"}],
    }
    return {
        "foedus": 1,
        "id": "many",
        "title": "Many",
        "clock": {"start": "2030-01-01", "turn": "month", "turns": 3},
        "actors": {actor: {"name": actor, "policy": "bold"} for actor in ids},
        "actions": {"strike": {"to": "one actor", "hostility": "force"}},
        "policies": {"bold": {"rules": {"attack": attack}}},
        "commitments": {
            f"pact_{number}": {
                "kind": "defence",
                "parties": [ids[(number * 4 + member) % actors] for member in range(4)],
                "signed": "2029-01-01",
                "articles": {"a": article},
            }
            for number in range(pacts)
        },
    }


def compiled(plain: dict[str, Any]) -> Program:
    return compile_scenario(parse_scenario(text_of(plain)))


def test_more_pairs_than_an_expression_is_deep_can_be_hostile() -> None:
    """22 actors are 462 pairs: whether anything hostile was done asks all of them."""
    program = compiled(alliances(22, 1))
    model = Model(program, runs=4, seed=1).play()
    called = [name for name in program.rows if name.startswith("calls[")]
    assert sum(model[name].sum() for name in called) > 0


def test_too_many_answers_are_told_with_what_narrows_them() -> None:
    plain = alliances(60, 15)
    with pytest.raises(FoedusError) as caught:
        compiled(plain)
    (found,) = caught.value.diagnostics
    assert found.message == "written out, this is more than can be played"
    assert all(word in found.expected for word in ("'on'", "'by'", "'obliged'", "100,000 numbers"))
    assert found.place is not None
    assert found.place.line > text_of(plain).splitlines().index("commitments:")


def test_who_names_the_adversary_may_have_as_many() -> None:
    compiled(alliances(60, 15, by=["A59"]))
