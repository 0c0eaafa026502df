"""pydantic's errors in the words of the format, each at its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario.models import ScenarioModel
from sim.text import Diagnostic, Mapping, Node, Place, Scalar, locate, nearest, quoted

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}


def diagnostics(error: ValidationError, root: Node) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is wrong."""
    for item in error.errors(include_url=False):
        location = item["loc"]
        context = item.get("ctx", {})
        kind = item["type"]
        if kind == "missing":
            yield Diagnostic(
                _place(root, location[:-1]), f"{quoted(str(location[-1]))} is missing", _about(location)
            )
        elif kind == "extra_forbidden":
            yield _unknown_key(root, location)
        elif location and location[-1] == "[key]":
            yield _bad_key(root, location, item["msg"])
        elif kind == "foedus":
            yield Diagnostic(_place(root, location, context["offset"]), context["text"], context["expected"])
        elif kind == "literal_error":
            yield _bad_word(root, location, item["input"])
        elif kind in _WANTED:
            yield Diagnostic(
                _place(root, location), f"{_last(location)} is {_shown(item['input'])}", _WANTED[kind]
            )
        else:
            yield Diagnostic(
                _place(root, location), f"{_last(location)} is {_shown(item['input'])}", _plain(item)
            )


def _place(root: Node, location: tuple[str | int, ...], offset: int = 0) -> Place:
    found = locate(root, location)
    if isinstance(found.node, Scalar):
        return found.node.place_at(offset)
    return found.place


def _about(location: tuple[str | int, ...]) -> str:
    fields = _fields(location[:-1])
    model = fields.get(str(location[-1]))
    return f"a line {location[-1]}: ..." if model is None else f"{location[-1]}: {model}"


def _unknown_key(root: Node, location: tuple[str | int, ...]) -> Diagnostic:
    known = sorted(_fields(location[:-1]))
    key = str(location[-1])
    found = locate(root, location)
    return Diagnostic(
        found.place,
        f"unknown key {quoted(key)}",
        "one of " + ", ".join(known) if known else "another key",
        nearest(key, known) or "",
        code="unknown-key",
    )


def _bad_key(root: Node, location: tuple[str | int, ...], message: str) -> Diagnostic:
    key = str(location[-2])
    place = locate(root, location[:-1]).place
    actor = "A-Z" in message
    return Diagnostic(
        place,
        f"{quoted(key)} cannot be an id here",
        "capital letters, digits and underscores, such as PRK"
        if actor
        else "small letters, digits and underscores, such as trade_share",
    )


def _bad_word(root: Node, location: tuple[str | int, ...], value: Any) -> Diagnostic:
    words = [str(word) for word in _literals(location)]
    suggestion = nearest(str(value), words) if isinstance(value, str) else None
    return Diagnostic(
        _place(root, location),
        f"{_last(location)} is {_shown(value)}",
        "one of " + ", ".join(words) if len(words) > 1 else "".join(words),
        suggestion or "",
    )


def _last(location: tuple[str | int, ...]) -> str:
    name = next((str(part) for part in reversed(location) if isinstance(part, str)), "this file")
    return quoted(name)


def _shown(value: Any) -> str:
    if isinstance(value, dict | Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(str(value))


def _plain(item: Any) -> str:
    context = item.get("ctx", {})
    match item["type"]:
        case "greater_than_equal":
            return f"at least {context['ge']}"
        case "less_than_equal":
            return f"at most {context['le']}"
        case "string_pattern_mismatch":
            if "A-Z]" in context["pattern"][:6]:
                return "capital letters, digits and underscores, such as PRK"
            return "small letters, digits and underscores" + (
                " or hyphens" if "-]" in context["pattern"] else ""
            )
        case "string_too_short" | "too_short":
            return f"at least {context['min_length']}"
        case "string_too_long":
            return f"at most {context['max_length']} characters"
        case "finite_number":
            return "a finite number"
    return str(item["msg"])


# The model behind a location, for what could have stood there.


def _annotation(location: tuple[str | int, ...]) -> Any:
    here: Any = ScenarioModel
    for part in location:
        here = _unwrap(here)
        origin = get_origin(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = next(
                (f for name, f in here.model_fields.items() if str(part) in (name, f.alias)),
                None,
            )
            if field is None:
                return None
            here = field.annotation
        elif origin is dict:
            here = get_args(here)[1]
        elif origin is tuple:
            here = get_args(here)[0]
        else:
            return None
    return _unwrap(here)


def _unwrap(annotation: Any) -> Any:
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation


def _fields(location: tuple[str | int, ...]) -> dict[str, str | None]:
    model = _annotation(location)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return {}
    return {field.alias or name: field.description for name, field in model.model_fields.items()}


def _literals(location: tuple[str | int, ...]) -> tuple[Any, ...]:
    return get_args(_annotation(location)) or ()
