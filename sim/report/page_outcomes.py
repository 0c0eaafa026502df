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
_UNITS = 2


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
            share=share_text(found),
            interval=interval_text(found),
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
    table.add_column("0 to 100%", no_wrap=True, min_width=_BAR)
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


def share_text(found: OutcomeEstimate) -> str:
    """`24%`, as fine as the interval allows. Never 0% for what happened, never 100% for what once did not."""
    percent = 100 * found.share
    if found.happened in (0, found.runs):
        return f"{percent:.0f}%"
    digits = _digits(found)
    while float(f"{percent:.{digits}f}") in (0, 100):
        digits += 1
    return f"{percent:.{digits}f}%"


def interval_text(found: OutcomeEstimate) -> str:
    """`23-25%` with an en dash, rounded outwards; with more digits where it is narrow."""
    digits = _digits(found)
    scale = 10**digits
    # A billionth of tolerance, so that 0.07 * 100 does not round up to 8.
    low, high = floor(found.low * 100 * scale + 1e-9), ceil(found.high * 100 * scale - 1e-9)
    return f"{_edge(low, scale, digits)}\N{EN DASH}{_edge(high, scale, digits)}%"


def _edge(number: int, scale: int, digits: int) -> str:
    exact = number in (0, 100 * scale)
    return f"{number / scale:.{0 if exact else digits}f}"


def _digits(found: OutcomeEstimate) -> int:
    """Digits after the point, so that an interval is some units of the last one wide.

    Whole percents do for intervals of a percent and more; near 0 and 100%, where a percent is much, of two.
    """
    width, digits = 100 * (found.high - found.low), 0
    near_an_end = min(found.share, 1 - found.share) < 0.1  # noqa: PLR2004 - a tenth
    while width * 10**digits < (_UNITS if digits or near_an_end else 1):
        digits += 1
    return digits


def _bar(found: OutcomeEstimate) -> Text:
    """Twenty cells: full up to the lower end of the interval, shaded on to the upper end."""
    low, high = floor(found.low * _BAR + 0.5), floor(found.high * _BAR + 0.5)
    return Text("█" * low + "▓" * (high - low) + "░" * (_BAR - high))
