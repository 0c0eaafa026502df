"""Explanations and outcomes never disagree, and a stated flip does flip."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from benchmarks.flips import Taken, Worlds, failure
from sim.analysis.accounts import Account, ChoiceAccount, Explanation, RuleAccount
from sim.analysis.explain import explain, explained
from sim.analysis.flips import Flip
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.why import outward, why
from sim.text import FoedusError
from tests.worlds import FLAGSHIP, shipped
from tests.worlds import world as compiled

SEED = 11
DECISIONS = 1_000 if os.environ.get("FOEDUS_HYPOTHESIS") == "deep" else 120


@cache
def worlds() -> Worlds:
    return Worlds(shipped(FLAGSHIP))


@pytest.fixture(scope="module", autouse=True)
def _forget() -> Iterator[None]:
    """What has been played with a trace is held for the tests of this file: over a gigabyte."""
    yield
    worlds.cache_clear()


def accounts(run: int, turn: int, *, what_if: bool = False) -> Explanation:
    return explained(worlds().model(run), turn, what_if=what_if)


def test_tracing_changes_no_outcome() -> None:
    program = shipped(FLAGSHIP)
    plain = Model(program, runs=[3, 8], seed=SEED).play()
    traced = Model(program, runs=[3, 8], seed=SEED, trace=True).play()
    assert plain.state.hashes() == traced.state.hashes()


def test_a_stated_flip_flips_the_decision_and_nine_tenths_of_it_does_not() -> None:
    tried = 0
    for taken in worlds().taken(DECISIONS, luck=2024):
        for flip in taken.flips[:2]:
            assert failure(worlds(), taken, flip) == ""
            tried += 1
    assert tried > DECISIONS / 2


SEVERAL = """
foedus: 1
id: several
title: Several
clock: {start: 2024-01-01, turn: quarter, turns: 4}
actors: {AAA: {name: A, attributes: {x: 1}, policy: q}}
policies:
  q:
    choices:
      mood:
        every: month
        several: true
        temperature: 0.5
        status_quo: {option: standing, bias: 0.3}
        options:
          up: {utility: 0.3*x - 0.1, effects: [x += 0.2]}
          down: {utility: 0.2 - 0.1*x, when: x > 0, effects: [x -= 0.2]}
          rest: {utility: 0.1}
"""


def test_the_flip_of_each_take_flips_that_take() -> None:
    several = Worlds(compiled(SEVERAL))
    choice = several.program.choices[0]
    tried = 0
    for run in range(4):
        for turn in range(1, 5):
            account = several.account(run, turn, choice.name, what_if=True)
            assert isinstance(account, ChoiceAccount)
            for number, take in enumerate(account.takes):
                for flip in take.flips[:3]:
                    assert failure(several, Taken(run, turn, choice, account, number), flip) == ""
                    tried += 1
    assert tried > 100


def test_flips_are_ranked_and_graded() -> None:
    found = [flips_of(account) for account in accounts(0, 4, what_if=True).accounts]
    assert any(found)
    assert {flip.grade.kind for flips in found for flip in flips} <= {"measured", "informed", "assumed"}
    for flips in found:
        ranks = [(flip.structural, flip.outside, flip.size) for flip in flips]
        assert ranks == sorted(ranks)


def flips_of(account: Account) -> tuple[Flip, ...]:
    if isinstance(account, RuleAccount):
        return account.flips
    return tuple(flip for take in account.takes for flip in take.flips)


MOVING = """
foedus: 1
id: moving
title: Moving
clock: {start: 2024-01-01, turn: month, turns: 12}
actors: {AAA: {name: A, attributes: {x: 1}, policy: q}}
world: {attributes: {w: 0}, rules: {shock: {chance: {per: month, rate: 0.5}, effects: ["x[AAA] -= 0.3"]}}}
actions: {push: {takes: {force: 1}, effects: ["x[self] += force", "w += 0.5"]}}
policies:
  q:
    rules:
      often: {count: {per: month, mean: 2}, do: [{push: {force: 0.25 * x}}]}
      reset: {chance: {per: month, rate: 0.2}, effects: ["w = 1"]}
      override: {chance: {per: month, rate: 0.2 + 0.1 * w}, effects: [{effect: "w = 2", priority: 1}]}
dynamics: {x: {of: "x[AAA]", towards: 0, half_life: 6 months, noise: 0.2}}
"""


def test_the_traced_changes_of_a_turn_add_up_to_what_moved() -> None:
    program = compiled(MOVING)
    for run in range(10):
        model = Model(program, runs=[run], seed=1, trace=True).play()
        assert model.trace is not None
        after = {**model.trace.starts, program.turns + 1: model.state.values}
        row = program.rows["x[AAA]"]
        for turn in range(1, program.turns + 1):
            moved = sum(
                float(np.asarray(change.moved).reshape(-1)[0])
                for change in model.trace.changes
                if (change.turn, change.row) == (turn, row) and np.all(change.happened)
            )
            before, now = model.trace.starts[turn][row, 0], after[turn + 1][row, 0]
            assert now - before == pytest.approx(moved, rel=1e-9, abs=1e-12)


def test_a_rate_by_the_month_is_told_by_the_month() -> None:
    account = explain(compiled(MOVING), 1, 0, 3, actor="AAA", decision="override").accounts[0]
    assert isinstance(account, RuleAccount)
    assert account.rate is not None
    assert account.per == "month"
    assert account.rate.value == pytest.approx(0.2 + 0.1 * account.rate.parts[1].readings[0].value)


def step_through(model: Model) -> None:
    while not model.finished:
        model.step()


def test_explaining_with_a_trace_hides_no_fault() -> None:
    """A rate that cannot be computed stops a run alone, in a batch, step by step, and with a trace."""
    text = MOVING.replace("rate: 0.2}", 'rate: "log(w - 0.4)"}').replace(
        'effects: ["w = 1"]', 'when: x > 0, effects: ["w = 1"]'
    )
    program = compiled(text)
    with pytest.raises(FoedusError) as alone:
        Model(program, runs=[2], seed=1).play()
    for trace in (False, True):
        with pytest.raises(FoedusError) as again:
            step_through(Model(program, runs=[2], seed=1, trace=trace))
        assert str(again.value) == str(alone.value)


def test_an_ordered_decision_says_so() -> None:
    program = shipped(FLAGSHIP)
    choice = next(choice for choice in program.choices if choice.due is not None and choice.due[1])
    option = choice.options[-1].id
    order = Order(1, choice.owner, choice.name.split("/", 1)[1], option, "by hand")
    found = explain(program, SEED, 0, 1, actor=choice.owner, decision=order.decision, orders=[order])
    account = found.accounts[0]
    assert isinstance(account, ChoiceAccount)
    assert account.asked.ordered == account.chosen == option


@pytest.mark.parametrize(
    ("turn", "actor", "decision", "message"),
    [
        (0, None, None, "there is no turn 0; expected a turn from 1 to 24"),
        (25, None, None, "there is no turn 25; expected a turn from 1 to 24"),
        (1, "PKR", None, "there is no actor 'PKR'; expected an actor; did you mean 'PRK'?"),
        (1, "CHN", "handle_pyongjang", "did you mean 'handle_pyongyang'?"),
    ],
)
def test_what_is_not_there_cannot_be_explained(
    turn: int, actor: str | None, decision: str | None, message: str
) -> None:
    with pytest.raises(FoedusError) as caught:
        explain(shipped(FLAGSHIP), SEED, 0, turn, actor=actor, decision=decision)
    assert message in str(caught.value)


def test_what_is_printed_flips() -> None:
    """People see few digits: they are rounded away from the number as it is."""
    printed = 0
    for taken in worlds().taken(80, luck=7):
        for flip in taken.flips[:2]:
            shown = float(outward(flip.needed, flip.value))
            assert worlds().retaken(taken, flip, shown) != taken.outcome
            printed += 1
    assert printed > 20


def test_a_decision_with_bindings_can_be_asked_for_by_its_id() -> None:
    program = shipped("border-clash")
    rule = next(rule for rule in program.rules if rule.bindings)
    found = explain(program, 1, 0, 1, actor=rule.owner, decision=rule.id, what_if=False).accounts
    assert rule.name in [account.asked.decision for account in found]
    alone = explain(program, 1, 0, 1, decision=rule.name, what_if=False).accounts
    assert [account.asked.decision for account in alone] == [rule.name]


def test_a_flip_names_the_actor_whose_decision_it_is() -> None:
    accounts = explain(shipped("border-clash"), 7, 0, 1, actor="LYNX", decision="answer").accounts
    told = [flip.what for account in accounts for flip in flips_of(account) if "danger[" in flip.what]
    assert told
    assert all("danger[LYNX]" in what for what in told)


BUILT = """
foedus: 1
id: built
title: Built
clock: {start: 2024-01-01, turn: year, turns: 6}
parameters: {pace: {distribution: {uniform: [0.4, 0.6]}, assumed: invented}}
actors: {AAA: {name: A, attributes: {x: 0.5}, policy: q}}
policies:
  q:
    rules:
      go: {chance: {per: year, rate: "pace*(1 - 0.9*x)"}, effects: [x -= 0.01], assumed: invented}
      stay: {chance: {per: year, rate: 1}, effects: [x += 0.01], assumed: invented}
"""


def test_numbers_that_build_an_expression_come_last_and_values_never_drawn_are_marked() -> None:
    program = compiled(BUILT)
    outside = 0
    for run in range(20):
        account = explain(program, 3, run, 1, actor="AAA", decision="go").accounts[0]
        flips = flips_of(account)
        assert [flip.structural for flip in flips] == sorted(flip.what.startswith("1 in") for flip in flips)
        for flip in flips:
            assert flip.outside == (flip.what == "pace" and not 0.4 <= flip.needed <= 0.6)
            outside += flip.outside
        told = "\n".join(why(program, explain(program, 3, run, 1, actor="AAA", decision="go")))
        assert ("which its distribution never gives" in told) == any(flip.outside for flip in flips[:3])
    assert outside > 5


def test_a_number_that_stands_alone_claims_something() -> None:
    account = explain(compiled(BUILT), 3, 0, 1, actor="AAA", decision="stay").accounts[0]
    (flip,) = flips_of(account)
    assert (flip.what, flip.value, flip.structural) == ("chance rate", 1.0, False)
