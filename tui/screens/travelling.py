"""Time: step, play, back, go to, the next event of a kind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Final

from textual import work

from sim import Game
from tui.screens.dialogues import AskScreen, PickScreen
from tui.screens.part import Part

_PLAYING: Final = "playing"
_KINDS: Final = (
    ("outcome", "an outcome comes about"),
    ("inject", "an inject happens"),
    ("event", "an event of the world"),
    ("act", "an actor does something by rule"),
    ("choice", "a choice changes something"),
    ("indicator", "an indicator moves notably"),
)
SLOWEST: Final = 4.0
"""Seconds a turn."""
QUICKEST: Final = 0.0625


class Travelling(Part):
    """Goes through time; whatever plays on is stopped by the next key that moves in time."""

    seconds = 1.0
    """For each turn, while it plays."""
    _on = False

    @property
    def playing(self) -> bool:
        return self._on

    async def do_step(self) -> None:
        self.stop_playing()
        if self.game.at_the_end and self.game.seats:
            self.before_the_turn()
        if not self.game.forward() and self.game.fault is not None:
            self.notify(f"The next turn cannot be played: {self.game.fault}", severity="error", markup=False)
        self.arrived()

    def before_the_turn(self) -> None:
        """Say what seats have left open: their policies decide it."""
        raise NotImplementedError

    def do_back(self) -> None:
        self.stop_playing()
        self.game.back()
        self.arrived()

    def do_play(self) -> None:
        if self.playing:
            self.stop_playing()
            self.arrived()
        else:
            self._play(None)

    def do_faster(self) -> None:
        self.seconds = max(self.seconds / 2, QUICKEST)
        self._tell_pace()

    def do_slower(self) -> None:
        self.seconds = min(self.seconds * 2, SLOWEST)
        self._tell_pace()

    def _tell_pace(self) -> None:
        self.notify(f"{1 / self.seconds:g} turns a second", markup=False)
        self.show()

    @work
    async def do_go_to(self) -> None:
        marks = ", ".join(self.game.bookmarks)
        turn = await self.app.push_screen_wait(
            AskScreen(
                "Go to",
                f"Which turn? 0 is before play, {self.game.turns} the last. A date or a bookmark will do too."
                + (f"\nBookmarks: {marks}" if marks else ""),
                lambda text: "" if turn_named(self.game, text) is not None else self._no_turn(),
            )
        )
        if turn:
            found = turn_named(self.game, turn)
            assert found is not None
            self.stop_playing()
            self._play(self.game.travel(found))

    def _no_turn(self) -> str:
        return (
            f"A whole number from 0 to {self.game.turns}, a date such as 2024-10-01, or a bookmark, please."
        )

    @work
    async def do_next_event(self) -> None:
        kind = await self.app.push_screen_wait(PickScreen("Play on until", _KINDS))
        if kind:
            self.stop_playing()
            self._play(self.game.seek([kind]))

    def stop_playing(self) -> None:
        self.workers.cancel_group(self, _PLAYING)
        self._on, self.pace = False, ""

    @work(exclusive=True, group=_PLAYING)
    async def _play(self, way: Iterator[int] | None) -> None:
        """Go a way, or on at the chosen speed; keys are heard meanwhile, and stop it."""
        self._on, self.pace = True, "▶"
        try:
            for _ in self._onward() if way is None else way:
                self.show_head()
                if way is None:
                    self.show()
                await asyncio.sleep(self.seconds if way is None else 0)
            if self.game.fault is not None and self.game.at_the_end:
                self.notify(
                    f"The next turn cannot be played: {self.game.fault}", severity="error", markup=False
                )
        finally:
            self._on, self.pace = False, ""
        self.arrived()

    def _onward(self) -> Iterator[int]:
        while self.game.forward():
            yield self.game.turn


def turn_named(game: Game, text: str) -> int | None:
    """The turn that a number, a date or a bookmark names; None if it names none."""
    marks = game.bookmarks
    if text in marks:
        return marks[text]
    if text.isascii() and text.isdigit() and len(text) <= 6:  # noqa: PLR2004 - more turns than any clock has
        return int(text) if int(text) <= game.turns else None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    clock = game.program.clock
    return next((turn for turn in range(game.turns + 1) if clock.dates[turn] >= day), None)
