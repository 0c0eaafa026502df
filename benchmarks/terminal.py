"""How long people wait in the terminal: `python -m benchmarks.terminal [SCENARIO] [--write]`.

1,000 futures are played from the state before play to the end of the clock, on two processes, as the
terminal does after every move: their time is told beside a turn of the world itself, played with a trace,
measured in the same minutes. Then a game is played in the application, key by key, while futures are being
played in the background: from the moment a key reaches the application to the end of the first paint after
it, with the characters for the terminal worked out. Keys that change nothing are not counted.

Returns 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from textual import events
from textual._compositor import CompositorUpdate
from textual.screen import Screen

import sim
from benchmarks.flagship import ROOT, SCENARIO, machine
from tui.app import FoedusApp
from tui.screens.game import GameScreen

FUTURES: Final = 1_000
PROCESSES: Final = 2
TIMES: Final = 9
FORECAST_LIMIT: Final = 1.0
"""Seconds."""
KEY_LIMIT: Final = 0.1
"""Seconds, of 19 keys in 20."""
LONGEST: Final = 2.0
"""Seconds: a turn that has not been painted by then never will be."""
FRAME: Final = 1 / 60
"""Seconds from a change to its paint, at most, where nothing holds the screen up."""
FRAMES: Final = 4
SIZE: Final = (120, 40)
ROUND: Final = ("2", "1", "down", "down", "3", "down", "4", "down", "5", "1", "u", "6", "7", "down", "1")
"""Keys between two turns: every view, and a walk in some."""
_PAGE: Final = ROOT / "docs" / "benchmarks-terminal.md"


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that people wait."""

    turns: int
    forecast: float
    """For the futures: the median."""
    step: float
    """For a turn of the world itself: the median."""
    keys: tuple[float, ...]
    """For a paint after a key, while futures were being played."""
    steps: tuple[float, ...]
    """From the key that plays a turn to the paint that shows it."""


class _Painted(FoedusApp):
    """Tells when something was painted."""

    CSS_PATH = str(ROOT / "tui" / "foedus.tcss")  # else it would be looked for here
    painted = 0.0
    turn = 0
    """The turn that was painted last."""

    def on_load(self) -> None:
        self.paint = asyncio.Event()

    async def painted_since(self, begun: float, seconds: float) -> bool:
        """Wait for a paint, idle as a terminal is; False if there is none."""
        while self.painted < begun:
            self.paint.clear()
            try:
                await asyncio.wait_for(self.paint.wait(), seconds)
            except TimeoutError:
                return False
        return True

    async def answered(self, begun: float) -> bool:
        """Wait until a key has been handled and, if it changed anything, painted; False if nothing was."""
        for pump in (self, self.focused or self.screen, self.screen, self):  # the way that a key goes
            handled = asyncio.Event()
            pump.call_later(handled.set)
            await handled.wait()
        for _ in range(FRAMES):
            if self.painted >= begun:
                return True
            await asyncio.sleep(FRAME)
        return self.painted >= begun

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            renderable.render_segments(self.console)  # what a driver with a terminal does
            self.painted, self.turn = time.perf_counter(), self.game.turn
            self.paint.set()


def forecast(program: sim.Program) -> tuple[float, float]:
    """Median seconds of a forecast, and of a turn of the world itself."""
    game = sim.Game(program, seed=1)
    game.forward()
    step = statistics.median(_seconds(game.forward) for _ in range(TIMES))
    with sim.Forecaster(program, workers=PROCESSES) as forecaster:

        def futures() -> object:
            return forecaster.futures(game.line, 0, runs=FUTURES)

        _seconds(futures), _seconds(futures)  # the processes are there, and warm
        return statistics.median(_seconds(futures) for _ in range(TIMES)), step


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def keys(program: sim.Program) -> tuple[list[float], list[float]]:
    """Seconds from keys to paints while futures are played, and from turns asked for to turns shown."""
    game = sim.Game(program, seed=1)
    app = _Painted(game, processes=PROCESSES, futures=FUTURES)
    waits: list[float] = []
    steps: list[float] = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, GameScreen)
        for turn in range(1, program.turns + 1):
            begun = _send(app, "space")
            while app.turn < turn:
                if not await app.painted_since(max(begun, app.painted) + 1e-9, LONGEST):
                    raise RuntimeError(f"turn {turn} was not painted within {LONGEST:g} seconds")
            steps.append(app.painted - begun)
            first = turn % len(ROUND)  # a forecast may end before the round: each key comes early once
            for key in ROUND[first:] + ROUND[:first]:
                if not screen.foreseeing:
                    break
                begun = _send(app, key)
                if await app.answered(begun):
                    waits.append(app.painted - begun)
                await asyncio.sleep(0.03)
    return waits, steps


def _send(app: FoedusApp, key: str) -> float:
    begun = time.perf_counter()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    return begun


def high(values: Sequence[float]) -> float:
    """The 95th percentile: 19 of 20 are no greater."""
    return sorted(values)[max(0, -(-len(values) * 19 // 20) - 1)]


def measured(scenario: str | Path) -> Waits:
    """Measure everything."""
    program = sim.load(scenario)
    future, step = forecast(program)
    found, steps = asyncio.run(keys(program))
    return Waits(program.turns, future, step, tuple(found), tuple(steps))


def page(scenario: str | Path, waits: Waits) -> str:
    """The text of `docs/benchmarks-terminal.md`."""
    rows = [
        (
            f"{FUTURES:,} futures of {waits.turns} turns on {PROCESSES} processes, median of {TIMES}",
            f"{waits.forecast * 1e3:,.0f}",
            f"{FORECAST_LIMIT * 1e3:,.0f}",
        ),
        (f"a turn of the world itself, with its trace, median of {TIMES}", f"{waits.step * 1e3:,.0f}", ""),
        (
            f"from a key to the next paint while futures are played, 95th percentile of {len(waits.keys)}",
            f"{high(waits.keys) * 1e3:,.0f}",
            f"{KEY_LIMIT * 1e3:,.0f}",
        ),
        ("the same, median", f"{statistics.median(waits.keys) * 1e3:,.0f}", ""),
        (
            f"from the key that plays a turn to its paint, 95th percentile of {len(waits.steps)}",
            f"{high(waits.steps) * 1e3:,.0f}",
            "",
        ),
    ]
    table = "\n".join(
        f"| {' | '.join(row)} |" for row in (("", "milliseconds", "limit"), ("---", "---:", "---:"), *rows)
    )
    beside = waits.forecast / waits.step
    told = "\n".join(f"- {name}: {fact}" for name, fact in machine().items())
    return f"""# How long people wait in the terminal

Written by `python -m benchmarks.terminal --write`; not edited by hand.

The scenario `{Path(scenario).name}` at {SIZE[0]} by {SIZE[1]} cells.

{table}

A forecast takes as long as {beside:.0f} turns of the world itself, or {beside / waits.turns:.1f}
for each of its turns: that is what carries over to other machines. Keys go through every view, and are
counted only while futures are being played in the background. Times are on the clock, so whatever else the
machine does is in them.

Measured on:

{told}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.terminal",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", nargs="?", default=ROOT / SCENARIO)
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    waits = measured(asked.scenario)
    text = page(asked.scenario, waits)
    print(text)
    if asked.write:
        _PAGE.write_text(text, "utf-8", newline="\n")
    broken = [
        said
        for wrong, said in (
            (waits.forecast > FORECAST_LIMIT, "a forecast took longer than its limit"),
            (high(waits.keys) > KEY_LIMIT, "keys waited longer than their limit"),
        )
        if wrong
    ]
    print("\n".join(broken), file=sys.stderr, end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
