"""Whether two Programs are played alike: the same to the bit in every run, whatever luck and orders are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Final

from sim.compile import program as pr

_PLAYED: Final = (
    "clock",
    "variables",
    "draws",
    "nodes",
    "parameters",
    "initials",
    "injects",
    "events",
    "perceptions",
    "rules",
    "choices",
    "movements",
    "indicators",
    "outcomes",
    "memories",
    "crisis",
    "incidents",
    "stages",
)
_TOLD: Final = frozenset(
    {"place", "places", "path", "title", "unit", "grade", "figure", "sayings", "whose", "cause", "what"}
)
"""Fields that say where something stands, what it is called and where it comes from."""


def played_alike(one: pr.Program, other: pr.Program) -> bool:
    """Whether the tables that are played are the same: titles, places, grades and sentences left out.

    Sound, not complete: two Programs that are written otherwise and come to the same are not alike.
    """
    return one is other or all(_alike(getattr(one, name), getattr(other, name)) for name in _PLAYED)


def _alike(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if is_dataclass(one):
        names = (found.name for found in fields(one) if found.name not in _TOLD)
        return all(_alike(getattr(one, name), getattr(other, name)) for name in names)
    return bool(one == other)
