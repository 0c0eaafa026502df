"""The result of a batch: three tables and the certificate of how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from sim.batch.manifest import Manifest
from sim.batch.run_table import RunTable
from sim.batch.tally import BINS, Bins, Tally
from sim.compile import Program

PERCENTS: Final = (5, 25, 50, 75, 95)
"""Quantiles that the table of indicators gives, in columns `p5` to `p95`."""


@dataclass(frozen=True, eq=False)
class BatchResult:
    """Many runs of one scenario. The same tables whether just played or read from disk."""

    manifest: Manifest
    kept: RunTable | pl.DataFrame
    """The table `runs`: on disk, as long as nobody asks for all of it, or in memory."""
    indicators: pl.DataFrame
    """A row for each indicator and turn: `turn`, `date` (the day on which the turn is over), `indicator`,
    `mean`, `minimum`, `p5`, `p25`, `p50`, `p75`, `p95`, `maximum`. Quantiles are right to within the width
    of a bin of `histograms`."""
    histograms: pl.DataFrame
    """A row for each bin that holds a run: `turn`, `indicator`, `low`, `high`, `runs`."""

    @cached_property
    def runs(self) -> pl.DataFrame:
        """A row for each run, in order: `run`; `parameter.NAME`, each parameter; `outcome.ID`, the turn in
        which it came about, 0 if it did not; `indicator.ID`, its value at the end; `hash`, of the state at
        the end. Of a batch just played it is read into memory when it is first asked for.
        """
        return self.kept.frame() if isinstance(self.kept, RunTable) else self.kept

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of `runs`."""
        return self.kept.names if isinstance(self.kept, RunTable) else tuple(self.kept.columns)

    def column(self, name: str) -> pl.Series:
        """One column of `runs`, without the others."""
        return self.kept.column(name) if isinstance(self.kept, RunTable) else self.kept[name]

    @property
    def lazy_tables(self) -> dict[str, pl.LazyFrame]:
        """The tables by name, for Polars to stream."""
        rest = {"indicators": self.indicators.lazy(), "histograms": self.histograms.lazy()}
        return {"runs": self.kept.lazy(), **rest}

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {"runs": self.runs, "indicators": self.indicators, "histograms": self.histograms}


def indicator_table(program: Program, tally: Tally, bins: Bins) -> pl.DataFrame:
    """The table `indicators` of a result."""
    turns = program.turns + 1
    found: dict[str, pl.Series] = {
        "turn": pl.Series(list(range(turns)) * len(program.indicators), dtype=pl.Int32),
        "date": pl.Series(list(program.clock.dates) * len(program.indicators), dtype=pl.Date),
        "indicator": pl.Series([i.id for i in program.indicators for _ in range(turns)], dtype=pl.String),
    }
    figures = {"mean": tally.mean(), "minimum": tally.minimum}
    figures |= {f"p{percent}": tally.quantile(percent, bins) for percent in PERCENTS}
    figures["maximum"] = tally.maximum
    found |= {name: pl.Series((values + 0.0).T.ravel()) for name, values in figures.items()}
    return pl.DataFrame(found).sort("indicator", "turn")


def histogram_table(program: Program, tally: Tally, bins: Bins) -> pl.DataFrame:
    """The table `histograms` of a result."""
    edges = bins.edges()
    turn, indicator, position = np.nonzero(tally.counts)
    low = np.where(
        position == 0, tally.minimum[turn, indicator], edges[indicator, np.maximum(position - 1, 0)]
    )
    high = np.where(
        position == BINS + 1, tally.maximum[turn, indicator], edges[indicator, np.minimum(position, BINS)]
    )
    ids = pl.Series([item.id for item in program.indicators], dtype=pl.String)
    table = pl.DataFrame(
        {
            "turn": pl.Series(turn, dtype=pl.Int32),
            "indicator": ids.gather(indicator),
            "low": low + 0.0,
            "high": high + 0.0,
            "runs": tally.counts[turn, indicator, position],
        }
    )
    return table.sort("indicator", "turn", "low", "high")
