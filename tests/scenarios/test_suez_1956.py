"""Suez: force needs ships and a pretext, a veto changes the room, and money stops what soldiers cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.orders import Order
from tests.scenarios.ensembles import Played
from tests.scenarios.sound import BASE_RUNS, assert_sane, assert_sound, every_turn, ordered, under

NAME = "suez-1956"


def base() -> Played:
    return under(NAME, runs=BASE_RUNS)


def test_it_loads_clean_and_every_value_is_graded() -> None:
    assert_sound(NAME)


def test_outcomes_come_about_as_often_as_could_be_thought_on_the_first_day() -> None:
    assert_sane(
        base(),
        {
            "settled_by_talks": (0.05, 0.4),
            "secret_pact": (0.05, 0.45),
            "israel_attacks": (0.05, 0.4),  # no war in seven years, and one being weighed
            "britain_uses_force": (0.08, 0.45),  # none of four nationalisations was answered so
            "france_uses_force": (0.05, 0.45),
            "british_veto": (0.05, 0.45),
            "assembly_calls": (0.03, 0.35),
            "canal_blocked": (0.05, 0.5),
            "dollars_withheld": (0.05, 0.4),
            "reserves_below_floor": (0.03, 0.35),
            "soviet_threat": (0.05, 0.4),
            "soviet_force": (0.001, 0.05),  # none beyond the bloc in ten years
            "britain_stops": (0.03, 0.4),
            "canal_taken": (0.02, 0.3),
            "nasser_falls": (0.01, 0.2),
            "un_force": (0.03, 0.4),
            "troops_leave": (0.05, 0.4),
        },
    )


def test_who_gathers_no_ships_lands_nowhere() -> None:
    idle = ordered(NAME, every_turn(NAME, "GBR", "gather", "refrain"))
    assert idle.share("britain_uses_force") == 0
    assert idle.share("secret_pact") == 0


def test_a_veto_stops_the_draft_and_the_assembly_takes_the_matter_up() -> None:
    played = base()
    vetoed = played["fired[unsc/vetoed/draft=ceasefire]"] > 0
    assert not (vetoed & (played["fired[unsc/passes/draft=ceasefire]"] > 0)).any()
    assert (played.final("session")[vetoed[:-2].any(axis=0)] > 0).mean() > 0.9
    # On procedure nobody has a veto: London and Paris vote against in vain.
    called = played["fired[unsc/passes/draft=to_the_assembly]"] > 0
    assert (played["tally[unsc/to_the_assembly/against]"][called] > 0).mean() > 0.5


def test_british_force_ends_the_treaty_on_the_base() -> None:
    played = base()
    used = (played["hostility[GBR, EGY]"][:-1] >= 4).any(axis=0)  # it ends in the week after
    over = played.final("status[base_treaty]") == 4
    assert 0 < used.sum() < used.size
    assert (over == used).all()


def test_dollars_withheld_make_london_stop_and_leave() -> None:
    def last(option: str) -> Played:
        return ordered(NAME, [Order(turn, "USA", "money", option) for turn in range(12, 23)])

    withheld, helped = last("withhold"), last("help")
    assert withheld.share("troops_leave") >= helped.share("troops_leave")
    assert withheld.share("canal_taken") < helped.share("canal_taken") - 0.02
    assert withheld.final("reserves[GBR]").mean() < helped.final("reserves[GBR]").mean() - 0.2


def test_israel_rarely_goes_alone() -> None:
    played = base()
    attacked = played.final("outcome.israel_attacks") > 0
    agreed = played.final("agreed[FRA]") > 0.9
    assert attacked[agreed].mean() > 2 * attacked[~agreed].mean()


def test_washington_answers_the_attack_by_the_declaration_of_1950() -> None:
    played = base()
    rows = [
        row for row in played.program.rows if row.startswith("honoured[tripartite_declaration.action, USA")
    ]
    honoured = np.sum([played.final(row) for row in rows], axis=0) > 0
    attacked = (played["hostility[ISR, EGY]"] >= 5).any(axis=0)
    assert honoured[attacked].mean() > 0.4
    assert not honoured[~attacked].any()


@pytest.mark.parametrize(
    ("actor", "less", "more", "outcome", "by"),
    [
        ("GBR", "treasury", "munich", "britain_uses_force", 0.15),
        ("EGY", "defiant", "bargainer", "settled_by_talks", 0.1),
        ("ISR", "reprisals", "preventive", "israel_attacks", 0.03),
        ("USA", "allies_first", "rule_of_law", "dollars_withheld", 0.03),
        ("URS", "careful", "bluff", "soviet_threat", 0.03),
    ],
)
def test_an_account_of_an_actor_moves_what_it_is_about(
    actor: str, less: str, more: str, outcome: str, by: float
) -> None:
    assert under(NAME, actor, more).share(outcome) > under(NAME, actor, less).share(outcome) + by
