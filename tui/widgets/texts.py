"""Texts with their styles: whether two look alike, and letters one by one put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.text import Text


def alike(one: object, other: object) -> bool:
    """Whether two texts look the same. To rich they are equal whatever the style of the whole."""
    return (
        isinstance(one, Text)
        and isinstance(other, Text)
        and (one.plain, one.style, one.spans) == (other.plain, other.style, other.spans)
    )


def runs(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Letters with their styles: those beside each other in one style together."""
    for style, beside in groupby(cells, lambda cell: cell[1]):
        yield "".join(letter for letter, _ in beside), style
