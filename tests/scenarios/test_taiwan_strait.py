"""From drills to blockade: what the world of taiwan-strait.yaml claims to be."""

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
from tests.scenarios.ensembles import Played, fixed
from tests.scenarios.sound import assert_sane, assert_sound

NAME = "taiwan-strait"
SWITCHES = {"cut", "war", "new_team_elected", "restrained[USA]"}
HASTY = "actors: {CHN: {doctrine: timetable}}\n"


def first(played: Played, row: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The turn in which a row was first above 0, beyond play where it never was; shape `(runs,)`."""
    on = played[row] > 0
    return np.where(on.any(axis=0), on.argmax(axis=0), played.program.turns)


def test_it_loads_clean_every_value_is_graded_and_every_decision_told() -> None:
    assert_sound(NAME)
    assert untold(NAME) == []


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        ensemble(NAME),
        {
            "three_drills_in_a_year": (0.3, 0.8),  # named ones came about once a year and oftener of late
            "quarantine": (0.1, 0.4),
            "quarantine_within_a_year": (0.03, 0.2),
            "blockade": (0.01, 0.12),
            "climbs_down": (0.08, 0.4),
            "convoys": (0.02, 0.15),
            "washington_fights": (0.002, 0.05),
            "assault": (0.003, 0.05),  # half a dispute a year, of which one in sixty became a war since 1945
            "left_alone": (0.001, 0.03),
            "tokyo_attacked": (0.002, 0.05),
            "talks_in_the_strait": (0.01, 0.15),
            "deadly_collision": (0.05, 0.25),
            "taiwan_runs_short": (0.003, 0.08),
            "calm_at_the_end": (0.3, 0.7),
        },
    )


def test_nothing_sticks_at_a_bound() -> None:
    assert stuck(NAME, SWITCHES) == []


@pytest.mark.parametrize("actor", ["CHN", "TWN", "USA", "JPN", "PHL"])
def test_those_concerned_have_three_choices(actor: str) -> None:
    assert choices_of(NAME, actor) >= 3


def test_each_rung_is_rarer_than_the_one_below() -> None:
    base = ensemble(NAME)
    drilled = ever(base, "acts[drill, CHN, TWN]").mean()
    assert drilled > 0.8
    assert drilled > base.share("quarantine") > base.share("blockade") > base.share("assault") > 0


def test_a_blockade_stands_on_a_quarantine_and_that_on_a_drill() -> None:
    hasty = ensemble(NAME, CHN="timetable")
    drill, inspect = first(hasty, "acts[drill, CHN, TWN]"), first(hasty, "acts[inspect, CHN, TWN]")
    blockade = first(hasty, "acts[blockade, CHN, TWN]")
    assert (blockade < hasty.program.turns).sum() > 50
    seen = inspect < hasty.program.turns
    assert (drill[seen] < inspect[seen]).all()
    closed = blockade < hasty.program.turns
    assert (inspect[closed] < blockade[closed]).all()


def test_who_never_drills_never_blockades() -> None:
    calm = steered(NAME, {"CHN/strait": "routine"}, range(1, 37), HASTY)
    assert calm.share("quarantine") == 0
    assert calm.share("blockade") == 0


def test_what_is_unclear_frightens_beijing_and_sobers_taipei() -> None:
    plain, riddle = ensemble(NAME, fixed(ambiguity=0.05)), ensemble(NAME, fixed(ambiguity=0.5))
    assert riddle.mean("what_beijing_fears") > plain.mean("what_beijing_fears") + 0.02
    assert riddle.mean("what_taipei_counts_on") < plain.mean("what_taipei_counts_on") - 0.02
    assert riddle.mean("acts[speak_up, TWN]") < plain.mean("acts[speak_up, TWN]")
    assert difference("quarantine", plain, riddle) > 2


def test_a_pledge_that_is_believed_deters_and_provokes() -> None:
    base, clear = ensemble(NAME), ensemble(NAME, USA="clarity")
    assert clear.mean("what_beijing_fears") > base.mean("what_beijing_fears") + 0.1
    assert difference("quarantine", base, clear) > 3
    assert difference("three_drills_in_a_year", clear, base) > 3


def test_washington_fights_as_its_word_is_worth() -> None:
    bolt = {"CHN/bolt_from_the_blue": "do"}
    firm = steered(NAME, bolt, range(12, 13), fixed(us_word=0.9))
    hollow = steered(NAME, bolt, range(12, 13), fixed(us_word=0.1))
    assert firm.share("assault") == hollow.share("assault") == 1
    assert firm.share("washington_fights") > 0.6
    assert hollow.share("washington_fights") < 0.4
    assert hollow.share("left_alone") > firm.share("left_alone") + 0.3


def test_nobody_fights_for_ships_that_are_only_turned_back() -> None:
    base = ensemble(NAME)
    harmless = ~(ever(base, "acts[blockade, CHN, TWN]") | ever(base, "acts[invade, CHN, TWN]"))
    assert base.final("outcome.washington_fights")[harmless].max() == 0


def test_convoys_bring_ships_through() -> None:
    led = steered(NAME, {"USA/convoy": "escort"}, range(1, 37), HASTY)
    left = steered(NAME, {"USA/convoy": "protest"}, range(1, 37), HASTY)
    assert led.mean("cut") < 0.8 * left.mean("cut")
    assert difference("taiwan_runs_short", left, led) > 5


def test_full_tanks_last_longer() -> None:
    thin = ensemble(NAME, HASTY)
    full = ensemble(NAME, HASTY, TWN="porcupine")
    assert difference("taiwan_runs_short", thin, full) > 5


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "points"),
    [
        ("CHN", "patience", "timetable", "blockade", 15),
        ("USA", "clarity", "restrained", "quarantine", 5),
        ("USA", "riddle", "clarity", "three_drills_in_a_year", 5),
        ("TWN", "status_quo", "porcupine", "three_drills_in_a_year", 5),
        ("JPN", "in_it", "out_of_it", "quarantine", 3),
    ],
)
def test_a_doctrine_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, points: float
) -> None:
    assert_moved(NAME, actor, less, more, outcome, by=points)
