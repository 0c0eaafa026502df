"""Arms may order a decision whenever it is due, or in all turns, and may shut options of a policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.analysis.arms import due_turns
from sim.analysis.experiments import Answer, answer, prepare
from sim.compile.forbidding import forbidding
from sim.scenario.experiment import load_experiment
from sim.text import FoedusError
from tests.experiments.test_experiments import faults, written
from tests.worlds import played, shipped, world

# A quarterly choice of three, a rule by the month, and one by chance; two actors of one policy.
WORLD = """
foedus: 1
id: choosing
title: Choosing
clock: {start: 2030-01-01, turn: month, turns: 12}
actors:
  AAA: {name: A, policy: mind, attributes: {left: 0, right: 0, rung: 0}}
  BBB: {name: B, policy: mind, attributes: {left: 0, right: 0, rung: 0}}
policies:
  mind:
    rules:
      climb: {every: 2 months, effects: ["rung += 1"]}
      slip: {chance: {per: year, rate: 6}, effects: ["rung -= 1"]}
    choices:
      turn:
        every: quarter
        temperature: 1
        options:
          ahead: {utility: 0}
          left: {utility: 0, effects: "left += 1"}
          right: {utility: 0, effects: "right += 1"}
indicators:
  lefts: {value: "left[AAA]"}
  rights: {value: "right[AAA]"}
  elsewhere: {value: "left[BBB]"}
  height: {value: "rung[AAA]"}
outcomes: {up: {title: Up, happens: "rung[AAA] > 0", by: 2031-01-01}}
"""


def answered(folder: Path, arms: str) -> Answer:
    (folder / "world.yaml").write_text(WORLD, "utf-8")
    path = folder / "arms.yaml"
    path.write_text(f"experiment: a\ntitle: A\nscenario: world.yaml\nruns: 200\narms:\n{arms}", "utf-8")
    return answer(prepare(load_experiment(path)))


def means(found: Answer, arm: str) -> dict[str, float]:
    (one,) = (one for one in found.arms if one.id == arm)
    return {effect.id: effect.paired.arm for effect in one.indicators}


def test_an_order_may_be_for_all_turns_or_for_those_that_are_due(tmp_path: Path) -> None:
    """In a year a quarterly choice is due four times, and a rule of two months six times."""
    found = answered(
        tmp_path,
        """
  all: {orders: [{turns: all, actor: AAA, decision: turn, option: left}]}
  due: {orders: [{turns: due, actor: AAA, decision: turn, option: left}]}
  some: {orders: [{turns: [1, 4, 7, 10], actor: AAA, decision: turn, option: left}]}
  climb: {orders: [{turns: due, actor: AAA, decision: climb, option: refrain}]}
  slip: {orders: [{turns: all, actor: AAA, decision: slip, option: refrain}]}
""",
    )
    assert means(found, "all")["lefts"] == 12
    assert means(found, "due") == means(found, "some")
    assert means(found, "due")["lefts"] == 4
    assert means(found, "climb")["height"] < 0
    assert means(found, "slip")["height"] == 6


def test_a_shut_option_is_never_taken_and_another_actor_keeps_it(tmp_path: Path) -> None:
    found = answered(tmp_path, "  no_left: {forbid: [{actor: AAA, decision: turn, options: left}]}\n")
    (arm,) = found.arms
    effects = {effect.id: effect.paired for effect in arm.indicators}
    assert effects["lefts"].arm == 0 < effects["lefts"].base
    assert effects["rights"].difference > 0
    assert effects["elsewhere"].rises == effects["elsewhere"].falls == 0


def test_to_shut_an_option_is_to_give_it_a_condition_that_never_holds() -> None:
    """Bit for bit, in every run."""
    shut = forbidding(world(WORLD), [("AAA/turn", "left"), ("BBB/turn", "left"), ("AAA/slip", "do")])
    text = WORLD.replace("left: {utility: 0,", "left: {utility: 0, when: elapsed < 0,")
    slipping = text.replace("slip: {chance", "slip: {when: self != AAA, chance")
    assert played(shut, 50).hashes() == played(world(slipping), 50).hashes()


def test_to_shut_nothing_changes_nothing() -> None:
    program = world(WORLD)
    assert forbidding(program, []) is program


def test_every_decision_of_the_flagship_can_be_shut() -> None:
    """Those of treaties, bodies and crisis rounds too."""
    program = shipped("pyongyang-hanoi-2024")
    name = "RUS/vote/body=unsc,draft=panel_on"
    shut = forbidding(program, [(name, "against")])
    (option,) = (option for option in shut.decisions[name].options if option.id == "against")  # type: ignore[union-attr]
    assert option.gate == len(program.nodes)
    assert not shut.nodes[-1].value


def test_what_comes_up_by_chance_is_never_due() -> None:
    program = world(WORLD)
    assert due_turns(program.decisions["AAA/turn"]) == frozenset((1, 4, 7, 10))
    assert due_turns(program.decisions["AAA/slip"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders: [{turns: dues, actor: BEAR, decision: probe/x=HARE, option: do}]", "these are no turns"),
        ("orders: [{turns: [1, 0], actor: BEAR, decision: probe/x=HARE, option: do}]", "this is no turn"),
        ("forbid: [{actor: HARE, decision: answer, options: []}]", "empty"),
    ],
)
def test_an_order_or_a_ban_of_another_form_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    found = faults(tmp_path, f"arms: {{a: {{{text}}}}}")
    assert any(expected in line for line in found), found
    assert all(line.split(":")[1].isdigit() for line in found)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("[1, 99]", "an order for turn 99; expected a turn from 1 to 36"),
        ("BAER", "there is no actor 'BAER'; expected one of BEAR, HARE, LYNX, injects; did you mean 'BEAR'?"),
        ("prob/x=HARE", "BEAR has no decision 'prob/x=HARE'; .*; did you mean 'probe/x=HARE'?"),
        ("probe", "BEAR has no decision 'probe'; .*; did you mean 'probe/x=HARE'?"),
        ("refran", "BEAR/probe/x=HARE cannot be 'refran'; .*; did you mean 'refrain'?"),
        ("due", "BEAR/probe/x=HARE has no turns in which it is due; expected a list of turns, or all"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_at_the_part_that_is_wrong(
    tmp_path: Path, wrong: str, expected: str
) -> None:
    parts = {"turns": "[1, 2]", "actor": "BEAR", "decision": "probe/x=HARE", "option": "refrain"}
    part = {"[1, 99]": "turns", "due": "turns", "BAER": "actor", "refran": "option"}.get(wrong, "decision")
    order = ", ".join(f"{key}: {value}" for key, value in (parts | {part: wrong}).items())
    text = f"arms:\n  a:\n    orders: [{{{order}}}]"
    (found,) = faults(tmp_path, text)
    column = text.splitlines()[2].index(wrong) + 1 + (4 if wrong == "[1, 99]" else 0)
    assert re.fullmatch(rf"trial.yaml:8:{column}: {expected.replace('?', '[?]')}", found), found


@pytest.mark.parametrize(
    ("ban", "wrong", "expected"),
    [
        ("{actor: HAER, decision: answer, options: angrily}", "HAER", "did you mean 'HARE'"),
        ("{actor: HARE, decision: anser, options: angrily}", "anser", "did you mean 'answer'"),
        ("{actor: BEAR, decision: prob, options: do}", "prob", "did you mean 'probe/x=HARE'"),
        ("{actor: HARE, decision: answer, options: [protest, angrly]}", "angrly", "HARE/answer cannot be"),
        ("{actor: HARE, decision: answer, options: angrly}", "angrly", "HARE/answer cannot be 'angrly'"),
        ("{actor: BEAR, decision: probe/x=HARE, options: [do, refrain]}", "refrain", "is a rule, and has no"),
    ],
)
def test_what_is_wrong_with_a_ban_is_said_at_the_part_that_is_wrong(
    tmp_path: Path, ban: str, wrong: str, expected: str
) -> None:
    text = f"arms:\n  a:\n    forbid: [{ban}]"
    found = faults(tmp_path, text)
    column = text.splitlines()[2].index(wrong) + 1
    assert found[-1].startswith(f"trial.yaml:8:{column}: "), found
    assert expected in found[-1]


def test_all_that_is_wrong_in_an_arm_is_said_at_once(tmp_path: Path) -> None:
    text = """
arms:
  a:
    orders:
    - {turns: [1], actor: BEAR, decision: prob, option: do}
    - {turns: [1], actor: BAER, decision: prob, option: do}
    forbid: [{actor: HARE, decision: anser, options: do}]
"""
    assert [line.split(":")[1] for line in faults(tmp_path, text)] == ["10", "11", "12"]


def test_a_rule_that_is_shut_never_fires(tmp_path: Path) -> None:
    found = answered(tmp_path, "  no_slip: {forbid: [{actor: AAA, decision: slip, options: do}]}\n")
    assert means(found, "no_slip")["height"] == 6


def test_a_rule_that_counts_can_be_shut(tmp_path: Path) -> None:
    text = "arms: {a: {forbid: [{actor: BEAR, decision: probe/x=HARE, options: do}]}}"
    base, arm = prepare(load_experiment(written(tmp_path, text))).programs
    before, after = base.decisions["BEAR/probe/x=HARE"], arm.decisions["BEAR/probe/x=HARE"]
    assert before.gate != after.gate == len(base.nodes)


def test_an_experiment_with_words_for_turns_reads_as_one_with_numbers(tmp_path: Path) -> None:
    text = "arms: {a: {orders: [{turns: all, actor: BEAR, decision: probe/x=HARE, option: refrain}]}}"
    loaded = prepare(load_experiment(written(tmp_path, text)))
    assert [order.turn for order in loaded.orders[1]] == list(range(1, 37))
    with pytest.raises(FoedusError):
        load_experiment(written(tmp_path, text.replace("all", "[]")))
