"""Policies written in Python decide in crisis rounds, in waves of calls and answers, and on claims too."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.compile import Program
from sim.engine.model import Model
from sim.engine.policy import Answer, Chosen, Fires, Policy, Probability
from sim.engine.policy_check import check_policies
from sim.engine.view import View
from sim.text import FoedusError
from tests.domain.promised import compiled
from tests.policy.policies import Dice, Same, actors_decisions
from tests.policy.worlds import hashes

RECOGNITION = "CLAND/pact.article_1.recognise/adversary=ALAND,caller=BLAND"
ANSWER = "CLAND/pact.article_1.answer/adversary=ALAND,caller=BLAND"


@cache
def quarrel() -> Program:
    """Two who go for each other in rounds of five days, so that who began is disputed, and an ally."""
    attack = {"chance": {"per": "month", "rate": 0.4}, "crisis": "BLAND", "do": [{"strike": "BLAND"}]}
    reply = {"chance": {"per": "month", "rate": 0.4}, "crisis": "ALAND", "do": [{"strike": "ALAND"}]}
    mood = {
        "every": "quarter",
        "temperature": 0.5,
        "crisis": "ALAND",
        "options": {"calm": {"utility": 0}, "angry": {"utility": "0.2*hostility(ALAND, self)"}},
    }
    changes: dict[str, Any] = {
        "actors.BLAND.policy": ["replying"],
        "policies.attacking.rules": {"attack": attack},
        "policies.replying": {"rules": {"reply": reply}, "choices": {"mood": mood}},
    }
    return compiled(changes)


def test_the_world_has_all_of_it() -> None:
    program = quarrel()
    kinds = {getattr(decision, "kind", "choice") for decision in program.decisions.values()}
    assert {"choice", "chance", "probability"} <= kinds
    assert program.crisis is not None
    model = Model(program, 300, seed=1)
    fired = np.zeros(3)
    for _ in range(program.turns):
        model.step()
        rows = (f"fired[{RECOGNITION}]", f"chosen[{ANSWER}]", "crisis[ALAND, BLAND]")
        fired += [(model[row] > 0).sum() for row in rows]
    assert (fired > 20).all()


def test_saying_the_same_of_everything_changes_no_bit() -> None:
    program = quarrel()
    same = Same(actors_decisions(program))
    assert hashes(program, same, runs=300) == hashes(program, runs=300)
    assert hashes(program, Same((RECOGNITION, ANSWER)), runs=300) == hashes(program, runs=300)


def test_a_run_is_decided_on_its_own_in_waves_and_rounds_too() -> None:
    program = quarrel()
    dice = Dice(actors_decisions(program))
    whole = hashes(program, dice, runs=64)
    assert [Model(program, [run], seed=5, policies=[dice]).play().state.hash() for run in range(9)] == whole[
        :9
    ]
    check_policies(program, [dice], runs=40)


def test_each_crisis_round_has_luck_of_its_own() -> None:
    drawn: dict[tuple[int, int], np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}

    class Lucky(Policy):
        id = "lucky"
        takes = ("BLAND/mood",)

        def decide(self, view: View) -> Answer:
            drawn[view.turn, view.round] = view.uniform("mood")
            return Chosen("calm")

    Model(quarrel(), [3], seed=1, policies=[Lucky]).play()
    turn = next(turn for turn, number in drawn if number == 3)
    rounds = [drawn[turn, number][0] for number in (1, 2, 3)]
    assert len(set(rounds)) == 3
    assert all(number == 1 for turn, number in drawn if turn == 1)


def test_an_answer_knows_the_crisis_round_in_which_it_is_given() -> None:
    attack = {"chance": {"per": "month", "rate": 1}, "crisis": "BLAND", "do": [{"strike": "BLAND"}]}
    program = compiled(
        {
            "policies.attacking.rules": {"attack": attack},
            "escalation": {"disputes": {"ALAND": {"BLAND": "display"}}},
        }
    )
    drawn: dict[int, set[float]] = {}

    class Ally(Policy):
        id = "ally"
        takes = (ANSWER,)

        def decide(self, view: View) -> Answer:
            drawn.setdefault(view.round, set()).update(view.uniform("mood")[view.asked])
            return Chosen("statement")

    Model(program, 200, seed=1, policies=[Ally]).play(1)
    assert {1, 2, 3} <= drawn.keys()
    assert len(drawn[1] | drawn[2] | drawn[3]) == sum(len(drawn[number]) for number in (1, 2, 3))


def test_an_ally_can_recognise_by_a_rule_of_its_own() -> None:
    program = quarrel()

    def recognised(answer: Answer) -> float:
        class Judge(Policy):
            id = "judge"
            takes = (RECOGNITION,)

            def decide(self, view: View) -> Answer:
                assert ((view.probability == 0.5) | ~view.asked).all()
                return answer

        model, found = Model(program, 200, seed=1, policies=[Judge]), 0.0
        for _ in range(program.turns):
            model.step()
            found += model[f"fired[{RECOGNITION}]"].sum()
        return found

    none, half, all_ = (recognised(Probability(p)) for p in (0.0, 0.5, 1.0))
    assert none == 0.0 < half < all_
    assert recognised(Fires(True)) == all_


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Probability(1.5), r"the probability is 1.5 in run \d+; expected a number from 0 to 1"),
        (Probability(np.nan), r"the probability is not finite in run \d+"),
        (Probability(np.zeros(2)), r"the probabilities have the shape \(2,\)"),
        (Chosen(0), "answers with Chosen; expected Probability or Fires"),
    ],
)
def test_what_cannot_be_meant_is_refused(answer: Answer, told: str) -> None:
    class Wrong(Policy):
        id = "wrong"
        takes = (RECOGNITION,)

        def decide(self, view: View) -> Answer:  # noqa: ARG002 - as it says
            return answer

    with pytest.raises(FoedusError, match=told):
        Model(quarrel(), 60, seed=1, policies=[Wrong]).play()


def test_expressions_of_the_domain_can_be_read() -> None:
    seen: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = []

    class Reading(Policy):
        id = "reading"
        takes = ("BLAND/mood",)

        def decide(self, view: View) -> Answer:
            seen.append(view["hostility(ALAND, self) + (1 if in_force(pact) else 0)"])
            seen.append(view["tally(honoured, pact, article_1, CLAND)"])
            return Chosen("calm")

    Model(quarrel(), 40, seed=1, policies=[Reading]).play()
    assert {float(value) for value in np.concatenate(seen[::2])} <= {2.0, 5.0}
    assert np.concatenate(seen[1::2]).max() > 0.0


def test_a_commitment_that_is_not_there_is_told_with_the_nearest() -> None:
    class Reading(Policy):
        id = "reading"
        takes = ("BLAND/mood",)

        def decide(self, view: View) -> Answer:
            return Chosen(np.where(view["in_force(pakt)"], "calm", "angry"))

    with pytest.raises(FoedusError, match=r"there is no commitment 'pakt'.*did you mean 'pact'"):
        Model(quarrel(), 4, seed=1, policies=[Reading]).play()
