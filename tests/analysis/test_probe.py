"""A probe warns of what was so in its runs, and of nothing else."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.analysis.probe import probe
from sim.compile import Program, compile_scenario, find_warnings
from sim.scenario import parse_scenario
from sim.text import FoedusError
from tests.domain.councils import compiled as voting
from tests.domain.councils import council
from tests.domain.promised import compiled as promised
from tests.domain.sanctioned import compiled as sanctioned
from tests.domain.test_crises import world as crisis
from tests.worlds import SCENARIOS, played

CALM = """\
foedus: 1
id: probed
title: Probed
clock: {start: 2030-01-01, turn: month, turns: 24}
parameters:
  pace: {distribution: {uniform: [4, 6]}, range: [3, 7], assumed: invented}
actors:
  AAA:
    name: A
    policy: mind
    attributes:
      level: {initial: 0.5, range: [0, 1], assumed: invented}
      flag: {initial: 0, range: [0, 1], assumed: a switch}
policies:
  mind:
    rules:
      rise:
        when: level < 0.8
        chance: {per: year, rate: pace}
        effects: [level += 0.1]
        assumed: invented
      raise_flag: {once: true, when: level > 0.6, effects: [flag = 1], assumed: invented}
    choices:
      mood:
        every: quarter
        temperature: 0.2
        assumed: invented
        options:
          wait: {utility: 0.2*flag}
          act: {utility: 0.1, when: level > 0.3, effects: [level -= 0.1]}
dynamics:
  back: {of: "level[AAA]", towards: 0.5, half_life: 6 months, noise: 0.3, assumed: invented}
indicators:
  watched: {value: "level[AAA]", range: [0, 1]}
outcomes:
  high: {title: High, happens: "level[AAA] > 0.8", by: 2030-06-01}
"""


def said(text: str, runs: int = 200) -> list[str]:
    scenario = parse_scenario(text, "s.yaml")
    return [
        str(warning).removeprefix("s.yaml:") for warning in probe(scenario, compile_scenario(scenario), runs)
    ]


def changed(*pairs: tuple[str, str]) -> str:
    text = CALM
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def test_nothing_is_said_of_a_scenario_in_which_everything_moves() -> None:
    assert said(CALM) == []


Case = tuple[list[tuple[str, str]], list[tuple[str, str, str]]]
RARE = "leave it if it is meant to be so rare"
SURE = "ask for something less certain, or leave it if that is the finding"
CASES: dict[str, Case] = {
    "an event that is too rare": (
        [("rate: pace}", "rate: pace/1000000000}")],
        [("17:7", "this rule never fired in 200 runs", f"raise its rate, or {RARE}")],
    ),
    "a gate that only a rare event would open": (
        [("when: level > 0.6", "when: level > 0.6 and pace > 5.99999")],
        [("22:38", "this condition was never true in 200 runs", f"loosen it, or {RARE}")],
    ),
    "a gate that nothing ever shuts": (
        [("when: level < 0.8", "when: pace*level < 6.99")],
        [
            (
                "18:15",
                "this condition was true whenever it was asked in 200 runs",
                "tighten it, or leave it out",
            )
        ],
    ),
    "an option that nothing speaks for": (
        [("utility: 0.1, when: level > 0.3", "utility: -3 - level")],
        [("30:11", "this option was never chosen in 200 runs", "raise its utility, or take it out")],
    ),
    "a choice that never comes up": (
        [("every: quarter", "every: {per: year, rate: 0.000000001}")],
        [("24:7", "this choice was never taken up in 200 runs", "let it come up more often")],
    ),
    "an outcome that always comes about": (
        [("by: 2030-06-01", "by: 2032-01-01"), ("> 0.8", "> 0.52")],
        [("36:3", "this outcome came about in every one of 200 runs", SURE)],
    ),
    "an outcome that never comes about": (
        [("> 0.8", "> 0.8 and pace > 5.99999")],
        [("36:3", "this outcome came about in none of 200 runs", SURE)],
    ),
    "a parameter that is held": (
        [("uniform: [4, 6]", "uniform: [1, 6]")],
        [
            (
                "6:24",
                "40% of what is drawn lies beyond 3, its lowest value, and is held there",
                "widen the range, or narrow the distribution",
            )
        ],
    ),
    "an indicator beyond its range": (
        [("range: [0, 1]}\noutcomes", "range: [0, 0.75]}\noutcomes")],
        [("34:3", "this indicator is beyond its range in N% of all turns of 200 runs", "widen the range")],
    ),
    "a variable and an indicator at an end": (
        [
            ("towards: 0.5", "towards: 2"),
            ("when: level > 0.3, ", ""),
            ("> 0.8", "> 0.999 and pace < 5"),
            ("when: level < 0.8", "when: level < 0.99"),
        ],
        [
            (
                "12:7",
                "level[AAA] is at 1, the end of its range, in N% of all turns of 200 runs",
                "widen the range, or weaken what drives it there",
            ),
            (
                "34:3",
                "this indicator is at 1, the end of its range, in N% of all turns of 200 runs",
                "watch something that moves",
            ),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_so_in_all_or_most_runs_is_said_at_its_place(case: str) -> None:
    pairs, expected = CASES[case]
    found = [re.sub(r"in [0-9]+% of", "in N% of", line) for line in said(changed(*pairs))]
    assert found == [f"{place}: warning: {message}; {advice}" for place, message, advice in expected]


def test_the_reference_tells_of_everything_a_probe_warns_of() -> None:
    page = (SCENARIOS.parent / "docs" / "reference" / "warnings.md").read_text("utf-8")
    codes = set()
    for pairs, _ in CASES.values():
        scenario = parse_scenario(changed(*pairs))
        codes |= {warning.code for warning in probe(scenario, compile_scenario(scenario))}
    assert codes == set(re.findall("`(probe-[a-z-]+)`", page))


def test_a_switch_that_is_set_for_good_is_not_stuck() -> None:
    text = changed(("when: level > 0.6, ", ""))
    program = compile_scenario(parse_scenario(text))
    assert played(program, 5).values[program.rows["flag[AAA]"]].tolist() == [1.0] * 5
    assert said(text) == []


def test_a_share_is_that_of_the_runs_that_anyone_can_play() -> None:
    text = changed(("uniform: [4, 6]", "uniform: [1, 6]"))
    program = compile_scenario(parse_scenario(text))
    held = np.count_nonzero(played(program, 200, 0, turns=0).values[program.rows["pace"]] == 3.0)
    assert f" {held / 200:.0%} of what is drawn" in said(text)[0]


def test_nothing_proved_before_play_is_contradicted_by_it() -> None:
    """Whatever the compiler says never happens is, if it is looked for, never seen to happen."""
    text = changed(("when: level < 0.8", "when: level > 2"), ("> 0.8", "> 1"))
    scenario = parse_scenario(text, "s.yaml")
    program = compile_scenario(scenario)
    proved = {warning.code for warning in find_warnings(scenario, program)}
    assert {"never-open", "outcome-never"} <= proved
    seen = {warning.code for warning in probe(scenario, program)}
    assert {"probe-never-open", "probe-outcome"} <= seen


def test_a_run_that_cannot_be_played_is_an_error() -> None:
    with pytest.raises(FoedusError, match="logarithm"):
        said(changed(("rate: pace", "rate: log(level - 0.5)")))


@pytest.mark.parametrize("program", [promised(), crisis("month", 6), sanctioned(), voting(council())])
def test_rounds_and_waves_that_some_runs_play_are_counted_for_those(program: Program) -> None:
    assert program.scenario is not None
    found = {warning.code for warning in probe(program.scenario, program, runs=30)}
    assert found <= {"probe-always-open", "probe-never-open", "probe-never-chosen", "probe-never-fired"}
