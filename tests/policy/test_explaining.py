"""Explanations and stories say what a policy written in Python decided, and do not make up reasons for it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from sim.analysis.accounts import ChoiceAccount, OptionAccount, RuleAccount
from sim.analysis.explain import explain
from sim.engine.model import Model
from sim.engine.policy import Policy
from sim.report.account import account, account_document
from sim.report.story import story
from sim.report.why import why, why_document
from tests.analysis.test_explain import flips_of
from tests.analysis.test_explained_terms import check
from tests.policy.policies import Dice, Keen, Same, actors_decisions
from tests.policy.worlds import border


def accounts(policy: Policy, turn: int, run: int = 0) -> list[RuleAccount | ChoiceAccount]:
    found = explain(border(), 5, run, turn, policies=[policy])
    return [account for account in found.accounts if account.asked.owner not in ("world", "injects")]


def options(found: ChoiceAccount) -> list[OptionAccount]:
    return [option for take in found.takes for option in take.options]


@pytest.mark.parametrize("turn", [1, 4, 9])
def test_a_decision_recomputed_from_what_the_policy_said_is_the_decision(turn: int) -> None:
    for run in range(3):
        found = explain(border(), 5, run, turn, policies=[Same(actors_decisions(border()))])
        check(json.loads(json.dumps(why_document(found))))


def test_it_agrees_with_the_scenarios_own_account_where_the_policy_says_the_same() -> None:
    ours = accounts(Same(actors_decisions(border())), 4)
    theirs = [a for a in explain(border(), 5, 0, 4, what_if=False).accounts if a.asked.owner != "world"]
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine.asked.open, mine.asked.did) == (other.asked.open, other.asked.did)
        if isinstance(mine, ChoiceAccount):
            assert isinstance(other, ChoiceAccount)
            told = [(option.id, option.score, option.luck) for option in options(mine) if option.available]
            assert told == [(o.id, o.score, o.luck) for o in options(other) if o.available]
        else:
            assert isinstance(other, RuleAccount)
            if mine.kind in ("chance", "count"):
                assert (mine.level, mine.drawn, mine.fired) == (other.level, other.drawn, other.fired)


def test_what_a_policy_decided_has_no_flips() -> None:
    for policy in (Same(actors_decisions(border())), Dice(actors_decisions(border()))):
        decided = [found for turn in (2, 4) for found in accounts(policy, turn) if found.asked.by]
        assert len(decided) > 10
        for found in decided:
            assert flips_of(found) == ()
            assert str(policy.id) in found.asked.by
            needs = [option.needs for option in options(found)] if isinstance(found, ChoiceAccount) else []
            assert all(need == () for need in needs)


def test_what_it_has_not_decided_has_them() -> None:
    found = accounts(Keen(("WEST/answer",)), 4)
    assert any(flips_of(account) for account in found if not account.asked.by)


def lines(policy: Policy, **asked: Any) -> list[str]:
    return list(why(border(), explain(border(), 5, 0, 2, actor="WEST", policies=[policy], **asked)))


def test_the_explanation_names_the_policy_and_its_utilities() -> None:
    said = lines(Keen(("WEST/answer",)), decision="answer")
    who = "policy keen (tests.policy.policies:Keen)"
    assert f"  decided by {who}" in said
    assert any(line.startswith("  terms of ") and f": what {who} says = " in line for line in said)
    assert not any("flip" in line or "would win if" in line for line in said)


def test_a_policy_that_decides_itself_has_no_terms() -> None:
    said = lines(Dice(("WEST/answer",)), decision="answer")
    assert any("chose" in line for line in said)
    assert "  decided by policy dice (tests.policy.policies:Dice)" in said
    assert not any("utility" in line or "terms" in line for line in said)


def test_the_document_is_plain() -> None:
    found = explain(border(), 5, 0, 2, policies=[Dice(actors_decisions(border()))])
    document = why_document(found)
    by = {entry["asked"]["by"] for entry in document["accounts"]}
    assert by == {"", "policy dice (tests.policy.policies:Dice)"}


def test_the_story_says_who_decided() -> None:
    program = border()
    for policy, told in (
        (Keen(("WEST/answer",)), "likely by policy keen"),
        (Dice(("WEST/answer",)), "decided by policy dice"),
        (Dice(("EAST/strike",)), "decided by policy dice"),
        (Same(("EAST/strike",)), "by policy same, "),
        (Same(("EAST/fire",)), "by policy same, "),
    ):
        about = [
            sentence
            for run in range(5)
            for turn in story(Model(program, [run], seed=5, trace=True, policies=[policy]), verbose=True)
            for sentence in turn.sentences
            if sentence.about == policy.takes[0]
        ]
        assert about
        assert all(told in sentence.detail or sentence.detail == "the only option open" for sentence in about)


def test_an_account_of_a_run_names_its_policies() -> None:
    def model() -> Model:
        return Model(border(), [0], seed=5, trace=True, policies=[Keen(("WEST/answer",))])

    assert any(line.text.startswith("Decided in Python: keen: ") for line in account(model()))
    document = account_document(model())
    assert [found["id"] for found in document["policies"]] == ["keen"]
    assert document["policies"][0]["settings"]["more"] == 0.5
    written = account_document(Model(border(), [0], seed=5, trace=True))
    assert written["policies"] == []


def test_a_trace_holds_what_was_said() -> None:
    model = Model(border(), 4, seed=5, trace=True, policies=[Keen(("WEST/answer",), more=2.0)]).play(1)
    plain = Model(border(), 4, seed=5, trace=True).play(1)
    assert model.trace is not None
    assert plain.trace is not None
    ours, theirs = (
        next(traced for traced in trace.choices if traced.choice.name == "WEST/answer")
        for trace in (model.trace, plain.trace)
    )
    assert ours.by is not None
    assert (theirs.by, theirs.said) == (None, ())
    np.testing.assert_allclose(ours.utilities[1], theirs.utilities[1] + 2.0, rtol=1e-15)
