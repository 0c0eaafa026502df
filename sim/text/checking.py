"""Nodes against a pydantic model: what does not fit is said in plain words, at the line that wrote it.

Pydantic finds all faults of a tree at once and names them by path; the tree knows the place of every
path. A room that reads text declares its shape as a `TextModel` and calls `checked`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from sim.text.diagnostics import Diagnostic, Diagnostics, quoted
from sim.text.nearest import nearest
from sim.text.nodes import Mapping, Node, NodePlace, Scalar, locate, to_plain

M = TypeVar("M", bound=BaseModel)


class TextModel(BaseModel):
    """The shape of something written by a person: no unknown keys, no silent conversions, finite numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class UnfitError(ValueError):
    """Raised by a validator for a value that does not fit; carries the parts of a diagnostic."""

    def __init__(self, message: str, expected: str = "", suggestion: str = "") -> None:
        super().__init__(message)
        self.message, self.expected, self.suggestion = message, expected, suggestion


def checked(model: type[M], node: Node, found: Diagnostics) -> M | None:
    """Return `node` read as `model`, or None with all that is wrong with it added to `found`."""
    try:
        return model.model_validate(to_plain(node))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            found.add(_diagnostic(model, node, detail))
        return None


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list ('- item' lines or '[item, item]')",
    "tuple_type": "a list ('- item' lines or '[item, item]')",
    "dict_type": "a mapping ('key: value' lines)",
    "model_type": "a mapping ('key: value' lines)",
    "model_attributes_type": "a mapping ('key: value' lines)",
    "finite_number": "a finite number",
}


def _diagnostic(model: type[BaseModel], root: Node, detail: ErrorDetails) -> Diagnostic:
    kind, location, context = detail["type"], detail["loc"], detail.get("ctx", {})
    here = locate(root, location)
    name = _name(location)
    if kind == "missing":
        return Diagnostic(here.place, f"key {name} is missing", code="missing")
    if kind == "extra_forbidden":
        keys = _fields(model, location[:-1])
        return Diagnostic(
            here.place,
            f"unknown key {name}",
            one_of(keys),
            nearest(str(location[-1]), keys) or "",
            code="unknown-key",
        )
    if isinstance(error := context.get("error"), UnfitError):
        return Diagnostic(here.value_place, error.message, error.expected, error.suggestion, code="value")
    if kind == "literal_error":
        values = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        near = nearest(here.node.text, values) if isinstance(here.node, Scalar) else None
        return Diagnostic(
            here.value_place, f"{name} is {described(here.node)}", one_of(values), near or "", code="value"
        )
    if kind == "too_short":
        least = context.get("min_length", 1)
        return Diagnostic(here.value_place, f"{name} has too few items", f"at least {least}", code="value")
    if kind in _EXPECTED:
        return Diagnostic(
            here.value_place,
            f"{name} is {described(here.node)}",
            _EXPECTED[kind],
            _in_quotes(here) if kind == "string_type" else "",
            code="type",
        )
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return Diagnostic(here.value_place, f"{name} is {described(here.node)}: {message}", code="value")


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


def _name(location: Sequence[int | str]) -> str:
    """Return the key a location ends in, with the number of the item if it ends in a list."""
    keys = [part for part in location if isinstance(part, str)]
    name = quoted(keys[-1]) if keys else "this"
    if location and isinstance(location[-1], int):
        return f"item {location[-1] + 1} of {name}" if keys else f"item {location[-1] + 1}"
    return name


def _in_quotes(here: NodePlace) -> str:
    """Return the text an author meant who wrote 000 or 2024 without quotes."""
    node = here.node
    return f'"{node.text}"' if isinstance(node, Scalar) and node.value is not None else ""


def _fields(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """Return the keys that the model at `location` inside `model` knows."""
    here: Any = model
    for part in location:
        inner = _models(here)
        if isinstance(part, str) and len(inner) == 1 and part in inner[0].model_fields:
            here = inner[0].model_fields[part].annotation
        elif named := [option for option in inner if option.__name__ == part]:
            here = named[0]
    return sorted(
        {field.alias or key for option in _models(here) for key, field in option.model_fields.items()}
    )


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models an annotation such as `list[A] | B | None` is made of."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for argument in get_args(annotation) for model in _models(argument)]
