"""The July crisis: backing emboldens, timetables drag along, treaties hold for what they were meant for."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.orders import Order
from tests.scenarios.ensembles import Played
from tests.scenarios.sound import BASE_RUNS, assert_sane, assert_sound, every_turn, ordered, under

NAME = "july-crisis-1914"


def test_it_loads_clean_and_every_value_is_graded() -> None:
    assert_sound(NAME)


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        under(NAME, runs=BASE_RUNS),
        {
            "blank_cheque": (0.3, 0.7),  # backed in October 1913, held back twice before
            "harsh_ultimatum": (0.1, 0.5),
            "serbia_accepts_all": (0.2, 0.7),  # it gave way in 1909 and 1913
            "war_on_serbia": (0.1, 0.5),  # none of three demands with force behind them had led to it
            "halt_in_belgrade": (0.03, 0.4),
            "russian_general_mobilisation": (0.03, 0.4),
            "germany_against_russia": (0.02, 0.35),
            "austria_against_russia": (0.02, 0.4),
            "general_war": (0.02, 0.35),  # none of nine crises of the powers since 1871
            "belgium_attacked": (0.02, 0.3),
            "britain_at_war": (0.02, 0.3),
            "italy_fights": (0.002, 0.15),
            "romania_fights": (0.002, 0.15),
            "local_war": (0.03, 0.4),
        },
    )


def test_where_nobody_mobilises_there_is_no_general_war() -> None:
    still = [order for actor in ("RUS", "GER", "FRA") for order in every_turn(NAME, actor, "armies", "wait")]
    played = ordered(NAME, still)
    assert played.share("general_war") == 0
    assert played.share("war_on_serbia") > 0.1


def test_without_a_note_there_is_no_war() -> None:
    played = ordered(NAME, every_turn(NAME, "AUH", "note_to_belgrade", "wait"))
    assert played.share("war_on_serbia") == 0
    assert played.share("general_war") == 0


def test_a_blank_cheque_makes_vienna_bold_and_a_refusal_holds_it_back() -> None:
    # In the second week, in every run: before Vienna could have sent its note with German backing.
    def answered(option: str) -> float:
        return ordered(NAME, [Order(8, "GER", "answer_to_vienna", option)]).share("harsh_ultimatum")

    assert answered("full_backing") > answered("hold_back") + 0.15


def test_german_counsel_to_halt_keeps_a_war_with_serbia_local() -> None:
    def of_wars(played: Played, outcome: str) -> float:
        at_war = played["wars"].max(axis=0) > 0
        return float((played.final(f"outcome.{outcome}") > 0)[at_war].mean())

    urged = ordered(NAME, [Order(turn, "GER", "line", "urge_halt") for turn in range(25, 50)])
    assert of_wars(urged, "halt_in_belgrade") > of_wars(under(NAME), "halt_in_belgrade") + 0.05
    assert of_wars(urged, "general_war") < of_wars(under(NAME), "general_war")


def test_italy_may_hold_that_the_triple_alliance_was_not_meant_for_this() -> None:
    played = under(NAME, runs=BASE_RUNS)
    general = played.final("outcome.general_war") > 0
    rows = [row for row in played.program.rows if row.startswith("declined[triple_alliance.article_3")]
    declined = np.sum([played.final(row) for row in rows], axis=0)
    fights = played.final("outcome.italy_fights") > 0
    assert (declined[general] > 0).mean() > 0.5
    assert 0 < fights[general].mean() < 0.5


def test_belgium_brings_britain_in() -> None:
    def entered(option: str) -> float:
        played = ordered(NAME, [Order(33, "GER", "which_war", option)])
        return played.share("britain_at_war")

    assert entered("west_by_belgium") > entered("west_by_lorraine") + 0.1


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "by"),
    [
        ("GER", "sleepwalkers", "deliberate_war", "general_war", 0.1),
        ("GER", "sleepwalkers", "calculated_risk", "blank_cheque", 0.1),
        ("AUH", "satisfaction", "war_party", "war_on_serbia", 0.2),
        ("RUS", "reluctant", "forward", "russian_general_mobilisation", 0.08),
        ("GBR", "radical", "balance", "britain_at_war", 0.03),
    ],
)
def test_an_account_of_an_actor_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, by: float
) -> None:
    assert under(NAME, actor, more).share(outcome) > under(NAME, actor, less).share(outcome) + by
