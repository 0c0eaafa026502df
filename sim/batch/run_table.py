"""The table of runs: a row for each run, on disk from the first block on.

A run of a large scenario has hundreds of columns. Kept in memory they would come to more than everything
that plays them, and grow with the number of runs; so blocks go to a file without a name, column by column,
and only what is asked for is read back.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from io import FileIO
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

from sim.batch.block import Columns
from sim.text import FoedusError

SLICE: Final = 16_384
"""Runs that are written at a time: a row group of the file."""


class RunTable:
    """The table `runs` of a result: filled block by block, then read by column or as a whole.

    Args:
        runs: rows that it will have.

    Raises:
        FoedusError: here and in `add`, if there is no place for it on disk.
    """

    def __init__(self, runs: int) -> None:
        self._runs = runs
        self._filled = 0
        self._kinds: dict[str, np.dtype[Any]] = {}
        self._begins: dict[str, int] = {}
        """Where each column begins in the file: one after the other, each as long as it will be."""
        try:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the table
        except OSError as error:
            raise _no_place(error) from None
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        """Runs taken in so far."""
        return self._filled

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self._kinds)

    def add(self, block: Columns) -> None:
        """Take in the runs that follow."""
        if not self._kinds:
            self._lay_out(block)
        try:
            for name, values in block.items():
                self._seek(name, self._filled)
                _write(self._file, values)
        except OSError as error:
            raise _no_place(error) from None
        self._filled += len(block["run"])

    def _lay_out(self, block: Columns) -> None:
        end = 0
        for name, values in block.items():
            self._kinds[name], self._begins[name] = values.dtype, end
            end += self._runs * values.dtype.itemsize

    def column(self, name: str) -> pl.Series:
        """One column, read from the file.

        Raises:
            KeyError: for a column that is not there.
        """
        if self._kinds[name].kind != "S":
            return self._series(name, 0, self._filled)
        texts = pl.Series(name, dtype=pl.String)
        for first in range(0, self._filled, SLICE):
            texts.append(self._series(name, first, first + SLICE))
        return texts

    def _series(self, name: str, first: int, last: int) -> pl.Series:
        values = self._read(name, first, min(last, self._filled))
        return pl.Series(name, values.astype(str) if values.dtype.kind == "S" else values)

    def columns(self) -> Iterator[pl.Series]:
        """All columns, one in memory at a time."""
        return map(self.column, self._kinds)

    def frame(self) -> pl.DataFrame:
        """The whole table in memory."""
        return pl.DataFrame(list(self.columns()))

    def lazy(self) -> pl.LazyFrame:
        """The table for Polars to stream, `SLICE` runs at a time."""
        schema = {name: self._series(name, 0, 0).dtype for name in self._kinds}
        return register_io_source(self._slices, schema=schema)

    def _slices(
        self, names: list[str] | None, wanted: pl.Expr | None, most: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        """As Polars asks for them: some columns, only what is wanted, so many runs at most."""
        end = self._filled if most is None else min(most, self._filled)
        for first in range(0, end, SLICE):
            last = min(first + SLICE, end)
            part = pl.DataFrame([self._series(name, first, last) for name in names or self._kinds])
            yield part if wanted is None else part.filter(wanted)

    def _seek(self, name: str, run: int) -> None:
        self._file.seek(self._begins[name] + run * self._kinds[name].itemsize)

    def _read(self, name: str, first: int, last: int) -> NDArray[Any]:
        found = np.empty(last - first, dtype=self._kinds[name])
        self._seek(name, first)
        rest = found.view(np.uint8).data
        while rest:
            taken = self._file.readinto(rest)
            assert taken
            rest = rest[taken:]
        return found


def _write(file: FileIO, values: NDArray[Any]) -> None:
    rest = np.ascontiguousarray(values).view(np.uint8).data
    while rest:
        rest = rest[file.write(rest) :]


def _no_place(error: OSError) -> FoedusError:
    folder = tempfile.tempdir or "a folder for temporary files"
    return FoedusError.at(
        None,
        f"the runs cannot be kept in {folder}: {(error.strerror or str(error)).lower()}",
        "a folder with more room, named by the variable TMPDIR",
        code="file",
    )
