"""Futures in the background: after every move in time, and for the options of a seat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from textual import work
from textual.worker import get_current_worker

from sim import (
    Against,
    Entry,
    FoedusError,
    Forecaster,
    Futures,
    GivenUpError,
    Line,
    Matter,
    Moment,
    Order,
    Program,
    against,
    among,
    coming_up,
    matters,
)
from tui.screens.dialogues import AskScreen, no_number
from tui.screens.part import Part
from tui.views.branches import ComparePane
from tui.views.seats import AHEAD, RUNS, KnownPane, OptionsPane, Weighed, parted
from tui.widgets.fan import FanPane
from tui.widgets.forecast import ForecastPane

FEWEST: Final = 30
"""Futures in which a decision comes up, below which nothing is told of what its options lead to."""
MOST: Final = 100_000
"""Futures of a branch that can be asked for."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # Textual writes a worker's arguments out
class _Start:
    """What futures start from: two of them give the same futures if they are the same."""

    program: Program
    moment: Moment
    orders: tuple[Entry, ...]
    """Those that stand for later turns."""

    def same(self, other: _Start | None) -> bool:
        return (
            other is not None
            and (self.program is other.program and self.moment is other.moment)
            and self.orders == other.orders
        )


class Forecasting(Part):
    """Plays futures while the screen goes on listening; what nobody waits for any more is given up."""

    processes = 0
    """On which futures are played; none plays them in a thread of this one."""
    futures_wanted = 1_000
    """None for none."""
    _forecaster: Forecaster | None = None
    _making = Lock()
    _left = False
    """Whether the game was left: processes that a thread begins after that would never be ended."""
    _foreseen_from: _Start | None = None
    """What the last forecast starts from, or will: a world, its state, and the orders that stand."""
    _shares: tuple[Program, str, int, dict[str, float]] | None = None
    """Program, branch, turn and shares of the forecast before."""

    def foresee(self, *, again: bool = False) -> bool:
        """Play futures of the moment that is shown; no others are shown any more.

        Args:
            again: also where they are there, or will be once another question is answered.

        Returns:
            Whether they are begun.
        """
        if not self.futures_wanted:
            return False
        line, turn = self.game.line, self.game.turn
        start = _Start(line.program, line.moments[turn], tuple(line.standing(turn)))
        if start.same(self._foreseen_from) and not again:
            if self.view.id == "seats" and not self.foreseeing:
                self.weigh_open()
            return False
        if self._forecaster is not None:
            self._forecaster.give_up()
        self._await(start)
        self._foresee(line, turn, start)
        return True

    def _await(self, start: _Start | None) -> None:
        """Have panes say that futures are being played, of something; with None that there are none."""
        self._foreseen_from = start
        for pane in self.query(ForecastPane):
            pane.futures, pane.waiting = None, start is not None
        for fan in self.query(FanPane):
            fan.futures = None

    def _go_on(self) -> None:
        """Play the futures that were given up for another question."""
        if self.foreseeing:
            self.foresee(again=True)

    @property
    def foreseeing(self) -> bool:
        """Whether the forecast of the moment that is shown is still being played."""
        return any(pane.waiting for pane in self.query(ForecastPane))

    def _forecasts(self, line: Line) -> Forecaster:
        """The processes that wait for this Program. Several threads may ask at once.

        Raises:
            GivenUpError: if the game was left meanwhile.
        """
        with self._making:
            if self._left:
                raise GivenUpError
            if self._forecaster is None or self._forecaster.program is not line.program:
                if self._forecaster is not None:
                    self._forecaster.close()
                self._forecaster = Forecaster(line.program, line.policies, self.processes)
            return self._forecaster

    @work(thread=True, exclusive=True, group="forecast")
    def _foresee(self, line: Line, turn: int, start: _Start) -> None:
        worker = get_current_worker()
        try:
            futures = self._forecasts(line).futures(line, turn, runs=self.futures_wanted)
        except GivenUpError:
            return
        except FoedusError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._unforeseen, error)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._come, futures, line.name, start)

    def _unforeseen(self, error: FoedusError) -> None:
        """There will be no futures, for a reason."""
        self._await(None)
        self.show()
        self.refuse(error)

    def _come(self, futures: Futures, branch: str, start: _Start) -> None:
        """Show them, unless another moment is shown by now."""
        if start.same(self._foreseen_from):
            self._foreseen(futures, branch)

    def _foreseen(self, futures: Futures, branch: str) -> None:
        before = self._shares
        known = before is not None and before[:2] == (futures.program, branch) and before[2] < futures.turn
        shares = {chance.id: chance.share for chance in futures.chances()}
        for pane in self.query(ForecastPane):
            pane.futures, pane.waiting = futures, False
            pane.before = before[3] if known and before is not None else {}
        for fan in self.query(FanPane):
            fan.futures = futures
        self._shares = (futures.program, branch, futures.turn, shares)
        self.show()
        if self.view.id == "seats":
            self.weigh_open()

    def weigh(self, decision: str) -> None:
        """Play futures for each option of a decision of the seat, on shared luck, from what it believes."""
        self._weigh(self.game.line, self.game.turn, self.query_one(KnownPane).actor, (decision,))
        self.notify("Playing futures for each option...", markup=False)

    def weigh_open(self) -> None:
        """Weigh what comes up next turn and is not ordered yet, the decision with the cursor first."""
        actor, game = self.query_one(KnownPane).actor, self.game
        if not self.futures_wanted or actor not in game.program.names or not game.at_the_end:
            return
        pane = self.query_one(OptionsPane)
        ordered = game.orders()
        known = {
            name for name, found in pane.weighed.items() if found.moment is game.now and found.seat == actor
        }
        left = [
            matter.decision
            for matter in matters(game.line, game.turn, actor)
            if matter.comes_up and matter.decision not in known | set(ordered)
        ]
        focus = parted(pane.chosen)[0]
        if left:
            self._weigh(game.line, game.turn, actor, tuple(sorted(left, key=lambda name: name != focus)))

    @work(thread=True, exclusive=True, group="forecast")
    def _weigh(self, line: Line, turn: int, actor: str, decisions: Sequence[str]) -> None:
        worker = get_current_worker()
        runs, moment = min(RUNS, self.futures_wanted), line.moments[turn]
        open_ = {found.decision: found for found in matters(line, turn, actor)}
        try:
            forecasts = self._forecasts(line)

            def futures(*orders: Order, free: str = "") -> Futures:
                return forecasts.futures(
                    line, turn, runs=runs, seat=actor, orders=orders, free=free, last=turn + AHEAD
                )

            ordered = {entry.order.name for entry in line.standing(turn) if entry.turn == turn + 1}
            plain = futures()
            for decision in decisions:
                if decision not in open_:
                    continue
                own = futures(free=decision) if decision in ordered else plain
                weighed = _weigh_options(line, moment, open_[decision], own, futures)
                if worker.is_cancelled:
                    return
                self.app.call_from_thread(self._weighed, weighed)
        except GivenUpError:
            return
        except FoedusError as error:
            self.app.call_from_thread(self.refuse, error)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._go_on)

    def _weighed(self, weighed: Weighed) -> None:
        self.query_one(OptionsPane).weighed[weighed.decision] = weighed
        self.show()

    @work
    async def do_against(self) -> None:
        asked = await self.app.push_screen_wait(
            AskScreen("Against its parent", "How many futures of each?", no_number(MOST), "1000")
        )
        if asked is not None:
            if self._forecaster is not None:
                self._forecaster.give_up()
            self.look_at("branches")
            self.notify("Playing both branches on the same luck; any move in time gives it up.", markup=False)
            self._against(self.game.line, int(asked))

    @work(thread=True, exclusive=True, group="forecast")
    def _against(self, line: Line, runs: int) -> None:
        worker = get_current_worker()
        assert line.origin is not None
        parent, turn = self.game.lines[line.origin.branch], line.origin.turn
        try:
            base = self._forecasts(parent).futures(parent, turn, runs=runs)
            arm = self._forecasts(line).futures(line, turn, runs=runs)
        except GivenUpError:
            return
        except FoedusError as error:
            self.app.call_from_thread(self.refuse, error)
        else:
            if worker.is_cancelled:
                return
            if base.stream == arm.stream:
                self.app.call_from_thread(self._compared, against(line, base, arm))
            else:
                said = "This branch has luck of its own: its futures cannot be paired with its parent's."
                self.app.call_from_thread(self.notify, said, markup=False)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._go_on)

    def _compared(self, found: Against) -> None:
        self.query_one(ComparePane).against = found
        self.show()

    def on_unmount(self) -> None:
        with self._making:
            self._left = True
        if self._forecaster is not None:
            self._forecaster.give_up()
            self._forecaster.close()


def _weigh_options(
    line: Line, moment: Moment, matter: Matter, plain: Futures, futures: Callable[[Order], Futures]
) -> Weighed:
    """Forecasts for the options of a matter, from where `plain` starts.

    What somebody else must bring about is told of the futures in which it comes up: in the others an order
    for it changes nothing, and would hide what it does.
    """
    actor, _, name = matter.decision.partition("/")
    turn = plain.turn
    case = coming_up(line, turn, actor, matter.decision, plain.runs) if matter.when else None
    told, known = _of_which(matter.when, case)
    options = matter.options if known else ()
    found = {option.id: futures(Order(turn + 1, actor, name, option.id)) for option in options}
    if known and case is not None:
        plain, found = among(plain, case), {option: among(under, case) for option, under in found.items()}
    return Weighed(moment, actor, matter.decision, found, plain, told)


def _of_which(when: str, case: NDArray[np.bool_] | None) -> tuple[str, bool]:
    """Of which futures a matter is told, and whether there are enough of them to tell anything."""
    if not when:
        return "", True
    if case is None:
        return "told of all futures, whether or not it comes up", True
    came, runs = int(case.sum()), len(case)
    if came < FEWEST:
        return f"comes up in {came} of {runs} futures: too few to tell what hinges on it", False
    return f"comes up in {came} of {runs} futures; told of these", True
