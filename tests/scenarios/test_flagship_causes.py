"""The causal diagram in the docs is the one of the scenario as it is."""

from __future__ import annotations

from functools import cache

import pytest

from scripts.write_causes import BESIDE, LOOPS, PAGE, Loop, main, page, with_overview
from sim.analysis.causal import Diagram
from sim.report.diagram import along
from tests.worlds import FLAGSHIP, shipped


@cache
def diagram() -> Diagram:
    return Diagram(shipped(FLAGSHIP))


def test_the_pages_are_current() -> None:
    assert PAGE.read_text("utf-8") == page(diagram())
    text = BESIDE.read_text("utf-8")
    assert text == with_overview(text, diagram())


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.title)
def test_a_loop_of_the_page_is_one_that_the_scenario_has(loop: Loop) -> None:
    """By a way short enough to read."""
    ties = along(diagram(), loop.stations)
    assert set(loop.stations) <= {end for tie in ties for end in (tie.cause, tie.effect)}
    assert len(ties) < 16


def test_the_table_of_loops_names_every_loop_that_is_drawn() -> None:
    text = BESIDE.read_text("utf-8").partition("## Loops")[2]
    for loop in LOOPS:
        assert f"| {loop.title[0].lower()}{loop.title[1:]} |" in text or f"| {loop.title} |" in text


def test_a_page_without_room_for_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="the page has no"):
        with_overview("# A page\n", diagram())


def test_the_script_is_used_wrongly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chek"]) == 2
    assert "write_causes.py [--check]" in capsys.readouterr().err
