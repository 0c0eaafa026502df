"""Fan charts of indicators, drawn ahead of time: a page needs no script and no network to show them.

The drawings hold numbers and dates only, no text of the scenario. Colours are set by the page
(`templates/report.css`), so that they follow its light and dark modes; those given here serve a drawing
that stands alone.
"""

from __future__ import annotations

import re
from io import StringIO
from typing import Any, Final

import altair as alt
import polars as pl

_BAND: Final = "#3b78b5"
_INK: Final = "#333333"
_FONT: Final = "Helvetica, Arial, sans-serif"
_THOUSANDS: Final = 10_000


def fan_chart(table: pl.DataFrame, width: int, height: int) -> str:
    """An SVG element: the median, the middle half and the middle 90% of the runs over time.

    Args:
        table: rows of one indicator, as in `BatchResult.indicators`.
        width: of the plot without its labels, in pixels; the drawing scales down to its container.
        height: likewise.
    """
    columns = ("date", "p5", "p25", "p50", "p75", "p95")
    rows = [dict(zip(columns, row, strict=True)) for row in table.select(columns).sort("date").iter_rows()]
    values = [{**row, "date": row["date"].isoformat()} for row in rows]
    x = alt.X("date:T", scale=alt.Scale(type="utc", nice=False), axis=_date_axis(width))
    base = alt.Chart(alt.InlineData(values=values), width=width, height=height).encode(x=x)
    y = alt.Y("p5:Q", scale=_scale(table), axis=_value_axis(table))
    outer = base.mark_area(color=_BAND, opacity=0.22, aria=False).encode(y=y, y2="p95:Q")
    inner = base.mark_area(color=_BAND, opacity=0.35, aria=False).encode(y="p25:Q", y2="p75:Q")
    median = base.mark_line(color=_BAND, strokeWidth=2, aria=False).encode(y="p50:Q")
    return _svg(outer + inner + median)


def _date_axis(width: int) -> alt.Axis:
    return alt.Axis(
        title=None,
        format="%b %Y",
        tickCount=max(width // 90, 2),
        grid=False,
        labelFlush=True,
        labelOverlap=True,
    )


def _value_axis(table: pl.DataFrame) -> alt.Axis:
    large = max(abs(float(value or 0.0)) for column in ("p5", "p95") for value in table[column]) >= _THOUSANDS
    label = "datum.value == 0 ? '0' : format(datum.value, '~s')" if large else "datum.label"
    return alt.Axis(title=None, labelExpr=label, tickCount=4, domain=False, ticks=False)


def _scale(table: pl.DataFrame) -> alt.Scale:
    """The range of the values; a value that never moves stands in the middle."""
    low, high = min(table["p5"].to_list()), max(table["p95"].to_list())
    if low == high:
        half = 0.5 * max(abs(low), 1.0)
        return alt.Scale(domain=[low - half, high + half], nice=False)
    return alt.Scale(zero=False, nice=True)


def _svg(chart: alt.LayerChart) -> str:
    styled = chart.configure(background="transparent", font=_FONT, padding=4)
    styled = styled.configure_axis(
        labelColor=_INK,
        labelFontSize=12,
        tickColor=_INK,
        domainColor=_INK,
        gridColor=_INK,
        gridOpacity=0.15,
        labelPadding=6,
    )
    drawn = StringIO()
    styled.configure_view(stroke=None).save(drawn, format="svg")
    return _scaling(drawn.getvalue())


def _scaling(svg: str) -> str:
    """Never wider than its container, never larger than drawn. What it says, the page says in its caption."""
    head = re.match(r'<svg [^>]*?width="([\d.]+)"[^>]*?>', svg)
    assert head is not None
    attributes: dict[str, Any] = dict(re.findall(r'([\w:-]+)="([^"]*)"', head[0]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{attributes["viewBox"]}" aria-hidden="true" '
        f'style="max-width:{attributes["width"]}px">{svg[head.end() :]}'
    )
