"""What all views have in common."""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import Size

from sim import Game
from tui.widgets.listing import Listing
from tui.widgets.pane import Pane


class View(Container):
    """A part of the screen that fills it, one of several."""

    drawn = -1
    """After how many changes it was drawn last."""
    _sizes: tuple[Size, ...] = ()
    """Of its parts when they were drawn."""

    def show(self, game: Game) -> None:
        """Draw the game as it is now."""
        self._sizes = self._sizes_now()
        for listing in self.query(Listing):
            listing.show(game)
        for pane in self.query(Pane):
            pane.show(game)

    @property
    def outgrown(self) -> bool:
        """Whether a part has another size than the one that it was drawn for."""
        return self._sizes != self._sizes_now()

    def _sizes_now(self) -> tuple[Size, ...]:
        return tuple(part.size for part in (*self.query(Listing), *self.query(Pane)))

    @property
    def listing(self) -> Listing | None:
        """The list with the cursor, or else the first one."""
        focused = self.screen.focused
        if isinstance(focused, Listing) and self in focused.ancestors:
            return focused
        return next(iter(self.query(Listing)), None)
