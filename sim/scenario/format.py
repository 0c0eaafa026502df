"""The canonical text of a scenario file: `sim.text.format`, with keys in the order of the format."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from sim.scenario.document import ScenarioModel
from sim.scenario.keys import is_part, keys, unwrapped
from sim.scenario.models import ActionCall, Members
from sim.text import FoedusError
from sim.text.files import read_text
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
        replace_text(path, made)
    return True


def replace_text(path: Path, text: str) -> None:
    """Give a file another text, in one step.

    Raises:
        FoedusError: if it cannot be written; the old text then stands.
    """
    target = path.resolve()
    made = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        made.touch(mode=0o600, exist_ok=False)
        made.write_text(text, "utf-8", newline="")
        made.chmod(target.stat().st_mode & 0o7777)
        made.replace(target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FoedusError.at(None, f"{path} cannot be written: {reason}", code="file") from None
    finally:
        made.unlink(missing_ok=True)


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
