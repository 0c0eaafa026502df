"""`foedus diagram` draws a scenario from the command line, and says what it does not find."""

from __future__ import annotations

import pytest

from tests.cli.command import ROOT, foedus

CLASH = str(ROOT / "scenarios" / "border-clash.yaml")


@pytest.mark.parametrize(
    "asked",
    [
        (),
        ("--theme", "border-clash"),
        ("--around", "strength[HARE]", "--steps", "2"),
        ("--through", "BEAR/probe", "--through", "tension[BEAR, HARE]"),
    ],
    ids=" ".join,
)
def test_a_picture_is_drawn_in_either_language(asked: tuple[str, ...]) -> None:
    mermaid, dot = foedus("diagram", CLASH, *asked), foedus("diagram", CLASH, *asked, "--format", "dot")
    assert mermaid.exit_code == dot.exit_code == 0, mermaid.stderr
    assert mermaid.stdout.startswith("flowchart LR\n")
    assert dot.stdout.startswith("digraph causes {\n")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--theme", "border-clas"), "the diagram has no theme 'border-clas'"),
        (("--around", "strength[HAER]"), "the diagram has no notion 'strength[HAER]'"),
        (("--theme", "a", "--around", "b"), "several pictures are asked for"),
        (("--through", "outcome calm_at_the_end", "--through", "BEAR/probe"), "no way leads from"),
    ],
)
def test_what_is_not_there_is_said(asked: tuple[str, ...], expected: str) -> None:
    result = foedus("diagram", CLASH, *asked)
    assert result.exit_code == 1
    assert expected in result.stderr


def test_a_scenario_of_one_file_is_drawn_whole() -> None:
    whole, theme = foedus("diagram", CLASH), foedus("diagram", CLASH, "--theme", "border-clash")
    assert whole.stdout == theme.stdout
    assert "BEAR" in whole.stdout
