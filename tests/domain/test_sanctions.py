"""What sanctions are: what bites and leaks, who imposes and complies, what is found out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.model import Model
from sim.engine.orders import Order
from tests.domain.sanctioned import (
    ALWAYS_EVADES,
    DAY,
    NOBODY_ELSE,
    NONE,
    SENDERS,
    SHARES,
    STANCES,
    TARGET,
    THIRD,
    compiled,
    one,
    played,
    stance,
)

RUNS = 4_000


def near(found: float, wanted: float, runs: int = RUNS) -> bool:
    """Within five standard errors of a share."""
    return abs(found - wanted) < 5 * math.sqrt(max(wanted * (1 - wanted), 1e-4) / runs)


# Bite


@given(
    st.tuples(SHARES, SHARES, SHARES, SHARES),
    st.tuples(st.sampled_from(STANCES), st.sampled_from(STANCES)),
    st.tuples(SHARES, SHARES, SHARES, SHARES),
)
def test_bite_is_severity_times_exposure_times_what_does_not_leak(
    trade: tuple[float, ...], stances: tuple[str, ...], numbers: tuple[float, ...]
) -> None:
    severity, finance, porosity, evasion = numbers
    jurisdictions = (*SENDERS, *THIRD)
    model = played(
        {
            f"relations.trade.pairs.{TARGET}": dict(zip(jurisdictions, trade, strict=True)),
            "sanctions.ban.measures": {"trade": severity, "financial": finance},
            "sanctions.ban.porosity": porosity,
            "sanctions.ban.evasion": evasion,
        },
        1,
        1,
        *(order for party, option in zip(THIRD, stances, strict=True) for order in stance(party, option, 1)),
    )
    leaks = [porosity, porosity, *(evasion if option == "evade" else porosity for option in stances)]
    professes = [True, True, *(option != "defy" for option in stances)]
    exposed = sum(share for share, counts in zip(trade, professes, strict=True) if counts)
    leaking = sum(share * leak for share, leak, counts in zip(trade, leaks, professes, strict=True) if counts)
    assert one(model, f"exposure[ban/{TARGET}]") == pytest.approx(exposed)
    assert one(model, f"leakage[ban/{TARGET}]") == pytest.approx(leaking / exposed if exposed else 0)
    for row, wanted in (("/trade", severity), ("/financial", finance), ("", severity + finance)):
        found = one(model, f"bite[ban/{TARGET}{row}]")
        assert found == pytest.approx(wanted * (exposed - leaking), abs=1e-12)


def test_bite_stands_before_play() -> None:
    model = Model(compiled({"indicators": {"now": "bite(ban, TLAND)"}}))
    assert one(model, "bite[ban/TLAND]") == pytest.approx(0.9 * 0.85 * 0.9)
    assert one(model, "now") == one(model, "bite[ban/TLAND]")


def test_who_openly_defies_is_no_exposure_and_who_evades_leaks() -> None:
    complies, evades, defies = (
        played(NONE, 1, 1, *stance("CLAND", option), *stance("DLAND", "comply"))
        for option in ("comply", "evade", "defy")
    )
    exposures = [one(model, "exposure[ban/TLAND]") for model in (complies, evades, defies)]
    assert exposures == pytest.approx([0.85, 0.85, 0.35])
    leaks = [one(model, "leakage[ban/TLAND]") for model in (complies, evades, defies)]
    assert leaks == pytest.approx([0.1, (0.35 * 0.1 + 0.5 * 0.8) / 0.85, 0.1])


def test_a_regime_bites_only_while_it_is_in_force() -> None:
    changes = {
        "sanctions.ban.when": "elapsed > 0.1",
        "sanctions.ban.measures.financial": {"severity": 0.3, "when": "elapsed > 0.2"},
        **NOBODY_ELSE,
    }
    model = Model(compiled(changes), seed=1)
    bites = [
        (
            model.play(turn),
            one(model, "bite[ban/TLAND/trade]") > 0,
            one(model, "bite[ban/TLAND/financial]") > 0,
        )[1:]
        for turn in range(1, 6)
    ]
    assert bites == [(False, False), (False, False), (True, False), (True, True), (True, True)]


# Senders


def test_senders_impose_by_choice_and_lift() -> None:
    imposing = {"every": "month", "temperature": 0, "impose": "calm", "lift": 0.3, "initial": "lift"}
    changes = {"sanctions.ban.imposing": imposing, **NOBODY_ELSE, "actors.BLAND.attributes.calm.initial": 0.1}
    model = Model(compiled(changes), seed=1)
    assert one(model, "bite[ban/TLAND]") == 0
    model.play(1)
    assert one(model, "exposure[ban/TLAND]") == pytest.approx(0.1)
    assert one(model, "bite[ban/TLAND]") == pytest.approx(0.9 * 0.1 * 0.9)
    lifted = [Order(2, "ALAND", "impose/regime=ban", "lift")]
    assert one(played(changes, 2, 1, *lifted), "bite[ban/TLAND]") == 0
    assert one(played(changes, 1, without=("X2",)), "exposure[ban/TLAND]") == pytest.approx(0.15)


# Compliance


@pytest.mark.parametrize("watch", [0.0, 0.3, 1.0])
def test_evasion_is_weighed_against_the_chance_of_being_found_out_within_a_year(watch: float) -> None:
    model = played({"world.attributes.watch.initial": watch}, 1, RUNS)
    chance = 1 - math.exp(-2 * watch)
    worth = {"comply": 0.0, "evade": 0.2 - chance * 0.3, "defy": -1.0}
    total = sum(math.exp(value / 0.1) for value in worth.values())
    for party in THIRD:
        for index, option in enumerate(STANCES, 1):
            found = float((model[f"standing[{party}/comply/regime=ban]"] == index).mean())
            assert near(found, math.exp(worth[option] / 0.1) / total)


def test_blinding_the_monitor_raises_violation_and_only_by_lowering_detection() -> None:
    def evading(watch: float, **more: Any) -> np.ndarray[Any, Any]:
        model = played({"world.attributes.watch.initial": watch, **more}, 6, RUNS)
        return np.array(model["standing[CLAND/comply/regime=ban]"] == 3)

    seeing, blind = evading(1.0), evading(0.0)
    assert blind[seeing].all()
    assert blind.mean() - seeing.mean() > 0.3
    careless = {"sanctions.ban.compliance.penalty": 0}
    assert (evading(1.0, **careless) == evading(0.0, **careless)).all()


def test_third_parties_choose_at_their_cadence_and_by_order() -> None:
    changes = {"sanctions.ban.compliance.every": "quarter", **ALWAYS_EVADES}
    model = Model(compiled(changes), seed=1, orders=stance("DLAND", "comply"))
    assert one(model, "standing[CLAND/comply/regime=ban]") == 1
    assert [one(model.play(turn), "chosen[CLAND/comply/regime=ban]") for turn in range(1, 6)] == [
        3,
        0,
        0,
        3,
        0,
    ]
    assert one(model, "standing[DLAND/comply/regime=ban]") == 1


def test_a_third_party_goes_by_what_it_perceives_of_the_monitor() -> None:
    changes = {
        "actors.TLAND.attributes.eyes": {"initial": 0, "range": [0, 1]},
        "actors.CLAND.policy": "late",
        "policies": {"late": {"perceives": {"eyes": {"of": "eyes[TLAND]", "lag": "3 months"}}}},
        "sanctions.ban.monitor": "eyes[TLAND]",
        "sanctions.ban.compliance.temperature": 0,
        "injects": {"panel": {"at": "2030-01-15", "effects": ["eyes[TLAND] = 1"]}},
    }
    model = Model(compiled(changes), seed=1)
    evades = [
        tuple(one(model.play(turn), f"standing[{party}/comply/regime=ban]") == 3 for party in THIRD)
        for turn in range(1, 6)
    ]
    assert evades == [(True, False), (True, False), (True, False), (False, False), (False, False)]


# Detection


@settings(max_examples=20)
@given(st.tuples(SHARES, SHARES).map(sorted))
def test_more_monitoring_never_lowers_detection_on_the_same_luck(watch: list[float]) -> None:
    less, more = (
        Model(compiled({"world.attributes.watch.initial": quality, **ALWAYS_EVADES}), runs=300, seed=3)
        for quality in watch
    )
    for turn in range(1, 5):
        row = "fired[ban/detects/party=CLAND]"
        assert (less.play(turn)[row] <= more.play(turn)[row]).all()


def test_detection_is_a_chance_a_turn_whatever_the_clock() -> None:
    wanted = 1 - math.exp(-2 * 0.5 * 90 * DAY)
    for turn, turns in (("5 days", 18), ("90 days", 1)):
        changes = {
            "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
            **ALWAYS_EVADES,
            "sanctions.ban.detected": {"effects": ["calm -= 0.001"]},
            "sanctions.ban.compliance.every": turn,
        }
        model = played(changes, turns, RUNS)
        assert near(float((model["calm[CLAND]"] < 0.5).mean()), wanted)


def test_only_who_evades_is_detected() -> None:
    hot = {"sanctions.ban.detection.rate": 1000, "world.attributes.watch.initial": 1}
    model = played(hot, 2, 50, *stance("CLAND", "evade"), *stance("DLAND", "comply"))
    assert model["fired[ban/detects/party=CLAND]"].all()
    assert not model["fired[ban/detects/party=DLAND]"].any()
    assert played(hot, 2, 50, *stance("DLAND", "comply"), without=("X6",))[
        "fired[ban/detects/party=DLAND]"
    ].all()
