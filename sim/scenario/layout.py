"""Which model, key or type stands behind a place of the file: what could have been written there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.document import ScenarioModel

Location = tuple[str | int, ...]

_HIDDEN = {"Every": "step"}
"""Fields that the file has no key for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a location: from a mapping to a value in it, or from a list to an item."""

    part: str | int
    type: Any
    """Of what the part leads to."""
    optional: bool
    """Whether the mapping would do without it: a key that may be left out, or one of many ids."""


def steps(location: Location) -> Iterator[Step]:
    """The parts of a location, as far as the format knows them."""
    here: Any = ScenarioModel
    for part in location:
        here = _unwrapped(here)
        origin = get_origin(here)
        optional = False
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = here.model_fields.items()
            field = next((field for name, field in fields if str(part) in (name, field.alias)), None)
            if field is None:
                return
            here, optional = field.annotation, not field.is_required()
        elif origin is dict:
            here, optional = get_args(here)[1], True
        elif origin is tuple:
            here = get_args(here)[0]
        else:
            return
        yield Step(part, _unwrapped(here), optional)


def type_at(location: Location) -> Any:
    """The type of what stands at a location; None if the format knows no such place."""
    found: list[Any] = [ScenarioModel, *(step.type for step in steps(location))]
    return found[-1] if len(found) == len(location) + 1 else None


def keys_at(location: Location) -> list[str]:
    """The keys that the mapping at a location knows."""
    model = type_at(location)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    hidden = _HIDDEN.get(model.__name__)
    return [field.alias or name for name, field in model.model_fields.items() if name != hidden]


def words_at(location: Location) -> list[str]:
    """The words that may stand at a location, where only some may."""
    return [str(word) for word in get_args(type_at(location))]


def _unwrapped(annotation: Any) -> Any:
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation
