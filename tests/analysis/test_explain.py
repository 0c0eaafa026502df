"""Explanations and outcomes never disagree, and a stated flip does flip."""

from __future__ import annotations

import math
import os
import random
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.analysis.explain import Account, ChoiceAccount, Explanation, RuleAccount, Worked, explain, explained
from sim.analysis.flips import Flip
from sim.compile import program as pr
from sim.engine.choose import ChoiceDecider
from sim.engine.decide import RuleDecider, Stage
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.plan import plan_of
from sim.engine.state import State
from sim.report.why import outward
from sim.scenario.clock import PERIODS_PER_YEAR
from sim.text import FoedusError
from tests.worlds import FLAGSHIP, shipped
from tests.worlds import world as compiled

SEED = 11
DECISIONS = 1_000 if os.environ.get("FOEDUS_HYPOTHESIS") == "deep" else 120


@cache
def world(run: int) -> Model:
    return Model(shipped(FLAGSHIP), runs=[run], seed=SEED, trace=True).play()


def accounts(run: int, turn: int, *, what_if: bool = False) -> Explanation:
    return explained(world(run), turn, what_if=what_if)


@pytest.mark.parametrize("run", [0, 5, 12])
@pytest.mark.parametrize("turn", [1, 4, 13, 24])
def test_a_decision_recomputed_from_its_terms_is_the_decision(run: int, turn: int) -> None:
    program = shipped(FLAGSHIP)
    dt = program.clock.dt(turn)
    for account in accounts(run, turn).accounts:
        if account.asked.gate is not None:
            assert recomputed(account.asked.gate) == account.asked.gate.value
        if isinstance(account, RuleAccount):
            check_rule(account, dt)
        else:
            check_choice(account)


def recomputed(worked: Worked) -> float:
    """The value from the printed parts alone."""
    if worked.joint == "and":
        return float(all(part.value for part in worked.parts))
    if worked.joint == "or":
        return float(any(part.value for part in worked.parts))
    total = worked.parts[0].value
    for part in worked.parts[1:]:
        total = total + part.value if part.sign == "+" else total - part.value
    return total


def check_rule(account: RuleAccount, dt: float) -> None:
    if not account.asked.open:
        assert account.fired == 0.0
        return
    if account.rate is not None:
        assert recomputed(account.rate) == pytest.approx(account.rate.value, rel=1e-12)
    if account.rate is not None and account.kind == "chance":
        yearly = max(account.rate.value, 0.0) * PERIODS_PER_YEAR[account.per]
        assert account.level == pytest.approx(1 - math.exp(-yearly * dt), rel=1e-9)
    if account.kind in ("chance", "inject") and account.level is not None:
        assert account.drawn is not None
        assert account.fired == float(account.drawn < account.level)
    if account.kind == "count" and account.level is not None and account.campaign is not False:
        assert account.drawn is not None
        count = counted(account)
        assert count.cdf(account.fired - 1) - 1e-9 <= account.drawn <= count.cdf(account.fired) + 1e-9


def counted(account: RuleAccount) -> Any:
    """The distribution that a count was drawn from, as scipy has it."""
    assert account.level is not None
    if account.size is None:
        return stats.poisson(account.level)
    return stats.nbinom(account.size, account.size / (account.size + account.level))


def check_choice(account: ChoiceAccount) -> None:
    best, chosen = -math.inf, ""
    for option in account.options:
        assert recomputed(option.utility) == pytest.approx(option.utility.value, rel=1e-12, abs=1e-15)
        score = option.utility.value + option.bias + account.temperature * option.luck
        if option.available:
            assert score == pytest.approx(option.score, rel=1e-12, abs=1e-12)
            if score > best:
                best, chosen = score, option.id
    assert chosen == (account.chosen if account.asked.open else "")
    if any(option.available for option in account.options):
        assert sum(option.share for option in account.options) == pytest.approx(1.0)


def test_tracing_changes_no_outcome() -> None:
    program = shipped(FLAGSHIP)
    plain = Model(program, runs=[3, 8], seed=SEED).play()
    traced = Model(program, runs=[3, 8], seed=SEED, trace=True).play()
    assert plain.state.hashes() == traced.state.hashes()


def sampled(count: int) -> list[tuple[int, int, str]]:
    """Random decisions that came up: (run, turn, name)."""
    chance = random.Random(2024)
    program = shipped(FLAGSHIP)
    names = sorted(program.decisions)
    found: list[tuple[int, int, str]] = []
    while len(found) < count:
        run, turn = chance.randrange(max(6, count // 40)), chance.randint(1, program.turns)
        name = chance.choice(names)
        owner, decision = name.split("/", 1)
        account = explained(world(run), turn, actor=owner, decision=decision, what_if=False).accounts[0]
        if account.asked.due:
            found.append((run, turn, name))
    return found


def redecided(run: int, turn: int, decision: pr.Decision, flip: Flip, value: float) -> float:
    """The decision taken again by the engine in a program (or a state) with the number at another value."""
    program, model = shipped(FLAGSHIP), world(run)
    assert model.trace is not None
    exogenous = decision.owner in ("world", "injects")
    column = (model.trace.starts if exogenous else model.trace.states)[turn].copy()
    if flip.kind == "figure":
        nodes = tuple(
            replace(node, value=value) if node.figure == flip.target else node for node in program.nodes
        )
        program = replace(program, nodes=nodes)
    else:
        column[flip.target] = value
    state = State(column, np.array([run], dtype=np.uint64), SEED, 0, turn - 1)
    kept = Kept(program, state, plan_of(program))
    stage = Stage(Evaluator(program, state, turn), program.clock.dt(turn), {}, kept, None)
    if isinstance(decision, pr.Choice):
        ChoiceDecider(stage).take([decision])
        row = decision.chosen
    else:
        RuleDecider(stage).take([decision])
        row = decision.fired
    return float(np.asarray(dict(stage.decided.rows)[row], dtype=np.float64).reshape(-1)[0])


def test_a_stated_flip_flips_the_decision_and_nine_tenths_of_it_does_not() -> None:
    program = shipped(FLAGSHIP)
    flipped = 0
    for run, turn, name in sampled(DECISIONS):
        owner, decision = name.split("/", 1)
        account = explained(world(run), turn, actor=owner, decision=decision).accounts[0]
        taken = program.decisions[name]
        for flip in account.flips[:2]:
            as_it_was = redecided(run, turn, taken, flip, flip.value)
            assert as_it_was == decided(account, taken)
            assert redecided(run, turn, taken, flip, flip.needed) == flip.outcome != as_it_was
            almost = flip.value + 0.9 * (flip.needed - flip.value)
            assert redecided(run, turn, taken, flip, almost) == as_it_was
            flipped += 1
    assert flipped > DECISIONS / 2


def decided(account: Account, decision: pr.Decision) -> float:
    if isinstance(account, RuleAccount):
        return account.fired
    assert isinstance(decision, pr.Choice)
    return float(["", *(option.id for option in decision.options)].index(account.chosen))


def test_flips_are_ranked_and_graded() -> None:
    found = [flip for account in accounts(0, 4, what_if=True).accounts for flip in account.flips]
    assert found
    assert {flip.grade.kind for flip in found} <= {"measured", "informed", "assumed"}
    for account in accounts(0, 4, what_if=True).accounts:
        sizes = [flip.size for flip in account.flips]
        assert sizes == sorted(sizes)


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
    assert (account.per, recomputed(account.rate)) == ("month", account.rate.value)
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
    program = shipped(FLAGSHIP)
    printed = 0
    for run, turn, name in sampled(40):
        owner, decision = name.split("/", 1)
        account = explained(world(run), turn, actor=owner, decision=decision).accounts[0]
        for flip in account.flips[:2]:
            shown = float(outward(flip.needed, flip.value))
            now = redecided(run, turn, program.decisions[name], flip, shown)
            assert now != decided(account, program.decisions[name])
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
    told = [flip.what for account in accounts for flip in account.flips if "danger[" in flip.what]
    assert told
    assert all("danger[LYNX]" in what for what in told)
