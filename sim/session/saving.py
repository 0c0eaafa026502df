"""Where a game is saved: after every change, in a file that no other game is saved in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, Self

from sim.session.file import write_session
from sim.session.game import Game
from sim.session.holding import Hold, hold
from sim.text import FoedusError

ENDING: Final = ".session.json"


@dataclass(slots=True)
class Saving:
    """Saves a game after every change: the `saver` of a `Game`."""

    path: Path
    fault: FoedusError | None = None
    """Why the last change could not be saved; the game goes on."""
    held: Hold | None = None
    """The file, held for this game; None for one that nobody else is expected to write."""

    @classmethod
    def anew(cls, path: Path) -> Self:
        """Of a new game: under a name where nothing stands, and no other game is about to be saved."""
        for name in _names(path):
            if not os.path.lexists(name) and (held := hold(name)) is not None:
                if not os.path.lexists(name):
                    return cls(name, held=held)
                held.release()
        raise AssertionError("names do not end")

    @classmethod
    def going_on(cls, path: Path) -> Self:
        """Of a game that goes on: in its own file, or, while another plays that, in a new one beside it."""
        held = hold(path)
        return cls.anew(path) if held is None else cls(path, held=held)

    def release(self) -> None:
        """Let others play what is saved here."""
        if self.held is not None:
            self.held.release()

    def __call__(self, game: Game) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_session(game, self.path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self.fault = FoedusError.at(None, f"{self.path} cannot be written: {reason}", code="file")
        except FoedusError as error:
            self.fault = error
        else:
            self.fault = None


def session_path(folder: Path, game: Game) -> Path:
    """How the session file of a game is called by itself."""
    return folder / f"{game.base.id}-seed-{game.seed}-run-{game.run}{ENDING}"


def _names(path: Path) -> Iterator[Path]:
    """The path itself, then those with a number, beside it."""
    stem = path.name.removesuffix(ENDING)
    ending = path.name.removeprefix(stem)
    yield path
    for number in count(2):
        yield path.with_name(f"{stem}-{number}{ending}")
