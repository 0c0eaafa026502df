"""Three flashpoints and one budget: what the world of convergence.yaml claims to be."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.orders import Order, checked
from sim.scenario.experiment import load_experiment
from tests.scenarios.crises import (
    assert_moved,
    choices_of,
    difference,
    ensemble,
    ever,
    made,
    steered,
    stuck,
    untold,
)
from tests.scenarios.ensembles import SCENARIOS, Played, fixed
from tests.scenarios.sound import assert_sane, assert_sound

NAME = "convergence"
SWITCHES = {"ceasefire", "wars", "new_team_elected", "restrained[USA]"}
BLOWS = (
    "acts[drill, CHN, TWN]",
    "acts[close_in, CHN, TWN]",
    "acts[board, CHN, PHL]",
    "acts[jam, RUS, POL]",
    "acts[sabotage, RUS, POL]",
)
LINKS = ("opportunism_russia", "opportunism_china", "opportunism_korea", "concert", "deterrence")


def blows_elsewhere(played: Played) -> float:
    """What Beijing and Moscow do in a run, while Pyongyang does what it is told."""
    runs: int = played.history.shape[2]
    return sum(float(played[row].sum()) for row in BLOWS) / runs


def what_korea_brings(**links: float) -> float:
    """How many blows more fall elsewhere in a run where Korea burns for five months, on the same luck."""
    edit = fixed(**{**dict.fromkeys(LINKS, 0.0), **links})
    burns = steered(NAME, {"PRK/border": "fire"}, range(4, 9), edit)
    silent = steered(NAME, {"PRK/border": "hold"}, range(4, 9), edit)
    assert difference("crisis_korea", burns, silent) > 15
    return blows_elsewhere(burns) - blows_elsewhere(silent)


def test_it_loads_clean_every_value_is_graded_and_every_decision_told() -> None:
    assert_sound(NAME)
    assert untold(NAME) == []


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        ensemble(NAME),
        {
            "two_crises": (0.01, 0.15),
            "three_crises": (0.001, 0.06),
            "two_oceans": (0.01, 0.15),
            "crisis_korea": (0.05, 0.25),
            "crisis_strait": (0.02, 0.15),
            "crisis_shoals": (0.05, 0.25),
            "crisis_europe": (0.1, 0.4),
            "any_war": (0.01, 0.07),  # four pairs, half a dispute a year each, one in sixty of them a war
            "treaty_called": (0.1, 0.4),
            "ally_left": (0.02, 0.15),
            "spread_thin": (0.2, 0.6),
            "kyiv_runs_short": (0.003, 0.08),
            "ceasefire_in_ukraine": (0.02, 0.2),
            "quiet_end": (0.7, 0.98),
        },
    )


def test_nothing_sticks_at_a_bound() -> None:
    assert stuck(NAME, SWITCHES) == []


@pytest.mark.parametrize("actor", ["USA", "RUS", "CHN", "PRK", "KOR", "JPN", "UKR", "EU", "POL"])
def test_those_concerned_have_three_choices(actor: str) -> None:
    assert choices_of(NAME, actor) >= 3


def test_where_no_rival_looks_elsewhere_one_crisis_brings_no_other() -> None:
    assert abs(what_korea_brings()) < 0.2


def test_who_waits_for_the_hour_takes_it() -> None:
    assert what_korea_brings(opportunism_china=0.7, opportunism_russia=0.7) > 2


def test_concert_has_either_sign() -> None:
    assert what_korea_brings(concert=0.2) > 0.5
    assert what_korea_brings(concert=-0.2) < -0.3


def test_a_washington_that_is_spent_deters_less() -> None:
    assert what_korea_brings(deterrence=0.5) > 0.2


def test_a_crisis_takes_attention_from_the_others() -> None:
    burns = steered(NAME, {"PRK/border": "fire"}, range(4, 9))
    silent = steered(NAME, {"PRK/border": "hold"}, range(4, 9))
    later = slice(8, 14)
    for row in ("attention[USA]", "presence[TWN]", "presence[POL]"):
        assert burns[row][later].mean() < silent[row][later].mean(), row


def test_europe_that_carries_more_frees_attention() -> None:
    more, less = ensemble(NAME, EU="carries_more"), ensemble(NAME, EU="quarrels")
    assert more.mean("attention[USA]") > less.mean("attention[USA]") + 0.01


def test_who_calls_in_the_same_month_divides_what_washington_can_give() -> None:
    """Korea and the Philippines struck at once: together they get no more than the reach."""
    both = steered(NAME, {"PRK/deadly_shelling": "do", "CHN/deadly_clash": "do"}, range(6, 7))
    given = [row for row in both.program.rows if row.startswith("given[") and ", USA, " in row]
    total = np.sum([both[row] for row in given], axis=0)
    reach = 1.2 - 0.4 * both["restrained[USA]"]
    assert (total <= reach + 1e-9).all()
    called = ever(both, "calls[us_rok.article_3, KOR, PRK]") & ever(
        both, "calls[us_philippines.article_4, PHL, CHN]"
    )
    assert called.sum() > 10


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "points"),
    [
        ("RUS", "own_clock", "opportunist", "crisis_europe", 5),
        ("CHN", "own_clock", "opportunist", "crisis_strait", 5),
        ("CHN", "own_clock", "opportunist", "two_crises", 5),
        ("PRK", "own_clock", "opportunist", "crisis_korea", 5),
        ("USA", "two_wars", "restrained", "spread_thin", 10),
        ("EU", "carries_more", "quarrels", "kyiv_runs_short", 3),
    ],
)
def test_a_doctrine_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, points: float
) -> None:
    assert_moved(NAME, actor, less, more, outcome, by=points)


def test_the_experiment_on_opportunism_asks_this_scenario() -> None:
    experiment = load_experiment(SCENARIOS / "experiments" / "opportunism.yaml")
    assert {arm.scenario.model.id for arm in experiment.arms} == {NAME}
    watched = {outcome.id for outcome in made(NAME).outcomes}
    assert set(experiment.model.outcomes or ()) <= watched
    burning = experiment.model.arms["korea_burns"].orders
    orders = [
        Order(turn, order.actor, order.decision, order.option)
        for order in burning
        for turn in order.turns
        if isinstance(turn, int)
    ]
    assert orders
    checked(made(NAME), orders)
