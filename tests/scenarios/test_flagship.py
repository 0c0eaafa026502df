"""The flagship's base case is sane, and its evidence is in order.

Intervals come from base rates (`seeds/base_rates.yaml`) and from the hedges of the documents. They are wide.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.compile import Choice
from sim.scenario import parts
from sim.scenario.bodies import Aftermath, Ballot, OwnBallot, Vote
from sim.scenario.commitments import RungOfLadder
from sim.scenario.graded import Graded
from sim.scenario.models import Indicator
from tests.scenarios.ensembles import SCENARIOS, Played, flagship, play, program
from tests.worlds import played as last_state
from tests.worlds import row as values_of

RUNS = 1000

WITHIN = (RungOfLadder, Aftermath, Ballot, Vote)
"""As well known as what they stand in."""

MAIN_ACTORS = ("RUS", "PRK", "CHN", "USA", "KOR", "JPN", "VNM", "PHL", "UKR", "EU")

# At home at one end of their range: switches, counters, and ladders that start at the bottom.
NATURAL_BOUNDS = {
    "aid_rung[KOR]",
    "blockade",
    "ceasefire",
    "chn_tolerance",
    "eu_vnm_measures",
    "korean_war",
    "limits_on_hanoi[EU]",
    "new_team_elected",
    "progressive[KOR]",
    "restrained[USA]",
    "kor_lethal_aid_level",
    "soldiers[PRK]",
    "team[UN]",
    "tech_nuclear[PRK]",
    "termination_notice",
    "us_concessions",
}


@lru_cache
def base() -> Played:
    return play(program(), RUNS)


def test_every_value_is_graded() -> None:
    ungraded = [
        path
        for path, part in parts(flagship().model)
        if isinstance(part, Graded)
        and not isinstance(part, Indicator)
        and part.grade is None
        and (not isinstance(part, WITHIN) or isinstance(part, OwnBallot))
    ]
    assert ungraded == []


def test_every_citation_is_known() -> None:
    evidence = flagship().evidence
    for path, part in parts(flagship().model):
        if isinstance(part, Graded):
            for cited in (*(part.measured or ()), *(part.informed or ())):
                assert evidence.citable(cited), (path, cited)
            assert part.disagreement is None or part.disagreement in evidence.disagreements, path


def test_no_held_out_figure_is_cited() -> None:
    text = (SCENARIOS.parent / "seeds" / "base_rates.yaml").read_text(encoding="utf-8")
    held_out = [
        line[4:] for line in text.partition("\nheld_out:\n")[2].splitlines() if line.startswith("  - ")
    ]
    assert len(held_out) >= 8
    cited = {
        fact
        for _, part in parts(flagship().model)
        if isinstance(part, Graded)
        for fact in (*(part.measured or ()), *(part.informed or ()))
    }
    assert cited.isdisjoint(held_out)


def test_main_actors_have_at_least_three_decisions() -> None:
    owners = [decision.owner for decision in program().decisions.values()]
    for actor in MAIN_ACTORS:
        assert owners.count(actor) >= 3, actor


def test_the_veto_keeps_the_panel_away_and_the_sanctions_in_force() -> None:
    played = base()
    assert played.final("measure[unsc/panel]").mean() < 0.05
    assert played.final("measure[unsc/sanctions]").mean() > 0.99
    assert played.per_year("fired[unsc/vetoed/draft=panel_anew]") > 0.05


def test_every_policy_states_its_aims() -> None:
    assert [name for name, policy in flagship().model.policies.items() if not policy.aims] == []


def test_every_decision_can_be_told() -> None:
    for decision in program().rules:
        assert decision.doings.sayings, decision.name
    for choice in program().choices:
        for option in choice.options:
            assert all(doings.sayings for doings in option.doings), (choice.name, option.id)


def test_it_is_small_enough_to_read_and_to_play() -> None:
    made = program()
    assert len(made.rules) + len(made.choices) + len(made.events) < 250
    watched = len(made.indicators) + len(made.outcomes)
    assert len(made.variables) - watched < 1650
    assert len(made.nodes) < 9000


def test_nothing_sticks_at_a_bound() -> None:
    played = base()
    for variable in played.program.variables:
        if variable.kind == "domain":
            continue  # levels, books and switches of what the domain keeps
        if not (np.isfinite(variable.low) and np.isfinite(variable.high)) or variable.name in NATURAL_BOUNDS:
            continue
        values = played.final(variable.name)
        stuck = max((values <= variable.low).mean(), (values >= variable.high).mean())
        assert stuck < 0.5, variable.name


@pytest.mark.parametrize(
    ("outcome", "low", "high"),
    [
        # Base rates
        ("nuclear_test", 0.03, 0.35),  # 0.22 a year on the long record, none since 2017: unlikely, not remote
        ("icbm_test", 0.5, 0.97),  # 0.43 in a half-year
        ("lethal_clash", 0.03, 0.35),  # 0.12 a year, none since 2011
        ("quiet_half_year", 0.2, 0.8),  # one half-year in six is quiet; there are four
        ("war_in_korea", 0.0005, 0.04),
        ("blockade_of_taiwan", 0.0005, 0.05),
        ("death_at_sea", 0.02, 0.3),
        ("russian_veto", 0.9, 1.0),
        # The documents' hedges: the likelier branch is likelier, and none is certain
        ("satellite_help", 0.5, 0.95),
        ("missile_help", 0.05, 0.45),
        ("nuclear_help", 0.002, 0.1),
        ("seoul_arms_kyiv", 0.08, 0.45),
        ("troops_for_russia", 0.02, 0.35),
        ("oil_cut", 0.01, 0.2),
        ("panel_back", 0.002, 0.1),
        ("rupture", 0.001, 0.05),
        ("ceasefire", 0.1, 0.5),
        ("hanoi_buys_russian", 0.1, 0.6),
        ("hanoi_buys_western", 0.1, 0.6),
        ("hanoi_arms_moscow", 0.002, 0.1),
        ("hanoi_penalised", 0.002, 0.1),
        # Promises: seldom called on
        ("article_4_called", 0.02, 0.3),
        ("us_rok_called", 0.0005, 0.04),
    ],
)
def test_outcomes_come_about_as_often_as_is_sane(outcome: str, low: float, high: float) -> None:
    assert low <= base().share(outcome) <= high


def test_missile_launches_keep_their_historical_rhythm() -> None:
    played = base()
    # A campaign is never on at the start, so the first half-year is left out.
    launches = sum(
        played[f"fired[PRK/{rule}]"][6:] for rule in ("missile_tests", "icbm_test", "satellite_launch")
    )
    assert isinstance(launches, np.ndarray)
    assert 15 <= launches.sum() / RUNS / 1.5 <= 35  # 21 a year in 2012-2024, 50 in 2022-2023
    for months, low, high in ((1, 0.38, 0.58), (3, 0.6, 0.83), (6, 0.75, 0.95)):
        starts = range(launches.shape[0] - months + 1)
        window = np.mean([(launches[first : first + months].sum(axis=0) > 0).mean() for first in starts])
        assert low <= window <= high, months


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        ("fired[PRK/border_clash]", 0.25, 1.1),  # disputes between the Koreas: 0.52
        ("fired[PRK/lethal_clash]", 0.02, 0.34),  # deadly ones: 0.12
        ("fired[VNM/clash_with_china]", 0.19, 0.74),  # held out: disputes of China and Vietnam, 0.40
    ],
)
def test_incidents_keep_their_rates(row: str, low: float, high: float) -> None:
    assert low <= base().per_year(row) <= high


def test_about_half_of_the_korean_disputes_reach_force() -> None:
    played = base()
    levels = np.maximum(played["hostility[KOR, PRK]"], played["hostility[PRK, KOR]"])
    dispute = played["episode[KOR, PRK]"]
    reached = [levels[:, run][dispute[:, run] == 1].max() >= 4 for run in range(RUNS)]
    later = [levels[:, run][dispute[:, run] == 2] for run in range(RUNS)]
    reached += [found.max() >= 4 for found in later if found.size]
    assert 0.3 <= np.mean(reached) <= 0.65  # 0.46 of those of 1990-2014


def test_article_4_is_most_often_answered_below_full_force() -> None:
    played = base()
    given = full = 0
    for choice in played.program.decisions.values():
        if isinstance(choice, Choice) and "/russia_dprk.article_4.answer/" in choice.name:
            rungs = [option.id for option in choice.options]
            chosen = played.history[:, choice.chosen, :]
            given += int((chosen > 0).sum())
            full += int((chosen == rungs.index("full_force") + 1).sum())
    assert given > 0
    assert full < 0.5 * given


def test_vetoes_keep_their_rate() -> None:
    vetoes = base().per_year("acts[veto, RUS, UN]") + base().per_year("acts[veto_other, RUS]")
    assert 1 <= vetoes <= 4  # 2.5 a year in 2014-2022


def test_chinese_drills_are_about_as_frequent_as_disputes_over_taiwan() -> None:
    assert 0.1 <= base().per_year("acts[drill, CHN, TWN]") <= 1.5  # 0.48 a year


def test_trade_of_vietnam_with_russia_stays_small() -> None:
    played = base()
    assert np.all(played.final("trade_with_hanoi[RUS]") < 0.1 * played.final("trade_with_hanoi[CHN]"))
    assert np.all(played.final("trade_with_hanoi[RUS]") < 0.1 * played.final("trade_with_hanoi[USA]"))


def test_deliveries_stay_within_what_containers_could_hold() -> None:
    monthly = base().final("sent[shells_to_moscow]") / 24
    assert 60_000 <= np.median(monthly) <= 480_000


@pytest.mark.parametrize(
    ("item", "flows"),
    [
        ("shells", ("shells_to_moscow", "iranian_arms", "seouls_shells")),
        ("goods", ()),
        ("arms", ()),
        ("air_defence", ("air_defence_to_pyongyang",)),
    ],
)
def test_what_is_there_is_what_was_made_and_neither_used_nor_lost(item: str, flows: tuple[str, ...]) -> None:
    played = base()
    holders = [name for name in played.program.rows if name.startswith(f"{item}[")]
    assert len(holders) > 1
    first, last = played.history[0], played.history[-1]

    rows = played.program.rows

    def books(state: NDArray[np.float64]) -> NDArray[np.float64]:
        held = sum(state[rows[name]] for name in holders)
        under_way = sum(state[rows[f"transit[{flow}]"]] for flow in flows)
        made = sum(state[rows[name]] for name in rows if name.startswith(f"made[{item},"))
        used = sum(state[rows[name]] for name in rows if name.startswith(f"used[{item},"))
        return np.asarray(held + under_way + used - made)

    assert np.allclose(books(first), books(last), rtol=1e-9)


def test_most_runs_see_no_war() -> None:
    final = base().final
    wars = (final("outcome.war_in_korea") > 0) | (final("outcome.blockade_of_taiwan") > 0)
    assert wars.mean() < 0.08


def test_caution_is_the_usual_chinese_quarter() -> None:
    played = base()
    options = {choice.id: choice for choice in played.program.choices if choice.owner == "CHN"}
    silence = options["handle_pyongyang"]
    chosen = played.history[:, silence.chosen, :]
    taken = chosen[chosen > 0]
    usual = [option.id for option in silence.options].index("silence") + 1
    assert 0.4 <= (taken == usual).mean() <= 0.9


def test_a_finer_clock_tells_the_same_story() -> None:
    months, fortnights = base(), program("clock: {turn: 2 weeks, turns: 53}\n")
    last = last_state(fortnights, 500, seed=0)
    for outcome in months.program.outcomes:
        share = (values_of(fortnights, last, f"outcome.{outcome.id}") > 0).mean()
        assert abs(months.share(outcome.id) - share) < 0.1, outcome.id
