"""The fragments of the library: scenarios can extend each, and treaties say what their texts say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compile import compile_scenario
from sim.scenario import Scenario, parse_scenario
from sim.scenario.texts import load_texts
from tests.scenarios.ensembles import SCENARIOS, Played, play

TREATIES = sorted((SCENARIOS / "library" / "commitments").glob("*.yaml"))
ACTIONS, RUNGS, KOREA = "actions.yaml", "rungs.yaml", "commitments/northeast-asia.yaml"
WORLD = """
foedus: 1
id: small
title: A small world
clock: {start: 2024-07-01, turn: month, turns: 4}
actors:
  PRK: {name: North Korea, policy: northern}
  KOR: {name: South Korea, policy: southern}
  USA: {name: United States}
  CHN: {name: China}
  RUS: {name: Russia}
  JPN: {name: Japan}
  PHL: {name: Philippines}
  AUS: {name: Australia}
  VNM: {name: Vietnam}
  UKR: {name: Ukraine}
  EU: {name: European Union}
  NATO: {name: NATO}
  POL: {name: Poland}
relations:
  tension: {symmetric: true, default: 0.2, range: [0, 1], assumed: invented}
  alignment: {symmetric: true, default: 0.5, range: [0, 1], assumed: invented}
policies:
  northern: {rules: {begins: {once: true, do: [strike: KOR], assumed: invented}}}
  southern: {}
"""


def world(text: str, *fragments: str) -> Scenario:
    """The small world with fragments of the library below it, some words of it replaced."""
    extends = f"extends: [{', '.join(f'library/{path}' for path in fragments)}]\n"
    return parse_scenario(extends + text, str(SCENARIOS / "small.yaml"))


def played(text: str, *fragments: str) -> Played:
    return play(compile_scenario(world(text, *fragments)), 50)


@pytest.mark.parametrize(
    ("act", "level"),
    [
        ("threaten", 2),
        ("show_force", 3),
        ("ram", 4),
        ("exchange_fire", 4),
        ("attack_ship", 4),
        ("seize_island", 4),
        ("strike", 4),
        ("invade", 5),
    ],
)
def test_an_act_of_the_library_is_as_hostile_as_it_says(act: str, level: int) -> None:
    seen = played(WORLD.replace("strike", act), ACTIONS)
    assert (seen.final("hostility[PRK, KOR]") == level).all()
    assert (seen.final("tension[KOR, PRK]") > 0.2).all()


@pytest.mark.parametrize(("way_out", "over"), [("offer_truce", True), ("stand_down", False)])
def test_two_offers_of_a_truce_end_a_dispute_and_standing_down_alone_does_not(
    way_out: str, over: bool
) -> None:
    both = f"{{every: month, when: elapsed > 0.1, do: [{way_out}: ENEMY], assumed: invented}}"
    text = WORLD.replace("southern: {}", f"southern: {{rules: {{ends: {both.replace('ENEMY', 'PRK')}}}}}")
    if over:
        text = text.replace("rules: {begins", f"rules: {{ends: {both.replace('ENEMY', 'KOR')}, begins")
    seen = played(text, ACTIONS)
    assert (seen.final("hostility[PRK, KOR]") == (1 if over else 4)).all()


def test_who_answers_a_call_draws_closer_to_who_called() -> None:
    sure = "commitments: {us_rok: {articles: {article_3: {obligation: 100, assumed: invented}}}}\n"
    seen = played(WORLD + sure, ACTIONS, RUNGS, KOREA)
    assert (seen.final("honoured[us_rok.article_3, USA, KOR, PRK]") == 1).all()
    assert (seen.final("alignment[KOR, USA]") > 0.5).all()
    assert (seen.final("tension[PRK, USA]") > 0.2).all()


def test_the_treaty_of_2024_takes_the_place_of_that_of_2000_once_it_is_in_force() -> None:
    text = WORLD.replace("turns: 4", "turns: 14")
    seen = played(text, ACTIONS, KOREA)
    assert (seen["status[russia_dprk]"][0] == 1).all()
    assert (seen["status[russia_dprk_2000]"][0] == 2).all()
    assert (seen.final("status[russia_dprk]") == 2).all()
    assert (seen.final("status[russia_dprk_2000]") == 4).all()


@pytest.mark.parametrize("path", TREATIES, ids=lambda path: path.stem)
def test_a_treaty_of_the_library_says_what_its_text_says(path: Path) -> None:
    made = world(WORLD, ACTIONS, f"commitments/{path.name}")
    compile_scenario(made)
    commitments = made.plain["commitments"]
    assert commitments
    for name, commitment in commitments.items():
        for article, stated in commitment.get("articles", {}).items():
            text = load_texts()[f"{name}_{article.removeprefix('article_')}"].model
            attack = {key: value for key, value in stated["trigger"]["armed_attack"].items() if key != "on"}
            assert {"armed_attack": attack} == text.wording["trigger"], (name, article)
            assert stated["honoured_from"] == text.wording["honoured_from"], (name, article)
            assert made.model.commitments[name].signed.year == text.year
