"""Field types of the format: how a scalar of the file becomes an expression, a duration, an id or a date.

Shared by the models; each raises pydantic's own errors, with the offset of the character concerned in the
context, so that the loader can say line and column.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.scenario.clock import Duration, Step, parse_date, parse_duration, parse_step
from sim.scenario.expressions import Expression, ExpressionError, Statement, parse_expression, parse_statement


def fail(message: str, expected: str, offset: int = 0) -> PydanticCustomError:
    """An error for a validator to raise: what is wrong, what was expected, at which character."""
    # Braces would be read as a template by pydantic: the text travels in the context.
    return PydanticCustomError("foedus", "{text}", {"text": message, "expected": expected, "offset": offset})


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | int | float):
        raise fail("this is not an expression", "a number or an expression")
    try:
        return parse_expression(repr(value) if isinstance(value, float) else str(value))
    except ExpressionError as error:
        raise fail(error.message, error.expected, error.offset) from None


def _statement(value: Any) -> Statement:
    if isinstance(value, Statement):
        return value
    if not isinstance(value, str):
        raise fail("this is not an effect", "a text such as 'tension[self, KOR] += 0.1'")
    try:
        return parse_statement(value)
    except ExpressionError as error:
        raise fail(error.message, error.expected, error.offset) from None


def _duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    duration = parse_duration(value) if isinstance(value, str) else None
    if duration is None:
        raise fail("this is not a duration", "a number and a unit, such as 6 months")
    return duration


def _duration_or_expression(value: Any) -> Duration | Expression:
    if isinstance(value, Duration):
        return value
    if isinstance(value, str) and (duration := parse_duration(value)) is not None:
        return duration
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise fail("a bare number has no unit", "a duration such as 6 months, or an expression in years")
    return _expression(value)


def _step(value: Any) -> Step:
    if isinstance(value, Step):
        return value
    step = parse_step(value) if isinstance(value, str) else None
    if step is None:
        raise fail(
            "this is not a cadence",
            "day, week, month, quarter, year, or a whole number of them such as 2 weeks",
        )
    return step


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        raise fail("this is not a date", "year-month-day, such as 2024-07-01")
    return day


def several(value: Any) -> Any:
    """A list as a tuple; one item may stand for a list of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str | dict) else value


_TEXT_OR_NUMBER = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}

ExpressionField = Annotated[Expression, BeforeValidator(_expression), WithJsonSchema(_TEXT_OR_NUMBER)]
StatementField = Annotated[Statement, BeforeValidator(_statement), WithJsonSchema({"type": "string"})]
DurationField = Annotated[Duration, BeforeValidator(_duration), WithJsonSchema({"type": "string"})]
DurationOrExpression = Annotated[
    Duration | Expression, BeforeValidator(_duration_or_expression), WithJsonSchema({"type": "string"})
]
StepField = Annotated[Step, BeforeValidator(_step), WithJsonSchema({"type": "string"})]
DateField = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]

ActorId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=40)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
EvidenceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=120)]
EvidenceIds = Annotated[tuple[EvidenceId, ...], BeforeValidator(several)]
Strings = Annotated[tuple[str, ...], BeforeValidator(several)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(several)]
