"""The words that units are made of: which can be converted into which, and which say that there is none.

Any other word is a unit of its own: rounds, launches, barrels, USD. Lengths of time are those of a clock's
durations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Measure:
    """A word with a fixed size."""

    base: str
    """What it measures, by the word for one of it; "" for a number."""
    size: float
    """In the base."""
    plural: str


SCALES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""Numbers that stand before a unit."""
MEASURES: Final = {
    **{word: Measure("", size, word) for word, size in SCALES.items()},
    "percent": Measure("", 0.01, "percent"),
    "hour": Measure("day", 1 / 24, "hours"),
    "day": Measure("day", 1.0, "days"),
    "week": Measure("day", 7.0, "weeks"),
    "month": Measure("day", 30.4375, "months"),
    "quarter": Measure("day", 91.3125, "quarters"),
    "year": Measure("day", 365.25, "years"),
    "metre": Measure("metre", 1.0, "metres"),
    "km": Measure("metre", 1e3, "km"),
    "kg": Measure("kg", 1.0, "kg"),
    "tonne": Measure("kg", 1e3, "tonnes"),
}
PLAIN: Final = frozenset({"share", "fraction", "ratio", "probability", "index", "scale", "number"})
"""Words for a pure number; they are no unit."""
INSTEAD: Final = {
    **dict.fromkeys(("bn", "bln", "mrd"), "billion"),
    **dict.fromkeys(("mn", "mln", "mio"), "million"),
    **dict.fromkeys(("tn", "trn"), "trillion"),
    **dict.fromkeys(("pct", "pc"), "percent"),
    **dict.fromkeys(("yr", "annum"), "year"),
    **dict.fromkeys(("qtr",), "quarter"),
    **dict.fromkeys(("mo", "mth"), "month"),
    **dict.fromkeys(("wk",), "week"),
    **dict.fromkeys(("hr",), "hour"),
    **dict.fromkeys(("kilometre", "kilometer"), "km"),
    **dict.fromkeys(("meter",), "metre"),
    **dict.fromkeys(("kilogram", "kilo"), "kg"),
    "daily": "per day",
    "weekly": "per week",
    "monthly": "per month",
    "quarterly": "per quarter",
    **dict.fromkeys(("yearly", "annual", "annually"), "per year"),
}
"""Other ways to write a word, which would each be a unit of its own: refused, so that there is one way."""
PERIODS: Final = ("week", "month", "quarter", "year")
"""What a word after `per` that is near to one of them is a slip for."""

_IRREGULAR: Final = {"people": "person", "men": "man", "crises": "crisis"}
_ES: Final = re.compile(r"(ch|sh|ss|x|z|o)es\Z", re.IGNORECASE)


def singular(word: str) -> str:
    """A word without the s of many; good enough to take `rounds` and `round` for one unit."""
    folded = word.casefold()
    if folded in _IRREGULAR:
        return _IRREGULAR[folded]
    if len(word) < 4 or folded.endswith(("ss", "us", "is")):  # noqa: PLR2004 - gas, bus
        return word
    if folded.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - ties
        return word[:-3] + "y"
    return word[:-2] if _ES.search(word) else word[:-1] if folded.endswith("s") else word
