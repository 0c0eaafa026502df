"""The flagship's loops turn as its files say: each test plays two worlds, one thing apart, same luck."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pytest

from sim.engine.orders import Order
from tests.scenarios.ensembles import Played, always, beside, fixed, play, program

RUNS = 200


def edited(edit: str) -> Played:
    return play(program(edit), RUNS)


@lru_cache(maxsize=1)  # a hundred and forty megabytes
def differing(parameter: str, *values: float) -> tuple[Played, ...]:
    return beside(parameter, *values, runs=RUNS)


def ordered(orders: Sequence[Order]) -> Played:
    return play(program(), RUNS, orders)


def rises(before: Played, after: Played, *rows: str) -> None:
    for row in rows:
        assert after.mean(row) > before.mean(row), row


def falls(before: Played, after: Played, *rows: str) -> None:
    rises(after, before, *rows)


def test_worlds_that_are_played_beside_each_other_are_those_that_are_played_alone() -> None:
    for value, found in zip((0.1, 0.5), differing("caution", 0.1, 0.5), strict=True):
        alone = play(program(fixed(caution=value)), 3)
        assert np.array_equal(found.history[:, :, :3], alone.history)


def test_russian_backing_emboldens_kim_and_worries_everyone() -> None:
    distant = ordered(always("RUS/stand_with_kim", "distance"))
    close = ordered(always("RUS/stand_with_kim", "embrace"))
    rises(distant, close, "confidence[PRK]", "fired[PRK/missile_tests]", "fired[PRK/border_clash]")
    rises(distant, close, "tension[KOR, PRK]", "trilateral_cohesion", "unease[CHN]")


def test_provocation_brings_backing_pressure_and_less_for_kyiv() -> None:
    quiet = ordered(always("PRK/border_clash", "refrain"))
    loud = ordered(always("PRK/border_clash", "do"))
    rises(quiet, loud, "acts[embrace, RUS, PRK]")  # emboldenment
    rises(quiet, loud, "unease[CHN]", "acts[press, CHN, PRK]", "restraint[PRK]")  # restraint
    falls(quiet, loud, "bandwidth[USA]", "aid[USA]")  # western arms, bandwidth
    rises(quiet, loud, "tension[CHN, PHL]")


def test_chinese_pressure_restrains_kim() -> None:
    silent = ordered(always("CHN/handle_pyongyang", "silence"))
    pressing = ordered(always("CHN/handle_pyongyang", "quiet_pressure"))
    falls(silent, pressing, "fired[PRK/missile_tests]", "fired[PRK/nuclear_test]", "tension[KOR, PRK]")


def test_russian_food_and_oil_replace_chinese_leverage() -> None:
    less = ordered(always("RUS/feed_pyongyang", "less"))
    more = ordered(always("RUS/feed_pyongyang", "more"))
    falls(less, more, "chn_leverage_prk", "restraint[PRK]", "hardship[PRK]")
    rises(less, more, "fired[PRK/missile_tests]")


def test_russian_output_hollows_the_deal() -> None:
    short, ample = differing("output_ceiling", 230_000, 480_000)
    falls(
        short,
        ample,
        "need[RUS]",
        "asking_price[PRK]",
        "outcome.missile_help",
        "commitment[RUS]",
        "sent[shells_to_moscow]",
    )


def test_transfers_bring_seoul_nearer_to_arming_kyiv() -> None:
    nothing = ordered(always("RUS/share_technology", "nothing"))
    missiles = ordered(always("RUS/share_technology", "missile"))
    rises(nothing, missiles, "threat_perception[KOR]", "aid_rung[KOR]", "unease[CHN]", "confidence[PRK]")
    falls(nothing, missiles, "norm")


def test_russian_threats_hold_seoul_back() -> None:
    quiet, warned = ordered(always("RUS/warn_seoul", "quiet")), ordered(always("RUS/warn_seoul", "warn"))
    falls(quiet, warned, "aid_rung[KOR]")


def test_past_the_red_line_transfers_rise() -> None:
    held = ordered(always("KOR/arms_for_kyiv", "non_lethal"))
    crossed = ordered(always("KOR/arms_for_kyiv", "full"))
    rises(
        held, crossed, "grievance[RUS]", "tech_missile[PRK]", "tech_conventional[PRK]", "russian_menace[KOR]"
    )


def test_without_a_monitor_the_sanctions_bite_less_and_kim_is_bolder() -> None:
    seen, blind = (
        edited(f"bodies: {{unsc: {{measures: {{panel: {{in_force: {n}}}}}}}}}\n") for n in ("true", "false")
    )
    falls(seen, blind, "monitoring[UN]", "compliance", "bite[PRK]")
    rises(seen, blind, "confidence[PRK]")


def test_western_arms_anger_moscow() -> None:
    lapsed, raised = (
        ordered(always("USA/aid_for_kyiv", "lapse")),
        ordered(always("USA/aid_for_kyiv", "increase")),
    )
    rises(lapsed, raised, "grievance[RUS]", "tech_conventional[PRK]", "fired[RUS/threaten_to_arm_pyongyang]")
    rises(lapsed, raised, "tension[KOR, PRK]")


def test_thin_attention_invites_probing() -> None:
    calm, busy = differing("other_crises", 0.1, 1.2)
    falls(calm, busy, "bandwidth[USA]", "aid[USA]")
    rises(calm, busy, "acts[harass, CHN, PHL]", "tension[CHN, PHL]", "acts[drill, CHN, TWN]")


def test_chinese_pressure_at_sea_moves_hanoi_to_arms_and_to_washington() -> None:
    patrol, survey = (ordered(always("CHN/vietnamese_waters", option)) for option in ("patrol", "survey"))
    rises(patrol, survey, "arms_demand[VNM]", "alignment[USA, VNM]")


def test_fear_of_sanctions_keeps_hanoi_from_russian_orders() -> None:
    bold, fearful = differing("fear_weight", 0.2, 0.7)
    falls(bold, fearful, "acts[buy_russian, VNM]")


def test_drilling_with_moscow_strains_both_with_beijing() -> None:
    idle, drilling = ordered(always("VNM/drill", "hold_off")), ordered(always("VNM/drill", "new_blocks"))
    rises(idle, drilling, "tension[CHN, VNM]")
    falls(idle, drilling, "alignment[CHN, RUS]")


def test_other_channels_help_trade_up_to_their_ceiling() -> None:
    low, high = differing("bypass_ceiling", 0.3, 0.65)
    rises(low, high, "bypass[RUS]", "trade_with_hanoi[RUS]")
    assert high["bypass[RUS]"].max() < 0.75


def test_arms_sales_pay_for_russian_output() -> None:
    poor, rich = (
        edited(f"actors: {{RUS: {{attributes: {{arms_income: {{initial: {n}}}}}}}}}\n") for n in (2, 15)
    )
    rises(poor, rich, "shell_output[RUS]")
    falls(poor, rich, "need[RUS]")


@pytest.mark.parametrize(
    "deed",
    [
        "acts[press, CHN, PRK]",
        "acts[court, CHN, PRK]",
        "acts[harass, CHN, PHL]",
        "acts[harass, CHN, VNM]",
        "acts[drill, CHN, TWN]",
    ],
)
def test_caution_lowers_chinese_activity(deed: str) -> None:
    bold, cautious = differing("caution", 0.1, 0.5)
    falls(bold, cautious, deed)


def test_boldness_turns_confidence_into_provocation() -> None:
    meek, bold = differing("boldness", 0.2, 2.5)
    rises(meek, bold, "fired[PRK/missile_tests]", "tension[KOR, PRK]")


def test_a_treaty_in_force_emboldens_kim_at_the_brink() -> None:
    pending, in_force = differing("years_to_force", 3, 0.01)
    rises(pending, in_force, "acts[exchange_fire, PRK, KOR]", "tension[KOR, PRK]")


def test_who_wants_men_and_is_bound_by_treaty_calls_and_soldiers_come() -> None:
    silent = play(program(), RUNS, always("RUS/russia_dprk.article_4.call/adversary=UKR", "silent"))
    calling = play(program(), RUNS, always("RUS/russia_dprk.article_4.call/adversary=UKR", "call"))
    rises(silent, calling, "acts[send_troops, PRK, RUS]", "soldiers[PRK]", "threat_perception[KOR]")
