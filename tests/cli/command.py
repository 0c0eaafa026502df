"""The command as the tests call it: in this process, in one of its own, and on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from sim.cli import app
from tests.story.quarrel import QUARREL

ROOT = Path(__file__).resolve().parents[2]
CLEAN = (ROOT / "scenarios" / "first-steps.yaml").read_text("utf-8")
BROKEN = QUARREL.replace(
    "chance: {per: year, rate: 6*temper}", "chanse: {per: year, rate: 6*temper}"
).replace("temperature: 1\n", "temprature: 1\n")
STUCK = QUARREL.replace("{title: Oil, unit: dollars, value: price}", "{title: Oil, value: 1/(elapsed < 0.2)}")
ESCAPE = "\x1b"


def foedus(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="foedus")


def document(result: Result) -> dict[str, Any]:
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def on_a_terminal(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """Exit code and everything that a terminal of 60 columns is sent."""
    parent, child = pty.openpty()
    termios.tcsetwinsize(parent, (40, 60))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    running = subprocess.Popen(
        [sys.executable, "-m", "sim.cli", *arguments],
        cwd=cwd,
        env={**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment},
        stdin=child,
        stdout=child,
        stderr=child,
    )
    os.close(child)
    said = b""
    while True:
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(parent)
    return running.wait(timeout=120), said.decode()
