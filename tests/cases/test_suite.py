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


@cache
def case(name: str) -> LoadedCase:
    return load_case(FILES[name])


@pytest.mark.parametrize("runs", [1, ENSEMBLE])
@pytest.mark.parametrize("name", FILES)
def test_the_case_comes_out_as_it_says(name: str, runs: int) -> None:
    verdict = judge(case(name), runs)
    assert verdict.passed, "\n".join(case_account(verdict))


@pytest.mark.parametrize("name", FILES)
def test_without_a_rule_that_it_names_the_case_comes_out_otherwise(name: str) -> None:
    named = case(name).case.model.rules
    assert [rule for rule in named if judge_without(case(name).case, [rule], ENSEMBLE).passed] == []


def test_every_rule_that_can_be_left_out_is_written() -> None:
    assert set(RULES) <= set(rules_of_document())


def test_the_page_of_all_cases_is_up_to_date() -> None:
    assert main(["--check"]) == 0
