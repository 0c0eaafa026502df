"""Shells are given a script, and the script's questions are answered: commands, files, actors, decisions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from tests.cli.command import ROOT
from tests.domain.test_doctrines import SCENARIO
from tests.worlds import text_of

SCRIPTS = {
    "bash": "complete -o default -F _foedus_completion foedus",
    "zsh": "compdef _foedus_completion foedus",
    "fish": "complete --command foedus --no-files",
    "powershell": "Register-ArgumentCompleter -Native -CommandName foedus",
    "pwsh": "Register-ArgumentCompleter -Native -CommandName foedus",
}


def asked(here: Path, **environment: str) -> str:
    """What the command answers to a shell."""
    done = subprocess.run(
        [sys.executable, "-c", "from sim.cli import main; main()"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done.stdout


def words(line: str, shell: str) -> dict[str, str]:
    """A line as a shell hands it over; the last word is the one that was begun."""
    if shell == "bash":
        return {
            "_FOEDUS_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(line.count(" ")),
        }
    more = {"fish": {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}}.get(shell, {})
    begun = {"_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2]}
    return {"_FOEDUS_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, **more, **begun}


def offered(here: Path, line: str) -> list[str]:
    """What bash is answered, by this process: that one of its own answers alike is shown for every shell."""
    assert Path.cwd() == here
    done = CliRunner().invoke(app, prog_name="foedus", env=words(line, "bash"))
    assert done.exit_code == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_every_shell_gets_its_script(shell: str, here: Path) -> None:
    script = asked(here, _FOEDUS_COMPLETE=f"source_{shell}")
    assert SCRIPTS[shell] in script
    assert "_FOEDUS_COMPLETE" in script


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_command_that_was_begun_is_completed_in_every_shell(shell: str, here: Path) -> None:
    answer = asked(here, **words("foedus val", shell))
    assert "validate" in answer
    assert "explain" not in answer


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed_for_the_shell_one_is_in(shell: str, tmp_path: Path) -> None:
    """Typer finds the shell among the processes above: here one of that name."""
    parent = tmp_path / shell
    parent.symlink_to(sys.executable)
    script = (
        "import subprocess, sys; command = [sys.argv[1], '-c', 'from sim.cli import main; main()']; "
        "sys.exit(subprocess.run([*command, '--install-completion']).returncode)"
    )
    done = subprocess.run(
        [str(parent), "-c", script, sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"{shell} completion installed in" in done.stdout
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*foedus*") if path.is_file()]
    assert any(SCRIPTS[shell] in text for text in written)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_itself_completes_with_the_script(here: Path) -> None:
    (here / "foedus").write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from sim.cli import main; main()' \"$@\"\n"
    )
    (here / "foedus").chmod(0o755)
    lines = (
        'eval "$(_FOEDUS_COMPLETE=source_bash foedus)"; '
        "COMP_WORDS=(foedus validate go); COMP_CWORD=2; _foedus_completion foedus; "
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", lines],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["good.yaml"]


def test_scenario_files_are_offered_and_parts_of_them_only_to_be_formatted(here: Path) -> None:
    (here / "parts").mkdir()
    (here / "parts" / "actors.yaml").write_text("actors: {}\n", "utf-8")
    (here / "parts" / "whole.yaml").write_text("# first\nfoedus: 1\n", "utf-8")
    (here / "notes.txt").write_text("foedus: 1\n", "utf-8")
    assert offered(here, "foedus run ") == ["broken.yaml", "clean.yaml", "good.yaml", "stuck.yaml"]
    assert offered(here, "foedus validate clean.yaml g") == ["good.yaml"]
    assert offered(here, "foedus run parts/") == ["parts/whole.yaml"]
    assert offered(here, "foedus diff pa") == ["parts/whole.yaml"]
    assert offered(here, "foedus fmt parts/") == ["parts/actors.yaml", "parts/whole.yaml"]
    assert offered(here, "foedus run nowhere/") == []


def test_batches_are_offered_to_report_on(here: Path) -> None:
    (here / "runs" / "first").mkdir(parents=True)
    (here / "runs" / "first" / "manifest.json").write_text("{}")
    (here / "runs" / "other").mkdir()
    assert offered(here, "foedus report ru") == ["runs/first"]


def test_actors_and_their_decisions_are_offered(here: Path) -> None:
    assert offered(here, "foedus explain good.yaml --actor ") == ["EAST", "WEST", "world", "injects"]
    assert offered(here, "foedus explain good.yaml --turn 2 --actor W") == ["WEST"]
    assert offered(here, "foedus explain good.yaml --actor WEST --decision ") == ["answer", "speak"]
    assert offered(here, "foedus explain good.yaml --decision s") == ["shock", "speak", "storm"]
    assert offered(here, "foedus explain good.yaml --actor injects --decision ") == ["storm", "vote"]
    assert offered(here, "foedus explain nowhere.yaml --actor ") == []


def test_doctrines_are_offered_for_every_command_that_plays(here: Path) -> None:
    (here / "doctrines.yaml").write_text(text_of(SCENARIO), "utf-8")
    every = ["RUS=patient", "RUS=spoiler", "RUS=trader"]
    for command in ("run", "batch", "play", "explain", "validate"):
        assert offered(here, f"foedus {command} doctrines.yaml --doctrine ") == every
    assert offered(here, "foedus run doctrines.yaml --doctrine RUS=s") == ["RUS=spoiler"]
    assert offered(here, "foedus run good.yaml --doctrine ") == []


def test_options_are_completed(here: Path) -> None:
    assert offered(here, "foedus validate --st") == ["--strict"]
