"""`foedus cases` as people and programs use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cases.written import edited, write
from tests.cli.command import ESCAPE, document, foedus


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_the_suite_of_the_checkout_is_played_from_anywhere() -> None:
    result = foedus("cases")
    assert result.exit_code == 0
    assert re.search(r"^\d+ cases: all as expected$", result.stdout, re.MULTILINE)


def test_a_case_alone_is_told_in_full(tmp_path: Path) -> None:
    result = foedus("cases", str(write(tmp_path)))
    assert result.exit_code == 0
    assert "Situation: Aland arms. Nobody minds." in result.stdout
    assert "Order, turn 1: A/arm: refrain" in result.stdout
    assert "Expected: turn 1: strength[A] is 0.5. Got: so it is." in result.stdout
    assert "Reason: An order holds in its turn alone." in result.stdout


def test_a_case_that_fails_says_so_and_ends_with_1(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, edited(("case: 1", "case: 2"), ("equals: 0.5", "equals: 0.6")), "002-wrong.yaml")
    result = foedus("cases", "--in", ".", "--runs", "3")
    assert result.exit_code == 1
    assert "NO: 0.5" in result.stdout
    assert "2 cases: 1 not as expected: 2" in result.stdout
    assert ESCAPE not in result.stdout


def test_what_is_wrong_with_a_case_is_shown_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, edited(("strength[A] > 0.7", "strenth[A] > 0.7")))
    result = foedus("cases", "--in", ".")
    assert result.exit_code == 1
    assert result.stderr.startswith("001-strength.yaml:16:22: unknown name 'strenth'")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("9" * 5_000,), ":1:1: "),
        (("9999",), "there is no case 9999; expected the number of a case, of 1 to 858\n"),
        (("21",), "there is no case 21; expected the number of a case, of 1 to 858; did you mean '20'?"),
        (("none.yaml",), "none.yaml"),
        (("--family", "escalaton"), "did you mean 'escalation'?"),
        (("--without", "Z1"), "there is no rule 'Z1'"),
        (("--in", "nowhere"), "there are no cases in 'nowhere'"),
    ],
)
def test_what_is_not_there_is_an_error(arguments: tuple[str, ...], said: str) -> None:
    result = foedus("cases", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_program_reads_what_came_of_each_case(tmp_path: Path) -> None:
    write(tmp_path)
    found = document(foedus("cases", "--in", ".", "--json"))
    assert found["ok"] is True
    (case,) = found["cases"]
    assert (case["case"], case["passed"], case["rules"]) == (1, True, [])
    assert case["expectations"][0]["values"] == [{"value": 0.5, "runs": 1}]
