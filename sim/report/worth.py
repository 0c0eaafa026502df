"""What it would be worth to know, in words: as tables for a terminal and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.information import Settled, Uncertain, settled
from sim.report.plain import percent
from sim.text import printable

_FIRST: Final = 4
"""Parameters of an outcome that a terminal is shown."""


def tables(found: tuple[Uncertain, ...]) -> Iterator[Table]:
    """What each outcome's variance rests on, and which disagreements it would be worth most to settle."""
    yield _outcomes(found)
    ranked = settled(found) if found else ()
    if ranked:
        yield _disagreements(found, ranked)


def _outcomes(found: tuple[Uncertain, ...]) -> Table:
    table = Table(title=Text("What the variance of each outcome rests on"), title_justify="left")
    table.add_column("Outcome", ratio=3)
    table.add_column("Share of runs", justify="right")
    table.add_column("Assumed", justify="right")
    table.add_column("Luck, and several together", justify="right")
    table.add_column("Most, one by one", ratio=3)
    for outcome in found:
        most = (f"{share.parameter} {percent(share.share)}" for share in outcome.told[:_FIRST])
        table.add_row(
            Text(printable(outcome.title)),
            percent(outcome.happened),
            percent(outcome.by_grade("assumed")),
            percent(outcome.rest),
            Text("\n".join(printable(line) for line in most)),
        )
    return table


def _disagreements(found: tuple[Uncertain, ...], ranked: tuple[Settled, ...]) -> Table:
    titles = {outcome.id: outcome.title for outcome in found}
    table = Table(title=Text("What settling a disagreement would narrow"), title_justify="left")
    table.add_column("Disagreement", ratio=2)
    table.add_column("On average", justify="right")
    table.add_column("At most", justify="right")
    table.add_column("Outcome", ratio=3)
    for one in ranked:
        most = printable(titles[one.most]) if one.most_share > 0.0 else ""
        table.add_row(
            Text(printable(one.disagreement)), percent(one.share), percent(one.most_share), Text(most)
        )
    return table


def document(found: tuple[Uncertain, ...]) -> dict[str, Any]:
    """The same as data, whole."""
    return {
        "outcomes": [
            {
                "id": outcome.id,
                "title": outcome.title,
                "happened": outcome.happened,
                "assumed": outcome.by_grade("assumed"),
                "rest": outcome.rest,
                "parameters": [
                    {
                        "parameter": share.parameter,
                        "grade": share.grade,
                        "disagreement": share.disagreement or None,
                        "share": share.share,
                        "interval": list(share.interval),
                        "told": share.told,
                    }
                    for share in outcome.shares
                ],
            }
            for outcome in found
        ],
        "disagreements": [
            {
                "disagreement": one.disagreement,
                "parameters": list(one.parameters),
                "share": one.share,
                "most": one.most,
                "most_share": one.most_share,
            }
            for one in (settled(found) if found else ())
        ],
    }
