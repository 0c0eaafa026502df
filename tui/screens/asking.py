"""Questions: why, filters, keys."""

from __future__ import annotations

from textual import work

from sim import FoedusError, why_here
from tui.keymap import worded
from tui.screens.dialogues import AskScreen, KeysScreen
from tui.screens.part import Part
from tui.views.seats import KnownPane
from tui.views.why import AnswerPane, QuestionsPane


class Asking(Part):
    """Answers what is asked about what is chosen."""

    def do_why(self) -> None:
        if self.view.id == "seats" and self.query_one(KnownPane).actor:
            said = worded(
                self.app, "A seat does not see behind the world; {view_why} asks as the facilitator."
            )
            self.notify(said, markup=False)
            return
        listing = self.view.listing
        about = "" if listing is None else listing.chosen
        if not about or self.view.id in ("branches", "facts", "seats"):
            about = self.query_one(QuestionsPane).chosen
        if self.view.id != "why":
            self.look_at("why")
        if not about:
            self.notify("Choose a line that says what happened or a number.", markup=False)
            return
        self.query_one(QuestionsPane).choose(about)
        self.ask(about)

    def ask(self, about: str) -> None:
        """Have the explanation worked out, and shown when it is there."""
        pane = self.query_one(AnswerPane)
        pane.waiting = about
        pane.show(self.game)
        self._work_out(about)

    @work(exclusive=True, group="why")
    async def _work_out(self, about: str) -> None:
        pane = self.query_one(AnswerPane)
        try:
            pane.answer = why_here(self.game, about)
        except FoedusError as error:
            self.refuse(error)
        pane.waiting = ""
        pane.show(self.game)
        pane.scroll_home(animate=False)

    @work
    async def do_filter(self) -> None:
        listing = self.view.listing
        if listing is None:
            return
        words = await self.app.push_screen_wait(
            AskScreen("Filter", "Show only lines with these words; none shows all.", value=listing.needle)
        )
        if words is not None:
            listing.needle = words
            listing.show(self.game)
            listing.focus()

    def do_keys(self) -> None:
        self.app.push_screen(KeysScreen())
