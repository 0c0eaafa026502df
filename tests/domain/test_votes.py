"""How members vote, what follows, and how it is read and told."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.accounts import ChoiceAccount, RuleAccount
from sim.analysis.explain import explain
from sim.compile import Program
from sim.compile.dependencies import dependencies
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import story
from sim.report.why import why
from sim.text import FoedusError
from tests.domain.councils import (
    ABSTAIN,
    AGAINST,
    BY_HAND,
    MEMBERS,
    after,
    compiled,
    council,
    results,
)

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
