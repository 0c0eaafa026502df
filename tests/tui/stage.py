"""The application under test: keys in, text of the screen out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import cache
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from sim import Game, Program
from tests.story.quarrel import QUARREL, compiled
from tui.app import FoedusApp

WIDE = (120, 40)
NARROW = (80, 24)
_BUSY = ("keys", "playing", "why", "forecast", "batch")


def app(text: str = QUARREL, seed: int = 11, run: int = 0, futures: int = 0) -> FoedusApp:
    return FoedusApp(Game(_once(text), seed=seed, run=run), futures=futures)


@cache
def _once(text: str) -> Program:
    """A scenario is compiled once for all tests."""
    return compiled(text)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one by one; what they set going in the background is done before the next one."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Pilot[Any], text: str) -> None:
    """Write a line into a dialogue, and send it."""
    for letter in text:
        await pilot.press({" ": "space"}.get(letter, letter))
    await press(pilot, "enter")


async def settle(pilot: Pilot[Any]) -> None:
    """Let everything that was set going be done. A dialogue waits for somebody, and is not waited for."""
    await pilot.pause()
    while busy := [
        worker for worker in pilot.app.workers if worker.group in _BUSY and not worker.is_finished
    ]:
        async with asyncio.timeout(60):
            with suppress(WorkerCancelled):  # another took its place, and is waited for
                await pilot.app.workers.wait_for_complete(busy)
        await pilot.pause()


def screen_text(shown: App[Any]) -> str:
    """What stands on the screen, line by line."""
    lines = shown.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in lines)


def notices(shown: FoedusApp) -> str:
    """What has been said in passing."""
    return "\n".join(note.message for note in shown._notifications)
