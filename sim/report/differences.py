"""Differences in words, and the tables of Markdown that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.report.plain import plain_number
from sim.text import printable


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


def page_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, of_numbers: bool = True) -> list[str]:
    """The lines of a table in Markdown; an empty line ends it.

    The first column stands to the left; so do all of a table that is not `of_numbers`.
    """
    rule = ["---", *["---:" if of_numbers else "---"] * (len(heads) - 1)]
    escaped = ([printable(cell).replace("|", "\\|") for cell in row] for row in rows)
    return [*(f"| {' | '.join(row)} |" for row in (heads, rule, *escaped)), ""]
