"""Questions to a game, and where the domain stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim import FoedusError, Game, cited_facts, decisions_here, fact_lines, pacts, regimes, why_here
from sim.session.picture import flows, ladder, pairs
from tests.story.quarrel import compiled


@pytest.fixture(scope="module")
def flagship() -> Game:
    game = Game(sim.load(Path("scenarios/pyongyang-hanoi-2024.yaml")), seed=7)
    list(game.travel(3))
    return game


def test_everything_that_is_told_of_a_turn_can_be_asked_about(flagship: Game) -> None:
    asked = decisions_here(flagship)
    assert len(asked) > 5
    for about, _ in asked:
        answer = why_here(flagship, about, what_if=False)
        assert answer.lines
    text = "\n".join(why_here(flagship, "KOR/at_the_brink").lines)
    assert "utility" in text
    assert "smallest change to flip" in text
    assert "stands at " in text


def test_a_number_tells_what_it_is_made_of_and_what_moved_it(flagship: Game) -> None:
    made = why_here(flagship, "korean_peninsula").lines
    assert any("tension[KOR, PRK]" in line for line in made)
    moved = why_here(flagship, "tension[KOR, PRK]").lines
    assert "moved of late by" in moved


def test_what_is_not_there_cannot_be_asked_about(flagship: Game) -> None:
    with pytest.raises(FoedusError, match="nothing here is called nonsense"):
        why_here(flagship, "nonsense")
    with pytest.raises(FoedusError, match="before play"):
        why_here(Game(compiled()), "WEST/answer")


def test_facts_are_told_with_their_documents(flagship: Game) -> None:
    facts = cited_facts(flagship)
    assert len(facts) > 200
    assert all(fact_lines(flagship, fact) for fact in facts)
    assert fact_lines(flagship, "nonsense") == ()


def test_the_domain_is_told_in_its_own_words(flagship: Game) -> None:
    states = {pact.id: pact.state for pact in pacts(flagship.now)}
    assert states["us_rok"] == "in force"
    assert states["soviet_dprk"] == "ended"
    assert {regime.target for regime in regimes(flagship.now)} == {"PRK", "RUS"}
    assert all(flow.sent >= 0 for flow in flows(flagship.now))
    assert ladder(flagship.now)["RUS", "UKR"] == 5
    tension = pairs(flagship.now, "tension")
    assert tension["KOR", "PRK"] == tension["PRK", "KOR"]
    assert pairs(flagship.now, "nothing") == {}
