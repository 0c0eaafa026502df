"""`--doctrine` on every command that plays, and what `validate` says of doctrines."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from tests.cli.command import document, foedus
from tests.domain.test_doctrines import SCENARIO
from tests.worlds import text_of

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture(autouse=True)
def file(here: Path) -> Path:
    path = here / "doctrines.yaml"
    path.write_text(text_of(SCENARIO), "utf-8")
    return path


def test_validate_says_how_many_doctrines_were_checked() -> None:
    result = foedus("validate", "doctrines.yaml")
    assert result.exit_code == 0
    assert "2 actors, 3 doctrines (all checked), " in result.stdout
    found = document(foedus("validate", "doctrines.yaml", "--doctrine", "RUS=spoiler", "--json"))
    (held,) = found["files"]
    assert held["doctrines"] == {"RUS": {"in_force": "spoiler", "checked": ["patient", "spoiler", "trader"]}}


def test_run_plays_the_doctrine_that_is_named() -> None:
    result = foedus("run", "doctrines.yaml", "--doctrine", "RUS=spoiler", "--turns", "2")
    assert result.exit_code == 0
    assert "Doctrine of Russia: spoiler." in result.stdout
    assert "boast" in result.stdout
    told = document(foedus("run", "doctrines.yaml", "--doctrine", "RUS=spoiler", "--json"))
    assert told["doctrines"] == {"RUS": "spoiler"}
    assert told["hash"] == sim.load("doctrines.yaml", {"RUS": "spoiler"}).hash


def test_run_without_it_plays_the_scenarios_own() -> None:
    told = document(foedus("run", "doctrines.yaml", "--json"))
    assert told["doctrines"] == {"RUS": "trader"}
    assert (
        told["hash"]
        == document(foedus("run", "doctrines.yaml", "--doctrine", "RUS=trader", "--json"))["hash"]
    )


def test_explain_explains_the_doctrine_that_is_named() -> None:
    result = foedus("explain", "doctrines.yaml", "--turn", "1", "--doctrine", "RUS=spoiler")
    assert result.exit_code == 0
    assert "Russia: boast: happened" in result.stdout
    assert "offer" not in result.stdout


def test_batch_keeps_the_doctrine_in_its_certificate_and_on_the_page(here: Path) -> None:
    made = foedus(
        "batch", "doctrines.yaml", "--runs", "20", "--doctrine", "RUS=spoiler", "--out", "out", "--json"
    )
    assert document(made)["doctrines"] == {"RUS": "spoiler"}
    assert sim.read_batch("out").manifest.doctrines == {"RUS": "spoiler"}
    assert foedus("report", "out").exit_code == 0
    page = (here / "out" / "report.html").read_text("utf-8")
    assert "Doctrines in force" in page
    assert "RUS: spoiler" in page


@pytest.mark.parametrize(
    "command",
    [
        ("validate",),
        ("run",),
        ("explain", "--turn", "1"),
        ("batch", "--runs", "5"),
    ],
    ids=lambda command: command[0],
)
def test_a_doctrine_that_is_not_there_is_an_error_with_a_place(command: tuple[str, ...]) -> None:
    result = foedus(command[0], "doctrines.yaml", *command[1:], "--doctrine", "RUS=spoilr")
    assert result.exit_code == 1
    assert "did you mean 'spoiler'?" in result.stderr
    assert result.stderr.startswith("doctrines.yaml:")
    result = foedus(command[0], "doctrines.yaml", *command[1:], "--doctrine", "RSU=spoiler")
    assert result.exit_code == 1
    assert "there is no actor 'RSU'" in result.stderr
    result = foedus(command[0], "doctrines.yaml", *command[1:], "--doctrine", "spoiler")
    assert result.exit_code == 1
    assert "'spoiler' names no doctrine; expected ACTOR=DOCTRINE" in result.stderr


def test_play_takes_it_too() -> None:
    assert "--doctrine" in foedus("play", "--help").stdout
