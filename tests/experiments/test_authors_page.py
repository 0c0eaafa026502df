"""The page of the five authors says what it was played on, and the lines that are not figures are current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.write_authors import FILE, PAGE, main, page, positions_section
from sim.scenario.experiment import Experiment, load_experiment
from tests.worlds import FLAGSHIP, SCENARIOS, shipped

STAMP = re.compile(r"Played on `five-authors` as of fingerprint `[0-9a-f]{16}`: ([\d,]+) runs,")


COIN = """
foedus: 1
id: coin
title: A coin
evidence: {seeds}
clock: {{start: 2030-01-01, turn: month, turns: 4}}
parameters: {{r: {{distribution: {{uniform: [0, 3]}}, assumed: invented, disagreement: kim-emboldened}}}}
actors: {{TOM: {{name: Tom, policy: tossing, attributes: {{heads: {{initial: 0, assumed: invented}}}}}}}}
policies: {{tossing: {{rules: {{toss: {{chance: {{per: month, rate: r}}, effects: ["heads += 1"]}}}}}}}}
outcomes: {{any: {{title: Heads at all, happens: "heads[TOM] > 3", by: 2030-05-01}}}}
"""
COINS = """
experiment: coins
title: Coins
scenario: coin.yaml
arms:
  bold:
    title: Bold
    document: "000"
    parameters: {r: {value: 0.1, informed: prk-emboldened}}
    leaves: {china-stance: no parameter}
  meek: {title: Meek, document: "001", parameters: {r: {value: 2, informed: prop-domestic}}}
"""


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return load_experiment(FILE)


def test_the_page_has_the_positions_as_they_are(experiment: Experiment) -> None:
    assert "\n".join(positions_section(experiment)).rstrip() in PAGE.read_text("utf-8")


def test_the_page_says_what_it_was_played_on_and_has_every_outcome() -> None:
    text = PAGE.read_text("utf-8")
    found = STAMP.search(text)
    assert found
    assert int(found[1].replace(",", "")) >= 4000
    for outcome in shipped(FLAGSHIP).outcomes:
        assert text.count(f"\n| {outcome.title} |") == 2, outcome.title


def test_a_page_of_another_scenario_is_stale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.write_authors.world_of", lambda _: "0" * 32)
    assert main(["--check"]) == 1
    assert "another world" in capsys.readouterr().err


def test_a_page_is_made_of_any_experiment_with_documents(tmp_path: Path) -> None:
    """Two documents, one bold where the other is meek; how bold one is decides nearly everything."""
    seeds = (SCENARIOS.parent / "seeds").as_posix()
    (tmp_path / "coin.yaml").write_text(COIN.format(seeds=seeds), "utf-8")
    (tmp_path / "coins.yaml").write_text(COINS, "utf-8")
    made = page(load_experiment(tmp_path / "coins.yaml"), 400)
    assert made.count("\n## ") == 4
    assert "| Heads at all | Bold " in made
    assert "| kim-emboldened | " in made.partition("worth to settle")[2]
    assert "`parameters.r`: prk-emboldened" in made
    assert "nothing: no parameter" in made
