"""Warnings are sound, stand in the file, know what is shared, and find what hides behind other things."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sim.compile import compile_scenario, find_warnings, load_program
from sim.compile import program as pr
from sim.compile.reach import reach, rows_of_other_tables
from sim.scenario import parse_scenario
from sim.text import Diagnostic
from tests.domain.test_replies import WORLD as REPLYING
from tests.strategies import scenarios
from tests.worlds import SHIPPED, played, shipped, text_of, world

HEAD = """\
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 6}
actors:
  AAA: {name: A, attributes: {x: {initial: 0.5, range: [0, 1], assumed: a guess}}, policy: mind}
  BBB: {name: B, attributes: {y: {initial: 1, assumed: a guess}}}
world: {attributes: {flag: {initial: 0, range: [0, 3], assumed: a guess}}}
outcomes: {high: {title: High, happens: "x[AAA]*y[BBB] + flag > 0.9", by: 2030-07-01}}
policies:
  mind:
    rules:
      up: {chance: {per: year, rate: 2}, effects: ["x += 0.1", "y[BBB] += 1"], assumed: a guess}
"""


def warned(text: str) -> list[tuple[int, str]]:
    """(line, code) of every warning."""
    scenario = parse_scenario(text, "s.yaml")
    found = find_warnings(scenario, compile_scenario(scenario))
    return [(warning.place.line, warning.code) for warning in found if warning.place is not None]


def with_rule(rule: str) -> str:
    return HEAD + f"      more: {{{rule}, assumed: a guess}}\n"


def test_a_choice_that_a_reply_expects_is_not_idle() -> None:
    scenario = parse_scenario(text_of(REPLYING))
    assert "idle" not in {found.code for found in find_warnings(scenario, compile_scenario(scenario))}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30)
@given(scenarios())
def test_warnings_stand_in_the_file_and_never_say_of_what_happens_that_it_does_not(text: str) -> None:
    scenario = parse_scenario(text, "s.yaml")
    program = compile_scenario(scenario)
    lines = text.splitlines()
    for warning in find_warnings(scenario, program):
        assert warning.place is not None
        assert warning.place.file == "s.yaml"
        assert 1 <= warning.place.column <= len(lines[warning.place.line - 1]) + 1
        assert str(warning).isprintable()
        assert warning.advice


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_is_said_to_be_dead_lives_in_a_shipped_scenario(name: str) -> None:
    """Nor anything that is said to be settled before play."""
    program = shipped(name)
    known = reach(program)
    assert all(known.fires(rule) for rule in (*program.rules, *program.events, *program.injects))
    assert all(all(known.chosen(choice)) for choice in program.choices)


def test_a_flag_that_is_counted_up_reaches_its_end_but_not_beyond() -> None:
    raised = 'effects: ["flag += 1"], chance: {per: year, rate: 1}'
    assert warned(with_rule(f"{raised}, when: flag < 3")) == []
    assert warned(with_rule(f"{raised}, when: flag < 4")) == [(14, "always-open")]
    assert warned(with_rule(f"{raised}, when: flag < 0")) == [(14, "never-open")]


def test_what_is_set_to_a_few_values_is_none_between_them() -> None:
    rule = 'effects: ["flag = 2"], chance: {per: year, rate: 1}'
    assert warned(with_rule(f"{rule}, when: flag != 1")) == [(14, "always-open")]
    assert warned(with_rule(f"{rule}, when: flag == 1")) == [(14, "never-open")]
    assert warned(with_rule(f"{rule}, when: flag == 0")) == []


def test_what_decays_stays_between_where_it_is_and_where_it_goes() -> None:
    """Without the drift back the same gate could open."""
    rule = 'effects: ["y[BBB] += 1"], chance: {per: year, rate: 1}, when: flag > 1.5'
    moving = "dynamics: {{m: {{of: flag, towards: {}, half_life: 1 month, assumed: a guess}}}}\n"
    assert warned(with_rule(rule) + moving.format("'x[AAA]'")) == [(14, "never-open")]
    assert warned(with_rule(rule) + moving.format("'x[AAA] + 1'")) == []


def test_a_value_that_may_be_no_number_settles_nothing() -> None:
    """Infinity less infinity: no comparison holds of it, and so none is always true."""
    rule = 'effects: ["flag += 1"], chance: {per: year, rate: 1}, when: '
    odd = "exp(exp(y[BBB])) - exp(exp(y[BBB] + 1))"
    never = with_rule(f"{rule}'{odd} <= 9e999 - 1'".replace("9e999", "1e308*1e308"))
    assert warned(never) == [(14, "no-number")]
    assert warned(with_rule(f"{rule}'{odd} != {odd} + 1'")) == []


def test_what_a_library_holds_and_nobody_uses_is_its_own_affair(tmp_path: Path) -> None:
    shared = "parameters: {spare: {value: 3, assumed: a guess}}\nactions: {wave: {says: hello, assumed: x}}\n"
    for folder, expected in (("library", []), ("parts", ["unused", "unused"])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "more.yaml").write_text(shared)
        (tmp_path / "main.yaml").write_text(HEAD + f"extends: {folder}/more.yaml\n")
        assert [found.code for found in find_warnings(*load_program(tmp_path / "main.yaml"))] == expected


def test_the_cause_is_told_and_not_what_follows_from_it() -> None:
    """A parameter and a tag that only an idle policy mentions may be needed yet."""
    spare = (
        "  spare:\n    rules:\n      go: {for: {z: each rich}, chance: {per: year, rate: pace},"
        " effects: ['y[z] += 1'], assumed: a guess}\n"
    )
    text = (
        HEAD.replace("name: B,", "name: B, tags: rich,")
        + spare
        + "parameters: {pace: {value: 3, assumed: a guess}}\n"
    )
    assert warned(text) == [(14, "unused")]


@dataclass(frozen=True, eq=False)
class Grown(pr.Program):
    """A Program with one table more."""

    more: tuple[pr.Memory, ...] = ()


def test_tables_that_are_not_followed_leave_their_rows_open_and_read() -> None:
    """A construct that is added to the Program tomorrow makes no warning of today's wrong."""
    program = world(HEAD)
    row = program.rows["flag"]
    known = {name: getattr(program, name) for name in program.__dataclass_fields__}
    grown = Grown(**known, more=(pr.Memory(row, ()),))
    assert rows_of_other_tables(program) == frozenset()
    assert rows_of_other_tables(grown) == {row}
    assert (reach(program).rows[row].high, reach(grown).rows[row].high) == (0.0, 3.0)


def test_what_happens_in_play_may_be_ordered_all_the_same() -> None:
    """A rule that never fires by itself can: that is why it is no error."""
    program = world(with_rule('effects: ["flag += 1"], once: true, when: flag > 3'))
    assert played(program, 4).values[program.rows["fired[AAA/more]"]].tolist() == [0.0] * 4


def test_a_scenario_of_many_actors_is_looked_through_in_good_time() -> None:
    actors = "".join(f"  A{n}: {{name: N, attributes: {{x: 1}}, policy: p}}\n" for n in range(60))
    text = (
        "foedus: 1\nid: big\ntitle: Big\nclock: {start: 2030-01-01, turn: month, turns: 6}\n"
        f"actors:\n{actors}relations: {{r: {{}}}}\n"
        "policies:\n  p:\n    rules:\n      go:\n        for: {z: each other actor}\n"
        "        when: x[z] > 3 and r[self, z] < 1\n        effects: ['r[self, z] += 0.1']\n"
        "        chance: {per: year, rate: 'sum(r[self, q] for q in others)'}\n"
    )
    scenario = parse_scenario(text)
    program = compile_scenario(scenario)
    started = time.process_time()
    find_warnings(scenario, program)
    assert time.process_time() - started < 5


def test_warnings_made_while_compiling_come_with_the_program() -> None:
    program = world(with_rule("chance: {per: year, rate: \"after('2040-01-01')\"}, effects: ['flag += 1']"))
    assert [warning.code for warning in program.warnings] == ["time"]
    assert replace(program, warnings=()).warnings == ()
    assert all(isinstance(warning, Diagnostic) for warning in program.warnings)
