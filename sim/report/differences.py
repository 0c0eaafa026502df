"""Differences in words, and the tables of Markdown that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from sim.report.plain import plain_number
from sim.text import printable

SAME: Final = "same in every run"
"""What stands for the interval of a difference that no run has."""


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign: `+12`; 0 for exactly none."""
    if difference == 0.0:
        return "0"
    text = plain_number(100.0 * abs(difference), _digits(100.0 * difference))
    return f"{'+' if difference > 0 else '-'}{text}"


def _digits(value: float) -> str:
    return ".0f" if abs(value) >= 10.0 else ".1f" if abs(value) >= 1.0 else ".2f"  # noqa: PLR2004 - digits


def signed(value: float) -> str:
    """A difference of numbers, with its sign: `+0.0713`."""
    text = plain_number(value)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def signed_span(interval: tuple[float, float] | None) -> str:
    """The interval of a difference of means: `+0.05 to +0.09`; of one run, that it has none."""
    if interval is None:
        return "none of one run"
    low, high = interval
    return f"{signed(low)} to {signed(high)}"


def bounds(interval: tuple[float, float] | None) -> list[float] | None:
    """The interval as data."""
    return None if interval is None else list(interval)


def page_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, of_numbers: bool = True) -> list[str]:
    """The lines of a table in Markdown; an empty line ends it.

    The first column stands to the left; so do all of a table that is not `of_numbers`.
    """
    rule = ["---", *["---:" if of_numbers else "---"] * (len(heads) - 1)]
    escaped = ([printable(cell).replace("|", "\\|") for cell in row] for row in rows)
    return [*(f"| {' | '.join(row)} |" for row in (heads, rule, *escaped)), ""]
