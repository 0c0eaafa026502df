"""Actors, flows, groups, regimes and armies of the library, in small worlds that have what they ask for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.compile import compile_scenario
from sim.scenario import parse_scenario
from tests.scenarios.ensembles import SCENARIOS, Played, play

HEAD = """
foedus: 1
id: small
title: A small world
clock: {start: 2024-07-01, turn: month, turns: 24}
"""

MUNITIONS = """
actors:
  PRK:
    name: North Korea
    attributes:
      shells: {initial: 500000, min: 0, unit: rounds}
      shell_output: {initial: 50000, unit: rounds per month}
      goods: {initial: 0, min: 0, unit: million USD}
  RUS:
    name: Russia
    attributes:
      shells: {initial: 900000, min: 0, unit: rounds}
      shell_output: {initial: 200000, unit: rounds per month}
      goods: {initial: 10000, min: 0, unit: million USD}
  IRN: {name: Iran, attributes: {shells: {initial: 100000, min: 0, unit: rounds}}}
  KOR: {name: South Korea, attributes: {shells: {initial: 300000, min: 0, unit: rounds}}}
  UKR: {name: Ukraine, attributes: {shells: {initial: 0, min: 0, unit: rounds}}}
definitions:
  shells_fired: {value: 300000, unit: rounds}
  dispatch: {value: 100000, unit: rounds}
  iranian_dispatch: {value: 10000, unit: rounds}
  seouls_dispatch: {value: 20000, unit: rounds}
  price_of_a_shell: {value: 0.0002, unit: million USD per round}
  goods_offered: {value: OFFERED, unit: million USD}
"""

KNOW_HOW = """
actors:
  PRK:
    name: North Korea
    attributes:
      confidence: 0.5
      air_defence: {initial: 0, min: 0, unit: batteries}
      satellite_know_how: {initial: 0, min: 0}
      missile_know_how: {initial: 0, min: 0}
      nuclear_know_how: {initial: 0, min: 0}
  RUS:
    name: Russia
    attributes:
      air_defence: {initial: 20, min: 0, unit: batteries}
      satellite_know_how: {initial: 2, min: 0}
      missile_know_how: {initial: 5, min: 0}
      nuclear_know_how: {initial: 5, min: 0}
definitions:
  air_defence_given: {value: 3, unit: batteries}
  satellite_taught: {value: 1, unit: packages}
  missile_taught: {value: 1, unit: packages}
  nuclear_taught: {value: 0, unit: packages}
"""

ARMS = """
parameters: {russian_share_2023: {value: 80, unit: percent}}
actors:
  VNM: {name: Vietnam, attributes: {arms: {initial: 10000, min: 0, unit: million USD}}}
  RUS: {name: Russia, attributes: {arms: {initial: 0, min: 0, unit: million USD}}, policy: selling}
  USA: {name: United States, attributes: {arms: {initial: 2000, min: 0, unit: million USD}}}
  IND: {name: India, attributes: {arms: {initial: 100, min: 0, unit: million USD}}}
policies: {selling: {rules: {sells: {once: true, effects: ["arms[RUS] += 10"]}}}}
definitions: {russian_pace: 0.2}
"""

OPINION = """
actors:
  SOUTH: {name: The Global South}
  PROLIF: {name: Would-be nuclear states}
definitions:
  case_against_moscow: CASE
  case_for_summits: CASE
  case_for_enforcing: CASE
  case_for_the_bomb: CASE
"""

NORTH = """
world: {attributes: {compliance: {initial: COMPLIANCE, range: [0, 1]}}}
actors:
  UN: {name: United Nations, attributes: {monitoring: 0.5, severity: 0.7}}
  CHN: {name: China, attributes: {trade_with_pyongyang: {initial: 2.3, min: 0, unit: billion USD per year}}}
  RUS: {name: Russia, attributes: {trade_with_pyongyang: {initial: 0.4, min: 0, unit: billion USD per year}}}
  PRK: {name: North Korea}
  USA: {name: United States}
  EU: {name: European Union}
  KOR: {name: South Korea}
  JPN: {name: Japan}
"""

RUSSIA = """
world: {attributes: {financial_pressure: PRESSURE}}
parameters: {bypass_ceiling: 0.5, bypass_premium: 0.3}
actors:
  RUS: {name: Russia, attributes: {fiscal_stress: {initial: 0.4, range: [0, 1]}}}
  CHN: {name: China}
  IND: {name: India}
  USA: {name: United States}
  EU: {name: European Union}
  JPN: {name: Japan}
"""

BRINK = """
parameters: {boldness: 1, war_rate: {value: 0.01, unit: per year}, north_begins: 0.5}
world: {attributes: {korean_war: {initial: 0, range: [0, 1]}, ceasefire: CEASEFIRE}}
escalation: {round: 10 days, disputes: {RUS: {UKR: war}, PRK: {KOR: force}}}
relations: {tension: {symmetric: true, range: [0, 1], default: 0.5}}
definitions: {kim_nerve: NERVE}
actors:
  PRK:
    name: North Korea
    policy: northern_army
    attributes: {restraint: 0.1, hardship: 0.5, tech_conventional: 0.1}
  KOR:
    name: South Korea
    policy: southern_army
    attributes: {progressive: 0, defence_effort: {initial: 2.8, unit: percent of GDP}}
  USA: {name: United States, attributes: {bandwidth: 0.5}}
  RUS: {name: Russia, policy: russian_army}
  UKR: {name: Ukraine, policy: ukrainian_army}
"""


def played(fragment: str, world: str) -> Played:
    text = f"evidence: ../seeds\nextends: library/{fragment}\n{HEAD}{world}"
    return play(compile_scenario(parse_scenario(text, str(SCENARIOS / "small.yaml"))), 20)


def test_shells_go_one_way_and_what_is_not_paid_for_is_owed() -> None:
    paid, owing = (
        played("flows/munitions.yaml", MUNITIONS.replace("OFFERED", offer)) for offer in ("50", "5")
    )
    assert (paid.final("owed[shells_to_moscow]") == 0).all()
    assert (owing.final("owed[shells_to_moscow]") > 50).all()
    assert np.array_equal(paid["delivered[shells_to_moscow]"], owing["delivered[shells_to_moscow]"])
    assert (paid.final("paid[shells_to_moscow]") > owing.final("paid[shells_to_moscow]")).all()
    assert (paid.final("shells[PRK]") < 1e-6).all()  # sent faster than made


def test_shells_are_neither_made_nor_lost_on_the_way() -> None:
    seen = played("flows/munitions.yaml", MUNITIONS.replace("OFFERED", "20"))
    holders = ("PRK", "RUS", "IRN", "KOR", "UKR")
    ways = ("shells_to_moscow", "iranian_arms", "seouls_shells")
    held = sum(seen.final(f"shells[{actor}]") for actor in holders)
    made = sum(seen.final(f"made[shells, {actor}]") for actor in holders)
    used = sum(seen.final(f"used[shells, {actor}]") for actor in holders)
    under_way = sum(seen.final(f"transit[{way}]") for way in ways)
    assert np.allclose(held + under_way + used, 1_800_000 + made, rtol=1e-12)


def test_who_teaches_keeps_what_is_taught_and_a_stage_comes_months_later() -> None:
    seen = played("flows/know-how.yaml", KNOW_HOW)
    assert (seen.final("missile_know_how[RUS]") == 5).all()
    assert (seen.final("satellite_know_how[PRK]") <= 2).all()  # nobody is taught more than the teacher knows
    assert (seen.final("air_defence[RUS]") < 1e-9).all()  # hardware is given away
    reached = np.argmax(seen["ever[PRK/missile_know_how_reentry]"][:, 0] > 0)
    later = np.argmax(seen["ever[PRK/missile_know_how_submarine]"][:, 0] > 0)
    assert 9 < reached < later
    assert (seen["ever[PRK/nuclear_know_how_small_warheads]"] == 0).all()
    assert (seen.final("confidence[PRK]") > 0.5).all()


def test_the_origin_of_arms_changes_with_what_is_delivered() -> None:
    seen = played("flows/arms-for-hanoi.yaml", ARMS)
    russian, western = seen["arsenal[arms, VNM, RUS]"], seen["arsenal[arms, VNM, USA]"]
    assert (russian[-1] < russian[0]).all()
    assert (western[-1] > western[0]).all()


@pytest.mark.parametrize(
    ("group", "matter"), [("SOUTH", "penalties"), ("SOUTH", "summits"), ("PROLIF", "bomb")]
)
def test_more_take_part_the_better_the_case(group: str, matter: str) -> None:
    shares = [
        played("groups/opinion.yaml", OPINION.replace("CASE", case)).final(f"share[{group}, {matter}]")
        for case in ("0.1", "0.5", "0.9")
    ]
    assert (shares[0] < shares[1]).all()
    assert (shares[1] < shares[2]).all()


def test_the_sanctions_on_north_korea_bite_where_third_parties_comply() -> None:
    bites = []
    for compliance in ("0.1", "0.9"):
        seen = played("regimes/north-korea.yaml", NORTH.replace("COMPLIANCE", compliance))
        bites.append(seen.final("bite[un_on_prk/PRK]"))
    assert (bites[0] < bites[1]).all()


def test_payments_move_to_other_channels_and_not_beyond_their_ceiling() -> None:
    mild, hard = (
        played("regimes/russia.yaml", RUSSIA.replace("PRESSURE", pressure)) for pressure in ("0.1", "0.9")
    )
    channels = hard["channels[west_on_russia/RUS]"]
    assert (channels[-1] > channels[0]).all()
    assert channels.max() <= 0.5
    assert (hard.final("fiscal_stress[RUS]") > mild.final("fiscal_stress[RUS]")).all()


def test_a_bolder_north_fires_more_at_the_brink() -> None:
    meek, bold = (
        played("policies/brink-in-korea.yaml", BRINK.replace("NERVE", nerve).replace("CEASEFIRE", "0"))
        for nerve in ("-0.5", "0.5")
    )
    assert meek.per_year("acts[exchange_fire, PRK, KOR]") < bold.per_year("acts[exchange_fire, PRK, KOR]")


@pytest.mark.parametrize(("ceasefire", "level"), [("0", 5), ("1", 1)])
def test_armies_stop_when_there_is_a_ceasefire(ceasefire: str, level: int) -> None:
    text = BRINK.replace("NERVE", "0").replace("CEASEFIRE", ceasefire)
    seen = played("policies/brink-in-korea.yaml", text)
    assert (seen.final("hostility[RUS, UKR]") == level).all()


ACTORS = sorted((SCENARIOS / "library" / "actors").glob("*.yaml"))


@pytest.mark.parametrize("path", ACTORS, ids=lambda path: path.stem)
def test_actors_of_the_library_have_names_and_aims(path: Path) -> None:
    text = f"extends: library/actors/{path.name}\n{HEAD}"
    actors = parse_scenario(text, str(SCENARIOS / "small.yaml")).model.actors
    assert len(actors) >= 3
    assert all(actor.name and actor.aims for actor in actors.values())
