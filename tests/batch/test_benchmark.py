"""The benchmark program tells no time without a ratio, and keeps to its memory limit."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import flagship
from benchmarks.measure import measured
from benchmarks.turn import turn_cost
from sim.compile import compile_scenario
from tests.batch.worlds import small
from tests.domain.promised import compiled


def figures(runs: int, seconds: float, peak_mib: float = 200.0) -> dict[str, Any]:
    found = asdict(measured(compile_scenario(small()), 1))
    return found | {"runs": runs, "block": min(runs, 4096), "seconds": seconds, "peak_mib": peak_mib}


def test_a_measurement_is_of_the_runs_asked_for() -> None:
    found = measured(compile_scenario(small()), 64)
    assert (found.runs, found.block, found.turns) == (64, 64, 6)
    assert found.seconds > 0
    assert 20 < found.peak_mib < 10_000


def test_every_time_stands_beside_its_ratio_to_one_run() -> None:
    found = [figures(1, 0.5), figures(64, 0.64), figures(100_000, 50.0)]
    turns = [asdict(turn_cost(compile_scenario(small()), 2))]
    page = flagship.page("a/world.yaml", found, turns, flagship.machine())
    assert "| 1 | together | 500,000 | 1 | 0.50 | 210 |" in page
    assert "| 64 | together | 10,000 | 1/50 | 0.64 | 210 |" in page
    assert "| 100,000 | in blocks of 4,096 | 500 | 1/1,000 | 50.00 | 210 |" in page
    assert "`world.yaml`" in page
    assert "- processor: " in page


@pytest.mark.parametrize(("peak_mib", "code"), [(400.0, 0), (480.0, 1)])
def test_more_than_500_mb_fails(monkeypatch: pytest.MonkeyPatch, peak_mib: float, code: int) -> None:
    monkeypatch.setattr(flagship, "TURNS", ())
    monkeypatch.setattr(flagship, "_measured", lambda _, runs: figures(runs, runs / 1000, peak_mib))
    assert flagship.main([]) == code


def test_a_scenario_that_cannot_be_read_is_told(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert flagship.main([str(tmp_path / "nowhere.yaml")]) == 2
    told = capfd.readouterr().err
    assert "there is no such file" in told
    assert "Traceback" not in told


def test_the_parts_of_a_turn_make_it_up() -> None:
    cost = turn_cost(compiled(), 8)
    assert set(cost.passes) <= {step.id for step in compiled().stages.passes()}
    assert 0.0 < sum(cost.passes.values()) < cost.seconds
    rows = flagship.parts([asdict(cost)])
    assert sum(float(share.rstrip("%")) for _, share in rows) == pytest.approx(100, abs=len(rows))
