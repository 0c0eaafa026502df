"""A corpus of doubtful scenarios: each is sound, and says in its first lines what must be warned of, no more.

`# expect: LINE:COLUMN: warning: MESSAGE; ADVICE` is one warning.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.compile import find_warnings, load_program
from sim.text import Diagnostic
from tests.worlds import played

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.yaml"))
EXPECTED = re.compile(r"# expect: (.+)")


def expected(name: str) -> list[str]:
    lines = (HERE / f"{name}.yaml").read_text("utf-8").splitlines()
    return [match[1] for line in lines if (match := EXPECTED.fullmatch(line))]


def warnings(name: str) -> tuple[Diagnostic, ...]:
    return find_warnings(*load_program(f"{name}.yaml"))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places name files as they were asked for: here, without a folder."""
    monkeypatch.chdir(HERE)


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_doubtful_is_said_at_its_place_and_no_more(name: str) -> None:
    assert [str(found).removeprefix(f"{name}.yaml:") for found in warnings(name)] == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_doubtful_scenario_says_what_it_is_and_can_be_played(name: str) -> None:
    first, second, *_ = (HERE / f"{name}.yaml").read_text("utf-8").splitlines()
    assert re.fullmatch(r"# [^a-z].+\.", first)
    assert EXPECTED.fullmatch(second)
    played(load_program(f"{name}.yaml")[1], 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_warning_has_a_code_a_plain_sentence_and_says_what_to_do(name: str) -> None:
    for found in warnings(name):
        assert found.severity == "warning"
        assert found.code
        assert found.advice
        assert not re.search(r"node|interval|row |None|inf\b|nan\b", str(found)), found


def test_the_corpus_is_large() -> None:
    assert len(NAMES) >= 60


def test_the_reference_tells_of_every_code_and_every_code_has_its_example() -> None:
    page = (HERE.parents[1] / "docs" / "reference" / "warnings.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE)
    told = {code for row in rows for code in re.findall("`(.+?)`", row)}
    shown = {found.code for name in NAMES for found in warnings(name)}
    assert {code for code in told if not code.startswith("probe-")} == shown
