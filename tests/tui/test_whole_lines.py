"""No line of a list is cut short where a scroll bar takes a column."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim import Game
from tests.tui.stage import NARROW, WIDE, press, settle
from tui.app import FoedusApp
from tui.views.seats import SeatsView
from tui.widgets.listing import Listing


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_item_has_as_many_lines_as_it_takes(size: tuple[int, int]) -> None:
    shown = FoedusApp(Game(sim.load(Path("scenarios/korea-crisis.yaml")), seed=7), futures=0)
    async with shown.run_test(size=size) as pilot:
        await press(pilot, "space", "space", "space")
        shown.screen.query_one(SeatsView).sit("USA")
        for view in "1234567":
            await press(pilot, view)
            await settle(pilot)
            for listing in shown.screen.query(Listing):
                if not listing.size:
                    continue
                for index, option in enumerate(listing.options):
                    style = listing.get_visual_style("option-list--option")
                    lines = listing._get_option_render(option, style)
                    assert listing._line_cache.heights[index] == len(lines), (view, listing.id, index)
