"""The log: bookmarks, notes, and what is written beside the saved game."""

from __future__ import annotations

from pathlib import Path

from textual import work

from sim import Saving, debrief, write_text
from tui.screens.dialogues import AskScreen
from tui.screens.part import Part


class Keeping(Part):
    """Keeps what people want to find again."""

    @work
    async def do_bookmark(self) -> None:
        label = self.game.now.told.label
        name = await self.app.push_screen_wait(AskScreen("Bookmark", "A name for this turn:", value=label))
        if name is not None:
            self.game.bookmark(name)
            self.show()

    @work
    async def do_note(self) -> None:
        text = await self.app.push_screen_wait(AskScreen("Note", "A remark for the log:"))
        if text:
            self.game.note(text)
            self.show()

    def do_debrief(self) -> None:
        path = self._beside(".md")
        write_text(path, debrief(self.game))
        self.notify(f"written to {path}", markup=False)

    def do_picture(self) -> None:
        path = self._beside(f"-turn-{self.game.turn}.svg")
        write_text(path, self.app.export_screenshot())
        self.notify(f"written to {path}", markup=False)

    def _beside(self, ending: str) -> Path:
        """A file beside the saved game."""
        saver = self.game.saver
        assert isinstance(saver, Saving)
        saver.path.parent.mkdir(parents=True, exist_ok=True)
        return saver.path.with_name(saver.path.name.removesuffix(".session.json") + ending)
