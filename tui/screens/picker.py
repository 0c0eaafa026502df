"""What to play, when no file was named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sim import printable

FOLDERS: Final = ("scenarios", ".")
"""Where scenarios are looked for."""
GAMES: Final = Path("runs") / "games"
_NEWEST: Final = 10


def choices(here: Path) -> list[tuple[str, str]]:
    """Saved games, the newest first, then scenarios: their path and what is shown for it."""
    games = sorted((here / GAMES).glob("*.session.json"), key=lambda path: -path.stat().st_mtime)
    found = [(path, f"go on   {path.name.removesuffix('.session.json')}") for path in games[:_NEWEST]]
    seen: set[Path] = set()
    for folder in FOLDERS:
        for path in sorted((here / folder).glob("*.yaml")):
            if path.resolve() not in seen and (title := _title(path)):
                seen.add(path.resolve())
                found.append((path, f"begin   {path.name}  {title}"))
    return [(str(path.relative_to(here)), printable(said)) for path, said in found]


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
