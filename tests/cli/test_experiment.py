"""`foedus experiment` on the command line: what it prints, and what it says with it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import ROOT, document, foedus

FRIENDS = str(ROOT / "scenarios" / "experiments" / "border-friends.yaml")


def test_one_run_has_no_interval_of_a_mean() -> None:
    """Of two runs on there is one; an outcome's, which is a share, one run has too."""
    told = foedus("experiment", FRIENDS, "--runs", "1").stdout
    assert "none of one run" in told
    assert "1 run of each arm on the same luck, seed 1" in told
    assert "none of" not in foedus("experiment", FRIENDS, "--runs", "2").stdout
    one = document(foedus("experiment", FRIENDS, "--runs", "1", "--json"))
    indicators = [effect for arm in one["arms"] for effect in arm["indicators"]]
    assert any(effect["difference"] for effect in indicators)
    assert all(effect["interval"] is effect["error"] is effect["spread"] is None for effect in indicators)
    assert all(spread["interval"] is None for spread in one["spread"]["indicators"])
    assert all(len(effect["interval"]) == 2 for arm in one["arms"] for effect in arm["outcomes"])


def test_the_page_of_one_run_says_so_too(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    foedus("experiment", FRIENDS, "--runs", "1", "--out", str(page))
    text = page.read_text("utf-8")
    assert "\n1 run of each arm on the same luck" in text
    assert "| none of one run |" in text


def test_an_arm_that_changes_nothing_is_warned_of_and_played(tmp_path: Path) -> None:
    file = tmp_path / "placebo.yaml"
    base = ROOT / "scenarios" / "border-clash.yaml"
    file.write_text(f"experiment: p\ntitle: P\nscenario: {base}\narms:\n  water: {{title: Water}}\n", "utf-8")
    ran = foedus("experiment", str(file), "--runs", "3", "--out", str(tmp_path / "page.md"))
    assert ran.exit_code == 0
    assert ran.stderr.startswith(f"{file}:5:3: warning: the arm 'water' changes nothing that is played")
    assert "Water: changes nothing that is played" in ran.stdout
    assert "\nThis arm changes nothing that is played" in (tmp_path / "page.md").read_text("utf-8")
    told = document(foedus("experiment", str(file), "--runs", "3", "--json"))
    assert told["arms"][0]["unchanged"]
    assert [(found["line"], found["code"]) for found in told["diagnostics"]] == [(5, "unchanged")]
