"""What others are believed to do changes what one does: deterrence, emboldening, and reliance lost.

Three small worlds, each played in pairs on the same luck. What differs between the two of a pair is one
belief or one policy; the sign and the size of what follows are worked out by hand. Where the link is cut, by
which an actor reads what it believes, nothing follows: all that is done is the same in every run.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.compile import Program
from sim.engine.orders import Order
from tests.domain.followed import followed
from tests.domain.promised import compiled

RUNS = 4_000
ARTICLE = "commitments.pact.articles.article_1"
HELP = (0.4 * math.exp(-0.3 / 0.25) + 1.0 * math.exp(-0.8 / 0.25)) / (
    math.exp(-0.3 / 0.25) + math.exp(-0.8 / 0.25)
)
"""Of an answer that honours the pact."""
SPREAD, NOISE = 0.2, 0.25
Counts = NDArray[np.float64]


def believed(by_whom: str, mean: float) -> dict[str, Any]:
    """The pact is believed in to this degree by one actor, to its stated reliability by all others."""
    part = {"mean": f"{mean} if self == {by_whom} else 0.6", "spread": SPREAD, "noise": NOISE}
    return {f"{ARTICLE}.credibility": part}


def choosing(actor: str, act: str | dict[str, str], utility: str) -> dict[str, Any]:
    """An actor that weighs every month whether to act, against 0 for doing nothing."""
    options = {"act": {"utility": utility, "do": [act]}, "rest": {"utility": 0}}
    choice = {"every": "month", "temperature": TEMPERATURE, "options": options}
    return {f"actors.{actor}.policy": ["weighing"], "policies.weighing": {"choices": {"weigh": choice}}}


TEMPERATURE = 0.1


def probability(utility: float) -> float:
    """Of acting, for an actor that would have 0 otherwise."""
    return 1 / (1 + math.exp(-utility / TEMPERATURE))


def answered(rung: str, turn: int) -> tuple[Order, ...]:
    """What CLAND answers to a call of BLAND."""
    return (Order(turn, "CLAND", "pact.article_1.answer/adversary=ALAND,caller=BLAND", rung, ""),)


def after(rung: str) -> float:
    """Credibility of CLAND after one answer, from 0.6."""
    gain = (1 / NOISE**2) / (1 / NOISE**2 + 1 / SPREAD**2)
    return 0.6 + gain * ((1.0 if rung == "full_force" else 0.0) - 0.6)


def acted(program: Program, actor: str, orders: tuple[Order, ...] = ()) -> Counts:
    """1 where the actor acted; shape `(turns, runs)`."""
    (chosen,) = followed(program, f"chosen[{actor}/weigh]", runs=RUNS, seed=7, orders=orders)
    counts: Counts = (chosen[1:] == 1.0).astype(np.float64)
    return counts


def differs_by(counts: Counts, others: Counts, size: float) -> None:
    """The mean difference of two paired sets of runs is this size, but for the luck of so many runs."""
    difference = counts - others
    error = difference.std() / math.sqrt(difference.size)
    assert difference.mean() == pytest.approx(size, abs=4 * error)


def same_everywhere(one: Program, other: Program, orders: tuple[tuple[Order, ...], ...] = ((), ())) -> None:
    """All that is done is done in both, in every run and turn."""
    names = sorted(name for name in one.rows if name.startswith(("acts[", "times[", "chosen[", "hostility[")))
    for a, b in zip(
        followed(one, *names, runs=500, seed=7, orders=orders[0]),
        followed(other, *names, runs=500, seed=7, orders=orders[1]),
        strict=True,
    ):
        assert np.array_equal(a, b)


# Deterrence: whom allies are expected to help is left alone


def attacker(weight: float, mean: float) -> Program:
    """ALAND would gain by an attack on BLAND, were it not for CLAND."""
    utility = f"0.2 - {weight}*expected_support(BLAND, self)"
    attack = choosing("ALAND", {"strike": "BLAND"}, utility)
    return compiled(attack | believed("ALAND", mean))


def test_expected_support_keeps_the_attacker_away() -> None:
    feared, scorned = acted(attacker(1.0, 0.9), "ALAND")[0], acted(attacker(1.0, 0.1), "ALAND")[0]
    size = probability(0.2 - 0.1 * HELP) - probability(0.2 - 0.9 * HELP)
    assert size > 0.6
    differs_by(scorned, feared, size)
    assert (feared <= scorned).all()  # on the same luck, no run attacks for being deterred


def test_an_attacker_who_does_not_care_for_support_is_not_deterred() -> None:
    same_everywhere(attacker(0.0, 0.9), attacker(0.0, 0.1))


def test_an_ally_who_did_not_come_invites_the_next_attack() -> None:
    """CLAND's policy changes what ALAND does: its answer to a first attack is what ALAND learns from."""
    attack = choosing("ALAND", {"strike": "BLAND"}, "0.25 - expected_support(BLAND, self)")
    program = compiled(attack | believed("ALAND", 0.6))
    first = Order(1, "ALAND", "weigh", "act", "")
    deserted, helped = (
        acted(program, "ALAND", (first, *answered(rung, 1))) for rung in ("none", "full_force")
    )
    size = probability(0.25 - after("none") * HELP) - probability(0.25 - after("full_force") * HELP)
    assert size > 0.4
    differs_by(deserted[1], helped[1], size)
    assert (deserted >= helped).all()


# Emboldening: who counts on backing provokes


PEACE: dict[str, Any] = {
    "actions.provoke": {"to": "one actor"},
    "policies.attacking.rules.attack.when": "false",
}


def provoker(weight: float, mean: float) -> Program:
    """BLAND provokes ALAND more readily the more help it counts on."""
    utility = f"-0.2 + {weight}*expected_support(self, ALAND)"
    provoke = choosing("BLAND", {"provoke": "ALAND"}, utility) | PEACE
    return compiled(provoke | believed("BLAND", mean))


def test_backing_raises_ones_own_provocations() -> None:
    backed, alone = acted(provoker(1.0, 0.9), "BLAND"), acted(provoker(1.0, 0.1), "BLAND")
    size = probability(-0.2 + 0.9 * HELP) - probability(-0.2 + 0.1 * HELP)
    assert size > 0.6
    differs_by(backed, alone, size)
    assert (backed >= alone).all()


def test_who_counts_on_nobody_is_not_emboldened() -> None:
    same_everywhere(provoker(0.0, 0.9), provoker(0.0, 0.1))


def test_a_pact_that_is_not_yet_in_force_emboldens_from_its_day_on() -> None:
    utility = "-0.2 + expected_support(self, ALAND)"
    provoke = choosing("BLAND", {"provoke": "ALAND"}, utility) | PEACE
    found = acted(compiled(provoke | {"commitments.pact.in_force": "2030-07-01"}), "BLAND")
    assert found[:6].mean() == pytest.approx(probability(-0.2), abs=0.01)
    assert found[6:].mean() == pytest.approx(probability(-0.2 + 0.6 * HELP), abs=0.01)


# Reliance lost: an ally that stood by is no longer counted on


TEACHING: dict[str, Any] = {"spread": SPREAD, "noise": NOISE}
ATTACK = 2
"""The turn in which ALAND attacks BLAND, in the worlds below."""


def relying(weight: float, credibility: dict[str, Any] | None = TEACHING) -> Program:
    """BLAND, CLAND and DLAND are allies; DLAND arms unless it counts on the others."""
    utility = f"0.3 - {weight}*expected_support(self, ALAND)"
    arms = choosing("DLAND", "arm", utility)
    attack = {"once": True, "when": "elapsed > 0.05", "do": [{"strike": "BLAND"}]}
    return compiled(
        arms
        | {
            "actions.arm": {},
            "commitments.pact.parties": ["BLAND", "CLAND", "DLAND"],
            f"{ARTICLE}.obliged": ["CLAND"],
            "policies.attacking.rules.attack": attack,
            f"{ARTICLE}.credibility": credibility,
        }
    )


def test_an_ally_that_defected_is_no_longer_counted_on() -> None:
    program = relying(1.0)
    deserted, helped = (acted(program, "DLAND", answered(rung, ATTACK)) for rung in ("none", "full_force"))
    assert np.array_equal(deserted[:ATTACK], helped[:ATTACK])
    size = probability(0.3 - after("none") * HELP) - probability(0.3 - after("full_force") * HELP)
    assert size > 0.4
    differs_by(deserted[ATTACK:], helped[ATTACK:], size)
    assert (deserted >= helped).all()


def test_one_who_counts_on_nobody_learns_nothing_that_matters() -> None:
    program = relying(0.0)
    deserted, helped = (acted(program, "DLAND", answered(rung, ATTACK)) for rung in ("none", "full_force"))
    assert np.array_equal(deserted, helped)


def test_one_whose_belief_is_frozen_goes_on_relying() -> None:
    program = relying(1.0, None)
    deserted, helped = (acted(program, "DLAND", answered(rung, ATTACK)) for rung in ("none", "full_force"))
    assert np.array_equal(deserted, helped)


def test_one_who_did_not_hear_of_the_defection_goes_on_relying() -> None:
    program = relying(1.0, TEACHING | {"by": ["ALAND", "BLAND"]})
    deserted, helped = (acted(program, "DLAND", answered(rung, ATTACK)) for rung in ("none", "full_force"))
    assert np.array_equal(deserted, helped)
