"""Pages of figures that were played: each says on which scenario, so that stale ones can be told."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.batch import run_batch
from sim.compile import Program

_RUNS: Final = 64
"""Runs by which a world is told from another."""


def fingerprint(program: Program, files: Iterable[Path] = ()) -> str:
    """What comes of the first runs of a scenario, outcome by outcome and indicator by indicator: 16 digits.

    It changes if anything changes what is counted or what comes of it, and not if a comment or a title does.
    What else decides the figures of a page, such as the arms of an experiment, is in `files`.
    """
    table = run_batch(program, _RUNS, 1).runs
    digest = hashlib.blake2b(digest_size=8)
    for column in sorted(table.columns):
        if column.startswith(("outcome.", "indicator.")):
            digest.update(column.encode())
            digest.update(table[column].to_numpy().tobytes())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamp(played: str, runs: int, seed: int, world: str) -> str:
    """What the figures of a page were played on.

    Args:
        played: a scenario or an experiment, by name.
        runs: of each arm.
        seed: of all luck.
        world: its fingerprint.
    """
    return f"Played on `{played}` as of fingerprint `{world}`: {runs:,} runs, seed {seed}."


def is_current(page: Path, world: str) -> bool:
    """Whether the figures of a page were played on the world with this fingerprint."""
    return page.is_file() and f"as of fingerprint `{world}`:" in page.read_text("utf-8")


@dataclass(frozen=True)
class PlayedPage:
    """A page, and how to write it."""

    about: str
    """What the command does."""
    file: Path
    world: Callable[[], str]
    """Fingerprint of what would be played now."""
    make: Callable[[int], str]
    """The page from so many runs of each arm."""
    runs: int
    """How many, if the command line does not say."""

    def main(self, arguments: list[str]) -> int:
        """Play and write the page, or with `--check` say whether it is stale: 1 if it is, else 0."""
        parser = argparse.ArgumentParser(description=self.about)
        parser.add_argument("--check", action="store_true", help="only say whether the page is stale")
        parser.add_argument("--runs", type=int, default=self.runs, help="runs of each arm (%(default)s)")
        asked = parser.parse_args(arguments)
        if not asked.check:
            self.file.write_text(self.make(asked.runs), "utf-8", newline="")
            return 0
        if is_current(self.file, self.world()):
            return 0
        print(f"{self.file.name} was played on another world: write it again", file=sys.stderr)
        return 1
