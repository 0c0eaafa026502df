"""A border clash under two pacts: what the world of korea-crisis.yaml claims to be."""

from __future__ import annotations

import numpy as np
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
from tests.scenarios.sound import assert_sane, assert_sound

NAME = "korea-crisis"
SWITCHES = {"korean_war", "progressive[KOR]", "restrained[USA]"}
NO_PACT = "parameters: {years_to_force: {distribution: null, value: 9, assumed: never in play}}"


def test_it_loads_clean_every_value_is_graded_and_every_decision_told() -> None:
    assert_sound(NAME)
    assert untold(NAME) == []


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        ensemble(NAME),
        {
            "settled_by_summer": (0.65, 0.95),
            "deadly_strike": (0.3, 0.6),
            "seoul_calls": (0.15, 0.5),
            "washington_answers": (0.08, 0.35),
            "washington_fights": (0.02, 0.15),
            "kim_calls_moscow": (0.02, 0.147),  # no oftener than crises since 1990 became wars
            "moscow_sends_help": (0.005, 0.1),
            "moscow_fights": (0.001, 0.05),
            "beijing_doubts_the_claim": (0.003, 0.06),
            "beijing_fights": (0.003, 0.06),
            "both_pacts_called": (0.02, 0.147),
            "great_powers_at_war": (0.003, 0.06),
            "war": (0.017, 0.147),  # of disputes since 1945, and of crises since 1990
            "hundred_dead": (0.02, 0.2),
        },
    )


def test_nothing_sticks_at_a_bound() -> None:
    assert stuck(NAME, SWITCHES) == []


@pytest.mark.parametrize("actor", ["PRK", "KOR", "USA", "CHN", "RUS", "JPN"])
def test_those_concerned_have_three_choices(actor: str) -> None:
    assert choices_of(NAME, actor) >= 3


def test_one_side_fires_first_and_only_one() -> None:
    base = ensemble(NAME)
    north = ever(base, "acts[open_fire, PRK, KOR]")
    south = ever(base, "acts[open_fire, KOR, PRK]")
    assert (north ^ south).all()
    assert 0.5 < north.mean() < 0.9


def test_shots_at_the_border_call_nobody() -> None:
    base = ensemble(NAME)
    quiet = ~(ever(base, "acts[strike, PRK, KOR]") | (ever(base, "acts[strike, KOR, PRK]")))
    quiet &= base.final("korean_war") == 0
    assert quiet.sum() > 50
    assert base.final("outcome.seoul_calls")[quiet].max() == 0
    assert base.final("outcome.kim_calls_moscow")[quiet].max() == 0


def test_a_clash_that_grows_can_call_both_pacts() -> None:
    heavy = steered(NAME, {"PRK/at_the_brink": "strike", "KOR/at_the_brink": "strike_at_large"}, range(2, 4))
    assert heavy.share("both_pacts_called") > 0.5
    assert heavy.share("moscow_sends_help") > 0.1
    assert heavy.share("washington_answers") > 0.3


def test_without_article_4_moscow_never_answers() -> None:
    ordered_up = {"PRK/at_the_brink": "strike", "KOR/at_the_brink": "strike_at_large"}
    without = steered(NAME, ordered_up, range(2, 4), NO_PACT)
    assert without.share("war") == 1
    assert without.share("kim_calls_moscow") == 0
    assert without.share("moscow_sends_help") == 0
    assert without.share("moscow_fights") == 0


def test_the_pact_in_force_emboldens() -> None:
    with_it = ensemble(NAME, "parameters: {years_to_force: {distribution: null, value: 0}}")
    without = ensemble(NAME, NO_PACT)
    assert with_it.mean("support_kim_expects") > without.mean("support_kim_expects") + 0.1
    assert difference("deadly_strike", with_it, without) > 5


def test_a_claim_of_who_fired_first_is_doubted_the_more() -> None:
    """Beijing owes nothing to who began; it may believe Kim all the same."""
    grow = {"PRK/at_the_brink": "strike", "KOR/at_the_brink": "strike_at_large"}
    lot = "parameters: {{lot_of_the_first_shot: {{distribution: null, value: {}}}}}"
    began = steered(NAME, grow, range(2, 4), lot.format(0))
    shot_at = steered(NAME, grow, range(2, 4), lot.format(1))
    assert began.share("beijing_doubts_the_claim") > shot_at.share("beijing_doubts_the_claim") + 0.2


def test_open_channels_end_crises() -> None:
    base = ensemble(NAME)
    half = base["channel"][:8].mean(axis=0)
    settled_early = base.final("outcome.settled_by_summer") > 0
    assert half[settled_early].mean() > half[~settled_early].mean()
    wider = ensemble(NAME, "dynamics: {channels_close: {towards: 0.6}}")
    assert difference("settled_by_summer", wider, base) > 2


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "points"),
    [
        ("PRK", "regime_security", "emboldened", "deadly_strike", 15),
        ("RUS", "transactional", "spoiler", "deadly_strike", 5),
        ("CHN", "buffer", "stability", "settled_by_summer", 5),
        ("KOR", "retaliation", "proportion", "deadly_strike", 10),
        ("KOR", "progressive", "retaliation", "war", 3),
        ("USA", "restrained", "engaged", "washington_fights", 1),
    ],
)
def test_a_doctrine_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, points: float
) -> None:
    assert_moved(NAME, actor, less, more, outcome, by=points)


def test_shared_luck_makes_doctrines_comparable() -> None:
    base, other = ensemble(NAME), ensemble(NAME, USA="engaged")
    same = base.final("restrained[USA]") == 0
    assert np.array_equal(base["dead"][:, same], other["dead"][:, same])
