"""Files that lines of other files name: plain to read, and the file that was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.text import beside


@pytest.mark.parametrize(
    ("file", "name", "plain"),
    [
        ("scenarios/world.yaml", "../seeds", "seeds"),
        ("scenarios/arms/a.yaml", "../world.yaml", "scenarios/world.yaml"),
        ("world.yaml", "./parts/./more.yaml", "parts/more.yaml"),
        ("world.yaml", "../seeds", "../seeds"),
        ("/worlds/w/world.yaml", "../seeds", "/worlds/seeds"),
        ("world.yaml", "/seeds", "/seeds"),
        ("world.yaml", "a\0b/../c", "a\0b/../c"),
    ],
)
def test_a_path_is_plain_whether_or_not_anything_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, name: str, plain: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert beside(file, name) == plain


def test_behind_a_link_to_a_folder_the_file_that_was_meant_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`linked/..` is the folder above the one that the link leads to."""
    (tmp_path / "far" / "world").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(tmp_path / "far" / "world")
    (tmp_path / "far" / "seeds").mkdir()
    monkeypatch.chdir(tmp_path)
    found = beside("linked/world.yaml", "../seeds")
    assert Path(found).resolve() == (tmp_path / "far" / "seeds").resolve()
    assert found == "linked/../seeds"
