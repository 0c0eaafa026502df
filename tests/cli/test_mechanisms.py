"""`foedus mechanisms`: what it says of a scenario, as a table, a page and data, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.test_mechanisms import WORLD, stated
from tests.cli.command import document, foedus, has_loaded, has_workers, interrupted


@pytest.fixture
def seesaw(here: Path) -> Path:
    stock = '{rows: "arms[BBB]"}'
    mechanisms = "".join(
        f"  {id_}: {stated(lever, stock, 'blows_dealt')}\n"
        for id_, lever in (("start-strikes", "start"), ("idle-talk", "idle"))
    )
    path = here / "seesaw.yaml"
    path.write_text(f"{WORLD}mechanisms:\n{mechanisms}", "utf-8")
    return path


@pytest.mark.usefixtures("seesaw")
def test_a_table_says_what_is_reproduced_and_what_is_absent() -> None:
    found = foedus("mechanisms", "seesaw.yaml", "--runs", "200", "--workers", "1")
    assert found.exit_code == 0
    assert "2 mechanisms: 1 reproduced, 1 absent; 200 pairs of runs for each dose" in found.stdout
    assert "Lever cut, a test of the program: in 2 of 2 nothing moves" in found.stdout


def test_a_page_names_what_fails_first(seesaw: Path) -> None:
    page = seesaw.parent / "page.md"
    assert (
        foedus("mechanisms", "seesaw.yaml", "--runs", "200", "--workers", "1", "--out", "page.md").exit_code
        == 0
    )
    text = page.read_text("utf-8")
    assert (
        text.index("## What fails")
        < text.index("`idle-talk` (own, expected +): absent, 0")
        < text.index("## Effects")
    )
    assert "same in every run" in text


@pytest.mark.usefixtures("seesaw")
def test_data_has_the_doses_and_the_controls() -> None:
    found = document(
        foedus("mechanisms", "seesaw.yaml", "--only", "start-strikes", "--runs", "200", "--json")
    )
    (one,) = found["mechanisms"]
    assert one["verdict"] == "reproduced"
    assert one["cut_is_zero"] is True
    assert len(one["doses"]) == 3
    assert one["frozen"]["size"] == 0.0


@pytest.mark.usefixtures("seesaw")
def test_a_mechanism_that_is_not_there_is_refused_with_the_nearest() -> None:
    found = foedus("mechanisms", "seesaw.yaml", "--only", "start-strike")
    assert found.exit_code == 1
    assert "there is no mechanism 'start-strike'" in found.stderr
    assert "did you mean 'start-strikes'?" in found.stderr


@pytest.mark.usefixtures("here")
def test_a_scenario_without_mechanisms_is_refused() -> None:
    found = foedus("mechanisms", "clean.yaml")
    assert found.exit_code == 1
    assert "this scenario has no mechanisms; expected a section 'mechanisms:'" in found.stderr


@pytest.mark.usefixtures("seesaw")
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_played() -> None:
    found = foedus("mechanisms", "seesaw.yaml", "--runs", "4000000", "--out", "nowhere/page.md")
    assert found.exit_code == 1
    assert "nowhere/page.md cannot be written: no such file or directory" in found.stderr


@pytest.mark.usefixtures("seesaw")
def test_what_is_asked_twice_is_asked_once_and_the_runs_are_those_played() -> None:
    twice = ("--only", "start-strikes") * 2
    found = foedus("mechanisms", "seesaw.yaml", "--runs", "205", "--workers", "1", *twice)
    assert "1 of 2 mechanisms asked: 1 reproduced; 200 pairs of runs for each dose" in found.stdout


@pytest.mark.parametrize(
    ("workers", "runs", "at_play"), [("1", "10000000", has_loaded("scipy")), ("2", "20000", has_workers)]
)
def test_ctrl_c_ends_an_audit_with_a_line_and_writes_nothing(
    seesaw: Path, workers: str, runs: str, at_play: Callable[[int], bool]
) -> None:
    done = interrupted(
        *("mechanisms", "seesaw.yaml", "--runs", runs, "--workers", workers, "--out", "page.md"),
        cwd=seesaw.parent,
        at_play=at_play,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "foedus: interrupted\n")
    assert not list(seesaw.parent.glob("*page*"))
