"""Field types of the ledgers: how a scalar of a file becomes an id, a date, a unit or a figure."""

from __future__ import annotations

import math
import re
from datetime import date as day
from typing import Annotated, Final, TypeGuard

from pydantic import AfterValidator, Field, PlainValidator

from sim.text.checking import fail
from sim.text.diagnostics import quoted
from sim.text.unit_text import UnitError, read_unit

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_ACTOR: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        words = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")
        raise fail(
            f"{quoted(text)} is not an id",
            "lower-case letters and digits joined by single '-' or '_', a letter first",
            suggestion=words if _ID.fullmatch(words) else "",
        )
    return text


def _actor(text: str) -> str:
    if not _ACTOR.fullmatch(text):
        words = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
        raise fail(
            f"{quoted(text)} is not the id of an actor",
            "capital letters, digits and underscores, such as PRK",
            suggestion=words if _ACTOR.fullmatch(words) else "",
        )
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise fail("the text is empty", "some words")
    return text.strip()


def _date(text: str) -> str:
    first, _, last = text.partition("/")
    if not (first or last) or not all(_is_date(end) for end in (first, last) if end):
        raise fail(f"{quoted(text)} is not a date", "2024, 2024-06, 2024-06-19 or two of them as 2022/2024")
    shared = min(len(first), len(last))
    if first[:shared] > last[:shared]:
        raise fail(f"{quoted(text)} ends before it begins", "the earlier date first")
    return text


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if not match:
        return False
    try:
        day(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _day(value: object) -> day:
    """A whole date: `review_by` is a day, whatever the precision of what is reviewed."""
    if isinstance(value, str) and len(value) == len("2024-06-19") and _is_date(value):
        return day.fromisoformat(value)
    raise fail(f"{quoted(str(value))} is not a day", "year-month-day, such as 2024-12-31")


def _unit(text: str) -> str:
    """A unit as `sim.text` reads it; a fact's figure can then be held against a number of a scenario."""
    try:
        read_unit(text)
    except UnitError as error:
        raise fail(error.message, error.expected, suggestion=error.suggestion) from None
    return text


def _ends(value: object) -> tuple[float, float]:
    """Return a number as a range of no width, `[80, 90]` as it is."""
    match value:
        case [low, high]:
            pass
        case _:
            low = high = value
    if not (_is_number(low) and _is_number(high)):
        raise fail("'value' is neither a number nor a range", "a number, or [low, high]")
    return float(low), float(high)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


Id = Annotated[str, AfterValidator(_id)]
Text = Annotated[str, AfterValidator(_filled)]
Date = Annotated[str, AfterValidator(_date)]
Unit = Annotated[str, AfterValidator(_unit)]
Ends = Annotated[tuple[float, float], PlainValidator(_ends)]
ActorId = Annotated[str, AfterValidator(_actor)]
Day = Annotated[day, PlainValidator(_day)]
Ids = Annotated[list[Id], Field(min_length=1)]
Documents = Annotated[list[Text], Field(min_length=1)]
