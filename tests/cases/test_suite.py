"""The public case suite: every case comes out as it says, in one run and in a thousand."""

from __future__ import annotations

from functools import cache

import pytest

from scripts.write_cases import main, rules_of_document
from sim.analysis.cases import ENSEMBLE, judge, judge_without
from sim.analysis.suite import SUITE, LoadedCase, case_files, load_case
from sim.compile.domain import RULES
from sim.report.cases import case_account

FILES = {path.stem: path for path in case_files(SUITE)}
CHAPTERS = sorted({number[0] for number in (*rules_of_document(), *RULES)})


@cache
def case(name: str) -> LoadedCase:
    return load_case(FILES[name])


@pytest.mark.parametrize("name", FILES)
def test_the_case_comes_out_as_it_says_in_one_run_and_in_a_thousand(name: str) -> None:
    for runs in (1, ENSEMBLE):
        verdict = judge(case(name), runs)
        assert verdict.passed, "\n".join(case_account(verdict))


@pytest.mark.parametrize("name", FILES)
def test_without_a_rule_that_it_names_the_case_comes_out_otherwise(name: str) -> None:
    named = case(name).case.model.rules
    assert [rule for rule in named if judge_without(case(name).case, [rule], ENSEMBLE).passed] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_rule_of_a_chapter_can_be_left_out_and_has_a_case_that_hinges_on_it(chapter: str) -> None:
    written = {number for number in rules_of_document() if number.startswith(chapter)}
    named = {number for name in FILES for number in case(name).case.model.rules}
    assert written == {number for number in RULES if number.startswith(chapter)}
    assert sorted(written - named) == []


def test_the_suite_is_large() -> None:
    assert len(FILES) >= 150


def test_the_page_of_all_cases_is_up_to_date() -> None:
    assert main(["--check"]) == 0
