"""Keys that a person has set are the ones that the screen names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tui
from sim import FoedusError, Game
from tests.story.quarrel import compiled
from tests.tui.stage import WIDE, notices, press, screen_text
from tui.actions import ACTIONS, BY_ID, keys_said
from tui.app import FoedusApp
from tui.config import Config, load_config
from tui.keymap import taken_twice

OWN = {"step": "f5", "fork": "f6", "seat": "f7", "give_back": "f8", "keys": "f9", "view_seats": "f10"}


async def test_messages_panes_and_the_list_of_keys_name_a_persons_own_keys() -> None:
    shown = FoedusApp(Game(compiled(), seed=11), futures=0, config=Config(keys=OWN))
    async with shown.run_test(size=WIDE) as pilot:
        assert "Before play: f5 plays the first turn" in screen_text(shown)
        await press(pilot, "f10")
        assert "f7 takes a seat." in screen_text(shown)
        await press(pilot, "c")
        assert "f6 forks another" in notices(shown)
        shown.game.seat("WEST")
        await press(pilot, "h", "enter", "f6")
        assert "f8 gives it back to the facilitator" in notices(shown)
        await press(pilot, "f9")
        assert re.search(r"f5 +play the next turn", screen_text(shown))
        assert "space" not in screen_text(shown)


def test_no_key_does_two_things() -> None:
    assert taken_twice({}) is None
    assert taken_twice({"step": "s", "seat": "space"}) is None
    assert taken_twice({"step": "?"}) == ("?", ["step", "keys"])


def test_a_keymap_in_which_a_key_does_two_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "terminal.toml"
    path.write_text('[keys]\nstep = "f5,s"\n', "utf-8")
    with pytest.raises(FoedusError, match="the key 's' is that of step and seat"):
        load_config(path)


def test_whatever_names_a_key_in_braces_names_an_action() -> None:
    named = {
        id_
        for path in Path(tui.__file__).parent.rglob("*.py")
        for text in re.findall(r'"[^"\n]*"', path.read_text("utf-8"))
        for id_ in re.findall(
            r"\{+(\w+)\}+ (?:forks|takes|sets|gives|sends|hands|asks|goes|shows|plays)", text
        )
    }
    assert {"fork", "seat", "give_back", "pass_on"} <= named <= set(BY_ID)
    assert keys_said("space,question_mark") == "space or ?"
    assert len(BY_ID) == len(ACTIONS)
