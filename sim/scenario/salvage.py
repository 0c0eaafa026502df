"""A scenario with faults of form, less its faulty parts: so that the rest can be read for its meaning.

An author then learns of a misspelt key and of an unknown name in one pass. What was cut away is remembered,
so that nothing is said of what is missing only because of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from sim.scenario.document import ScenarioModel
from sim.scenario.expressions import Expression
from sim.scenario.layout import FORMAT
from sim.text import Diagnostic, Mapping, PathOf, Place, locate, to_plain

MAX_FAULTS: Final = 100
"""With more, the rest is not worth reading yet."""
_ROUNDS: Final = 6
_STAND_INS: Final = {"foedus": 1, "id": "x", "title": "x", "name": "x"}
"""Values that matter to nobody else."""
_BINDING: Final = frozenset({"for", "of", "takes", "unit"})
"""Keys whose loss would make names of their neighbours unknown, or other quantities."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SPOKEN_OF: Final = re.compile(r"'[^']*'|\b[A-Z][A-Z0-9_]*\b|\w+\[[^\]]*\]")


@dataclass
class Salvage:
    """What is left of a scenario, and what is not."""

    model: ScenarioModel
    words: set[str] = field(default_factory=set)
    """Names that stood in what was cut away."""
    places: set[Place] = field(default_factory=set)
    """Where something stands in for what could not be read."""

    def concerns(self, finding: Diagnostic) -> bool:
        """Whether a finding of the compiler is about what is left, not about what was cut away."""
        return finding.place not in self.places and not spoken_of(finding) & self.words


def spoken_of(finding: Diagnostic) -> set[str]:
    """The names of the scenario that a finding's message mentions."""
    return {name for part in _SPOKEN_OF.findall(finding.message) for name in _NAME.findall(part)}


def salvage(root: Mapping, error: ValidationError) -> Salvage | None:
    """What is left of the tree without the faults; None if that is not worth reading."""
    plain = to_plain(root)
    words: set[str] = set()
    places: set[Place] = set()
    for _ in range(_ROUNDS):
        if error.error_count() > MAX_FAULTS:
            return None
        for detail in error.errors(include_url=False, include_input=False, include_context=False):
            location = detail["loc"][:-1] if detail["loc"][-1:] == ("[key]",) else detail["loc"]
            if not _mended(plain, location, detail["type"], words):
                return None
            places.add(locate(root, location).value_place)
        try:
            return Salvage(ScenarioModel.model_validate(plain), words, places)
        except ValidationError as rest:
            error = rest
    return None


def _mended(plain: Any, location: PathOf, kind: str, words: set[str]) -> bool:
    """Replace or take out what is wrong; False if neither can be done."""
    if kind == "extra_forbidden":
        return _cut(plain, location, words)
    written = _written(plain, location)
    above = location[:-1]
    if written[: len(above)] != above and kind == "missing":
        return True  # what lacks the key is gone already
    if kind != "missing" and written and FORMAT.type_at(location) is Expression:
        _put(plain, written, value=True)
        return True
    key = location[-1] if location else ""
    if key in _STAND_INS and (kind == "missing" or written == location):
        _put(plain, location, _STAND_INS[str(key)])
        return True
    known = list(FORMAT.steps(location))
    for length in range(len(written), 0, -1):
        if length <= len(known) and known[length - 1].optional and written[length - 1] not in _BINDING:
            return _cut(plain, written[:length], words)
    return False


def _written(plain: Any, location: PathOf) -> PathOf:
    """As much of a location as the file has: shorthands leave out keys."""
    here: Any = plain
    length = 0
    for part in location:
        fits = isinstance(here, dict) or (isinstance(here, list) and isinstance(part, int))
        if not fits or (isinstance(here, dict) and part not in here):
            break
        here, length = here[part], length + 1
    return location[:length]


def _put(plain: Any, location: PathOf, value: Any) -> None:
    above = _above(plain, location)
    if isinstance(above, dict | list):
        above[location[-1]] = value  # type: ignore[index]


def _above(plain: Any, location: PathOf) -> Any:
    """What holds the last part of a location; None if it is gone already."""
    above = location[:-1]
    if _written(plain, above) != above:
        return None
    here = plain
    for part in above:
        here = here[part]
    return here


def _cut(plain: Any, location: PathOf, words: set[str]) -> bool:
    """Take a key out, and note every name that stood there; it may be gone already."""
    above = _above(plain, location)
    if isinstance(above, dict):
        gone = above.pop(location[-1], None)
        words.update(_names(str(location[-1]), gone))
        if len(location) == 1:
            words.update(_NAME.findall(str(gone)))  # a whole section: no telling what it meant to name
    return True


def _names(key: str, value: Any) -> Iterator[str]:
    """The names that a part of the file brings into the world: its keys, and tags."""
    yield from (key, key.upper(), key.lower())
    if isinstance(value, dict):
        for inner, below in value.items():
            yield from _names(inner, below)
    elif key == "tags":
        yield from (str(tag) for tag in (value if isinstance(value, list) else [value]))
