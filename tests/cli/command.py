"""The command as the tests call it: in this process, in one of its own, and on a terminal."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
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


def interrupted(
    *arguments: str, cwd: Path, at_play: Callable[[int], bool]
) -> subprocess.CompletedProcess[str]:
    """What a command says and ends with if Ctrl-C comes, once `at_play` is true of its process id."""
    command = [sys.executable, "-m", "sim.cli", *arguments]
    running = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heeding_interrupts,  # noqa: PLW1509 - nothing else can be done about it from here
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None and not at_play(running.pid):
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)  # to every process of the terminal
    try:
        # The pipes end only when the last process that holds them has ended.
        stdout, stderr = running.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)  # whatever was found: nothing plays on for ever
    return subprocess.CompletedProcess(command, running.returncode, stdout, stderr)


def _heeding_interrupts() -> None:
    """A shell has what it runs in the background ignore them, and children take that over."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def has_loaded(library: str) -> Callable[[int], bool]:
    """Whether a process has come as far as loading a library."""

    def loaded(pid: int) -> bool:
        maps = Path(f"/proc/{pid}/maps")
        return not maps.exists() or library in maps.read_text("utf-8")

    return loaded


def has_workers(pid: int) -> bool:
    """Whether a process has started workers, which play."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    workers = children.read_text("utf-8").split() if children.exists() else []
    return any(map(has_loaded("_multiarray_umath"), map(int, workers)))


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
