"""The oracle against small worlds worked out by hand, and against closed forms over many runs."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml

from sim.scenario import parse_scenario
from tests.oracle import arithmetic, luck
from tests.oracle.board import Board, prepare
from tests.oracle.faults import Fault, OracleError
from tests.oracle.interpreter import Order, State, play, state_hash

Part = dict[str, Any]


def board(
    *, clock: Part | None = None, aaa: Part | None = None, policy: Part | None = None, **parts: Any
) -> Board:
    """Three actors, of which AAA has the policy `mind`."""
    scenario = {
        "foedus": 1,
        "id": "small",
        "title": "A small world",
        "clock": {"start": "2024-01-01", "turn": "month", "turns": 12} | (clock or {}),
        "actors": {
            "AAA": {"name": "A", "policy": "mind", "tags": "rich"} | (aaa or {}),
            "BBB": {"name": "B", "attributes": {"strength": 0.5}, "tags": ["rich", "calm"]},
            "CCC": {"name": "C", "attributes": {"strength": 0.25}, "tags": "calm"},
        },
        "policies": {"mind": policy or {}},
        **parts,
    }
    return prepare(parse_scenario(yaml.safe_dump(scenario, sort_keys=False)))


def values(states: list[State], row: str) -> list[float]:
    return [state[row] for state in states]


def share(ready: Board, row: str, turn: int, runs: int = 2000) -> float:
    """In what share of the runs the row is above 0 after the turn."""
    return sum(play(ready, seed=5, run=run, turns=turn)[turn][row] > 0 for run in range(runs)) / runs


def near(found: float, wanted: float, runs: int = 2000) -> bool:
    """Within four standard errors of a share."""
    return abs(found - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / runs)


def indicator(value: str, **parts: Any) -> list[float]:
    """The indicator from turn 0 to 2."""
    return values(play(board(indicators={"it": value}, **parts), seed=1, run=0, turns=2), "it")


# --- chances, counts and campaigns --------------------------------------------------------------------------


def test_a_chance_is_a_rate_over_the_days_of_the_turn() -> None:
    ready = board(policy={"rules": {"strike": {"chance": {"per": "year", "rate": 3}}}})
    dt = 29 / 365.25  # February 2024
    assert near(share(ready, "fired[AAA/strike]", 2), 1 - math.exp(-3 * dt))


def test_the_draw_is_the_word_at_the_address_of_the_rule() -> None:
    ready = board(policy={"rules": {"strike": {"chance": {"per": "year", "rate": 3}, "luck_key": "old"}}})
    key = luck.event_key("AAA/old//fires")
    for run in range(40):
        u = luck.uniform(5, 2, run, 1, key)
        fired = play(ready, seed=5, stream=2, run=run, turns=1)[1]["fired[AAA/strike]"]
        assert fired == (u < 1 - arithmetic.exp(-(3 * 1.0 * (31 / 365.25))))


def test_counts_have_their_mean_and_the_variance_of_the_negative_binomial() -> None:
    count = {"per": "year", "mean": 24, "size": 12}
    ready = board(clock={"turn": "year", "turns": 1}, policy={"rules": {"fire": {"count": count}}})
    counts = [play(ready, seed=5, run=run)[1]["fired[AAA/fire]"] for run in range(2000)]
    mean = sum(counts) / 2000
    dt = 366 / 365.25
    wanted = 24 * dt + (24 * dt) ** 2 / (12 * dt)
    assert mean == pytest.approx(24 * dt, abs=4 * math.sqrt(wanted / 2000))
    assert sum((count - mean) ** 2 for count in counts) / 2000 == pytest.approx(wanted, rel=0.15)


def test_a_campaign_is_on_for_its_share_of_the_time() -> None:
    rule = {"count": {"per": "day", "mean": 5}, "campaign": {"per": "month", "starts": 1, "ends": 3}}
    ready = board(policy={"rules": {"fire": rule}})
    assert near(share(ready, "campaign[AAA/fire]", 12), 1 / 4)
    off = [state for state in play(ready, seed=5, run=0) if state["campaign[AAA/fire]"] == 0]
    assert off
    assert all(state["fired[AAA/fire]"] == 0 for state in off)


def test_a_once_rule_fires_once_and_a_cadence_when_it_is_due() -> None:
    rules = {"sign": {"once": True, "when": "elapsed > 0.2"}, "meet": {"every": "quarter"}}
    states = play(board(policy={"rules": rules}), seed=1, run=0)
    assert values(states, "fired[AAA/sign]") == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert values(states, "ever[AAA/sign]") == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert values(states, "fired[AAA/meet]") == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]


def test_a_count_with_too_great_a_mean_is_an_error_that_says_where() -> None:
    ready = board(policy={"rules": {"fire": {"count": {"per": "day", "mean": 17}}}})
    with pytest.raises(OracleError, match=r"run 3, turn 1: AAA/fire: the mean of a count is 527") as caught:
        play(ready, seed=1, run=3)
    assert (caught.value.run, caught.value.turn) == (3, 1)


# --- choices ------------------------------------------------------------------------------------------------


def choice(**parts: Any) -> Part:
    options = {"act": {"utility": 0.3}, "wait": {"utility": 0}}
    return {"every": "month", "temperature": 0.5, "options": options} | parts


def test_options_are_chosen_in_the_shares_of_a_softmax() -> None:
    ready = board(policy={"choices": {"course": choice()}})
    chosen = [play(ready, seed=5, run=run, turns=1)[1]["chosen[AAA/course]"] for run in range(2000)]
    assert near(chosen.count(1) / 2000, math.exp(0.6) / (math.exp(0.6) + 1))
    assert set(chosen) == {1.0, 2.0}


def test_without_temperature_the_best_is_chosen_and_the_first_of_equals() -> None:
    equal = {"zeal": {"utility": 1}, "calm": {"utility": 1}, "none": {"utility": 3, "when": "elapsed > 1"}}
    ready = board(policy={"choices": {"course": choice(temperature=0, options=equal)}})
    assert values(play(ready, seed=1, run=0, turns=2), "chosen[AAA/course]") == [0, 1, 1]


def test_the_standing_option_is_favoured_and_stays_when_the_matter_rests() -> None:
    options = {"act": {"utility": "1 if elapsed == 0 else 0"}, "wait": {"utility": 0.5}}
    bias = {"option": "standing", "bias": 0.75}
    course = choice(every="quarter", temperature=0, options=options, status_quo=bias, initial="wait")
    states = play(board(policy={"choices": {"course": course}}), seed=1, run=0, turns=5)
    assert values(states, "standing[AAA/course]") == [2, 2, 2, 2, 2, 2]  # 0.5 + 0.75 beats 1
    course["status_quo"] = {"option": "act", "bias": 0.6}
    states = play(board(policy={"choices": {"course": course}}), seed=1, run=0, turns=5)
    assert values(states, "chosen[AAA/course]") == [0, 1, 0, 0, 1, 0]
    assert values(states, "standing[AAA/course]") == [2, 1, 1, 1, 1, 1]


def test_a_matter_due_twice_is_taken_twice_on_one_state() -> None:
    aaa = {"attributes": {"zeal": 0}, "policy": "mind"}
    options = {"act": {"utility": "1 - zeal", "effects": "zeal += 1"}, "wait": {"utility": 0.5}}
    course = choice(every="month", temperature=0, options=options, several=True)
    ready = board(clock={"turn": "quarter", "turns": 2}, aaa=aaa, policy={"choices": {"course": course}})
    states = play(ready, seed=1, run=0)
    assert values(states, "zeal[AAA]") == [0, 3, 3]
    assert values(states, "chosen[AAA/course]") == [0, 1, 2]


def test_a_negative_temperature_is_an_error() -> None:
    with pytest.raises(OracleError, match="turn 2: AAA/course: the temperature is -1"):
        play(
            board(policy={"choices": {"course": choice(temperature="0 if elapsed == 0 else -1")}}),
            seed=1,
            run=0,
        )


# --- effects ------------------------------------------------------------------------------------------------


def after_effects(start: float, *effects: Any, bounds: list[float] | None = None) -> float:
    """AAA's zeal after one turn in which each effect belongs to a rule of its own."""
    rules = {f"r{index}": {"once": True, "effects": [effect]} for index, effect in enumerate(effects)}
    attribute: Part = {"initial": start}
    if bounds:
        attribute["range"] = bounds
    aaa = {"attributes": {"zeal": attribute}, "policy": "mind"}
    return play(board(aaa=aaa, policy={"rules": rules}), seed=1, run=0, turns=1)[1]["zeal[AAA]"]


def test_effects_are_summed_in_order_and_clamped_once() -> None:
    assert after_effects(0.5, "zeal += 0.75", "zeal -= 0.5", bounds=[0, 1]) == 0.75
    assert after_effects(0.5, "zeal += 0.75", bounds=[0, 1]) == 1
    assert after_effects(0, "zeal += 1e16", "zeal += 1", "zeal -= 1e16") == (1e16 + 1) - 1e16
    assert after_effects(1e16, "zeal += 1", "zeal += 1") == 1e16 + 2  # the base comes last


def test_the_set_of_the_highest_priority_is_the_base() -> None:
    low, high = {"effect": "zeal = 5"}, {"effect": "zeal = zeal + 2", "priority": 1}
    assert after_effects(1, low, high, "zeal += 0.5") == 3.5
    assert after_effects(1, high, low, "zeal += 0.5") == 3.5


def test_an_action_acts_on_its_target_with_its_arguments() -> None:
    rule = {"once": True, "do": [{"press": {"target": "BBB", "force": "zeal * 2"}}, "rest"]}
    press = {"to": "one actor", "takes": {"force": 1, "much": 0.25}}
    press["effects"] = ["trust[target, self] -= force * much", "strength[target] += 1", "zeal = 0"]
    states = play(
        board(
            aaa={"attributes": {"zeal": 4}},
            policy={"rules": {"go": rule}},
            actions={"press": press, "rest": {}},
            relations={"trust": {"symmetric": True, "default": 1}},
            indicators={"pressed": "1 if happened(press, any, BBB) and not happened(press, BBB) else 0"},
        ),
        seed=1,
        run=0,
        turns=2,
    )
    assert values(states, "trust[AAA, BBB]") == [1, -1, -1]
    assert values(states, "trust[AAA, CCC]") == [1, 1, 1]
    assert values(states, "strength[BBB]") == [0.5, 1.5, 1.5]
    assert values(states, "acts[press, AAA, BBB]") == [0, 1, 0]
    assert values(states, "times[press, AAA, BBB]") == [0, 1, 1]
    assert values(states, "acts[rest, AAA]") == [0, 1, 0]
    assert values(states, "pressed") == [0, 1, 0]


def test_a_count_multiplies_what_it_adds() -> None:
    rule = {"count": {"per": "month", "mean": 3}, "do": ["fire"], "effects": "zeal -= 0.1"}
    ready = board(aaa={"attributes": {"zeal": 0}}, policy={"rules": {"go": rule}}, actions={"fire": {}})
    state = play(ready, seed=1, run=0, turns=1, orders=[Order(1, "AAA", "go", "7")])[1]
    assert state["zeal[AAA]"] == -(0.1 * 7)
    assert state["acts[fire, AAA]"] == state["times[fire, AAA]"] == state["fired[AAA/go]"] == 7


# --- perception ---------------------------------------------------------------------------------------------


def test_policies_read_what_is_seen_and_effects_what_is() -> None:
    policy = {
        "perceives": {"eye": {"of": "strength[BBB]", "lag": "1 month"}},
        "rules": {"copy": {"every": "month", "when": "strength[BBB] < 2", "effects": "zeal = strength[BBB]"}},
    }
    dynamics = {"grow": {"of": "strength[BBB]", "drift": {"per": "month", "rate": "12 * 30.4375"}}}
    ready = board(aaa={"attributes": {"zeal": -1}}, policy=policy, dynamics=dynamics)
    states = play(ready, seed=1, run=0, turns=3)
    strength = values(states, "strength[BBB]")
    assert strength[1] == 0.5 + (12 * 30.4375) * 12.0 * (31 / 365.25)
    assert values(states, "seen[AAA/eye]") == [0.5, 0.5, strength[1], strength[2]]
    assert values(states, "zeal[AAA]") == [-1, 0.5, 0.5, 0.5]  # from turn 2 on it sees more than 2
    assert values(states, "strength[BBB]@1") == strength


def test_an_error_of_perception_keeps_its_spread_whatever_the_clock() -> None:
    eye = {"of": "strength[BBB]", "noise": 2, "half_life": "1 month"}
    for turn in ("week", "quarter"):
        ready = board(clock={"turn": turn, "turns": 4}, policy={"perceives": {"eye": eye}})
        last = [play(ready, seed=5, run=run)[-1] for run in range(1000)]
        errors = [state["error[AAA/eye]"] for state in last]
        assert sum(errors) / 1000 == pytest.approx(0, abs=4 * 2 / math.sqrt(1000))
        assert sum(error**2 for error in errors) / 1000 == pytest.approx(4, rel=4 * math.sqrt(2 / 1000))
        assert all(state["seen[AAA/eye]"] == 0.5 + state["error[AAA/eye]"] for state in last)


# --- dynamics -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("turn", "turns"), [("week", 26), ("quarter", 2)])
def test_a_pull_with_noise_is_exact_on_any_clock(turn: str, turns: int) -> None:
    entry = {"of": "zeal[AAA]", "towards": 1, "half_life": "6 months", "noise": 0.5}
    ready = board(
        clock={"turn": turn, "turns": turns},
        aaa={"attributes": {"zeal": 3}},
        dynamics={"calm": entry},
    )
    years = ready.names.calendar.elapsed(turns) + ready.names.calendar.dt(turns)
    theta = math.log(2) / 0.5
    mean = 1 + 2 * math.exp(-theta * years)
    variance = 0.25 * (1 - math.exp(-2 * theta * years)) / (2 * theta)
    ends = [play(ready, seed=5, run=run)[-1]["zeal[AAA]"] for run in range(1000)]
    assert sum(ends) / 1000 == pytest.approx(mean, abs=4 * math.sqrt(variance / 1000))
    spread = sum((end - mean) ** 2 for end in ends) / 1000
    assert spread == pytest.approx(variance, rel=4 * math.sqrt(2 / 1000))


def test_growth_and_drift_follow_the_days() -> None:
    dynamics = {
        "boom": {"of": "strength[BBB]", "growth": {"per": "year", "rate": 0.1}},
        "creep": {"of": "strength[CCC]", "drift": {"per": "quarter", "rate": 0.25}},
        "crawl": {"of": "strength[CCC]", "drift": {"per": "year", "rate": -0.5}},
    }
    state = play(board(dynamics=dynamics), seed=1, run=0)[-1]
    assert state["strength[BBB]"] == pytest.approx(0.5 * math.exp(0.1 * 366 / 365.25))
    assert state["strength[CCC]"] == pytest.approx(0.25 + 0.5 * 366 / 365.25)


def test_drift_beside_a_pull_settles_where_they_balance() -> None:
    dynamics = {
        "calm": {"of": "strength[BBB]", "towards": 2, "half_life": "1 week"},
        "push": {"of": "strength[BBB]", "drift": {"per": "year", "rate": 3}},
    }
    state = play(board(dynamics=dynamics), seed=1, run=0)[-1]
    assert state["strength[BBB]"] == pytest.approx(2 + 3 * (7 / 365.25) / math.log(2))


# --- expressions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("2 ** 3 ** 2 - 7 / 2 + -1", 507.5),
        ("min(3, 1, 2) + max(3, 1, 2) * clamp(5, 0, 2)", 7),
        ("mean(strength[x] for x in calm)", 0.375),
        ("sum(strength[x] for x in actors if has(x, strength) and x != CCC)", 0.5),
        ("count(x in rich for x in actors) + sum(1 for x in rich if x not in calm)", 3),
        ("1 if any(strength[x] > 0.4 for x in calm) and not all(strength[x] > 0.4 for x in calm) else 0", 1),
        ("sum(1 for x in rich if x in calm and x in rich and x == AAA)", 0),
        ("(1 < 2 < 3) + (1 < 2 > 3)", 1),
        ("0 if 1 > 2 or 1 / 1 < 0 else 4 if 0 > 1 and 1 / 0 > 1 else 5", 5),
        ("floor(-0.5) + ceil(1.5) + abs(-2) + sqrt(9) + round_trip", 6 + 0.25),
        ("1 if after('2024-02-01') else 0", 0),
        ("ready[BBB] + ready[CCC]", 1.75),
    ],
)
def test_expressions_mean_what_they_say(expression: str, wanted: float) -> None:
    definitions = {
        "round_trip": "log(exp(1)) - 1 + logistic(0) / 2",
        "ready": {"of": ["x"], "value": "strength[x] * 2 + (strength[x] if x == CCC else 0)"},
    }
    assert indicator(expression, definitions=definitions)[0] == pytest.approx(wanted, abs=1e-15)


def test_time_in_expressions_is_that_of_the_first_day() -> None:
    assert indicator("elapsed") == [0, 0, 31 / 365.25]
    assert indicator("1 if after('2024-02-01') else 0") == [0, 0, 1]


LAGS = {"months": "2 months", "three_weeks": "3 weeks", "two_weeks": "2 weeks"}


def test_lag_holds_the_initial_value_before_the_start() -> None:
    dynamics = {"grow": {"of": "strength[BBB]", "drift": {"per": "month", "rate": 1}}}
    late = {name: f"lag(strength[BBB], '{lag}')" for name, lag in LAGS.items()}
    states = play(board(dynamics=dynamics, indicators=late), seed=1, run=0, turns=5)
    strength = values(states, "strength[BBB]")
    assert values(states, "months") == [0.5, 0.5, *strength[:-2]]
    assert values(states, "three_weeks") == [0.5, *strength[:-1]]  # nearer to one turn than to none
    assert values(states, "two_weeks") == strength
    assert values(states, "strength[BBB]@2") == [0.5, *strength[:-1]]


def test_recent_counts_what_was_done_of_late() -> None:
    rule = {"every": "month", "do": "test", "when": "elapsed < 0.25"}
    recent = {"it": "recent(test, any, '2 months')", "all": "times(test, AAA)"}
    ready = board(policy={"rules": {"go": rule}}, actions={"test": {}}, indicators=recent)
    states = play(ready, seed=1, run=0, turns=6)
    assert values(states, "all") == [0, 1, 2, 3, 4, 4, 4]
    assert values(states, "it") == [0, 1, 2, 2, 2, 1, 0]


@pytest.mark.parametrize("expression", ["1 / (elapsed * 0)", "log(0 - elapsed)", "sqrt(-1)", "exp(1000)"])
def test_what_has_no_value_is_an_error(expression: str) -> None:
    with pytest.raises(OracleError, match="run 0, turn 0: it: "):
        indicator(expression)


@pytest.mark.parametrize(
    "expression",
    ["strength[AAA]", "unknown", "mean(strength[x] for x in actors if x == x and x != x)", "(1 if 1 else 2)"],
)
def test_what_makes_no_sense_is_a_fault(expression: str) -> None:
    with pytest.raises(Fault):
        board(indicators={"it": expression})


# --- parameters and the start -------------------------------------------------------------------------------


def test_parameters_are_drawn_once_at_their_address() -> None:
    parameters = {
        "boldness": {"distribution": {"uniform": [2, 4]}, "range": [2.5, 4]},
        "share": {"distribution": {"dirichlet": {"oil": 1, "arms": 2}}},
        "fixed": 3,
    }
    ready = board(parameters=parameters, world={"attributes": {"heat": "boldness * fixed + share[oil]"}})
    for run in range(5):
        states = play(ready, seed=5, run=run, turns=1)
        u = luck.uniform(5, 0, run, -1, luck.event_key("parameters/boldness//value"))
        assert values(states, "boldness") == [max(2 + u * 2, 2.5)] * 2
        assert states[0]["share[oil]"] + states[0]["share[arms]"] == pytest.approx(1)
        assert states[0]["heat"] == states[0]["boldness"] * 3 + states[0]["share[oil]"]


def test_relations_start_with_their_pairs_or_their_default() -> None:
    relations = {
        "trust": {"symmetric": True, "default": 0.5, "pairs": {"BBB": {"AAA": 0.75}}},
        "trade": {"range": [0, 1], "pairs": {"BBB": {"AAA": {"value": 3}}}},
    }
    state = play(board(relations=relations), seed=1, run=0, turns=0)[0]
    trust = {row: value for row, value in state.items() if row.startswith("trust")}
    assert trust == {"trust[AAA, BBB]": 0.75, "trust[AAA, CCC]": 0.5, "trust[BBB, CCC]": 0.5}
    assert sum(row.startswith("trade") for row in state) == 6
    assert (state["trade[AAA, BBB]"], state["trade[BBB, AAA]"]) == (0, 1)


# --- nature, outcomes, orders -------------------------------------------------------------------------------


def test_injects_happen_on_their_day_and_world_rules_with_them() -> None:
    injects = {
        "quake": {"at": "2024-02-29", "effects": "strength[BBB] = 0"},
        "maybe": {"at": "2024-04-01", "probability": 0.25},
    }
    world = {"rules": {"storm": {"for": {"x": "each calm"}, "once": True, "effects": "strength[x] += 1"}}}
    ready = board(injects=injects, world=world)
    states = play(ready, seed=1, run=0, turns=3)
    assert values(states, "fired[injects/quake]") == [0, 0, 1, 0]
    assert values(states, "strength[BBB]") == [0.5, 1.5, 0, 0]
    assert values(states, "fired[world/storm/x=CCC]") == [0, 1, 0, 0]
    assert near(share(ready, "fired[injects/maybe]", 4), 0.25)


def test_outcomes_come_about_within_their_dates() -> None:
    outcomes = {
        "early": {"title": "e", "happens": "elapsed >= 0", "by": "2024-06-01"},
        "later": {"title": "l", "happens": "elapsed >= 0", "from": "2024-03-01", "by": "2024-06-01"},
        "never": {"title": "n", "happens": "elapsed > 0.5", "by": "2024-06-30"},
        "then": {"title": "t", "holds": "elapsed > 0.3", "at": "2024-06-15"},
    }
    state = play(board(outcomes=outcomes), seed=1, run=0)[-1]
    found = {name: state[f"outcome.{name}"] for name in outcomes}
    assert found == {"early": 1, "later": 3, "never": 0, "then": 6}


def test_orders_overrule_without_moving_any_draw() -> None:
    rule = {"chance": {"per": "month", "rate": 0.5}}
    ready = board(policy={"rules": {"strike": rule | {"when": "elapsed > 9"}, "free": rule}})
    orders = [Order(2, "AAA", "strike", "do"), Order(3, "AAA", "free", "refrain")]
    plain = play(ready, seed=1, run=0)
    ordered = play(ready, seed=1, run=0, orders=orders)
    assert values(ordered, "fired[AAA/strike]") == [0, 0, 1] + [0] * 10
    free = values(plain, "fired[AAA/free]")
    assert values(ordered, "fired[AAA/free]") == [*free[:3], 0, *free[4:]]


def test_the_hash_tells_states_apart_and_minus_zero_not() -> None:
    assert state_hash({"a": 0.0, "b": 1.0}, 3) == state_hash({"b": 1.0, "a": -0.0}, 3)
    assert state_hash({"a": 0.0}, 3) != state_hash({"a": 0.0}, 4)
    assert len(state_hash({}, 0)) == 32
