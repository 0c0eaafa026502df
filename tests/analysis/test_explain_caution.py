"""Explanations of choices with nests, gains and losses, and attention."""

from __future__ import annotations

from functools import cache

import pytest

from sim.analysis.accounts import ChoiceAccount, Explanation
from sim.analysis.explain import explain
from sim.compile import Program
from sim.report.why import why, why_document
from tests.domain.test_rules_of_choice import SCENARIO
from tests.worlds import text_of, world


@cache
def program() -> Program:
    return world(text_of(SCENARIO))


@cache
def explained(run: int, turn: int = 2) -> Explanation:
    return explain(program(), seed=3, run=run, turn=turn, actor="USA")


def account(name: str, run: int, turn: int = 2) -> ChoiceAccount:
    (found,) = (one for one in explained(run, turn).accounts if one.asked.decision == f"USA/{name}")
    assert isinstance(found, ChoiceAccount)
    return found


def text(run: int, turn: int = 2) -> str:
    return "\n".join(why(program(), explained(run, turn)))


def runs(*, taken: bool) -> list[int]:
    return [run for run in range(12) if bool(account("taiwan", run).chosen) == taken]


@pytest.mark.parametrize("run", range(8))
def test_a_score_is_made_of_what_is_told(run: int) -> None:
    found = account("taiwan", run)
    (take,) = found.takes
    for option in (option for option in take.options if option.available):
        made = (option.utility.value + option.bias) + take.temperature * option.luck
        assert made == pytest.approx(option.score, rel=1e-12)
        assert sum(
            part.value if part.sign == "+" else -part.value for part in option.utility.parts
        ) == pytest.approx(option.utility.value)
    if found.chosen:
        assert max(take.options, key=lambda option: option.score).id == found.chosen
        assert sum(option.share for option in take.options) == pytest.approx(1)


def test_options_tell_their_nest_and_its_share() -> None:
    (found,) = account("taiwan", runs(taken=True)[0]).takes
    nests = {option.id: option.nest for option in found.options}
    assert nests == {"send": "hard", "strike": "hard", "wait": ""}
    inside = sum(option.share for option in found.options if option.nest)
    assert all(option.nest_share == pytest.approx(inside) for option in found.options if option.nest)
    assert "(nest hard: " in text(runs(taken=True)[0])


def test_gains_and_losses_are_told_with_what_was_expected() -> None:
    told = text(runs(taken=True)[0])
    assert "with gains and losses = " in told
    assert "shells (" in told
    assert "against reference[USA/taiwan, shells] = " in told


def test_a_matter_tells_how_much_attention_it_got_and_what_else_claimed_it() -> None:
    told = text(runs(taken=False)[0])
    assert "taiwan: took nothing up" in told
    assert "attention to it: 48%" in told
    for claim in ("budget = 1", "claim of gaza = 0.7", "claim of taiwan = 1", "claim of home = 0.4"):
        assert f"    {claim}\n" in told
    assert "48% chance to be attended to, drew 0." in told


def test_a_matter_with_a_rate_tells_rate_and_chance() -> None:
    found = account("gaza", 0)
    assert found.rate is not None
    assert (found.rate.value, found.per) == (1.0, "month")
    assert found.attention is not None
    assert found.level is not None
    assert 0 < found.level < found.attention.value


def test_the_draw_says_whether_it_was_taken_up() -> None:
    for run in range(12):
        found = account("taiwan", run)
        (take,) = found.takes
        assert take.drawn is not None
        assert take.level is not None
        assert (take.drawn < take.level) == take.open == found.asked.open == bool(found.chosen)


def test_defaults_of_the_value_function_cite_who_measured_them() -> None:
    # Found among the numbers behind the choice, with the source in place of a grade of the file.
    figures = [figure for figure in program().figures if "value_function" in figure.path]
    assert {figure.value for figure in figures} == {2.25, 0.88}
    assert {figure.grade.cited for figure in figures} == {("Tversky and Kahneman (1992)",)}


def test_the_explanation_as_data_has_it_all() -> None:
    (document, *_) = (
        one for one in why_document(explained(0))["accounts"] if one["asked"]["decision"] == "USA/taiwan"
    )
    assert document["attention"]["value"] == pytest.approx(1 / 2.1)
    assert {option["nest"] for take in document["takes"] for option in take["options"]} == {"hard", ""}
