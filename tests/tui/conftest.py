"""How the tests of the application wait: until nothing is left to be done, however idle the processor is."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App

_PATIENCE: Final = 60.0
_TICK: Final = 0.002
"""Seconds between two looks at what waits for a time to come."""
_CALM: Final = 3
"""In how many rounds of the loop on end there must have been nothing to do."""


async def _quiet(*_: float) -> None:
    """Wait until no part of the application has anything to go on with, and all of it is drawn.

    Textual's own way is to look at the processor's time, in steps of 20 milliseconds: it waits for that long
    where there is nothing to wait for, and for a second where something else computes.
    """
    shown, loop, calm = active_app.get(), asyncio.get_running_loop(), 0
    async with asyncio.timeout(_PATIENCE):
        while calm < _CALM and not shown._exit:
            await asyncio.sleep(0)
            if loop._ready:  # type: ignore[attr-defined]
                calm = 0
            elif _on_its_way(shown):
                await asyncio.sleep(_TICK)
                calm = 0
            elif _to_be_drawn(shown):
                shown.screen._on_timer_update()
                calm = 0
            else:
                calm += 1


def _on_its_way(shown: App[Any]) -> bool:
    """Whether a key has not done what it does, a new size was not taken in, or something still moves."""
    keys = any(worker.group == "keys" and not worker.is_finished for worker in shown.workers)
    return keys or shown._resize_event is not None or not shown.animator._complete_event.is_set()


def _to_be_drawn(shown: App[Any]) -> bool:
    screen = shown.screen
    asked = (screen._layout_required, screen._scroll_required, screen._repaint_required)
    return any(asked) or bool(screen._callbacks or screen._dirty_widgets)


@pytest.fixture(autouse=True)
def _waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.module.__name__.endswith("test_snapshots"):
        return  # its pictures are taken as the command takes them that writes them anew
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", _quiet)
