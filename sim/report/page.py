"""The report of a batch as one HTML file: no script, no network, nothing beside it.

Whatever comes from the scenario goes through jinja2's autoescape. Only the drawings made here are put in as
they are, and they hold no text of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.analysis import OutcomeEstimate
from sim.batch import REPORT, BatchResult, IndicatorName, Manifest, read_batch
from sim.report.charts import fan_chart
from sim.report.page_outcomes import interval_text, outcome_rows, share_text
from sim.text import printable
from sim.text.files import write_text

_WIDE, _SMALL = (1070, 270), (300, 170)


@dataclass(frozen=True, slots=True)
class FanChart:
    """An indicator on the page."""

    title: str
    unit: str
    low: str
    """Of the runs at the end: 5% quantile, median, 95% quantile."""
    median: str
    high: str
    wide: Markup | None
    """For wide screens; of the headline chart only."""
    small: Markup


def write_report(directory: Path | str) -> Path:
    """Write `report.html` into the directory of a batch, in place of an older one, and return its path.

    Raises:
        FoedusError: as `read_batch`; if the file cannot be written.
    """
    result = read_batch(directory)
    target = Path(directory) / REPORT
    write_text(target, render(result))
    return target


def render(result: BatchResult) -> str:
    """The page as text."""
    manifest = result.manifest
    environment = Environment(
        loader=PackageLoader("sim.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    clock = manifest.clock
    return environment.get_template("report.html").render(
        manifest=manifest,
        title=printable(manifest.title),
        summary=_summary(manifest),
        begin=clock.label(1),
        end=clock.label(clock.turns),
        rows=outcome_rows(result),
        bar=_bar,
        charts=list(_charts(result)),
        orders=list(_orders(manifest)),
        settings=list(_settings(manifest)),
        left_out=list(map(printable, manifest.left_out)),
        facts=list(_facts(manifest)),
    )


def _summary(manifest: Manifest) -> str:
    found = (manifest.scenario or {}).get("summary")
    return "\n".join(map(printable, found.strip().splitlines())) if isinstance(found, str) else ""


def _orders(manifest: Manifest) -> Iterator[dict[str, str]]:
    for order in sorted(manifest.orders, key=lambda order: (order.turn, order.name)):
        texts = {name: getattr(order, name) for name in ("actor", "decision", "option", "reason")}
        shown = {name: printable(text) for name, text in texts.items()}
        yield {"when": manifest.clock.label(order.turn), **shown}


def _settings(manifest: Manifest) -> Iterator[dict[str, str]]:
    for setting in manifest.settings:
        when = manifest.clock.label(setting.turn)
        shown = {"row": printable(setting.row), "reason": printable(setting.reason)}
        yield {"when": when, "value": f"{setting.value:g}", **shown}


def _facts(manifest: Manifest) -> Iterator[tuple[str, str]]:
    clock, versions = manifest.clock, manifest.versions
    yield "Scenario", manifest.id
    yield "Hash of the scenario", manifest.hash
    if manifest.doctrines:
        yield (
            "Doctrines in force",
            ", ".join(f"{actor}: {name}" for actor, name in manifest.doctrines.items()),
        )
    yield "Files", ", ".join(map(printable, manifest.files))
    yield "Runs", f"{manifest.runs:,} (numbers 0 to {manifest.runs - 1:,})"
    yield "Seed", str(manifest.seed)
    yield "Stream", str(manifest.stream)
    for policy in manifest.policies:
        yield "Decided in Python", printable(policy.told)
    yield "Clock", f"{clock.turns:,} turns of a {clock.turn}, {clock.dates[0]} to {clock.dates[-1]}"
    yield "Digest of the tables", manifest.digest
    yield "Played", manifest.created.replace("T", " ").replace("Z", " UTC")
    yield "foedus", f"{versions.foedus}, results version {versions.results}"
    yield "Computed with", f"Python {versions.python}, NumPy {versions.numpy}, Polars {versions.polars}"


def _bar(found: OutcomeEstimate) -> Markup:
    """The share as a bar with its interval as a line, on a scale from 0 to 100%."""
    share, low, high = (f"{100 * value:.2f}" for value in (found.share, found.low, found.high))
    told = f"{share_text(found)}, interval {interval_text(found)}"
    return Markup(  # noqa: S704 - numbers only
        f'<svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label="{told}">'
        '<rect class="track" width="100" height="16"/>'
        '<line class="half" x1="50" x2="50" y1="0" y2="16" vector-effect="non-scaling-stroke"/>'
        f'<rect class="fill" y="3" width="{share}" height="10"/>'
        f'<line class="line" x1="{low}" x2="{high}" y1="8" y2="8" vector-effect="non-scaling-stroke"/></svg>'
    )


def _charts(result: BatchResult) -> Iterator[FanChart]:
    """Every indicator, the scenario's first as the headline."""
    tables: dict[Any, pl.DataFrame] = {
        key[0]: table for key, table in result.indicators.partition_by("indicator", as_dict=True).items()
    }
    for position, indicator in enumerate(result.manifest.indicators):
        yield _chart(indicator, tables[indicator.id], headline=position == 0)


def _chart(indicator: IndicatorName, table: pl.DataFrame, *, headline: bool) -> FanChart:
    end = table.sort("turn").row(-1, named=True)
    return FanChart(
        title=printable(indicator.title),
        unit=printable(indicator.unit),
        low=_figure(end["p5"]),
        median=_figure(end["p50"]),
        high=_figure(end["p95"]),
        wide=Markup(fan_chart(table, *_WIDE)) if headline else None,  # noqa: S704 - numbers and dates only
        small=Markup(fan_chart(table, *_SMALL)),  # noqa: S704
    )


def _figure(value: float) -> str:
    """Three significant digits, thousands set apart: `0.583`, `2,410,000`."""
    if 1000 <= abs(value) < 1e15:  # noqa: PLR2004 - as a person writes it
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
