"""What councils do: drafts are tabled and voted on, vetoes block, mandates run out, measures stand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.model import Model
from sim.engine.orders import Order
from tests.domain.councils import (
    ABSENT,
    ABSTAIN,
    AGAINST,
    BALLOT,
    BY_HAND,
    FOR,
    MEMBERS,
    RESULTS,
    Board,
    after,
    compiled,
    council,
    fired,
    results,
)

# Rules of decision


@st.composite
def boards(draw: st.DrawFn) -> Board:
    seats = {member: draw(st.integers(1, 4)) for member in MEMBERS}
    total = sum(seats.values())
    rule = draw(st.sampled_from(["majority", "at_least", "unanimity", "single"]))
    permanent = (
        draw(st.frozensets(st.sampled_from(MEMBERS))) if rule in ("majority", "at_least") else frozenset()
    )
    return Board(
        rule=rule,
        needed=draw(st.integers(1, total)),
        blocks=draw(st.booleans()),
        seats=seats,
        permanent=permanent,
        quorum=draw(st.integers(1, total)),
        procedural=draw(st.booleans()),
        moods={member: draw(st.sampled_from([FOR, AGAINST, ABSTAIN, ABSENT])) for member in MEMBERS},
    )


@given(boards())
def test_a_vote_comes_out_as_the_rules_say_and_every_seat_is_accounted_for(board: Board) -> None:
    model = after(board.scenario())
    assert [result for result in RESULTS if fired(model, result)] == [board.result()]
    tallies = {way: float(model[f"tally[board/motion/{way}]"][0]) for way in ("for", "against", "abstain")}
    assert tallies == {
        "for": board.votes(FOR),
        "against": board.votes(AGAINST),
        "abstain": board.votes(ABSTAIN),
    }
    assert sum(tallies.values()) + board.votes(ABSENT) == board.total


@given(boards().filter(lambda board: board.permanent and not board.procedural), st.data())
def test_a_veto_never_passes_a_draft_and_an_abstention_is_none(board: Board, data: st.DataObject) -> None:
    """From any vote: a permanent member that turns against it stops it; one that abstains stops it by no more
    than the want of its votes.
    """
    member = data.draw(st.sampled_from(sorted(board.permanent)))
    against = Board(**{**vars_of(board), "moods": {**board.moods, member: AGAINST}})
    assert "passes" not in results(against.scenario())
    abstains = Board(**{**vars_of(board), "moods": {**board.moods, member: ABSTAIN}})
    others = Board(**{**vars_of(abstains), "permanent": board.permanent - {member}})
    assert results(abstains.scenario()) == results(others.scenario())


def vars_of(board: Board) -> dict[str, Any]:
    return {name: getattr(board, name) for name in board.__dataclass_fields__}


def test_nine_of_fifteen_without_a_veto_pass_and_eight_do_not() -> None:
    seats = {"ALAND": 8, "BLAND": 1, "CLAND": 1, "DLAND": 1, "ELAND": 4}
    moods = {"BLAND": FOR, "CLAND": ABSTAIN, "DLAND": ABSTAIN, "ELAND": AGAINST}
    rules: dict[str, Any] = {"seats": seats, "permanent": ["BLAND", "CLAND", "DLAND"], "at_least": 9}
    assert results(council(moods, **rules)) == ["passes"]
    assert results(council({**moods, "BLAND": ABSTAIN}, **rules)) == ["fails"]
    assert results(council({**moods, "CLAND": AGAINST}, **rules)) == ["vetoed"]


def test_a_draft_that_lacks_votes_fails_whoever_is_against_it() -> None:
    moods = dict.fromkeys(MEMBERS, AGAINST)
    assert results(council(moods, permanent=["BLAND"])) == ["fails"]
    assert results(council(moods, permanent=["BLAND"]), without=("B14",)) == ["vetoed"]


# Tabling


def test_nothing_is_voted_on_that_nobody_tables() -> None:
    model = after(council(draft=BY_HAND), 5)
    assert [fired(model, result) for result in RESULTS] == [0, 0, 0]
    assert float(model["tally[board/motion/for]"][0]) == 0
    assert not model["chosen[ALAND/vote/body=board,draft=motion]"].any()


def test_an_order_tables_a_draft_in_any_turn() -> None:
    order = Order(3, "ALAND", "table/body=board,draft=motion", "do")
    model = Model(compiled(council(draft={**BY_HAND, "adopts": "aid"})), runs=2, seed=1, orders=[order])
    assert [float(model.play(turn)["measure[board/aid]"][0]) for turn in (2, 3)] == [0, 1]


def test_orders_cast_votes_and_may_settle_a_result() -> None:
    no = [Order(1, member, "vote/body=board,draft=motion", "against") for member in MEMBERS[:3]]
    ballot = {"for": 1, "against": 0}
    plain = council(draft={"votes": ballot})
    assert results(plain) == ["passes"]
    assert results(plain, *no) == ["fails"]
    assert results(plain, *no, Order(1, "board", "passes/draft=motion", "do")) == ["passes"]
    assert results(plain, Order(1, "board", "passes/draft=motion", "refrain")) == ["fails"]


def test_a_deed_of_the_sponsor_tables_a_draft_in_the_same_turn() -> None:
    plain = council(draft={"every": None, "on": "propose"})
    del plain["bodies"]["board"]["drafts"]["motion"]["every"]
    plain["actions"] = {"propose": {"to": "one actor"}}
    plain["policies"] = {
        "proposing": {
            "rules": {"propose": {"once": True, "when": "elapsed > 0.1", "do": [{"propose": "BLAND"}]}}
        }
    }
    plain["actors"]["ALAND"]["policy"] = "proposing"
    model = Model(compiled(plain), seed=1)
    tabled = [float(model.play(turn)["tally[board/motion/for]"][0]) for turn in range(1, 6)]
    assert tabled == [0, 0, 5, 0, 0]


def test_a_rate_of_tabling_is_a_chance_a_turn_whatever_the_clock() -> None:
    def share(turn: str, turns: int) -> float:
        plain = council(draft={"every": {"per": "year", "rate": 2}, "adopts": "aid"})
        plain["clock"] = {"start": "2030-01-01", "turn": turn, "turns": turns}
        return float(Model(compiled(plain), runs=4_000, seed=3).play()["measure[board/aid]"].mean())

    wanted = 1 - math.exp(-2 * 90 / 365.25)
    for found in (share("10 days", 9), share("90 days", 1)):
        assert abs(found - wanted) < 5 * math.sqrt(wanted * (1 - wanted) / 4_000)


def test_what_would_change_nothing_is_not_tabled() -> None:
    assert results(council(draft={"adopts": "ban"})) == []
    assert results(council(draft={"ends": "aid"})) == []
    assert results(council(draft={"adopts": "ban"}), without=("B2",)) == ["passes"]


# Mandates and standing measures


def in_force(
    plain: dict[str, Any], measure: str, turns: int = 12, *orders: Order, without: tuple[str, ...] = ()
) -> list[int]:
    """Whether the measure is in force after each turn."""
    model = Model(compiled(plain, without), seed=1, orders=orders)
    return [int(model.play(turn)[f"measure[board/{measure}]"][0]) for turn in range(1, turns + 1)]


def test_a_mandate_runs_out_after_its_term_unless_it_is_renewed() -> None:
    assert in_force(council(draft=BY_HAND), "watch") == [1] * 5 + [0] * 7
    renewal = {"every": None, "ahead": "2 months", "renews": "watch"}
    plain = council(draft=renewal)
    del plain["bodies"]["board"]["drafts"]["motion"]["every"]
    assert in_force(plain, "watch") == [1] * 12
    model = Model(compiled(plain), seed=1)
    # Renewed in turn 4 for the 6 turns after turn 6, and in turn 10 for those after turn 12.
    assert [float(model.play(turn)["until[board/watch]"][0]) for turn in (3, 4, 9, 10)] == [6, 12, 12, 18]


@pytest.mark.parametrize(("until", "last"), [("2030-03-31", 2), ("2030-04-01", 3), ("2040-01-01", 12)])
def test_a_mandate_until_a_date_runs_out_in_the_turn_that_covers_it(until: str, last: int) -> None:
    plain = council(draft=BY_HAND)
    plain["bodies"]["board"]["measures"]["watch"]["until"] = until
    assert in_force(plain, "watch") == [1] * last + [0] * (12 - last)


def test_the_same_veto_ends_a_mandate_and_keeps_a_standing_measure() -> None:
    plain = council({"BLAND": AGAINST}, {"renews": "watch"}, permanent=["BLAND"])
    plain["bodies"]["board"]["drafts"]["lifting"] = {
        "sponsor": "ALAND",
        "every": "month",
        "ends": "ban",
        "votes": BALLOT,
    }
    assert in_force(plain, "watch") == [1] * 5 + [0] * 7
    assert in_force(plain, "ban") == [1] * 12
    plain["actors"]["BLAND"]["attributes"]["mood"] = ABSTAIN
    assert in_force(plain, "watch") == [1] * 12
    assert in_force(plain, "ban") == [0] * 12


def test_a_renewal_in_its_last_turn_is_in_time_and_one_after_the_end_is_none() -> None:
    plain = council(draft={**BY_HAND, "renews": "watch"})
    renews = [Order(turn, "ALAND", "table/body=board,draft=motion", "do") for turn in (6, 7)]
    assert in_force(plain, "watch", 12, renews[0]) == [1] * 11 + [0]
    # An order may table it a turn late: it then puts the mandate into force anew, for six turns from then on.
    assert in_force(plain, "watch", 12, renews[1]) == [1] * 5 + [0] + [1] * 6


def test_an_end_outweighs_a_renewal_of_the_same_turn() -> None:
    plain = council(draft={"renews": "watch"})
    plain["bodies"]["board"]["drafts"]["end"] = {
        "sponsor": "ALAND",
        "every": "month",
        "ends": "watch",
        "votes": BALLOT,
    }
    assert in_force(plain, "watch", 2) == [0, 0]
    assert in_force(plain, "watch", 2, without=("B17",)) == [1, 1]


def test_a_facilitator_may_keep_a_mandate_alive_for_a_turn() -> None:
    order = Order(6, "board", "lapses/measure=watch", "refrain")
    assert in_force(council(draft=BY_HAND), "watch", 8, order) == [1] * 6 + [0, 0]
