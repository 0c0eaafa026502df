"""Every action of the registry does what its help says. One without a test here fails."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from tests.tui import actions
from tui.actions import ACTIONS


def test_every_action_has_a_test() -> None:
    """It bears the action's id, in one of the files beside this one."""
    tested = [
        name
        for found in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}.")
        for name, _ in inspect.getmembers(import_module(found.name), inspect.iscoroutinefunction)
    ]
    assert [action.id for action in ACTIONS if f"test_{action.id}" not in tested] == []


def test_no_two_actions_share_a_key() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))
