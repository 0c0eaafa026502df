"""The page on Python holds: its blocks run from top to bottom and print what stands below them."""

from __future__ import annotations

import io
import linecache
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import sim
from docs.examples.tit_for_tat import TitForTat
from tests.cli.command import foedus
from tests.worlds import shipped

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "python.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """Language and text of every block of the page."""
    return BLOCK.findall(PAGE.read_text("utf-8"))


def run(text: str, names: dict[str, Any], number: int = 0) -> None:
    """Run a block as a reader would, who has its lines at hand."""
    file = f"<block {number} of docs/python.md>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec", dont_inherit=True), names)  # noqa: S102 - the page is ours


def test_the_blocks_run_and_print_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {"__name__": "page"}
    printed: str | None = None
    for number, (language, text) in enumerate(blocks()):
        if language == "python":
            with redirect_stdout(io.StringIO()) as out:
                run(text, names, number)
            printed = out.getvalue()
        elif language == "text":
            assert printed == text, f"block {number} prints\n{printed}"


def test_the_policy_of_the_page_is_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {"__name__": "page"}
    text = next(text for language, text in blocks() if language == "python" and "class TitForTat" in text)
    run(text, names)
    program = shipped("border-clash")
    told, example = (
        sim.Model(program, 50, seed=3, policies=[policy]).play().state.hashes()
        for policy in (names["TitForTat"], TitForTat)
    )
    assert told == example


def test_the_example_keeps_its_promise() -> None:
    sim.check_policies(
        shipped("border-clash"),
        [
            TitForTat,
        ],
    )


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    commands = next(text for language, text in blocks() if language == "sh").splitlines()
    assert len(commands) == 3
    for command in commands:
        result = foedus(*command.split()[1:])
        assert result.exit_code == 0, result.output
        assert "tit_for_tat" in result.output or command.split()[1] == "batch"


def test_every_public_name_of_the_seam_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for name in ("Policy", "View", "Utilities", "Chosen", "Rate", "Fires", "check_policies", "load_policies"):
        assert f"{name}" in page
    parts = {name for name in dir(sim.View) if not name.startswith("_")} - {"close"}
    missing = {name for name in parts if f".{name}" not in page}
    assert missing == set()
