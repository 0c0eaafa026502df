"""Whatever is pressed, what stands on the screen is what a whole redraw of it would show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from textual.pilot import Pilot

import sim
from sim import Game, Program, Saving
from tests.story.quarrel import compiled
from tests.tui.redrawn import PaintedApp, differences, draw_anew, held_futures, whole
from tests.tui.snapshots import SCENARIO
from tests.tui.stage import settle
from tui.actions import ACTIONS
from tui.screens.game import GameScreen
from tui.widgets.forecast import ForecastPane

SIZES: Final = ("80x24", "120x40", "100x30", "200x60", "60x20", "1x1", "81x24", "120x25")
THEMES: Final = ("textual-dark", "textual-light", "nord", "gruvbox")
FUTURES: Final = 8
_OTHERS: Final = (
    "enter",
    "escape",
    "tab",
    "shift+tab",
    "up",
    "down",
    "end",
    "home",
    "pagedown",
    "j",
    "k",
    "a",
)
_AFTER: Final = {
    "go_to": (("3", "enter"), ("0", "enter"), ("9", "enter"), ("escape",)),
    "next_event": (("enter",), ("down", "enter"), ("down", "down", "down", "enter")),
    "bookmark": (("enter",),),
    "note": (("a", "b", "enter"),),
    "fork": (("enter",), ("a", "enter"), ("b", "enter")),
    "rename": (("enter",), ("c", "enter")),
    "compare": (("enter",), ()),
    "against": (("backspace",) * 3 + ("enter",),),
    "doctrine": (("enter",), ("down", "enter")),
    "seat": (("enter",), ("down", "enter")),
    "pass_on": (("enter",),),
    "give_back": (("enter",),),
    "inject": (("enter", "enter", "a", "enter"), ("enter", "down", "enter", "enter")),
    "override": (
        ("enter", "enter", "enter", "a", "enter"),
        ("down", "enter", "down", "enter", "down", "enter", "enter"),
    ),
    "set_value": (("enter", "1", "enter", "a", "enter"), ("down", "down", "enter", "0", "enter", "enter")),
    "filter": (("a", "enter"), ("x", "y", "enter"), ("e", "enter"), ("ctrl+a", "delete", "enter")),
    "keys": (("escape",),),
}
"""What may be answered to the dialogue that an action opens."""
_LEAVING: Final = ("quit", "picture", "debrief", "send")
_OFTEN: Final = {
    "step": 14,
    "back": 5,
    "pin": 4,
    "seat": 4,
    "pass_on": 3,
    "give_back": 3,
    "zoom": 3,
    "filter": 3,
}


def fingers(luck: np.random.Generator, count: int) -> Iterator[str]:
    """Keys, sizes as `80x24` and themes, one after another, with answers to the dialogues that they open."""
    actions = [
        (action.id, action.keys.split(",")[0])
        for action in ACTIONS
        if action.id not in _LEAVING
        for _ in range(_OFTEN.get(action.id, 2))
    ]
    given = 0
    while given < count:
        kind = luck.random()
        if kind < 0.06:
            keys: tuple[str, ...] = (SIZES[int(luck.integers(len(SIZES)))],)
        elif kind < 0.08:
            keys = (THEMES[int(luck.integers(len(THEMES)))],)
        elif kind < 0.3:
            keys = (_OTHERS[int(luck.integers(len(_OTHERS)))],)
        else:
            id_, key = actions[int(luck.integers(len(actions)))]
            answers = _AFTER.get(id_, ((),))
            keys = (key, *answers[int(luck.integers(len(answers)))])
        yield from keys
        given += len(keys)


async def pressed(shown: PaintedApp, pilot: Pilot[Any], key: str) -> None:
    """Press a key, or have another size or theme; what it sets going in the background goes on."""
    if key in SIZES:
        await pilot.resize_terminal(*(int(part) for part in key.split("x")))
    elif key in THEMES:
        shown.theme = key
    else:
        await pilot.press(key)
    await pilot.pause()


def view_of(shown: PaintedApp) -> str:
    """The view of the game that is shown, or "" where something stands over it."""
    return str(shown.screen.view.id) if isinstance(shown.screen, GameScreen) else ""


async def stale(shown: PaintedApp, pilot: Pilot[Any], *, anew: bool) -> list[str]:
    """Lines of the screen that are not what they would be."""
    painted = shown.painted()
    found = differences(painted, whole(shown))
    if not found and anew and isinstance(shown.screen, GameScreen):
        await draw_anew(shown, pilot)
        found = differences(painted, whole(shown))
    return found


async def press_at_random(program: Program, folder: Path, seed: int, count: int, anew: float) -> int:
    """Press keys, and look after each, before and after the futures have come.

    Args:
        program: what is played.
        folder: where it is saved.
        seed: of the luck by which keys are chosen.
        count: how many keys there are.
        anew: at which share of the looks everything is drawn anew, beside those at another view than before.
            What was drawn anew is not stale any more: after many keys without it more may come to light.

    Returns:
        How often it was looked.
    """
    game = Game(program, seed=seed)
    game.saver = Saving(folder / f"{seed}.session.json")
    shown, looks, done = PaintedApp(game, futures=FUTURES), 0, []
    luck = np.random.default_rng(seed)
    view = ""
    with held_futures() as held:
        async with shown.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            for key in fingers(luck, count):
                done.append(key)
                held.clear()
                if isinstance(shown.screen, GameScreen):
                    shown.screen.seconds = 0.001
                await pressed(shown, pilot, key)
                for wait in (False, True):
                    if wait:
                        held.set()
                        await settle(pilot)
                        assert not any(pane.waiting for pane in shown.query(ForecastPane)), done[-12:]
                    looks += 1
                    turned, view = view, view_of(shown)
                    found = await stale(shown, pilot, anew=view != turned or luck.random() < anew)
                    assert not found, "\n".join((f"after {len(done)} keys: {done[-12:]}", f"{wait=}", *found))
    return looks


@pytest.mark.parametrize(
    ("world", "seed", "count", "anew"),
    [("quarrel", 3, 75, 0.05), ("pictured", 4, 60, 0.05), ("pictured", 3, 20, 0.5)],
)
async def test_no_key_leaves_something_stale(
    tmp_path: Path, world: str, seed: int, count: int, anew: float
) -> None:
    program = compiled() if world == "quarrel" else sim.load(SCENARIO)
    assert await press_at_random(program, tmp_path, seed, count, anew) >= 2 * count
