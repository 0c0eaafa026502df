"""The page shows what the batch found, holds no script, needs no network, and takes no markup from a
scenario."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim.batch import BatchResult, run_batch, write_batch
from sim.engine.orders import Order
from sim.report.charts import fan_chart
from sim.report.page import render, write_report
from sim.scenario import parse_scenario
from sim.text import FoedusError
from tests.batch.worlds import SMALL

HOSTILE = "<script>alert('1')</script>"


@pytest.fixture(scope="module")
def hostile() -> BatchResult:
    """A batch whose every text tries to become part of the page."""
    text = SMALL
    for mild in ("A small world", "War low", "Intensity of the war"):
        text = text.replace(f"title: {mild}", f'title: "{mild} {HOSTILE}"')
    text += f'summary: "Summary {HOSTILE}"\n'
    order = Order(1, "PRK", "clash", "do", f"reason {HOSTILE}")
    batch = run_batch(parse_scenario(text, "small.yaml"), 60, 7, orders=[order])
    # No scenario can have such a unit, but a file of a batch could.
    named = tuple(
        replace(one, unit=f"{one.unit} {HOSTILE}" if one.unit else "") for one in batch.manifest.indicators
    )
    return replace(batch, manifest=replace(batch.manifest, indicators=named))


@pytest.fixture(scope="module")
def page(hostile: BatchResult) -> str:
    return render(hostile)


class Reader(HTMLParser):
    """Elements, attributes and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag != "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += f"{data} "


def test_markup_of_a_scenario_is_shown_as_text(page: str) -> None:
    reader = Reader(page)
    assert "script" not in reader.tags
    for text in ("A small world", "War low", "Intensity of the war", "points", "Summary", "reason"):
        assert f"{text} {HOSTILE}" in reader.text


def test_the_page_says_what_it_is(page: str) -> None:
    text = Reader(page).text
    assert "Batch analysis, not a wargame and not a prediction" in text
    assert "60 runs" in text
    assert "Jul 2024 to Dec 2024" in re.sub(r"\s+", " ", text)


def test_the_page_needs_nothing_beside_it(page: str) -> None:
    reader = Reader(page)
    assert {"link", "img", "iframe", "object", "use"}.isdisjoint(reader.tags)
    assert {"src", "href", "onload", "xlink:href"}.isdisjoint(name for name, _ in reader.attributes)
    assert set(re.findall(r"https?://[^\s\"']+", page)) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert "@import" not in page
    policy = dict(reader.attributes)["content"]
    assert policy is not None
    assert any(value and value.startswith("default-src 'none'") for _, value in reader.attributes)


def test_every_outcome_has_a_bar_and_every_indicator_a_chart(page: str, hostile: BatchResult) -> None:
    outcomes, indicators = len(hostile.manifest.outcomes), len(hostile.manifest.indicators)
    # The headline is drawn twice, for wide and for narrow screens.
    assert Reader(page).tags.count("svg") == outcomes + indicators + 1
    assert Reader(page).tags.count("figure") == indicators


def test_the_page_carries_its_birth_certificate(page: str, hostile: BatchResult) -> None:
    text = Reader(page).text
    manifest = hostile.manifest
    for fact in (manifest.hash, manifest.digest, manifest.versions.foedus, "small.yaml"):
        assert fact in text
    assert re.search(r"Seed\s+7\s", text)


def test_a_world_without_outcomes_and_indicators_has_a_page_too() -> None:
    text = SMALL[: SMALL.index("indicators:")]
    shown = Reader(render(run_batch(parse_scenario(text), 10, 7)))
    assert "asks for no outcomes" in shown.text
    assert "figure" not in shown.tags


def test_the_report_stands_in_the_directory_of_its_batch(hostile: BatchResult, tmp_path: Path) -> None:
    directory = write_batch(hostile, tmp_path / "out")
    before = sorted(path.name for path in directory.iterdir())
    path = write_report(directory)
    assert path == directory / "report.html"
    assert path.read_text("utf-8") == render(hostile)
    assert sorted(path.name for path in directory.iterdir()) == sorted([*before, "report.html"])
    assert write_report(directory) == path


def test_no_batch_no_report(tmp_path: Path) -> None:
    with pytest.raises(FoedusError):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fan_chart_has_two_bands_and_a_line(hostile: BatchResult) -> None:
    drawing = fan_chart(hostile.indicators.filter(indicator="war_now"), 300, 150)
    assert drawing.startswith("<svg ")
    assert len(re.findall(r'class="mark-area ', drawing)) == 2
    assert len(re.findall(r'class="mark-line ', drawing)) == 1
    assert ">Jan 2025<" in drawing or ">Oct 2024<" in drawing


def test_a_fan_chart_ends_where_the_quantiles_end(hostile: BatchResult) -> None:
    """The drawing's own coordinates, read back."""
    table = hostile.indicators.filter(indicator="war_now").sort("turn")
    drawing = fan_chart(table, 300, 150)
    line = re.search(r'class="mark-line .*?<path[^>]* d="M([^"]*)"', drawing)
    areas = re.findall(r'class="mark-area .*?<path[^>]* d="M([^"]*)Z"', drawing)
    assert line is not None
    median = [tuple(map(float, point.split(","))) for point in line[1].split("L")]
    outer = [tuple(map(float, point.split(","))) for point in areas[0].split("L")]
    assert len(median) == 7
    assert (median[0][0], median[-1][0]) == (0.0, 300.0)
    scale = (outer[6][1] - median[6][1]) / (table["p5"][6] - table["p50"][6])
    assert scale < 0  # upwards is more
    assert outer[7][1] - median[6][1] == pytest.approx(
        scale * (table["p95"][6] - table["p50"][6]), abs=0.01
    )  # drawn to 0.001
