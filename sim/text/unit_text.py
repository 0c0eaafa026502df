"""Units read from text: `rounds`, `thousand persons`, `USD/year`, `per year`, `percent of GDP`, `km^2`, `1`.

A unit is a product (`*`), divided by what follows each `per` or `/`. In a product a number word may stand
before a unit (`billion USD`), and several plain words are one unit (`artillery shells`). What follows `of`
tells the reader of what, and is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal, NoReturn

from sim.text.diagnostics import quoted
from sim.text.nearest import nearest
from sim.text.unit_words import INSTEAD, MEASURES, PERIODS, PLAIN, SCALES, singular
from sim.text.units import MAX_POWER, Unit

MAX_LENGTH: Final = 100
_EXAMPLES: Final = "a unit such as rounds, billion USD per year or percent"
_TOKEN: Final = re.compile(
    r"(?P<per>/|per\b)"
    r"|(?P<power>(?:\^|\*\*)\s*(?P<exponent>-?[0-9]+(?:\.[0-9]+)?)|[\u00b2\u00b3])"
    r"|(?P<times>[*\u00b7\u00d7])"
    r"|(?P<one>1(?![0-9.,]))"
    r"|(?P<word>%|[^\W\d_\u00b2\u00b3](?:[^\W_\u00b2\u00b3]|['\u2019_.-](?=[^\W_]))*)",
    re.IGNORECASE,
)
_MONEY: Final = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "JPY"}
_SUPERSCRIPTS: Final = {"\u00b2": "2", "\u00b3": "3"}
_ARTICLES: Final = frozenset({"a", "an", "each", "every"})
_SHORTEST: Final = 4
"""Letters of a word that is taken for a slip: shorter ones are near to too many."""


class UnitError(ValueError):
    """Text that is no unit; `offset` counts characters from its start."""

    def __init__(
        self, message: str, expected: str = _EXAMPLES, suggestion: str = "", offset: int = 0
    ) -> None:
        super().__init__(message)
        self.message, self.expected, self.suggestion, self.offset = message, expected, suggestion, offset


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["per", "power", "times", "one", "word"]
    text: str
    offset: int


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit:
    """The unit that a text names.

    Raises:
        UnitError: if it names none.
    """
    if len(text) > MAX_LENGTH:
        raise UnitError(f"the unit has {len(text):,} characters", f"at most {MAX_LENGTH}")
    tokens = list(_tokens(text))
    if not tokens:
        raise UnitError("the unit is empty", "a unit such as rounds, or no key: a pure number has none")
    return _Reader(text, tokens).unit()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            _refuse_sign(text, position)
        kind, found = match.lastgroup, match[0]
        if match["power"]:
            kind, found = "power", match["exponent"] or _SUPERSCRIPTS[found]
        elif kind == "per" and (cent := re.compile(r"\s*cent\b", re.IGNORECASE).match(text, match.end())):
            kind, found, match = "word", "percent", cent
        elif found == "%":
            found = "percent"
        yield _Token(kind, found, position)  # type: ignore[arg-type]
        position = match.end()


def _refuse_sign(text: str, position: int) -> NoReturn:
    sign = text[position]
    if sign in _MONEY:
        raise UnitError(
            f"{quoted(sign)} is the sign of several currencies", "a currency's code", _MONEY[sign], position
        )
    if sign.isdigit():
        number = re.compile(r"[0-9.,]+").match(text, position)
        shown = number[0] if number else sign
        raise UnitError(
            f"the number {quoted(shown)} is no unit",
            f"words alone, such as {', '.join(SCALES)}",
            "",
            position,
        )
    if sign == "^":
        raise UnitError("a power is a number", "one such as in km^2", "", position)
    if sign in "()":
        raise UnitError(
            "a unit has no brackets", "'per' before each divisor: USD per month per person", "", position
        )
    raise UnitError(f"{quoted(sign)} is no part of a unit", _EXAMPLES, "", position)


class _Reader:
    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._next = 0
        self._powers: dict[str, Fraction] = {}
        self._written: dict[str, str] = {}

    def unit(self) -> Unit:
        """Products, divided one by one."""
        sign = Fraction(1)
        if self._peek("per"):
            self._take()
            sign = Fraction(-1)
        while True:
            self._factor(sign)
            while self._peek("times"):
                self._take()
                self._factor(sign)
            if self._next == len(self._tokens):
                return Unit.of(self._powers, self._written, " ".join(self._text.split()))
            if not self._peek("per"):
                token = self._tokens[self._next]
                raise UnitError(f"{quoted(token.text)} does not fit here", _EXAMPLES, "", token.offset)
            self._take()
            sign = Fraction(-1)

    def _peek(self, kind: str) -> bool:
        return self._next < len(self._tokens) and self._tokens[self._next].kind == kind

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _factor(self, sign: Fraction) -> None:
        """`1`, or number words and then a unit, each with its power."""
        if self._peek("one"):
            self._take()
            return
        first = self._next
        while self._peek("word") and self._tokens[self._next].text.casefold() in SCALES:
            self._add(self._take().text, sign * self._power())
        words = self._words()
        if words:
            self._unit(words, sign, self._power())
        elif first == self._next:
            offset = self._tokens[first].offset if first < len(self._tokens) else len(self._text)
            raise UnitError("a word is missing here", _EXAMPLES, "", offset)

    def _power(self) -> Fraction:
        if not self._peek("power"):
            return Fraction(1)
        token = self._take()
        power = Fraction(token.text)
        if abs(power) > MAX_POWER:
            raise UnitError(
                f"the power {quoted(token.text)} is beyond any unit", f"at most {MAX_POWER}", "", token.offset
            )
        return power

    def _words(self) -> list[_Token]:
        """Words that belong together, without what follows `of`."""
        words = []
        while self._peek("word"):
            words.append(self._take())
        of = next((index for index, word in enumerate(words) if word.text.casefold() == "of"), None)
        if of is not None and not 0 < of < len(words) - 1:
            raise UnitError("'of' stands between words", "words such as percent of GDP", "", words[of].offset)
        return words[:of]

    def _add(self, word: str, power: Fraction) -> None:
        name = singular(word).casefold()
        self._powers[name] = self._powers.get(name, Fraction(0)) + power
        self._written.setdefault(name, word)

    def _unit(self, words: list[_Token], sign: Fraction, power: Fraction) -> None:
        """One word, or several that are one unit."""
        names = [singular(word.text).casefold() for word in words]
        for word, name in zip(words, names, strict=True):
            self._refuse_other_word(word, name, last=word is words[-1])
        if len(words) > 1:
            self._refuse_mixed(words, names)
        elif names[0] in PLAIN:
            return
        elif sign < 0 and names[0] not in MEASURES:
            _refuse_slip(words[0], names[0], PERIODS)
        self._add(" ".join(word.text for word in words), sign * power)

    def _refuse_other_word(self, word: _Token, name: str, *, last: bool) -> None:
        meant = INSTEAD.get(word.text.casefold()) or INSTEAD.get(name)
        if meant and (last or not meant.startswith("per ")):
            raise UnitError(f"{quoted(word.text)} is not how a unit is written", "", meant, word.offset)
        if name in SCALES and word.text.casefold() != name:
            raise UnitError(f"the number word {quoted(word.text)} has no plural here", "", name, word.offset)
        if name[:-1] in MEASURES and name[-1:].isdigit():
            raise UnitError(
                f"{quoted(word.text)} is not how a power is written",
                "",
                f"{name[:-1]}^{name[-1]}",
                word.offset,
            )

    def _refuse_mixed(self, words: list[_Token], names: list[str]) -> None:
        """Several words of which one is a measure: it is not plain how they belong together."""
        _refuse_slip(words[0], names[0], SCALES)
        for index, (word, name) in enumerate(zip(words, names, strict=True)):
            if name not in MEASURES:
                continue
            before = words[index - 1] if index else None
            if before and before.text.casefold() in _ARTICLES:
                said = self._text[: before.offset] + "per" + self._text[before.offset + len(before.text) :]
                raise UnitError(f"{quoted(before.text)} is no part of a unit", "'per'", said, before.offset)
            raise UnitError(
                f"{quoted(word.text)} is a unit of its own, and stands beside other words",
                "number words first, 'per' before a divisor, '*' between two units",
                "",
                word.offset,
            )


def _refuse_slip(word: _Token, name: str, meant: Iterable[str]) -> None:
    """Refuse a word that must be one of a few, and is near to one."""
    near = nearest(name, meant)
    if near and len(name) >= _SHORTEST and abs(len(near) - len(name)) <= 1:
        raise UnitError(
            f"{quoted(word.text)} is not known here", f"one of {', '.join(meant)}", near, word.offset
        )
