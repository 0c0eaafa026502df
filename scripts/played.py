"""Pages of figures that were played: each says on which scenario, so that stale ones can be told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.engine.state import RESULTS_VERSION

ROOT: Final = Path(__file__).resolve().parent.parent


def stamp(played: str, runs: int, seed: int, hash_: str) -> str:
    """What the figures of a page were played on.

    Args:
        played: a scenario or an experiment, by name.
        runs: of each arm.
        seed: of all luck.
        hash_: of the scenario, or of all scenarios of the experiment together.
    """
    return f"Played on `{played}` (hash `{hash_}`, results {RESULTS_VERSION}): {runs:,} runs, seed {seed}."


def is_current(page: Path, hash_: str) -> bool:
    """Whether the figures of a page were played on this scenario, by an engine with the same results."""
    return page.is_file() and f"(hash `{hash_}`, results {RESULTS_VERSION})" in page.read_text("utf-8")


@dataclass(frozen=True)
class PlayedPage:
    """A page, and how to write it."""

    about: str
    """What the command does."""
    file: Path
    hash: Callable[[], str]
    """Of what would be played now."""
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
        if is_current(self.file, self.hash()):
            return 0
        print(f"{self.file.name} was played on another scenario: write it again", file=sys.stderr)
        return 1
