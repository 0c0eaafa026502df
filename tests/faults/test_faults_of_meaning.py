"""Scenarios that mean nothing, or not what was meant: each error at its place, with what was expected."""

# ruff: noqa: E501 - one broken scenario a line

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compile import compile_scenario
from sim.scenario import load_scenario, parse_scenario
from sim.text import FoedusError
from tests.worlds import played, world

SOUND = """foedus: 1
id: base
title: Base
clock: {start: 2024-01-01, turn: month, turns: 6}
parameters:
  p: {distribution: {uniform: [0, 1]}, range: [0, 1]}
actors:
  AAA: {name: A, attributes: {x: {initial: 0.5, range: [0, 1]}}, policy: q}
  BBB: {name: B, attributes: {y: 1}}
actions:
  press: {to: one actor, effects: ["x[self] += 0.1"]}
policies:
  q:
    rules:
      r: {when: x > 0.2, chance: {per: year, rate: 2}, do: [press: BBB]}
"""


def faults(text: str) -> list[str]:
    """What is wrong with a scenario, `line:column: message` each."""
    with pytest.raises(FoedusError) as caught:
        compile_scenario(parse_scenario(text, "s.yaml"))
    return [str(found).removeprefix("s.yaml:") for found in caught.value.diagnostics]


def test_the_sound_scenario_is_sound() -> None:
    compile_scenario(parse_scenario(SOUND))


CASES = {
    "unknown key": ("chance:", "chanse:", "15:26: unknown key 'chanse'", "did you mean 'chance'?"),
    "unknown name": ("when: x > 0.2", "when: z > 0.2", "15:17: unknown name 'z'", "expected"),
    "number as condition": ("when: x > 0.2", "when: x + 0.2", "15:17: a number stands where a condition must", "such as x > 0"),
    "wrong type": ("turns: 6", "turns: six", "4:48: 'turns' is the text 'six'", "a whole number"),
    "out of range": ("initial: 0.5", "initial: 5", "8:44: 5 is out of range", "a value from 0 to 1"),
    "duplicate key": ("title: Base", "title: Base\ntitle: Two", "4:1: key 'title' is written twice", "3:1"),
    "missing key": ("id: base\n", "", "1:1: key 'id' is missing", "expected"),
    "missing file": ("clock: {", "extends: nowhere.yaml\nclock: {", "4:10: 'nowhere.yaml'", "expected a file"),
    "no such policy": ("policy: q}", "policy: qq}", "8:74: there is no policy 'qq'", "'q'"),
    "no such action": ("press: BBB", "pres: BBB", "15:61: there is no action 'pres'", "did you mean 'press'?"),
    "no such actor": ("press: BBB", "press: BBC", "15:68: there is no actor 'BBC'", "did you mean 'BBB'?"),
    "no target": ("do: [press: BBB]", "do: [press]", "15:61: 'press' needs a target", "press: ACTOR"),
    "itself": ("do: [press: BBB]", "do: [press: AAA]", "15:68: AAA does 'press' to itself", "another actor"),
    "an attribute it lacks": ("x[self] += 0.1", "x[self] += y[AAA]", "11:48: AAA has no 'y'", "BBB"),
    "half an expression": ("rate: 2", "rate: 2 +", "15:55: a value is missing after '+'", "expected"),
    "a million characters": ("rate: 2", "rate: " + "1+" * 500_000 + "1", "15:52: the expression has 1,000,001 characters", "at most 4,000"),
    "an infinite number": ("rate: 2}", "rate: .inf}", "15:52: this number is not finite", "1.8e308"),
    "Python": ("rate: 2}", "rate: __import__('os')}", "15:52: there is no function '__import__'", "one of abs"),
    "a dot": ("when: x > 0.2", "when: x.real > 0.2", "15:18: names have no parts here", "a plain name"),
    "no effect": ("x[self] += 0.1", "x[self] *= 0.1", "11:45: *= is not an effect", "+=, -= or ="),
    "upside down": ("uniform: [0, 1]", "uniform: [1, 0]", "6:22: 1, 0 cannot be the arguments of uniform", "low <= high"),
    "no such day": ("2024-01-01", "2024-02-30", "4:16: '2024-02-30' is not a date", "year-month-day"),
    "another version": ("foedus: 1", "foedus: 2", "1:9: 'foedus' is the number '2'", "1, the version of the format"),
    "no id for an actor": ("  AAA: {", "  aaa: {", "8:3: 'aaa' cannot be an id here", "did you mean 'AAA'?"),
    "two paces": ("chance: {per: year, rate: 2}", "chance: {per: year, rate: 2}, count: {per: year, mean: 1}", "15:56: a rule has one pace", "one of chance, count and every"),
    "too fast a cadence": ("chance: {per: year, rate: 2}", "every: week", "15:33: a turn is longer than this", "month or longer"),
    "no such fact": ("do: [press: BBB]", "do: [press: BBB], informed: nothing-like-it", "15:84: the ledgers have no fact 'nothing-like-it'", "evidence: FOLDER"),
    "a circle of definitions": ("policies:", "definitions:\n  a: b + 1\n  b: a + 1\npolicies:", "14:6: definitions need each other: a -> b -> a", "an end to the circle"),
    "a date not played": ("policies:", "injects:\n  i: {at: 2023-01-01, effects: ['x[AAA] += 1']}\npolicies:", "13:11: 2023-01-01 is not played", "2024-07-01"),
    "an outcome too late": ("policies:", "outcomes:\n  o: {title: O, happens: 'x[AAA] > 0', by: 2030-01-01}\npolicies:", "13:44: 2030-01-01 is not played", "2024-07-01"),
    "one name for two": ("policies:", "relations:\n  x: {default: 0}\npolicies:", "13:3: 'x' is already an attribute", "another name"),
    "whose": ("policies:", "indicators:\n  i: x\npolicies:", "13:6: whose 'x' is meant is not clear", "x[AAA]"),
    "two movements": ("policies:", "dynamics:\n  d: {of: 'x[AAA]', towards: 0, half_life: 1 year}\n  e: {of: 'x[AAA]', noise: 0.1}\npolicies:", "14:3: x[AAA] moves already, at s.yaml:13:3", "one entry"),
    "two sets": ("do: [press: BBB]}", "effects: ['x = 0.1']}\n      s: {every: month, effects: ['x = 0.2']}", "16:36: x[AAA] is set at s.yaml:15:67 too", "a priority"),
    "one luck for two": ("do: [press: BBB]}", "luck_key: k}\n      s: {chance: {per: year, rate: 1}, luck_key: k}", "16:7: the luck key 'AAA/k//fires' is taken, at s.yaml:15:7", "luck_keys, that differ"),
    "the world acts": ("policies:", "world:\n  rules:\n    w: {every: month, do: [press: BBB]}\npolicies:", "14:", "effects"),
    "a sentence left open": ("do: [press: BBB]", "do: [press: BBB], says: '{self} waits for {target'", "15:", "brace"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_where_it_is(case: str) -> None:
    old, new, start, expected = CASES[case]
    assert old in SOUND
    found = faults(SOUND.replace(old, new))
    matching = [fault for fault in found if start in fault and expected in fault]
    assert matching, found


def test_all_errors_of_a_file_come_together() -> None:
    broken = SOUND
    for old, new in (
        ("initial: 0.5", "initial: 5"),
        ("x > 0.2", "z > 0.2"),
        ("press: BBB", "press: BBC"),
        ("x[self] += 0.1", "x[self] += y[AAA]"),
    ):
        broken = broken.replace(old, new)
    assert [fault.split(":")[0] for fault in faults(broken)] == ["8", "11", "15", "15"]


def test_extends_in_a_circle_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("extends: two.yaml\n" + SOUND)
    (tmp_path / "two.yaml").write_text("extends: one.yaml\n")
    with pytest.raises(
        FoedusError, match=r"two.yaml:1:10: files extend each other in a circle: one.yaml -> two.yaml -> one"
    ):
        load_scenario(tmp_path / "one.yaml")


def test_errors_of_every_extended_file_come_together(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("relations:\n  bond: {default: zz}\n")
    (tmp_path / "main.yaml").write_text("extends: part.yaml\n" + SOUND.replace("x > 0.2", "zz > 0.2"))
    with pytest.raises(FoedusError) as caught:
        compile_scenario(load_scenario(tmp_path / "main.yaml"))
    assert [
        place.file.rsplit("/", 1)[-1] for found in caught.value.diagnostics if (place := found.place)
    ] == ["main.yaml", "part.yaml"]


def test_null_takes_away_what_was_inherited(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(SOUND)
    (tmp_path / "main.yaml").write_text("extends: part.yaml\npolicies: {q: {rules: {r: null}}}\n")
    assert load_scenario(tmp_path / "main.yaml").model.policies["q"].rules == {}


def test_norway_is_an_actor() -> None:
    program = compile_scenario(parse_scenario(SOUND.replace("BBB", "NO")))
    assert "NO" in program.names


@pytest.mark.parametrize("rate", ["9**9**9**9", "10.0**400", "exp(1000)"])
def test_huge_powers_are_numbers_that_are_not_finite_when_asked_for(rate: str) -> None:
    with pytest.raises(
        FoedusError, match=r"15:7: a value is not finite in AAA/r: run 0, turn 1 \(Jan 2024\)"
    ):
        played(world(SOUND.replace("rate: 2", f"rate: '{rate}'")), 2)
