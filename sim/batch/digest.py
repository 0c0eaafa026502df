"""A fingerprint of tables by what they hold: the bytes of a Parquet file change with the library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import polars as pl

_SLICE: Final = 65_536
"""Rows of a column that are turned into bytes at a time."""


def digest(tables: Mapping[str, Iterable[pl.Series]]) -> str:
    """BLAKE2b-128 of the columns of some tables, 32 hexadecimal digits; each is read and let go in turn.

    Numbers count as little-endian 64-bit integers or doubles, dates as days since 1970, texts as UTF-8 with
    a line end after each. Names, order and kinds of columns count; chunks do not.
    """
    found = hashlib.blake2b(digest_size=16)
    for name, table in tables.items():
        for column in table:
            found.update(f"{name}/{column.name}/{_kind(column)}/{len(column)}\n".encode())
            for part in column.to_frame().iter_slices(_SLICE):
                found.update(_bytes(part.to_series()))
    return found.hexdigest()


def _kind(column: pl.Series) -> str:
    if column.dtype == pl.String:
        return "text"
    if column.dtype == pl.Date:
        return "date"
    return "float" if column.dtype.is_float() else "integer"


def _bytes(column: pl.Series) -> bytes:
    if column.dtype == pl.String:
        return "".join(f"{text}\n" for text in column).encode()
    if column.dtype.is_float():
        return (column.to_numpy() + 0.0).astype("<f8").tobytes()
    numbers = column.to_physical().to_numpy()
    assert np.issubdtype(numbers.dtype, np.integer)
    return numbers.astype("<i8").tobytes()
