"""What does not matter changes nothing: the order of the file, strangers, edits that say the same."""

from __future__ import annotations

import copy
import random
from typing import Any

import numpy as np

from sim.compile import Program
from sim.scenario import load_scenario
from tests.worlds import FLAGSHIP, SCENARIOS, played, row, shipped, text_of, world

STRANGER = {
    "name": "A stranger",
    "attributes": {"strangeness": {"initial": 0.5, "range": [0, 1]}},
    "policy": "strange",
}
STRANGE_POLICY = {
    "rules": {
        "muse": {"chance": {"per": "month", "rate": 0.5}, "effects": ["strangeness += 0.1"]},
        "count_stars": {"count": {"per": "month", "mean": 3}, "effects": ["strangeness -= 0.01"]},
    },
    "choices": {
        "mood": {
            "every": "month",
            "temperature": 0.5,
            "options": {"calm": {"utility": 0}, "wild": {"utility": "strangeness"}},
        }
    },
}


def _plain(name: str) -> dict[str, Any]:
    return copy.deepcopy(load_scenario(SCENARIOS / f"{name}.yaml").plain)


def _shuffled(value: Any, chance: random.Random, key: str = "") -> Any:
    if isinstance(value, dict):
        keys = list(value)
        if key != "ladder":  # the language wants its rungs from the lowest, so that it reads as it is climbed
            chance.shuffle(keys)
        return {key: _shuffled(value[key], chance, key) for key in keys}
    if isinstance(value, list) and key in ("effects", "do", "tags", "policy"):
        items = [_shuffled(item, chance) for item in value]
        chance.shuffle(items)
        return items
    return value


def test_permuting_the_file_changes_nothing() -> None:
    plain = _plain(FLAGSHIP)
    expected = played(world(text_of(plain)), 32).hashes()
    for seed in range(3):
        program = world(text_of(_shuffled(plain, random.Random(seed))))
        assert played(program, 32).hashes() == expected


def test_the_programs_of_a_permuted_file_are_equal() -> None:
    plain = _plain(FLAGSHIP)
    first, second = (world(text) for text in (plain, _shuffled(plain, random.Random(4))))
    assert [variable.name for variable in first.variables] == [variable.name for variable in second.variables]
    assert {draw.key for draw in first.draws} == {draw.key for draw in second.draws}


def test_the_hash_of_a_scenario_does_not_see_the_order_of_its_keys() -> None:
    plain = _plain(FLAGSHIP)
    reordered = {key: plain[key] for key in reversed(plain)}
    reordered["policies"] = dict(reversed(plain["policies"].items()))
    assert world(reordered).hash == world(plain).hash
    changed = {**plain, "title": "Another"}
    assert world(changed).hash != world(plain).hash


def _same_where_shared(one: Program, other: Program, runs: int = 64) -> None:
    first, second = played(one, runs), played(other, runs)
    shared = [variable.name for variable in one.variables if variable.name in other.rows]
    assert len(shared) == len(one.variables)
    rows_one, rows_other = ([program.rows[name] for name in shared] for program in (one, other))
    np.testing.assert_array_equal(first.values[rows_one] + 0.0, second.values[rows_other] + 0.0)


def test_a_stranger_with_rules_changes_no_draw_and_no_value() -> None:
    plain = _plain(FLAGSHIP)
    before = world(text_of(plain))
    plain["actors"]["ZZZ_STRANGER"] = STRANGER
    plain["actors"]["AAA_STRANGER"] = STRANGER
    plain["policies"]["strange"] = STRANGE_POLICY
    # Sums over all actors would rightly count them in: they have no relation to anyone that matters here.
    after = world(text_of(plain))
    assert {draw.key for draw in before.draws} < {draw.key for draw in after.draws}
    _same_where_shared(before, after)


def test_an_edit_that_says_the_same_changes_nothing() -> None:
    plain = _plain(FLAGSHIP)
    before = played(world(text_of(plain)), 32).hashes()
    plain["note"] = "read again"
    plain["title"] = "Another title"
    plain["relations"] = dict(reversed(plain["relations"].items()))
    text = text_of(plain).rstrip() + "\n\n# a comment\n"
    assert played(world(text), 32).hashes() == before


CHOICE = {
    "foedus": 1,
    "id": "options",
    "title": "Options",
    "clock": {"start": "2024-01-01", "turn": "month", "turns": 12},
    "actors": {"AAA": {"name": "A", "policy": "p"}},
    "policies": {
        "p": {
            "choices": {
                "act": {
                    "every": "month",
                    "temperature": 0.7,
                    "options": {"left": {"utility": 0.2}, "right": {"utility": 0}, "stay": {"utility": 0.4}},
                }
            }
        }
    },
}


def test_adding_an_option_moves_no_run_between_two_old_ones() -> None:
    wider = copy.deepcopy(CHOICE)
    options: Any = wider["policies"]
    options["p"]["choices"]["act"]["options"]["middle"] = {"utility": 0.3}
    old, new = world(text_of(CHOICE)), world(text_of(wider))
    moved = 0
    for turns in range(1, 13):
        before = row(old, played(old, 512, turns=turns), "chosen[AAA/act]")
        after = row(new, played(new, 512, turns=turns), "chosen[AAA/act]")
        names_old, names_new = ["", "left", "right", "stay"], ["", "left", "middle", "right", "stay"]
        for a, b in zip(before, after, strict=True):
            chosen_before, chosen_after = names_old[int(a)], names_new[int(b)]
            assert chosen_after in (chosen_before, "middle")
            moved += chosen_after == "middle"
    assert moved > 0


def test_a_luck_key_keeps_luck_through_a_rename() -> None:
    rule = {"chance": {"per": "year", "rate": 2}, "effects": ["x += 1"]}
    base = {
        "foedus": 1,
        "id": "rename",
        "title": "Rename",
        "clock": {"start": "2024-01-01", "turn": "month", "turns": 12},
        "actors": {"AAA": {"name": "A", "attributes": {"x": 0}, "policy": "p"}},
    }
    old = world(text_of({**base, "policies": {"p": {"rules": {"old": rule}}}}))
    renamed = world(text_of({**base, "policies": {"p": {"rules": {"new": rule}}}}))
    kept = world(text_of({**base, "policies": {"p": {"rules": {"new": {**rule, "luck_key": "old"}}}}}))
    totals = [row(program, played(program, 400), "x[AAA]") for program in (old, renamed, kept)]
    assert (totals[0] == totals[2]).all()
    assert (totals[0] != totals[1]).any()


def test_shipped_scenarios_have_no_two_draws_with_one_key() -> None:
    keys = [draw.key for draw in shipped(FLAGSHIP).draws]
    assert len(set(keys)) == len(keys)
