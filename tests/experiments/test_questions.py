"""Every question of the ledger is asked of the flagship, once, by an experiment that can be played."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from sim.analysis.experiments import answer, prepare
from sim.compile import Program, compile_scenario
from sim.compile.program import Choice
from sim.engine.orders import Order, checked
from sim.evidence import load_evidence
from sim.scenario.experiment import Arm, Experiment, ExperimentModel, Turns, load_experiment
from sim.text import Diagnostics, Mapping, read_document
from sim.text import checked as read_as
from tests.worlds import FLAGSHIP, SCENARIOS, shipped

FOLDER = SCENARIOS / "experiments"
FILES = tuple(sorted(path.stem for path in FOLDER.glob("q*.yaml")))
PAGE = Path(__file__).parents[2] / "docs" / "experiments.md"
BLOCK = re.compile(r"^```yaml\n(experiment: .*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def stated(name: str) -> ExperimentModel:
    """An experiment as its file states it, without the scenarios of its arms."""
    problems = Diagnostics()
    root = read_document(FOLDER / f"{name}.yaml", f"{name}.yaml")
    assert isinstance(root, Mapping)
    model = read_as(ExperimentModel, root, problems)
    problems.raise_if_errors()
    assert model is not None
    return model


# The others differ from the flagship by orders and parameters alone, which are held against it below.
CHANGED = tuple(
    name for name in FILES if any(arm.change or arm.doctrines for arm in stated(name).arms.values())
)


def turns_of(stated: Turns) -> Iterable[int]:
    """In two years of months; those that are due are timely by themselves."""
    if isinstance(stated, tuple):
        return stated
    return range(1, 25) if stated == "all" else ()


def orders_of(experiment: ExperimentModel, arm: str) -> list[Order]:
    return [
        Order(turn, order.actor, order.decision, order.option)
        for order in experiment.arms[arm].orders
        for turn in turns_of(order.turns)
    ]


def test_every_question_has_one_experiment_and_every_experiment_a_question() -> None:
    questions = load_evidence(SCENARIOS.parent / "seeds").questions
    assert sorted(str(stated(name).question) for name in FILES) == sorted(questions)


@pytest.mark.parametrize("name", FILES)
def test_an_experiment_is_named_after_its_question_and_asks_the_flagship(name: str) -> None:
    model = stated(name)
    assert model.experiment == name
    assert name.startswith(f"{model.question}-")
    assert model.scenario == f"../{FLAGSHIP}.yaml"
    assert model.about
    assert all(arm.title for arm in model.arms.values())


@pytest.mark.parametrize("name", FILES)
def test_what_an_experiment_watches_is_in_the_flagship_and_answers_its_question(name: str) -> None:
    """One observable of the ledger has another name among the indicators."""
    model, world = stated(name), shipped(FLAGSHIP)
    watched = set(model.indicators or ())
    assert watched <= {indicator.id for indicator in world.indicators}
    assert set(model.outcomes or ()) <= {outcome.id for outcome in world.outcomes}
    observed = load_evidence(SCENARIOS.parent / "seeds").questions[str(model.question)].observables
    assert {"war_intensity_index" if each == "war_intensity" else each for each in observed} <= watched


@pytest.mark.parametrize("name", [name for name in FILES if name not in CHANGED])
def test_orders_and_parameters_of_an_arm_fit_the_flagship(name: str) -> None:
    model, world = stated(name), shipped(FLAGSHIP)
    for id_, arm in model.arms.items():
        assert_timely(world, orders_of(model, id_))
        assert set(arm.parameters) <= {parameter.id for parameter in world.parameters}
        assert arm.orders or arm.parameters, f"{id_} changes nothing"


@pytest.mark.parametrize("name", CHANGED)
def test_arms_that_change_the_flagship_compile(name: str) -> None:
    experiment = load_experiment(FOLDER / f"{name}.yaml")
    for arm in experiment.arms[1:]:
        assert_timely(world_of(experiment, arm), orders_of(experiment.model, arm.id))


def world_of(experiment: Experiment, arm: Arm) -> Program:
    """The flagship as an arm has it; compiled anew only where the arm changes it."""
    same = arm.scenario.model == experiment.arms[0].scenario.model
    return shipped(FLAGSHIP) if same else compile_scenario(arm.scenario)


def assert_timely(world: Program, orders: list[Order]) -> None:
    """An order has a choice taken even if it is not due: no arm takes one more often than its policy may."""
    checked(world, orders)
    for order in orders:
        decision = world.decisions[order.name]
        if isinstance(decision, Choice) and decision.due is not None:
            assert decision.due[order.turn] == 1, f"{order.name} is not due in turn {order.turn}"


def test_the_example_of_the_page_is_played(tmp_path: Path) -> None:
    (text,) = BLOCK.findall(PAGE.read_text("utf-8"))
    path = tmp_path / "quiet-bear.yaml"
    path.write_text(text.replace("scenario: ../", f"scenario: {SCENARIOS.as_posix()}/"), "utf-8")
    found = answer(prepare(load_experiment(path)), runs=60)
    assert [arm.id for arm in found.arms] == ["fewer_probes", "friends", "half_a_year_off"]
    assert all(any(effect.paired.difference for effect in arm.indicators) for arm in found.arms)
