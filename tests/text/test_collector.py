"""The collector of cycles rests while something grows, and never longer."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from sim.compile import compile_scenario, compiler, load_program
from sim.compile.units import check_units
from sim.scenario import load_scenario, parse_scenario
from sim.text import FoedusError, collector_at_rest
from tests.worlds import SCENARIOS


@pytest.fixture(autouse=True)
def _collector_on() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_the_collector_rests_inside_and_works_again_after() -> None:
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            pass
        assert not gc.isenabled(), "who comes later does not let it go for who came first"
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    with collector_at_rest():
        pass
    assert not gc.isenabled()


def test_it_rests_while_a_scenario_is_read_and_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[bool] = []

    def noted(*given: Any) -> None:
        at_work.append(gc.isenabled())
        check_units(*given)

    monkeypatch.setattr(compiler, "check_units", noted)
    load_program(SCENARIOS / "first-steps.yaml")
    compile_scenario(load_scenario(SCENARIOS / "first-steps.yaml"))
    assert at_work == [False, False]
    assert gc.isenabled()


@pytest.mark.parametrize("text", ["{", "id: x", "[1]"])
def test_the_collector_works_again_after_a_fault(text: str) -> None:
    with pytest.raises(FoedusError):
        parse_scenario(text)
    assert gc.isenabled()


def test_the_collector_works_again_after_a_file_that_is_missing() -> None:
    with pytest.raises(FoedusError):
        load_program("there-is-none.yaml")
    assert gc.isenabled()
