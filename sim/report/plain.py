"""Numbers as people read them: separators, few digits, units, a chance beside what was drawn."""

from __future__ import annotations

import math
from typing import Final

UNKNOWN: Final = "?"
"""Stands for a value that cannot be computed."""

_WHOLE_FROM: Final = 100.0
"""From here on a number is shown without decimals."""
_SMALLEST: Final = 1e-6
"""What is nearer to 0 is shown as 0."""
_DIGITS: Final = 2
_MOST_DIGITS: Final = 9


def plain_number(value: float, spec: str = "") -> str:
    """The number as text.

    Args:
        value: any double.
        spec: a format such as `,.0f`, `.2f`, `.0%` or `d`. Without one: thousands separators and no decimals
            from 100 up, otherwise up to three significant digits, and no exponent.

    Returns:
        The text, never -0; `?` for what is not finite.
    """
    if not math.isfinite(value):
        return UNKNOWN
    if spec in ("", ","):
        return _default(value)
    text = format(round(value), spec) if spec.endswith("d") else format(value, spec)
    return text if any(digit in text for digit in "123456789") else text.removeprefix("-")


def _default(value: float) -> str:
    if abs(value) < _SMALLEST:
        return "0"
    rounded = float(f"{value:.3g}")
    if abs(rounded) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    return _decimal(rounded)


def _decimal(value: float) -> str:
    """Without an exponent and without idle zeros."""
    return f"{value:.12f}".rstrip("0").removesuffix(".")


def with_unit(value: float, unit: str, spec: str = "") -> str:
    """The number with its unit after it, if it has one: `310,000 rounds`, `80%`."""
    number = plain_number(value, spec)
    if not unit:
        return number
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"


def percent(share: float, digits: int = _DIGITS) -> str:
    """A probability or share to so many significant digits: `34%`, `2.7%`.

    What is neither impossible nor certain is never called 0% or 100%.
    """
    if not math.isfinite(share):
        return UNKNOWN
    if share <= 0.0 or share >= 1.0:
        return f"{min(max(share, 0.0), 1.0):.0%}"
    text = _decimal(float(f"{100.0 * share:.{digits}g}"))
    if float(text) >= 100.0:  # noqa: PLR2004 - per cent
        return "over 99%"
    return f"{text}%" if share >= _SMALLEST else "under 0.0001%"


def chance_and_draw(level: float, drawn: float) -> tuple[str, str]:
    """A probability and the uniform number held against it, both with as many digits as tell them apart."""
    digits = _DIGITS
    while digits < _MOST_DIGITS and f"{drawn:.{digits}g}" == f"{level:.{digits}g}":
        digits += 1
    return percent(level, digits), uniform(drawn, digits)


def uniform(drawn: float, digits: int = _DIGITS) -> str:
    """A uniform number: strictly between 0 and 1, and shown so."""
    text = _decimal(float(f"{drawn:.{digits}g}"))
    return text if 0.0 < float(text) < 1.0 else f"{drawn:.{_MOST_DIGITS}f}"
