"""What all views have in common."""

from __future__ import annotations

from collections.abc import Mapping

from textual.containers import Container
from textual.geometry import Size

from sim import Game
from tui.widgets.border import inside
from tui.widgets.listing import Listing
from tui.widgets.pane import Pane


class View(Container):
    """A part of the screen that fills it, one of several."""

    drawn = -1
    """After how many changes it was drawn last."""
    _sizes: Mapping[Listing | Pane, Size] = {}
    """Of the parts in sight when they were drawn."""

    def show(self, game: Game) -> None:
        """Draw the game as it is now, in the parts that are in sight."""
        self._sizes = self._sizes_now()
        for part in self._sizes:
            part.show(game)

    @property
    def outgrown(self) -> bool:
        """Whether a part has another size than the one that it was drawn for, or was not in sight then."""
        return self._sizes != self._sizes_now()

    def _sizes_now(self) -> dict[Listing | Pane, Size]:
        parts = (*self.query(Listing), *self.query(Pane))
        return {part: inside(part) for part in parts if part.display}

    @property
    def listing(self) -> Listing | None:
        """The list with the cursor, or else the first one."""
        focused = self.screen.focused
        if isinstance(focused, Listing) and self in focused.ancestors:
            return focused
        return next(iter(self.query(Listing)), None)
