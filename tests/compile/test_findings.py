"""All that is wrong with a scenario is said, once for each place; what nothing uses is read too."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compile import load_program
from sim.compile.findings import MAX_FINDINGS
from sim.text import FoedusError
from tests.worlds import world

HEAD = """\
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 4}
actors:
  AAA: {name: A, tags: rich, attributes: {gold: 1}, policy: mind}
  BBB: {name: B, tags: poor, attributes: {debt: 1}, policy: mind}
  CCC: {name: C}
"""
MIND = "policies: {mind: {}}\n"


def said(text: str) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        world(HEAD + text)
    return [found.message for found in caught.value.diagnostics]


def test_every_part_of_a_decision_is_read_whatever_is_wrong_with_the_others() -> None:
    assert said(
        "policies:\n  mind:\n    choices:\n      go:\n        every: week\n        when: oops1\n"
        "        temperature: -1\n        status_quo: {option: oops2, bias: oops3}\n        initial: oops4\n"
        "        options:\n          wait:\n            utility: oops5 + oops6\n            when: gold\n"
        "            effects: ['oops7 += oops8', 'debt[BBB] += oops9']\n"
        "            do: [oops10, oops11: BBB]\n"
        "            says: '{oops12} and {oops13:z}'\n"
    ) == [
        "a turn is longer than this: it comes up 5 times in turn 1",
        "unknown name 'oops1'",
        "-1 is out of range",
        "there is no option 'oops2'",
        "unknown name 'oops3'",
        "there is no option 'oops4'",
        "unknown name 'oops5'",
        "unknown name 'oops6'",
        "a number stands where a condition must",
        "unknown name 'oops7'",
        "unknown name 'oops8'",
        "unknown name 'oops9'",
        "there is no action 'oops10'",
        "there is no action 'oops11'",
        "unknown name 'oops12'",
        "a number cannot be written as 'z'",
    ]


def test_a_name_that_clashes_is_told_once_and_not_at_every_use() -> None:
    found = said(MIND + "parameters: {gold: 2}\nindicators: {a: gold + 1, b: 'gold[AAA] + oops'}\n")
    assert [message.partition(",")[0] for message in found] == [
        "'gold' is already a parameter",
        "unknown name 'oops'",
    ]


def test_definitions_in_a_circle_are_told_once() -> None:
    found = said(MIND + "definitions: {a: b, b: c, c: a}\nindicators: {i: a, j: b, k: c}\n")
    assert [message.partition(":")[0] for message in found] == ["definitions need each other"]


def test_compiling_stops_when_nobody_would_read_on() -> None:
    many = "".join(f"  i{index}: oops{index}\n" for index in range(2 * MAX_FINDINGS))
    assert len(said(MIND + f"indicators:\n{many}")) == MAX_FINDINGS


# --- what nothing uses --------------------------------------------------------------------------------------


UNUSED = {
    "definitions": "definitions:\n  worth: {of: [x], value: 'debt[x]'}\n"
    "  owed: {of: [x, y], value: 'gold[x] - debt[y]'}\n",
    "actions": "actions:\n  pay: {to: one actor, takes: {fee: 1}, says: '{self} pays {target} {fee:.0f}', "
    "effects: ['gold -= fee', 'debt[target] -= fee']}\n",
    "policies": "policies:\n  mind: {}\n  spare:\n"
    "    rules: {hit: {chance: {per: year, rate: debt}}}\n"
    "    choices: {go: {every: month, when: 'holds(self, go, a)', temperature: 1,"
    " options: {a: {utility: debt, effects: debt = 1}}}}\n"
    "    perceives: {see: {of: 'gold[AAA]', noise: debt, half_life: 1 month}}\n",
}


@pytest.mark.parametrize("kind", UNUSED)
def test_what_nothing_uses_need_make_sense_for_one_actor_only(kind: str) -> None:
    program = world(HEAD + UNUSED[kind] + ("" if kind == "policies" else MIND))
    assert not any("go" in draw.text for draw in program.draws)
    assert {variable.name for variable in program.variables} == {"gold[AAA]", "debt[BBB]"}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("definitions: {worth: {of: [x], value: 'dept[x]'}}\n", ["unknown name 'dept'"]),
        ("definitions: {worth: {of: [x], value: 'debt[x] + gold[x]'}}\n", 1),
        ("actions: {pay: {effects: ['gold -= oops', 'debt -= 1'], says: '{target}'}}\n", 3),
        ("policies: {mind: {}, spare: {rules: {hit: {chance: {per: year, rate: debt}, do: oops}}}}\n", 1),
        ("policies: {mind: {}, spare: {rules: {hit: {every: week}}}}\n", 1),
        ("policies: {mind: {}, spare: {perceives: {see: {of: 'gold[BBB]', lag: 1 month}}}}\n", 1),
    ],
)
def test_what_makes_sense_for_nobody_is_told_as_for_whom_it_goes_best(
    text: str, messages: list[str] | int
) -> None:
    found = said(text + ("" if "policies" in text else MIND))
    assert found == messages if isinstance(messages, list) else len(found) == messages


def test_a_library_may_hold_what_is_made_for_other_worlds(tmp_path: Path) -> None:
    library = (
        "policies: {asian: {rules: {hit: {once: true, when: 'gold[JPN] > 1'}}}}\n"
        "actions: {go: {effects: oops = 1}}\n"
    )
    (tmp_path / "library.yaml").write_text(library)
    (tmp_path / "main.yaml").write_text(HEAD + MIND + "extends: library.yaml\n")
    load_program(tmp_path / "main.yaml")
    (tmp_path / "main.yaml").write_text(HEAD + library.replace("{asian", "{mind: {}, asian"))
    with pytest.raises(FoedusError) as caught:
        load_program(tmp_path / "main.yaml")
    assert [found.message for found in caught.value.diagnostics] == [
        "there is no actor 'JPN'",
        "unknown name 'oops'",
    ]


# --- form and meaning together ------------------------------------------------------------------------------


def both(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "s.yaml"
    path.write_text(HEAD + text)
    with pytest.raises(FoedusError) as caught:
        load_program(path)
    return [found.message for found in caught.value.diagnostics]


def test_a_fault_of_form_hides_no_fault_of_meaning(tmp_path: Path) -> None:
    text = MIND + "parameters: {pace: fast}\nindicators: {a: 'pace + oops', b: 1 +, c: 'gold[BBB]'}\n"
    assert both(tmp_path, text) == [
        "'pace' is the text 'fast'",
        "unknown name 'oops'",
        "a value is missing after '+'",
        "BBB has no 'gold'",
    ]


def test_nothing_is_said_of_what_is_missing_only_because_of_another_fault(tmp_path: Path) -> None:
    text = (
        "policies: {mind: {rules: {hit: {chanse: {per: year, rate: 1}, do: [pay]}}}}\n"
        "actions: {pay: {to: anybody}}\nworld: {attributes: {heat: {inital: 1}}}\n"
        "definitions: {warm: {value: heat, off: x}}\n"
        "indicators: {a: warm + heat, b: 'times(pay, AAA)'}\n"
    )
    assert both(tmp_path, text) == [
        "unknown key 'chanse'",
        "'to' is the text 'anybody'",
        "key 'initial' is missing",
        "unknown key 'inital'",
        "unknown key 'off'",
    ]
