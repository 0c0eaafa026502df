"""A fingerprint of tables by what they hold: the bytes of a Parquet file change with the library."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import polars as pl


def digest(tables: Mapping[str, pl.DataFrame]) -> str:
    """BLAKE2b-128 of the columns of some tables, 32 hexadecimal digits.

    Numbers count as little-endian 64-bit integers or doubles, dates as days since 1970, texts as UTF-8 with
    a line end after each. Names, order and kinds of columns count; chunks do not.
    """
    found = hashlib.blake2b(digest_size=16)
    for name, table in tables.items():
        for column in table.iter_columns():
            kind, data = _bytes(column)
            found.update(f"{name}/{column.name}/{kind}/{len(column)}\n".encode())
            found.update(data)
    return found.hexdigest()


def _bytes(column: pl.Series) -> tuple[str, bytes]:
    if column.dtype == pl.String:
        return "text", "".join(f"{text}\n" for text in column).encode()
    if column.dtype.is_float():
        return "float", (column.to_numpy() + 0.0).astype("<f8").tobytes()
    if column.dtype == pl.Date:
        return "date", column.to_physical().to_numpy().astype("<i8").tobytes()
    numbers = column.to_numpy()
    assert np.issubdtype(numbers.dtype, np.integer)
    return "integer", numbers.astype("<i8").tobytes()
