"""What happened in a turn is told most important first, and the pane shows it in that order."""

from __future__ import annotations

from pathlib import Path

import sim
from sim import Game
from tests.tui.stage import press
from tui.app import FoedusApp
from tui.widgets.told import TurnPane

ORDER = ("outcome", "inject", "event", "act", "choice", "again", "indicator", "standing", "missed")
FLAGSHIP = Path("scenarios/pyongyang-hanoi-2024.yaml")


async def test_outcomes_come_first_then_events_acts_choices_and_indicators() -> None:
    shown = FoedusApp(Game(sim.load(FLAGSHIP), seed=7), futures=0)
    seen: set[str] = set()
    async with shown.run_test(size=(120, 60)) as pilot:
        for _ in range(8):
            await press(pilot, "space")
            news = shown.game.now.told.news.sentences
            ranks = [(ORDER.index(found.kind), found.actor, found.about) for found in news]
            assert ranks == sorted(ranks)
            seen |= {found.kind for found in news}
            pane = shown.screen.query_one(TurnPane)
            told = [pane.get_option_at_index(index).prompt for index in range(pane.option_count)]
            assert [str(text).partition("  ")[0][2:] for text in told] == [found.text for found in news]
    assert {"outcome", "inject", "act", "choice", "again", "indicator"} <= seen
