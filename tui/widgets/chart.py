"""A schematic map in letters: actors at their places, lines between them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from sim import KINDS, Link, Program
from tui.widgets.texts import runs

STYLES: Final = {
    "alliance": ("·", "green"),
    "flow": ("»", "cyan"),
    "sanctions": ("x", "magenta"),
    "hostility": ("#", "bold red"),
}
"""The mark and the colour of each kind of link: one tells what the other does."""
Spot = tuple[int, int]
"""Column and line."""
_HALF: Final = 0.5
_FEWEST: Final = 3
"""Actors with a place that make a map."""


def places(program: Program, width: int, height: int) -> tuple[dict[str, Spot], bool]:
    """Where each actor's name begins, and whether that is a map; a circle, where too few have a place.

    Longitudes begin after the widest gap between two actors. Both axes are half to scale and half by rank,
    so that neighbours are told apart and far ones fit. Who has no place stands on the last line.
    """
    known = {} if program.scenario is None else program.scenario.model.actors
    at = {name: found.at for name, found in sorted(known.items()) if found.at is not None}
    wide = max((len(name) for name in program.names), default=0)
    if len(at) < _FEWEST:
        return _apart(_circle(sorted(program.names), width - wide, height), width, height), False
    others = [name for name in sorted(program.names) if name not in at]
    rows = height - 1 if others else height
    columns = _scaled(_from_the_gap({name: place[1] for name, place in at.items()}), width - wide)
    lines = _scaled({name: -place[0] for name, place in at.items()}, rows)
    spots = _apart({name: (columns[name], lines[name]) for name in at}, width, rows)
    column = 0
    for name in others:
        if column + len(name) <= width:
            spots[name] = (column, height - 1)
            column += len(name) + 2
    return spots, True


def _from_the_gap(longitudes: Mapping[str, float]) -> dict[str, float]:
    """Degrees east of the widest gap."""
    ordered = sorted(value % 360 for value in longitudes.values())
    gaps = [
        ((after - before) % 360, after)
        for before, after in zip(ordered, [*ordered[1:], ordered[0]], strict=True)
    ]
    begins = max(gaps)[1]
    return {name: (value - begins) % 360 for name, value in longitudes.items()}


def _scaled(values: Mapping[str, float], cells: int) -> dict[str, int]:
    """Cells for values: half to scale, half by rank."""
    low, high = min(values.values()), max(values.values())
    ranks = {value: rank for rank, value in enumerate(sorted(set(values.values())))}
    most = max(len(ranks) - 1, 1)

    def share(value: float) -> float:
        linear = (value - low) / (high - low) if high > low else _HALF
        return _HALF * linear + _HALF * ranks[value] / most

    return {name: round(share(value) * max(cells - 1, 0)) for name, value in values.items()}


def _circle(names: Sequence[str], width: int, height: int) -> dict[str, Spot]:
    """Names round an ellipse, clockwise from the top."""
    found = {}
    for index, name in enumerate(names):
        angle = 2 * math.pi * index / max(len(names), 1)
        column = round((1 + math.sin(angle)) / 2 * max(width - 1, 0))
        line = round((1 - math.cos(angle)) / 2 * max(height - 1, 0))
        found[name] = (column, line)
    return found


def _apart(spots: Mapping[str, Spot], width: int, height: int) -> dict[str, Spot]:
    """The same, moved to the nearest free line where two names would meet."""
    taken: set[Spot] = set()
    found = {}
    for name, (column, line) in spots.items():
        begins = min(column, max(width - len(name), 0))
        for there in sorted(range(height), key=lambda row: (abs(row - line), row)):
            cells = {(cell, there) for cell in range(begins - 1, begins + len(name) + 1)}
            if not cells & taken:
                taken |= cells
                found[name] = (begins, there)
                break
    return found


def drawn(
    spots: Mapping[str, Spot], found: Sequence[Link], width: int, height: int, chosen: str = ""
) -> Text:
    """The map as lines of text. Of two links in one cell the graver is seen; names are seen over all."""
    grid = [[(" ", "")] * width for _ in range(height)]
    for kind in reversed(KINDS):
        for link in found:
            if link.kind == kind and link.one in spots and link.other in spots:
                for column, line in _line(_middle(link.one, spots), _middle(link.other, spots)):
                    if 0 <= column < width and 0 <= line < height:
                        grid[line][column] = STYLES[kind]
    for name, (column, line) in spots.items():
        for offset, letter in enumerate(name):
            if column + offset < width:
                grid[line][column + offset] = (letter, "bold reverse" if name == chosen else "bold")
    text = Text(no_wrap=True)
    for number, cells in enumerate(grid):
        text.append("\n" if number else "")
        for letters, style in runs(cells):
            text.append(letters, style)
    return text


def _middle(name: str, spots: Mapping[str, Spot]) -> Spot:
    column, line = spots[name]
    return column + len(name) // 2, line


def _line(start: Spot, end: Spot) -> list[Spot]:
    """Cells between two places, one a step of the longer way."""
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    return [
        (
            round(start[0] + (end[0] - start[0]) * step / steps),
            round(start[1] + (end[1] - start[1]) * step / steps),
        )
        for step in range(1, steps)
    ]
