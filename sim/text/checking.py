"""What a room that reads text says of its shapes: the model they build on, and the errors they raise."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from sim.text.diagnostics import quoted
from sim.text.nodes import Mapping, Node, Scalar


class TextModel(BaseModel):
    """The shape of something written by a person: no unknown keys, no silent conversions, finite numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def fail(
    message: str,
    expected: str = "",
    offset: int = 0,
    suggestion: str = "",
    below: tuple[str | int, ...] = (),
    *,
    at_key: bool = False,
) -> PydanticCustomError:
    """An error for a validator to raise: what is wrong, what was expected, at which character.

    `below` leads from what is validated to the part of it that is wrong: its value, or with `at_key` its key.
    """
    # Braces would be read as a template by pydantic: the text travels in the context.
    context = {
        "text": message,
        "expected": expected,
        "offset": offset,
        "suggestion": suggestion,
        "below": below,
        "at_key": at_key,
    }
    return PydanticCustomError("foedus", "{text}", context)


def one_of(names: Iterable[str]) -> str:
    """Return `names` as an expectation: "one of a, b, c"."""
    listed = sorted(names)
    if not listed:
        return "none"
    return f"one of {', '.join(listed)}" if len(listed) > 1 else quoted(listed[0])


def described(node: Node) -> str:
    """Return what a node is, as a message says it: "the number 3", "the text 'x'", "a list", "empty"."""
    if isinstance(node, Mapping):
        return "a mapping"
    if not isinstance(node, Scalar):
        return "a list"
    if node.value is None:
        return "empty"
    if isinstance(node.value, bool):
        return f"the word {quoted(node.text)}"
    return f"the {'text' if isinstance(node.value, str) else 'number'} {quoted(node.text)}"
