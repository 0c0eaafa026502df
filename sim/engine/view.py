"""What a policy written in Python sees: one decision, and the world as the actor who takes it perceives it.

Everything is read in the language of scenarios, so that no rule about what may be seen has to be kept twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.compile.reader import Reader
from sim.engine import luck
from sim.engine.evaluate import Evaluator
from sim.engine.vectors import Floats, Truths
from sim.text import FoedusError, nearest, quoted

Ints = NDArray[np.int64]

CODE: Final = "policy"
"""Of every finding about a policy written in Python."""


class Reading:
    """What the policies of one stage read: every expression worked out once, on the stage's frozen state."""

    def __init__(self, reader: Reader, ev: Evaluator) -> None:
        self._reader = reader
        self._stage = ev
        self._ev = ev
        self._values: dict[int, NDArray[Any]] = {}

    def value(self, text: str, decision: pr.Decision, asked: Truths) -> NDArray[Any]:
        """An expression's value in a decision, shape `(runs,)`, read-only.

        Raises:
            FoedusError: for what cannot be read, or not be worked out in a run in which it is asked.
        """
        found = self._reader.ask(text, decision)
        if self._ev.program is not self._reader.program:
            # There are new nodes; what was worked out before costs little to work out again.
            self._ev = Evaluator(self._reader.program, self._stage.state, self._stage.turn)
        value = self._ev.used(found.node, asked, "it", None)
        if found.node not in self._values:
            self._values[found.node] = read_only(value, asked.shape)
        return self._values[found.node]


class View:
    """A decision that is to be taken, and what its actor perceives, in every run of the ensemble.

    Arrays are read-only, with one entry for each run in the last dimension, in an order that means nothing.
    `view["EXPRESSION"]` is what an expression of the scenario's language would be worth in a policy of the
    actor: attributes and relations (as perceived, where the actor perceives them), attributes of the world,
    parameters, definitions, `elapsed`, `lag`, `happened`, `times`, `recent`, `holds` and whatever is made of
    them. All of it stands as it did before anyone decided.
    """

    __slots__ = (
        "_address",
        "_asked",
        "_available",
        "_decision",
        "_dt",
        "_ev",
        "_number",
        "_open",
        "_reading",
        "_takes",
        "_utilities",
    )

    def __init__(
        self,
        decision: pr.Decision,
        ev: Evaluator,
        dt: float,
        asked: Truths,
        *,
        reading: Reading,
        address: Callable[[str], int],
        takes: int = 1,
        number: int = 1,
    ) -> None:
        self._decision = decision
        self._ev = ev
        self._dt = dt
        self._asked = read_only(asked, asked.shape)
        self._reading = reading
        self._address = address
        self._takes = takes
        self._number = number
        self._available: Truths | None = None
        self._utilities: Floats | None = None
        self._open = True

    # Who decides what, and when

    @property
    def actor(self) -> str:
        """Id of the actor who decides."""
        return self._decision.owner

    @property
    def decision(self) -> str:
        """The decision's name without the actor: `answer`, or `probe/x=HARE` for one with `for`."""
        return self._decision.name.split("/", 1)[1]

    @property
    def bindings(self) -> Mapping[str, str]:
        """Ids of the actors that the names of its `for` stand for."""
        return dict(self._decision.bindings)

    @property
    def turn(self) -> int:
        """The turn that is played, from 1."""
        return self._ev.turn

    @property
    def label(self) -> str:
        """The turn as people call it: `July 2024`."""
        return self._ev.program.clock.label(self.turn)

    @property
    def date(self) -> date:
        """The turn's first day."""
        return self._ev.program.clock.dates[self.turn - 1]

    @property
    def dt(self) -> float:
        """Length of the turn in years."""
        return self._dt

    @property
    def elapsed(self) -> float:
        """Years from the start of the scenario to the turn's first day."""
        return self._ev.elapsed

    @property
    def round(self) -> int:
        """The crisis round of the turn, from 1; outside of crises there is one."""
        return self._number

    @property
    def size(self) -> int:
        """Number of runs that are decided together."""
        return int(self._asked.shape[0])

    @property
    def asked(self) -> Truths:
        """In which runs the decision comes up: its gate is open and it is due. Shape `(runs,)`."""
        return self._asked

    # What the actor perceives

    def __getitem__(self, expression: str) -> NDArray[Any]:
        """The value of an expression: numbers, or truth values for a condition. Shape `(runs,)`.

        Raises:
            FoedusError: for what a policy of the actor could not read, or what cannot be worked out in a run
                in which the decision comes up.
        """
        self._still_open()
        if not isinstance(expression, str):
            raise refused(
                f"asks for {quoted(repr(expression))} as {self.actor}",
                "an expression in quotes, such as 'tension[self, KOR]'",
            )
        try:
            return self._reading.value(expression, self._decision, self._asked)
        except FoedusError as error:
            raise self._unreadable(expression, error) from None

    def uniform(self, purpose: str) -> Floats:
        """Luck of the policy's own: numbers evenly spread over the open interval (0, 1), shape `(runs,)`.

        Its address is `ACTOR/id of the policy//purpose`, with the run and the turn (in a crisis, and the
        round). The same purpose gives the same numbers however often it is asked for, and in whichever
        decision of the actor; another purpose gives others, independent of them.

        Raises:
            FoedusError: for a purpose that cannot stand in an address.
        """
        self._still_open()
        key = self._address(purpose)
        state = self._ev.state
        drawn = luck.uniform(state.seed, state.stream, state.lanes, self.turn, key)
        return read_only(drawn, self._asked.shape)

    # A choice

    @property
    def options(self) -> tuple[str, ...]:
        """Ids of the choice's options, in order."""
        return tuple(option.id for option in self._choice("options").options)

    def option(self, name: str) -> int:
        """The place of an option in `options`.

        Raises:
            FoedusError: if the choice has none of that name.
        """
        options = self.options
        if name not in options:
            raise refused(
                f"asks for an option {quoted(str(name))}, which {self._decision.name} has not",
                f"one of {', '.join(options)}",
                nearest(str(name), options) or "",
            )
        return options.index(name)

    @property
    def available(self) -> Truths:
        """Which options can be chosen: the choice comes up and the option's own `when` holds. Shape
        `(options, runs)`.
        """
        choice = self._choice("available")
        if self._available is None:
            self._available = self._stacked(self._availabilities(choice), np.bool_)
        return self._available

    @property
    def utilities(self) -> Floats:
        """What the scenario's own policy would think each option worth, without status-quo bias and luck;
        minus infinity where the option is not available. Shape `(options, runs)`.

        Raises:
            FoedusError: if one cannot be computed where its option is available.
        """
        choice = self._choice("utilities")
        if self._utilities is None:
            self._utilities = self._stacked(self._worths(choice), np.float64)
        return self._utilities

    @property
    def temperature(self) -> Floats:
        """What the luck of an option, a standard Gumbel number, is multiplied by. Shape `(runs,)`."""
        choice = self._choice("temperature")
        value = self._ev.used(choice.temperature, self._asked, choice.name, choice.place)
        return read_only(value, self._asked.shape)

    @property
    def standing(self) -> Ints:
        """The place in `options` of the one that stands, -1 where none does. Shape `(runs,)`."""
        row = self._choice("standing").standing
        return read_only(self._ev.state.values[row].astype(np.int64) - 1, self._asked.shape)

    @property
    def takes(self) -> int:
        """How often the choice is taken this turn, each time with luck of its own; 1 as a rule."""
        self._choice("takes")
        return self._takes

    def _availabilities(self, choice: pr.Choice) -> list[Any]:
        return [
            self._asked & self._ev.condition(option.gate, self._asked, choice.name, option.place)
            for option in choice.options
        ]

    def _worths(self, choice: pr.Choice) -> list[Any]:
        return [
            np.where(here, self._ev.used(option.utility, here, choice.name, option.place), -np.inf)
            for option, here in zip(choice.options, self.available, strict=True)
        ]

    def _stacked(self, rows: list[Any], kind: Any) -> NDArray[Any]:
        shape = (len(rows), *self._asked.shape)
        table = np.empty(shape, dtype=kind)
        for index, row in enumerate(rows):
            table[index] = row
        return read_only(table, shape)

    # A rule

    @property
    def kind(self) -> str:
        """`choice`, or what triggers a rule: `chance`, `count`, `probability`, `cadence` (it fires whenever
        it is due) or `once` (it fires when its gate is open).
        """
        return "choice" if isinstance(self._decision, pr.Choice) else self._decision.kind

    @property
    def rate(self) -> Floats:
        """What the scenario says of a `chance` or `count`: its rate or mean, a year. Shape `(runs,)`.

        Raises:
            FoedusError: if it cannot be computed where the rule comes up; for a rule without one.
        """
        return self._stated("rate", ("chance", "count"))

    @property
    def probability(self) -> Floats:
        """What the scenario says of a rule of the kind `probability`, such as how likely an ally is to
        recognise a disputed claim. Shape `(runs,)`.

        Raises:
            FoedusError: as `rate`.
        """
        return self._stated("probability", ("probability",))

    def _stated(self, what: str, kinds: tuple[str, ...]) -> Floats:
        self._still_open()
        rule = self._decision
        if isinstance(rule, pr.Choice) or rule.rate is None or rule.kind not in kinds:
            is_a = "choice" if isinstance(rule, pr.Choice) else f"rule of the kind {rule.kind}"
            raise refused(
                f"asks for the {what} of {rule.name}, which is a {is_a}",
                f"one of the kind {' or '.join(kinds)}",
            )
        value = self._ev.used(rule.rate, self._asked, rule.name, rule.place)
        return read_only(np.where(self._asked, value, 0.0), self._asked.shape)

    # Shared

    def close(self) -> None:
        """End the view: what is asked of it later would be of another time."""
        self._open = False

    def _choice(self, what: str) -> pr.Choice:
        self._still_open()
        if not isinstance(self._decision, pr.Choice):
            raise refused(f"asks for the {what} of {self._decision.name}, which is a rule", "a choice")
        return self._decision

    def _still_open(self) -> None:
        if not self._open:
            raise refused("asks a view whose decision is over", "the view that it is given, while it decides")

    def _unreadable(self, expression: str, error: FoedusError) -> FoedusError:
        found = error.diagnostics[0]
        whose = f"{quoted(expression)} as {self.actor}"
        return refused(f"asks for {whose}: {found.message}", found.expected, found.suggestion)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # how Python itself finds out what an object can do
            raise AttributeError(name)
        known = [known for known in dir(type(self)) if not known.startswith("_") and known != "close"]
        raise refused(
            f"asks its view for {quoted(name)} as {self.actor}",
            "view['EXPRESSION'], for what the actor perceives, or one of " + ", ".join(known),
            nearest(name, known) or "",
        )


def refused(what: str, expected: str = "", suggestion: str = "") -> FoedusError:
    """A finding about a policy; whoever asked the policy says which one it was, and where."""
    return FoedusError.at(None, what, expected, suggestion, CODE)


def read_only(values: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """A copy of values, repeated to a shape, that cannot be written to."""
    copy = np.array(np.broadcast_to(values, shape))
    copy.flags.writeable = False
    return copy
