"""`foedus new NAME`: a scenario that runs, teaches and asks for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compile import compile_scenario
from sim.scenario import load_scenario
from sim.scenario.format import format_scenario
from sim.scenario.scaffold import scaffold, scaffold_text, valid_name
from sim.text import FoedusError, parse_document, to_plain
from tests.tools.test_schema import WRITTEN, faults
from tests.worlds import played, row, world


def test_a_new_scenario_is_valid_runs_and_has_its_name(tmp_path: Path) -> None:
    path = scaffold("river-dispute", tmp_path)
    assert path == tmp_path / "river-dispute.yaml"
    scenario = load_scenario(path)
    assert (scenario.model.id, scenario.model.title) == ("river-dispute", "River dispute")
    assert "NAME" not in path.read_text("utf-8")
    assert played(compile_scenario(scenario), 4).turn == scenario.clock.turns


def test_a_new_scenario_is_in_canonical_form_and_fits_the_schema() -> None:
    text = scaffold_text("a")
    assert format_scenario(text) == text
    assert faults(WRITTEN, to_plain(parse_document(text, "a.yaml"))) == []


def test_a_new_scenario_can_go_either_way() -> None:
    program = world(scaffold_text("a"))
    state = played(program, 400)
    for outcome in program.outcomes:
        came_about = (row(program, state, f"outcome.{outcome.id}") > 0).mean()
        assert 0.05 < came_about < 0.95, outcome.id


def test_a_new_scenario_teaches_by_comments_and_grades_every_value() -> None:
    text = scaffold_text("a")
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) > 10
    assert len(text.splitlines()) < 130


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = scaffold("a", tmp_path)
    path.write_text("mine", "utf-8")
    with pytest.raises(FoedusError, match=r"a\.yaml exists already; expected .* did you mean 'a-2'"):
        scaffold("a", tmp_path)
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("River Dispute", "river-dispute"),
        ("river_dispute.yaml", "river-dispute"),
        ("Überfluß", "uberflu"),
        ("", "my-scenario"),
        ("../secret", "secret"),
        ("a/b", "a-b"),
        ("-x-", "x"),
        ("x" * 90, "x" * 80),
    ],
)
def test_a_name_that_cannot_be_an_id_is_refused_with_the_nearest_that_can(
    name: str, meant: str, tmp_path: Path
) -> None:
    with pytest.raises(FoedusError, match=f"small letters, digits and hyphens.*did you mean '{meant}'"):
        scaffold(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=20)
@given(st.text() | st.sampled_from(["0", "true", "NULL", "1e3", "~", "0x1", "on"]))
def test_the_nearest_name_is_always_one(name: str) -> None:
    assert world(scaffold_text(valid_name(name))).id == valid_name(name)


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FoedusError, match="there is no directory"):
        scaffold("a", tmp_path / "nowhere")
