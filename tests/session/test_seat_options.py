"""What a seat is told of its options is what the turn makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import Game, Matter, Program, SeatOption, matters
from sim.analysis.suite import load_suite
from tests.session.test_game import PROGRAM

ANSWER = "C/pact.article_1.answer/adversary=A,caller=B"


def of_case(number: int) -> Program:
    return load_suite(None, [str(number)])[0].program


def weighed(game: Game, decision: str) -> Matter:
    owner = decision.partition("/")[0]
    return next(found for found in matters(game.line, game.turn, owner) if found.decision == decision)


def option(matter: Matter, id_: str) -> SeatOption:
    return next(found for found in matter.options if found.id == id_)


def test_an_answer_says_what_it_gives_and_the_turn_gives_as_much() -> None:
    game = Game(of_case(314), seed=1)
    matter = weighed(game, ANSWER)
    assert (matter.comes_up, matter.when) == (False, "if Bland calls")
    assert [found.id for found in matter.options] == [
        *("none", "statement", "consultation", "materiel", "advisers", "limited_force", "full_force")
    ]
    for rung in ("statement", "materiel", "full_force"):
        told = option(matter, rung)
        said = re.search(r"gives ([\d.]+) of full help", told.does)
        assert said is not None
        played = Game(game.program, seed=1)
        for decision, what in (("A/attack/x=B", "do"), ("B/pact.article_1.call/adversary=A", "call")):
            played.order(decision, what)
        played.order(ANSWER, rung)
        played.forward()
        given = played.value(played.program.rows["given[pact.article_1, C, B, A]"])
        assert float(said[1]) == pytest.approx(given)
    assert "0.4 of your capacity" in option(matter, "materiel").costs
    assert "1 of your capacity, which has 0.4" in option(matter, "full_force").costs


def test_an_answer_says_whether_it_keeps_the_promise_and_the_books_agree() -> None:
    game = Game(of_case(314), seed=1)
    books = {"none": "defected", "statement": "hedged", "advisers": "honoured"}
    words = {"none": "breaks the promise", "statement": "hedges", "advisers": "keeps the promise"}
    for rung, book in books.items():
        assert option(weighed(game, ANSWER), rung).does.startswith(words[rung])
        played = Game(game.program, seed=1)
        played.order("A/attack/x=B", "do")
        played.order(ANSWER, rung)
        played.forward()
        assert played.value(played.program.rows[f"{book}[pact.article_1, C, B, A]"]) == 1


def test_the_cost_of_a_rung_is_the_one_of_the_ladder() -> None:
    game = Game(sim.load("scenarios/korea-crisis.yaml"), seed=7)
    list(game.travel(2))
    pact = game.program.scenario.model.commitments["us_rok"]  # type: ignore[union-attr]
    ladder = pact.articles["article_3"].ladder
    matter = weighed(game, "USA/us_rok.article_3.answer/adversary=PRK,caller=KOR")
    for rung, part in ladder.items():
        assert f"cost {float(part.cost.source):g}" in option(matter, rung).costs


def test_effects_of_an_answer_on_how_its_actor_stands_are_those_of_the_turn() -> None:
    game = Game(sim.load("scenarios/korea-crisis.yaml"), seed=7)
    list(game.travel(2))
    name = "USA/us_rok.article_3.answer/adversary=PRK,caller=KOR"
    told = option(weighed(game, name), "full_force")
    assert "goes to war with North Korea" in told.does
    assert any(cost.startswith("tension (PRK, USA) +") for cost in told.costs)


def test_an_article_that_does_not_bind_is_not_offered() -> None:
    game = Game(of_case(314), seed=1)
    game.line.moments[0].state.values[game.program.rows["status[pact]"]] = 4.0
    assert all("pact" not in found.decision for found in matters(game.line, 0, "C"))


def test_what_a_matter_claims_of_attention_is_told_with_the_share_it_gets() -> None:
    game = Game(of_case(763), seed=1)
    told = weighed(game, "A/first").attention
    assert told == "claims 1 of attention for 1, gets 50%"
    game.forward()
    assert game.value(game.program.rows["attention[A]"]) == 0.5
    assert all(found.attention == "" for found in matters(Game(PROGRAM, seed=1).line, 0, "WEST"))


def test_votes_and_drafts_are_offered_to_who_has_them() -> None:
    game = Game(sim.load("scenarios/pyongyang-hanoi-2024.yaml"), seed=7)
    offered = {found.decision: found for found in matters(game.line, 0, "CHN")}
    vote = offered["CHN/vote/body=unsc,draft=new_sanctions"]
    assert [found.id for found in vote.options] == ["abstain", "against", "for"]
    assert option(vote, "against").does == "China vetoes the draft on North Korea"
    assert not any("/table/" in name for name in offered)
    assert any("/table/" in found.decision for found in matters(game.line, 0, "USA"))


def test_whatever_is_offered_can_be_ordered_and_played() -> None:
    game = Game(sim.load("scenarios/pyongyang-hanoi-2024.yaml"), seed=7)
    list(game.travel(3))
    for actor in ("USA", "RUS", "PRK", "CHN"):
        for matter in matters(game.line, game.turn, actor):
            game.order(matter.decision, matter.options[-1].id, by=actor)
    assert game.forward()
    assert np.isfinite(game.now.state.values).all()


def test_rows_of_a_pair_are_told_with_the_pair() -> None:
    game = Game(sim.load(Path("scenarios/vietnam-hedge.yaml")), seed=7)
    titles = [known.title for known in sim.knowledge(game.line, 0, "VNM")]
    assert len(titles) == len(set(titles))
    for matter in matters(game.line, 0, "VNM"):
        for found in matter.options:
            names = [cost.rpartition(" ")[0] for cost in found.costs]
            assert len(names) == len(set(names)), (matter.decision, found.id, found.costs)
