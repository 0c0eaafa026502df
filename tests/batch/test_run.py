"""A batch is the same batch however it is split, and each of its runs is the run that is played alone."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.batch import BatchResult, run_batch
from sim.batch.block import Job, play
from sim.batch.tally import GRAIN
from sim.compile import compile_scenario
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.settings import Setting
from sim.text import FoedusError
from tests.batch.worlds import fragile, small, sturdy

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = 7
FRAGILE_SEED = 10
"""Run 667 is the lowest that fails under it; run 725 fails in an earlier turn."""


@pytest.fixture(scope="module")
def batch() -> BatchResult:
    return run_batch(small(), 700, SEED)


def test_blocks_and_workers_change_no_bit(batch: BatchResult) -> None:
    small_blocks = run_batch(small(), 700, SEED, block=1)
    two_workers = run_batch(small(), 700, SEED, workers=2, block=300)
    for other in (small_blocks, two_workers):
        assert other.manifest.digest == batch.manifest.digest
        assert all(table.equals(batch.tables[name]) for name, table in other.tables.items())


def test_a_run_of_a_batch_is_the_run_that_is_played_alone(batch: BatchResult) -> None:
    model = Model(compile_scenario(small()), [619], seed=SEED).play()
    row = batch.runs.row(619, named=True)
    assert row["run"] == 619
    assert row["hash"] == model.state.hash()
    assert row["parameter.boldness"] == model["boldness"][0]
    assert row["parameter.mix[oil]"] == model["mix[oil]"][0]
    assert row["outcome.bold"] == model["outcome.bold"][0]
    assert row["indicator.war_now"] == model["war_now"][0]


def test_more_runs_leave_the_first_ones_as_they_were(batch: BatchResult) -> None:
    fewer = run_batch(small(), 300, SEED)
    assert fewer.runs.equals(batch.runs.head(300))
    assert fewer.manifest.digest != batch.manifest.digest


def test_another_seed_is_another_batch(batch: BatchResult) -> None:
    assert set(run_batch(small(), 20, SEED + 1).runs["hash"]).isdisjoint(batch.runs["hash"])


def test_a_batch_keeps_every_parameter_outcome_and_indicator(batch: BatchResult) -> None:
    assert batch.runs.columns == [
        "run",
        "parameter.boldness",
        "parameter.known",
        "parameter.mix[grain]",
        "parameter.mix[oil]",
        "outcome.bold",
        "outcome.calm",
        "outcome.never",
        "indicator.confidence_now",
        "indicator.war_now",
        "hash",
    ]
    assert batch.runs["run"].to_list() == list(range(700))
    assert set(batch.runs["parameter.known"]) == {4.0}
    assert set(batch.runs["outcome.calm"]) == {0, 5}
    assert set(batch.runs["outcome.never"]) == {0}


def test_the_table_of_indicators_speaks_of_all_runs(batch: BatchResult) -> None:
    last = batch.indicators.filter(indicator="war_now", turn=6).row(0, named=True)
    values = batch.runs["indicator.war_now"].to_numpy()
    assert (last["minimum"], last["maximum"]) == (values.min(), values.max())
    assert last["mean"] == pytest.approx(values.mean(), rel=1e-12)
    bins = batch.histograms.filter(indicator="war_now", turn=6)
    assert bins["runs"].sum() == 700
    width = float((bins["high"] - bins["low"]).to_numpy().max())
    for percent in (5, 25, 50, 75, 95):
        exact = np.quantile(values, percent / 100, method="inverted_cdf")
        assert last[f"p{percent}"] == pytest.approx(exact, abs=width)
    first = batch.indicators.filter(turn=0)
    assert set(first["date"].to_list()) == {small().clock.start}


def test_the_certificate_says_how_the_batch_came_about(batch: BatchResult) -> None:
    manifest = batch.manifest
    assert (manifest.id, manifest.title, manifest.hash) == ("small", "A small world", small().hash)
    assert (manifest.runs, manifest.seed, manifest.stream) == (700, SEED, 0)
    assert manifest.scenario == small().plain
    assert manifest.files == ("small.yaml",)
    assert [indicator.id for indicator in manifest.indicators] == ["war_now", "confidence_now"]
    happened = {outcome.id: outcome.happened for outcome in manifest.outcomes}
    assert happened == {
        outcome: int((batch.runs[f"outcome.{outcome}"] > 0).sum()) for outcome in ("bold", "calm", "never")
    }


def test_a_batch_of_a_program_has_no_scenario_text_but_the_same_numbers(batch: BatchResult) -> None:
    result = run_batch(compile_scenario(small()), 700, SEED)
    assert result.manifest.scenario is None
    assert result.manifest.digest == batch.manifest.digest


def test_orders_hold_in_every_run() -> None:
    orders = [Order(turn, "PRK", "clash", "do", "by hand") for turn in range(1, 7)]
    result = run_batch(small(), 40, SEED, orders=orders)
    free = run_batch(small(), 40, SEED)
    assert (result.runs["indicator.confidence_now"] < free.runs["indicator.confidence_now"]).sum() > 30
    assert result.manifest.orders == tuple(orders)


def test_the_state_of_a_block_goes_with_it_without_waiting_for_the_collector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    states = []
    whole = Model.play

    def watched(model: Model, *arguments: Any, **options: Any) -> Model:
        states.append(weakref.ref(model.state.values))
        return whole(model, *arguments, **options)

    monkeypatch.setattr(Model, "play", watched)
    gc.disable()
    try:
        play(Job(compile_scenario(small()), SEED, 0, ()), 0, 20)
        (state,) = states
        assert state() is None
    finally:
        gc.enable()


def test_progress_counts_the_runs_done() -> None:
    told: list[int] = []
    run_batch(sturdy(), 600, SEED, block=GRAIN, progress=told.append)
    assert told == [256, 512, 600]


def test_what_progress_raises_ends_the_batch() -> None:
    def enough(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(sturdy(), 600, SEED, block=GRAIN, progress=enough)


def test_every_fault_of_the_arguments_is_told_at_once() -> None:
    with pytest.raises(FoedusError) as caught:
        run_batch(small(), 0, -1, workers=0, block=0)
    assert len(caught.value.diagnostics) == 4


def test_an_order_that_does_not_fit_is_refused_before_play() -> None:
    told: list[int] = []
    with pytest.raises(FoedusError, match="no decision 'PRK/clsh'"):
        run_batch(small(), 10, SEED, orders=[Order(1, "PRK", "clsh", "do")], progress=told.append)
    assert told == []


@pytest.mark.parametrize(("block", "workers"), [(256, 1), (512, 1), (768, 1), (256, 2)])
def test_of_the_runs_that_fail_the_lowest_speaks_whatever_the_blocks(block: int, workers: int) -> None:
    with pytest.raises(FoedusError) as alone:
        Model(compile_scenario(fragile()), [667], seed=FRAGILE_SEED).play()
    with pytest.raises(FoedusError) as caught:
        run_batch(fragile(), 768, FRAGILE_SEED, block=block, workers=workers)
    assert caught.value.diagnostics == alone.value.diagnostics
    assert "run 667" in str(caught.value)


def test_a_higher_run_does_fail_earlier_there() -> None:
    """Else the test above would prove nothing."""
    ground = run_batch(sturdy(), 768, FRAGILE_SEED).runs["parameter.ground"]
    failing = [run for run, value in enumerate(ground) if 300 * value < 153 / 365.25]
    assert failing == [667, 725]
    assert ground[725] < ground[667]


def test_runs_before_the_one_that_fails_can_be_played() -> None:
    assert len(run_batch(fragile(), 667, FRAGILE_SEED).runs) == 667


def test_a_block_knows_its_run_numbers() -> None:
    played = play(Job(compile_scenario(small()), SEED, 0, ()), 512, 515)
    assert played.columns["run"].tolist() == [512, 513, 514]
    assert played.indicators.shape == (7, 2, 3)


ENDLESS = """
from sim.batch import run_batch
from tests.batch.worlds import small

def tell(done):
    print(done, flush=True)

if __name__ == "__main__":
    run_batch(small(), 10_000_000, 7, workers=2, block=256, progress=tell)
"""


def begun(tmp_path: Path) -> subprocess.Popen[str]:
    script = tmp_path / "many.py"
    script.write_text(ENDLESS)
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_a_batch_that_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    process = begun(tmp_path)
    assert process.stdout is not None
    for _ in range(3):  # the first block is played by the parent itself
        process.stdout.readline()
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # Ctrl-C goes to every process of the terminal
    else:
        process.kill()
    # The pipes end only when the last process that holds them has ended.
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -number
    if number == signal.SIGINT:
        assert errors.count("Traceback") == 1
        assert errors.endswith("KeyboardInterrupt\n")


def test_values_set_by_hand_are_set_in_every_run_after_their_turn() -> None:
    settings = [Setting(3, "confidence[PRK]", 0.9), Setting(0, "boldness", 0.3), Setting(3, "war", 0.25)]
    found = run_batch(small(), 300, SEED, settings=settings)
    split = run_batch(small(), 300, SEED, settings=settings, workers=2, block=GRAIN)
    assert split.manifest.digest == found.manifest.digest
    assert [setting.turn for setting in found.manifest.settings] == [0, 3, 3]
    model = Model(compile_scenario(small()), 300, seed=SEED)
    rows = model.program.rows
    model.state.values[rows["boldness"]] = 0.3
    model.play(3)
    model.state.values[rows["confidence[PRK]"]] = 0.9
    model.state.values[rows["war"]] = 0.25
    assert list(found.runs["hash"]) == model.play().state.hashes()
    assert set(found.runs["parameter.boldness"]) == {0.3}
    assert found.manifest.digest != run_batch(small(), 300, SEED).manifest.digest


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        (Setting(7, "war", 0.5), "after turn 7.*a turn from 0 to 6"),
        (Setting(1, "warr", 0.5), "there is no 'warr'.*war"),
        (Setting(1, "outcome.calm", 1.0), "nobody can set 'outcome.calm'"),
        (Setting(1, "confidence[PRK]", 1.5), "cannot be 1.5.*from 0 to 1"),
    ],
)
def test_a_value_that_cannot_be_set_is_refused_before_play(setting: Setting, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        run_batch(small(), 10, SEED, settings=[setting])
