"""`foedus experiment` and `foedus information` as people call them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import ROOT, document, foedus

FRIENDS = str(ROOT / "scenarios" / "experiments" / "border-friends.yaml")
CLASH = str(ROOT / "scenarios" / "border-clash.yaml")


def test_an_experiment_is_told_in_tables_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "answer.md"
    result = foedus("experiment", FRIENDS, "--runs", "256", "--out", str(page))
    assert result.exit_code == 0, result.stderr
    assert "The bear probes twice a year" in result.stdout
    assert "256 runs of each arm on the same luck, seed 1" in result.stdout
    assert page.read_text("utf-8").startswith("# What keeps the bear at home?\n")


def test_an_experiment_is_one_document_for_programs() -> None:
    found = document(foedus("experiment", FRIENDS, "--runs", "64", "--seed", "3", "--json"))
    assert (found["ok"], found["runs"], found["seed"]) == (True, 64, 3)
    assert [arm["id"] for arm in found["arms"]] == ["friends", "quiet", "no_probes"]


def test_an_experiment_that_cannot_be_read_is_refused_with_a_place(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("experiment: odd\n", "utf-8")
    result = foedus("experiment", str(path))
    assert result.exit_code == 1
    assert "odd.yaml:1:1: key 'scenario' is missing" in result.stderr


def test_a_page_that_cannot_be_written_is_refused_before_an_arm_is_played() -> None:
    result = foedus("experiment", FRIENDS, "--runs", "10000000", "--out", "nowhere/page.md")
    assert result.exit_code == 1
    assert "nowhere/page.md cannot be written: no such file or directory" in result.stderr


def test_what_an_outcome_rests_on_is_told() -> None:
    result = foedus("information", CLASH, "--runs", "1000")
    assert result.exit_code == 0, result.stderr
    assert "fear_of_war" in result.stdout
    found = document(foedus("information", CLASH, "--runs", "1000", "--json"))
    shares = {one["parameter"]: one for outcome in found["outcomes"] for one in outcome["parameters"]}
    assert shares["fear_of_war"]["grade"] == "assumed"


def test_few_runs_tell_nothing() -> None:
    result = foedus("information", CLASH, "--runs", "10")
    assert result.exit_code == 2
    assert "400" in result.stderr
