"""The screen of a game: a header, one of several views, a footer, and what every action does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import ContentSwitcher, OptionList, Static

from sim import FoedusError, Game
from tui.actions import BY_ID, Action, bindings
from tui.keymap import worded
from tui.screens.asking import Asking
from tui.screens.forecasting import Forecasting
from tui.screens.keeping import Keeping
from tui.screens.seating import Seating
from tui.screens.sending import SendingPart
from tui.screens.travelling import Travelling
from tui.views.branches import BranchesView, TreePane
from tui.views.facts import FactsView
from tui.views.forecast import ForecastView
from tui.views.map import LinksPane, MapView
from tui.views.seats import OptionsPane, SeatsView
from tui.views.situation import SituationView
from tui.views.view import View
from tui.views.why import WhyView
from tui.widgets.footer import KeysLine
from tui.widgets.header import HeaderLine
from tui.widgets.told import LogPane, TurnPane

LEAST_WIDTH: Final = 80
LEAST_HEIGHT: Final = 24
WIDE: Final = 110
"""From this width on there is room for all panes of the situation."""


class GameScreen(Seating, Travelling, Asking, Forecasting, SendingPart, Keeping):
    """Shows a game and does what people ask of it. What each action does stands in the classes above."""

    # Textual declares these two for instances.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LEAST_HEIGHT, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(),
        Binding("escape", "back_out", "Back out", show=False),
    ]

    focused = Reactive[Widget | None](None, repaint=False)
    """The part with the cursor. To Textual the whole screen is to be painted again when it changes."""

    def __init__(self, game: Game) -> None:
        super().__init__()
        self.game = game
        self._changes = 0
        """How often something has changed that is drawn."""

    def compose(self) -> ComposeResult:
        yield HeaderLine()
        with ContentSwitcher(initial="situation", id="views"):
            yield SituationView(id="situation")
            yield WhyView(id="why")
            yield ForecastView(id="forecast")
            yield SeatsView(id="seats")
            yield BranchesView(id="branches")
            yield FactsView(id="facts")
            yield MapView(id="map")
        yield Static(id="small", markup=False)
        yield KeysLine()

    def on_mount(self) -> None:
        self.screen_layout_refresh_signal.subscribe(self, self._fit)
        self.query_one(TurnPane).focus()
        self.query_one(SeatsView).sit(next(iter(self.game.seats), ""))
        self.arrived()

    def on_resize(self, event: Resize) -> None:
        self.query_one("#small", Static).update(
            f"foedus needs a terminal of at least {LEAST_WIDTH} by {LEAST_HEIGHT};\n"
            f"this one is {event.size.width} by {event.size.height}. Please make it larger."
        )

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self.query_one(f"#{self.query_one(ContentSwitcher).current}", View)

    def show(self) -> None:
        """Draw everything as it is now: something has changed, also for the views that are not shown."""
        self._changes += 1
        self._draw()

    def _draw(self) -> None:
        self.show_head()
        self.view.show(self.game)
        self.view.drawn = self._changes

    def _fit(self, _: Screen[Any]) -> None:
        """Draw everything again, if a part has come into sight or to another size: now it knows its room."""
        if self.view.outgrown:
            self._draw()

    def show_head(self) -> None:
        """Draw the header as it is now."""
        for header in self.query(HeaderLine):  # none once the game was left
            header.show(self.game, f"{self.sent} {self.pace}".strip(), self.at_keyboard)

    def arrived(self) -> None:
        """Another moment is shown."""
        self.foresee()  # first, for the screen says that futures are being played
        self.show()

    def refuse(self, error: FoedusError) -> None:
        """Say what cannot be done, and why."""
        self.notify(str(error), severity="error", markup=False)

    def attempt(self, done: Iterable[object] | None = None) -> None:
        """Draw what came of something; for what is done in steps, after the last one."""
        for _ in done or ():
            pass
        self.arrived()

    # Actions

    async def action_do(self, id_: str) -> None:
        """Do what a key, the palette or a click asks for, or say why not."""
        action = BY_ID[id_]
        reason = self._locked(action) or action.refusal(self.game)
        if reason:
            self.notify(worded(self.app, reason), severity="warning", markup=False)
            return
        try:
            done = getattr(self, f"do_{id_}")()
            if asyncio.iscoroutine(done):
                await done
        except FoedusError as error:
            self.refuse(error)

    def _locked(self, action: Action) -> str:
        """Why a seat at the keyboard cannot do something, or ""."""
        if not self.at_keyboard or action.seats:
            return ""
        return f"{self.at_keyboard} is at the keyboard: {{give_back}} gives it back to the facilitator."

    async def action_back_out(self) -> None:
        """Out of the innermost thing: playing, a large pane, a filter, another view."""
        listing = self.view.listing
        if self.playing:
            self.stop_playing()
        elif self.maximized is not None:
            self.minimize()
        elif listing is not None and listing.needle:
            listing.needle = ""
            listing.show(self.game)
        elif self.view.id != "situation":
            await self.action_do("view_situation")

    def look_at(self, view: str) -> None:
        """Show another view, as it is now."""
        self._changes += 1
        self._turn_to(view)

    def _turn_to(self, view: str) -> None:
        """Show another view, which need not be drawn again if nothing has changed."""
        if self.maximized is not None:
            self.minimize()
        self.query_one(ContentSwitcher).current = view
        listing = self.view.listing
        if listing is not None and not listing.has_focus:
            listing.focus()
        if self.foresee():
            self._changes += 1
        if self.view.drawn != self._changes:
            self._draw()

    def do_view_situation(self) -> None:
        self._turn_to("situation")

    def do_view_why(self) -> None:
        self._turn_to("why")

    def do_view_forecast(self) -> None:
        self._turn_to("forecast")

    def do_view_seats(self) -> None:
        self._turn_to("seats")

    def do_view_branches(self) -> None:
        self._turn_to("branches")

    def do_view_facts(self) -> None:
        self._turn_to("facts")

    def do_view_map(self) -> None:
        self._turn_to("map")

    def do_pin(self) -> None:
        """What is chosen, if it can be pinned."""
        listing = self.view.listing
        if listing is None or not listing.chosen:
            self.notify("Choose an indicator or an attribute to pin.", markup=False)
            return
        self.game.pin(listing.chosen)
        self.show()

    def do_verbose(self) -> None:
        pane = self.query_one(TurnPane)
        pane.verbose = not pane.verbose
        pane.show(self.game)

    def do_log(self) -> None:
        self._turn_to("situation")
        self.view.toggle_class("-log")
        self.query_one(LogPane if self.view.has_class("-log") else TurnPane).focus()

    def do_more_panes(self) -> None:
        self._turn_to("situation")
        if self.has_class("-narrow"):
            self.view.toggle_class("-more")

    def do_zoom(self) -> None:
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused)

    def do_quit(self) -> None:
        self.app.exit()

    @on(OptionList.OptionSelected)
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click, on a line."""
        listing = event.option_list
        if isinstance(listing, OptionsPane):
            self.give_order(listing.chosen)
        elif isinstance(listing, TreePane):
            self.show_branch(listing.chosen)
        elif listing.id == "facts-list" or (isinstance(listing, LinksPane) and not listing.asks):
            return
        else:
            await self.action_do("why")
