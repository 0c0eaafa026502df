"""A screen as a small SVG: every line of it a line of the file, so that two of them can be told apart by eye.

Textual's own export names a font on another host and numbers its styles by what stands on the screen; here
there are no more than the words, their places and their colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Final

from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style

from tui.app import FoedusApp

_WIDE: Final = 9
_HIGH: Final = 20


def picture(shown: FoedusApp) -> str:
    """The screen as it is shown now."""
    rows = [list(strip) for strip in shown.screen._compositor.render_strips()]
    width, height = shown.size.width * _WIDE, shown.size.height * _HIGH
    styles = sorted({_css(segment.style) for row in rows for segment in row})
    classes = {css: f"s{number}" for number, css in enumerate(styles)}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        "<style>",
        "text { font: 15px monospace; white-space: pre }",
        *(f".{name} {{ {css} }}" for css, name in classes.items()),
        "</style>",
    ]
    ground = _ground(rows)
    lines.append(f'<rect width="{width}" height="{height}" fill="{ground}"/>')
    for number, row in enumerate(rows):
        lines += _backs(row, number, ground)
    for number, row in enumerate(rows):
        lines += _words(row, number, classes)
    return "\n".join((*lines, "</svg>", ""))


def _runs(row: list[Segment]) -> Iterator[tuple[int, int, str, Style | None]]:
    """Column, width, text and style of what stands beside each other in one style."""
    column = 0
    for segment in Segment.simplify(found for found in row if not found.control):
        yield column, segment.cell_length, segment.text, segment.style
        column += segment.cell_length


def _ground(rows: list[list[Segment]]) -> str:
    """The colour behind most of it."""
    found: Counter[str] = Counter()
    for row in rows:
        for _, width, _, style in _runs(row):
            found[_colours(style)[1]] += width
    return found.most_common(1)[0][0]


def _backs(row: list[Segment], number: int, ground: str) -> Iterator[str]:
    """Rectangles where something else than the ground is behind."""
    for colour, runs in groupby(_runs(row), lambda run: _colours(run[3])[1]):
        if colour != ground:
            beside = list(runs)
            width = sum(run[1] for run in beside)
            yield (
                f'<rect x="{beside[0][0] * _WIDE}" y="{number * _HIGH}" width="{width * _WIDE}" '
                f'height="{_HIGH}" fill="{colour}"/>'
            )


def _words(row: list[Segment], number: int, classes: dict[str, str]) -> Iterator[str]:
    y = number * _HIGH + 15
    for column, width, text, style in _runs(row):
        words = text.strip(" ")
        if words:
            before = len(text) - len(text.lstrip(" "))
            length = (width - len(text) + len(words)) * _WIDE
            yield (
                f'<text x="{(column + before) * _WIDE}" y="{y}" textLength="{length}" xml:space="preserve" '
                f'class="{classes[_css(style)]}">{escape(words, quote=False)}</text>'
            )


def _colours(style: Style | None) -> tuple[str, str]:
    """Of letters and of what is behind them."""
    found = []
    style = style or Style.null()
    for colour, plain in ((style.color, "#e0e0e0"), (style.bgcolor, "#121212")):
        if colour is None or colour.type is ColorType.DEFAULT:
            found.append(plain)
        else:
            found.append(colour.get_truecolor().hex)
    if style.reverse:
        found.reverse()
    return found[0], found[1]


def _css(style: Style | None) -> str:
    parts = [f"fill: {_colours(style)[0]}"]
    if style is not None:
        parts += ["font-weight: bold"] if style.bold else []
        parts += ["font-style: italic"] if style.italic else []
        parts += ["opacity: 0.6"] if style.dim else []
        parts += ["text-decoration: underline"] if style.underline else []
    return "; ".join(parts)
