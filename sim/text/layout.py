"""Which model, key or type stands behind a place of a file: what could have been written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.text.nodes import PathOf


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a location: from a mapping to a value in it, or from a list to an item."""

    part: str | int
    type: Any
    """Of what the part leads to."""
    optional: bool
    """Whether the mapping would do without it: a key that may be left out, or one of many ids."""


@dataclass(frozen=True)
class Layout:
    """What a model and the models in it know of every place of a file."""

    model: type[BaseModel]
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Fields that the file has no key for, by name of the model."""

    def steps(self, location: PathOf) -> Iterator[Step]:
        """The parts of a location, as far as the model knows them."""
        here: Any = self.model
        for part in location:
            here = _unwrapped(here)
            origin = get_origin(here)
            optional = False
            if isinstance(here, type) and issubclass(here, BaseModel):
                fields = here.model_fields.items()
                known = next((known for name, known in fields if str(part) in (name, known.alias)), None)
                if known is None:
                    return
                here, optional = known.annotation, not known.is_required()
            elif origin is dict:
                here, optional = get_args(here)[1], True
            elif origin in (tuple, list):
                here = get_args(here)[0]
            else:
                return
            yield Step(part, _unwrapped(here), optional)

    def type_at(self, location: PathOf) -> Any:
        """The type of what stands at a location; None if the model knows no such place."""
        found: list[Any] = [self.model, *(step.type for step in self.steps(location))]
        return found[-1] if len(found) == len(location) + 1 else None

    def keys_at(self, location: PathOf) -> list[str]:
        """The keys that the mapping at a location knows."""
        model = self.type_at(location)
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return []
        hidden = self.hidden.get(model.__name__)
        return [known.alias or name for name, known in model.model_fields.items() if name != hidden]

    def words_at(self, location: PathOf) -> list[str]:
        """The words that may stand at a location, where only some may."""
        return [str(word) for word in get_args(self.type_at(location))]


def _unwrapped(annotation: Any) -> Any:
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation
