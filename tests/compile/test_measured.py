"""A measured value is the figure of its fact: of a distribution the middle, and both ends of a range."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compile import compile_scenario
from sim.scenario import parse_scenario
from sim.text import FoedusError

LEDGER = """\
base_rates:
  - {id: exact, what: one number, value: 10, unit: rounds, source: a list, status: seen}
  - {id: ranged, what: a range, value: 10, low: 8, high: 12, unit: rounds, source: a list, status: seen}
"""
SCENARIO = """\
foedus: 1
id: measured
title: Measured
evidence: ledgers
clock: {{start: 2030-01-01, turn: month, turns: 2}}
actors: {{NORTH: {{name: the North}}}}
parameters:
  x: {{{value}, unit: {unit}, measured: {fact}}}
"""


def problems(folder: Path, value: str, fact: str, unit: str = "rounds") -> list[str]:
    (folder / "ledgers").mkdir()
    (folder / "ledgers" / "all.yaml").write_text(LEDGER, "utf-8")
    text = SCENARIO.format(value=value, fact=fact, unit=unit)
    try:
        compile_scenario(parse_scenario(text, str(folder / "scenario.yaml")))
    except FoedusError as error:
        return [diagnostic.message for diagnostic in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("value", "fact", "unit"),
    [
        ("value: 10", "exact", "rounds"),
        ("value: 0.01", "exact", "thousand rounds"),
        ("value: 8", "ranged", "rounds"),
        ("value: 12", "ranged", "rounds"),
        ("distribution: {uniform: [0, 20]}", "exact", "rounds"),
        ("distribution: {uniform: [8, 12]}", "ranged", "rounds"),
        ("distribution: {triangular: [2, 10, 90]}", "exact", "rounds"),
        ("distribution: {pert: [8, 9, 12]}", "ranged", "rounds"),
        ("distribution: {normal: [10, 4]}", "ranged", "rounds"),
        ("distribution: {lognormal: [10, 1]}", "exact", "rounds"),
        ("distribution: {beta: [2, 2, 0, 20]}", "exact", "rounds"),
        ("distribution: {beta: [2, 6, 8, 12]}", "ranged", "rounds"),
        ("distribution: {discrete: {values: [5, 15], weights: [1, 1]}}", "exact", "rounds"),
    ],
)
def test_a_value_that_its_fact_holds_is_measured(tmp_path: Path, value: str, fact: str, unit: str) -> None:
    assert problems(tmp_path, value, fact, unit) == []


@pytest.mark.parametrize(
    ("value", "fact", "said"),
    [
        ("value: 10.1", "exact", "this is 10.1 rounds, and 'exact' holds 10 rounds"),
        ("value: 7.9", "ranged", "this is 7.9 rounds, and 'ranged' holds 8 to 12 rounds"),
        (
            "distribution: {uniform: [0, 10]}",
            "exact",
            "the middle of this is 5 rounds, and 'exact' holds 10 rounds",
        ),
        (
            "distribution: {uniform: [7, 12]}",
            "ranged",
            "this reaches to 7 rounds, and 'ranged' holds 8 to 12 rounds",
        ),
        (
            "distribution: {pert: [8, 9, 13]}",
            "ranged",
            "this reaches to 13 rounds, and 'ranged' holds 8 to 12 rounds",
        ),
        (
            "distribution: {triangular: [8, 9, 12]}",
            "exact",
            "the middle of this is 9 rounds, and 'exact' holds 10 rounds",
        ),
        (
            "distribution: {lognormal: [11, 1]}",
            "exact",
            "the middle of this is 11 rounds, and 'exact' holds 10 rounds",
        ),
        (
            "distribution: {normal: [13, 1]}",
            "ranged",
            "the middle of this is 13 rounds, and 'ranged' holds 8 to 12 rounds",
        ),
        (
            "distribution: {discrete: {values: [5, 15], weights: [3, 1]}}",
            "exact",
            "the middle of this is 7.5 rounds, and 'exact' holds 10 rounds",
        ),
        (
            "distribution: {dirichlet: {a: 1, b: 1}}",
            "exact",
            "only one number can be measured, and this is none",
        ),
    ],
)
def test_a_value_that_its_fact_does_not_hold_is_refused(
    tmp_path: Path, value: str, fact: str, said: str
) -> None:
    assert problems(tmp_path, value, fact) == [said]


def test_every_fact_that_is_named_must_hold_the_value(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, "value: 11", "[ranged, exact]")
    assert said == "this is 11 rounds, and 'exact' holds 10 rounds"
