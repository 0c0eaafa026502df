"""What all views have in common."""

from __future__ import annotations

from textual.containers import Container

from sim import Game
from tui.widgets.listing import Listing
from tui.widgets.pane import Pane


class View(Container):
    """A part of the screen that fills it, one of several."""

    def show(self, game: Game) -> None:
        """Draw the game as it is now."""
        for listing in self.query(Listing):
            listing.show(game)
        for pane in self.query(Pane):
            pane.show(game)

    @property
    def listing(self) -> Listing | None:
        """The list with the cursor, or else the first one."""
        focused = self.screen.focused
        if isinstance(focused, Listing) and self in focused.ancestors:
            return focused
        return next(iter(self.query(Listing)), None)
