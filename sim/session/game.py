"""A game: a scenario, a seed, a run, and the tree of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.analysis.accounts import Explanation
from sim.compile import Program, compile_scenario
from sim.engine.luck import MAX_RUN
from sim.engine.orders import Order, checked
from sim.engine.policy import Policy
from sim.engine.settings import Setting, fitting
from sim.scenario.doctrines import choose
from sim.session.line import MAIN, Line, Moment
from sim.session.log import FACILITATOR, Entry, standing_orders
from sim.text import FoedusError, nearest, printable, quoted

MAX_TEXT: Final = 2_000
"""Longest name, note or reason that a log keeps; what is longer is cut."""

Saver = Callable[["Game"], None]


class Game:
    """Lines of one scenario, seed and run, and where on them we look.

    Every change is handed to `saver`, so that nothing but an unfinished turn can be lost.

    Args:
        program: the compiled scenario.
        seed: 0 to 2**32 - 1.
        run: number of the run.
        policies: policies written in Python that decide in place of the scenario's own.
        source: the scenario's file, for the session file.

    Raises:
        FoedusError: for initial values that cannot be computed, or policies that do not fit.
        ValueError: for a seed or run out of range.
    """

    def __init__(
        self,
        program: Program,
        seed: int = 0,
        run: int = 0,
        policies: Sequence[Policy | type[Policy]] = (),
        *,
        source: Path | None = None,
    ) -> None:
        if not 0 <= run <= MAX_RUN:
            raise ValueError(f"a run is a whole number from 0 to {MAX_RUN}")
        self.seed = seed
        self.run = run
        self.source = source
        self.base = program
        """The scenario as the game began with it."""
        self.saver: Saver | None = None
        self.lines: dict[str, Line] = {MAIN: Line.first(program, seed, run, policies)}
        """By name, in the order in which they were made."""
        self.line = self.lines[MAIN]
        """The one that is shown."""
        self.turn = 0
        """The turn that is shown."""
        self.seats: tuple[str, ...] = ()
        """Actors that people play, in the order in which they were taken."""

        self.pins: tuple[str, ...] | None = None
        """Indicators and attributes that are shown first; those that the scenario lets lead until a person
        pins otherwise.
        """

    # What is shown

    @property
    def pinned(self) -> tuple[str, ...]:
        """Indicators and attributes that are shown first, in order; only such as there are."""
        outcomes = {outcome.id for outcome in self.program.outcomes}
        lead = (name for name in self.program.lead if name not in outcomes)
        shown = lead if self.pins is None else self.pins
        indicators = {indicator.id for indicator in self.program.indicators}
        rows = self.program.rows
        return tuple(
            name for name in shown if name in indicators or (name in rows and self._is_attribute(name))
        )

    def pin(self, name: str) -> None:
        """Pin an indicator or attribute, or unpin it.

        Raises:
            FoedusError: for what is neither.
        """
        kinds = {found.id for found in self.program.indicators}
        if name not in kinds and not self._is_attribute(name):
            raise FoedusError.at(None, f"{quoted(name)} cannot be pinned", "an indicator or an attribute")
        before = self.pinned
        self.pins = tuple(one for one in before if one != name) if name in before else (*before, name)
        self._changed()

    def _is_attribute(self, name: str) -> bool:
        row = self.program.rows.get(name)
        return row is not None and self.program.variables[row].kind == "attribute"

    @property
    def program(self) -> Program:
        return self.line.program

    @property
    def turns(self) -> int:
        """The last turn that can be played."""
        return self.program.turns

    @property
    def played(self) -> int:
        """The last turn of this line that has been played; at least the one that is shown."""
        return self.line.played

    @property
    def fault(self) -> FoedusError | None:
        """Why this line cannot go on, if it cannot."""
        return self.line.fault

    @property
    def now(self) -> Moment:
        return self.line.moments[self.turn]

    @property
    def past(self) -> Sequence[Moment]:
        """Every moment up to the one that is shown, turn 0 first."""
        return self.line.moments[: self.turn + 1]

    def value(self, row: int) -> float:
        """What a row of the state holds in the turn that is shown."""
        return float(self.now.state.values[row, 0])

    def path(self, row: int, last: int) -> list[float]:
        """What a row held in the `last` turns up to the one that is shown. Of turns before doctrines changed,
        what the row of that name held; nothing where there was none.
        """
        name = self.program.variables[row].name
        found = []
        for turn in range(max(self.turn + 1 - last, 0), self.turn + 1):
            moment = self.line.moments[turn]
            there = moment.program.rows.get(name)
            if there is not None:
                found.append(float(moment.state.values[there, 0]))
        return found

    def _holder(self, turn: int) -> Line:
        """The line whose moment a turn of the line that is shown is: itself, or one that it came from."""
        line = self.line
        while line.origin is not None and turn < line.origin.turn:
            line = self.lines[line.origin.branch]
        return line

    def player(self, turn: int) -> Line:
        """The line in which a turn of the line that is shown was played: itself, or one that it came from."""
        line = self.line
        while line.origin is not None and turn <= line.origin.turn:
            line = self.lines[line.origin.branch]
        return line

    # Time

    def forward(self) -> bool:
        """Show the next turn, playing it if need be. False at the end, or where the world cannot go on."""
        if self.turn == self.played:
            if self.line.finished or self.fault is not None:
                return False
            try:
                self.line.play()
            except FoedusError:
                return False
            self.turn += 1
            self._changed()
            return True
        self.turn += 1
        return True

    def back(self) -> bool:
        """Show the turn before. False at turn 0."""
        if self.turn == 0:
            return False
        self.turn -= 1
        return True

    def travel(self, turn: int) -> Iterator[int]:
        """Go to a turn, giving each turn on the way; it ends early where the world cannot go on.

        Raises:
            FoedusError: for a turn that the clock does not have.
        """
        if not 0 <= turn <= self.turns:
            raise FoedusError.at(None, f"there is no turn {turn}", f"a turn from 0 to {self.turns}")
        while self.turn > turn and self.back():
            yield self.turn
        while self.turn < turn and self.forward():
            yield self.turn

    def seek(self, kinds: Collection[str], *, about: str | None = None) -> Iterator[int]:
        """Go on until a sentence of one of these kinds is told (of one decision or outcome, if it is named),
        giving each turn on the way. At least one turn is played.
        """
        while self.forward():
            yield self.turn
            if any(
                sentence.kind in kinds and about in (None, sentence.about)
                for sentence in self.now.told.sentences
            ):
                return

    # The tree

    def fork(
        self,
        name: str = "",
        *,
        stream: int | None = None,
        doctrines: Mapping[str, str] | None = None,
    ) -> Line:
        """Leave the line that is shown after the turn that is shown, and show the new one.

        Orders and settings that later turns of the line were played with go along, and can be withdrawn: an
        unchanged branch equals its parent.

        Args:
            name: what to call it; without it, the parent's name and a number.
            stream: new luck from here on ("roll again"); the same luck without it.
            doctrines: doctrine by actor, in place of those in force.

        Raises:
            FoedusError: for a name that is taken, or doctrines that are not there.
        """
        name = self._free_name(name)
        program = self._under(doctrines) if doctrines else None
        kept = [entry for entry in self.log() if entry.changes_the_world and entry.turn > self.turn]
        if program is not None:
            kept = [entry for entry in kept if entry.fits(program)]
        parent = self._holder(self.turn)
        line = Line.branched(parent, self.turn, name, log=kept, program=program, stream=stream)
        self.lines[name] = line
        self.line = line
        self._changed()
        return line

    def _free_name(self, name: str) -> str:
        name = _short(name)
        if not name:
            number = 2
            while f"{self.line.name} {number}" in self.lines:
                number += 1
            return f"{self.line.name} {number}"
        if name in self.lines:
            raise FoedusError.at(None, f"there is a branch {quoted(name)} already", "another name")
        return name

    def _under(self, doctrines: Mapping[str, str]) -> Program:
        scenario = self.program.scenario
        assert scenario is not None
        return compile_scenario(choose(scenario, {**dict(self.program.doctrines), **doctrines}))

    def switch(self, name: str) -> None:
        """Show another line, at the turn that is shown or the last one it has.

        Raises:
            FoedusError: for a name that is not there.
        """
        self.line = self._named(name)
        self.turn = min(self.turn, self.line.played)
        self._changed()

    def _named(self, name: str) -> Line:
        if name not in self.lines:
            raise FoedusError.at(
                None,
                f"there is no branch {quoted(name)}",
                "a branch of this game",
                nearest(name, self.lines) or "",
            )
        return self.lines[name]

    def rename(self, name: str) -> None:
        """Call the line that is shown something else.

        Raises:
            FoedusError: for a name that is taken, or none.
        """
        new, old = _short(name), self.line.name
        if new == old:
            return
        if not new:
            raise FoedusError.at(None, "a branch needs a name", "a name")
        new = self._free_name(new)
        self.line.name = new
        for line in self.lines.values():
            if line.origin is not None and line.origin.branch == old:
                line.origin = replace(line.origin, branch=new)
        self.lines = {line.name: line for line in self.lines.values()}
        self._changed()

    # The log

    @property
    def at_the_end(self) -> bool:
        """Whether the turn that is shown is the last one played: only there can the world be changed."""
        return self.turn == self.played

    def log(self) -> tuple[Entry, ...]:
        """Every entry that made the line that is shown what it is, of its ancestors too, in order of turn."""
        found: list[Entry] = list(self.line.log)
        line = self.line
        while line.origin is not None:
            turn = line.origin.turn
            line = self.lines[line.origin.branch]
            found = [entry for entry in line.log if entry.turn <= turn] + found
        return tuple(sorted(found, key=lambda entry: entry.turn))

    def orders(self) -> dict[str, Entry]:
        """Orders that stand for the turn after the one that is shown, by decision."""
        return standing_orders(self.line.log, self.turn + 1)

    def order(self, decision: str, option: str, *, by: str = FACILITATOR, reason: str = "") -> None:
        """Take a decision by hand in the next turn.

        Args:
            decision: its name in the Program, `CHN/handle_pyongyang`.
            option: as in `Order`.
            by: the actor whose seat it is, or the facilitator.
            reason: why, for the log.

        Raises:
            FoedusError: for an order that does not fit, or if the next turn has been played.
        """
        entry = Entry("order", self.turn + 1, decision, option, by=by, reason=_short(reason))
        self._check_open()
        checked(self.program, [entry.order])
        self._enter(entry)

    def order_later(self, order: Order) -> None:
        """Take a decision by hand in a turn that has not been played.

        Raises:
            FoedusError: for an order that does not fit, or if its turn has been played.
        """
        if order.turn <= self.played:
            raise FoedusError.at(None, f"turn {order.turn} has been played", "a later turn")
        checked(self.program, [order])
        self._enter(Entry("order", order.turn, order.name, order.option, reason=_short(order.reason)))

    def withdraw(self, decision: str, *, by: str = FACILITATOR) -> None:
        """Let the policy decide after all. Without an order there is nothing to do.

        Raises:
            FoedusError: if the next turn has been played.
        """
        self._check_open()
        if decision in self.orders():
            self._enter(Entry("withdrawal", self.turn + 1, decision, by=by))

    def set(self, row: str, value: float, *, reason: str = "") -> None:
        """Put a value in place of another, from now on: an inject, or a parameter changed.

        Raises:
            FoedusError: for a row that is not there, is worked out, or cannot hold the value; if the next
                turn has been played; if a branch begins here.
        """
        self._check_open()
        fitting(self.program, [Setting(self.turn, row, value)])
        if any(
            line.origin is not None and (line.origin.branch, line.origin.turn) == (self.line.name, self.turn)
            for line in self.lines.values()
        ):
            raise FoedusError.at(None, "a branch begins after this turn", "a branch of its own: fork first")
        self._enter(Entry("setting", self.turn, row, value=float(value), reason=_short(reason)))

    def set_later(self, setting: Setting) -> None:
        """Put a value in place of another after a turn that has not been followed.

        Raises:
            FoedusError: for a setting that does not fit, or if its turn has been followed.
        """
        if setting.turn < self.played:
            raise FoedusError.at(None, f"turn {setting.turn + 1} has been played", "a later turn")
        fitting(self.program, [setting])
        reason = _short(setting.reason)
        self._enter(Entry("setting", setting.turn, setting.row, value=setting.value, reason=reason))

    def bookmark(self, name: str) -> None:
        """Give the turn that is shown a name."""
        self._enter(Entry("bookmark", self.turn, said=_short(name) or self.now.told.label))

    def note(self, text: str) -> None:
        """Keep a remark on the turn that is shown."""
        if _short(text):
            self._enter(Entry("note", self.turn, said=_short(text)))

    @property
    def bookmarks(self) -> dict[str, int]:
        """Turn by name, of the line that is shown and those that it came from."""
        return {entry.said: entry.turn for entry in self.log() if entry.kind == "bookmark"}

    # Seats

    def seat(self, actor: str) -> None:
        """A person takes an actor.

        Raises:
            FoedusError: for an actor that is not there.
        """
        if actor not in self.program.names:
            near = nearest(actor, self.program.names) or ""
            raise FoedusError.at(None, f"there is no actor {quoted(actor)}", "an actor", near)
        if actor not in self.seats:
            self.seats = (*self.seats, actor)
            self._enter(Entry("seat", self.turn, actor, by=actor))

    def leave(self, actor: str) -> None:
        """The policy takes the actor back."""
        if actor in self.seats:
            self.seats = tuple(other for other in self.seats if other != actor)
            self._enter(Entry("leave", self.turn, actor, by=actor))

    # Questions

    def explained(
        self, *, actor: str | None = None, decision: str | None = None, what_if: bool = True
    ) -> Explanation:
        """Why the turn that is shown went as it did; arguments and errors as in `sim.explain`."""
        line = self.player(self.turn)
        return line.explained(self.turn, actor=actor, decision=decision, what_if=what_if)

    def _check_open(self) -> None:
        if not self.at_the_end:
            raise FoedusError.at(
                None, f"turn {self.turn + 1} has been played", "a branch of its own: fork first"
            )

    def _enter(self, entry: Entry) -> None:
        self.line.enter(entry)
        self._changed()

    def _changed(self) -> None:
        if self.saver is not None:
            self.saver(self)


def _short(text: str) -> str:
    """A text as the log keeps it: on one line, nothing in it that a terminal would obey."""
    return printable(" ".join(text[:MAX_TEXT].split()))[:MAX_TEXT]
