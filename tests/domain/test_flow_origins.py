"""What comes of goods: knowledge that is copied, arsenals by supplier, tiers that are unlocked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.domain.supplied import MAKER, USER, Played, flow, scenario, shells, stock


def teaching(**keys: Any) -> dict[str, Any]:
    plain = scenario()
    plain["actors"][MAKER]["attributes"]["knowledge"] = stock(100)
    plain["actors"][USER]["attributes"]["knowledge"] = stock(0)
    plain["items"]["knowledge"] = {"unit": "1", "copied": True, **keys}
    plain["flows"] = {"teaching": {**shells(), "item": "knowledge"}}
    return plain


def test_who_teaches_keeps_what_it_knows_and_teaches_no_more_than_that() -> None:
    played = Played(teaching())
    assert played.of("knowledge[MAKER]") == [100] * 7
    assert played.of("knowledge[USER]") == [0, 30, 60, 90, 100, 100, 100]
    assert played.of("made[knowledge, MAKER]")[-1] == 100


def test_what_is_on_its_way_need_not_be_taught_again() -> None:
    plain = teaching()
    plain["flows"]["teaching"]["delay"] = "60 days"
    played = Played(plain)
    assert played.of("knowledge[USER]")[-1] == 100
    assert max(np.add(played.of("knowledge[USER]"), played.of("transit[teaching]"))) == 100


TIERS: dict[str, dict[str, Any]] = {
    "first": {"stock": 50, "after": "60 days", "effects": "skill = 1"},
    "second": {"stock": 1000},
}


def with_tiers(**keys: Any) -> dict[str, Any]:
    plain = teaching(tiers={name: {**tier, "who": USER} for name, tier in TIERS.items()})
    plain["actors"][USER]["attributes"]["skill"] = 0
    plain["indicators"] = {
        "reached": "tier(knowledge, USER)",
        "can": "1 if unlocked(knowledge, USER, first) else 0",
        "cannot": "1 if unlocked(knowledge, MAKER, first) else 0",
    }
    return {**plain, **keys}


def test_a_tier_is_unlocked_some_time_after_it_is_reached() -> None:
    played = Played(with_tiers())
    assert played.of("reached") == [0, 0, 1, 1, 1, 1, 1]
    assert played.of("can") == [0, 0, 0, 0, 1, 1, 1]
    assert played.of("skill[USER]") == [0, 0, 0, 0, 1, 1, 1]
    assert played.of("fired[USER/knowledge_first]") == [0, 0, 0, 0, 1, 0, 0]
    assert played.of("cannot")[-1] == 0


def test_what_the_first_stock_reaches_is_unlocked_before_play_and_does_nothing_new() -> None:
    plain = with_tiers()
    plain["actors"][USER]["attributes"]["knowledge"] = stock(60)
    played = Played(plain)
    assert played.of("can")[0] == 1
    assert played.of("skill[USER]")[-1] == 0


def test_a_first_stock_counts_as_it_is_held_to_its_range() -> None:
    plain = with_tiers()
    plain["parameters"] = {"debt": -5}
    plain["actors"][USER]["attributes"]["knowledge"] = {"initial": "debt", "min": 0}
    plain["items"]["knowledge"]["tiers"] = {"first": {"stock": 0}}
    plain["indicators"] = {"reached": "tier(knowledge, USER)", "booked": "made(knowledge, USER)"}
    played = Played(plain)
    assert (played.of("knowledge[USER]")[0], played.of("reached")[0]) == (0, 1)
    assert played.of("booked")[1] == 0


def test_a_tier_once_reached_is_kept() -> None:
    plain = with_tiers()
    plain["items"]["knowledge"]["used"] = {USER: {"per": "day", "rate": "100 if elapsed > 0.2 else 0"}}
    plain["flows"]["teaching"]["when"] = "elapsed < 0.2"
    played = Played(plain)
    assert played.of("knowledge[USER]")[-1] == 0
    assert played.of("reached")[-1] == 1


def armed(**shares: float) -> dict[str, Any]:
    plain = flow(rate=2)
    plain["items"]["shells"]["arsenal"] = {USER: shares}
    plain["actors"][USER]["attributes"]["shells"] = stock(60)
    plain["actors"]["OTHER"] = {"name": "Other"}
    plain["indicators"] = {
        "made_by_maker": "arsenal_share(shells, USER, MAKER)",
        "from_other": "arsenal_share(shells, USER, OTHER)",
        "hhi": "concentration(shells, USER)",
    }
    return plain


def test_what_comes_in_changes_whose_goods_a_stock_is_made_of() -> None:
    played = Played(armed(OTHER=0.5))
    assert played.of("made_by_maker")[:3] == pytest.approx([0, 0.5, 120 / 180], rel=1e-14)
    assert played.of("from_other")[:2] == pytest.approx([0.5, 0.25], rel=1e-14)
    assert played.of("hhi")[:2] == pytest.approx([0.5, 0.5**2 + 2 * 0.25**2], rel=1e-14)


def test_what_is_used_is_taken_of_all_alike() -> None:
    plain = armed(OTHER=0.5)
    plain["items"]["shells"]["used"] = {USER: {"per": "day", "rate": 1}}
    plain["flows"]["supply"]["when"] = "elapsed > 99"
    played = Played(plain)
    assert played.of("shells[USER]")[1] == 30
    assert played.of("from_other")[:3] == [0.5, 0.5, 0.5]


def test_what_a_holder_makes_itself_counts_as_its_own() -> None:
    plain = armed(OTHER=1)
    plain["items"]["shells"]["made"] = {USER: {"per": "day", "rate": 2}}
    plain["flows"]["supply"]["when"] = "elapsed > 99"
    played = Played(plain)
    assert played.of("arsenal[shells, USER, USER]")[1] == pytest.approx(0.5, rel=1e-14)
