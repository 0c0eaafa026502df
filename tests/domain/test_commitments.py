"""What promises do: attacks bring them about, victims call, allies answer on a ladder, books are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.model import Model
from sim.engine.orders import Order
from tests.domain.promised import compiled

CALLED = "calls[pact.article_1, BLAND, ALAND]"
RUNS = 4_000
ANSWER = "pact.article_1, CLAND, BLAND, ALAND"
ARTICLE = "commitments.pact.articles.article_1"


def played(changes: Mapping[str, Any], runs: int = RUNS, turns: int = 4, seed: int = 5) -> Model:
    return Model(compiled(changes), runs=runs, seed=seed).play(turns)


def share(model: Model, row: str) -> float:
    return float(model[row].mean())


def near(found: float, wanted: float, runs: int = RUNS) -> bool:
    """Within five standard errors of a share."""
    return abs(found - wanted) < 5 * math.sqrt(max(wanted * (1 - wanted), 1e-4) / runs)


@pytest.mark.parametrize("reliability", [0.22, 0.41, 0.75])
@pytest.mark.parametrize("honoured_from", ["statement", "materiel", "full_force"])
def test_a_recognised_call_is_honoured_as_reliably_as_stated(reliability: float, honoured_from: str) -> None:
    model = played({f"{ARTICLE}.reliability": reliability, f"{ARTICLE}.honoured_from": honoured_from})
    assert share(model, CALLED) == 1
    assert near(share(model, f"honoured[{ANSWER}]"), reliability)


def test_a_pact_without_a_reliability_has_the_published_range_of_its_kind() -> None:
    model = played({f"{ARTICLE}.reliability": None}, turns=1)
    drawn = model["reliability.pact.article_1"]
    assert 0.22 <= drawn.min() < 0.25
    assert 0.72 < drawn.max() <= 0.75
    assert float(drawn.mean()) == pytest.approx((0.22 + 0.41 + 0.75) / 3, abs=0.01)


@pytest.mark.parametrize(
    ("key", "value", "sign"), [("stake", 0.5, 1), ("pressure", 0.3, -1), ("temperature", 0.5, 0)]
)
def test_stakes_and_pressure_move_the_answer_the_right_way(key: str, value: float, sign: int) -> None:
    plain = share(played({}), f"honoured[{ANSWER}]")
    moved = share(played({f"{ARTICLE}.{key}": value}), f"honoured[{ANSWER}]")
    assert (moved - plain > 0.05, plain - moved > 0.05) == (sign > 0, sign < 0)


LADDER = ["statement", "consultation", "materiel", "advisers", "limited_force", "full_force"]


@settings(max_examples=15)
@given(st.data())
def test_a_lower_bar_never_lowers_what_is_honoured_on_the_same_luck(data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.floats(0, 1.5), min_size=6, max_size=6).map(sorted))
    low, high = sorted(data.draw(st.lists(st.integers(0, 5), min_size=2, max_size=2)))
    changes = {
        f"{ARTICLE}.ladder": dict(zip(LADDER, costs, strict=True)),
        f"{ARTICLE}.reliability": None,
        f"{ARTICLE}.obligation": data.draw(st.floats(0, 2)),
    }
    seed = data.draw(st.integers(0, 1_000))
    lower = played({**changes, f"{ARTICLE}.honoured_from": LADDER[low]}, 300, seed=seed)
    higher = played({**changes, f"{ARTICLE}.honoured_from": LADDER[high]}, 300, seed=seed)
    assert (lower[f"honoured[{ANSWER}]"] >= higher[f"honoured[{ANSWER}]"]).all()


def test_every_answer_is_booked_once_and_fighting_beside_it() -> None:
    model = played({})
    books = [model[f"{book}[{ANSWER}]"] for book in ("honoured", "hedged", "defected", "declined")]
    assert (np.sum(books, axis=0) == model[CALLED]).all()
    assert (model[f"fought[{ANSWER}]"] <= model[f"honoured[{ANSWER}]"]).all()


def test_nothing_is_called_by_itself() -> None:
    silent = Order(3, "BLAND", "pact.article_1.call/adversary=ALAND", "silent")
    model = Model(compiled(), runs=50, orders=(silent,)).play(4)
    assert share(model, CALLED) == 0
    assert share(model, f"honoured[{ANSWER}]") == 0


def test_an_answer_can_be_ordered() -> None:
    order = Order(3, "CLAND", "pact.article_1.answer/adversary=ALAND,caller=BLAND", "full_force")
    model = Model(compiled(), runs=50, orders=(order,)).play(4)
    assert share(model, f"fought[{ANSWER}]") == 1
    assert share(model, "hostility[CLAND, ALAND]") == 5


CHAIN: dict[str, Any] = {
    "commitments.second": {
        "kind": "defence",
        "parties": ["ALAND", "DLAND"],
        "signed": "2029-01-01",
        "articles": {
            "article_1": {
                "trigger": {"armed_attack": {"by": ["CLAND"]}},
                "ladder": {"full_force": 0.5},
                "honoured_from": "full_force",
                "automatic": True,
            }
        },
    },
    f"{ARTICLE}.automatic": True,
    f"{ARTICLE}.honoured_from": "full_force",
}


def test_allies_draw_each_other_in_within_one_turn_and_the_chain_ends() -> None:
    model = played(CHAIN, 50, turns=3)
    assert share(model, "fought[pact.article_1, CLAND, BLAND, ALAND]") == 1
    assert share(model, "calls[second.article_1, ALAND, CLAND]") == 1
    assert share(model, "fought[second.article_1, DLAND, ALAND, CLAND]") == 1
    assert share(model, "hostility[DLAND, CLAND]") == 5


def test_a_run_without_war_does_not_feel_a_war_in_another() -> None:
    attack = {"chance": {"per": "year", "rate": 1}, "do": [{"strike": "BLAND"}]}
    program = compiled({**CHAIN, "policies.attacking.rules.attack": attack})
    together = Model(program, runs=300, seed=9).play()
    for run in (0, 7, 211):
        alone = Model(program, runs=[run], seed=9).play()
        assert alone.state.hash(0) == together.state.hash(run)


def test_without_a_rule_another_world_is_played() -> None:
    whole, without = compiled(), compiled(without=("C13",))
    assert whole.hash != without.hash
    model = Model(without, runs=50, orders=()).play(4)
    assert share(model, CALLED) == 1


def test_what_an_answer_did_counts_in_its_own_turn_alone() -> None:
    helping = {
        f"{ARTICLE}.reliability": 1,
        f"{ARTICLE}.temperature": 0.01,
        "actions.ship": {"to": "one actor"},
        "rungs": {"materiel": {"do": [{"ship": "caller"}]}},
    }
    model = Model(compiled(helping), runs=1, seed=5)
    done, so_far = [], []
    for _ in range(5):
        model.step()
        done.append(float(model["acts[ship, CLAND, BLAND]"][0]))
        so_far.append(float(model["times[ship, CLAND, BLAND]"][0]))
    assert sum(done) == 1
    assert so_far == [sum(done[: turn + 1]) for turn in range(5)]


def test_help_that_comes_late_makes_no_dispute_of_its_own() -> None:
    late = {
        f"{ARTICLE}.reliability": 1,
        f"{ARTICLE}.ladder": {"statement": 0.05, "materiel": 0.3},
        f"{ARTICLE}.temperature": 0.01,
        f"{ARTICLE}.delay": "2 months",
        "rungs": {"materiel": {"effects": "arms[caller] += share"}},
        "actors.BLAND.attributes": {"arms": 0},
    }
    model = Model(compiled(late), runs=1, seed=5)
    arms = []
    for _ in range(5):
        model.step()
        arms.append(float(model["arms[BLAND]"][0]))
    assert 0 in arms
    assert arms[-1] == 1
    assert "hostility[ALAND, CLAND]" not in model.program.rows
