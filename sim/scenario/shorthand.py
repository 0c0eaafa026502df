"""Shorthands: what may be written short in a scenario, spelled out before the models of the format see it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, BeforeValidator

from sim.scenario.expressions import ExpressionError, parse_expression
from sim.text import fail


def spelled_out(key: str) -> Any:
    """A validator that turns a bare scalar into a mapping with that scalar under `key`."""

    def spell_out(value: Any) -> Any:
        return value if isinstance(value, dict | BaseModel) else {key: value}

    return BeforeValidator(spell_out)


def spell_range(value: Any) -> Any:
    """A list of two numbers as a tuple."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - low and high
        raise fail("a range is a list of two numbers", "[LOW, HIGH], or min or max alone")
    return tuple(value)


_EACH = re.compile(r"\s*each\s+(other\s+)?([a-z][a-z0-9_]*)(?:\s+where\s+(.*))?\Z", re.DOTALL)


def spell_members(value: Any) -> Any:
    """`each other us_ally where has(x, shells)`, or a list of ids, as its parts."""
    if isinstance(value, BaseModel):
        return value
    if isinstance(value, list) and value:
        return {"set": "", "listed": tuple(value)}
    match = _EACH.match(value) if isinstance(value, str) else None
    if match is None:
        raise fail("cannot read this 'for'", "each [other] actor|TAG [where CONDITION], or a list of actors")
    if match[1] is None and match[2] == "other":
        raise fail("each other what?", "each other actor, or each other TAG", match.end(2))
    spelled: dict[str, Any] = {
        "set": "actors" if match[2] == "actor" else match[2],
        "set_offset": match.start(2),
        "other": match[1] is not None,
    }
    if match[3] is not None:
        try:
            spelled["where"] = parse_expression(match[3], match.start(3))
        except ExpressionError as error:
            raise fail(error.message, error.expected, error.offset) from None
    return spelled


def spell_for(value: Any) -> Any:
    """A `for` without a name binds `other`."""
    return value if isinstance(value, dict) else {"other": value}


def spell_call(value: Any) -> Any:
    """`test`, `press: PRK` or `squeeze: {target: PRK, amount: 0.2}` as action, target and arguments."""
    if isinstance(value, BaseModel):
        return value
    if isinstance(value, str):
        return {"action": value}
    forms = "ACTION, ACTION: TARGET, or ACTION: {target: ACTOR, NAME: VALUE}"
    if not isinstance(value, dict):
        raise fail("this is not an action", forms)
    if len(value) != 1:
        raise fail("one action an item", f"a list of {forms}")
    ((action, rest),) = value.items()
    if rest is None:
        return {"action": action}
    if isinstance(rest, str):
        return {"action": action, "target": rest}
    if isinstance(rest, dict):
        named = dict(rest)
        target = named.pop("target", None)
        return {"action": action, "target": target, "arguments": named}
    raise fail("an action is done to one actor", forms, below=(action,))


def spell_every(value: Any) -> Any:
    """A cadence, or the mapping of a rate."""
    if isinstance(value, dict) and "step" in value:
        raise fail(
            "unknown key 'step'", "a cadence alone, such as every: quarter", below=("step",), at_key=True
        )
    return value if isinstance(value, dict | BaseModel) else {"step": value}
