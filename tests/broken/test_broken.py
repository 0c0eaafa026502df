"""A corpus of broken scenarios: each says in its first lines what must be said of it, no more.

`# expect: LINE:COLUMN: MESSAGE` is one diagnostic; one in a file that is extended begins with its name.
`# expect-running:` is said when the scenario, sound as it is, is played.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.compile import Program, load_program
from sim.text import FoedusError
from tests.worlds import played

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.yaml"))
EXPECTED = re.compile(r"# (expect|expect-running): (.+)")


def expected(name: str) -> dict[str, list[str]]:
    """What must be said of a scenario when it is read, and when it is played."""
    said: dict[str, list[str]] = {"expect": [], "expect-running": []}
    for line in (HERE / f"{name}.yaml").read_text("utf-8").splitlines():
        if match := EXPECTED.fullmatch(line):
            said[match[1]].append(match[2])
    return said


def diagnostics(error: FoedusError, name: str) -> list[str]:
    return [str(found).removeprefix(f"{name}.yaml:") for found in error.diagnostics]


def program(name: str) -> Program:
    return load_program(f"{name}.yaml", others=True)[1]


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places name files as they were asked for: here, without a folder."""
    monkeypatch.chdir(HERE)


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["expect"]])
def test_all_that_is_wrong_is_said_at_its_place_and_no_more(name: str) -> None:
    with pytest.raises(FoedusError) as caught:
        program(name)
    assert diagnostics(caught.value, name) == expected(name)["expect"]


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["expect-running"]])
def test_what_cannot_be_computed_names_place_rule_run_and_turn(name: str) -> None:
    sound = program(name)
    with pytest.raises(FoedusError) as caught:
        played(sound, 8)
    assert diagnostics(caught.value, name) == expected(name)["expect-running"]


@pytest.mark.parametrize("name", NAMES)
def test_every_broken_scenario_says_what_it_is_and_what_to_expect(name: str) -> None:
    first, *_ = (HERE / f"{name}.yaml").read_text("utf-8").splitlines()
    assert re.fullmatch(r"# [^a-z].+\.", first)
    assert sum(map(bool, expected(name).values())) == 1


@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["expect"]])
def test_a_message_says_what_is_wrong_in_words_for_people(name: str) -> None:
    for said in expected(name)["expect"]:
        assert said.isprintable()
        assert not re.search(r"pydantic|validation|<class|Error|Traceback|input_value|dict\b|tuple", said), (
            said
        )


def test_the_corpus_is_large() -> None:
    assert len(NAMES) >= 150
