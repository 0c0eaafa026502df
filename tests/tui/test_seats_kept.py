"""Seats that were taken before are there when a game goes on, and the facilitator looks into any of them."""

from __future__ import annotations

from pathlib import Path

import sim
from sim import Game
from tests.story.quarrel import QUARREL
from tests.tui.stage import WIDE, press, screen_text, write
from tui.app import FoedusApp
from tui.views.seats import KnownPane


async def test_a_game_that_goes_on_shows_the_seats_that_it_has(tmp_path: Path) -> None:
    source, file = tmp_path / "quarrel.yaml", tmp_path / "game.session.json"
    source.write_text(QUARREL, "utf-8")
    begun = Game(sim.load(source), seed=11, source=source)
    actors = sorted(begun.program.names)[:2]
    for actor in actors:
        begun.seat(actor)
    sim.write_session(begun, file)
    shown = FoedusApp(sim.resume(file), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "4")
        known = shown.screen.query_one(KnownPane)
        assert known.actor == actors[0]
        assert "what you know" in screen_text(shown)
        await press(pilot, "s")
        assert "(seated: hand back)" in screen_text(shown)
        await write(pilot, f"{actors[1]} seated")
        assert (known.actor, shown.game.seats) == (actors[1], tuple(actors))
        await press(pilot, "s")
        await write(pilot, f"{actors[1]} seated")
        assert (known.actor, shown.game.seats) == (actors[0], (actors[0],))
