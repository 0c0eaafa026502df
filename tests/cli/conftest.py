"""A folder with scenarios for each test of the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import BROKEN, STUCK
from tests.story.quarrel import QUARREL


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with a good scenario, a broken one and one that cannot be played to its end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, text in (("good.yaml", QUARREL), ("broken.yaml", BROKEN), ("stuck.yaml", STUCK)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path
