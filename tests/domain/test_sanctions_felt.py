"""What comes of sanctions: penalties for who was caught, other channels, pressure, cost to senders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from sim.analysis.accounts import ChoiceAccount, RuleAccount
from sim.analysis.explain import explain
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import story
from sim.report.why import why
from tests.domain.sanctioned import (
    ALWAYS_EVADES,
    DAY,
    NOBODY_ELSE,
    SHARES,
    TARGET,
    changed,
    compiled,
    one,
    played,
    stance,
)

# Secondary sanctions


SECONDARY = {
    "sanctions.ban.secondary": {
        "by": ["ALAND"],
        "temperature": 0,
        "penalise": 1,
        "cost": 5,
        "half_life": "6 months",
        "penalised": {"effects": ["calm[party] -= 0.2"]},
    },
    "sanctions.ban.detection.rate": 1000,
    "world.attributes.watch.initial": 1,
    "sanctions.ban.compliance.penalty": 0,
    "sanctions.ban.compliance.temperature": 0,
}


def test_who_is_caught_is_penalised_in_the_next_turn_and_then_thinks_better_of_it() -> None:
    model = Model(compiled(SECONDARY), seed=1)
    seen = []
    for turn in range(1, 5):
        model.play(turn)
        seen.append(
            (
                one(model, "standing[CLAND/comply/regime=ban]"),
                one(model, "fired[ban/detects/party=CLAND]"),
                one(model, "penalised[ban/CLAND/ALAND]"),
            )
        )
    assert [row[:2] for row in seen] == [(3, 1), (3, 1), (1, 0), (1, 0)]
    assert seen[1][2] == 1
    # Caught again in turn 2, and penalised again in turn 3; then it wears off.
    assert [row[2] for row in seen[:3]] == [0, 1, 1]
    assert seen[3][2] == pytest.approx(2 ** -(30 * DAY / 0.5))
    assert one(model, "calm[CLAND]") == pytest.approx(0.1)


def test_a_penalty_keeps_a_party_from_evading_until_it_has_worn_off() -> None:
    changes = {**SECONDARY, "clock.turns": 48}
    model = Model(compiled(changes), seed=1)
    evades = [one(model.play(turn), "standing[CLAND/comply/regime=ban]") == 3 for turn in range(1, 49)]
    # gain 0.2 < 5 * 2^(-t / 6 months) for about 27.9 months after turn 3
    assert evades.index(True, 3) in (30, 31, 32)


def test_open_defiance_is_penalised_without_being_detected() -> None:
    orders = stance("CLAND", "defy", 1)
    changes = {**SECONDARY, "sanctions.ban.compliance.every": "year", "sanctions.ban.compliance.gain": -1}
    model = Model(compiled(changes), seed=1, orders=orders)
    assert [one(model.play(turn), "chosen[ALAND/penalise/party=CLAND,regime=ban]") for turn in (1, 2, 3)] == [
        0,
        1,
        0,
    ]


# Adaptation


CHANNELS = {"ceiling": 0.5, "half_life": "1 year", "premium": 0.2, "relieves": ["financial"]}


@pytest.mark.parametrize(("turn", "turns"), [("5 days", 73), ("month", 12), ("365 days", 1)])
def test_other_channels_close_half_of_the_way_to_their_ceiling_in_a_half_life(turn: str, turns: int) -> None:
    clock = {"start": "2030-01-01", "turn": turn, "turns": turns}
    model = played({"clock": clock, "sanctions.ban.channels": CHANNELS, **NOBODY_ELSE}, turns)
    grown = 0.5 * (1 - 2 ** -(365 * DAY))
    assert one(model, "channels[ban/TLAND]") == pytest.approx(grown)


def test_channels_relieve_what_goes_over_them_less_the_premium() -> None:
    model = Model(compiled({"sanctions.ban.channels": {**CHANNELS, "initial": 0.3}, **NOBODY_ELSE}))
    assert one(model, "bite[ban/TLAND/financial]") == pytest.approx(0.3 * 0.15 * 0.9 * (1 - 0.3 * 0.8))
    assert one(model, "bite[ban/TLAND/trade]") == pytest.approx(0.6 * 0.15 * 0.9)


@given(SHARES, SHARES, SHARES)
@settings(max_examples=20)
def test_channels_never_pass_their_ceiling_and_never_turn_bite_into_gain(
    ceiling: float, premium: float, initial: float
) -> None:
    channels = {"ceiling": ceiling, "half_life": "1 month", "premium": premium, "initial": initial}
    model = Model(compiled({"sanctions.ban.channels": channels, **NOBODY_ELSE}), seed=1)
    before = one(model, "bite[ban/TLAND]")
    for turn in range(1, 5):
        model.play(turn)
        assert 0 <= one(model, "channels[ban/TLAND]") <= max(ceiling, initial) + 1e-12
        assert 0 <= one(model, "bite[ban/TLAND]") <= 0.9 * 0.15 * 0.9 + 1e-12
        if initial <= ceiling:
            assert one(model, "bite[ban/TLAND]") <= before + 1e-12


def test_channels_do_not_grow_without_bite() -> None:
    changes = {"sanctions.ban.channels": CHANNELS, "sanctions.ban.when": "elapsed > 0.4", **NOBODY_ELSE}
    model = Model(compiled(changes), seed=1)
    grown = [one(model.play(turn), "channels[ban/TLAND]") > 0 for turn in (1, 5, 6)]
    assert grown == [False, False, True]


# What it does


@pytest.mark.parametrize(("turn", "turns"), [("5 days", 73), ("month", 12), ("365 days", 1)])
def test_bite_moves_an_attribute_exactly_on_any_clock(turn: str, turns: int) -> None:
    changes = {
        "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
        "sanctions.ban.bites": {"calm": {"towards": 0.1, "per": "year", "rate": 3}},
        **NOBODY_ELSE,
    }
    bite = 0.9 * 0.15 * 0.9
    wanted = 0.1 + (0.5 - 0.1) * math.exp(-3 * bite * 365 * DAY)
    assert one(played(changes, turns), "calm[TLAND]") == pytest.approx(wanted)


def test_pulls_of_several_regimes_on_one_attribute_add_up_as_rates() -> None:
    base = {"sanctions.ban.bites": {"calm": {"towards": 0.1, "per": "year", "rate": 3}}, **NOBODY_ELSE}
    plain = compiled(base)
    assert one(Model(plain, seed=1).play(1), "calm[TLAND]") < 0.5
    second = {
        "name": "Aid",
        "senders": "CLAND",
        "targets": TARGET,
        "exposure": "trade[target, self]",
        "measures": {"other": 1},
        "bites": {"calm": {"towards": 0.9, "per": "month", "rate": 0.25}},
    }
    for turn, turns in (("365 days", 1), ("5 days", 73)):
        clock = {"start": "2030-01-01", "turn": turn, "turns": turns}
        model = played({**base, "sanctions.aid": second, "clock": clock}, turns)
        first, other = 3 * 0.9 * 0.15 * 0.9, 0.25 * 12 * 0.5
        centre = (first * 0.1 + other * 0.9) / (first + other)
        wanted = centre + (0.5 - centre) * math.exp(-(first + other) * 365 * DAY)
        assert one(model, "calm[TLAND]") == pytest.approx(wanted)


def test_imposing_costs_senders_as_long_as_they_impose() -> None:
    changes = {
        "sanctions.ban.costs": {"calm": {"towards": 0, "per": "year", "rate": 0.5}},
        "sanctions.ban.imposing": {"every": "month", "temperature": 0, "impose": 1},
        **NOBODY_ELSE,
    }
    orders = [Order(turn, "BLAND", "impose/regime=ban", "lift") for turn in range(1, 13)]
    model = played(changes, 12, 1, *orders)
    assert one(model, "calm[ALAND]") == pytest.approx(0.5 * math.exp(-0.5 * 0.9 * 365 * DAY))
    assert one(model, "calm[BLAND]") == 0.5
    assert one(model, "calm[TLAND]") == 0.5


# With bodies


def test_a_lapsed_panel_blinds_the_monitor_while_the_ban_stands() -> None:
    changes = {
        "bodies": {
            "board": {
                "name": "The Board",
                "members": ["ALAND", "CLAND"],
                "permanent": ["CLAND"],
                "majority": True,
                "temperature": 0,
                "measures": {"panel": {"in_force": True, "term": "3 months"}, "ban": {"in_force": True}},
                "drafts": {
                    "renewal": {
                        "sponsor": "ALAND",
                        "ahead": "1 month",
                        "renews": "panel",
                        "votes": {"for": "1 if self == ALAND else 0", "against": 0.5},
                    }
                },
            }
        },
        "sanctions.ban.when": "measure(board, ban)",
        "sanctions.ban.monitor": "0.1 + 0.8*measure(board, panel)",
        "sanctions.ban.compliance.temperature": 0,
        "indicators": {"seen": "detection(ban, CLAND)", "evades": "count(evades(ban, x) for x in third)"},
        "actors.CLAND.tags": ["third"],
        "actors.DLAND.tags": ["third"],
    }
    model = Model(compiled(changes), seed=1)
    told = [(round(one(model.play(turn), "seen"), 3), one(model, "evades")) for turn in range(1, 6)]
    blind = round(1 - math.exp(-0.2), 3)
    assert told == [(0.835, 0), (0.835, 0), (blind, 0), (blind, 2), (blind, 2)]


# Words, readers, independence


def test_expressions_read_how_things_stand() -> None:
    changes = {
        **SECONDARY,
        "sanctions.ban.channels": CHANNELS,
        "indicators": {
            "on": "1 if imposed(ban) and imposes(ban, ALAND) else 0",
            "stance": "(1 if complies(ban, CLAND) else 0) + (2 if evades(ban, CLAND) else 0)",
            "defiance": "1 if defies(ban, CLAND) else 0",
            "caught": "1 if detected(ban, CLAND) else 0",
            "burden": "penalised(ban, CLAND, ALAND)",
            "sums": "exposure(ban, TLAND)*(1 - leakage(ban, TLAND))",
            "parts": "bite(ban, TLAND) - bite(ban, TLAND, trade) - bite(ban, TLAND, financial)",
            "ways": "channels(ban, TLAND)",
        },
    }
    model = Model(compiled(changes), seed=1).play(2)
    rows = {
        name: one(model, name)
        for name in ("on", "stance", "defiance", "caught", "burden", "sums", "parts", "ways")
    }
    assert rows["on"] == 1
    assert rows["defiance"] == 0
    assert rows["stance"] == 2
    assert rows["caught"] == 1
    assert rows["burden"] == 1
    assert rows["sums"] == pytest.approx(0.15 * 0.9 + 0.7 * 0.2)
    assert rows["parts"] == pytest.approx(0)
    assert rows["ways"] > 0


def test_explanations_tell_of_compliance_and_detection() -> None:
    program = compiled({**ALWAYS_EVADES, "sanctions.ban.compliance.gain": "10*calm"})
    explanation = explain(program, 1, 0, 1)
    found = {account.asked.decision: account for account in explanation.accounts}
    comply = found["CLAND/comply/regime=ban"]
    assert isinstance(comply, ChoiceAccount)
    evade = next(option for option in comply.takes[-1].options if option.id == "evade")
    assert [part.text for part in evade.utility.parts] == [
        "10 * calm[CLAND]",
        "detection(ban, CLAND) * (0.3)",
    ]
    assert sum(part.value * (1 if part.sign == "+" else -1) for part in evade.utility.parts) == pytest.approx(
        evade.utility.value
    )
    detects = found["ban/detects/party=CLAND"]
    assert isinstance(detects, RuleAccount)
    assert detects.rate is not None
    assert detects.rate.value == pytest.approx(2 * 0.5)
    assert detects.level == pytest.approx(1 - math.exp(-31 * DAY))
    told = "\n".join(why(program, explanation))
    assert "monitor: watch = 0.5" in told
    assert "nan" not in told


def test_a_story_tells_who_evades_who_is_caught_and_who_is_penalised() -> None:
    texts = [
        sentence.text
        for told in story(Model(compiled(SECONDARY), seed=1, trace=True), 3)
        for sentence in told.sentences
    ]
    for sentence in (
        "Cland evades: The ban",
        "Cland is found evading: The ban",
        "Aland penalises Cland: The ban",
        "Cland complies: The ban",
    ):
        assert sentence in texts


def test_another_third_party_moves_no_run_of_the_first() -> None:
    alone = compiled({"sanctions.ban.third_parties": ["CLAND"]})
    both = compiled()
    rows = ("standing[CLAND/comply/regime=ban]", "fired[ban/detects/party=CLAND]")
    one_model, two_model = (Model(program, runs=200, seed=9).play(6) for program in (alone, both))
    for row in rows:
        assert (one_model[row] == two_model[row]).all()


def test_a_luck_key_keeps_the_luck_of_a_renamed_regime() -> None:
    changes = {"sanctions.ban.luck_key": "ban"}
    plain = compiled()
    renamed = compiled({"sanctions.embargo": {**_regime(changes), "luck_key": "ban"}, "sanctions.ban": None})
    before = Model(plain, runs=300, seed=2).play(3)["standing[CLAND/comply/regime=ban]"]
    now = Model(renamed, runs=300, seed=2).play(3)["standing[CLAND/comply/regime=embargo]"]
    assert (before == now).all()
    assert before.std() > 0


def _regime(changes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = changed(changes)["sanctions"]["ban"]
    return found


def test_a_run_alone_is_the_run_in_an_ensemble() -> None:
    program = compiled(
        {
            "sanctions.ban.channels": CHANNELS,
            "sanctions.ban.secondary": SECONDARY["sanctions.ban.secondary"],
        }
    )
    whole = Model(program, runs=50, seed=4).play(6).state.hashes()
    assert Model(program, runs=[17], seed=4).play(6).state.hashes() == [whole[17]]
