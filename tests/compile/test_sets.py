"""One variable is set by one decision in a stage, or it is said which of them wins."""

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.text import FoedusError
from tests.worlds import world

HEAD = """
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 4}
actors:
  AAA: {name: A, attributes: {x: 1}, policy: mind}
  BBB: {name: B, attributes: {x: 1}, policy: mind}
"""


def rules(*effects: str, more: str = "") -> Program:
    lines = "".join(
        f"      r{index}: {{once: true, effects: {effect}}}\n" for index, effect in enumerate(effects)
    )
    return world(HEAD + more + f"policies:\n  mind:\n    rules:\n{lines}")


def choice(**options: str) -> Program:
    lines = "".join(
        f"          {name}: {{utility: 0, effects: {effects}}}\n" for name, effects in options.items()
    )
    return world(
        HEAD
        + "policies:\n  mind:\n    choices:\n      go:\n        every: month\n        temperature: 1\n"
        + f"        options:\n{lines}"
    )


def first(value: str, priority: int) -> str:
    return f"{{effect: {value}, priority: {priority}}}"


@pytest.mark.parametrize(
    "effects",
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1"),
        ("'x[AAA] = 1'",),
        ("[x = 1, x = 2]",),
        (first("x = 1", 3), first("x = 2", 3)),
        ("x = 1", first("x = 2", 0)),
    ],
)
def test_sets_of_equal_priority_clash(effects: tuple[str, ...]) -> None:
    with pytest.raises(FoedusError) as caught:
        rules(*effects)
    assert all(found.code == "two-sets" for found in caught.value.diagnostics)


@pytest.mark.parametrize(
    "effects",
    [
        ("x = 1", "x += 2", "x -= 3", "x += 2"),
        ("x = 1", first("x = 2", 1), first("x = 2", -1)),
        (f"[{first('x = 1', 1)}, x = 2]",),
    ],
)
def test_additions_never_clash_and_priorities_settle_sets(effects: tuple[str, ...]) -> None:
    assert len(rules(*effects).rules) == 2 * len(effects)


def test_a_clash_names_both_decisions_and_both_places() -> None:
    with pytest.raises(FoedusError) as caught:
        rules("x = 1", "'x[AAA] = 2'")
    messages = [
        found.message.replace(str(found.place).rpartition("/")[0], "") for found in caught.value.diagnostics
    ]
    assert messages == ["x[AAA] is set by AAA/r1 and by AAA/r0, at /written-in-a-test.yaml:12:33"]


def test_options_of_one_choice_exclude_each_other() -> None:
    assert choice(a="x = 1", b="x = 2").choices
    assert choice(a=f"[{first('x = 1', 1)}, x = 2]", b="x = 3").choices
    with pytest.raises(FoedusError, match="is set twice by AAA/go"):
        choice(a="[x = 1, x = 2]", b="x = 3")


def test_an_action_done_twice_sets_twice() -> None:
    with pytest.raises(FoedusError, match=r"x\[AAA\] is set twice by AAA/r0;"):
        world(
            HEAD
            + "actions: {go: {effects: x = 1}}\n"
            + "policies: {mind: {rules: {r0: {once: true, do: [go, go]}}}}\n"
        )


def test_events_and_decisions_belong_to_stages_of_their_own() -> None:
    storm = "world: {rules: {storm: {once: true, effects: 'x[AAA] = 0'}}}\n"
    assert rules("x = 1", more=storm).events
    with pytest.raises(FoedusError, match="is set by world/storm and by injects/vote"):
        rules("x += 1", more="injects: {vote: {at: 2030-02-01, effects: 'x[AAA] = 1'}}\n" + storm)
