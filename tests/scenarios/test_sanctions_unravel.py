"""The sanctions unravel: what is not watched is evaded, vetoes keep the measures unwatched, others learn."""

from __future__ import annotations

import pytest

from sim.engine.orders import Order
from tests.scenarios.ensembles import Played, fixed, play
from tests.scenarios.sound import (
    BASE_RUNS,
    DOCTRINE_RUNS,
    assert_sane,
    assert_sound,
    edited,
    every_turn,
    ordered,
    under,
)

NAME = "sanctions-unravel"


def base() -> Played:
    return under(NAME, runs=BASE_RUNS)


def with_fixed(**parameters: float) -> Played:
    return play(edited(NAME, fixed(**parameters)), DOCTRINE_RUNS)


def test_it_loads_clean_and_every_value_is_graded() -> None:
    assert_sound(NAME)


def test_outcomes_come_about_as_often_as_is_sane() -> None:
    assert_sane(
        base(),
        {
            "panel_back": (0.01, 0.2),  # Moscow has just ended it
            "lifting_tabled": (0.3, 0.9),
            "sanctions_ended": (0.001, 0.05),
            "team_at_work": (0.4, 0.9),  # an aim of spring 2024
            "three_reports": (0.3, 0.8),
            "russia_defies": (0.3, 0.85),
            "china_defies": (0.02, 0.3),
            "chinese_bank_listed": (0.1, 0.6),
            "bite_down": (0.1, 0.5),
            "trade_doubled": (0.01, 0.3),
            "earnings_up_by_half": (0.25, 0.8),
            "arsenal_grown": (0.1, 0.6),
            "nuclear_test": (0.08, 0.5),  # 0.22 a year on the long record, none since 2017
            "snapback": (0.05, 0.5),
            "iran_goes_for_it": (0.05, 0.35),
            "one_more_begins": (0.05, 0.4),
            "south_lets_go": (0.002, 0.15),
        },
    )


def test_the_veto_ends_the_watching_and_keeps_the_measures() -> None:
    played = base()
    assert played["fired[unsc/vetoed/draft=panel_anew]"].any(axis=0).mean() > 0.3
    assert played.final("measure[unsc/panel]").mean() < 0.1
    assert played.final("measure[unsc/sanctions]").mean() > 0.95


def test_a_team_outside_the_council_sees_more_and_less_is_evaded() -> None:
    none = ordered(NAME, every_turn(NAME, "USA", "found_a_team", "refrain"))
    early = ordered(NAME, [Order(1, "USA", "found_a_team", "do")])
    assert none.final("team[UN]").max() == 0
    for row in ("a_monitoring", "detection_of_china", "a_bite"):
        assert early.mean(row) > none.mean(row), row
    assert early.mean("leak") < none.mean("leak")


def test_old_sanctions_on_iran_come_back_before_the_clause_runs_out_or_never() -> None:
    snapback = base()["snapback"]
    last = 16  # October 2025
    assert 0.05 < (snapback[last] > 0).mean() < 0.5
    assert (snapback[last] == snapback[-1]).all()


def test_breaches_teach_others_as_far_as_they_learn() -> None:
    deaf, quick = with_fixed(contagion=0), with_fixed(contagion=0.7)
    assert quick.mean("would_be") > deaf.mean("would_be") + 0.005
    assert quick.share("iran_goes_for_it") >= deaf.share("iran_goes_for_it")


def test_open_defiance_wears_the_norm_down() -> None:
    played = base()
    defied = played["how_russia_stands"][:24].mean(axis=0) > 2.2
    norm = played.final("norm_left")
    assert norm[defied].mean() < norm[~defied].mean() - 0.01


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "by"),
    [
        ("RUS", "customer", "partner", "russia_defies", 0.1),
        ("CHN", "order_at_the_border", "against_the_bloc", "trade_doubled", 0.1),
        ("PRK", "bread", "guns", "arsenal_grown", 0.3),
        ("USA", "lenient", "enforcer", "chinese_bank_listed", 0.1),
        ("USA", "enforcer", "lenient", "bite_down", 0.1),
    ],
)
def test_an_account_of_an_actor_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, by: float
) -> None:
    assert under(NAME, actor, more).share(outcome) > under(NAME, actor, less).share(outcome) + by
