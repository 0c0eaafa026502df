"""What policies written in Python decide, and that they share the luck of those that they replace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from docs.examples.tit_for_tat import TitForTat
from sim.compile import Program
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.policy import Answer, Chosen, Fires, Policy, Rate
from sim.engine.view import View
from sim.text import FoedusError
from tests.policy.policies import Dice, Keen, Same, actors_decisions
from tests.policy.worlds import border, hashes
from tests.strategies import SEEDS, scenarios
from tests.worlds import FLAGSHIP, SHIPPED, history, shipped, world


def always(takes: str, answer: Answer) -> Policy:
    """A policy that says one thing, whatever it sees."""

    class Always(Policy):
        id = "always"

        def decide(self, view: View) -> Answer:  # noqa: ARG002 - as it says
            return answer

    Always.takes = (takes,)
    return Always()


# The same luck


@pytest.mark.parametrize("name", SHIPPED)
def test_a_policy_that_says_what_the_scenario_says_changes_no_bit(name: str) -> None:
    program = shipped(name)
    same = Same(actors_decisions(program))
    states: list[list[str]] = []
    model = Model(program, 64, seed=1, policies=[same])
    states.append(model.state.hashes())
    model.play(observe=lambda state: states.append(state.hashes()))
    assert states == history(program, 64, seed=1)


def test_it_changes_no_bit_of_any_kind_of_decision_either() -> None:
    program = border()
    kinds = {getattr(decision, "kind", "choice") for decision in program.decisions.values()}
    assert kinds == {"choice", "chance", "count", "cadence", "once"}
    assert hashes(program, Same(actors_decisions(program))) == hashes(program)


@given(scenarios(), SEEDS)
def test_nor_of_any_scenario(text: str, seed: int) -> None:
    program = world(text)
    takes = actors_decisions(program)
    assume(takes)
    try:
        written = hashes(program, runs=5, seed=seed)
    except FoedusError:
        with pytest.raises(FoedusError):
            hashes(program, Same(takes), runs=5, seed=seed)
    else:
        assert hashes(program, Same(takes), runs=5, seed=seed) == written


def test_a_policy_and_the_one_it_replaces_differ_only_where_a_decision_does() -> None:
    """Event by event: until a run's first other decision, its state is the same to the bit."""
    program = shipped("first-steps")
    keen = Keen(more=0.1)
    rows = [program.rows["chosen[SOUTH/answer]"]]
    ours, theirs = Model(program, 400, seed=2, policies=[keen]), Model(program, 400, seed=2)
    parted = np.zeros(400, dtype=bool)
    for _ in range(program.turns):
        ours.step()
        theirs.step()
        parted |= (ours.state.values[rows] != theirs.state.values[rows]).any(axis=0)
        same = np.array(ours.state.hashes()) == np.array(theirs.state.hashes())
        assert same[~parted].all()
    assert 20 < parted.sum() < 380


def test_more_utility_never_moves_a_run_away_from_the_option() -> None:
    """The monotonicity of Gumbel-max, on the very first choice, where all runs still stand equal."""
    program = shipped("first-steps")
    row = program.rows["chosen[SOUTH/answer]"]
    firm = 2.0
    before = Model(program, 500, seed=3).play(1).state.values[row]
    more = Model(program, 500, seed=3, policies=[Keen(more=0.3)]).play(1).state.values[row]
    assert ((before == firm) <= (more == firm)).all()
    assert (more == firm).sum() > (before == firm).sum()


# Decisions


def test_a_chosen_option_is_taken_in_its_runs() -> None:
    program = border()

    class Odd(Policy):
        id = "odd"
        takes = ("WEST/answer",)

        def decide(self, view: View) -> Chosen:
            high = view["alarm"] > np.median(view["alarm"])  # of this ensemble: not pure, but plain to see
            return Chosen(np.where(high, "firm", "calm"))

    model = Model(program, 50, seed=1, policies=[Odd()]).play(2)
    alarm = model.state.values[program.rows["alarm[WEST]"]].copy()
    model.step()
    chosen = model["chosen[WEST/answer]"]
    expected = np.where(alarm > np.median(alarm), 2.0 + 0.0, 1.0)
    names = [option.id for option in program.choices[0].options]
    assert names == ["calm", "firm", "flee"]
    np.testing.assert_array_equal(chosen, expected)


@pytest.mark.parametrize("none", ["", -1])
def test_choosing_none_leaves_what_stands(none: str | int) -> None:
    model = Model(border(), 20, policies=[always("WEST/answer", Chosen(none))]).play()
    assert (model["chosen[WEST/answer]"] == 0.0).all()
    assert (model["standing[WEST/answer]"] == 1.0).all()  # calm, the initial one


def test_takes_of_one_turn_can_be_chosen_apart() -> None:
    class Patrols(Policy):
        id = "patrols"
        takes = ("WEST/patrol",)

        def decide(self, view: View) -> Chosen:
            table = np.full((view.takes, view.size), "stay")
            table[:2] = "go"
            return Chosen(np.where(view.available[1], table, "go"))

    program = border()
    choice = next(choice for choice in program.choices if choice.id == "patrol")
    assert choice.due is not None
    model = Model(program, 30, policies=[Patrols()], trace=True).play(1)
    assert model.trace is not None
    taken = [traced.chosen for traced in model.trace.choices if traced.choice is choice]
    assert len(taken) == choice.due[1] > 3
    assert all((chosen == 1.0).all() for chosen in taken[:2])
    assert all((chosen == 2.0).all() for chosen in taken[2:])


def test_a_rule_fires_where_it_is_told_to_and_its_gate_is_open() -> None:
    program = border()
    model = Model(program, 40, seed=4, policies=[always("EAST/first_blood", Fires(True))])
    was = model["alarm[WEST]"].copy()
    for _ in range(program.turns):
        ever = model["ever[EAST/first_blood]"].copy()
        # World events and perceptions move neither alarm nor the gate before the decision.
        was = model["alarm[WEST]"].copy()
        model.step()
        np.testing.assert_array_equal(model["fired[EAST/first_blood]"], (was > 0.5) & (ever == 0.0))


def test_a_rule_that_is_told_not_to_never_fires() -> None:
    model = Model(border(), 40, policies=[always("EAST/strike", Fires(False))], trace=True).play()
    assert model.trace is not None
    assert not any(traced.fired.any() for traced in model.trace.rules if traced.rule.name == "EAST/strike")


def test_a_count_happens_as_often_as_it_is_told() -> None:
    program = border()
    model = Model(program, 40, policies=[always("EAST/fire", Fires(3))]).play(4)
    assert (model["fired[EAST/fire]"] == 3.0).all()
    assert (model["shells[EAST]"] == 50.0 - 4 * 3.0).all()


def test_a_count_whose_campaign_is_off_does_not_happen_all_the_same() -> None:
    model = Model(border(), 200, policies=[always("EAST/probe", Fires(2))])
    for _ in range(5):
        model.step()
        on = model["campaign[EAST/probe/x=WEST]"] > 0.0
        np.testing.assert_array_equal(model["fired[EAST/probe/x=WEST]"], np.where(on, 2.0, 0.0))
        assert on.any()
        assert not on.all()


def test_a_rate_is_a_chance_of_the_scenarios_own_draw() -> None:
    """Fires in exactly the runs whose word lies below 1 - exp(-rate dt)."""
    program = border()
    model = Model(program, 3000, seed=8, policies=[always("EAST/strike", Rate(2.0))], trace=True).play(1)
    assert model.trace is not None
    traced = next(traced for traced in model.trace.rules if traced.rule.name == "EAST/strike")
    chance = 1 - np.exp(-2.0 * program.clock.dt(1))
    np.testing.assert_allclose(traced.level, chance, rtol=1e-12)
    np.testing.assert_array_equal(traced.fired, traced.drawn < chance)
    assert abs(traced.fired.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / 3000)


def test_a_rate_below_0_counts_as_0() -> None:
    model = Model(border(), 50, policies=[always("EAST/fire", Rate(-1.0))]).play()
    assert (model["shells[EAST]"] == 50.0).all()


def test_a_policy_decides_every_instance_of_what_it_takes_or_the_one_it_names() -> None:
    program = shipped("border-clash")

    def fired(takes: str) -> tuple[bool, bool]:
        model = Model(program, 30, policies=[always(takes, Fires(0))]).play()
        return (
            bool((model["times[probe, BEAR, HARE]"] > 0.0).any()),
            bool((model["times[probe, BEAR, LYNX]"] > 0.0).any()),
        )

    assert fired("BEAR/probe") == (False, False)
    assert fired("BEAR/probe/x=HARE") == (False, True)


# Beside orders, snapshots, forks


def test_an_order_overrides_the_policy_which_is_not_asked() -> None:
    asked: list[int] = []

    class Watching(Policy):
        id = "watching"
        takes = ("WEST/answer",)

        def decide(self, view: View) -> Chosen:
            asked.append(view.turn)
            return Chosen("calm")

    order = Order(3, "WEST", "answer", "firm")
    model = Model(border(), 10, orders=[order], policies=[Watching()]).play(3)
    assert (model["chosen[WEST/answer]"] == 2.0).all()
    model.step()
    assert (model["chosen[WEST/answer]"] == 1.0).all()
    assert asked == [1, 2, 4]


def test_a_policy_is_asked_only_when_its_decision_comes_up() -> None:
    turns: list[int] = []

    class Watching(Policy):
        id = "watching"
        takes = ("SOUTH/answer",)

        def decide(self, view: View) -> Chosen:
            turns.append(view.turn)
            return Chosen("calm")

    program = shipped("first-steps")
    Model(program, 10, policies=[Watching]).play()
    assert turns == [1, 4, 7, 10, 13, 16, 19, 22]


def test_a_fork_goes_on_with_the_policies_of_its_parent() -> None:
    program = shipped("first-steps")
    model = Model(program, 32, seed=1, policies=[Keen()]).play(6)
    assert model.fork().play().state.hashes() == model.play().state.hashes() != hashes(program, runs=32)


# Luck of its own, and any split


@dataclass(frozen=True)
class Split:
    """Some runs, and where they are cut apart."""

    runs: tuple[int, ...]
    cut: int


SPLITS = st.builds(
    lambda runs, cut: Split(tuple(runs), cut % len(runs)),
    st.lists(st.integers(0, 2**34 - 1), min_size=2, max_size=12, unique=True),
    st.integers(0, 100),
)


def by_run(program: Program, runs: tuple[int, ...], policy: Policy) -> dict[int, str]:
    if not runs:
        return {}
    model = Model(program, list(runs), seed=9, policies=[policy]).play()
    return dict(zip(runs, model.state.hashes(), strict=True))


@settings(max_examples=20)
@given(SPLITS)
def test_a_runs_decisions_do_not_depend_on_its_company(split: Split) -> None:
    for program, policy in (
        (border(), Dice(actors_decisions(border()))),
        (shipped("border-clash"), Dice(actors_decisions(shipped("border-clash")))),
        (shipped("border-clash"), TitForTat()),
    ):
        whole = by_run(program, split.runs, policy)
        first, second = split.runs[: split.cut], split.runs[split.cut :][::-1]
        assert by_run(program, first, policy) | by_run(program, second, policy) == whole


def drawn(*purposes: str, policy: str = "lucky", **model: Any) -> list[np.ndarray[Any, Any]]:
    found: list[np.ndarray[Any, Any]] = []

    class Lucky(Policy):
        id = policy
        takes = ("WEST/answer",)

        def decide(self, view: View) -> Chosen:
            found.extend(view.uniform(purpose) for purpose in purposes)
            return Chosen("calm")

    Model(border(), **{"runs": 2000, "seed": 1} | model, policies=[Lucky]).play(1)
    return found


def test_luck_of_a_policys_own_is_even_and_addressed() -> None:
    once, again, other = drawn("mood", "mood", "weather")
    np.testing.assert_array_equal(once, again)
    assert abs(once.mean() - 0.5) < 4 / np.sqrt(12 * 2000)
    assert abs(np.corrcoef(once, other)[0, 1]) < 0.1
    assert (drawn("mood", policy="happy")[0] != once).any()
    assert (drawn("mood", seed=2)[0] != once).any()
    np.testing.assert_array_equal(drawn("mood", runs=[70, 3])[0], once[[70, 3]])


def test_luck_of_a_policys_own_is_that_of_the_law_of_the_house() -> None:
    """Key text ACTOR/policy//purpose."""
    from sim.compile.keys import event_key  # noqa: PLC0415
    from sim.engine import luck  # noqa: PLC0415

    key = event_key("WEST/lucky//mood")
    np.testing.assert_array_equal(drawn("mood")[0], luck.uniform(1, 0, np.arange(2000), 1, key))


def test_a_trace_changes_nothing() -> None:
    program = border()
    for policy in (Same(actors_decisions(program)), Dice(actors_decisions(program))):
        traced = Model(program, 30, seed=5, trace=True, policies=[policy]).play()
        assert traced.state.hashes() == hashes(program, policy, runs=30)


def test_the_flagships_china_can_be_anothers() -> None:
    """One of its choices, decided by the highest utility alone, without luck or bias."""

    class Cold(Policy):
        id = "cold"
        takes = ("CHN/handle_pyongyang",)

        def decide(self, view: View) -> Chosen:
            return Chosen(np.argmax(view.utilities, axis=0))

    program, name = shipped(FLAGSHIP), "CHN/handle_pyongyang"
    model = Model(program, 64, seed=1, policies=[Cold()]).play(1)
    told = Model(program, 64, seed=1, policies=[Same((name,))], trace=True).play(1)
    assert told.trace is not None
    said = next(traced.said for traced in told.trace.choices if traced.choice.name == name)
    np.testing.assert_array_equal(model[f"chosen[{name}]"], 1.0 + np.argmax(said, axis=0))
    assert (model[f"chosen[{name}]"] != told[f"chosen[{name}]"]).any()
