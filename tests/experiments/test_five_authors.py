"""Each of the five documents has a world of its own, in which it is right wherever the sources differ."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sim.analysis.positions import claims_of, positions, settling_lines
from sim.compile import compile_scenario
from sim.evidence import load_evidence
from sim.scenario.doctrines import with_doctrines
from sim.scenario.experiment import Arm, Experiment, load_experiment
from sim.scenario.models import Parameter
from sim.text import FoedusError
from tests.worlds import SCENARIOS

FILE = SCENARIOS / "experiments" / "five-authors.yaml"
SEEDS = load_evidence(SCENARIOS.parent / "seeds")
ARMS = ("hill", "editorial", "times", "tesch", "brief")
UNSAID = {"soviet-treaty-date", "trip-length", "global-south-traction"}


@cache
def experiment() -> Experiment:
    return load_experiment(FILE)


def arm_of(name: str) -> Arm:
    return next(arm for arm in experiment().arms if arm.id == name)


def test_every_document_has_one_arm() -> None:
    assert [experiment().model.arms[arm].document for arm in ARMS] == sorted(SEEDS.documents)
    assert [arm.id for arm in experiment().arms[1:]] == list(ARMS)


@pytest.mark.parametrize("name", ARMS)
def test_an_arm_takes_every_position_of_its_document_or_says_why_not(name: str) -> None:
    """And rests it on a fact of that very claim."""
    found = positions(experiment(), arm_of(name))
    assert {position.disagreement for position in found} == {
        disagreement.id for disagreement, _ in claims_of(SEEDS, str(experiment().model.arms[name].document))
    }
    for position in found:
        if position.left:
            assert not position.lines
            assert position.disagreement in UNSAID
        else:
            cited = {fact for line in position.lines for fact in line.facts}
            assert cited & set(position.facts), position.disagreement


@pytest.mark.parametrize("name", ARMS)
def test_what_an_arm_leaves_its_document_holds(name: str) -> None:
    held = {position.disagreement for position in positions(experiment(), arm_of(name))}
    assert set(experiment().model.arms[name].leaves) <= held


@pytest.mark.parametrize("name", ARMS)
def test_the_lines_of_an_arm_cite_its_document_alone_and_settle_what_it_speaks_of(name: str) -> None:
    """A doctrine is a whole account, and may say more."""
    document = str(experiment().model.arms[name].document)
    held = {position.disagreement for position in positions(experiment(), arm_of(name))}
    for disagreement, lines in settling_lines(experiment(), arm_of(name)).items():
        for line in lines:
            if not line.doctrine:
                assert disagreement in held, line
                assert all(document in SEEDS.facts[fact].documents for fact in line.facts), line


@pytest.mark.parametrize("name", ARMS)
def test_an_arm_narrows_and_never_leaves_the_range_of_the_base(name: str) -> None:
    base = experiment().arms[0].scenario.model.parameters
    for id_, parameter in with_doctrines(arm_of(name).scenario).model.parameters.items():
        (low, high), (least, most) = ends(parameter), ends(base[id_])
        assert least <= low <= high <= most, id_


def ends(parameter: Parameter) -> tuple[float, float]:
    """Between which values a parameter lies for sure."""
    if parameter.range is not None:
        bounds = tuple(map(float, parameter.range))
        if parameter.distribution is None or parameter.distribution.family == "lognormal":
            return bounds[0], bounds[1]
    if parameter.distribution is None:
        assert parameter.value is not None
        return float(parameter.value), float(parameter.value)
    numbers = parameter.distribution.numbers
    return numbers[0], numbers[-1]


@pytest.mark.parametrize("name", ARMS)
def test_the_world_of_an_author_compiles(name: str) -> None:
    assert compile_scenario(arm_of(name).scenario).outcomes


def test_a_silent_document_takes_no_position() -> None:
    """The ledger notes that Hill does not mention arms for Kyiv from Seoul."""
    assert "rok-lethal-aid" not in {disagreement.id for disagreement, _ in claims_of(SEEDS, "000")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('document: "009"', "the ledgers have no document '009'"),
        ("leaves: {china-stanse: x}", "the ledgers have no disagreement 'china-stanse'"),
    ],
)
def test_an_account_of_nobody_is_refused_at_its_place(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "trial.yaml"
    scenario = (SCENARIOS / "pyongyang-hanoi-2024.yaml").as_posix()
    path.write_text(f"experiment: t\ntitle: T\nscenario: {scenario}\narms:\n  a: {{{line}}}\n", "utf-8")
    with pytest.raises(FoedusError, match=rf"trial.yaml:5:\d+: {expected}"):
        load_experiment(path)
