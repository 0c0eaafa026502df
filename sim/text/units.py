"""Units: what a quantity is counted in, such as `rounds`, `billion USD per year` or nothing at all.

A unit is a product of powers of words. Every word keeps apart until two units are compared, so that
`thousand rounds` is never taken for `rounds`: they measure the same, and one is a thousand of the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from sim.text.unit_words import MEASURES, SCALES, singular

MAX_POWER: Final = 99


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers; `read_unit` makes one of text."""

    powers: tuple[tuple[str, Fraction], ...] = ()
    """(word, exponent) in order of word, exponents other than 0. Words are singular and in small letters."""
    written: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """How the author writes words that are not measures."""
    text: str = field(default="", compare=False, repr=False)
    """The whole unit as its author writes it; "" for one that was worked out."""

    @classmethod
    def of(cls, powers: Mapping[str, Fraction], written: Mapping[str, str], text: str = "") -> Unit:
        """The product of these powers."""
        return cls(tuple(sorted((word, power) for word, power in powers.items() if power)), written, text)

    @property
    def is_pure(self) -> bool:
        """Whether it is none: that of a pure number. Percent are a unit."""
        return not self.powers

    def __mul__(self, other: Unit) -> Unit:
        if not other.powers or not self.powers:
            return self if self.powers else other
        powers = dict(self.powers)
        for word, power in other.powers:
            powers[word] = powers.get(word, Fraction(0)) + power
        return Unit.of(powers, {**other.written, **self.written})

    def __truediv__(self, other: Unit) -> Unit:
        return self * other ** Fraction(-1) if other.powers else self

    def __pow__(self, exponent: Fraction) -> Unit:
        return Unit.of({word: power * exponent for word, power in self.powers}, self.written)

    def times(self, other: Unit) -> float | None:
        """How many of `other` one of this is: 1,000 for thousand rounds and rounds; None if neither measures
        what the other does.
        """
        if self.powers == other.powers:
            return 1.0
        bases: dict[str, Fraction] = {}
        size = 1.0
        for word, power in (self / other).powers:
            measure = MEASURES.get(word)
            base = word if measure is None else measure.base
            bases[base] = bases.get(base, Fraction(0)) + power
            try:
                size *= 1.0 if measure is None else measure.size ** float(power)
            except OverflowError:  # powers of powers
                return None
        fits = 0.0 < size < math.inf and not any(power for base, power in bases.items() if base)
        return size if fits else None

    def same(self, other: Unit) -> bool:
        """Whether both count in the same."""
        times = self.times(other)
        return times is not None and math.isclose(times, 1.0, rel_tol=1e-9)

    @property
    def counts(self) -> bool:
        """Whether it counts things, such as rounds, and nothing else."""
        return any(self.powers == one.powers for one in self.counted())

    def counted(self) -> Iterator[Unit]:
        """The things that it counts, each as a unit: words that are no measures and no codes such as USD."""
        for word, power in self.powers:
            if power == 1 and word not in MEASURES and not self.written.get(word, word).isupper():
                yield Unit(((word, power),), self.written)

    def __str__(self) -> str:
        """The unit as `read_unit` reads it."""
        if self.text:
            return self.text
        above = _product([(self._named(word, many=True), power) for word, power in self.powers if power > 0])
        return " ".join((*([above] if above else ()), *self._divisors())) or "1"

    def _divisors(self) -> Iterator[str]:
        """A `per` for each; number words go with the first."""
        below = [(word, -power) for word, power in self.powers if power < 0]
        scales = [item for item in below if item[0] in SCALES]
        others = [[item] for item in below if item[0] not in SCALES]
        for group in [[*scales, *(others[0] if others else ())], *others[1:]]:
            if group:
                many = len(group) > 1
                yield "per " + _product([(self._named(word, many=many), power) for word, power in group])

    def _named(self, word: str, *, many: bool) -> str:
        if word in MEASURES:
            return MEASURES[word].plural if many else word
        return self.written.get(word, word) if many else singular(self.written.get(word, word))

    @property
    def words(self) -> str:
        """What a quantity in it is, for a sentence: "a pure number", "rounds", "a number per year"."""
        if not self.powers:
            return "a pure number"
        if all(power < 0 for _, power in self.powers):
            return f"a number {' '.join(self._divisors())}"
        return str(self)

    @property
    def predicate(self) -> str:
        """What is said of something in it: "is a pure number", "is in rounds"."""
        return f"is {self.words}" if self.words.startswith("a ") else f"is in {self.words}"


def _product(powers: Iterable[tuple[str, Fraction]]) -> str:
    """Number words first, without a sign: `thousand rounds*km^2`."""
    scales: list[str] = []
    others: list[str] = []
    for word, power in powers:
        raised = word if power == 1 else f"{word}^{float(power):g}"
        (scales if word in SCALES else others).append(raised)
    return " ".join((*scales, *(["*".join(others)] if others else ())))


PURE: Final = Unit()
"""The unit of a pure number."""
