"""What the parts of the game's screen know of each other."""

from __future__ import annotations

from textual.screen import Screen

from sim import FoedusError, Game
from tui.views.view import View


class Part(Screen[None]):
    """A part of `GameScreen`: some actions. The others do what is only declared here."""

    game: Game
    pace = ""
    """A sign beside the date while the game plays on."""
    sent = ""
    """How far a batch has come that is being played."""
    at_keyboard = ""
    """The actor whose seat has the keyboard, and sees no more than it does; "" for the facilitator."""

    @property
    def view(self) -> View:
        """The view that is shown."""
        raise NotImplementedError

    @property
    def playing(self) -> bool:
        """Whether time goes on by itself."""
        raise NotImplementedError

    def stop_playing(self) -> None:
        """Have time stand still."""
        raise NotImplementedError

    def show(self) -> None:
        """Draw everything as it is now."""
        raise NotImplementedError

    def show_head(self) -> None:
        """Draw the header as it is now."""
        raise NotImplementedError

    def arrived(self) -> None:
        """Draw everything, and play futures: another moment is shown."""
        raise NotImplementedError

    def refuse(self, error: FoedusError) -> None:
        """Say what cannot be done, and why."""
        raise NotImplementedError

    def look_at(self, view: str) -> None:
        """Show another view."""
        raise NotImplementedError

    def weigh(self, decision: str) -> None:
        """Play futures for each option of a decision of the seat, on shared luck, from what it believes."""
        raise NotImplementedError
