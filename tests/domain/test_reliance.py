"""Promises are relied on by what became of them: credibility, and the support that is expected of allies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.orders import Order
from sim.engine.vectors import Floats
from sim.text import FoedusError
from tests.domain.followed import followed
from tests.domain.promised import compiled
from tests.worlds import played, row

ARTICLE = "commitments.pact.articles.article_1"
BELIEVED: dict[str, Any] = {f"{ARTICLE}.credibility": {"spread": 0.2, "noise": 0.5}}
CALLED = 3
"""The turn of the attack."""
HELP = (0.4 * math.exp(-0.3 / 0.25) + 1.0 * math.exp(-0.8 / 0.25)) / (
    math.exp(-0.3 / 0.25) + math.exp(-0.8 / 0.25)
)
"""Of an answer that honours: materiel or full force."""


def answer(rung: str, turn: int = CALLED) -> Order:
    return Order(turn, "CLAND", "pact.article_1.answer/adversary=ALAND,caller=BLAND", rung, "")


def at(*pairs: tuple[str, Any]) -> dict[str, Any]:
    """Changes to the world, by dotted path."""
    return dict(pairs)


def gain(weight: float, spread: float = 0.2, noise: float = 0.5) -> float:
    """How far a lesson moves credibility towards what it says."""
    return (weight / noise**2) / (weight / noise**2 + 1 / spread**2)


def credibility(*orders: Order, without: tuple[str, ...] = (), **changes: Any) -> Floats:
    """Of CLAND in the eyes of DLAND, after every turn."""
    program = compiled(BELIEVED | changes, without)
    return followed(program, "credibility[pact.article_1, CLAND, DLAND]", orders=orders)[0][:, 0]


# Credibility


def test_before_anyone_calls_a_party_is_as_credible_as_its_reliability() -> None:
    found = credibility(**at(("policies.attacking.rules.attack.when", "false")))
    assert set(found) == {0.6}


@pytest.mark.parametrize(
    ("rung", "says", "weight"),
    [("materiel", 1.0, 1.0), ("full_force", 1.0, 1.0), ("statement", 0.0, 0.5), ("none", 0.0, 1.0)],
)
def test_an_answer_teaches_in_the_turn_after_it(rung: str, says: float, weight: float) -> None:
    found = credibility(answer(rung))
    assert set(found[: CALLED + 1]) == {0.6}
    expected = 0.6 + gain(weight) * (says - 0.6)
    assert found[CALLED + 1 :] == pytest.approx(np.full(12 - CALLED, expected), rel=1e-13)


BOTH_BEGAN: dict[str, Any] = {
    "actors.BLAND.policy": ["striking_back"],
    "policies.striking_back": {
        "rules": {"strike": {"once": True, "when": "elapsed > 0.1", "do": [{"strike": "ALAND"}]}}
    },
    f"{ARTICLE}.recognition": 0,
}


def test_holding_a_claim_for_unfounded_costs_a_quarter_of_a_defection() -> None:
    declined = credibility(answer("none"), **BOTH_BEGAN)[CALLED + 1]
    assert declined == pytest.approx(0.6 - gain(0.25) * 0.6, rel=1e-13)
    assert credibility(answer("none"))[CALLED + 1] < declined


def test_several_answers_of_one_turn_teach_together() -> None:
    both: dict[str, Any] = {
        "commitments.pact.parties": ["BLAND", "CLAND", "DLAND"],
        "policies.attacking.rules.attack.do": [{"strike": "BLAND"}, {"strike": "DLAND"}],
        f"{ARTICLE}.automatic": True,
    }
    found = credibility(**both)
    assert found[CALLED + 1] == pytest.approx(0.6 + gain(2.0) * 0.4, rel=1e-13)


def test_a_party_has_no_belief_about_its_own_word() -> None:
    names = {name for name in compiled(BELIEVED).rows if name.startswith("credibility[")}
    assert names == {
        f"credibility[pact.article_1, {party}, {observer}]"
        for party in ("BLAND", "CLAND")
        for observer in ("ALAND", "BLAND", "CLAND", "DLAND")
        if party != observer
    }


def test_the_prior_may_be_another_than_the_reliability() -> None:
    part: dict[str, Any] = {
        "mean": "0.9 if self == DLAND else 0.1",
        "spread": 0.2,
        "noise": 0.5,
        "by": ["BLAND", "DLAND"],
    }
    program = compiled(at((f"{ARTICLE}.credibility", part)))
    state = played(program, turns=1)
    for observer, mean in (("BLAND", 0.1), ("DLAND", 0.9)):
        assert row(program, state, f"credibility[pact.article_1, CLAND, {observer}]").tolist() == [mean]


SECRET: dict[str, Any] = {f"{ARTICLE}.secret": True}


def test_answers_under_a_secret_article_teach_the_parties_alone() -> None:
    program = compiled(BELIEVED | SECRET)
    assert {name for name in program.rows if name.startswith("credibility[")} == {
        "credibility[pact.article_1, BLAND, CLAND]",
        "credibility[pact.article_1, CLAND, BLAND]",
    }
    party = followed(program, "credibility[pact.article_1, CLAND, BLAND]", orders=[answer("none")])[0]
    assert party[CALLED + 1, 0] < 0.6


@pytest.mark.parametrize(("disclosed", "teaches"), [("elapsed > 0.05", True), ("elapsed > 0.3", False)])
def test_once_disclosed_a_secret_article_teaches_everybody(disclosed: str, teaches: bool) -> None:
    found = credibility(answer("none"), **SECRET, **at((f"{ARTICLE}.disclosed", disclosed)))
    assert (found[-1] < 0.6) == teaches


# Expected support


def support(
    victim: str = "BLAND", adversary: str = "ALAND", observer: str = "DLAND", turn: int = 1, **changes: Any
) -> float:
    asked: dict[str, Any] = {
        "indicators.support": {"value": f"expected_support({victim}, {adversary}, {observer})"}
    }
    program = compiled(asked | changes)
    return float(row(program, played(program, turns=turn), "support")[0])


def test_expected_support_is_reliability_times_the_help_of_an_answer_that_honours() -> None:
    assert support() == pytest.approx(0.6 * HELP, rel=1e-13)


def test_those_the_article_does_not_protect_expect_nothing() -> None:
    assert support("DLAND", "ALAND") == 0.0
    assert support("BLAND", "ALAND", **at((f"{ARTICLE}.trigger.armed_attack", {"by": ["DLAND"]}))) == 0.0
    assert support("BLAND", "CLAND") == 0.0  # a party itself
    among: dict[str, Any] = {
        f"{ARTICLE}.trigger.armed_attack": {"among_parties": True},
        "commitments.pact.parties": ["BLAND", "CLAND", "DLAND"],
    }
    assert support("BLAND", "CLAND", **among) == pytest.approx(0.6 * HELP)  # of DLAND alone


def test_each_of_several_allies_counts() -> None:
    three: dict[str, Any] = {"commitments.pact.parties": ["BLAND", "CLAND", "DLAND"]}
    assert support(**three) == pytest.approx(2 * 0.6 * HELP, rel=1e-13)


def test_every_article_counts_and_offensive_ones_do_not() -> None:
    other: dict[str, Any] = {
        "trigger": {"armed_attack": {}},
        "ladder": {"full_force": 0.5},
        "honoured_from": "full_force",
        "reliability": 0.2,
    }
    assert support(**at(("commitments.pact.articles.article_2", other))) == pytest.approx(0.6 * HELP + 0.2)
    offensive: dict[str, Any] = other | {"trigger": {"attack_by": {}}}
    assert support(**at(("commitments.pact.articles.article_2", offensive))) == pytest.approx(0.6 * HELP)


def test_support_is_expected_only_while_the_article_binds() -> None:
    later: dict[str, Any] = {"commitments.pact.in_force": "2030-04-01"}
    assert support(turn=3, **later) == 0.0
    assert support(turn=4, **later) == pytest.approx(0.6 * HELP)
    assert support(turn=3, **later, **at(("commitments.pact.acts_before_force", True))) == pytest.approx(
        0.6 * HELP
    )
    assert support(**at(("commitments.pact.suspended", "true"))) == 0.0
    assert support(turn=5, **at(("commitments.pact.ends", "2030-05-01"))) == 0.0


def test_support_from_a_secret_article_is_expected_by_the_parties_alone() -> None:
    assert support(**SECRET) == 0.0
    assert support(observer="BLAND", **SECRET) == pytest.approx(0.6 * HELP)
    shown: dict[str, Any] = SECRET | {f"{ARTICLE}.disclosed": "elapsed > 0.1"}
    assert support(turn=2, **shown) == 0.0
    assert support(turn=3, **shown) == pytest.approx(0.6 * HELP)


def test_support_is_expected_as_the_observer_believes() -> None:
    part: dict[str, Any] = {"mean": "0.9 if self == ALAND else 0.3", "spread": 0.2, "noise": 0.5}
    believed: dict[str, Any] = {f"{ARTICLE}.credibility": part}
    assert support(observer="ALAND", **believed) == pytest.approx(0.9 * HELP)
    assert support(observer="BLAND", **believed) == pytest.approx(0.3 * HELP)
    assert support(observer="CLAND", **believed) == pytest.approx(0.6 * HELP)  # it knows its own mind


def test_in_a_policy_support_is_expected_in_its_own_eyes() -> None:
    part: dict[str, Any] = {"mean": "0.9 if self == ALAND else 0.3", "spread": 0.2, "noise": 0.5}
    changes: dict[str, Any] = {
        f"{ARTICLE}.credibility": part,
        "actors.ALAND.attributes": {"fear": {"initial": 0}},
        "policies.attacking.rules.fears": {
            "once": True,
            "do": [{"feel": {"much": "expected_support(BLAND, self)"}}],
        },
        "actions.feel": {"takes": {"much": 0}, "effects": ["fear += much"]},
    }
    program = compiled(changes)
    assert row(program, played(program, turns=1), "fear[ALAND]")[0] == pytest.approx(0.9 * HELP)


shares = st.floats(0.01, 0.99).map(lambda x: round(x, 3))
costs = st.floats(0, 1.5).map(lambda x: round(x, 2))


@settings(max_examples=30, deadline=None)
@given(shares, shares, costs, costs)
def test_a_more_reliable_ally_is_expected_to_give_more(
    one: float, other: float, cost: float, more: float
) -> None:
    found = [
        support(
            **at((f"{ARTICLE}.reliability", q), (f"{ARTICLE}.ladder", {"materiel": cost, "full_force": more}))
        )
        for q in sorted((one, other))
    ]
    assert 0.0 <= found[0] <= found[1] <= 1.0


# What signals hear of promises


def test_a_signal_may_hear_of_last_turns_answers() -> None:
    changes: dict[str, Any] = {
        "beliefs": {
            "tide": {
                "by": ["DLAND"],
                "mean": 0,
                "spread": 1,
                "signals": {
                    "help": {
                        "when": "honoured(pact, article_1, CLAND, any, ALAND, 'last turn')",
                        "says": "given(pact, article_1, CLAND, BLAND, ALAND, 'last turn')",
                        "noise": 1,
                    }
                },
            }
        }
    }
    program = compiled(changes)
    found = followed(program, "belief[DLAND, tide]", orders=[answer("materiel")])[0][:, 0]
    assert found.tolist() == [0.0] * (CALLED + 1) + [pytest.approx(0.2)] * (12 - CALLED)


# What hinges on each rule


@pytest.mark.parametrize(
    ("rule", "orders", "changes"),
    [
        ("K8", (answer("none"),), {}),
        ("K9", (answer("none"),), BOTH_BEGAN),
        ("K10", (answer("none"),), SECRET | {f"{ARTICLE}.disclosed": "elapsed > 0.3"}),
    ],
)
def test_every_rule_of_credibility_makes_a_difference(
    rule: str, orders: tuple[Order, ...], changes: dict[str, Any]
) -> None:
    whole, left_out = (credibility(*orders, without=without, **changes) for without in ((), (rule,)))
    assert not np.array_equal(whole, left_out)


def supports(*without: str, **changes: Any) -> float:
    asked: dict[str, Any] = {"indicators.support": {"value": "expected_support(BLAND, ALAND, DLAND)"}}
    program = compiled(asked | changes, without)
    return float(row(program, played(program, turns=1), "support")[0])


def test_every_rule_of_support_makes_a_difference() -> None:
    believed: dict[str, Any] = {f"{ARTICLE}.credibility": {"mean": 0.1, "spread": 0.2, "noise": 0.5}}
    assert supports("K13", **believed) == pytest.approx(0.6 * HELP) != supports(**believed)
    asleep: dict[str, Any] = {"commitments.pact.in_force": "2030-09-01"}
    assert supports("K14", **asleep) == pytest.approx(0.6 * HELP) != supports(**asleep)
    assert supports("K15", **SECRET) == pytest.approx(0.6 * HELP) != supports(**SECRET)


# What cannot be asked


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("expected_support(BLAND, BLAND, DLAND)", "BLAND is no adversary of itself"),
        ("expected_support(BLAND, ALAND)", "in whose eyes is not clear where nobody acts"),
        ("credibility(pact, article_1, DLAND, ALAND)", "DLAND owes nothing by pact.article_1"),
        ("credibility(pact, article_3, CLAND, ALAND)", "'pact' has no article 'article_3'"),
        ("credibility(line, ALAND)", "there is no threat 'line'"),
    ],
)
def test_what_makes_no_sense_is_refused(expression: str, said: str) -> None:
    with pytest.raises(FoedusError, match=said):
        compiled(at(("indicators.x", {"value": expression})))
