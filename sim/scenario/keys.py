"""What keys each part of the format has, read from its models, in the order in which a file is best read.

Schema, formatter, comparison and reference all stand on this one reading of the models. A key's meaning is
the text under its field in the models, or stands in `sim.scenario.meanings`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sim.scenario import document
from sim.scenario.bodies import Vote
from sim.scenario.document import MODULES, ScenarioModel
from sim.scenario.graded import Graded, Part
from sim.scenario.meanings import KEYS, NAMES, PARTS
from sim.scenario.models import ActionCall, Argument, Every, Members

PartType = type[BaseModel]

_FIRST: Final = ("foedus", "id", "title", "name", "for", "of", "when")
"""What a part is called, whom or what it concerns, and when."""
_LAST: Final = ("luck_key", "note")
_SPELLED: Final[frozenset[PartType]] = frozenset({ActionCall, Members})
"""Models of what a file always writes in a short form of its own."""
_INLINE: Final[frozenset[PartType]] = frozenset({Argument})
"""Parts that stand beside the keys around them, being little more than a number."""
_HIDDEN: Final[dict[PartType, frozenset[str]]] = {Every: frozenset({"step"}), Vote: frozenset({"expects"})}
"""Keys that only the short form fills, or that a part has only from what it stands on."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a part."""

    name: str
    """As the file has it."""
    field: str
    """As the model has it."""
    type: Any
    """The annotation, without None."""
    required: bool
    nullable: bool
    default: Any
    """Of a key that is not required."""
    meaning: str


@cache
def keys(part: PartType) -> tuple[Key, ...]:
    """The keys of a part: its name, whom and when; what it is; how well it is known; what hangs below it."""
    found = [key for key in _declared(part) if key.name not in _HIDDEN.get(part, ())]
    return tuple(sorted(found, key=_rank))


def _rank(key: Key) -> tuple[int, int]:
    if key.name in _FIRST:
        return 0, _FIRST.index(key.name)
    if key.name in _LAST:
        return 3, _LAST.index(key.name)
    if key.field in Graded.model_fields:
        return 2, 0
    return (4 if _hangs_below(key.type) else 1), 0


def _hangs_below(annotation: Any) -> bool:
    """Whether it is a mapping of parts, by id, or a part that holds one."""
    bare = unwrapped(annotation)
    if get_origin(bare) is dict:
        held = unwrapped(get_args(bare)[1])
        return _hangs_below(held) or (is_part(held) and held not in _SPELLED | _INLINE)
    return is_part(bare) and any(_hangs_below(key.type) for key in _declared(bare))


def _declared(part: PartType) -> Iterator[Key]:
    """The keys that a class declares, then those of the classes that it stands on."""
    hints = get_type_hints(part, include_extras=True)
    owners = [owner for owner in part.__mro__ if issubclass(owner, Part)]
    for owner in owners:
        for field in inspect.get_annotations(owner):
            if field in part.model_fields:
                yield _key(part, owner, field, hints[field])


def _key(part: PartType, owner: PartType, field: str, annotation: Any) -> Key:
    info = part.model_fields[field]
    inner, nullable = without_none(annotation)
    name = info.alias or field
    return Key(
        name,
        field,
        inner,
        info.is_required(),
        nullable,
        None if info.is_required() else info.default,
        _docstrings().get((owner.__name__, field)) or KEYS.get(f"{owner.__name__}.{name}", ""),
    )


def meaning(part: PartType) -> str:
    """What a part is, in one or a few sentences."""
    own = vars(part).get("__doc__")
    return _one_paragraph(own) if own else PARTS.get(part.__name__, "")


def part_name(part: PartType) -> str:
    """What people call a part: `rule`, `status quo`."""
    return NAMES.get(part.__name__, part.__name__.lower())


def _one_paragraph(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split())


@cache
def written_parts() -> tuple[PartType, ...]:
    """Every part that a file writes as a mapping, the scenario first, in the order of the format."""
    found: dict[PartType, None] = {ScenarioModel: None}
    waiting: list[PartType] = [ScenarioModel]
    while waiting:
        for key in keys(waiting.pop(0)):
            for part in _parts_in(key.type):
                if part not in found and part not in _SPELLED:
                    found[part] = None
                    waiting.append(part)
    return tuple(found)


def _parts_in(annotation: Any) -> Iterator[PartType]:
    bare = unwrapped(annotation)
    if is_part(bare):
        yield bare
    for argument in get_args(bare):
        yield from _parts_in(argument)


def is_part(annotation: Any) -> bool:
    """Whether an annotation is a model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def unwrapped(annotation: Any) -> Any:
    """An annotation without its metadata and without None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    inner, nullable = without_none(annotation)
    return unwrapped(inner) if nullable else inner


def without_none(annotation: Any) -> tuple[Any, bool]:
    """An annotation without None, and whether it had it. Metadata stays."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        bare, nullable = without_none(inner)
        return (Annotated[bare, *metadata], True) if nullable else (annotation, False)
    if get_origin(annotation) in (Union, UnionType) and type(None) in get_args(annotation):
        kept = [argument for argument in get_args(annotation) if argument is not type(None)]
        return (kept[0] if len(kept) == 1 else Union[tuple(kept)]), True  # noqa: UP007 - made at run time
    return annotation, False


@cache
def _docstrings() -> dict[tuple[str, str], str]:
    """The text under each field of the models, by class and field."""
    found = {}
    for made in (
        part for module in (document, *MODULES) for part in ast.parse(inspect.getsource(module)).body
    ):
        if not isinstance(made, ast.ClassDef):
            continue
        for line, below in zip(made.body, made.body[1:], strict=False):
            if (
                isinstance(line, ast.AnnAssign)
                and isinstance(line.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                found[made.name, line.target.id] = _one_paragraph(str(below.value.value))
    return found
