"""Keys one after another: each finds the screen that the one before it has opened."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from textual import work
from textual.app import App, ReturnType
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

_PATIENCE: Final = 1.0
"""Seconds after which a part of the screen that does not answer is asked whether it was taken away."""
_NEW_LINE: Final = "ctrl+j"
"""What becomes of an Enter that was typed before the program had the terminal."""
_QUIET: Final = 2
"""Rounds through the screen without another dialogue or cursor, after which a key has done what it does."""


class TypingAhead(App[ReturnType]):
    """An application that may be typed into faster than it opens its dialogues.

    A key goes down to the widget with the cursor and comes up again to be done. By itself the next key would
    go down meanwhile, and reach the game rather than the dialogue that the first one opens. Here it waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.own_keys: Mapping[str, str] = {}
        """Keys by action, of whoever is at this terminal; those that are not here are as they come."""
        self._typed: deque[Key | Paste] = deque()
        self._in_hand = False
        self.last_key = time.monotonic()
        """When something was typed."""

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if isinstance(event, Key) and event.key == _NEW_LINE:
            event = Key("enter", "\r")
        self.last_key = time.monotonic()
        if self._in_hand:
            self._typed.append(event)
        else:
            self._in_hand = True
            pumps = self._way_up()
            await super().on_event(event)
            self._hold_the_next(pumps)

    @work(group="keys")
    async def _hold_the_next(self, pumps: list[MessagePump]) -> None:
        """Wait until what was typed has done what it does; then go on with what was typed meanwhile."""
        await self._done(pumps)
        while self._typed:
            pumps = self._way_up()
            await super().on_event(self._typed.popleft())
            await self._done(pumps)
        self._in_hand = False

    def _way_up(self) -> list[MessagePump]:
        """From the widget with the cursor to the application."""
        here = self.focused or self.screen
        return [*here.ancestors_with_self]

    async def _done(self, pumps: list[MessagePump]) -> None:
        quiet = 0
        while quiet < _QUIET:
            before = self.screen, self.focused
            for pump in pumps:
                await _heard(pump)
            quiet = quiet + 1 if before == (self.screen, self.focused) else 0
            pumps = self._way_up()


async def _heard(pump: MessagePump) -> None:
    """Wait until everything that was sent to a part of the screen before now is done."""
    heard = asyncio.Event()
    asked = pump.call_later(heard.set)
    while asked and pump.is_running and not heard.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), _PATIENCE)
