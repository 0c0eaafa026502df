"""The files that a scenario is made of, watched: told when one of them was saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Final

from watchfiles import awatch

from sim import Game, files_behind

_STILL: Final = 50
"""Milliseconds without a change after which an edit counts as saved: editors write in several steps."""
_AT_LEAST: Final = 1_000
"""Milliseconds after which the files are looked at all the same: not every file system tells of changes."""

_Stamp = tuple[int, int, int] | None
"""Number of a file, its size and when it was written; None while there is none."""


class Watched:
    """The files of one scenario, which an edit may make more or fewer.

    Args:
        source: the scenario's own file.
        begin: gives a game at turn 0 from the files as they stand.
    """

    def __init__(self, source: Path, begin: Callable[[], Game]) -> None:
        self._source = source
        self._begin = begin
        self._stamps: dict[Path, _Stamp] = {}
        self.ready = asyncio.Event()
        """Set once changes are looked for."""
        self.looked = asyncio.Event()
        """Set once something happened in the folders, be it a change or not."""

    def begin(self) -> Game:
        """A game at turn 0. What is saved from here on is a change, be it before the game is on the screen.

        Raises:
            FoedusError: if the files as they stand cannot be played.
        """
        self._look()
        return self._begin()

    def _look(self) -> None:
        """Take note of how the files stand; those of before stay among them while they cannot be read."""
        stamps = {path: _stamp(path) for path in (*files_behind(self._source), *self._stamps)}
        self._stamps = stamps

    async def changes(self) -> AsyncIterator[None]:
        """Give once for every edit that was saved since a game was last begun."""
        while True:
            folders = {path.parent for path in self._stamps if path.parent.is_dir()}
            self.ready.set()
            async for found in awatch(
                *folders,
                watch_filter=None,
                recursive=False,
                debounce=_STILL * 4,
                step=_STILL,
                rust_timeout=_AT_LEAST,
                yield_on_timeout=True,
            ):
                if found:
                    self.looked.set()
                if _changed(self._stamps.items()):
                    break
            yield


def _changed(stamps: Iterable[tuple[Path, _Stamp]]) -> bool:
    return any(_stamp(path) != stamp for path, stamp in stamps)


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
