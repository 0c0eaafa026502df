"""Keys as whoever is at this terminal has set them, wherever the screen names one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from textual.app import App

from tui.actions import ACTIONS, BY_ID, keys_said
from tui.typing_ahead import TypingAhead

_ACTION: Final = re.compile(r"\{(\w+)\}")


def keys_of(app: App[Any], id_: str) -> str:
    """Keys of an action, as Textual spells them, with commas between."""
    own = app.own_keys if isinstance(app, TypingAhead) else {}
    return own.get(id_, BY_ID[id_].keys)


def worded(app: App[Any], text: str) -> str:
    """A text with the first key of an action in place of its id in braces: `{fork} forks another`."""
    return _ACTION.sub(
        lambda found: keys_said(keys_of(app, found[1])).split(" or ")[0] if found[1] in BY_ID else found[0],
        text,
    )


def taken_twice(own: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """A key that would do two things under a keymap, and their ids."""
    keys = {
        action.id: [key.strip() for key in keys_said(own.get(action.id, action.keys)).split(" or ")]
        for action in ACTIONS
    }
    for key, times in Counter(key for found in keys.values() for key in found).items():
        if times > 1:
            return key, [id_ for id_, found in keys.items() if key in found]
    return None
