"""How far promises and threats are believed: what credibility is, and how one test moves it.

Rules K8 to K12 of `docs/adjudication.md`; the arithmetic is that of any belief (K1 to K3, K7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.lower import Lowering
from sim.compile.scope import Scope
from sim.compile.unroll import members_of
from sim.compile.updating import Heard, Prior, updated
from sim.scenario.beliefs import Credibility
from sim.scenario.load import PathOf
from sim.text import Place


@dataclass(frozen=True)
class Taught:
    """What a test teaches of a word: that it is kept (1) or not (0), and with what weight."""

    cause: str
    when: int
    says: float
    times: int
    """How often, and how much of a full lesson each is."""


@dataclass(frozen=True)
class Credit:
    """The credibility of one word (of a party under an article, or of a threat) in the eyes of others."""

    word: str
    """As rows name it: `league.article_1, USA`, or `red_line`."""
    whose: str
    """The actor whose word it is."""
    part: Credibility
    path: PathOf
    """Of the part."""
    place: Place
    audience: frozenset[str] | None = None
    """Who alone can know of it; everybody if None."""


class Credits:
    """Declares and moves what is believed of words."""

    def __init__(self, lowering: Lowering, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._without = without
        self._compose = Composer(lowering)

    def observers(self, credit: Credit) -> tuple[str, ...]:
        """Who believes something of the word, in order of id; what is wrong with `by` is noted."""
        path = (*credit.path, "by")
        named = partial(members_of, self._lowering, credit.part.by, path, {})
        who: tuple[str, ...] = self._lowering.builder.problems.tried(named, ())
        known = who if credit.audience is None else [actor for actor in who if actor in credit.audience]
        return tuple(actor for actor in known if actor != credit.whose)

    def declare(self, credit: Credit) -> None:
        """A mean and a spread for each observer."""
        for observer in self.observers(credit):
            for row, high in (("credibility", 1.0), ("doubt", float("inf"))):
                name = f"{row}[{credit.word}, {observer}]"
                self._lowering.builder.declare(name, "belief", credit.place, low=0.0, high=high)

    def before_play(self, credit: Credit, mean: int | None) -> Iterator[pr.Initial]:
        """What is believed before play; `mean` where the part does not say it."""
        rows = self._lowering.builder.rows
        for observer in self.observers(credit):
            prior = self._prior(credit, observer, mean)
            for row, node in (("credibility", prior.mean), ("doubt", self._compose.above_zero(prior.spread))):
                yield pr.Initial(rows[f"{row}[{credit.word}, {observer}]"], node, credit.place)

    def moved(
        self, credit: Credit, observer: str, mean: int | None, lessons: Sequence[Taught]
    ) -> Iterator[pr.Assignment]:
        """What an observer believes once the tests of a turn are known."""
        c, builder = self._compose, self._lowering.builder
        noise = self._lowering.number(credit.part.noise, self._scope(credit, observer, "noise"))
        self._lowering.positive(noise, "a noise", self._scope(credit, observer, "noise"))
        precision = c.mul(noise, c.above_zero(noise))
        heard = [
            Heard(lesson.cause, lesson.when, c.const(lesson.says), c.div(lesson.times, precision))
            for lesson in lessons
        ]
        names = [f"{row}[{credit.word}, {observer}]" for row in ("credibility", "doubt")]
        found = updated(
            c,
            (c.row(names[0]), c.row(names[1])),
            self._prior(credit, observer, mean),
            heard,
            self._without,
        )
        whose = f"the credibility of {credit.word} in the eyes of {observer}"
        for name, node, pushes in (
            (names[0], found.mean, found.pushes),
            (names[1], found.spread, found.narrowed),
        ):
            yield pr.Assignment(builder.rows[name], node, whose, credit.place, owner=observer, pushes=pushes)

    def _scope(self, credit: Credit, observer: str, key: str) -> Scope:
        return Scope((*credit.path, key), observer)

    def _prior(self, credit: Credit, observer: str, mean: int | None) -> Prior:
        part, c = credit.part, self._compose
        before = Scope(credit.path, observer, mode="initial")
        if part.mean is not None:
            mean = self._lowering.number(part.mean, before.at(*credit.path, "mean"), 0.0, 1.0)
        assert mean is not None
        spread = self._lowering.number(part.spread, before.at(*credit.path, "spread"))
        self._lowering.positive(spread, "a spread", before.at(*credit.path, "spread"))
        half_life = None
        if part.half_life is not None:
            where = self._scope(credit, observer, "half_life")
            half_life = self._lowering.half_life(part.half_life, where)
        return Prior(c.min(c.max(mean, c.const(0.0)), c.const(1.0)), spread, half_life)
