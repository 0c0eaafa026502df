"""The command in processes of its own: terminals, pipes, interruptions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import ESCAPE, ROOT, foedus, has_loaded, interrupted, on_a_terminal, process
from tests.story.quarrel import QUARREL


def test_no_escape_codes_without_a_terminal(here: Path) -> None:
    for arguments in (
        ("run", "good.yaml"),
        ("batch", "good.yaml", "--runs", "9"),
        ("validate", "broken.yaml"),
    ):
        done = process(*arguments, cwd=here, TERM="xterm-256color")
        assert ESCAPE not in done.stdout + done.stderr


def test_a_terminal_gets_colours_unless_it_wants_none(here: Path) -> None:
    arguments = ("run", "good.yaml", "--turns", "2")
    code, colourful = on_a_terminal(*arguments, cwd=here)
    assert code == 0
    assert f"{ESCAPE}[1m" in colourful
    code, plain = on_a_terminal(*arguments, cwd=here, NO_COLOR="1")
    assert code == 0
    assert ESCAPE not in plain
    assert re.sub(rf"{ESCAPE}\[\d*m", "", colourful).split() == plain.split()


def test_a_batch_on_a_terminal_shows_a_bar_unless_it_wants_none(here: Path) -> None:
    arguments = ("batch", "good.yaml", "--runs", "600", "--force")
    code, lively = on_a_terminal(*arguments, cwd=here)
    assert code == 0
    assert "━" in lively
    assert "/600" in lively
    code, plain = on_a_terminal(*arguments, cwd=here, NO_COLOR="1")
    assert code == 0
    assert ESCAPE not in plain
    assert "/600" not in plain


def test_long_sentences_are_wrapped_on_a_terminal_and_kept_whole_elsewhere(here: Path) -> None:
    arguments = ("run", "good.yaml", "--seed", "11")
    whole = foedus(*arguments).stdout
    assert max(map(len, whole.splitlines())) > 60
    _, wrapped = on_a_terminal(*arguments, cwd=here)
    shown = re.sub(rf"{ESCAPE}\[\d*m", "", wrapped)
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 60
    assert shown.split() == whole.split()


def test_explanations_are_wrapped_on_a_terminal_with_what_reads_on_set_in(here: Path) -> None:
    arguments = ("explain", "good.yaml", "--seed", "11", "--turn", "2", "--verbose")
    whole = foedus(*arguments).stdout
    long = [line for line in whole.splitlines() if len(line) > 60]
    assert long
    _, shown = on_a_terminal(*arguments, cwd=here)
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 60
    assert shown.split() == whole.split()
    first = next(place for place, line in enumerate(lines) if long[0].startswith(line) and line)
    indent = len(long[0]) - len(long[0].lstrip())
    assert lines[first + 1].startswith(" " * (indent + 4))


def test_a_reader_that_leaves_early_is_no_trouble(here: Path) -> None:
    long = QUARREL.replace("turn: month, turns: 12", "turn: day, turns: 900").replace("month", "quarter")
    (here / "long.yaml").write_text(long.replace("every: week", "every: quarter"), "utf-8")
    command = f'"{sys.executable}" -m sim.cli run long.yaml --verbose | head -n 1'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "A quarrel: seed 0, run 0\n"
    assert done.stderr == ""
    assert done.returncode == 141


def test_output_that_cannot_be_written_is_explained(here: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim.cli", "run", "good.yaml"],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "foedus: the output cannot be written: no space left on device\n"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_ends_a_batch_with_a_line_and_writes_nothing(here: Path, workers: str) -> None:
    done = interrupted(
        *("batch", "good.yaml", "--runs", "10000000", "--workers", workers, "--out", "kept"),
        cwd=here,
        at_play=has_loaded("polars"),
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "foedus: interrupted\n")
    assert not list(here.glob("*kept*"))


@pytest.mark.parametrize("command", [("run",), ("batch", "--runs", "4")])
def test_a_terminal_without_accents_is_no_trouble(here: Path, command: tuple[str, ...]) -> None:
    text = QUARREL.replace("name: Eastland", "name: Éire").replace("Westland panics", "Pânico")
    (here / "accents.yaml").write_text(text, "utf-8")
    done = process(*command, "accents.yaml", cwd=here, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


def test_play_needs_a_terminal(here: Path) -> None:
    done = process("play", "good.yaml", cwd=here)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "foedus: play needs a terminal; foedus run tells a run as text\n"


def test_play_on_a_terminal_explains_a_broken_scenario(here: Path) -> None:
    code, said = on_a_terminal("play", "broken.yaml", cwd=here)
    assert code == 1
    assert re.match(r"broken\.yaml:\d+:\d+: ", said)
