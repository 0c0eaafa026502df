"""What the sources say moves what moves it in the flagship: two worlds, one thing apart, same luck."""

from __future__ import annotations

import pytest

from tests.scenarios.ensembles import Played, always, beside, play, program

RUNS = 60


def higher(before: Played, after: Played, row: str) -> bool:
    return after.mean(row) > before.mean(row)


@pytest.mark.parametrize(
    ("decision", "less", "more", "up", "down"),
    [
        ("RUS/stand_with_kim", "routine", "exercise", ["plan_contingencies", "us_force_alloc_korea"], []),
        ("RUS/asian_tour", "stay", "delhi", ["rus_trade_share_asia"], ["isolation_index"]),
        ("RUS/asian_tour", "stay", "hanoi", [], ["alliance_cohesion", "vnm_west_relations"]),
        ("RUS/spoil", "refrain", "do", ["middle_power_coalition"], ["norm_strength_index"]),
        ("PRK/join_the_war", "shells_only", "workers", ["dprk_hard_currency"], ["labour_gap[RUS]"]),
        ("VNM/order_arms", "wait", "for_rights", ["scs_rights_granted", "rus_energy_stake_vnm"], []),
        ("VNM/drill", "hold_off", "new_blocks", ["rus_energy_stake_vnm", "scs_incidents"], []),
        ("CHN/shoals", "patrol", "board", ["scs_trade_disruption"], ["trade_with_hanoi[CHN]"]),
        ("AUS/know_russia", "neglect", "fund", [], ["response_lag"]),
        ("PRK/deliver_shells", "withhold", "surge", ["rus_fire_days_covered", "war_intensity_index"], []),
    ],
)
def test_a_deed_moves_what_the_sources_say(
    decision: str, less: str, more: str, up: list[str], down: list[str]
) -> None:
    one, other = (play(program(), RUNS, always(decision, option)) for option in (less, more))
    for row in up:
        assert higher(one, other, row), row
    for row in down:
        assert higher(other, one, row), row


@pytest.mark.parametrize(
    ("parameter", "low", "high", "up", "down"),
    [
        ("second_ally_cost", 0, 0.12, [], ["chn_leverage_prk"]),
        ("soured_by_the_visit", 0.05, 0.4, [], ["vnm_west_relations"]),
        ("precedent_effect", 0, 0.5, [], ["sanctions_compliance", "compliance"]),
    ],
)
def test_what_is_uncertain_moves_what_it_is_about(
    parameter: str, low: float, high: float, up: list[str], down: list[str]
) -> None:
    one, other = beside(parameter, low, high, runs=RUNS)
    for row in up:
        assert higher(one, other, row), row
    for row in down:
        assert higher(other, one, row), row


def test_who_believes_that_more_was_given_knows_it_only_in_part() -> None:
    """Belief follows the truth at a distance, and the spread stays where nobody inspects."""
    given = play(program(), RUNS, always("RUS/share_technology", "missile"))
    believed, truth = given["belief[KOR, passed_on]"], given["tech_missile[PRK]"]
    assert believed[-1].mean() > believed[0].mean() + 0.1
    assert (believed[6:].mean(axis=1) < truth[6:].mean(axis=1)).all()
    assert given["spread[KOR, passed_on]"].min() > 0.01


def test_what_washington_cannot_attend_to_is_left_lying() -> None:
    calm, busy = beside("other_crises", 0.1, 2, runs=RUNS)
    assert higher(busy, calm, "attention[USA]")
    taken = [(played["chosen[USA/korean_posture]"] > 0).mean() for played in (calm, busy)]
    assert taken[0] > 1.3 * taken[1]
