"""A text in a list, which costs little until it comes into sight."""

from __future__ import annotations

from functools import cached_property

from rich.cells import cell_len
from rich.text import Text
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Line(Visual):
    """Of most texts in a list only the height is asked for, which is one where all of it has room.

    Only what is in sight is turned into what Textual draws, and only what is too long is wrapped.
    """

    def __init__(self, text: Text) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text.plain

    @cached_property
    def _content(self) -> Content:
        return Content.from_rich_text(self._text)

    def get_height(self, rules: RulesMap, width: int) -> int:
        plain = self._text.plain
        if "\n" not in plain and "\t" not in plain and cell_len(plain) <= width:
            return 1
        return self._content.get_height(rules, width)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._content.get_optimal_width(rules, container_width)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._content.render_strips(width, height, style, options)
