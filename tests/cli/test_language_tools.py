"""The tools of the language as commands: explain, schema, fmt, diff, new, migrate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

SCENARIO = Path(__file__).parents[2] / "scenarios" / "first-steps.yaml"


def said(*arguments: str) -> tuple[int, str]:
    """Exit code and everything that a command says."""
    done = CliRunner().invoke(app, list(arguments))
    return done.exit_code, done.output


def test_new_writes_a_scenario_that_validates_and_runs(tmp_path: Path) -> None:
    code, path = said("new", "river-dispute", "--in", str(tmp_path))
    assert code == 0
    assert said("validate", path.strip())[0] == 0
    assert said("run", path.strip(), "--turns", "2")[0] == 0
    assert said("new", "river-dispute", "--in", str(tmp_path))[0] == 1
    assert said("new", "River Dispute", "--in", str(tmp_path))[0] == 1


def test_fmt_tidies_once_and_check_only_names(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.read_text().replace("title: ", "title:    "))
    before = path.read_text()
    assert said("fmt", "--check", str(path)) == (1, f"{path}: would change\n")
    assert path.read_text() == before
    assert said("fmt", str(path)) == (0, f"{path}: formatted\n")
    assert said("fmt", str(path)) == (0, "")
    assert said("diff", str(SCENARIO), str(path)) == (0, "no differences\n")


def test_diff_tells_what_changes_for_the_model(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.read_text().replace("temperature: 0.2", "temperature: 0.35"))
    code, text = said("diff", str(SCENARIO), str(path))
    assert code == 0
    assert "0.35" in text
    code, document = said("diff", "--json", str(SCENARIO), str(path))
    assert code == 0
    assert [change["changes_numbers"] for change in json.loads(document)["changes"]] == [True]


def test_the_schema_is_json() -> None:
    code, text = said("schema")
    assert code == 0
    assert json.loads(text)["$schema"]


def test_migrating_the_present_version_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO.read_text())
    assert said("migrate", str(path)) == (0, "")
    path.write_text(SCENARIO.read_text().replace("foedus: 1", "foedus: 99"))
    code, text = said("migrate", str(path))
    assert code == 1
    assert f"{path}:" in text
    assert "99" in text


def test_explain_tells_why_and_gives_data() -> None:
    code, text = said("explain", str(SCENARIO), "--seed", "7", "--turn", "4", "--actor", "SOUTH")
    assert code == 0
    assert "smallest change to flip" in text
    code, text = said("explain", str(SCENARIO), "--seed", "7", "--turn", "4", "--json")
    assert code == 0
    assert {account["asked"]["owner"] for account in json.loads(text)["accounts"]} == {"NORTH", "SOUTH"}


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [("--turn", "99", "there is no turn 99"), ("--actor", "SUOTH", "did you mean 'SOUTH'?")],
)
def test_explain_says_what_is_not_there(option: str, value: str, message: str) -> None:
    arguments = {"--turn": "4", option: value}
    code, text = said("explain", str(SCENARIO), *(part for pair in arguments.items() for part in pair))
    assert code == 1
    assert message in text
