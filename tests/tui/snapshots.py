"""Every screen in two sizes and two themes: `python -m tests.tui.snapshots` writes their pictures anew.

One game is played for all of them, and shown again in each size and theme.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from textual.pilot import Pilot

import sim
from tests.tui.picture import picture
from tests.tui.stage import NARROW, WIDE, press, settle
from tui.app import FoedusApp
from tui.screens.dialogues import PickScreen
from tui.screens.game import WIDE as GAME_WIDE
from tui.screens.game import GameScreen

FOLDER: Final = Path(__file__).parent / "snapshots"
COMMAND: Final = "python -m tests.tui.snapshots"
SCENARIO: Final = Path("tests/tui/pictured/world.yaml")
"""Small, and with something of everything that is shown; as seen from the repository, for screens name it."""
SEATS: Final = ("LYNX", "MOLE")
SIZES: Final = (NARROW, WIDE)
THEMES: Final = ("textual-dark", "textual-light")
_VIEWS: Final = (
    ("situation", "1"),
    ("why", "2"),
    ("forecast", "3"),
    ("seats", "4"),
    ("branches", "5"),
    ("facts", "6"),
    ("map", "7"),
)
_OVER: Final = (("keys", "question_mark"), ("note", "t"), ("seat", "s"), ("hand-over", "h"))
_FILES: Final = (
    ("saved.session.json", "go on   pictured-seed-7-run-0"),
    ("border-clash.yaml", "begin   border-clash.yaml  A border clash"),
)


async def pictures() -> dict[str, str]:
    """Pictures by the name of their file."""
    shown = FoedusApp(sim.Game(sim.load(SCENARIO), seed=7), futures=50)
    found = {}
    async with shown.run_test(size=WIDE) as pilot:
        await _play(shown, pilot)
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            for theme in THEMES:
                shown.theme = theme
                async for name in _screens(shown, pilot):
                    found[f"{name}-{width}x{height}-{theme}.svg"] = picture(shown)
        await pilot.resize_terminal(60, 20)
        for theme in THEMES:
            shown.theme = theme
            await settle(pilot)
            found[f"small-60x20-{theme}.svg"] = picture(shown)
    return found


async def _play(shown: FoedusApp, pilot: Pilot[Any]) -> None:
    """Some turns, two seats, a branch with new luck, a comparison, and a question that is answered."""
    await press(pilot, *["space"] * 6)
    for actor in SEATS:
        shown.game.seat(actor)
    await press(
        pilot, "b", "b", "exclamation_mark", "space", "space", "c", "4", "h", "enter", "H", "enter", "w"
    )
    assert isinstance(shown.screen, GameScreen)
    shown.screen.futures_wanted = 0  # those that are there stay


async def _screens(shown: FoedusApp, pilot: Pilot[Any]) -> AsyncIterator[str]:
    """Come to each screen in turn, and give its name."""
    for name, key in _VIEWS:
        await press(pilot, key)
        shown.clear_notifications()
        await settle(pilot)
        yield name
    await press(pilot, "1")
    if shown.size.width < GAME_WIDE:
        await press(pilot, "u")
        yield "panes"
        await press(pilot, "u")
    for name, key in _OVER:
        await press(pilot, key)
        yield name
        await press(pilot, *(("enter", "H", "enter") if name == "hand-over" else ("escape",)))
    await shown.push_screen(PickScreen("What to play?", _FILES))
    await settle(pilot)
    yield "picker"
    await press(pilot, "escape", "1")


def main() -> None:
    """Write them, and take away what is no screen any more."""
    found = asyncio.run(pictures())
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.svg"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
