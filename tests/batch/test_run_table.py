"""Runs stand on disk, not in memory, and are read back to the bit."""

from __future__ import annotations

import errno
import tracemalloc
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import polars as pl
import pytest

from sim.batch import run_batch, run_table, write_batch
from sim.batch.block import Columns
from sim.batch.run_table import RunTable
from sim.batch.tally import GRAIN
from sim.text import FoedusError
from tests.batch.worlds import small

WIDE = 150


def block(first: int, runs: int) -> Columns:
    """A block as wide as that of a large scenario, each number another."""
    numbers = np.arange(first, first + runs)
    columns: Columns = {"run": numbers.astype(np.int64), "outcome.o": numbers.astype(np.int32) % 7}
    columns |= {f"parameter.{index}": numbers / (index + 3.0) for index in range(WIDE)}
    columns["hash"] = np.array([f"{number:032x}" for number in numbers], dtype="S32")
    return columns


def filled(runs: int, size: int) -> RunTable:
    table = RunTable(runs)
    for first in range(0, runs, size):
        table.add(block(first, min(size, runs - first)))
    return table


def in_memory(runs: int) -> pl.DataFrame:
    """The same, never on disk."""
    columns = block(0, runs)
    columns["hash"] = columns["hash"].astype(str)
    return pl.DataFrame([pl.Series(name, values) for name, values in columns.items()])


@pytest.mark.parametrize("size", [1, 64, 256, 999, 1_000])
def test_what_was_put_in_is_read_back(size: int) -> None:
    table, wanted = filled(1_000, size), in_memory(1_000)
    assert len(table) == 1_000
    assert table.frame().equals(wanted)
    assert table.names == tuple(wanted.columns)
    assert all(table.column(name).equals(wanted[name]) for name in table.names)
    assert table.lazy().collect().equals(wanted)


def test_polars_may_ask_for_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_table, "SLICE", 100)
    table, wanted = filled(1_000, 256), in_memory(1_000)
    some = pl.col("outcome.o") == 3
    assert (
        table.lazy()
        .filter(some)
        .select("run", "hash")
        .collect()
        .equals(wanted.filter(some).select("run", "hash"))
    )
    assert table.lazy().head(250).collect().equals(wanted.head(250))
    assert table.column("hash").equals(wanted["hash"])


def test_memory_does_not_grow_with_the_number_of_runs() -> None:
    def held(runs: int) -> int:
        parts = block(0, GRAIN)
        tracemalloc.start()
        table = RunTable(runs)
        for _ in range(runs // GRAIN):
            table.add(parts)
        for _ in table.columns():
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    few, many = held(8 * GRAIN), held(64 * GRAIN)
    a_column = 64 * GRAIN * 128  # the widest there is, texts while they are decoded
    assert many < few + 2 * a_column < 64 * GRAIN * 8 * WIDE  # the last: the whole table


def test_a_batch_is_written_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(_: RunTable) -> NoReturn:
        raise AssertionError("the whole table was read into memory")

    result = run_batch(small(), 600, 7, block=GRAIN)
    with monkeypatch.context() as patched:
        patched.setattr(RunTable, "frame", whole)
        written = write_batch(result, tmp_path / "out")
    assert pl.read_parquet(written / "runs.parquet").equals(result.runs)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_is_full_while_a_batch_is_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, own = run_batch(small(), 10, 7), Path.open

    def opened(path: Path, *mode: Any) -> Any:
        return own(Path("/dev/full") if path.name == "runs.parquet" else path, *mode)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(FoedusError, match="out cannot be written: no space left on device"):
        write_batch(result, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_table, "_write", full)
    with pytest.raises(FoedusError, match=r"cannot be kept in .*: no space left on device.*TMPDIR"):
        run_batch(small(), 10, 7)
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(FoedusError, match="no space left on device"):
        RunTable(1)
