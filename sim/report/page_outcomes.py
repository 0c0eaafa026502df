"""The table of outcomes, in words for people: the same rows for the terminal and for the page."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from rich.table import Table
from rich.text import Text

from sim.analysis import OutcomeEstimate, outcome_estimates
from sim.batch import BatchResult
from sim.text import printable

_BAR = 20


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome, its figures put in words. `estimate` has the figures."""

    estimate: OutcomeEstimate
    title: str
    count: str
    """`2,412 of 10,000`."""
    share: str
    """`24%`."""
    interval: str
    """`23-25%`, with an en dash."""
    when: str
    """The median date among the runs in which it happened; for an outcome asked at one date, that date."""


def outcome_rows(result: BatchResult) -> tuple[OutcomeRow, ...]:
    """Every outcome, the most frequent first."""
    return tuple(
        OutcomeRow(
            estimate=found,
            title=printable(found.title),
            count=f"{found.happened:,} of {found.runs:,}",
            share=share_text(found.happened, found.runs),
            interval=interval_text(found.low, found.high),
            when=found.median_date,
        )
        for found in outcome_estimates(result)
    )


def outcome_table(result: BatchResult) -> Table:
    """The outcomes as a table for the terminal."""
    runs = result.manifest.runs
    table = Table(
        title=f"{runs:,} {'run' if runs == 1 else 'runs'} of {printable(result.manifest.title)}",
        caption="Shares of model runs; the interval is sampling error only.",
        title_justify="left",
        caption_justify="left",
    )
    # As plain text: a title may hold square brackets, which would be taken for a style.
    table.title = Text(str(table.title))
    table.add_column("Outcome")
    table.add_column("Share", justify="right", no_wrap=True)
    table.add_column("95%", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=_BAR)
    table.add_column("Runs", justify="right", no_wrap=True)
    table.add_column("Median date", no_wrap=True)
    for row in outcome_rows(result):
        table.add_row(
            Text(row.title),
            row.share,
            row.interval,
            _bar(row.estimate),
            f"{row.estimate.happened:,}",
            row.when,
        )
    return table


def share_text(happened: int, runs: int) -> str:
    """`24%`. Never 0% for what happened, never 100% for what once did not."""
    percent = 100 * happened / runs
    if happened in (0, runs):
        return f"{percent:.0f}%"
    if percent < 0.1:  # noqa: PLR2004 - a tenth of a percent
        return "under 0.1%"
    if percent > 99.9:  # noqa: PLR2004
        return "over 99.9%"
    if percent < 1 or percent > 99:  # noqa: PLR2004
        # 0.96 must not become 1.0, nor 99.96 become 100.0.
        tenths = floor(percent * 10) if percent < 1 else ceil(percent * 10)
        return f"{tenths / 10:.1f}%"
    return f"{percent:.0f}%"


def interval_text(low: float, high: float) -> str:
    """`23-25%` with an en dash, rounded outwards; more digits where it is narrower than a percent."""
    width = 100 * (high - low)
    digits = 0 if width >= 1 else 1 if width >= 0.1 else 2  # noqa: PLR2004
    scale = 10**digits
    least, most = floor(low * 100 * scale + 1e-9) / scale, ceil(high * 100 * scale - 1e-9) / scale
    return f"{least:.{digits}f}\N{EN DASH}{most:.{digits}f}%"


def _bar(found: OutcomeEstimate) -> Text:
    """Twenty cells: full up to the share, shaded on to the upper end of the interval."""
    full = floor(found.share * _BAR + 0.5)
    if found.happened and not full:
        full = 1
    upper = max(ceil(found.high * _BAR - 1e-9), full)
    return Text("█" * full + "▒" * (upper - full) + "░" * (_BAR - upper))
