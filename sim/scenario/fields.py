"""Field types of the format: how a scalar of the file becomes an expression, a duration, an id or a date.

Shared by the models; each raises pydantic's own errors, with the offset of the character concerned in the
context, so that the loader can say line and column.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema

from sim.scenario.clock import Duration, Step, parse_date, parse_duration, parse_step
from sim.scenario.expressions import (
    Expression,
    ExpressionError,
    Number,
    Statement,
    parse_expression,
    parse_statement,
)
from sim.text import UnitError, fail, nearest, quoted, read_unit


def _shown(value: Any) -> str:
    """A value that does not fit, as a message begins with it."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return quoted(str(value))


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | int | float):
        raise fail(f"{_shown(value)} is not an expression", "a number or an expression")
    if isinstance(value, float) and not math.isfinite(value):
        raise fail("this number is not finite", "a number below 1.8e308")
    if isinstance(value, int | float) and abs(value) == value:
        return Expression(str(value), Number(float(value), 0))
    try:
        return parse_expression(str(value))
    except ExpressionError as error:
        raise fail(error.message, error.expected, error.offset) from None


def _statement(value: Any) -> Statement:
    if isinstance(value, Statement):
        return value
    if not isinstance(value, str):
        raise fail(f"{_shown(value)} is not an effect", "a text such as 'tension[self, KOR] += 0.1'")
    try:
        return parse_statement(value)
    except ExpressionError as error:
        raise fail(error.message, error.expected, error.offset) from None


_UNITS: Final = ("day", "week", "month", "quarter", "year")


def _unit_meant(value: Any) -> str:
    """The unit, with its number, that a wrong duration or cadence is nearest to."""
    match = re.fullmatch(r"\s*(\d+)?\s*([A-Za-z]+)\s*", value) if isinstance(value, str) else None
    if match is None:
        return ""
    unit = nearest(match[2].removesuffix("ly").removesuffix("s"), _UNITS)
    return "" if unit is None else f"{match[1]} {unit}s" if match[1] else unit


def _duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    duration = parse_duration(value) if isinstance(value, str) else None
    if duration is None:
        raise fail(
            f"{_shown(value)} is not a duration",
            "a number and a unit, such as 6 months",
            suggestion=_unit_meant(value),
        )
    return duration


def _duration_or_expression(value: Any) -> Duration | Expression:
    if isinstance(value, Duration):
        return value
    if isinstance(value, str) and (duration := parse_duration(value)) is not None:
        return duration
    if isinstance(value, bool):
        raise fail(f"{_shown(value)} is no time", "a duration such as 6 months, or an expression in years")
    if isinstance(value, int | float):
        raise fail("a bare number has no unit", "a duration such as 6 months, or an expression in years")
    if isinstance(value, str) and re.match(r"\s*[0-9.,]+\s+(?!and|or|if|in)[A-Za-z]", value):
        raise fail(
            f"{_shown(value)} is not a duration",
            "a number and a unit, such as 6 months, or an expression in years",
            suggestion=_unit_meant(value),
        )
    return _expression(value)


def _step(value: Any) -> Step:
    if isinstance(value, Step):
        return value
    step = parse_step(value) if isinstance(value, str) else None
    if step is None:
        raise fail(
            f"{_shown(value)} is not a cadence",
            f"{', '.join(_UNITS)}, or a whole number of them such as 2 weeks",
            suggestion=_unit_meant(value),
        )
    return step


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        raise fail(f"{_shown(value)} is not a date", "year-month-day, such as 2024-07-01")
    return day


def _visible(value: str) -> str:
    """Refuse what would move a reader's cursor, or turn the direction of writing: names go to terminals."""
    if hidden := _HIDDEN.search(value):
        raise fail(f"the character U+{ord(hidden[0]):04X} cannot be shown", "plain text", hidden.start())
    return value


_HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _unit(value: str) -> str:
    """Refuse a text that names no unit."""
    try:
        read_unit(value)
    except UnitError as error:
        raise fail(error.message, error.expected, error.offset, error.suggestion) from None
    return value


def several(value: Any) -> Any:
    """A list as a tuple; one text may stand for a list of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


def several_parts(value: Any) -> Any:
    """A list as a tuple; one text or mapping may stand for a list of one."""
    return (value,) if isinstance(value, dict) else several(value)


_TEXT_OR_NUMBER = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}

ExpressionField = Annotated[Expression, BeforeValidator(_expression), WithJsonSchema(_TEXT_OR_NUMBER)]
StatementField = Annotated[Statement, BeforeValidator(_statement), WithJsonSchema({"type": "string"})]
DurationField = Annotated[Duration, BeforeValidator(_duration), WithJsonSchema({"type": "string"})]
DurationOrExpression = Annotated[
    Duration | Expression, BeforeValidator(_duration_or_expression), WithJsonSchema({"type": "string"})
]
StepField = Annotated[Step, BeforeValidator(_step), WithJsonSchema({"type": "string"})]
DateField = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]

Shown = Annotated[str, AfterValidator(_visible)]
"""Text that people read in logs, tables and pages."""

UnitField = Annotated[Shown, AfterValidator(_unit)]
"""What a quantity is counted in."""

ActorId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=40)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Party = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]
"""An actor, or a tag for all who carry it."""
ActorIds = Annotated[tuple[ActorId, ...], BeforeValidator(several)]
EvidenceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=120)]
EvidenceIds = Annotated[tuple[EvidenceId, ...], BeforeValidator(several)]
Parties = Annotated[tuple[Party, ...], BeforeValidator(several)]
Strings = Annotated[tuple[str, ...], BeforeValidator(several)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(several)]
