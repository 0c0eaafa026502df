"""Branches sent to the batch: many runs of one, played into a directory while the game goes on."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Final

from textual import work

from sim import FoedusError, GivenUpError, Sending, free_directory, printable, send, sending
from tui.keymap import worded
from tui.screens.dialogues import LONG, AskScreen, no_number
from tui.screens.part import Part

FOLDER: Final = Path("runs")
"""Where batches are written."""
RUNS: Final = 10_000
MOST: Final = 10_000_000
"""Runs that can be asked for here."""


class SendingPart(Part):
    """Plays one batch at a time; another key gives it up, and so does leaving the game."""

    processes: int
    _given_up: Event | None = None
    """Of the batch that is being played: whether nobody wants it any more."""

    @work
    async def do_send(self) -> None:
        if self._given_up is not None:
            said = worded(self.app, "A batch is being played already; {stop_sending} gives it up.")
            self.notify(said, severity="warning", markup=False)
            return
        what = sending(self.game)
        asked = await self.app.push_screen_wait(
            AskScreen("To the batch", _question(what), no_number(MOST), str(RUNS))
        )
        if asked is None or self._given_up is not None:
            return
        self._given_up = Event()
        self._told(0, int(asked))
        self._send(what, int(asked), free_directory(FOLDER, what), self._given_up)

    def do_stop_sending(self) -> None:
        if self._given_up is None:
            said = worded(self.app, "No batch is being played; {send} sends a branch to it.")
            self.notify(said, markup=False)
        else:
            self._given_up.set()
            self.notify("The batch is given up; nothing of it is kept.", markup=False)

    @work(thread=True, group="batch")
    def _send(self, what: Sending, runs: int, directory: Path, given_up: Event) -> None:
        def progress(done: int) -> None:
            if given_up.is_set():
                raise GivenUpError
            self.app.call_from_thread(self._told, done, runs)

        try:
            send(what, runs, directory, workers=max(self.processes, 1), progress=progress)
        except GivenUpError:
            found: str | FoedusError = ""
        except FoedusError as error:
            found = error
        else:
            told = "1 run of {} is in {}" if runs == 1 else f"{runs:,} runs of {{}} are in {{}}"
            found = told.format(printable(what.branch), directory)
        if self.is_attached:
            self.app.call_from_thread(self._sent, found)

    def _told(self, done: int, runs: int) -> None:
        """Say how far it has come."""
        self.sent = worded(self.app, f"batch {done:,}/{runs:,} ({{stop_sending}} gives up)")
        self.show_head()

    def _sent(self, found: str | FoedusError) -> None:
        """It is done, or failed, or nobody wants it."""
        self._given_up, self.sent = None, ""
        self.show_head()
        if isinstance(found, FoedusError):
            self.refuse(found)
        elif found:
            self.notify(found, timeout=LONG, markup=False)

    def on_unmount(self) -> None:
        if self._given_up is not None:
            self._given_up.set()


def _question(what: Sending) -> str:
    """How many runs, of what, and what does not go along."""
    hand = [
        f"{len(found)} {one if len(found) == 1 else several}"
        for one, several, found in (
            ("order", "orders", what.orders),
            ("value set by hand", "values set by hand", what.settings),
        )
        if found
    ]
    along = f", with {' and '.join(hand)} in every run" if hand else ""
    said = [f"How many runs of {printable(what.branch)} from turn 0{along}?"]
    if what.left_out:
        said += ["", "What does not go along:", *(f"- {printable(one)}" for one in what.left_out)]
    return "\n".join(said)
