"""The audit of mechanisms on a small world of which it is known what moves what, and by which way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.analysis.mechanisms.audit import Audit, Finding, audit, prepare, sample_of
from sim.analysis.mechanisms.carried import pitman_morgan
from sim.analysis.mechanisms.crossing import gail_simon, standardised
from sim.analysis.mechanisms.levers import DOSES, pulled
from sim.analysis.mechanisms.playing import Sample, watched
from sim.analysis.mechanisms.verdicts import Effect, effect, holm, verdict
from sim.compile import compile_scenario
from sim.scenario import Scenario, parse_scenario
from sim.text import FoedusError

WORLD = """
foedus: 1
id: seesaw
title: A seesaw
clock: {start: 2030-01-01, turn: month, turns: 12}
parameters:
  supply: {distribution: {uniform: [1, 3]}, assumed: invented}
  temper: {distribution: {uniform: [-1, 1]}, assumed: invented}
  idle: {distribution: {uniform: [0, 1]}, assumed: invented}
actors:
  AAA:
    name: Alpha
    policy: sending
    attributes:
      stock: {initial: 10, assumed: invented}
      mood: {initial: 0, assumed: invented}
      courage: {initial: 0.5, range: [0, 1], assumed: invented}
      fear: {initial: 0, assumed: invented}
      ease: {initial: 0, assumed: invented}
  BBB:
    name: Beta
    policy: answering
    attributes:
      arms: {initial: 10, assumed: invented}
      blows: {initial: 0, assumed: invented}
      weather: {initial: 0, assumed: invented}
policies:
  sending:
    choices:
      give:
        every: month
        temperature: 0.3
        assumed: invented
        options:
          keep: {utility: 0.2, assumed: invented}
          hand_over: {utility: 0.2, effects: ["stock += supply"], assumed: invented}
  answering:
    rules:
      strike:
        chance: {per: year, rate: "2 + 0.5*arms[BBB]"}
        effects: ["blows += 1"]
        assumed: invented
dynamics:
  arming: {of: "arms[BBB]", towards: "stock[AAA]", half_life: 1 week, assumed: invented}
  fears: {of: "fear[AAA]", drift: {per: year, rate: "arms[BBB] + 0.3*stock[AAA]"}, assumed: invented}
  eases: {of: "ease[AAA]", drift: {per: year, rate: "stock[AAA] - 2*arms[BBB]"}, assumed: invented}
  moods: {of: "mood[AAA]", drift: {per: year, rate: "temper*stock[AAA]"}, assumed: invented}
  whims: {of: "mood[AAA]", towards: 0, half_life: 5 years, noise: 1, assumed: invented}
  winds: {of: "weather[BBB]", towards: 0, half_life: 1 year, noise: 1, assumed: invented}
indicators:
  stock_left: stock[AAA]
  mood_now: mood[AAA]
  blows_dealt: blows[BBB]
  weather_now: weather[BBB]
  fear_now: fear[AAA]
  ease_now: ease[AAA]
  odd: "0.1 + courage[AAA] - 0.5"
"""

LEVERS = {
    "giving": "{decision: AAA/give, from: keep, to: hand_over}",
    "supply": "{parameter: supply, from: 1, to: 3}",
    "idle": "{parameter: idle, from: 0, to: 1}",
    "courage": '{initial: "courage[AAA]", from: 0, to: 1}',
    "start": '{initial: "stock[AAA]", from: 0, to: 30}',
}


def stated(  # noqa: PLR0917 - one for each key
    lever: str,
    through: str,
    observable: str,
    sign: str = "+",
    placebo: str = "weather_now",
    least: float = 0.1,
    holding: str = "",
) -> str:
    link = f"through: {through}" if through else "note: one step"
    held = f'holding: "{holding}", ' if holding else ""
    return (
        f"{{claim: invented, lever: {LEVERS[lever]}, {link}, {held}observable: {observable}, "
        f'sign: "{sign}", horizon: 1 year, least: {least}, placebo: {placebo}}}'
    )


def world(**mechanisms: str) -> Scenario:
    lines = (f"  {id_}: {text}\n" for id_, text in mechanisms.items())
    return parse_scenario(f"{WORLD}mechanisms:\n{''.join(lines)}")


def audited(runs: int = 400, **mechanisms: str) -> Audit:
    scenario = world(**mechanisms)
    return audit(scenario, compile_scenario(scenario), sample_of(runs, 5))


@cache
def alone(text: str, runs: int = 400) -> Finding:
    (finding,) = audited(runs, one=text).findings
    return finding


def test_what_moves_as_said_is_reproduced_and_more_so_with_each_dose() -> None:
    finding = alone(stated("giving", '{rows: "arms[BBB]"}', "blows_dealt"))
    assert finding.verdict == "reproduced"
    sizes = [dose.size for dose in finding.measured.doses]
    assert 0.0 < sizes[0] < sizes[1] < sizes[2]


def test_what_moves_the_other_way_is_reversed() -> None:
    assert alone(stated("giving", '{rows: "arms[BBB]"}', "blows_dealt", "-")).verdict == "reversed"


@pytest.mark.parametrize("lever", ["idle", "courage"])
def test_what_reaches_nothing_moves_nothing_and_is_absent(lever: str) -> None:
    finding = alone(stated(lever, '{rows: "arms[BBB]"}', "blows_dealt"))
    assert finding.verdict == "absent"
    assert finding.whole.size == finding.whole.error == finding.whole.moved == 0.0
    assert finding.carries == "unknown"


def test_what_is_smaller_than_what_matters_is_absent() -> None:
    text = stated("giving", '{rows: "arms[BBB]"}', "blows_dealt", least=10.0)
    assert alone(text).verdict == "absent"


def test_what_goes_either_way_depends_on_what_is_uncertain() -> None:
    finding = alone(stated("start", "", "mood_now", "mixed"), runs=1_000)
    assert finding.verdict == "depends"
    assert 1 / 3 < finding.whole.up < 2 / 3


@pytest.mark.parametrize(
    ("through", "carries"),
    [
        ('{rows: "arms[BBB]"}', "all"),
        ('{rows: "weather[BBB]"}', "none"),
        ('{rows: "courage[AAA]", decisions: AAA/give}', "none"),
    ],
)
def test_an_effect_goes_when_what_carries_it_is_frozen(through: str, carries: str) -> None:
    finding = alone(stated("start", through, "blows_dealt"))
    assert finding.verdict == "reproduced"
    assert finding.carries == carries


def test_with_everything_frozen_that_reads_the_lever_nothing_moves_at_all() -> None:
    held = alone(stated("start", '{rows: "arms[BBB]"}', "blows_dealt")).measured.frozen
    assert held is not None
    assert held.left.size == held.left.error == held.left.moved == 0.0


@pytest.mark.parametrize(
    ("through", "observable", "holding", "only"),
    [
        ('{rows: "arms[BBB]"}', "blows_dealt", "", True),
        ('{rows: "arms[BBB]"}', "fear_now", "", False),
        ('{rows: "weather[BBB]"}', "fear_now", "arms[BBB]", False),
        ("{decisions: BBB/strike}", "fear_now", "", False),
        ("", "blows_dealt", "", False),
    ],
)
def test_a_link_is_the_only_way_if_nothing_leads_around_it(
    through: str, observable: str, holding: str, only: bool
) -> None:
    finding = alone(stated("start", through, observable, holding=holding), runs=200)
    assert finding.only_way == only


@pytest.mark.parametrize(
    ("observable", "sign", "carries"), [("fear_now", "+", "part"), ("ease_now", "-", "beyond")]
)
def test_of_an_effect_with_two_ways_a_link_carries_its_part(observable: str, sign: str, carries: str) -> None:
    finding = alone(stated("start", '{rows: "arms[BBB]"}', observable, sign))
    assert finding.verdict == "reproduced"
    assert finding.carries == carries


def test_what_is_held_still_does_not_count() -> None:
    # Without the arms, 0.3 of a stock of 30 over a mean of 6.5 months is left.
    text = stated("start", "", "fear_now", holding="arms[BBB]")
    scenario = world(one=text)
    unit = prepare(scenario, compile_scenario(scenario), sample_of(400, 5)).units["fear_now", 12]
    held = alone(text).whole
    assert held.size * unit == pytest.approx(0.3 * 30.0 * 6.5 / 12.0, rel=0.01)
    assert held.size < alone(stated("start", "", "fear_now")).whole.size / 3.0


def test_an_indicator_that_never_moves_in_the_base_case_has_one_unit_for_all_doses() -> None:
    finding = alone(stated("courage", "", "odd"))
    assert finding.measured.still
    first, second, whole = (dose.size for dose in finding.measured.doses)
    assert whole == pytest.approx(2.0, rel=0.01)
    assert (first, second) == pytest.approx((whole / 3.0, whole * 2.0 / 3.0))


def test_a_world_that_cannot_be_played_is_told_and_the_others_are_played() -> None:
    text = WORLD.replace("  odd: ", '  odds: "1/(stock[AAA] - 30)"\n  odd: ').replace(
        "+= supply", "+= 0*supply"
    )
    lines = f"  bad: {stated('start', '', 'odds')}\n  good: {stated('supply', '', 'odd')}\n"
    scenario = parse_scenario(f"{text}mechanisms:\n{lines}")
    bad, good = audit(scenario, compile_scenario(scenario), sample_of(200, 5)).findings
    assert bad.verdict == "unplayed"
    assert bad.measured.trouble.startswith("bad: the worlds cannot be played: ")
    assert good.measured.played


def test_doses_lie_in_the_middle_of_what_they_are_spread_over() -> None:
    scenario = world(one=stated("giving", "", "fear_now"))
    program, lever = compile_scenario(scenario), scenario.model.mechanisms["one"].lever
    third, two_thirds, whole = (
        "".join(
            "x" if order.option == "hand_over" else "." for order in pulled(program, lever, dose, 6).orders
        )
        for dose in DOSES
    )
    assert (third, two_thirds, whole) == (".x..x.", "x.xx.x", "xxxxxx")


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_that_nobody_feels_moves_nothing_to_the_last_bit(lever: str) -> None:
    assert alone(stated(lever, '{rows: "arms[BBB]"}', "blows_dealt"), runs=200).measured.cut


def test_a_placebo_that_moves_is_told() -> None:
    quiet = alone(stated("start", '{rows: "arms[BBB]"}', "blows_dealt"))
    assert not quiet.placebo_moved
    assert quiet.measured.placebo.size == 0.0
    assert alone(stated("start", '{rows: "arms[BBB]"}', "blows_dealt", placebo="stock_left")).placebo_moved


def test_mechanisms_of_one_lever_are_played_together_and_found_the_same() -> None:
    texts = {
        "first": stated("start", '{rows: "arms[BBB]"}', "blows_dealt"),
        "second": stated("start", "{decisions: BBB/strike}", "stock_left"),
        "third": stated("idle", '{rows: "arms[BBB]"}', "blows_dealt"),
    }
    together = audited(200, **texts)
    assert [finding.measured.id for finding in together.findings] == ["first", "second", "third"]
    for finding, (id_, text) in zip(together.findings, texts.items(), strict=True):
        (one,) = audited(200, **{id_: text}).findings
        assert one.measured == finding.measured


def test_several_processes_find_what_one_finds() -> None:
    scenario = world(
        first=stated("start", '{rows: "arms[BBB]"}', "blows_dealt"),
        second=stated("giving", "{decisions: BBB/strike}", "stock_left"),
    )
    program, sample = compile_scenario(scenario), sample_of(200, 3)
    alone_, shared = (audit(scenario, program, sample, workers=workers) for workers in (1, 2))
    assert alone_.findings == shared.findings


def test_histories_of_a_draw_share_its_parameters_and_part_by_their_luck() -> None:
    program = compile_scenario(world(one=stated("start", '{rows: "arms[BBB]"}', "blows_dealt")))
    rows = [program.rows[name] for name in ("supply", "blows[BBB]")]
    sample = Sample(draws=30, histories=4, seed=1)
    lever = pulled(
        program,
        world(one=stated("start", '{rows: "arms[BBB]"}', "blows_dealt")).model.mechanisms["one"].lever,
        DOSES[0],
        12,
    )
    kept = watched(lever, sample, range(30), 12, rows)[-1].reshape(2, 30, 4)
    assert (kept[0].std(axis=1) == 0.0).all()
    assert len(np.unique(kept[0, :, 0])) == 30
    assert (kept[1].std(axis=1) > 0.0).mean() > 0.9


def test_blocks_do_not_matter() -> None:
    scenario = world(one=stated("start", '{rows: "arms[BBB]"}', "blows_dealt"))
    program = compile_scenario(scenario)
    lever = scenario.model.mechanisms["one"].lever
    sample = Sample(draws=10, histories=5, seed=1)
    whole = watched(pulled(program, lever, DOSES[2], 12), sample, range(10), 12, [0, 1, 2])
    parts = [
        watched(pulled(program, lever, DOSES[2], 12), sample, draws, 12, [0, 1, 2])
        for draws in sample.blocks(15)
    ]
    assert len(parts) > 1
    assert np.array_equal(whole, np.concatenate(parts, axis=2))


def test_an_effect_is_in_standard_deviations_of_the_base_case() -> None:
    scenario = world(one=stated("start", "", "stock_left"))
    task = prepare(scenario, compile_scenario(scenario), sample_of(400, 5))
    finding = alone(stated("start", "", "stock_left"))
    assert finding.whole.size * task.units["stock_left", 12] == pytest.approx(30.0)


def test_holm_gives_the_adjusted_values_of_the_literature() -> None:
    # As R's p.adjust has them.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


def test_whether_draws_are_alike_is_asked_by_one_way_analysis_of_variance() -> None:
    rng = np.random.default_rng(1)
    base, other = rng.normal(size=(20, 6)), rng.normal(size=(20, 6)) + rng.normal(size=(20, 1))
    found = effect(base, other, 1.0)
    assert found.alike == pytest.approx(stats.f_oneway(*(other - base)).pvalue)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(400):
        draws = rng.normal(0.3, 0.5, size=(40, 1))
        found = effect(np.zeros((40, 10)), draws + rng.normal(size=(40, 10)), 1.0)
        low, high = found.interval
        held += low <= 0.3 <= high
    assert 0.91 < held / 400 < 0.98


def test_spread_from_draw_to_draw_is_told_from_luck() -> None:
    rng = np.random.default_rng(3)
    luck = rng.normal(size=(400, 10))
    assert effect(np.zeros((400, 10)), luck, 1.0).spread < 0.15
    assert effect(np.zeros((400, 10)), luck + rng.normal(0, 0.5, size=(400, 1)), 1.0).spread == pytest.approx(
        0.5, abs=0.1
    )


def test_evidence_of_both_signs_is_told_as_in_the_literature() -> None:
    # The breast cancer trial of Gail and Simon (1985): 4.28, between the points of 10% and 5%.
    found = np.array([0.163, -0.114, -0.047, -0.151]) / np.array([0.0788, 0.0689, 0.0614, 0.0547])
    assert gail_simon(found) == pytest.approx(0.088, abs=0.001)
    assert gail_simon(np.abs(found)) == 1.0


@pytest.mark.parametrize(("groups", "point"), [(2, 2.71), (3, 4.23), (4, 5.43), (5, 6.50)])
def test_critical_points_are_those_of_the_literature(groups: int, point: float) -> None:
    standard = np.full(groups, np.sqrt(point / (groups - 1)))
    standard[0] = -np.sqrt(point)
    assert gail_simon(standard) == pytest.approx(0.05, abs=0.001)


def test_an_effect_that_is_strong_in_few_draws_and_none_in_the_others_does_not_go_both_ways() -> None:
    rng = np.random.default_rng(4)
    draws = np.where(np.arange(200) < 60, 2.0, 0.0)[:, None]
    found = effect(np.zeros((200, 10)), draws + rng.normal(size=(200, 10)), 1.0)
    assert found.alike < 1e-6
    assert found.crossing > 0.05
    turned = effect(
        np.zeros((200, 10)), np.concatenate([draws, -draws])[::2] + rng.normal(size=(200, 10)), 1.0
    )
    assert turned.crossing < 1e-6


def test_draws_of_one_sign_are_seldom_said_to_go_both_ways() -> None:
    rng = np.random.default_rng(5)
    chances = [effect(np.zeros((40, 10)), rng.normal(size=(40, 10)), 1.0).crossing for _ in range(400)]
    assert np.mean(np.array(chances) < 0.05) < 0.08


def test_no_draw_counts_for_more_than_the_signs_of_its_histories() -> None:
    assert standardised(np.full((1, 10), 3.0))[0] == pytest.approx(stats.norm.isf(2.0**-10))


def test_chance_is_that_of_a_t_test_over_the_draws() -> None:
    rng = np.random.default_rng(6)
    base, other = rng.normal(size=(20, 10)), rng.normal(0.1, 1.0, size=(20, 10))
    found = effect(base, other, 1.0)
    known = stats.ttest_1samp((other - base).mean(axis=1), 0.0)
    assert found.chance == pytest.approx(known.pvalue)
    assert found.interval == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_variances_of_paired_samples_are_compared_by_their_sum_and_difference() -> None:
    rng = np.random.default_rng(7)
    first, second = rng.normal(size=50), rng.normal(0.0, 2.0, size=50)
    known = stats.pearsonr(first + second, first - second, alternative="less")
    assert pitman_morgan(first, second)[0] == pytest.approx(known.pvalue)


def test_in_a_world_without_effects_hardly_anything_is_reproduced() -> None:
    # Audits of ten mechanisms that move nothing on the average: of 300, at most about one in forty
    # finds one the expected way.
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(300):
        found = [effect(np.zeros((20, 10)), rng.normal(0.0, 3.0, size=(20, 10)), 1.0) for _ in range(10)]
        adjusted = holm([one.chance for one in found] + [one.crossing for one in found])
        said = [verdict(one, "+", 0.1, adjusted[n], adjusted[10 + n]) for n, one in enumerate(found)]
        wrong += "reproduced" in said
    assert wrong / 300 < 0.05


def test_both_tests_of_all_mechanisms_are_adjusted_together() -> None:
    (first, second) = audited(
        200,
        first=stated("start", '{rows: "arms[BBB]"}', "blows_dealt"),
        second=stated("idle", "", "blows_dealt"),
    ).findings
    wholes = [first.whole, second.whole]
    known = holm([one.chance for one in wholes] + [one.crossing for one in wholes])
    assert (first.chance, second.chance, first.crossing, second.crossing) == known
    assert first.chance == pytest.approx(4.0 * first.whole.chance)


def shown(size: float, *, up: float = 1.0, spread: float = 0.0) -> Effect:
    return Effect(size, 0.01, up, 1.0, spread, 0.0, 0.0, 400)


@pytest.mark.parametrize(
    ("found", "sign", "expected"),
    [
        (shown(0.2), "+", "reproduced"),
        (shown(-0.2, up=0.0), "-", "reproduced"),
        (shown(0.2), "-", "reversed"),
        (shown(0.2), "mixed", "reversed"),
        (shown(0.05), "+", "absent"),
        (shown(0.2, up=0.5, spread=0.4), "+", "depends"),
        (shown(0.0, up=0.5, spread=0.4), "mixed", "depends"),
        (shown(0.0, up=0.5, spread=0.05), "mixed", "absent"),
        (shown(0.3, up=0.9, spread=0.4), "+", "reproduced"),
    ],
)
def test_a_verdict_follows_the_rule(found: Effect, sign: str, expected: str) -> None:
    assert verdict(found, sign, 0.1, by_chance=0.0, crossing=0.0) == expected  # type: ignore[arg-type]


def test_what_chance_could_have_done_is_absent() -> None:
    assert verdict(shown(0.2), "+", 0.1, by_chance=0.05, crossing=1.0) == "absent"


def test_too_few_runs_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        sample_of(190, 0)


def test_names_that_are_not_there_are_told_before_anything_is_played() -> None:
    scenario = world(one=stated("start", '{rows: "stocks[AAA]"}', "blows_dealt"))
    with pytest.raises(FoedusError) as caught:
        audit(scenario, compile_scenario(scenario), sample_of(200, 0))
    assert "did you mean 'stock[AAA]'" in str(caught.value.diagnostics[0])
