"""Where the arms of an experiment lie farthest apart, in words: for a terminal, a page, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.experiments import Answer
from sim.analysis.spread import IndicatorSpread, OutcomeSpread
from sim.report.differences import SAME, bounds, page_table, points, signed, signed_span
from sim.report.plain import percent, with_unit
from sim.text import printable

SHOWN: Final = 12
"""Outcomes and indicators that a terminal is shown."""
TITLE: Final = "Where the arms differ most"
_END: Final = f"{TITLE}: at the end"
_OUTCOMES: Final = ("Outcome", "Lowest", "Highest", "Points", "95% interval")
_INDICATORS: Final = ("Indicator", "Lowest", "Highest", "Difference", "95% interval")
METHOD: Final = (
    "The intervals of a table hold together, for every pair of arms of every row at once (paired, run by "
    "run; Bonferroni), because rows and arms are picked for lying far apart."
)


def spread_tables(answer: Answer) -> Iterator[Table]:
    """Outcomes and indicators, those first in which the arms lie farthest apart."""
    names = _names(answer)
    outcomes = [_outcome(spread, names) for spread in answer.outcomes]
    indicators = [_indicator(spread, names) for spread in answer.indicators]
    for title, heads, rows in ((TITLE, _OUTCOMES, outcomes), (_END, _INDICATORS, indicators)):
        if rows:
            table = Table(title=Text(title), title_justify="left")
            for head in heads:
                table.add_column(head, justify="left" if head in heads[:3] else "right")
            for row in rows[:SHOWN]:
                table.add_row(*(Text(printable(cell)) for cell in row))
            yield table


def spread_section(answer: Answer, indicators: int | None = None) -> list[str]:
    """The lines of the page, with at most so many indicators; none for fewer than two arms."""
    names = _names(answer)
    lines: list[str] = []
    if answer.outcomes:
        lines += page_table(_OUTCOMES, [_outcome(spread, names) for spread in answer.outcomes])
    if answer.indicators:
        lines += page_table(
            _INDICATORS, [_indicator(spread, names) for spread in answer.indicators[:indicators]]
        )
    return [f"## {TITLE}", "", METHOD, "", *lines] if lines else []


def spread_document(answer: Answer) -> dict[str, Any]:
    """The same as data, whole."""
    return {
        "outcomes": [{**_ends(spread), "shares": dict(spread.shares)} for spread in answer.outcomes],
        "indicators": [
            {
                **_ends(spread),
                "unit": spread.unit,
                "means": dict(spread.means),
                "effect": _finite(spread.effect),
            }
            for spread in answer.indicators
        ],
    }


def _finite(value: float) -> float | None:
    """None for an effect without bound: in the base every run had the same."""
    return value if isfinite(value) else None


def _ends(spread: OutcomeSpread | IndicatorSpread) -> dict[str, Any]:
    return {
        "id": spread.id,
        "title": spread.title,
        "lowest": spread.lowest,
        "highest": spread.highest,
        "difference": spread.paired.difference,
        "interval": bounds(spread.interval),
        "pair": asdict(spread.paired),
    }


def _names(answer: Answer) -> Mapping[str, str]:
    return {arm.id: arm.title for arm in answer.arms}


def _outcome(spread: OutcomeSpread, names: Mapping[str, str]) -> tuple[str, ...]:
    paired, (low, high) = spread.paired, spread.interval
    if paired.only_base == paired.only_arm == 0:
        return spread.title, percent(paired.base), percent(paired.arm), "0", SAME
    return (
        spread.title,
        f"{names[spread.lowest]} {percent(paired.base)}",
        f"{names[spread.highest]} {percent(paired.arm)}",
        points(paired.difference),
        f"{points(low)} to {points(high)}",
    )


def _indicator(spread: IndicatorSpread, names: Mapping[str, str]) -> tuple[str, ...]:
    paired, unit = spread.paired, spread.unit
    ends = with_unit(paired.base, unit), with_unit(paired.arm, unit)
    if paired.rises == paired.falls == 0:
        return spread.title, *ends, "0", SAME
    return (
        spread.title,
        f"{names[spread.lowest]} {ends[0]}",
        f"{names[spread.highest]} {ends[1]}",
        signed(paired.difference),
        signed_span(spread.interval),
    )
