"""Nobody waits for a key while everything is walked over for what is not needed any more."""

from __future__ import annotations

import gc
import weakref

from tests.tui.stage import app
from tui.app import IDLE


class _Loop:
    def __init__(self) -> None:
        self.myself = self


def _lost() -> weakref.ref[_Loop]:
    """A cycle that is old, and that nobody holds any more."""
    loop = _Loop()
    gc.collect()
    return weakref.ref(loop)


async def test_what_is_lost_is_found_when_nobody_types() -> None:
    before = gc.get_threshold()
    shown = app()
    async with shown.run_test() as pilot:
        await pilot.press("down")
        assert gc.get_threshold()[2] > before[2]
        lost = _lost()
        shown.tidy()
        assert lost() is not None  # somebody is typing
        shown.last_key -= IDLE
        shown.tidy()
        assert lost() is None
    assert gc.get_threshold() == before
