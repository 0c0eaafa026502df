"""Shoals and rigs: what the world of south-china-sea.yaml claims to be."""

from __future__ import annotations

import pytest

from tests.scenarios.crises import (
    assert_moved,
    choices_of,
    difference,
    ensemble,
    ever,
    steered,
    stuck,
    untold,
)
from tests.scenarios.ensembles import fixed
from tests.scenarios.sound import assert_sane, assert_sound

NAME = "south-china-sea"
SWITCHES = {"given_up", "new_team_elected", "restrained[USA]"}
QUARTERS = range(1, 25, 3)


def test_it_loads_clean_every_value_is_graded_and_every_decision_told() -> None:
    assert_sound(NAME)
    assert untold(NAME) == []


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        ensemble(NAME),
        {
            "five_in_a_year": (0.05, 0.3),
            "death_at_sea": (0.03, 0.25),  # none in seven disputes by 2014
            "manila_calls": (0.03, 0.25),
            "washington_answers": (0.01, 0.15),
            "washington_fights": (0.001, 0.03),
            "shoal_given_up": (0.02, 0.2),
            "shoal_seized": (0.003, 0.08),
            "understanding": (0.2, 0.6),
            "rig_harassed": (0.25, 0.7),
            "force_off_vietnam": (0.15, 0.5),
            "hanoi_stops_drilling": (0.15, 0.5),
            "moscow_sides_with_beijing": (0.08, 0.4),
            "asean_names_china": (0.02, 0.25),
            "code_agreed": (0.02, 0.25),
            "two_fronts": (0.15, 0.5),
            "calmer_shoals": (0.2, 0.6),
        },
    )


def test_nothing_sticks_at_a_bound() -> None:
    assert stuck(NAME, SWITCHES) == []


@pytest.mark.parametrize("actor", ["CHN", "PHL", "VNM", "USA", "JPN", "RUS", "ASEAN"])
def test_those_concerned_have_three_choices(actor: str) -> None:
    assert choices_of(NAME, actor) >= 3


def test_short_of_a_death_or_a_seizure_nobody_calls() -> None:
    base = ensemble(NAME)
    bloodless = ~(ever(base, "acts[drown, CHN, PHL]") | ever(base, "acts[seize_island, CHN, PHL]"))
    rammed = ever(base, "acts[ram_boats, CHN, PHL]")
    assert (bloodless & rammed).sum() > 100
    assert base.final("outcome.manila_calls")[bloodless].max() == 0


def test_the_threshold_says_what_a_death_is_worth() -> None:
    death = {"CHN/deadly_clash": "do"}
    low = steered(NAME, death, range(4, 5), fixed(threshold=0.3))
    high = steered(NAME, death, range(4, 5), fixed(threshold=0.9))
    assert low.share("death_at_sea") == high.share("death_at_sea") == 1
    assert low.share("manila_calls") > 0.9
    assert high.share("manila_calls") < 0.4
    assert difference("washington_answers", low, high) > 20


def test_one_neighbour_that_will_not_is_enough() -> None:
    base = ensemble(NAME)
    passed = base["fired[asean/passes/draft=statement]"] > 0
    assert passed.any()
    assert base["tally[asean/statement/for]"][passed].min() == 10
    doubted = (base["tally[asean/statement/for]"] > 0) & (base["tally[asean/statement/for]"] < 10)
    assert doubted.any()
    assert not passed[doubted].any()


def test_a_garrison_that_gets_nothing_leaves() -> None:
    hungry = steered(NAME, {"PHL/resupply": "wait"}, range(1, 25))
    fed = steered(NAME, {"PHL/resupply": "open"}, range(1, 25))
    assert hungry.share("shoal_given_up") > 0.5
    assert fed.share("shoal_given_up") < 0.1
    assert hungry.mean("tension[CHN, PHL]") < fed.mean("tension[CHN, PHL]")


def test_rigs_draw_ships() -> None:
    drilling = steered(NAME, {"VNM/rigs": "drill_with_moscow"}, QUARTERS)
    stopped = steered(NAME, {"VNM/rigs": "stop"}, QUARTERS)
    assert difference("rig_harassed", drilling, stopped) > 10
    assert drilling.final("alignment[CHN, RUS]").mean() < stopped.final("alignment[CHN, RUS]").mean()


def test_who_hands_its_licence_back_drills_no_more() -> None:
    left = steered(NAME, {"RUS/rigs": "wind_down"}, range(1, 3))
    assert left["status[russia_vietnam_offshore]"][12].min() == 4
    assert left["acts[drill_on, VNM, RUS]"][12:].max() == 0
    assert ensemble(NAME)["acts[drill_on, VNM, RUS]"][12:].max() > 0


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "points"),
    [
        ("CHN", "caution", "salami", "five_in_a_year", 15),
        ("PHL", "cameras", "terms", "calmer_shoals", 20),
        ("PHL", "terms", "cameras", "manila_calls", 3),
        ("USA", "restrained", "engaged", "understanding", 5),
        ("VNM", "oil_first", "bamboo", "hanoi_stops_drilling", 15),
        ("RUS", "nobodys_junior", "beijings_friend", "moscow_sides_with_beijing", 20),
    ],
)
def test_a_doctrine_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, points: float
) -> None:
    assert_moved(NAME, actor, less, more, outcome, by=points)
