"""The docket of an article: what was claimed, who recognised it, and how it was answered.

The treaty-text lab plays a case under the wording of another treaty, on the same luck, and holds the two
dockets against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.suite import LoadedCase, order_of
from sim.compile import Choice, Program
from sim.compile.compiler import compile_reading
from sim.engine.state import State
from sim.engine.vectors import Truths
from sim.scenario import Scenario
from sim.scenario.case import Case
from sim.scenario.load import read_tree
from sim.scenario.texts import Wording, worded
from sim.text import Mapping

BOOKS: Final = ("honoured", "hedged", "defected", "declined")
_CALL: Final = 1.0

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """How one party answered a call, in numbers of runs."""

    answerer: str
    disputed: int
    """Runs in which the claim was open to dispute."""
    recognised: int
    """Runs in which it was recognised, disputed or not."""
    rungs: Counts
    """Rungs that were chosen, the most frequent first."""
    books: Counts
    """What the answer was: honoured, hedged, defected, declined; those that came about."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """An event of the article in one turn, in numbers of runs."""

    turn: int
    caller: str
    adversary: str
    events: int
    """Runs in which it came about."""
    calls: int
    """Runs in which the victim called."""
    answers: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class BreachLine:
    """A breach of the article in one turn."""

    turn: int
    offender: str
    victim: str
    runs: int


@dataclass(frozen=True, slots=True)
class Docket:
    """All that came of an article over the turns of a play."""

    runs: int
    calls: tuple[CallLine, ...]
    breaches: tuple[BreachLine, ...]

    @property
    def empty(self) -> bool:
        """Whether the article was neither brought about nor broken."""
        return not self.calls and not self.breaches


@dataclass(frozen=True, slots=True)
class Trial:
    """A case under its own wording and under another."""

    case: Case
    own: Docket
    other: Docket

    @property
    def differs(self) -> bool:
        return self.own != self.other


def try_text(loaded: LoadedCase, text: Wording, runs: int = 1) -> Trial:
    """Play a case that has an article under test under the wording of another treaty, on the same luck.

    Raises:
        FoedusError: if the case cannot be worded so, or cannot be played to its end.
    """
    case, article = loaded.case, loaded.case.model.under_test
    assert article is not None
    own = docket(case.scenario, loaded.program, case, runs)
    return Trial(case, own, docket(*reworded(case, article, text), case, runs))


def reworded(case: Case, article: str, text: Wording) -> tuple[Scenario, Program]:
    """The scenario of a case with the words of a treaty in one of its articles, compiled.

    Raises:
        FoedusError: if the scenario cannot be worded so.
    """
    root = case.unworded
    own = Mapping(tuple(entry for entry in root if entry.key not in ("indicators", "outcomes")), root.place)
    return compile_reading(read_tree(worded(own, article, text), case.file))


def docket(scenario: Scenario, program: Program, case: Case, runs: int) -> Docket:
    """Play all turns, and keep what becomes of the article under test.

    Orders on decisions that the scenario, worded as it is, does not have are left out.
    """
    from sim.engine.model import Model  # noqa: PLC0415 - imports Mesa, which takes a second

    orders = [order_of(order) for order in case.model.orders]
    keeper = _Keeper(scenario, program, case.model.under_test or "")
    model = Model(
        program,
        runs,
        seed=case.model.seed,
        orders=[order for order in orders if order.name in program.decisions],
    )
    keeper.observe(model.state)
    model.play(observe=keeper.observe)
    return Docket(runs, tuple(keeper.calls), tuple(keeper.breaches))


class _Keeper:
    """Reads the rows of an article after each turn."""

    def __init__(self, scenario: Scenario, program: Program, article: str) -> None:
        self._program = program
        self._article = article
        self._asks_who_began = _asks_who_began(scenario, article)
        self._before: dict[str, NDArray[np.float64]] = {}
        self.calls: list[CallLine] = []
        self.breaches: list[BreachLine] = []

    def observe(self, state: State) -> None:
        """Keep what the turn brought."""
        if state.turn:
            self.calls += self._called(state)
            self.breaches += self._broken(state)
        counted = (*BOOKS, "violated")
        for name, row in self._program.rows.items():
            if name.partition("[")[0] in counted:
                self._before[name] = state.values[row].copy()

    def _rows(self, table: str) -> Iterator[tuple[str, list[str]]]:
        """Rows of a table about the article, with the actors that they are about."""
        head = f"{table}[{self._article}, "
        for name in sorted(self._program.rows):
            if name.startswith(head) and "@" not in name:
                yield name, name[len(head) : -1].split(", ")

    def _row(self, state: State, name: str) -> NDArray[np.float64]:
        row = self._program.rows.get(name)
        return np.zeros(len(state.runs)) if row is None else state.values[row]

    def _called(self, state: State) -> Iterator[CallLine]:
        for name, (caller, adversary) in self._rows("event"):
            events = self._row(state, name) > 0.0
            if not events.any():
                continue
            chosen = self._row(state, f"chosen[{caller}/{self._article}.call/adversary={adversary}]")
            calls = events & (chosen == _CALL)
            answers = (
                self._answered(state, answerer, caller, adversary, calls)
                for _, (answerer, *pair) in self._rows("given")
                if pair == [caller, adversary] and calls.any()
            )
            yield CallLine(state.turn, caller, adversary, _count(events), _count(calls), tuple(answers))

    def _answered(
        self, state: State, answerer: str, caller: str, adversary: str, calls: Truths
    ) -> AnswerLine:
        bindings = f"adversary={adversary},caller={caller}"
        decision = f"{answerer}/{self._article}.answer/{bindings}"
        choice = self._program.decisions[decision]
        assert isinstance(choice, Choice)
        chosen = self._row(state, f"chosen[{decision}]")
        rungs = {
            option.id: _count(calls & (chosen == index)) for index, option in enumerate(choice.options, 1)
        }
        key = f"{self._article}, {answerer}, {caller}, {adversary}"
        booked = {book: calls & self._grown(state, f"{book}[{key}]") for book in BOOKS}
        believed = self._row(state, f"fired[{answerer}/{self._article}.recognise/{bindings}]") > 0.0
        disputed = calls & (self._disputed(state, caller, adversary) | booked["declined"])
        recognised = calls & (believed | ~disputed)
        return AnswerLine(
            answerer,
            _count(disputed),
            _count(recognised),
            _frequent(rungs),
            _frequent({book: _count(runs) for book, runs in booked.items()}),
        )

    def _disputed(self, state: State, caller: str, adversary: str) -> Truths:
        """Where the claim is open to dispute: both began, or the caller did and the text asks who."""
        by_caller = self._row(state, f"began[{caller}, {adversary}]") > 0.0
        by_both = by_caller & (self._row(state, f"began[{adversary}, {caller}]") > 0.0)
        return by_caller if self._asks_who_began else by_both

    def _grown(self, state: State, name: str) -> Truths:
        return self._row(state, name) > self._before[name]

    def _broken(self, state: State) -> Iterator[BreachLine]:
        for name, (offender, victim) in self._rows("violated"):
            broken = self._grown(state, name)
            if broken.any():
                yield BreachLine(state.turn, offender, victim, _count(broken))


def _asks_who_began(scenario: Scenario, article: str) -> bool:
    commitment, _, name = article.partition(".")
    trigger = scenario.model.commitments[commitment].articles[name].trigger
    attack = None if trigger is None else trigger.armed_attack or trigger.attack_by
    return attack is not None and attack.unprovoked


def _count(runs: Truths) -> int:
    return int(np.count_nonzero(runs))


def _frequent(counts: dict[str, int]) -> Counts:
    """What came about, the most frequent first."""
    return tuple(sorted(((name, n) for name, n in counts.items() if n), key=lambda one: (-one[1], one[0])))
