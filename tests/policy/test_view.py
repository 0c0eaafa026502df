"""What a policy written in Python may see: what its actor's policy in YAML may, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pytest

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.model import Model
from sim.engine.policy import Answer, Chosen, Fires, Policy, Utilities
from sim.engine.state import State
from sim.engine.view import View
from sim.scenario.models import Choice
from sim.text import FoedusError
from tests.policy.worlds import border, hashes, replying
from tests.worlds import FLAGSHIP, shipped, world

Look = Callable[[View], Any]


def seen(look: Look, takes: str = "WEST/answer", turns: int = 3, **model: Any) -> list[Any]:
    """What a look at the view gave, at each call."""
    found: list[Any] = []

    class Looking(Policy):
        id = "looking"

        def decide(self, view: View) -> Answer:
            found.append(look(view))
            return Chosen("") if view.kind == "choice" else Fires(False)

    Looking.takes = (takes,)
    program = model.pop("program", None) or border()
    Model(program, **{"runs": 30, "seed": 2} | model, policies=[Looking]).play(turns)
    return found


def frozen(turn: int) -> State:
    """The state on which the actors decide in a turn."""
    model = Model(border(), 30, seed=2, trace=True, policies=[Quiet]).play(turn)
    assert model.trace is not None
    return State(model.trace.states[turn], model.runs, 2, 0, turn)


class Quiet(Policy):
    """Leaves things as they are."""

    id = "quiet"
    takes = ("WEST/answer",)

    def decide(self, view: View) -> Answer:  # noqa: ARG002 - whatever it sees
        return Chosen("")


def refused(look: Look, takes: str = "WEST/answer") -> str:
    with pytest.raises(FoedusError) as caught:
        seen(look, takes)
    (found,) = caught.value.diagnostics
    assert found.place is not None
    assert found.place.file.endswith("test_view.py")
    return str(found)


# What it sees


@pytest.mark.parametrize(
    ("expression", "row"),
    [
        ("alarm", "alarm[WEST]"),
        ("alarm[self]", "alarm[WEST]"),
        ("mood[EAST]", "mood[EAST]"),
        ("price", "price"),
        ("trust[self, EAST]", "trust[WEST, EAST]"),
        ("trust[EAST, self]", "trust[EAST, WEST]"),
        ("temper", "temper"),
        ("mix[oil]", "mix[oil]"),
        ("shells[NORTH]", "shells[NORTH]"),
        ("times(raid, EAST, self)", "times[raid, EAST, WEST]"),
    ],
)
def test_it_sees_the_variables_of_the_world(expression: str, row: str) -> None:
    values = seen(lambda view: view[expression])[-1]
    state = frozen(3)
    np.testing.assert_array_equal(values, state.values[border().rows[row]])


def test_what_the_actor_perceives_stands_in_place_of_what_is() -> None:
    values = seen(lambda view: view["shells[EAST]"])[-1]
    state, rows = frozen(3), border().rows
    np.testing.assert_array_equal(values, state.values[rows["seen[WEST/stock]"]])
    assert (values != state.values[rows["shells[EAST]"]]).any()


def test_so_it_does_in_definitions() -> None:
    worst, east, north = seen(
        lambda view: (
            view["worst"],
            view["fear[EAST]"],
            view["0.5*shells[NORTH]/100 + 0.1*lag(price, '2 months')/100"],
        )
    )[-1]
    np.testing.assert_array_equal(worst, np.where(north > east, north, east))
    state, rows = frozen(3), border().rows
    lag = state.values[rows["price@2"]]
    perceived = state.values[rows["seen[WEST/stock]"]]
    np.testing.assert_array_equal(east, 0.5 * perceived / 100 + 0.1 * lag / 100)


def test_only_the_one_who_perceives_sees_so() -> None:
    values = seen(lambda view: view["shells[EAST]"], "NORTH/boast", turns=4)[-1]
    np.testing.assert_array_equal(values, frozen(4).values[border().rows["shells[EAST]"]])


def test_conditions_are_truth_values_and_constants_have_every_run() -> None:
    holds, happened, after, one = seen(
        lambda view: (
            view["holds(self, answer, calm)"],
            view["happened(raid, any, self)"],
            view["after('2030-02-01')"],
            view["1"],
        )
    )[-1]
    assert [part.dtype.kind for part in (holds, happened, after, one)] == ["b", "b", "b", "f"]
    assert holds.all()
    assert after.all()
    assert one.shape == holds.shape == (30,)
    rows = border().rows
    acts = sum(frozen(3).values[row] for name, row in rows.items() if name.startswith("acts[raid"))
    np.testing.assert_array_equal(happened, acts > 0)


def test_names_bound_by_the_decision_have_their_meaning() -> None:
    bound, alarm = seen(lambda view: (view.bindings, view["alarm[x]"]), "EAST/probe/x=WEST")[0]
    assert bound == {"x": "WEST"}
    assert alarm.shape == (30,)


def test_it_knows_who_decides_what_and_when() -> None:
    first, *_, last = seen(
        lambda view: (view.actor, view.decision, view.turn, view.label, view.date, view.dt, view.elapsed)
    )
    assert first == ("WEST", "answer", 1, "Jan 2030", date(2030, 1, 1), 31 / 365.25, 0.0)
    assert last[2:] == (3, "Mar 2030", date(2030, 3, 1), 31 / 365.25, 59 / 365.25)


def test_it_knows_the_choice() -> None:
    options, available, standing, temperature, takes, asked, utilities, alarm = seen(
        lambda view: (
            view.options,
            view.available,
            view.standing,
            view.temperature,
            view.takes,
            view.asked,
            view.utilities,
            view["alarm"],
        )
    )[-1]
    assert options == ("calm", "firm", "flee")
    np.testing.assert_array_equal(available, [np.full(30, True), np.full(30, True), alarm > 0.45])
    assert (standing == 0).all()
    assert (temperature == 0.3).all()
    assert takes == 1
    assert asked.all()
    np.testing.assert_array_equal(utilities[0], np.full(30, 0.5))
    np.testing.assert_array_equal(utilities[2], np.where(alarm > 0.45, 1 / alarm, -np.inf))


def test_a_choice_that_has_not_been_taken_stands_nowhere() -> None:
    program = shipped("first-steps")
    (standing,) = seen(lambda view: view.standing, "SOUTH/answer", turns=1, program=program)
    assert (standing == -1).all()


def test_it_knows_in_which_runs_it_is_asked() -> None:
    asked, raids = seen(lambda view: (view.asked, view["times(raid, any, self)"]), "WEST/speak", turns=6)[-1]
    assert asked.any()
    assert not asked.all()
    assert (raids[asked] > 1).all()


def test_it_knows_the_rates_of_rules() -> None:
    rate, temper, kind = seen(lambda view: (view.rate, view["temper"], view.kind), "EAST/strike")[0]
    np.testing.assert_array_equal(rate, 3 * temper)
    assert kind == "chance"


def test_everything_stands_as_it_did_before_anyone_decided() -> None:
    """EAST has fired by the time WEST is asked, yet WEST sees the state before."""
    values = seen(lambda view: view["shells[NORTH]"])[1]
    np.testing.assert_array_equal(values, frozen(2).values[border().rows["shells[NORTH]"]])


# What it may not see


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("seen[WEST]", "unknown name 'seen'"),
        ("error", "unknown name 'error'"),
        ("alarm_level", "the indicator 'alarm_level' can be asked for in outcomes only"),
        ("outcome", "unknown name 'outcome'"),
        ("panic", "unknown name 'panic'"),
        ("fired", "unknown name 'fired'"),
        ("chosen", "unknown name 'chosen'"),
        ("alarn", "unknown name 'alarn'; expected a name of the scenario; did you mean 'alarm'?"),
        ("shells", "whose 'shells' is meant is not clear; expected shells[EAST], or another actor's"),
        ("shells[EAS]", "did you mean 'EAST'?"),
        ("shells[WEST]", "WEST has no 'shells'"),
        ("holds(EAST, answer, calm)", "EAST has no choice 'answer'"),
        ("alarm +", "a value is missing after '+'"),
        ("__import__('os')", "there is no function '__import__'"),
        (
            "lag(alarm, '3 months')",
            "alarm[WEST] is asked for 3 turns back, and of it the scenario remembers no",
        ),
        (
            "lag(price, '1 year')",
            "price is asked for 12 turns back, and of it the scenario remembers no more",
        ),
        ("1/(alarm - alarm)", "division by zero in it: run 0, turn 1 (Jan 2030)"),
    ],
)
def test_what_it_may_not_see_is_refused_with_the_nearest_name(expression: str, told: str) -> None:
    said = refused(lambda view: view[expression])
    who = "policy looking (tests.policy.test_view:seen.<locals>.Looking)"
    assert f"{who}, deciding WEST/answer in turn 1 (Jan 2030): asks for '" in said
    assert "as WEST: " in said
    assert told in said


def test_units_must_agree_as_in_the_scenario() -> None:
    program = world("""
foedus: 1
id: barter
title: Barter
clock: {start: 2030-01-01, turn: month, turns: 2}
actors:
  A: {name: A, policy: p, attributes: {shells: {initial: 5, unit: rounds}, grain: {initial: 3, unit: t}}}
policies: {p: {rules: {eat: {every: month, effects: ["grain -= grain/2"]}}}}
""")
    (sums,) = seen(lambda view: view["shells + shells"], "A/eat", turns=1, program=program)
    assert (sums == 10.0).all()
    with pytest.raises(FoedusError) as caught:
        seen(lambda view: view["shells + grain"], "A/eat", program=program)
    assert "asks for 'shells + grain' as A: " in str(caught.value)
    assert "rounds" in str(caught.value)


@pytest.mark.parametrize(
    ("look", "told"),
    [
        (lambda view: view.utilites, "asks its view for 'utilites' as WEST"),
        (lambda view: view.outcomes, "asks its view for 'outcomes' as WEST"),
        (lambda view: view[3], "asks for '3' as WEST"),
        (lambda view: view.option("form"), "did you mean 'firm'?"),
        (lambda view: view.rate, "asks for the rate of WEST/answer, which is a choice"),
        (lambda view: view.uniform(""), "asks for luck for ''"),
        (lambda view: view.uniform("a/b"), "asks for luck for 'a/b'"),
        (lambda view: view.uniform(3), "asks for luck for '3'"),
    ],
)
def test_so_is_what_a_view_has_not(look: Look, told: str) -> None:
    assert told in refused(look)


def test_a_misspelt_part_of_a_view_is_told_with_the_nearest_one() -> None:
    assert refused(lambda view: view.utilites).endswith("did you mean 'utilities'?")


@pytest.mark.parametrize("part", ["options", "available", "utilities", "standing", "temperature", "takes"])
def test_a_rule_has_no_parts_of_a_choice(part: str) -> None:
    assert f"asks for the {part} of EAST/strike, which is a rule" in refused(
        lambda view: getattr(view, part), "EAST/strike"
    )


def test_a_rule_that_has_no_rate_says_so() -> None:
    assert "the rate of EAST/boast, which is a rule of the kind cadence" in refused(
        lambda view: view.rate, "EAST/boast"
    )


def test_nothing_that_is_seen_can_be_written_to() -> None:
    def write(name: str) -> Look:
        def look(view: View) -> None:
            array = view["alarm"] if name == "alarm" else getattr(view, name)
            array[...] = 0

        return look

    for name in ("alarm", "utilities", "available", "standing", "asked", "temperature"):
        said = refused(write(name))
        assert "raised ValueError: " in said
        assert "read-only" in said
        assert "expected a copy of what the view gives" in said


def test_not_even_by_force() -> None:
    """Whoever makes an array writeable changes their own copy."""

    def look(view: View) -> None:
        array = view["price"]
        array.flags.writeable = True
        array[...] = 1e6

    program = border()
    found = seen(look)
    assert len(found) == 3
    model = Model(program, 30, seed=2, policies=[Quiet]).play(3)
    assert (model["price"] < 1000).all()


def test_a_view_ends_with_its_decision() -> None:
    kept: list[View] = []

    def look(view: View) -> None:
        kept.append(view)

    seen(look, turns=1)
    for ask in (lambda: kept[0]["alarm"], lambda: kept[0].utilities, lambda: kept[0].uniform("x")):
        with pytest.raises(FoedusError, match="asks a view whose decision is over"):
            ask()


def test_what_is_read_stays_as_it_was() -> None:
    """Arrays are copies: a policy that keeps one, against the rules, keeps the past."""
    kept = seen(lambda view: view["price"], turns=3)
    for turn, values in enumerate(kept, 1):
        np.testing.assert_array_equal(values, frozen(turn).values[border().rows["price"]])


# All that the scenario's own policies say


class Quoting(Policy):
    """Says of every choice what the scenario says, in the scenario's own words."""

    id = "quoting"
    program: ClassVar[Program]

    def decide(self, view: View) -> Answer:
        part = wording(self.program, f"{view.actor}/{view.decision}")
        assert isinstance(part, Choice)
        told = [view[part.options[option].utility.source] for option in view.options]
        return Utilities(np.array(told, dtype=float))


def wording(program: Program, name: str) -> object:
    """A choice as the file has it; None for what no policy says."""
    decision, scenario = program.decisions[name], program.scenario
    assert scenario is not None
    if not isinstance(decision, pr.Choice) or decision.path[0] != "policies":
        return None
    if decision.path[2] != "choices":  # a ballot
        return None
    choice = scenario.model.policies[str(decision.path[1])].choices[str(decision.path[3])]
    # Gains and losses are weighed beside what an option says, and only by what is written in YAML.
    return None if choice.reference else choice


@pytest.mark.parametrize(
    "make", [lambda: shipped(FLAGSHIP), lambda: shipped("border-clash"), border, replying]
)
def test_whatever_the_scenario_says_a_policy_can_say_in_its_words(make: Callable[[], Program]) -> None:
    program = make()
    choices = tuple(name for name in program.decisions if wording(program, name) is not None)
    assert choices
    Quoting.takes = choices
    Quoting.program = program
    assert hashes(program, Quoting(), runs=30) == hashes(program, runs=30)
