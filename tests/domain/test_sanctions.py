"""What sanctions do: they bite, leak, are watched and evaded, cost something, and lose their edge."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.accounts import ChoiceAccount, RuleAccount
from sim.analysis.explain import explain
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import story
from sim.report.why import why
from tests.domain.sanctioned import SENDERS, STANCES, TARGET, THIRD, changed, compiled, stance

RUNS = 4_000
NONE: Mapping[str, Any] = {}
ALWAYS_EVADES = {"sanctions.ban.compliance.gain": 10, "sanctions.ban.compliance.temperature": 0}
NOBODY_ELSE = {
    "sanctions.ban.third_parties": None,
    "sanctions.ban.compliance": None,
    "sanctions.ban.detection": None,
}
DAY = 1 / 365.25


def played(
    changes: Mapping[str, Any] = NONE,
    turns: int = 1,
    runs: int = 1,
    *orders: Order,
    without: tuple[str, ...] = (),
) -> Model:
    return Model(compiled(changes, without), runs=runs, seed=7, orders=orders).play(turns)


def one(model: Model, row: str) -> float:
    return float(model[row][0])


def near(found: float, wanted: float, runs: int = RUNS) -> bool:
    """Within five standard errors of a share."""
    return abs(found - wanted) < 5 * math.sqrt(max(wanted * (1 - wanted), 1e-4) / runs)


# Bite


SHARES = st.floats(0, 1)


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
