"""What councils do: drafts are tabled and voted on, vetoes block, mandates run out, measures stand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.explain import ChoiceAccount, RuleAccount, explain
from sim.compile import Program
from sim.compile.dependencies import dependencies
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import story
from sim.report.why import why
from sim.text import FoedusError
from tests.domain.councils import ABSENT, ABSTAIN, AGAINST, BALLOT, FOR, MEMBERS, Board, compiled, council

RESULTS = ("passes", "fails", "vetoed")
BY_HAND = {"every": "month", "when": "elapsed < 0"}
"""Of a draft that comes up by order only."""


def fired(model: Model, result: str, draft: str = "motion") -> float:
    return float(model[f"fired[board/{result}/draft={draft}]"].mean())


def after(plain: dict[str, Any], turns: int = 1, *orders: Order, without: tuple[str, ...] = ()) -> Model:
    return Model(compiled(plain, without), runs=3, seed=1, orders=orders).play(turns)


def results(plain: dict[str, Any], *orders: Order, without: tuple[str, ...] = ()) -> list[str]:
    model = after(plain, 1, *orders, without=without)
    return [result for result in RESULTS if fired(model, result)]


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


# Ballots


def test_a_policy_says_how_its_actor_votes_option_by_option() -> None:
    plain = council(draft={"votes": {"for": 0.5, "against": 0.2}}, permanent=["BLAND"])
    plain["policies"] = {"wary": {"votes": {"no": {"body": "board", "against": 1}}}}
    plain["actors"]["BLAND"]["policy"] = "wary"
    assert results(plain) == ["vetoed"]
    assert results(plain, without=("B3",)) == ["passes"]
    named = {"body": "board", "drafts": "motion", "against": 0.1}
    plain["policies"]["wary"]["votes"]["yes"] = named
    assert results(plain) == ["passes"]


def test_votes_are_drawn_by_quantal_response_and_each_member_has_luck_of_its_own() -> None:
    plain = council(draft={"votes": {"for": 0.1, "against": 0}}, temperature=0.2)
    model = Model(compiled(plain), runs=4_000, seed=2).play(1)
    rows = [model[f"chosen[{member}/vote/body=board,draft=motion]"] for member in MEMBERS]
    wanted = 1 / (1 + math.exp(-0.5))
    for row in rows:
        assert abs((row == 2).mean() - wanted) < 5 * math.sqrt(wanted * (1 - wanted) / 4_000)
    assert abs(np.corrcoef(rows[0], rows[1])[0, 1]) < 0.06


def test_a_luck_key_keeps_the_luck_of_a_renamed_draft_and_body() -> None:
    plain = council(draft={"votes": {"for": 0.1, "against": 0}}, temperature=0.2)
    renamed = council(draft={"votes": {"for": 0.1, "against": 0}, "luck_key": "motion"}, temperature=0.2)
    body = renamed["bodies"].pop("board")
    renamed["bodies"] = {
        "panel": {**body, "luck_key": "board", "drafts": {"paper": body["drafts"]["motion"]}}
    }
    before = Model(compiled(plain), runs=500, seed=2).play(1)["tally[board/motion/for]"]
    now = Model(compiled(renamed), runs=500, seed=2).play(1)["tally[panel/paper/for]"]
    assert (before == now).all()
    assert before.std() > 0


def test_a_vote_does_what_its_option_says() -> None:
    ballot = {"for": {"utility": 1, "do": "praise", "effects": ["mood += 1"]}, "against": 0}
    plain = council(draft={"votes": ballot})
    plain["actions"] = {"praise": {}}
    model = Model(compiled(plain), seed=1)
    for turn in (1, 2, 3):
        model.play(turn)
        assert [float(model[f"acts[praise, {member}]"][0]) for member in MEMBERS] == [1] * 5
        assert float(model["times[praise, ELAND]"][0]) == turn
        assert float(model["mood[ELAND]"][0]) == 1 + turn


def test_consequences_follow_the_result() -> None:
    parts = {
        name: {"effects": [f"mark = {number}"]}
        for number, name in enumerate(("passed", "failed", "vetoed"), 1)
    }
    for moods, mark in (({}, 1), (dict.fromkeys(MEMBERS, ABSTAIN), 2), ({"BLAND": AGAINST}, 3)):
        plain = council(moods, parts, permanent=["BLAND"])
        plain["world"] = {"attributes": {"mark": 0}}
        assert float(after(plain)["mark"][0]) == mark


def test_results_are_seen_by_actors_in_the_turn_after() -> None:
    plain = council(draft=BY_HAND)
    plain["policies"] = {
        "watching": {
            "rules": {"react": {"every": "month", "when": "passed(board, motion)", "effects": ["mood = 9"]}}
        }
    }
    plain["actors"]["ELAND"]["policy"] = "watching"
    order = Order(2, "ALAND", "table/body=board,draft=motion", "do")
    model = Model(compiled(plain), seed=1, orders=[order])
    assert [float(model.play(turn)["mood[ELAND]"][0]) for turn in (2, 3)] == [1, 9]


# Readers, words, independence


def test_expressions_read_measures_votes_and_results() -> None:
    plain = council({"BLAND": AGAINST, "CLAND": ABSTAIN}, permanent=["BLAND"], seats={"CLAND": 2})
    plain["indicators"] = {
        "ayes": "votes_for(board, motion)",
        "noes": "votes_against(board, motion)",
        "pale": "abstentions(board, motion)",
        "of_c": "abstentions(board, motion, CLAND) - votes_for(board, motion, CLAND)",
        "seen": "1 if tabled(board, motion) and not passed(board, motion) else 0",
        "lost": "1 if failed(board, motion) else 0",
        "by_b": "1 if vetoed(board, motion, BLAND) and not vetoed(board, motion, CLAND) else 0",
        "left": "time_left(board, watch)",
        "gone": "1 if mandate_lapsed(board, watch) else 0",
        "ban": "1 if measure(board, ban) else 0",
    }
    model = Model(compiled(plain), seed=1).play(1)
    found = {name: float(model[name][0]) for name in plain["indicators"]}
    assert found == {
        "ayes": 3, "noes": 1, "pale": 2, "of_c": 2, "seen": 1, "lost": 0, "by_b": 1, "gone": 0, "ban": 1,
        "left": pytest.approx(6 / 12),
    }  # fmt: skip
    model.play(6)
    assert float(model["gone"][0]) == 1
    assert float(model["left"][0]) == 0


def test_explanations_tell_of_votes_and_results() -> None:
    program = compiled(council({"BLAND": AGAINST}, permanent=["BLAND"], at_least=4))
    found = {account.asked.decision: account for account in explain(program, 1, 0, 1).accounts}
    vote = found["BLAND/vote/body=board,draft=motion"]
    assert isinstance(vote, ChoiceAccount)
    assert vote.chosen == "against"
    passes = found["board/passes/draft=motion"]
    assert isinstance(passes, RuleAccount)
    assert passes.asked.gate is not None
    assert [(part.text, part.value) for part in passes.asked.gate.parts] == [
        ("tabled(board, motion)", 1.0),
        ("votes_for(board, motion) >= 4", 1.0),
        ("no veto", 0.0),
    ]
    told = "\n".join(why(program, explain(program, 1, 0, 1)))
    assert "The Board: vetoed/draft=motion: happened" in told
    assert "nan" not in told


def test_a_story_tells_who_tabled_who_voted_how_and_what_came_of_it() -> None:
    program = compiled(council({"BLAND": AGAINST}, {"title": "Renew"}, permanent=["BLAND"]))
    for told in story(Model(program, seed=1, trace=True), 2):
        texts = [sentence.text for sentence in told.sentences]
        assert 'Aland tables "Renew" (The Board)' in texts
        assert 'Bland votes against "Renew" (The Board)' in texts
        assert '"Renew" is vetoed (The Board)' in texts
        assert 'Cland votes for "Renew" (The Board)' in texts


@settings(max_examples=10)
@given(st.permutations(MEMBERS))
def test_the_order_of_the_file_means_nothing(order: list[str]) -> None:
    plain = council(draft={"votes": {"for": 0.1, "against": 0.05}}, temperature=0.3)
    permuted = {**plain, "actors": {member: plain["actors"][member] for member in order}}
    permuted["bodies"] = {"board": {**plain["bodies"]["board"], "members": order}}
    assert hashes(compiled(plain)) == hashes(compiled(permuted))


def hashes(program: Program) -> list[str]:
    return Model(program, runs=20, seed=4).play(3).state.hashes()


def test_a_run_alone_is_the_run_in_an_ensemble() -> None:
    program = compiled(council(draft={"votes": {"for": 0.1, "against": 0.05}}, temperature=0.3))
    whole = Model(program, runs=50, seed=4).play(5).state.hashes()
    assert Model(program, runs=[17], seed=4).play(5).state.hashes() == [whole[17]]


def test_a_library_may_hold_ballots_for_bodies_that_are_not_there(tmp_path: Any) -> None:
    library = tmp_path / "library.yaml"
    library.write_text("policies: {far: {votes: {no: {body: parliament, against: 1}}}}\n")
    plain = {**council(), "extends": str(library)}
    assert results(plain) == ["passes"]
    plain["actors"]["ALAND"]["policy"] = "far"
    with pytest.raises(FoedusError, match="there is no body 'parliament'"):
        compiled(plain)


def test_a_change_can_be_followed_through_a_vote() -> None:
    program = compiled(council(draft={"adopts": "aid"}))
    links = {(link.cause, link.effect) for link in dependencies(program)}
    chain = (
        ("mood[BLAND]", "BLAND/vote/body=board,draft=motion"),
        ("BLAND/vote/body=board,draft=motion", "chosen[BLAND/vote/body=board,draft=motion]"),
        ("chosen[BLAND/vote/body=board,draft=motion]", "tally[board/motion/for]"),
        ("tally[board/motion/for]", "board/passes/draft=motion"),
        ("board/passes/draft=motion", "fired[board/passes/draft=motion]"),
        ("fired[board/passes/draft=motion]", "measure[board/aid]"),
    )
    assert links.issuperset(chain)
