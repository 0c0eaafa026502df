"""The application: one world, and the screens to look at it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from sim import Policy, Program
from tui.screens.situation import SituationScreen
from tui.world import World


class FoedusApp(App[None]):
    """Plays one run of a scenario turn by turn, forward and back.

    Args:
        program: the compiled scenario.
        seed: 0 to 2**32 - 1.
        run: number of the run.
        policies: policies written in Python that decide in place of the scenario's own.

    Raises:
        FoedusError: for initial values that cannot be computed, or policies that do not fit.
        ValueError: for a seed or run out of range.
    """

    TITLE = "foedus"
    CSS_PATH = "foedus.tcss"

    def __init__(
        self, program: Program, seed: int = 0, run: int = 0, policies: Sequence[Policy] = ()
    ) -> None:
        super().__init__()
        self.world = World(program, seed, run, policies)

    def on_mount(self) -> None:
        self.push_screen(SituationScreen(self.world))
