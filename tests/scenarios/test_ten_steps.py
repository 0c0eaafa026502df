"""The page of ten steps holds: each of its files runs, and the three changes do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from sim.compile import Program, compile_scenario, find_warnings
from sim.scenario import load_scenario
from sim.scenario.doctrines import choose, parse_doctrines
from sim.text import FoedusError
from tests.cli.command import foedus
from tests.scenarios.ensembles import Played, play

PAGE = Path(__file__).parents[2] / "docs" / "scenarios" / "ten-steps.md"
BLOCK = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEPS = (
    "patron-1",
    "patron-2",
    "patron-3",
    "patron-4",
    "patron-5",
    "patron-6",
    "patron-7",
    "patron-9",
    "patron-10",
)
CHANGES = ("patron-japan", "patron-treaty", "patron-hotline")
RUNS = 400
CLASHES = "times[clash, PRK, KOR]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page."""
    there = tmp_path_factory.mktemp("scenarios")
    (there / "patron-sources").mkdir()
    for name, text in BLOCK.findall(PAGE.read_text("utf-8")):
        (there / name).write_text(f"# {name}\n{text}", "utf-8")
    return there


@pytest.fixture(scope="module")
def played(folder: Path) -> dict[str, Played]:
    """Everything that can be played, on the same luck."""
    return {
        name: play(compiled(folder, name), RUNS) for name in ("patron-7", "patron-9", "patron-10", *CHANGES)
    }


def compiled(folder: Path, name: str) -> Program:
    return compile_scenario(load_scenario(folder / f"{name}.yaml"))


def test_the_page_has_ten_steps_and_three_changes_each_with_a_file() -> None:
    text = PAGE.read_text("utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [part.split(".")[0] for part in parts[:10]] == [str(number) for number in range(1, 11)]
    assert [part.splitlines()[0] for part in parts[10:]] == ["A new actor", "A treaty", "A rule"]
    assert all(len(BLOCK.findall(part)) == 1 for part in parts)
    names = [name for name, _ in BLOCK.findall(text)]
    assert names == [
        *(f"{name}.yaml" for name in STEPS[:7]),
        "patron-sources/brief.yaml",
        *(f"{name}.yaml" for name in (*STEPS[7:], *CHANGES)),
    ]


@pytest.mark.parametrize("name", [*STEPS, *CHANGES])
def test_every_step_runs(folder: Path, name: str) -> None:
    program = compiled(folder, name)
    assert play(program, 20).history.shape[0] == program.turns


@pytest.mark.parametrize("name", ["patron-7", "patron-9", "patron-10", *CHANGES])
def test_from_the_seventh_step_on_nothing_is_doubtful(folder: Path, name: str) -> None:
    scenario = load_scenario(folder / f"{name}.yaml")
    assert list(find_warnings(scenario, compile_scenario(scenario))) == []


def test_an_outcome_happens_in_some_futures_and_not_in_others(played: dict[str, Played]) -> None:
    for name, each in played.items():
        for outcome in each.program.outcomes:
            assert 0.05 < each.share(outcome.id) < 0.95, (name, outcome.id)


def test_the_ninth_step_rests_on_facts(folder: Path) -> None:
    result = foedus("evidence", str(folder / "patron-9.yaml"), "--as-of", "2024-07-01")
    assert result.exit_code == 0, result.stderr
    assert "  trade_share               trade-with-china" in result.stdout
    assert "Facts used             3 of 3" in result.stdout


def test_a_share_beyond_the_fact_is_refused_as_the_page_says(folder: Path) -> None:
    other = folder / "beyond.yaml"
    text = (folder / "patron-9.yaml").read_text("utf-8").replace("[80, 90]", "[60, 95]")
    other.write_text(text, "utf-8")
    with pytest.raises(FoedusError, match=r"and 'trade-with-china' holds 80 to 90 percent"):
        compile_scenario(load_scenario(other))


def test_a_firm_beijing_presses_more(folder: Path, played: dict[str, Played]) -> None:
    scenario = load_scenario(folder / "patron-10.yaml")
    firm = play(compile_scenario(choose(scenario, parse_doctrines(["CHN=firm"]))), RUNS)
    assert firm.share("beijing_presses") > played["patron-10"].share("beijing_presses") + 0.05


def test_a_new_actor_that_nobody_looks_at_moves_nothing_else(played: dict[str, Played]) -> None:
    before, after = played["patron-10"], played["patron-japan"]
    common = set(before.program.rows) & set(after.program.rows)
    assert all(np.array_equal(before[row], after[row]) for row in common)
    clashes, armed = after.final(CLASHES), after.final("defence[JPN]")
    assert armed[clashes >= 2].mean() > armed[clashes == 0].mean()


def test_a_treaty_is_called_upon_and_prevents_clashes(played: dict[str, Played]) -> None:
    before, after = played["patron-japan"].final(CLASHES), played["patron-treaty"].final(CLASHES)
    kept = played["patron-treaty"].final("outcome.pact_holds") > 0
    assert (after <= before).all()
    assert (after[~kept] == before[~kept]).all()
    assert (after < before).any()


def test_a_hotline_prevents_clashes_and_causes_none(played: dict[str, Played]) -> None:
    before, after = played["patron-10"].final(CLASHES), played["patron-hotline"].final(CLASHES)
    assert (after <= before).all()
    assert after.mean() < before.mean()
