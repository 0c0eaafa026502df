"""Explanations say which signals moved a belief, and by how much."""

from __future__ import annotations

from typing import Any

import pytest

from sim.analysis.accounts import Explanation, Move, RuleAccount
from sim.analysis.explain import explain
from sim.compile import Program
from sim.engine.orders import Order
from sim.report.why import why, why_document
from tests.domain.promised import compiled
from tests.domain.test_beliefs import scenario, summit
from tests.worlds import world

BELIEF: dict[str, Any] = {
    "half_life": "1 year",
    "signals": {
        "summit": summit(),
        "parade": summit(0.1, 0.5, when="decided(injects, parade)"),
        "rumour": summit(0.3, 0.4),
        "whisper": summit(0.3, 0.4, seen_by=["KOR"]),
    },
}


def reading() -> Program:
    """A world in which the North acts on its belief."""
    written = scenario(
        BELIEF,
        actions={"test": {}},
        policies={
            "mind": {
                "rules": {"tries": {"chance": {"per": "year", "rate": "belief(resolve, self)"}, "do": "test"}}
            }
        },
    )
    written["actors"]["PRK"]["policy"] = "mind"
    return world(written)


def moves(found: Explanation) -> dict[str, Move]:
    return {move.variable: move for move in found.moves}


def test_a_belief_that_moved_says_what_moved_it_and_with_what_weight() -> None:
    found = moves(explain(reading(), 1, 0, 3))
    move = found["belief[PRK, resolve]"]
    assert [cause.what for cause in move.causes] == ["signal summit", "signal rumour"]
    own, heard = 1 / 0.3**2, {"signal summit": 1 / 0.2**2, "signal rumour": 1 / 0.4**2}
    for cause in move.causes:
        assert cause.weight == pytest.approx(heard[cause.what] / (own + sum(heard.values())))
    assert set(found) == {
        f"{row}[{actor}, resolve]" for row in ("belief", "spread") for actor in ("KOR", "PRK")
    }
    assert [cause.what for cause in found["belief[KOR, resolve]"].causes] == [
        "signal summit",
        "signal rumour",
        "signal whisper",
    ]


@pytest.mark.parametrize("turn", range(1, 13))
def test_what_moved_a_belief_adds_up_to_its_move(turn: int) -> None:
    for move in explain(reading(), 1, 0, turn, what_if=False).moves:
        total = sum(cause.change for cause in move.causes)
        assert total == pytest.approx(move.after - move.before, abs=1e-12)


def test_what_fades_does_so_by_itself() -> None:
    (cause,) = moves(explain(reading(), 1, 0, 6))["belief[PRK, resolve]"].causes
    assert cause.what == ""
    assert cause.change < 0.0


def test_where_nothing_moved_nothing_is_told() -> None:
    assert explain(reading(), 1, 0, 2).moves == ()


def test_beliefs_are_told_with_their_holder_and_not_with_one_decision() -> None:
    program = reading()
    assert set(moves(explain(program, 1, 0, 3, actor="PRK"))) == {
        "belief[PRK, resolve]",
        "spread[PRK, resolve]",
    }
    assert explain(program, 1, 0, 3, decision="tries").moves == ()


def test_a_decision_tells_what_it_has_just_heard() -> None:
    (account,) = explain(reading(), 1, 0, 3, actor="PRK").accounts
    assert isinstance(account, RuleAccount)
    assert account.rate is not None
    (seen,) = account.rate.parts[0].readings
    assert seen.name == "belief[PRK, resolve]"
    assert [(cause.what, cause.turn) for cause in seen.causes] == [("signal summit", 3), ("signal rumour", 3)]
    assert any(flip.what == "belief[PRK, resolve]" for flip in account.thresholds)


def test_it_reads_well() -> None:
    program = reading()
    told = "\n".join(why(program, explain(program, 1, 0, 3, actor="PRK")))
    assert "    belief[PRK, resolve] is 0.68: signal summit (2 Mar 2030) +0.295 · signal rumour" in told
    assert "What moved:\n  belief[PRK, resolve]: 0.4 -> 0.68 (" in told
    assert "\n    signal summit +0.295, weight 59%\n" in told
    assert why_document(explain(program, 1, 0, 3))["moves"][0]["causes"][0]["what"] == "signal summit"


def test_credibility_names_whose_answer_moved_it() -> None:
    article = "commitments.pact.articles.article_1"
    program = compiled({f"{article}.credibility": {"spread": 0.2, "noise": 0.5}})
    answer = Order(3, "CLAND", "pact.article_1.answer/adversary=ALAND,caller=BLAND", "statement", "")
    found = moves(explain(program, 1, 0, 4, orders=[answer]))
    (cause,) = found["credibility[pact.article_1, CLAND, DLAND]"].causes
    assert cause.what == "CLAND hedged pact.article_1"
    assert cause.change < 0.0
