"""The canonical text of a scenario file: `sim.text.format`, with keys in the order of the format."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from sim.scenario.document import ScenarioModel
from sim.scenario.keys import is_part, keys, unwrapped
from sim.scenario.models import ActionCall, Members
from sim.text.files import read_text, write_text
from sim.text.format import Shape, format_text

_DEED: Final = Shape(each=Shape(keys=("target",)))
"""An item of `do`: `{squeeze: {target: PRK, share: 0.2}}`."""


def format_scenario(text: str, file: str = "scenario.yaml") -> str:
    """The canonical text of a scenario or a fragment of one; `file` is its name in messages.

    Raises:
        FoedusError: if it is not YAML as foedus reads it. What the keys mean is not asked.
    """
    return format_text(text, file, scenario_shape())


def format_file(path: Path, *, check: bool = False) -> bool:
    """Whether the file was not in canonical form; unless `check`, it is now.

    The new text takes the place of the old in one step, with the same permissions.

    Raises:
        FoedusError: if it cannot be read or written.
    """
    text = read_text(path)
    made = format_scenario(text, str(path))
    if made == text:
        return False
    if not check:
        write_text(path, made)
    return True


@cache
def scenario_shape() -> Shape:
    """The order of keys at every level of a scenario; ids keep the author's."""
    return _shape(ScenarioModel)


@cache
def _shape(annotation: Any) -> Shape:
    bare = unwrapped(annotation)
    if bare is ActionCall:
        return _DEED
    if bare is Members:
        return Shape()
    if is_part(bare):
        known = keys(bare)
        return Shape(tuple(key.name for key in known), {key.name: _shape(key.type) for key in known})
    if get_origin(bare) is dict:
        return Shape(each=_shape(get_args(bare)[1]))
    if get_origin(bare) is tuple:
        return Shape(each=_shape(get_args(bare)[0]))
    return Shape()
