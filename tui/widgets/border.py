"""The border of a part of the screen: what stands on it, and how much room it leaves."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


def inside(part: Widget) -> Size:
    """The room within the border; out of sight that which there was when it was in sight."""
    return part.outer_size.region.shrink(part.styles.gutter).size


def entitle(part: Widget, title: str) -> None:
    """Write the title of a part, unless it stands there: writing it draws the whole part again."""
    written = Content(title)
    if part.border_title != written.markup:
        part.border_title = written


def add_below(part: Widget, said: str) -> None:
    """Write what stands at the lower edge of a part, unless it stands there."""
    written = Content(said)
    if (part.border_subtitle or "") != written.markup:
        part.border_subtitle = written
