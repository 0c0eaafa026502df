"""Whose a number is can be seen beside it."""

from __future__ import annotations

import sim
from sim import Game
from tests.tui.snapshots import SCENARIO
from tests.tui.stage import NARROW, press, screen_text, write
from tui.app import FoedusApp
from tui.widgets.actors import ActorsPane


def pane(shown: FoedusApp) -> ActorsPane:
    return shown.screen.query_one(ActorsPane)


def lines(shown: FoedusApp) -> list[str]:
    """What stands in the pane, by its first two words."""
    return [" ".join(item.text.plain.split()[:2]) for item in pane(shown)._shown]


async def test_pinned_indicators_stand_under_a_heading_of_their_own() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=0)
    danger = shown.game.program.led_indicators[-1]
    shown.game.pins = ("grain[HARE]", danger.id)
    async with shown.run_test(size=NARROW):
        keys = [item.key for item in pane(shown)._shown]
        assert keys[:3] == ["grain[HARE]", "", shown.game.program.variables[danger.row].name]
        assert lines(shown)[:4] == ["HARE*Grain in", "Indicators", "*Danger of", "BEAR Grain"]
        assert "Indicators" in screen_text(shown)
        shown.game.pins = ("grain[HARE]",)
        pane(shown).show(shown.game)
        assert "Indicators" not in lines(shown)


async def test_the_first_line_names_its_actor_whoever_that_is() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=0)
    shown.game.pins = (shown.game.program.led_indicators[0].id,)
    async with shown.run_test(size=NARROW):
        assert lines(shown)[0] == "Indicators"
        assert lines(shown)[2].startswith("BEAR")


async def test_a_filter_leaves_each_line_with_the_name_of_its_actor() -> None:
    shown = FoedusApp(Game(sim.load(SCENARIO), seed=7), futures=0)
    async with shown.run_test(size=NARROW) as pilot:
        pane(shown).focus()
        await press(pilot, "slash")
        await write(pilot, "strength")
        assert lines(shown) == [f"{actor} strength" for actor in ("BEAR", "HARE", "LYNX", "MOLE")]
