"""What to play, when no file was named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sim import FoedusError, printable, read_manifest
from tui.screens.dialogues import AskScreen

FOLDERS: Final = ("scenarios", ".")
"""Where scenarios are looked for."""
BATCHES: Final = Path("runs")
GAMES: Final = BATCHES / "games"
_NEWEST: Final = 10


def choices(here: Path) -> list[tuple[str, str]]:
    """Saved games, the newest first, then scenarios, then batches: their path and what is shown for it."""
    games = sorted((here / GAMES).glob("*.session.json"), key=lambda path: -path.stat().st_mtime)
    found = [(path, f"go on   {path.name.removesuffix('.session.json')}") for path in games[:_NEWEST]]
    seen: set[Path] = set()
    for folder in FOLDERS:
        for path in sorted((here / folder).glob("*.yaml")):
            if path.resolve() not in seen and (title := _title(path)):
                seen.add(path.resolve())
                found.append((path, f"begin   {path.name}  {title}"))
    found += _batches(here / BATCHES)
    return [(str(path.relative_to(here)), printable(said)) for path, said in found]


def run_question(path: str) -> AskScreen | None:
    """What asks for a run of what was picked, if that is a batch.

    Raises:
        FoedusError: for a batch that is no longer what it was when it was listed.
    """
    if not Path(path).is_dir():
        return None
    runs = read_manifest(path).runs

    def problem(text: str) -> str:
        there = text.isascii() and text.isdigit() and len(text) <= len(str(runs)) and int(text) < runs
        return "" if there else f"A whole number from 0 to {runs - 1}, please."

    return AskScreen(f"A run of {printable(path)}", f"Which one, 0 to {runs - 1:,}?", problem, "0")


def scenario_of(path: str, here: Path) -> Path | None:
    """The scenario at hand that goes by the name of what a batch was played from.

    Raises:
        FoedusError: as `run_question`.
    """
    mark = f"id: {read_manifest(path).id}"
    for folder in FOLDERS:
        for found in sorted((here / folder).glob("*.yaml")):
            if _title(found) and mark in found.read_text("utf-8", errors="replace").splitlines():
                return found.relative_to(here)
    return None


def _batches(folder: Path) -> Iterator[tuple[Path, str]]:
    """The newest that this foedus can read."""
    dated = ((path.stat().st_mtime, path.parent) for path in folder.glob("*/manifest.json"))
    for _, path in sorted(dated, reverse=True)[:_NEWEST]:
        try:
            manifest = read_manifest(path)
        except FoedusError:
            continue
        yield path, f"a run   {path.name}  {manifest.title}, one of {manifest.runs:,}"


def _title(path: Path) -> str:
    """The title of a whole scenario; "" for any other file."""
    lines: Sequence[str] = ()
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    if not any(line.startswith("foedus:") for line in lines):
        return ""
    titles = [line.partition(":")[2].strip() for line in lines if line.startswith("title:")]
    return titles[0] if titles else path.stem
