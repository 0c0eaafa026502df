"""What a person sets once: theme and keys, in `terminal.toml` of foedus's folder of settings."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from textual.theme import BUILTIN_THEMES

from sim import FoedusError, nearest, quoted
from tui.actions import BY_ID
from tui.keymap import taken_twice

PLAIN: Final = "ansi-dark"
"""The theme of the terminal's own 16 colours."""


@dataclass(frozen=True, slots=True)
class Config:
    """What stands in the file, or nothing of it."""

    theme: str = ""
    """A theme of Textual's; "" for the one it has by itself."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by action, with commas between."""


def config_path() -> Path:
    """Where the file is looked for: `$XDG_CONFIG_HOME/foedus/terminal.toml`, or under `~/.config`."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "foedus" / "terminal.toml"


def config_here() -> Config:
    """The settings of whoever is at this terminal.

    Raises:
        FoedusError: as `load_config`.
    """
    config = load_config(config_path())
    return replace(config, theme=PLAIN) if not config.theme and few_colours() else config


def load_config(path: Path) -> Config:
    """The settings of a file; those of nobody if there is none.

    Raises:
        FoedusError: for a file that cannot be read, or settings that are not there.
    """
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise FoedusError.at(None, f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FoedusError.at(None, f"{path} is no TOML: {str(error).lower()}") from None
    _only(found, ("theme", "keys"), path, "setting")
    theme, keys = found.get("theme", ""), found.get("keys", {})
    if not isinstance(theme, str) or not isinstance(keys, dict):
        raise FoedusError.at(None, f"{path} holds something else", 'theme = "NAME" and a table [keys]')
    _only({theme: ""} if theme else {}, tuple(BUILTIN_THEMES), path, "theme")
    _only(keys, tuple(BY_ID), path, "action")
    wrong = [name for name, value in keys.items() if not isinstance(value, str) or not value]
    if wrong:
        raise FoedusError.at(None, f"{path}: {quoted(wrong[0])} is given no keys", 'keys such as "space,n"')
    if (twice := taken_twice(keys)) is not None:
        key, ids = twice
        raise FoedusError.at(
            None,
            f"{path}: the key {quoted(key)} is that of {' and '.join(ids)}",
            "another key for one of them",
        )
    return Config(theme, dict(keys))


def _only(given: Mapping[str, Any], known: tuple[str, ...], path: Path, what: str) -> None:
    for name in given:
        if name not in known:
            raise FoedusError.at(
                None, f"{path}: there is no {what} {quoted(name)}", f"a {what}", nearest(name, known) or ""
            )


def few_colours() -> bool:
    """Whether the terminal has 16 colours or fewer, as far as it says."""
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return False
    return "256" not in os.environ.get("TERM", "256")
