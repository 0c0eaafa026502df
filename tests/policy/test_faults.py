"""What is said of a policy in Python that fails, answers what cannot be meant, or breaks its promise."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.model import Model
from sim.engine.policy import Answer, Chosen, Fires, Policy, Rate, Utilities
from sim.engine.policy_check import check_policies
from sim.engine.view import View
from sim.text import FoedusError
from tests.policy.policies import Dice, Follower, Keen, Same, actors_decisions
from tests.policy.worlds import border, hashes
from tests.worlds import shipped, world

RUNS = 7


def failing(decide: Callable[[View], Any], runs: Any = RUNS, turns: int = 9, code: str = "policy") -> str:
    """What is said when a policy that decides so is played."""

    class Bad(Policy):
        id = "bad"

        def decide(self, view: View) -> Answer:
            answer: Answer = decide(view)
            return answer

    Bad.takes = ("WEST/answer",)
    model = Model(border(), runs, seed=1, policies=[Bad])
    with pytest.raises(FoedusError) as caught:
        model.play(turns)
    (found,) = caught.value.diagnostics
    assert found.code == code
    with pytest.raises(FoedusError):  # the turn is half played
        model.play()
    return str(found)


# Failing


def nested(view: View) -> Chosen:
    if view.turn == 4:
        np.linalg.inv(np.zeros((2, 2)))
    return Chosen("calm")


def test_what_a_policy_raises_is_told_with_its_innermost_line_and_the_turn() -> None:
    said = failing(nested)
    lines = Path(__file__).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "np.linalg.inv" in text)
    assert said.startswith(f"tests/policy/test_faults.py:{line}:9: policy bad (")
    assert "deciding WEST/answer in turn 4 (Apr 2030): raised LinAlgError: Singular matrix" in said


@pytest.mark.parametrize(
    "error", [SystemExit(3), RecursionError("deep"), AssertionError(), OSError(2, "gone")]
)
def test_so_is_whatever_else_it_raises(error: BaseException) -> None:
    def fail(_: View) -> Chosen:
        raise error

    assert f"raised {type(error).__name__}" in failing(fail)


def test_an_interrupt_is_nobodys_fault() -> None:
    class Slow(Policy):
        id = "slow"
        takes = ("WEST/answer",)

        def decide(self, view: View) -> Answer:  # noqa: ARG002 - as it stands
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Model(border(), 2, policies=[Slow]).play(1)


def test_so_is_a_finding_that_is_not_about_the_scenario() -> None:
    def fail(_: View) -> Chosen:
        raise FoedusError.at(None, "no table for this", "one", code="table")

    assert "deciding WEST/answer in turn 1 (Jan 2030): no table for this; expected one" in failing(
        fail, code="table"
    )


def test_a_message_cannot_write_on_the_terminal() -> None:
    def fail(_: View) -> Chosen:
        raise ValueError("\x1b[2Jgone\nand gone")

    said = failing(fail)
    assert "\x1b" not in said
    assert "\n" not in said


# Answering


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "answers with nothing; expected Utilities or Chosen, for WEST/answer is a choice"),
        (np.zeros((3, RUNS)), "answers with 'ndarray'; expected Utilities or Chosen"),
        (Rate(1.0), "answers with Rate; expected Utilities or Chosen"),
        (Utilities(np.zeros(RUNS)), "have the shape (7,); expected the shape (options, runs), here (3, 7)"),
        (Utilities(np.zeros((RUNS, 3))), "have the shape (7, 3); expected the shape (options, runs)"),
        (Utilities(1.0), "the utilities have the shape ()"),
        (Utilities([[1.0], [2.0, 3.0]]), "the utilities have no shape"),
        (Utilities(np.full((3, RUNS), 1j)), "the utilities are of the type complex128; expected numbers"),
        (Utilities(np.full((3, RUNS), "high")), "the utilities are of the type <U4; expected numbers"),
        (Utilities(np.full((3, RUNS), np.nan)), "the utility of 'calm' is not finite in run 0"),
        (Utilities(np.full((3, RUNS), np.inf)), "the utility of 'calm' is not finite in run 0"),
        (Chosen(np.zeros(RUNS - 1, dtype=int)), "have the shape (6,); expected the shape (runs,), here (7,)"),
        (Chosen(np.zeros((2, RUNS), dtype=int)), "the chosen options have the shape (2, 7)"),
        (Chosen(np.zeros(RUNS)), "are of the type float64; expected option ids, or their places"),
        (Chosen(np.zeros(RUNS, dtype=bool)), "the chosen options are of the type bool"),
        (Chosen(np.arange(RUNS)), "the option at place 3 in run 3; expected a place from 0 to 2"),
        (Chosen(-2), "chooses the option at place -2 in run 0"),
        (Chosen("frim"), "one of calm, firm, flee, or '' for none; did you mean 'firm'?"),
        (Chosen(["calm"] * 6 + ["cal"]), "chooses 'cal'"),
        (Chosen("flee"), "chooses 'flee' in run 0, where it is not available; expected one of calm, firm"),
    ],
)
def test_an_answer_about_a_choice_must_be_one(answer: object, told: str) -> None:
    assert told in failing(lambda _: answer)


@pytest.mark.parametrize(
    ("takes", "answer", "told"),
    [
        ("EAST/strike", None, "answers with nothing; expected Rate or Fires, for EAST/strike is a rule"),
        ("EAST/strike", Chosen(0), "answers with Chosen; expected Rate or Fires"),
        ("EAST/boast", None, "answers with nothing; expected Fires, for EAST/boast is a rule"),
        (
            "EAST/boast",
            Rate(1.0),
            "answers with Rate; expected Fires, for EAST/boast is a rule of the kind cadence",
        ),
        (
            "EAST/strike",
            Rate(np.zeros(3)),
            "(3,); expected the shape (runs,), here (7,), or one for all runs",
        ),
        ("EAST/strike", Rate(np.nan), "the rate is not finite in run 0"),
        ("EAST/strike", Rate("often"), "the rates are of the type <U5; expected numbers"),
        ("EAST/strike", Fires(1), "says how often it fires in the type int64; expected truth values"),
        ("EAST/strike", Fires(np.ones(3, dtype=bool)), "what fires have the shape (3,)"),
        ("EAST/fire", Fires(1.5), "the type float64; expected whole numbers, for a count"),
        ("EAST/fire", Fires(-1), "fires -1 times in run 0; expected from 0 to"),
        ("EAST/fire", Rate(1e9), "more than 500 are expected in a turn in EAST/fire: run 0"),
    ],
)
def test_an_answer_about_a_rule_must_be_one(takes: str, answer: object, told: str) -> None:
    class Bad(Policy):
        id = "bad"

        def decide(self, view: View) -> Answer:  # noqa: ARG002 - as it says
            return answer  # type: ignore[return-value]

    Bad.takes = (takes,)
    with pytest.raises(FoedusError) as caught:
        Model(border(), RUNS, seed=1, policies=[Bad]).play(4)
    assert told in str(caught.value)


def test_runs_are_named_by_their_numbers() -> None:
    def partly(view: View) -> Utilities:
        table = np.zeros((3, view.size))
        table[1, 1:] = np.nan
        return Utilities(table)

    assert "in run 40" in failing(partly, runs=[70, 90, 40])


def test_what_is_answered_where_nobody_asks_does_not_matter() -> None:
    """Where an option is not available or a gate is closed, anything may be said."""

    class Careless(Policy):
        id = "careless"
        takes = ("WEST/answer", "WEST/speak", "EAST/fire", "EAST/first_blood")

        def decide(self, view: View) -> Answer:
            nothing = np.where(view.asked, 1.0, np.nan)
            if view.kind != "choice":
                return Fires(view.asked) if view.kind == "once" else Rate(nothing)
            if view.decision == "speak":
                return Chosen(np.where(view.asked, 0, 99))
            return Utilities(np.where(view.available, 1.0, np.nan))

    assert len(hashes(border(), Careless())) == 64


def test_a_fault_of_the_scenario_stays_the_scenarios() -> None:
    text = """
foedus: 1
id: broken
title: Broken
clock: {start: 2030-01-01, turn: month, turns: 4}
actors: {A: {name: A, policy: p, attributes: {x: 0}}, B: {name: B}}
policies:
  p: {choices: {c: {every: month, temperature: 1, options: {one: {utility: 1/x}, two: {utility: 0}}}}}
"""
    program = world(text)
    with pytest.raises(FoedusError) as caught:
        Model(program, 3, policies=[Same(("A/c",))]).play()
    with pytest.raises(FoedusError) as written:
        Model(program, 3).play()
    assert str(caught.value) == str(written.value)
    assert "division by zero in A/c" in str(written.value)
    # A policy that does not ask for what cannot be computed has no such trouble.
    Model(program, 3, policies=[Dice(("A/c",))]).play()


# Binding


class Named(Policy):
    """Made with any id and decisions."""

    def decide(self, view: View) -> Answer:  # noqa: ARG002 - whatever it sees
        return Chosen("calm")


def named(own: object, takes: object) -> type[Policy]:
    return type("Other", (Named,), {"id": own, "takes": takes, "__module__": __name__})


def refused(*policies: Any) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        Model(border(), 2, policies=policies)
    assert {found.code for found in caught.value.diagnostics} == {"policy"}
    return [str(found) for found in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("own", "takes", "told"),
    [
        ("a", ("WEST/anwser",), "ACTOR/DECISION, a rule or a choice; did you mean 'WEST/answer'?"),
        ("a", ("EAST/probe/x=WST",), "did you mean 'EAST/probe/x=WEST'?"),
        ("a", ("world/shock",), "takes 'world/shock', which no actor of border decides"),
        ("a", ("answer",), "takes 'answer', which no actor"),
        ("a", (), "takes '()'; expected decisions"),
        ("a", "WEST/answer", "expected decisions, such as ('CHN/voice',)"),
        ("a", (3,), "takes '(3,)'"),
        ("A", ("WEST/answer",), "has the id ''A''; expected small letters, digits and _"),
        ("a/b", ("WEST/answer",), "has the id"),
        (None, ("WEST/answer",), "has the id 'None'"),
        ("speak", ("WEST/answer",), "has the id of a decision of WEST, at"),
    ],
)
def test_a_policy_must_fit_the_scenario(own: object, takes: object, told: str) -> None:
    (said,) = refused(named(own, takes))
    assert told in said
    assert "tests.policy.test_faults:Other" in said


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    first, second = named("a", ("WEST/answer", "WEST/nothing")), named("a", ("WEST/answer",))
    said = refused(first, second, named("b", ("EAST/nothing",)))
    assert len(said) == 4
    assert sum("and so does" in line for line in said) == 1
    assert sum("two policies have the id 'a'" in line for line in said) == 1


@pytest.mark.parametrize("thing", [3, "a", Policy, object(), Same, int])
def test_what_is_no_policy_is_refused(thing: object) -> None:
    (said,) = refused(thing)
    assert "is not a policy" in said or "cannot be made: TypeError: " in said


def test_a_policy_may_hold_nothing_that_no_result_would_tell() -> None:
    class Holding(Named):
        id = "holding"
        takes = ("WEST/answer",)

        def __init__(self) -> None:
            self.threshold = 0.3

    (said,) = refused(Holding)
    assert "holds 'threshold', of which no result would tell" in said
    assert said.endswith("expected a dataclass, whose fields are its settings")

    @dataclass
    class Deep(Named):
        table: dict[str, float] = field(default_factory=dict)

        id = "deep"
        takes = ("WEST/answer",)

    (said,) = refused(Deep)
    assert "has the setting 'table' of the type 'dict'" in said


# Promises


def test_a_policy_that_decides_each_run_on_its_own_passes() -> None:
    for program in (border(), shipped("border-clash"), shipped("first-steps")):
        takes = actors_decisions(program)
        check_policies(program, [Same(takes)])
        check_policies(program, [Dice(takes)], runs=33, seed=4)


def test_one_that_looks_at_other_runs_does_not() -> None:
    with pytest.raises(FoedusError) as caught:
        check_policies(shipped("first-steps"), [Follower])
    said = str(caught.value)
    assert "tests/policy/policies.py:" in said
    assert "policy follower" in said
    assert "deciding SOUTH/answer in turn" in said
    assert re.search("says something else of run [01] when it is asked again, about other runs", said)


def test_nor_does_one_that_remembers_or_draws_luck_from_elsewhere() -> None:
    calls: list[int] = []
    generator = np.random.default_rng(1)

    class Counting(Policy):
        id = "counting"
        takes = ("SOUTH/answer",)

        def decide(self, view: View) -> Utilities:
            calls.append(1)
            return Utilities(view.utilities + 0.1 * len(calls))

    class Gambling(Policy):
        id = "gambling"
        takes = ("SOUTH/answer",)

        def decide(self, view: View) -> Chosen:
            return Chosen(generator.integers(0, 2, view.size))

    for policy in (Counting, Gambling):
        with pytest.raises(FoedusError, match="says something else of run"):
            check_policies(shipped("first-steps"), [policy])


def test_the_check_tells_of_faults_too_and_plays_what_a_model_plays() -> None:
    with pytest.raises(FoedusError, match="did you mean 'firm'"):
        check_policies(shipped("first-steps"), [Keen(option="frm")])


def test_places_are_told_from_the_current_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    assert failing(nested).startswith("test_faults.py:")
    monkeypatch.chdir(sys.prefix)
    assert failing(nested).startswith(str(Path(__file__)))
