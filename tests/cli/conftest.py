"""A folder with scenarios for each test of the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import BROKEN, CLEAN, STUCK
from tests.story.quarrel import QUARREL


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with scenarios: one without a doubt, a good one that has some, a broken one, and
    one that cannot be played to its end.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, text in (("clean", CLEAN), ("good", QUARREL), ("broken", BROKEN), ("stuck", STUCK)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path
