"""Vietnam's hedge: what one has decides what one buys, pressure drives westward, fear weighs on deals."""

from __future__ import annotations

import numpy as np
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

NAME = "vietnam-hedge"


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
            "orders_russian": (0.4, 0.9),
            "orders_western": (0.1, 0.6),
            "russian_share_falls": (0.005, 0.2),  # what thirty years bought is not scrapped in five
            "death_at_sea": (0.03, 0.3),  # none in ten disputes
            "rig_in_the_shelf": (0.2, 0.7),
            "russians_leave": (0.15, 0.65),
            "hanoi_penalised": (0.01, 0.2),
            "high_tariff": (0.02, 0.4),
            "brics_partner": (0.2, 0.75),
            "trade_with_russia_up_by_half": (0.1, 0.8),
            "arms_for_moscow": (0.01, 0.15),
            "europe_suspends": (0.002, 0.15),
            "balance_kept": (0.5, 0.95),
            "nearest_to_washington": (0.05, 0.5),
        },
    )


def test_what_one_has_decides_what_one_buys() -> None:
    loose, locked = with_fixed(lock_in=0.1), with_fixed(lock_in=0.45)
    assert locked.share("orders_russian") > loose.share("orders_russian") + 0.1
    assert locked.final("share_of_russian_arms").mean() > loose.final("share_of_russian_arms").mean()


def test_fear_of_sanctions_holds_orders_in_russia_back() -> None:
    bold, afraid = with_fixed(fear_weight=0.2), with_fixed(fear_weight=0.7)
    assert bold.share("orders_russian") > afraid.share("orders_russian") + 0.1


def test_a_rig_on_the_shelf_drives_hanoi_to_arms_and_away_from_beijing() -> None:
    rig = ordered(NAME, [Order(turn, "CHN", "at_sea", "rig") for turn in range(2, 20, 3)])
    for row in ("tension_at_sea", "arms_wanted", "a_nearness_to_washington"):
        assert rig.mean(row) > under(NAME).mean(row) + 0.005, row
    assert rig.mean("a_nearness_to_beijing") < under(NAME).mean("a_nearness_to_beijing") - 0.02
    assert rig.share("orders_western") >= under(NAME).share("orders_western")


def test_to_hold_off_drilling_calms_the_sea() -> None:
    held = ordered(NAME, [Order(turn, "VNM", "rigs", "hold_off") for turn in range(1, 20, 4)])
    assert held.mean("tension_at_sea") < under(NAME).mean("tension_at_sea") - 0.01
    assert held.mean("disputed_drilling") < under(NAME).mean("disputed_drilling")


def test_russian_arms_come_sooner_once_the_war_is_over() -> None:
    peace = ordered(NAME, [Order(1, "world", "war_ends", "do")])
    war = ordered(NAME, every_turn(NAME, "world", "war_ends", "refrain"))
    delivered = "delivered[russian_arms_for_hanoi]"
    assert peace.final(delivered).mean() > 1.1 * war.final(delivered).mean()


def test_trade_with_russia_stays_small_beside_that_with_china_and_america() -> None:
    played = base()
    assert np.all(played.final("trade_russia") < 0.1 * played.final("trade_china"))
    assert np.all(played.final("trade_russia") < 0.2 * played.final("trade_america"))


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "by"),
    [
        ("VNM", "sea_first", "bamboo", "balance_kept", 0.3),
        ("VNM", "party_first", "sea_first", "nearest_to_washington", 0.3),
        ("CHN", "patient", "pressing", "rig_in_the_shelf", 0.2),
        ("USA", "court", "books", "high_tariff", 0.1),
    ],
)
def test_an_account_of_an_actor_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, by: float
) -> None:
    assert under(NAME, actor, more).share(outcome) > under(NAME, actor, less).share(outcome) + by
