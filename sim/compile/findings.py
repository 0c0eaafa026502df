"""What is wrong with a scenario's meaning, collected so that all of it can be said at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

from sim.compile.scope import LoweringError
from sim.scenario.load import PathOf, Scenario
from sim.scenario.salvage import spoken_of
from sim.text import Diagnostic, Diagnostics, Mapping, Place, locate, nearest

T = TypeVar("T")
ItemT = TypeVar("ItemT")
OtherT = TypeVar("OtherT")

MAX_FINDINGS: Final = 500
"""Findings listed before compiling stops: a scenario with more is wrong as a whole."""

MAX_LOOKS: Final = 100_000
"""Names looked at for the nearest to a wrong one, in all."""


class TooManyError(Exception):
    """There is no use in going on."""


class Findings(Diagnostics):
    """Faults by place, one for each: what a rule for many actors gets wrong is said once."""

    __slots__ = ("_doubts", "_hushed", "_looks", "_places", "_scenario")

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self._scenario = scenario
        self._places: set[Place | None] = set()
        self._looks = MAX_LOOKS
        self._hushed: set[str] = set()
        self._doubts: dict[tuple[PathOf, int], tuple[str, str, str] | None] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Take in a finding, unless its place has one already.

        Raises:
            TooManyError: if it is the last that anyone would read.
        """
        if diagnostic.place in self._places or (self._hushed and self._hushed & spoken_of(diagnostic)):
            return
        self._places.add(diagnostic.place)
        super().add(diagnostic)
        if len(self._places) >= MAX_FINDINGS:
            raise TooManyError

    def hush(self) -> None:
        """Say no more of the names found so far: they clash, and more would be beside the point."""
        self._hushed = {name for finding in self for name in spoken_of(finding)}

    @property
    def hushed(self) -> frozenset[str]:
        """Names of which no more is said."""
        return frozenset(self._hushed)

    def fault(self, fault: LoweringError) -> None:
        """Take in a fault of an expression, and those found beside it, at their places in the file."""
        for one in (fault, *fault.also):
            place = self._place(one)
            if place not in self._places:
                self.error(place, one.message, one.expected, one.suggestion, one.code)

    def doubt(
        self, path: PathOf, offset: int, *, doubtful: bool, message: str, advice: str, code: str
    ) -> None:
        """Note whether something is doubtful for who comes by here; it is said if it is so for everyone."""
        known = self._doubts.get((path, offset), ("", "", ""))
        self._doubts[path, offset] = (message, advice, code) if doubtful and known is not None else None

    def doubts(self) -> tuple[Diagnostic, ...]:
        """What is doubtful for everyone who comes by."""
        found = Diagnostics()
        for (path, offset), said in self._doubts.items():
            if said is not None:
                found.warning(self._scenario.value_place(*path, offset=offset), *said)
        return found.warnings

    def _place(self, fault: LoweringError) -> Place:
        if fault.at_key:
            above = locate(self._scenario.root, fault.path[:-1]).node
            if isinstance(above, Mapping) and fault.path[-1] in above:
                return self._scenario.place(*fault.path)
        return self._scenario.value_place(*fault.path, offset=fault.offset)

    def meant(self, name: str, known: Collection[str]) -> str:
        """The nearest of the known names; none once much time has gone into such questions."""
        if self._looks <= 0:
            return ""
        self._looks -= len(known)
        return nearest(name, known) or ""

    def too_large(self, place: Place, expected: str = "") -> None:
        """Note where a scenario grows beyond what can be played, and what would make it smaller."""
        message = "written out, this is more than can be played"
        smaller = expected or "fewer actors, or a narrower 'for'"
        super().add(Diagnostic(place, message, smaller, code="limit"))

    def tried(self, make: Callable[[], T], otherwise: OtherT) -> T | OtherT:
        """What is made; or, if it cannot be, `otherwise`, with the reason noted."""
        try:
            return make()
        except LoweringError as fault:
            self.fault(fault)
            return otherwise

    def each(self, items: Iterable[ItemT], make: Callable[[ItemT], T]) -> list[T]:
        """One of each item; what is wrong with one does not hide what is wrong with the next."""
        made = []
        for item in items:
            try:
                made.append(make(item))
            except LoweringError as fault:
                self.fault(fault)
        return made
