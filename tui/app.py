"""The application: one world, and the screens to look at it."""

from __future__ import annotations

from textual.app import App

from sim import Program
from tui.screens.situation import SituationScreen
from tui.world import World


class FoedusApp(App[None]):
    """Plays one run of a scenario turn by turn, forward and back.

    Args:
        program: the compiled scenario.
        seed: 0 to 2**32 - 1.
        run: number of the run.

    Raises:
        FoedusError: for initial values that cannot be computed.
        ValueError: for a seed or run out of range.
    """

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(self, program: Program, seed: int = 0, run: int = 0) -> None:
        super().__init__()
        self.world = World(program, seed, run)

    def on_mount(self) -> None:
        self.push_screen(SituationScreen(self.world))
