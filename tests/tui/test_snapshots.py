"""Every screen looks as its stored picture does."""

from __future__ import annotations

import re

from tests.tui.snapshots import COMMAND, FOLDER, pictures


async def test_every_screen_looks_as_it_did() -> None:
    found = await pictures()
    stored = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}
    assert sorted(found) == sorted(stored), f"{COMMAND} writes them anew"
    others = [name for name, text in found.items() if text != stored[name]]
    assert not others, f"these look otherwise; {COMMAND} writes them anew, for `git diff` to show how"


def test_pictures_name_no_place_outside_and_no_machine() -> None:
    for path in FOLDER.glob("*.svg"):
        text = path.read_text("utf-8")
        assert re.findall(r"\w+://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
        assert len(text) < 60_000
