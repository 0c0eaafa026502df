"""A case is read like every file: all that is wrong is said at once, each with its place."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from sim.analysis.cases import judge
from sim.analysis.suite import load_case, load_cases, load_suite
from sim.scenario.case import FAMILIES
from sim.text import FoedusError
from tests.cases.written import CASE, edited, write


def said(path: Path) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        load_case(path)
    return [str(found).removeprefix(f"{path}:") for found in caught.value.diagnostics]


def test_a_sound_case_is_played_and_its_expectations_are_rows_of_its_scenario(tmp_path: Path) -> None:
    loaded = load_case(write(tmp_path))
    assert {"expect_1", "expect_2"} <= set(loaded.program.rows)
    assert loaded.case.scenario.model.title == "Strength grows"
    assert judge(loaded).passed
    assert judge(loaded, 16).passed


BROKEN: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    ("unknown key", [("reason:", "reasn:")], ["1:1: key 'reason' is missing", "17:1: unknown key 'reasn'"]),
    ("unknown family", [("of_play", "of_pley")], ["3:9: there is no family 'sequence_of_pley'"]),
    ("another family's", [("sequence_of_play", "escalation")], ["1:7: 1 is no number of the family"]),
    ("another file's", [("case: 1", "case: 2")], ["1:7: the name of the file begins otherwise"]),
    ("two kinds", [("value: ", "that: true, value: ")], ["15:5: an expectation is of one kind"]),
    ("value against nothing", [(", equals: 0.5", "")], ["15:5: a number is held against one thing"]),
    ("share without of", [("that: ", "share: ")], ["16:5: share and of go together"]),
    ("between of one", [("equals: 0.5", "between: 3")], ["15:46: between needs two numbers"]),
    ("turn not played", [("turn: 2, that", "turn: 9, that")], ["16:12: turn 9 is not played"]),
    ("number for a condition", [("strength[A] > 0.7", "strength[A]")], ["16:21: a number stands where"]),
    ("unknown name expected", [("strength[A] >", "strenth[A] >")], ["16:22: unknown name 'strenth'"]),
    ("broken syntax expected", [("strength[A] >", "strength[A] =")], ["16:34: "]),
    ("unknown name", [("strength += 0.25", "strenth += 0.25")], ["11:39: unknown name 'strenth'"]),
    ("unknown key of the scenario", [("every: month", "evry: month")], ["11:15: unknown key 'evry'"]),
    (
        "unknown row",
        [('value: "strength[A]"', 'row: "strength[B]"')],
        ["15:20: there is no row 'strength[B]'"],
    ),
    ("unknown order", [("decision: arm,", "decision: arn,")], ["13:35: A has no decision 'arn'"]),
    ("unknown option", [("option: refrain", "option: refran")], ["13:48: A/arm cannot be 'refran'"]),
    ("unknown rule", [("reason:", "rules: [Z99]\nreason:")], ["17:9: there is no rule 'Z99'"]),
    ("name taken", [("  actors:", "  indicators: {expect_7: 1}\n  actors:")], ["7:16: 'expect_7' is a name"]),
    ("base missing", [("scenario:\n", "scenario:\n  extends: none.yaml\n")], ["6:12: 'none.yaml'"]),
    (
        "no scenario",
        [("scenario:\n", "scenario: none\nx:\n")],
        ["5:11: 'scenario' is", "6:1: unknown key 'x'"],
    ),
    (
        "several at once",
        [("reason:", "reasn:"), ("strength += 0.25", "strenth += 0.25"), ("strength[A] >", "strenth[A] >")],
        ["1:1: key 'reason'", "11:39: unknown name", "16:22: unknown name", "17:1: unknown key"],
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=[one[0] for one in BROKEN])
def test_what_is_wrong_is_said_at_its_place(
    tmp_path: Path, broken: tuple[str, list[tuple[str, str]], list[str]]
) -> None:
    _, changes, expected = broken
    found = said(write(tmp_path, edited(*changes)))
    assert len(found) == len(expected), found
    for line, begin in zip(found, expected, strict=True):
        assert line.startswith(begin), found


def test_the_nearest_family_and_decision_are_named(tmp_path: Path) -> None:
    found = said(
        write(
            tmp_path, edited(("sequence_of_play", "sequence_of_pley"), ("decision: arm,", "decision: arn,"))
        )
    )
    assert "did you mean 'sequence_of_play'?" in found[0]
    assert "did you mean 'arm'?" in found[1]


def test_a_case_that_fails_says_what_it_got(tmp_path: Path) -> None:
    verdict = judge(load_case(write(tmp_path, edited(("equals: 0.5", "equals: 0.6")))), 3)
    wrong, right = verdict.findings
    assert not verdict.passed
    assert (wrong.passed, wrong.values, wrong.held, wrong.against) == (False, ((0.5, 3),), 0, 0)
    assert right.passed


def test_a_share_is_judged_by_a_thousand_runs_and_an_exact_test(tmp_path: Path) -> None:
    chance = ("arm: {every: month,", "arm: {chance: {per: month, rate: 0.5}, once: true,")
    order = ("orders:\n  - {turn: 1, actor: A, decision: arm, option: refrain}\n", "")
    value = ('value: "strength[A]", equals: 0.5', 'share: "strength[A] > 0.5", of: 0.3992')
    sound = load_case(write(tmp_path, edited(chance, order, value, ("0.7", "0.4"))))
    assert [finding.passed for finding in judge(sound, 999).findings] == [None, True]
    assert [finding.passed for finding in judge(sound, 1_000).findings] == [True, True]
    wrong = load_case(
        write(tmp_path, edited(chance, order, (value[0], value[1].replace("0.3992", "0.3")), ("0.7", "0.4")))
    )
    assert not judge(wrong, 1_000).passed


def test_a_case_that_cannot_be_played_fails_and_says_why(tmp_path: Path) -> None:
    stuck = edited(("strength += 0.25", "strength += 1/(strength - 0.5)"), ("option: refrain", "option: do"))
    verdict = judge(load_case(write(tmp_path, stuck)))
    assert not verdict.passed
    assert verdict.fault is not None
    assert "division by zero" in str(verdict.fault) or "zero" in str(verdict.fault)


def test_a_number_stands_once_in_a_suite(tmp_path: Path) -> None:
    paths = [write(tmp_path), write(tmp_path, name="001-again.yaml")]
    with pytest.raises(
        FoedusError, match=r"001-again.yaml:1:7: case 1 stands in .*001-strength.yaml already"
    ):
        load_cases(paths)
    with pytest.raises(FoedusError, match="stands in"):
        load_suite(tmp_path)
    with pytest.raises(FoedusError, match="stands in"):
        load_suite(tmp_path, ["1"])


def test_cases_are_found_by_number_by_file_and_by_family(tmp_path: Path) -> None:
    path = write(tmp_path)
    write(
        tmp_path,
        CASE.replace("case: 1", "case: 51").replace("sequence_of_play", "escalation"),
        "051-other.yaml",
    )
    assert [one.case.number for one in load_suite(tmp_path)] == [1, 51]
    assert [one.case.number for one in load_suite(tmp_path, ["051"])] == [51]
    assert [one.case.number for one in load_suite(tmp_path, [str(path)])] == [1]
    assert [one.case.number for one in load_suite(tmp_path, family="escalation")] == [51]
    with pytest.raises(FoedusError, match="there is no case 52; expected the number of a case, of 1 to 51"):
        load_suite(tmp_path, ["52"])
    with pytest.raises(FoedusError, match=r"there is no family 'escalaton'.*did you mean 'escalation'"):
        load_suite(tmp_path, family="escalaton")
    with pytest.raises(FoedusError, match="there are no cases in"):
        load_suite(tmp_path / "nowhere")


def test_the_numbers_of_the_families_do_not_overlap() -> None:
    ranges = [(family.first, family.last) for family in FAMILIES.values()]
    assert ranges == sorted(ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
